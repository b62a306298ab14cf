"""A year of real rides, from the partner's converter to an audited ledger and a verified certificate.

The figures below are the outcome of the year. `expected.py` finds them from the raw files by other means."""
import json
import subprocess
import sys
import unittest
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/cli"))
from programme import METHODOLOGY, Programme, folder_of  # noqa: E402

RAW = ROOT.parent / "shared/data/bike-mibici-2015"
SCENARIO = "mibici-ride"
YEAR = {
    "accepted": 394_139,
    "check_failed.distance_too_short": 52_199,
    "check_failed.distance_too_long": 0,
    "check_failed.duration_too_short": 1_732,
    "check_failed.duration_too_long": 121,
    "check_failed.speed_too_low": 19_445,
    "check_failed.speed_too_high": 1_650,
    "overlap": 536,
    "cap_day": 49,
}
TRIPS = 469_871
SEALED = YEAR["accepted"] + YEAR["overlap"] + YEAR["cap_day"]
REDUCTION_MG = 28_109_745_361
POINTS = 267_899
FREE_MG = 198_179_253
LAST_DAY = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}


def when_all_is_over(month):
    """Late enough for the longest trip that began in the month, some weeks, to have ended."""
    month += 2
    return f"{2025 + (month - 1) // 12}-{(month - 1) % 12 + 1:02}-12T06:00:00+08:00"


