"""`./test` counts what really happened: planted C++ and Python outcomes, and its refusal to be content with nothing."""
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import run_tests  # noqa: E402

JUNIT = """<testsuite name="x" tests="5" failures="1" disabled="1" skipped="2">
<testcase name="good" status="run"><system-out/></testcase>
<testcase name="bad" status="fail"><failure message="Failed"/><system-out/></testcase>
<testcase name="left out" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/><system-out>
[ RUN      ] a.b
/x/y_test.cc:7: Skipped
needs the big
machine

[  SKIPPED ] a.b (0 ms)</system-out></testcase>
<testcase name="off" status="disabled"><skipped message="Disabled"/></testcase>
<testcase name="no executable" status="notrun"><skipped message="Unable to find executable"/></testcase>
</testsuite>"""

PYTHON = """import unittest
class A(unittest.TestCase):
    def test_good(self): pass
    def test_bad(self): self.fail("planted")
    def test_error(self): raise ValueError("planted")
    @unittest.skip("no wind today")
    def test_skipped(self): pass
    def test_twice(self):
        for i in range(2):
            with self.subTest(i): self.fail("planted")
"""


class Counting(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_file(self, text, pattern=""):
        path, report = self.folder / "test_planted.py", self.folder / "report.json"
        path.write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, "-B", str(ROOT / "tools/run_python_file.py"), str(path), "planted.py",
                               str(report), pattern], capture_output=True, stdin=subprocess.DEVNULL)
        return done.returncode, json.loads(report.read_text(encoding="utf-8"))

    def test_counts_ctest_cases_by_outcome(self):
        tally = run_tests.Tally()
        run_tests.count_junit(JUNIT, tally)
        self.assertEqual(tally.passed, 1)
        self.assertEqual(tally.failed, ["bad", "no executable"])
        self.assertEqual(tally.skipped, [("left out", "needs the big machine"), ("off", "disabled in the source")])

    def test_counts_python_cases_by_outcome(self):
        code, counts = self.run_file(PYTHON)
        self.assertEqual((code, counts["passed"], len(counts["failed"])), (1, 1, 3))
        self.assertEqual(counts["skipped"], [["planted.py: test_planted.A.test_skipped", "no wind today"]])

    def test_runs_only_what_matches(self):
        code, counts = self.run_file(PYTHON, "test_good$")
        self.assertEqual((code, counts), (0, {"passed": 1, "failed": [], "skipped": []}))

    def test_counts_a_file_that_cannot_be_loaded_as_a_failure(self):
        for text in ["import no_such_module", "def broken(:", "import sys; sys.exit(0)"]:
            with self.subTest(text):
                code, counts = self.run_file(text)
                self.assertEqual((code, counts["failed"]), (1, ["planted.py: cannot be loaded"]))

    def test_counts_a_failing_class_set_up_as_a_failure(self):
        code, counts = self.run_file("import unittest\nclass A(unittest.TestCase):\n    @classmethod\n"
                                     "    def setUpClass(cls): raise ValueError()\n    def test_a(self): pass\n")
        self.assertEqual((code, counts["passed"], len(counts["failed"])), (1, 0, 1))

    def test_is_content_only_when_something_passed_and_nothing_failed(self):
        tally = run_tests.Tally()
        self.assertEqual((tally.line(), tally.exit_code()), ("0 passed, 0 failed", 1))
        tally.passed = 3
        self.assertEqual((tally.line(), tally.exit_code()), ("3 passed, 0 failed", 0))
        tally.skipped.append(("a", "b"))
        self.assertEqual((tally.line(), tally.exit_code()), ("3 passed, 0 failed, 1 skipped", 0))
        tally.failed.append("c")
        self.assertEqual((tally.line(), tally.exit_code()), ("3 passed, 1 failed, 1 skipped", 1))


class WholeRun(unittest.TestCase):
    """tools/run_tests.py in a small tree, with a build folder that has no C++ test."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        (self.root / "tests").mkdir()
        (self.root / "build").mkdir()
        shutil.copytree(ROOT / "tools", self.root / "tools", ignore=shutil.ignore_patterns("__pycache__"))

    def run_all(self, *options):
        done = subprocess.run([sys.executable, "-B", "tools/run_tests.py", "--build", "build", *options], cwd=self.root,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout

    def plant(self, name, text):
        (self.root / "tests" / name).write_text(text, encoding="utf-8")

    def test_fails_when_nothing_ran(self):
        code, output = self.run_all("--only", "nothing_is_called_so")
        self.assertEqual((code, output.splitlines()[-1]), (1, "0 passed, 0 failed"))

    def test_ends_with_the_counts_and_prints_why_something_was_skipped(self):
        self.plant("test_a.py", PYTHON)
        code, output = self.run_all("--only", "test_a.py")
        self.assertEqual((code, output.splitlines()[-1]), (1, "1 passed, 3 failed, 1 skipped"))
        self.assertIn("skipped: tests/test_a.py: test_a.A.test_skipped: no wind today", output)

    def test_counts_a_file_that_kills_its_own_process_as_a_failure(self):
        self.plant("test_a.py", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
        self.plant("test_b.py", "import unittest\nclass B(unittest.TestCase):\n    def test_b(self): pass\n")
        code, output = self.run_all("--only", "test_")
        self.assertEqual((code, output.splitlines()[-1]), (1, "1 passed, 1 failed"))


class CommandLine(unittest.TestCase):
    def call(self, *command):
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def test_both_commands_explain_themselves(self):
        self.assertIn("--once", self.call("./run", "--help").stdout)
        self.assertIn("--only PATTERN", self.call("./test", "--help").stdout)

    def test_both_commands_refuse_unknown_options_before_doing_anything(self):
        for command in ["./run", "./test"]:
            done = self.call(command, "--quickly")
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("unknown option: --quickly", done.stderr)

    def test_only_wants_a_pattern(self):
        self.assertEqual(self.call("./test", "--only").returncode, 2)


if __name__ == "__main__":
    unittest.main()
