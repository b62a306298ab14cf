"""Hostile text: libFuzzer against the formula language and the methodology files, with address and undefined behaviour
sanitizers. A minute together; TANPUHUI_FULL=1 takes ten. What it finds goes into tests/fuzz/corpus and stays."""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMPILER = next((found for name in ("clang++-16", "clang++-17", "clang++-14", "clang++") if (found := shutil.which(name))), None)
SECONDS = 300 if os.environ.get("TANPUHUI_FULL") else 30
FLAGS = ["-std=c++20", "-O1", "-g1", "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all", "-DNDEBUG",
         f"-I{ROOT / 'src'}"]


@unittest.skipUnless(COMPILER, "clang is not installed, and only clang has libFuzzer")
class Fuzz(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tanpuhui-fuzz-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def objects(self, folders):
        """Two compilers at a time."""
        sources = [path for folder in folders for path in sorted((ROOT / "src" / folder).glob("*.cc"))]
        waiting, running, objects = list(sources), [], []
        while waiting or running:
            while waiting and len(running) < 2:
                source = waiting.pop()
                objects.append(self.folder / f"{source.parent.name}-{source.stem}.o")
                toml = subprocess.run(["pkg-config", "--cflags", "tomlplusplus"], capture_output=True, text=True).stdout
                running.append(subprocess.Popen([COMPILER, *FLAGS, *toml.split(), "-c", source, "-o", objects[-1]]))
            self.assertEqual(0, running.pop(0).wait())
        return objects

    def fuzz(self, target, folders, seeds, max_length):
        binary, corpus = self.folder / target, self.folder / "corpus"
        subprocess.run([COMPILER, *FLAGS, ROOT / f"tests/fuzz/{target}.cc", *self.objects(folders), "-lfmt",
                        "-ltomlplusplus", "-o", binary], check=True)
        corpus.mkdir()
        for number, seed in enumerate(seeds):
            (corpus / str(number)).write_bytes(seed)
        kept = ROOT / f"tests/fuzz/corpus/{target}"
        for path in kept.glob("*") if kept.is_dir() else []:
            shutil.copy(path, corpus)
        done = subprocess.run([binary, f"-max_total_time={SECONDS}", f"-max_len={max_length}", "-timeout=20", "-seed=1",
                               "-print_final_stats=1", corpus], cwd=self.folder, capture_output=True, text=True,
                              errors="replace", stdin=subprocess.DEVNULL)
        tail = done.stderr[-3000:]
        self.assertEqual(0, done.returncode, tail)
        print(next((line for line in tail.splitlines() if "executed_units" in line), tail[-200:]))

    def test_formulas(self):
        texts = [line.split('"')[1] for path in sorted(ROOT.glob("methodologies/*/*/methodology.toml"))
                 for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("expression = \"")]
        self.fuzz("formula_fuzz", ["expr", "base"], [text.encode() for text in texts], 4200)

    def test_methodology_files(self):
        seeds = [path.read_bytes() for path in sorted(ROOT.glob("methodologies/*/*/methodology.toml"))]
        self.fuzz("methodology_fuzz", ["methodology", "expr", "toml", "base"], seeds, 20000)


if __name__ == "__main__":
    unittest.main()