@unittest.skipUnless(RAW.is_dir(), f"the raw data are not beside the project: {RAW}")
class Year(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.expected = json.loads((ROOT / "tests/year/expected.json").read_text())

    def run_script(self, script, *arguments):
        return subprocess.run([sys.executable, "-B", str(ROOT / script), *map(str, arguments)], check=True,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout

    def test_an_independent_script_finds_the_same_figures(self):
        found = json.loads(self.run_script("tests/year/expected.py", RAW))
        self.assertEqual(self.expected, found)
        total = found["total"]
        self.assertEqual(YEAR, {outcome: total["outcomes"][outcome] for outcome in YEAR})
        self.assertEqual((TRIPS, REDUCTION_MG, POINTS), (total["trips"], total["reduction_mg"], total["points"]))
        self.assertEqual(FREE_MG, sum(month["free_mg"] for month in found["months"].values()))

    def test_the_year_goes_the_whole_way(self):
        folder = folder_of(self)
        self.run_script("examples/partners/mibici/convert.py", RAW, folder / "mibici")
        programme = Programme(folder)
        programme.found(SCENARIO, folder / "mibici/consents.csv", as_of="2025-01-01T00:00:01+08:00",
                        lateness_days=75)
        outcomes = Counter()
        for month in range(1, 13):
            with self.subTest(month=month):
                outcomes += self.month(programme, folder, month)
        self.assertEqual({outcome: count for outcome, count in YEAR.items() if count}, dict(outcomes))
        self.nothing_is_lost(programme)
        self.packed_and_without_evidence(programme)
        self.orders_gifts_and_the_end(programme, folder)

    def month(self, programme, folder, month):
        """One month: in, sealed, issued. Returns the outcomes of its records."""
        now, last = when_all_is_over(month), f"2025-{month:02}-{LAST_DAY[month]}"
        taken = programme.report("ingest", "--scenario", SCENARIO, folder / f"mibici/records/2025-{month:02}.ndjson.gz",
                                 as_of=now, code=4)
        sealed = programme.report("seal", "--scenario", SCENARIO, "--until", last, as_of=now)
        batch = programme.issue(SCENARIO, f"2025-{month:02}-01", last, now)
        counts = Counter(taken["counts"])
        self.assertEqual(counts.pop("received"), sum(sealed["counts"].values()))
        counts += Counter(sealed["counts"])
        wanted = self.expected["months"][f"2025-{month:02}"]
        self.assertEqual(+Counter(wanted["outcomes"]), counts)
        issued, persons = programme.rows(f"SELECT issued_mg, persons FROM batches WHERE batch_id = {batch}")[0]
        self.assertEqual((wanted["reduction_mg"], wanted["persons"]), (issued, persons))
        return counts

    def nothing_is_lost(self, programme):
        """Records, postings and accounts agree to the milligram."""
        self.assertEqual(REDUCTION_MG, programme.value("SELECT sum(reduction_mg) FROM sealed_acts"))
        self.assertEqual(REDUCTION_MG, programme.value("SELECT sum(issued_mg) FROM batches"))
        self.assertEqual((REDUCTION_MG, POINTS, FREE_MG), programme.rows(
            "SELECT sum(backing_mg + free_mg), sum(points_available), sum(free_mg) FROM accounts")[0])
        self.assertIn("all invariants hold", programme.run("audit", as_of=when_all_is_over(12)))
        tried = json.loads(programme.run("methodology", "dry-run", ROOT / "methodologies" / METHODOLOGY, "--json"))
        self.assertEqual([(0, 0, 0, [], REDUCTION_MG)], [
            (each["accepted_difference"], each["persons_affected"], each["not_derivable"], each["changes"],
             int(each["reduction_after_kg"].replace(".", ""))) for each in tried["scenarios"]])

    def packed_and_without_evidence(self, programme):
        """What is shown of a person stays; the audit at the end reads the packed acts."""
        now = when_all_is_over(12)
        persons = [row[0] for row in programme.rows("SELECT account_id FROM accounts ORDER BY account_id LIMIT 3")]
        shown = [programme.run("acts", "--account", person, as_of=now) for person in persons]
        self.assertIn(f"packed 365 rounds, {SEALED:,} acts", programme.run("pack", as_of=now))
        packed, size = programme.rows("SELECT sum(row_count), sum(length(bytes)) FROM act_segments")[0]
        self.assertEqual((0, SEALED), (programme.value("SELECT count(*) FROM sealed_acts"), packed))
        self.assertLess(size, 80 * packed)
        programme.run("evidence", "delete", "--scenario", SCENARIO, "--before", "2026-01-01", as_of=now)
        self.assertEqual(0, programme.value("SELECT count(*) FROM arrived_runs"))
        self.assertEqual(shown, [programme.run("acts", "--account", person, as_of=now) for person in persons])

    def orders_gifts_and_the_end(self, programme, folder):
        now = "2026-03-01T10:00:00+08:00"
        programme.run("provider", "record", "--name", "Metro", "--from", "2026-01-01", "--until", "2026-12-31", as_of=now)
        programme.run("offer", "record", "--provider", "Metro", "--title-zh", "日票", "--title-en", "day ticket", "--price",
                      "30", "--stock", "1000", as_of=now)
        rich = [row[0] for row in programme.rows(
            "SELECT account_id FROM accounts WHERE points_available >= 400 ORDER BY account_id LIMIT 12")]
        for account in rich:
            programme.run("order", "--account", account, "--offer", "1", "--pieces", "3", as_of=now)
        programme.run("order", "--account", rich[0], "--offer", "1", "--pieces", "999", as_of=now, code=1)
        first, second = (row[0] for row in programme.rows("SELECT order_id FROM orders ORDER BY 1 LIMIT 2"))
        programme.run("refund", first, "--by-person", as_of=now)
        programme.run("complete", second, as_of=now, code=1)  # the after-sales window is open
        later = "2026-04-01T10:00:00+08:00"
        self.assertIn("11 orders are completed", programme.run("complete", "--due", as_of=later))
        self.assertIn("11 orders settled", programme.run("settle", "--provider", "Metro", as_of=later))
        programme.run("event", "record", "--event", "marathon", "--title-zh", "马拉松", "--title-en", "marathon", "--organiser",
                      "City", "--held-on", "2026-05-20", as_of=later)
        certificate = folder / "certificate.json"
        programme.run("donate", "--account", rich[1], "--event", "marathon", "--amount-kg", "12.345678", "--certificate",
                      certificate, as_of=later)
        key = f"{programme.db}.log-key.pub"
        self.assertIn("valid", Programme(folder, "nothing").run("verify", certificate, "--key", key))
        end = "2030-01-01T00:00:00+08:00"
        programme.run("expire", as_of=end)
        self.assertEqual((0, 0), programme.rows("SELECT sum(points_available), sum(backing_mg) FROM accounts")[0])
        self.assertGreaterEqual(programme.value("SELECT sum(free_mg) FROM accounts"), FREE_MG)
        self.assertIn("0 accounts", programme.run("expire", as_of=end))
        self.assertIn("all invariants hold", programme.run("audit", as_of=end))


if __name__ == "__main__":
    unittest.main()
