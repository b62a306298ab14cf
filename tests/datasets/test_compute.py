"""The five sets of real data by the methodologies of the library: what `tanpuhui methodology compute` makes of the
records that the partners' converters write. Counts and totals stand here, and are those of the independent scripts."""
import json
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from partner import DATA, ROOT, run, stored  # noqa: E402
from programme import Programme  # noqa: E402

RAW = {"mibici": "bike-mibici-2015", "valleybike": "bike-valleybike-gps-2018-07", "dundee-ev": "ev-dundee-2018q3",
       "konstanz-home": "home-pv-ev-konstanz-r4", "shenzhentong": "transit-shenzhentong-2018-09-01"}


@unittest.skipUnless(all((DATA / raw).is_dir() for raw in RAW.values()), f"the raw data are not all in {DATA}")
class Compute(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tanpuhui-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        with ThreadPoolExecutor(2) as converters:  # the longest one first
            answers = list(converters.map(cls.convert, RAW))
        if any(answer.returncode for answer in answers):
            raise AssertionError(answers)

    @classmethod
    def convert(cls, partner):
        return run(f"examples/partners/{partner}/convert.py", DATA / RAW[partner], cls.folder / partner)

    def compute(self, partner, scenario, methodology):
        """What is computed over all records of a scenario: counts, and the total in milligrams."""
        records = self.folder / f"{scenario}.ndjson.gz"
        with records.open("wb") as file:  # packed files one after another are a packed file
            for path in sorted((self.folder / partner / "records").glob(f"{scenario}*.gz")):
                file.write(path.read_bytes())
        programme = Programme(self.folder)
        report = programme.report("methodology", "compute", ROOT / "methodologies" / methodology, records)
        self.assertFalse(programme.db.exists())
        self.assertEqual((methodology, sum(report["counts"].values())), (report["methodology"], report["lines"]))
        kilograms, milligrams = report["reduction_kg"].split(".")
        self.assertEqual(6, len(milligrams))
        return report["counts"], int(kilograms + milligrams)

    def found_by_the_script(self, expected):
        return {outcome: count for outcome, count in expected["outcomes"].items() if count}, expected["reduction_mg"]

    def test_a_year_of_bike_rides_between_stations(self):
        computed = self.compute("mibici", "2025", "bike-demo/v1")
        self.assertEqual(({
            "accepted": 394_139, "overlap": 536, "cap_day": 49, "check_failed.distance_too_short": 52_199,
            "check_failed.duration_too_short": 1_732, "check_failed.duration_too_long": 121,
            "check_failed.speed_too_low": 19_445, "check_failed.speed_too_high": 1_650}, 28_109_745_361), computed)
        year = json.loads((ROOT / "tests/year/expected.json").read_text())["total"]
        self.assertEqual(self.found_by_the_script(year), computed)

    def test_two_weeks_of_bike_tracks(self):
        computed = self.compute("valleybike", "2025", "bike-demo/v1")
        self.assertEqual(({
            "accepted": 1_138, "overlap": 9, "cap_day": 2, "check_failed.distance_too_short": 974,
            "check_failed.distance_too_long": 120, "check_failed.duration_too_long": 8,
            "check_failed.speed_too_low": 54}, 329_597_769), computed)
        self.assertEqual(self.found_by_the_script(stored("valleybike")), computed)

    def test_a_summer_of_charging(self):
        computed = self.compute("dundee-ev", "2025", "ev-charging/v1")
        self.assertEqual(({
            "accepted": 17_867, "overlap": 124, "cap_day": 53, "out_of_range": 741,
            "check_failed.duration_too_short": 46, "check_failed.duration_too_long": 300}, 114_654_673_016), computed)
        self.assertEqual(self.found_by_the_script(stored("dundee-ev")["total"]), computed)

    def test_sixteen_months_of_photovoltaics(self):
        computed = self.compute("konstanz-home", "konstanz-pv", "pv-distributed/v1")
        self.assertEqual(({"accepted": 477}, 7_279_928_724), computed)
        self.assertEqual(self.found_by_the_script(stored("konstanz-home")["konstanz-pv"]), computed)

    def test_sixteen_months_of_a_household_against_its_own_past(self):
        computed = self.compute("konstanz-home", "konstanz-home", "household-own-mean/v1")
        self.assertEqual(({
            "accepted": 135, "reference_missing": 170,
            "check_failed.reading_interpolated": 172}, 185_543_103), computed)
        self.assertEqual(self.found_by_the_script(stored("konstanz-home")["konstanz-home"]), computed)

    def test_a_morning_of_metro_rides(self):
        computed = self.compute("shenzhentong", "sz-metro", "metro-trip/v1")
        self.assertEqual(({"accepted": 398, "check_failed.duration_too_short": 88}, 205_169_000), computed)
        self.assertEqual(self.found_by_the_script(stored("shenzhentong")["sz-metro"]), computed)


if __name__ == "__main__":
    unittest.main()
