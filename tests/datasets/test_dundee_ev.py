"""The charging sessions of Dundee, from the raw file to records; `expected.py` finds the figures by other means."""
import gzip
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from partner import DATA, Converted, folder_of, found_again, run, stored  # noqa: E402

NAME = "dundee-ev"
RAW = DATA / "ev-dundee-2018q3"
HEADER = ("Charging event,User ID,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost,Site,Group,"
          "Model,,,")
GOOD = {"event": "1", "user": "601838", "start": "06/06/2018,00:00", "end": "07/06/2018,07:03", "kwh": "22.287"}


def wh_of(record):
    """An energy of three decimals, with or without a sign, in Wh."""
    return int(record["energy_kwh"].replace(".", ""))


@unittest.skipUnless(RAW.is_dir(), f"the raw data are not beside the project: {RAW}")
class Sessions(unittest.TestCase):
    def test_an_independent_script_finds_the_same_figures(self):
        expected = stored(NAME)
        self.assertEqual(expected, found_again(NAME, RAW))
        total = expected["total"]
        self.assertEqual((19_227, 19_131, 18_390), (expected["rows"], total["records"], total["in_range"]))
        self.assertEqual((183_388_969, 179_713_556, 114_654_673_016),
                         (total["wh_in_range"], total["wh_accepted"], total["reduction_mg"]))

    def test_every_row_is_a_record_or_is_refused(self):
        expected, converted = stored(NAME), Converted(self, NAME, RAW)
        self.assertEqual(0, converted.answer.returncode, converted.answer.stderr)
        records = converted.records()
        self.assertEqual({month: counts["records"] for month, counts in expected["months"].items()},
                         {month: len(of_month) for month, of_month in records.items()})
        self.assertEqual(expected["refused"], converted.reasons())
        self.assertEqual(expected["users"], len(converted.table("consents.csv")))

    def test_the_energy_arrives_to_the_watt_hour(self):
        for month, records in Converted(self, NAME, RAW).records().items():
            with self.subTest(month=month):
                energies_wh = [wh for wh in map(wh_of, records) if 1 <= wh <= 120_000]
                wanted = stored(NAME)["months"][month]
                self.assertEqual((wanted["in_range"], wanted["wh_in_range"]), (len(energies_wh), sum(energies_wh)))

    def test_two_conversions_give_the_same_bytes(self):
        first, second = Converted(self, NAME, RAW).bytes(), Converted(self, NAME, RAW).bytes()
        self.assertEqual(6, len(first))
        self.assertEqual(first, second)


class OneSession(unittest.TestCase):
    def converted(self, **changed):
        """A session as it stands in the raw file, with some cells changed."""
        raw, cells = folder_of(self), GOOD | changed
        line = f"{cells['event']},{cells['user']},50914,1,{cells['start']},{cells['end']},{cells['kwh']},0,a,b,c,,,d"
        (raw / "charging-sessions-dundee-test.csv").write_text(f"{HEADER}\r\n{line}\r\n", encoding="utf-8", newline="")
        converted = Converted(self, NAME, raw)
        self.assertEqual(0, converted.answer.returncode, converted.answer.stderr)
        return converted

    def energy(self, kwh):
        return self.converted(kwh=kwh).records()["2025-06"][0]["energy_kwh"]

    def refused(self, **changed):
        converted = self.converted(**changed)
        self.assertEqual({}, converted.records())
        return converted.table("refused.csv")[0]["reason"]

    def test_a_session_moves_by_whole_days_and_keeps_its_wall_clock(self):
        self.assertEqual([{
            "scenario": "dundee-ev", "record_id": "20250606-1", "subject": "601838",
            "started_at": "2025-06-06T00:00:00+08:00", "ended_at": "2025-06-07T07:03:00+08:00",
            "energy_kwh": "22.287"}], self.converted().records()["2025-06"])

    def test_energy_is_filled_up_and_never_rounded(self):
        self.assertEqual(("7.080", "7.000", "0.000"), (self.energy("7.08"), self.energy("7"), self.energy("0")))

    def test_negative_and_absurd_energy_is_left_to_the_platform(self):
        self.assertEqual(("-60.810", "1430.170"), (self.energy("-60.81"), self.energy("1430.17")))

    def test_a_fourth_decimal_is_refused(self):
        self.assertEqual("more than three decimals: Total kWh '1.2340'", self.refused(kwh="1.2340"))

    def test_an_energy_that_is_no_number_is_refused(self):
        for kwh in ("", "7,08", "1e3", "NaN", " 7", "07", "7.", ".5", "+7", "٧"):
            with self.subTest(kwh=kwh):
                self.assertIn("unreadable number", self.refused(kwh=f'"{kwh}"'))

    def test_a_session_without_a_user_is_refused(self):
        self.assertEqual("no user", self.refused(user=""))

    def test_a_session_without_an_end_is_refused(self):
        self.assertEqual("no end: End Date '', End Time ''", self.refused(end=","))
        self.assertEqual("no end: End Date '06/06/2018', End Time ''", self.refused(end="06/06/2018,"))

    def test_a_time_that_no_calendar_has_is_refused(self):
        for start in ("31/06/2018,00:00", "06/06/2018,24:00", "2018-06-06,00:00", "06/06/9999,00:00"):
            with self.subTest(start=start):
                self.assertIn("unreadable time: Start Date", self.refused(start=start))

    def test_a_user_with_a_sign_is_refused(self):
        self.assertIn("unreadable user", self.refused(user="60 1838"))


class Folders(unittest.TestCase):
    def code_and_message(self, *arguments):
        answer = run(f"examples/partners/{NAME}/convert.py", *arguments)
        return answer.returncode, answer.stderr

    def test_wrong_arguments_end_with_2(self):
        self.assertEqual((2, "convert.py: usage: convert.py RAW_FOLDER OUT_FOLDER\n"), self.code_and_message())

    def test_a_folder_without_sessions_ends_with_2(self):
        folder = folder_of(self)
        code, message = self.code_and_message(folder, folder / "out")
        self.assertEqual(2, code)
        self.assertIn("no session file", message)

    def test_a_header_without_a_needed_column_ends_with_2(self):
        folder = folder_of(self)
        (folder / "charging-sessions-dundee-x.csv").write_text(HEADER.replace("User ID", "User"))
        code, message = self.code_and_message(folder, folder / "out")
        self.assertEqual(2, code)
        self.assertIn("the header lacks User ID", message)

    def test_a_damaged_file_ends_with_1_and_writes_nothing(self):
        folder = folder_of(self)
        (folder / "charging-sessions-dundee-x.csv.gz").write_bytes(gzip.compress(HEADER.encode() * 9)[:-9])
        code, message = self.code_and_message(folder, folder / "out")
        self.assertEqual(1, code)
        self.assertIn("could not be read", message)
        self.assertFalse((folder / "out").exists())


if __name__ == "__main__":
    unittest.main()
