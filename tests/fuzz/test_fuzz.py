"""Hostile text: libFuzzer against the formula language and the methodology files, with address and undefined behaviour
sanitizers. A minute together; TANPUHUI_FULL=1 takes ten a target. What a longer run found is kept, smallest text for
each path through the code, in tests/fuzz/corpus/<target>; to add to it from a folder NEW of findings:

    build/fuzz/tests/fuzz/formula_fuzz -merge=1 tests/fuzz/corpus/formula_fuzz NEW
"""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import clang
from clang import ROOT

RUNS_ALONE = "uses both cores"

SECONDS = 600 if os.environ.get("TANPUHUI_FULL") else 30


@unittest.skipUnless(clang.COMPILER, clang.MISSING)
class Fuzz(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.programs = clang.build() / "fuzz"

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tanpuhui-fuzz-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def fuzz(self, target, seeds, max_length):
        corpus = self.folder / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(seeds):
            (corpus / str(number)).write_bytes(seed)
        kept = list((ROOT / "tests/fuzz/corpus" / target).iterdir())
        self.assertGreater(len(kept), 50)
        for path in kept:
            shutil.copy(path, corpus)
        done = subprocess.run([self.programs / target, f"-max_total_time={SECONDS}", f"-max_len={max_length}", "-timeout=20",
                               "-seed=1", "-print_final_stats=1", corpus], cwd=self.folder, capture_output=True, text=True,
                              errors="replace", stdin=subprocess.DEVNULL)
        tail = done.stderr[-3000:]
        self.assertEqual(0, done.returncode, tail)
        print(next((line for line in tail.splitlines() if "executed_units" in line), tail[-200:]))

    def test_formulas(self):
        texts = [line.split('"')[1] for path in sorted(ROOT.glob("methodologies/*/*/methodology.toml"))
                 for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("expression = \"")]
        self.fuzz("formula_fuzz", [text.encode() for text in texts], 4200)

    def test_methodology_files(self):
        seeds = [path.read_bytes() for path in sorted(ROOT.glob("methodologies/*/*/methodology.toml"))]
        self.fuzz("methodology_fuzz", seeds, 20000)


if __name__ == "__main__":
    unittest.main()
