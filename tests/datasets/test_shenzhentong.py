"""The Shenzhen Tong partner: its converter against an independent count of the same taps, and on small planted ones."""
import csv
import gzip
import json
import tempfile
import unittest
from collections import Counter
from pathlib import Path

from partner import bytes_in, finish, records_in, start

ROOT = Path(__file__).resolve().parents[2]
RAW = ROOT.parent / "shared/data/transit-shenzhentong-2018-09-01"
CONVERT = ROOT / "examples/partners/shenzhentong/convert.py"
EXPECTED = ROOT / "tests/datasets/shenzhentong"
HEADER = "card_no,deal_date,deal_type\n"
KINDS = {"in": "地铁入站", "out": "地铁出站", "bus": "巴士"}


def refused_in(folder):
    with open(folder / "refused.csv", encoding="utf-8", newline="") as file:
        return [(int(row["line"]), row["reason"]) for row in csv.DictReader(file)]


@unittest.skipUnless(RAW.is_dir(), f"the raw data are not beside the project: {RAW}")
class Taps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.first, cls.second = Path(folder.name, "first"), Path(folder.name, "second")
        running = [start(CONVERT, RAW, cls.first, seed="1"), start(CONVERT, RAW, cls.second, seed="2"),
                   start(EXPECTED / "expected.py", RAW)]
        results = [finish(process) for process in running]
        if any(code for code, _, _ in results):
            raise AssertionError(results)
        cls.found = json.loads(results[2][1])
        cls.expected = json.loads((EXPECTED / "expected.json").read_text(encoding="utf-8"))

    def test_an_independent_script_finds_the_stored_figures(self):
        self.assertEqual(self.expected, self.found)
        self.assertEqual({"records": 486, "persons": 486, "reduction_mg": 205_169_000, "outcomes": {
            "accepted": 398, "cap_day": 0, "check_failed.duration_too_short": 88}}, self.found["sz-metro"])
        self.assertEqual(18_119, self.found["sz-bus"]["records"])

    def test_the_converter_writes_the_expected_records(self):
        records = records_in(self.first)
        for scenario in ("sz-metro", "sz-bus"):
            of_scenario = [record for record in records if record["scenario"] == scenario]
            self.assertEqual(self.expected[scenario]["records"], len(of_scenario))
            self.assertEqual(self.expected[scenario]["persons"], len({record["subject"] for record in of_scenario}))
        repeated = len(records) - len({(record["scenario"], record["record_id"]) for record in records})
        self.assertEqual(self.expected["sz-bus"]["same_id"], repeated)

    def test_the_converter_refuses_what_is_expected_and_loses_no_row(self):
        reasons = Counter(reason for _, reason in refused_in(self.first))
        self.assertEqual({reason: n for reason, n in self.expected["refused"].items() if n}, dict(reasons))
        self.assertEqual(self.expected["rows"], self.expected["sz-bus"]["records"]
                         + 2 * self.expected["sz-metro"]["records"] + sum(reasons.values()))

    def test_two_conversions_give_the_same_bytes(self):
        self.assertEqual(bytes_in(self.first), bytes_in(self.second))
        self.assertEqual(4, len(bytes_in(self.first)))


class SmallFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.raw, self.out = Path(folder.name, "raw"), Path(folder.name, "out")
        self.raw.mkdir()

    def write(self, *taps, name="1_1.csv"):
        """A tap is its kind, its clock time and, if it is another one, the card."""
        rows = [f"{(*tap, 'AAAAAAAAA')[2]},2018-09-01 {tap[1]},{KINDS.get(tap[0], tap[0])}\n" for tap in taps]
        (self.raw / name).write_text(HEADER + "".join(rows), encoding="utf-8")

    def convert(self, *taps):
        self.write(*taps)
        code, _, err = finish(start(CONVERT, self.raw, self.out))
        self.assertEqual((0, ""), (code, err))
        return records_in(self.out), refused_in(self.out)

    def test_an_entry_and_the_next_exit_are_a_ride_in_any_order_of_rows(self):
        records, refused = self.convert(("out", "09:00:00"), ("in", "08:10:00", "BBBBBBBB"), ("in", "08:03:06"),
                                        ("out", "08:40:00", "BBBBBBBB"))
        self.assertEqual([], refused)
        self.assertEqual([("20250901-AAAAAAAAA-080306", "AAAAAAAAA", "2025-09-01T08:03:06+08:00",
                           "2025-09-01T09:00:00+08:00"),
                          ("20250901-BBBBBBBB-081000", "BBBBBBBB", "2025-09-01T08:10:00+08:00",
                           "2025-09-01T08:40:00+08:00")],
                         [(record["record_id"], record["subject"], record["started_at"], record["ended_at"])
                          for record in records])
        self.assertEqual({("sz-metro", "1")}, {(record["scenario"], record["trips_count"]) for record in records})

    def test_a_pair_may_lie_in_two_parts(self):
        self.write(("out", "09:00:00"), name="1_2.csv")
        self.write(("in", "08:00:00"), name="2_2.csv")
        self.assertEqual(0, finish(start(CONVERT, self.raw, self.out))[0])
        self.assertEqual(["20250901-AAAAAAAAA-080000"], [record["record_id"] for record in records_in(self.out)])

    def test_a_bus_tap_ends_when_it_begins_and_is_not_judged(self):
        records, refused = self.convert(("bus", "08:00:00"), ("bus", "08:00:00"), ("bus", "08:04:59"))
        self.assertEqual((3, []), (len(records), refused))
        self.assertEqual({
            "scenario": "sz-bus", "record_id": "20250901-AAAAAAAAA-080000", "subject": "AAAAAAAAA",
            "started_at": "2025-09-01T08:00:00+08:00", "ended_at": "2025-09-01T08:00:00+08:00", "boardings_count": "1"},
            records[0])
        self.assertEqual(records[0], records[1])

    def test_four_hours_are_a_ride(self):
        records, refused = self.convert(("in", "08:00:00"), ("out", "12:00:00"))
        self.assertEqual((1, []), (len(records), refused))

    def test_a_second_more_is_none(self):
        records, refused = self.convert(("in", "08:00:00"), ("out", "12:00:01"))
        self.assertEqual([], records)
        self.assertEqual([(line, "entry and exit more than 4 h apart") for line in (2, 3)], refused)

    def test_of_two_entries_the_later_one_counts(self):
        records, refused = self.convert(("in", "08:00:00"), ("in", "08:30:00"), ("out", "09:00:00"))
        self.assertEqual(["2025-09-01T08:30:00+08:00"], [record["started_at"] for record in records])
        self.assertEqual([(2, "entry followed by another entry")], refused)

    def test_half_a_ride_is_none(self):
        records, refused = self.convert(("out", "08:00:00"), ("in", "08:30:00"))
        self.assertEqual(([], [(2, "exit without entry"), (3, "entry without exit")]), (records, refused))

    def test_rows_that_cannot_be_read_are_refused(self):
        records, refused = self.convert(("bus", "08:00:00", "AAAA/../A"), ("轮渡", "08:00:00"), ("bus", "8:00"))
        self.assertEqual([], records)
        self.assertEqual([(2, "unreadable card: 'AAAA/../A'"), (3, "unknown kind of tap: '轮渡'"),
                          (4, "unreadable time: '2018-09-01 8:00'")], refused)

    def test_a_folder_that_cannot_be_used_ends_with_2(self):
        code, _, err = finish(start(CONVERT, self.raw, self.out))
        self.assertEqual(2, code)
        self.assertIn("no file named PART_PARTS.csv", err)
        (self.raw / "1_1.csv").write_text("card_no,deal_date\n", encoding="utf-8")
        code, _, err = finish(start(CONVERT, self.raw, self.out))
        self.assertEqual(2, code)
        self.assertIn("the header lacks deal_type", err)

    def test_a_damaged_file_ends_with_1(self):
        (self.raw / "1_1.csv.gz").write_bytes(gzip.compress(HEADER.encode() * 200)[:-9])
        self.assertEqual(1, finish(start(CONVERT, self.raw, self.out))[0])


if __name__ == "__main__":
    unittest.main()
