"""The meters of a house in Konstanz, from hourly to daily readings; `expected.py` finds the figures by other means."""
import gzip
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from partner import DATA, Converted, folder_of, found_again, run, stored  # noqa: E402

NAME = "konstanz-home"
RAW = DATA / "home-pv-ev-konstanz-r4"
FILE = "household_data_60min_singleindex.csv"
METERS = {"pv": "pv", "import": "grid_import"}
COLUMNS = ["DE_KN_residential4_" + column for column in METERS.values()]
FILLED = "check_failed.reading_interpolated"
HEADER = ",".join(["utc_timestamp", "cet_cest_timestamp", *COLUMNS, "interpolated_values"])


def line_of(local_time, reading, interpolated=""):
    """A row with the same reading on every meter; the converter does not use the UTC column."""
    return ",".join(["", local_time, *[reading] * len(COLUMNS), interpolated])


def wh_of(record):
    from_wh, until_wh = (int(record[name].replace(".", "")) for name in ("reading_from_kwh", "reading_until_kwh"))
    return until_wh - from_wh


@unittest.skipUnless(RAW.is_dir(), f"the raw data are not beside the project: {RAW}")
class Readings(unittest.TestCase):
    def test_an_independent_script_finds_the_same_figures(self):
        expected = stored(NAME)
        self.assertEqual(expected, found_again(NAME, RAW))
        pv, home = expected["konstanz-pv"], expected["konstanz-home"]
        self.assertEqual((12_102_225, 4_334_588), (expected["meters"]["pv"]["wh"], expected["meters"]["import"]["wh"]))
        self.assertEqual(({"accepted": 477, FILLED: 0}, 7_279_928_724), (pv["outcomes"], pv["reduction_mg"]))
        self.assertEqual(({"accepted": 135, "reference_missing": 170, FILLED: 172}, 78, 185_543_103),
                         (home["outcomes"], home["saving_days"], home["reduction_mg"]))

    def test_every_day_of_a_meter_is_a_record_or_is_refused(self):
        expected, converted = stored(NAME), Converted(self, NAME, RAW)
        self.assertEqual(0, converted.answer.returncode, converted.answer.stderr)
        counts = {scenario: len(records) for scenario, records in converted.records().items()}
        self.assertEqual({"konstanz-pv": 477, "konstanz-home": 477}, counts)
        self.assertEqual(expected["refused"], converted.reasons())
        self.assertEqual(expected["days"] * len(METERS), sum(counts.values()) + sum(expected["refused"].values()))

    def test_each_meter_arrives_to_the_watt_hour(self):
        records = [record for of_file in Converted(self, NAME, RAW).records().values() for record in of_file]
        for meter, wanted in stored(NAME)["meters"].items():
            with self.subTest(meter=meter):
                of_meter = [record for record in records if record["record_id"][9:] == meter]
                closed = [record for record in of_meter if record["interpolated_count"] == "0"]
                self.assertEqual((wanted["records"], wanted["closed"], wanted["wh"]),
                                 (len(of_meter), len(closed), sum(map(wh_of, closed))))

    def test_generation_and_grid_import_are_the_only_meters(self):
        converted = Converted(self, NAME, RAW)
        meters = {scenario: {record["record_id"][9:] for record in records}
                  for scenario, records in converted.records().items()}
        self.assertEqual({"konstanz-pv": {"pv"}, "konstanz-home": {"import"}}, meters)
        self.assertEqual([("konstanz-home", "home-4"), ("konstanz-pv", "home-4")],
                         [(row["scenario"], row["subject"]) for row in converted.table("consents.csv")])

    def test_two_conversions_give_the_same_bytes(self):
        first, second = Converted(self, NAME, RAW).bytes(), Converted(self, NAME, RAW).bytes()
        self.assertEqual(4, len(first))
        self.assertEqual(first, second)


