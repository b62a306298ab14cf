"""`tanpuhui bench` on small data, on both engines: every case gives its figures, and nothing is left behind. How fast
anything is, is not asked here: the machine may be busy, and this build may have sanitizers."""
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import programme as support  # noqa: E402
from postgres_server import Server  # noqa: E402

RUNS_ALONE = "measures"

SECONDS = 300  # a guard against hanging: alone on the machine it takes a tenth
# What the issue asks of each case, as its figures are named.
GOALS = {"intake": ["intake without storing / simdjson alone", "the 20th file / the 2nd",
                    "memory for a file four times as long / for one"],
         "pack": ["act packed", "last 20 acts packed, 99 of 100 persons"],
         "redeem": ["512 in a commit / one a transaction"],
         "point_read": ["balance, ten times the entries / at first", "last 20 entries, ten times the entries / at first",
                        "last 20 in clustered days, ten times the entries / at first"],
         "posting": [],
         "expiry": ["seven lots of each account / plain appends"],
         "formula": ["compiled from the file / by hand", "worked calculation of one record"]}
ON_FILES = {"seal": ["intake, seal and batch / plain appends"], "redeem": ["written, 512 in a commit"]}
ON_SERVER = {"seal": [], "redeem": ["512 in a commit / TPC-B"]}


def bench(*arguments, scratch, code=0):
    done = subprocess.run([str(support.BINARY), "--home", str(support.ROOT), "bench", "--scratch", scratch, *arguments],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=SECONDS)
    if done.returncode != code:
        raise AssertionError(f"exit {done.returncode}, wanted {code}\n{done.stdout}{done.stderr}")
    return done.stdout, done.stderr


class Bench(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.scratch = self.folder / "scratch"
        self.scratch.mkdir()

    def server(self):
        server = Server.create()
        self.addCleanup(server.remove)
        return server

    def measure(self, *arguments):
        report = self.folder / "report.json"
        out, _ = bench("--scale", "small", "--json", report, *arguments, scratch=self.scratch)
        self.assertEqual([], list(self.scratch.iterdir()))
        return out, json.loads(report.read_text(encoding="utf-8"))

    def check(self, out, report, more_goals):
        goals = {case: GOALS.get(case, []) + more_goals.get(case, []) for case in {**GOALS, **more_goals}}
        self.assertEqual(set(goals), {case["name"] for case in report["cases"]})
        for case in report["cases"]:
            found = {f["name"] for f in case["figures"] if "goal" in f}
            self.assertEqual(set(goals[case["name"]]), found, case["name"])
            for figure in case["figures"]:
                self.assertGreater(figure["value"], 0, figure)
                self.assertIn(figure["name"], out)
        for name in ("processor", "cores", "memory", "kernel", "one sync", "build"):
            self.assertTrue(report["machine"][name], name)
        self.assertFalse(report["judges"])
        self.assertEqual([], report["missed"])

    def test_measures_every_case_in_files(self):
        out, report = self.measure()
        self.assertIn("SQLite 3", report["run"]["engine"])
        self.check(out, report, ON_FILES)

    def test_measures_every_case_on_a_server_with_two_writers_and_leaves_its_schema_empty(self):
        server = self.server()
        server.psql("CREATE SCHEMA bench")
        out, report = self.measure("--store", server.address("bench"), "--writers", "2")
        self.assertIn("PostgreSQL 1", report["run"]["engine"])
        self.check(out, report, ON_SERVER)
        self.assertEqual("0", server.psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'bench'"))
        self.assertEqual("0", server.psql("SELECT count(*) FROM pg_namespace WHERE nspname = 'tanpuhui_bench'"))

    def test_touches_no_schema_that_holds_tables(self):
        server = self.server()
        server.psql("CREATE SCHEMA mine; CREATE TABLE mine.precious (a int); INSERT INTO mine.precious VALUES (1)")
        _, err = bench("formula", "--store", server.address("mine"), scratch=self.scratch, code=3)
        self.assertIn("this schema holds tables", err)
        self.assertEqual("1", server.psql("SELECT count(*) FROM mine.precious"))

    def test_touches_no_schema_of_the_name_that_it_makes_beside(self):
        server = self.server()
        server.psql("CREATE SCHEMA bench; CREATE SCHEMA tanpuhui_bench; CREATE TABLE tanpuhui_bench.left_behind (a int)")
        _, err = bench("formula", "--store", server.address("bench"), scratch=self.scratch, code=3)
        self.assertIn("DROP SCHEMA tanpuhui_bench CASCADE", err)
        self.assertEqual("0", server.psql("SELECT count(*) FROM tanpuhui_bench.left_behind"))

    def test_refuses_what_it_cannot_measure_and_says_what_to_do(self):
        for arguments, said in [(["--writers", "2"], "a file has one connection that writes"),
                                (["--store", "city.db"], "wants postgresql://"),
                                (["everything"], "everything")]:
            _, err = bench(*arguments, scratch=self.scratch, code=2)
            self.assertIn(said, err)
        _, err = bench("intake", "--records", self.folder, scratch=self.scratch, code=3)
        self.assertIn("holds no consents.csv", err)


class Report(unittest.TestCase):
    """tools/bench_report.py, in a copy of what it reads and writes."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        shutil.copytree(support.ROOT / "bench", self.root / "bench")
        (self.root / "docs").mkdir()
        for chart in support.ROOT.glob("docs/bench-*.svg"):
            shutil.copy(chart, self.root / "docs")

    def report(self, *options):
        script = self.root / "tools/bench_report.py"
        script.parent.mkdir(exist_ok=True)
        shutil.copy(support.ROOT / "tools/bench_report.py", script)
        done = subprocess.run([sys.executable, "-B", str(script), *options], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout

    def test_tables_and_charts_are_what_the_kept_runs_give(self):
        self.assertEqual((0, ""), self.report("--check"))

    def test_a_run_that_is_kept_anew_changes_tables_and_charts(self):
        run = self.root / "bench/runs/sqlite.json"
        kept = json.loads(run.read_text(encoding="utf-8"))
        redeem = next(case for case in kept["cases"] if case["name"] == "redeem")
        for place, figure in enumerate(redeem["figures"], 1):
            figure["value"] *= 1 + 1 / place
        run.write_text(json.dumps(kept), encoding="utf-8")
        code, out = self.report("--check")
        self.assertEqual((1, 3), (code, len(out.splitlines())))
        self.assertEqual(0, self.report()[0])
        self.assertEqual((0, ""), self.report("--check"))


if __name__ == "__main__":
    unittest.main()
