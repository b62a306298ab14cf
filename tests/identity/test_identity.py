"""One formula, one result: to the bit, whatever compiler built the engine, whatever it was optimised to, and however
many records are computed at a time. `results_digest` goes over every methodology, all its periods, and formulas at the
limits of 64 and 128 bits."""
import os
import subprocess
import sys
import unittest
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/fuzz"))
import clang  # noqa: E402

BUILT = Path(os.environ.get("TANPUHUI_BUILD", ROOT / "build/test")) / "tests/identity"
LIBRARY = {f"{path.parent.parent.name}/{path.parent.name}" for path in ROOT.glob("methodologies/*/v*/methodology.toml")}


def digests(program):
    """By what was computed: `metro-shenzhen/v1 results, 7 at a time` -> digest."""
    done = subprocess.run([program, ROOT / "methodologies"], capture_output=True, text=True, encoding="utf-8",
                          stdin=subprocess.DEVNULL)
    if done.returncode:
        raise AssertionError(f"{program}: {done.returncode}\n{done.stderr[-3000:]}")
    return dict(line.rsplit(": ", 1) for line in done.stdout.splitlines())


class Identity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.found = digests(BUILT / "results_digest")

    def test_every_methodology_and_formula_gives_the_same_for_every_batch_size(self):
        results = defaultdict(set)
        sizes = defaultdict(int)
        for what, digest in self.found.items():
            name, is_result, _ = what.partition(" results, ")
            if is_result:
                results[name].add(digest)
                sizes[name] += 1
        self.assertEqual({}, {name: found for name, found in results.items() if len(found) > 1})
        self.assertEqual(LIBRARY, {name for name, count in sizes.items() if count == 8})
        self.assertGreaterEqual(sum(count == 3 for count in sizes.values()), 39)

    def test_different_methodologies_have_different_digests(self):
        canonical = [digest for what, digest in self.found.items() if what.endswith(" canonical form")]
        self.assertEqual((len(LIBRARY), len(LIBRARY)), (len(canonical), len(set(canonical))))
        results = {digest for what, digest in self.found.items() if what.endswith(" results, by themselves")}
        self.assertGreater(len(results), 50)

    def test_optimised_to_the_end_it_gives_the_same(self):
        self.assertEqual(self.found, digests(BUILT / "results_digest_optimised"))

    @unittest.skipUnless(clang.COMPILER, clang.MISSING)
    def test_built_by_clang_it_gives_the_same(self):
        self.assertEqual(self.found, digests(clang.build() / "identity/results_digest"))


if __name__ == "__main__":
    unittest.main()