class FewReadings(unittest.TestCase):
    def converted(self, *lines):
        raw = folder_of(self)
        (raw / FILE).write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
        converted = Converted(self, NAME, raw)
        self.assertEqual(0, converted.answer.returncode, converted.answer.stderr)
        return converted

    def pv_record(self, *lines):
        (record,) = self.converted(*lines).records()["konstanz-pv"]
        return record

    def pv_refused(self, *lines):
        converted = self.converted(*lines)
        self.assertEqual([], converted.records()["konstanz-pv"])
        return [row["reason"] for row in converted.table("refused.csv") if row["meter"] in ("pv", "")]

    def test_a_day_carries_both_readings_and_no_difference(self):
        record = self.pv_record(line_of("2015-10-05T00:00:00+0200", "1.5"), line_of("2015-10-06T00:00:00+0200", "12"))
        self.assertEqual({
            "scenario": "konstanz-pv", "record_id": "20241005-pv", "subject": "home-4",
            "started_at": "2024-10-05T00:00:00+08:00", "ended_at": "2024-10-06T00:00:00+08:00",
            "reading_from_kwh": "1.500", "reading_until_kwh": "12.000", "interpolated_count": "0",
            "basis": "provincial_average", "certificates": "none"}, record)

    def test_grid_import_says_nothing_of_factors_and_certificates(self):
        records = self.converted(line_of("2015-10-05T00:00:00+0200", "1"), line_of("2015-10-06T00:00:00+0200", "2"))
        self.assertEqual([{
            "scenario": "konstanz-home", "record_id": "20241005-import", "subject": "home-4",
            "started_at": "2024-10-05T00:00:00+08:00", "ended_at": "2024-10-06T00:00:00+08:00",
            "reading_from_kwh": "1.000", "reading_until_kwh": "2.000", "interpolated_count": "0"}],
            records.records()["konstanz-home"])

    def test_filled_readings_of_a_day_are_counted(self):
        named = "DE_KN_residential4_ev | DE_KN_residential4_pv"
        for first, second, count in (("", named, "1"), (named, "", "1"), (named, named, "2")):
            with self.subTest(first=first, second=second):
                record = self.pv_record(line_of("2015-10-05T00:00:00+0200", "1", first),
                                        line_of("2015-10-06T00:00:00+0200", "2", second))
                self.assertEqual(count, record["interpolated_count"])

    def test_a_filled_reading_of_another_meter_does_not_mark_the_day(self):
        record = self.pv_record(line_of("2015-10-05T00:00:00+0200", "1", "DE_KN_residential4_pv2"),
                                line_of("2015-10-06T00:00:00+0200", "2", "DE_KN_residential4_ev"))
        self.assertEqual("0", record["interpolated_count"])

    def test_a_filled_reading_at_noon_does_not_mark_the_day(self):
        record = self.pv_record(line_of("2015-10-05T00:00:00+0200", "1"),
                                line_of("2015-10-05T12:00:00+0200", "1", "DE_KN_residential4_pv"),
                                line_of("2015-10-06T00:00:00+0200", "2"))
        self.assertEqual("0", record["interpolated_count"])

    def test_the_day_of_25_hours_goes_from_midnight_to_midnight(self):
        record = self.pv_record(line_of("2015-10-25T00:00:00+0200", "1"), line_of("2015-10-26T00:00:00+0100", "2"))
        self.assertEqual(("2024-10-25T00:00:00+08:00", "2024-10-26T00:00:00+08:00"),
                         (record["started_at"], record["ended_at"]))

    def test_an_empty_reading_refuses_the_days_on_both_sides(self):
        self.assertEqual(["empty reading: DE_KN_residential4_pv at 2015-10-06T00:00:00+0200"] * 2 + [
            "no row: 2015-10-08T00:00:00"], self.pv_refused(
                line_of("2015-10-05T00:00:00+0200", "1"), line_of("2015-10-06T00:00:00+0200", ""),
                line_of("2015-10-07T12:00:00+0200", "3"), line_of("2015-10-07T00:00:00+0200", "3")))

    def test_a_midnight_that_comes_twice_is_refused(self):
        self.assertEqual(["two rows: 2015-10-05T00:00:00", "no row: 2015-10-07T00:00:00"], self.pv_refused(
            line_of("2015-10-05T00:00:00+0200", "1"), line_of("2015-10-05T00:00:00+0100", "1"),
            line_of("2015-10-06T00:00:00+0100", "2")))

    def test_a_fourth_decimal_is_refused(self):
        self.assertIn("more than three decimals: DE_KN_residential4_pv at 2015-10-05T00:00:00+0200 '1.0000'",
                      self.pv_refused(line_of("2015-10-05T00:00:00+0200", "1.0000"),
                                      line_of("2015-10-06T00:00:00+0200", "2")))

    def test_a_reading_that_is_no_number_is_refused(self):
        for reading in ("-1", "1e3", "NaN", " 7", "07", "7.", "٧"):
            with self.subTest(reading=reading):
                reasons = self.pv_refused(line_of("2015-10-05T00:00:00+0200", reading),
                                          line_of("2015-10-06T00:00:00+0200", "9"))
                self.assertIn("unreadable number", reasons[0])

    def test_a_row_without_a_time_belongs_to_no_day(self):
        for time in ("", "2015-10-05 00:00:00", "2015-02-29T00:00:00+0100", "9999-12-31T00:00:00+0100"):
            with self.subTest(time=time):
                self.assertEqual([f"unreadable time: cet_cest_timestamp {time!r}"], self.pv_refused(line_of(time, "1")))


class Folders(unittest.TestCase):
    def code_and_message(self, *arguments):
        answer = run(f"examples/partners/{NAME}/convert.py", *arguments)
        return answer.returncode, answer.stderr

    def test_wrong_arguments_end_with_2(self):
        self.assertEqual((2, "convert.py: usage: convert.py RAW_FOLDER OUT_FOLDER\n"), self.code_and_message())

    def test_a_folder_without_readings_ends_with_2(self):
        folder = folder_of(self)
        code, message = self.code_and_message(folder, folder / "out")
        self.assertEqual(2, code)
        self.assertIn("no file household_data", message)

    def test_the_same_readings_plain_and_packed_end_with_2(self):
        folder = folder_of(self)
        (folder / FILE).write_text(HEADER)
        (folder / (FILE + ".gz")).write_bytes(gzip.compress(HEADER.encode()))
        code, message = self.code_and_message(folder, folder / "out")
        self.assertEqual(2, code)
        self.assertIn("keep one of them", message)

    def test_a_header_without_a_needed_column_ends_with_2(self):
        folder = folder_of(self)
        (folder / FILE).write_text(HEADER.replace("interpolated_values", "filled"))
        code, message = self.code_and_message(folder, folder / "out")
        self.assertEqual(2, code)
        self.assertIn("the header lacks interpolated_values", message)

    def test_a_damaged_file_ends_with_1_and_writes_nothing(self):
        folder = folder_of(self)
        (folder / (FILE + ".gz")).write_bytes(gzip.compress(HEADER.encode() * 9)[:-9])
        code, message = self.code_and_message(folder, folder / "out")
        self.assertEqual(1, code)
        self.assertIn("could not be read", message)
        self.assertFalse((folder / "out").exists())


if __name__ == "__main__":
    unittest.main()
