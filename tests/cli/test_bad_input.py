"""What partners get wrong: each slip has its own code and its line, the rest of the file goes in."""
import gzip
import json
import unittest

from programme import Programme, consents, folder_of, ride, write_lines

AS_OF = "2025-03-10T00:00:00+08:00"


class BadInput(unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)
        self.programme = Programme(self.folder)
        self.programme.found("rides", consents(self.folder / "consents.csv", ["u1", "u2", "u3"]))

    def ingest(self, name, records, code=0):
        path = write_lines(self.folder / name, records)
        return self.programme.report("ingest", "--scenario", "rides", path, as_of=AS_OF, code=code)["files"][0]

    def seal(self):
        return self.programme.report("seal", "--scenario", "rides", "--until", "2025-03-09", as_of=AS_OF)["counts"]

    def refused(self, record):
        """The outcome of one bad line between two good ones, which both go in."""
        report = self.ingest("f.ndjson", [ride(1), record, ride(2, start="09:00:00", end="09:20:00")], code=4)
        self.assertEqual(2, report["counts"].pop("received"), report)
        (outcome, count), = report["counts"].items()
        self.assertEqual((1, 2), (count, report["refused_lines"][0]["line"]))
        self.assertTrue(report["refused_lines"][0]["message_zh"] and report["refused_lines"][0]["message_en"])
        self.assertEqual(2, self.seal()["accepted"])
        return outcome

    def test_a_broken_line(self):
        self.assertEqual("malformed_line", self.refused('{"scenario":"rides","record_id":'))

    def test_an_unknown_field(self):
        self.assertEqual("unknown_field", self.refused(ride(9, colour="red")))

    def test_a_missing_field(self):
        self.assertEqual("missing_field", self.refused(ride(9, distance_km=None)))

    def test_a_number_out_of_range(self):
        self.assertEqual("out_of_range", self.refused(ride(9, km="1000.001")))

    def test_too_many_decimals(self):
        self.assertEqual("too_many_decimals", self.refused(ride(9, km="3.0001")))

    def test_a_number_where_text_belongs(self):
        self.assertEqual("wrong_type", self.refused(ride(9, km=3.0)))

    def test_a_time_without_zone(self):
        self.assertEqual("time_without_zone", self.refused(ride(9, started_at="2025-03-03T08:00:00")))

    def test_an_end_before_the_start(self):
        self.assertEqual("end_before_start", self.refused(ride(9, end="07:59:59")))

    def test_an_unknown_person(self):
        self.assertEqual("unknown_person", self.refused(ride(9, subject="stranger")))

    def test_no_consent_at_the_time_of_the_act(self):
        self.programme.run("consent", "withdraw", "--scenario", "rides", "--subject", "u3", "--at",
                           "2025-03-05T00:00:00+08:00", as_of=AS_OF)
        self.assertEqual("no_consent", self.refused(ride(9, subject="u3", day="2025-03-06")))

    def test_an_id_of_another_day(self):
        self.assertEqual("id_other_day", self.refused(ride(9, record_id="20250304-9")))

    def test_a_record_of_another_scenario(self):
        self.assertEqual("other_scenario", self.refused(ride(9, scenario="metro")))

    def test_a_record_that_the_methodology_does_not_take(self):
        self.assertEqual("check_failed.distance_too_short", self.refused(ride(9, km="0.299")))

    def test_a_record_that_comes_too_late(self):
        self.assertEqual("too_late", self.refused(ride(9, day="2025-01-20")))

    def test_an_act_that_has_not_happened_yet(self):
        self.assertEqual("act_in_future", self.refused(ride(9, day="2025-03-11")))

    def test_the_same_record_again_counts_once(self):
        self.ingest("f.ndjson", [ride(1), ride(1)])
        self.assertEqual({"accepted": 1, "duplicate": 1}, self.seal())

    def test_the_same_id_with_other_content_of_the_same_person(self):
        self.ingest("f.ndjson", [ride(1), ride(1, km="4.000")])
        self.assertEqual({"conflict_same_person": 2}, self.seal())

    def test_the_same_id_with_another_person(self):
        self.ingest("f.ndjson", [ride(1), ride(1, subject="u2")])
        self.assertEqual({"conflict_other_person": 2}, self.seal())

    def test_a_ride_that_starts_before_the_last_one_ended(self):
        self.ingest("f.ndjson", [ride(1), ride(2, start="08:19:59", end="08:40:00"), ride(3, start="08:20:00", end="08:40:00")])
        self.assertEqual({"accepted": 2, "overlap": 1}, self.seal())

    def test_more_than_ten_rides_a_day(self):
        self.ingest("f.ndjson", [ride(n, start=f"{n + 6:02}:00:00", end=f"{n + 6:02}:20:00") for n in range(1, 13)])
        self.assertEqual({"accepted": 10, "cap_day": 2}, self.seal())

    def test_a_truncated_gz_takes_nothing_in(self):
        path = self.folder / "cut.ndjson.gz"
        whole = gzip.compress("".join(json.dumps(ride(n)) + "\n" for n in range(2000)).encode(), mtime=0)
        path.write_bytes(whole[:len(whole) // 2])
        report = self.programme.report("ingest", "--scenario", "rides", path, as_of=AS_OF, code=4)
        self.assertEqual("file_truncated", report["files"][0]["outcome"])
        self.assertEqual({}, self.seal())

    def ingest_stated(self, manifest, code):
        path = write_lines(self.folder / "rides.ndjson.gz", [ride(1), ride(2, km="0.100"), ride(3, start="10:00:00", end="10:20:00")])
        (self.folder / "rides.toml").write_text(manifest)
        return self.programme.report("ingest", "--scenario", "rides", "--manifest", self.folder / "rides.toml", path,
                                     as_of=AS_OF, code=code)["files"][0]

    def test_a_file_that_is_not_what_its_manifest_says(self):
        stated = 'file = "rides.ndjson.gz"\nrecords = {}\n[sums]\ndistance_km = "{}"\n'
        report = self.ingest_stated(stated.format(4, "6.100"), code=4)
        self.assertEqual("file_differs_from_manifest", report["outcome"])
        self.assertEqual([{"figure": "records", "manifest": "4", "file": "3", "difference": "-1"}], report["differences"])
        self.assertEqual({}, self.seal())
        report = self.ingest_stated(stated.format(3, "6.1"), code=4)
        self.assertEqual(("received", 2), (report["outcome"], report["counts"]["received"]))
        self.assertEqual({"accepted": 2}, self.seal())

    def test_a_manifest_that_says_too_little_is_a_slip_of_the_command_line(self):
        (self.folder / "m.toml").write_text('records = 1\n')
        path = write_lines(self.folder / "a.ndjson", [ride(1)])
        out = self.programme.run("ingest", "--scenario", "rides", "--manifest", self.folder / "m.toml", path,
                                 as_of=AS_OF, code=2)
        self.assertIn("m.toml:1", out)

    def test_an_empty_file(self):
        self.assertEqual("file_empty", self.ingest("empty.ndjson", [], code=4)["outcome"])

    def test_the_same_file_twice(self):
        self.ingest("a.ndjson", [ride(1)])
        self.assertEqual("file_already_received", self.ingest("b.ndjson", [ride(1)])["outcome"])
        self.assertEqual({"accepted": 1}, self.seal())

    def test_a_file_that_does_not_exist_is_a_slip_of_the_command_line(self):
        out = self.programme.run("ingest", "--scenario", "rides", self.folder / "none.ndjson", as_of=AS_OF, code=2)
        self.assertIn("none.ndjson", out)

    def test_an_unknown_scenario_names_those_there_are(self):
        path = write_lines(self.folder / "f.ndjson", [ride(1)])
        self.assertIn("rides", self.programme.run("ingest", "--scenario", "metro", path, as_of=AS_OF, code=2))

    def test_csv_with_a_header_goes_in_like_ndjson(self):
        names = list(ride(1))
        self.ingest("f.csv", [",".join(names), ",".join(ride(1)[name] for name in names)])
        self.assertEqual({"accepted": 1}, self.seal())


if __name__ == "__main__":
    unittest.main()
