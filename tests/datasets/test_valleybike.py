"""The ValleyBike partner: its converter against an independent count of the same tracks, and on small planted ones."""
import csv
import gzip
import json
import tempfile
import unittest
from collections import Counter
from pathlib import Path

from partner import bytes_in, finish, records_in, start

ROOT = Path(__file__).resolve().parents[2]
RAW = ROOT.parent / "shared/data/bike-valleybike-gps-2018-07"
CONVERT = ROOT / "examples/partners/valleybike/convert.py"
EXPECTED = ROOT / "tests/datasets/valleybike"
RIDER, OTHER_RIDER, TRIP = (f"0000000{n}-aaaa-bbbb-cccc-0123456789ab" for n in (1, 2, 3))
HEADER = "Routes & locations,,,,,,\n,,,,,,\nRoute ID,Bike,Date,Latitude,Longitude,User ID\n"


def refused_in(folder):
    """How often each reason stands in refused.csv, without the facts behind it."""
    with open(folder / "refused.csv", encoding="utf-8", newline="") as file:
        return Counter(row["reason"] for row in csv.DictReader(file))


@unittest.skipUnless(RAW.is_dir(), f"the raw data are not beside the project: {RAW}")
class Tracks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.out = cls.folder / "all"
        running = [start(CONVERT, RAW, cls.out), start(EXPECTED / "expected.py", RAW)]
        results = [finish(process) for process in running]
        if any(code for code, _, _ in results):
            raise AssertionError(results)
        cls.found = json.loads(results[1][1])
        cls.expected = json.loads((EXPECTED / "expected.json").read_text(encoding="utf-8"))

    def test_an_independent_script_finds_the_stored_figures(self):
        self.assertEqual(self.expected, self.found)
        self.assertEqual((999_764, 2_305, 329_597_769),
                         tuple(self.expected[name] for name in ("rows", "records", "reduction_mg")))

    def test_the_converter_writes_the_expected_records_to_the_metre(self):
        records = records_in(self.out)
        self.assertEqual(self.expected["records"], len(records))
        self.assertEqual(self.expected["records"], len({record["record_id"] for record in records}))
        self.assertEqual(self.expected["persons"], len({record["subject"] for record in records}))
        self.assertEqual(self.expected["metres"],
                         sum(int(record["distance_km"].replace(".", "")) for record in records))

    def test_the_converter_refuses_what_is_expected_and_nothing_else(self):
        wanted = {f"point: {reason}": n for reason, n in self.expected["points_left_out"].items() if n}
        wanted |= {f"trip: {reason}": n for reason, n in self.expected["trips_refused"].items() if n}
        found = Counter()
        for reason, n in refused_in(self.out).items():
            found[next((known for known in wanted if reason.startswith(known)), reason)] += n
        self.assertEqual(wanted, dict(found))

    def test_two_conversions_give_the_same_bytes(self):
        """Of the four shortest days, twice; and their records are those of the whole run."""
        some = self.folder / "some"
        some.mkdir()
        for path in sorted(RAW.glob("VB_Routes_Data_*"), key=lambda path: path.stat().st_size)[:4]:
            (some / path.name).symlink_to(path)
        first, second = self.folder / "first", self.folder / "second"
        for process in [start(CONVERT, some, first, seed="1"), start(CONVERT, some, second, seed="2")]:
            self.assertEqual(0, finish(process)[0])
        self.assertEqual(bytes_in(first), bytes_in(second))
        self.assertEqual(6, len(bytes_in(first)))
        self.assertEqual(bytes_in(first / "records"), {
            name: data for name, data in bytes_in(self.out / "records").items() if (first / "records" / name).exists()})


class SmallFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.raw, self.out = Path(folder.name, "raw"), Path(folder.name, "out")
        self.raw.mkdir()

    def convert(self, *points, name="VB_Routes_Data_2018_07_09.csv"):
        """A point is time, latitude, longitude and, if it is another one, the rider."""
        rows = [f'route_07_2018@{TRIP},"1,127",{",".join(point[:3])},{(*point, RIDER)[3]}\n' for point in points]
        (self.raw / name).write_text(HEADER + "".join(rows), encoding="utf-8")
        code, _, err = finish(start(CONVERT, self.raw, self.out))
        self.assertEqual((0, ""), (code, err))
        return records_in(self.out), list(refused_in(self.out))

    def test_a_trip_becomes_a_record_on_the_local_day(self):
        records, refused = self.convert(("2018-07-10 03:59:59+00", "42.30", "-72.60"),
                                        ("2018-07-10 04:04:59.250+00", "42.31", "-72.60"))
        self.assertEqual([], refused)
        self.assertEqual([{
            "scenario": "valley-bike", "record_id": f"20250709-{TRIP}", "subject": RIDER,
            "started_at": "2025-07-09T23:59:59+08:00", "ended_at": "2025-07-10T00:04:59.250+08:00",
            "distance_km": "1.111"}], records)

    def test_metres_are_rounded_down_once_after_the_sum(self):
        steps = [(f"2018-07-09 12:00:{n:02}+00", f"42.3000{n:02}", "-72.6") for n in range(0, 50, 5)]
        records, _ = self.convert(*steps)  # 45 millionths of a degree in nine steps of 0.556 m
        self.assertEqual("0.005", records[0]["distance_km"])

    def test_a_lost_digit_is_left_out_and_the_trip_goes_on(self):
        records, refused = self.convert(("2018-07-09 12:00:00+00", "42.30", "-72.60"),
                                        ("2018-07-09 12:02:00+00", "42.30", "-2.60"),
                                        ("2018-07-09 12:05:00+00", "42.31", "-72.60"))
        self.assertEqual("1.111", records[0]["distance_km"])
        self.assertEqual(1, len(refused))
        self.assertRegex(refused[0], r"^point: jump of [0-9]+ m in 120 s$")

    def test_few_decimals_alone_are_no_reason(self):
        records, refused = self.convert(("2018-07-09 12:00:00+00", "42.3", "-72.6"),
                                        ("2018-07-09 12:05:00+00", "42.31", "-72.6"))
        self.assertEqual((1, []), (len(records), refused))

    def test_a_point_without_a_good_time_is_left_out(self):
        records, refused = self.convert(("-", "42.40", "-72.60"),
                                        ("2011-07-09 12:00:00+00", "42.30", "-72.60"),
                                        ("2018-07-09 25:00:00+00", "42.30", "-72.60"),
                                        ("2018-07-09 12:00:00+00", "42.30", "-72.60"),
                                        ("2018-07-09 11:59:59+00", "42.30", "-72.60"),
                                        ("2018-07-09 12:05:00+00", "42.31", "-72.60"))
        self.assertEqual(("2025-07-09T08:00:00+08:00", "1.111"), (records[0]["started_at"], records[0]["distance_km"]))
        self.assertEqual(["point: no time", "point: time outside the month of the trip '2011-07-09 12:00:00+00'",
                          "point: unreadable time '2018-07-09 25:00:00+00'",
                          "point: time before the last good point '2018-07-09 11:59:59+00'"], refused)

    def test_one_good_point_is_no_trip(self):
        records, refused = self.convert(("2018-07-09 12:00:00+00", "42.30", "-72.60"),
                                        ("2018-07-09 12:00:05+00", "4x.30", "-72.60"))
        self.assertEqual([], records)
        self.assertEqual(["trip: fewer than 2 good points", "point: unreadable position '4x.30' '-72.60'"], refused)

    def test_a_trip_of_two_riders_is_refused(self):
        records, refused = self.convert(("2018-07-09 12:00:00+00", "42.30", "-72.60"),
                                        ("2018-07-09 12:05:00+00", "42.31", "-72.60", OTHER_RIDER))
        self.assertEqual(([], ["trip: more than one user: 2"]), (records, refused))

    def test_a_folder_that_cannot_be_used_ends_with_2(self):
        code, _, err = finish(start(CONVERT, self.raw, self.out))
        self.assertEqual(2, code)
        self.assertIn("no file named VB_Routes_Data_YYYY_MM_DD.csv", err)
        (self.raw / "VB_Routes_Data_2018_07_09.csv").write_text("Route ID,Bike,Date\n", encoding="utf-8")
        code, _, err = finish(start(CONVERT, self.raw, self.out))
        self.assertEqual(2, code)
        self.assertIn("the header on line 3 lacks Route ID", err)

    def test_a_damaged_file_ends_with_1_and_leaves_no_finished_one(self):
        whole = gzip.compress(HEADER.encode() * 200)
        (self.raw / "VB_Routes_Data_2018_07_09.csv.gz").write_bytes(whole[:-9])
        self.assertEqual(1, finish(start(CONVERT, self.raw, self.out))[0])
        self.assertEqual([], list(self.out.rglob("*.gz")))


if __name__ == "__main__":
    unittest.main()
