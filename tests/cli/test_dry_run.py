"""A draft of a methodology over what a programme has sealed: the differences, what cannot be known, and that nothing is
written."""
import hashlib
import json
import re
import unittest

from programme import ROOT, Programme, consents, folder_of, ride, write_lines

NOW = "2025-04-01T00:00:00+08:00"
LATER = "2025-04-10T00:00:00+08:00"
BIKE = ROOT / "methodologies/bike-demo/v1"
TEXT = (BIKE / "methodology.toml").read_text(encoding="utf-8")
ONE_KILOMETRE_MG = 58_260
VECTORS = """
[[vector]]
name = "five kilometres"
day = 2025-01-02
inputs = {{ distance_km = "5", duration_s = "1500"{more} }}
reduction_mg = "{mg}"

[[vector]]
name = "six kilometres"
day = 2025-01-02
inputs = {{ distance_km = "6", duration_s = "1500"{more} }}
reduction_mg = "{mg_of_six}"

[[vector]]
name = "too short"
day = 2025-01-02
inputs = {{ distance_km = "0.1", duration_s = "60"{more} }}
refused = "distance_too_short"
"""


class DryRun(unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)
        self.programme = Programme(self.folder)

    def founded(self, records):
        self.programme.found("rides", consents(self.folder / "consents.csv", ["u1", "u2", "u3"]))
        self.take(records, NOW, "first")
        return self.programme

    def take(self, records, now, name):
        path = write_lines(self.folder / f"{name}.ndjson", records)
        self.programme.run("ingest", "--scenario", "rides", path, as_of=now, code=None)
        self.programme.run("seal", "--scenario", "rides", "--until", "2025-03-31", as_of=now)

    def draft(self, *changes, per_kilometre_mg=ONE_KILOMETRE_MG, more=""):
        """The bike methodology as v2 with changes; its vectors are made to fit."""
        text = TEXT[:TEXT.index("[[vector]]")].replace('version = "v1"', 'version = "v2"')
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        folder = self.folder / "draft"
        folder.mkdir(exist_ok=True)
        vectors = VECTORS.format(mg=5 * per_kilometre_mg, mg_of_six=6 * per_kilometre_mg, more=more)
        (folder / "methodology.toml").write_text(text + vectors, encoding="utf-8")
        return folder

    def dry_run(self, draft, *arguments):
        """The JSON of the only scenario."""
        found = json.loads(self.programme.run("methodology", "dry-run", draft, "--json", *arguments))
        self.assertEqual(("methodology dry-run", 1), (found["command"], len(found["scenarios"])))
        self.assertTrue(found["limits"] and all(limit["zh"] and limit["en"] for limit in found["limits"]))
        return found["scenarios"][0]

    def assert_no_difference(self, found):
        for name in ("accepted_difference", "persons_affected", "not_derivable"):
            self.assertEqual(0, found[name], name)
        self.assertEqual(("0.000000", []), (found["reduction_difference_kg"], found["changes"]))

    def digests(self):
        """A reader leaves an empty p.db-wal behind: SQLite's, nothing is in it."""
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in self.folder.glob("p.db*")
                if not path.name.endswith("-shm") and path.stat().st_size > 0}

    def busy_month(self):
        """Three persons: short and long rides, overlaps, more rides a day than the cap allows, rides over midnight,
        the same id twice."""
        records = []
        for day in range(1, 29):
            date = f"2025-03-{day:02}"
            for person, rides in (("u1", 12), ("u2", 2), ("u3", day % 3)):
                records += [ride(f"{person}-{n}", person, date, f"{6 + n:02}:00:00", f"{6 + n:02}:30:00",
                                 f"{1 + (n + day) % 7}.{day:03}") for n in range(rides)]
            records.append(ride("u2-over", "u2", date, "06:10:00", "06:50:00", "5.000"))
            if day % 5 == 0:
                records.append(ride("u3-night", "u3", date, "23:40:00", "23:59:00", "4.000"))
                records.append(ride("u3-0", "u3", date, "21:00:00", "21:30:00", "2.500"))
        return records

    def test_the_version_in_force_makes_no_difference(self):
        programme = self.founded(self.busy_month())
        counts = dict(programme.rows("SELECT outcome, count(*) FROM sealed_acts GROUP BY outcome"))
        self.assertGreaterEqual(len(counts), 4, counts)
        found = self.dry_run(BIKE)
        self.assert_no_difference(found)
        self.assertEqual(sum(counts.values()), found["acts"])
        self.assertEqual(counts[62], found["accepted_before"])
        milligrams = programme.value("SELECT sum(reduction_mg) FROM sealed_acts")
        self.assertEqual((f"{milligrams / 1e6:.6f}", 28), (found["reduction_after_kg"], found["days"]))

    def test_nor_does_it_for_days_that_were_sealed_in_several_rounds(self):
        programme = self.founded(self.busy_month())
        programme.issue("rides", "2025-03-01", "2025-03-31", NOW)
        late = [ride(f"late-{person}-{n}", person, f"2025-03-{day:02}", f"{20 + n}:15:00", f"{20 + n}:45:00")
                for day in (3, 9, 10, 20) for person in ("u1", "u2", "u3") for n in range(3)]
        late += [ride("u2-0", "u2", "2025-03-09", km="9.999"), ride("u3-1", "u3", "2025-03-12", km="1.000", withdrawn=True),
                 ride("night", "u2", "2025-03-09", "23:40:00", ended_at="2025-03-10T00:20:00+08:00", km="4.000")]
        self.take(late, LATER, "late")
        self.assertEqual(2, programme.value("SELECT max(round) FROM sealed_days"))
        self.assertGreater(programme.value("SELECT sum(accepted) FROM sealed_days WHERE round = 2"), 10)
        self.assert_no_difference(self.dry_run(BIKE))
        programme.issue("rides", "2025-03-01", "2025-03-31", LATER)
        self.assert_no_difference(self.dry_run(BIKE))
        self.assertGreater(self.dry_run(self.draft(('value = "62.37"', 'value = "63.37"'), per_kilometre_mg=59_260))
                           ["accepted_after"], 0)

    def test_a_dearer_factor_changes_every_accepted_act(self):
        self.founded([ride(1, km="3.000"), ride(2, "u2", km="2.500"), ride(3, "u2", km="4.000")])
        found = self.dry_run(self.draft(('value = "62.37"', 'value = "63.37"'), per_kilometre_mg=59_260))
        # The third ride overlaps the second, which has the same start and the smaller id.
        self.assertEqual([{"before": "accepted", "after": "accepted", "acts": 2, "reduction_difference_kg": "0.005500"}],
                         found["changes"])
        self.assertEqual((2, 0, "0.320430", "0.325930"), tuple(
            found[name] for name in ("persons_affected", "accepted_difference", "reduction_before_kg", "reduction_after_kg")))

    def test_a_check_that_is_stricter_names_its_code_and_frees_what_it_blocked(self):
        short_then_long = [ride(1, km="2.000", start="08:00:00", end="08:20:00"),
                           ride(2, km="3.000", start="08:10:00", end="08:30:00"), ride(3, "u2", km="4.000")]
        self.founded(short_then_long)
        found = self.dry_run(self.draft(("distance_km >= 0.3 km", "distance_km >= 2.5 km")))
        self.assertEqual([("accepted", "check_failed.distance_too_short", 1), ("overlap", "accepted", 1)],
                         [(row["before"], row["after"], row["acts"]) for row in found["changes"]])
        self.assertEqual((0, 1, f"{ONE_KILOMETRE_MG / 1e6:.6f}"), tuple(
            found[name] for name in ("accepted_difference", "persons_affected", "reduction_difference_kg")))

    def test_caps_of_a_month_are_carried_along(self):
        self.founded([ride(f"{person}-1", person, f"2025-03-{day:02}") for day in range(1, 11) for person in ("u1", "u2")])
        draft = self.draft(("cap_records_person_day", "cap_records_person_month = 4\ncap_records_person_day"))
        found = self.dry_run(draft)
        self.assertEqual([("accepted", "cap_month", 12)],
                         [(row["before"], row["after"], row["acts"]) for row in found["changes"]])
        # The days before the first one count as they stand.
        later = self.dry_run(draft, "--from", "2025-03-03", "--until", "2025-03-05")
        self.assertEqual((6, 4, 3), (later["acts"], later["accepted_after"], later["days"]))

    def test_a_cap_of_reductions_cuts_off_what_is_beyond(self):
        self.founded([ride(f"{n}", "u1", start=f"{8 + n:02}:00:00", end=f"{8 + n:02}:20:00") for n in range(3)])
        found = self.dry_run(self.draft(("cap_records_person_day", 'cap_reduction_person_day = "300 gCO2e"\ncap_records_person_day')))
        self.assertEqual(("0.524340", "0.300000", 0), (found["reduction_before_kg"], found["reduction_after_kg"],
                                                        found["accepted_difference"]))

    def test_a_field_that_the_acts_never_brought_is_refused_by_name(self):
        self.founded([ride(1)])
        field = '[[field]]\nname = "load_kg"\nunit = "kg"\ndecimals = 1\nmin = "0"\nmax = "9"\n\n'
        first = re.search(r"^\[\[field\]\]", TEXT, re.M)[0]
        draft = self.draft((first, field + first), more=', load_kg = "1"')
        out = self.programme.run("methodology", "dry-run", draft, code=1)
        self.assertIn("草案需要字段“load_kg”，而 bike-demo/v1 的记录没有它", out)
        self.assertIn("the draft asks for the field `load_kg`, which records of bike-demo/v1 do not bring", out)

    def test_a_range_that_is_narrower_refuses_as_intake_would(self):
        self.founded([ride(1, km="3.000"), ride(2, "u2", km="4.125")])
        distance = re.search(r'name = "distance_km"\n(.*\n)*?decimals = 3\n', TEXT)[0]
        found = self.dry_run(self.draft((distance, distance.replace("decimals = 3", "decimals = 2"))))
        self.assertEqual([("accepted", "too_many_decimals", 1)],
                         [(row["before"], row["after"], row["acts"]) for row in found["changes"]])

    def test_days_on_which_the_draft_is_not_in_force_have_no_methodology(self):
        self.founded([ride(1), ride(2, day="2025-03-04")])
        text = self.draft() / "methodology.toml"
        content = text.read_text(encoding="utf-8")
        text.write_text(re.sub(r"(?m)^(valid_from|from) = .*$", r"\1 = 2025-03-04", content).replace(
            "day = 2025-01-02", "day = 2025-03-05"), encoding="utf-8")
        found = self.dry_run(self.folder / "draft")
        self.assertEqual([("accepted", "no_methodology", 1)],
                         [(row["before"], row["after"], row["acts"]) for row in found["changes"]])

    def test_it_reads_only_and_does_so_while_a_server_holds_the_programme(self):
        programme = self.founded(self.busy_month())
        before, draft = self.digests(), self.draft(("distance_km >= 0.3 km", "distance_km >= 2.5 km"))
        alone = programme.run("methodology", "dry-run", draft)
        self.assertEqual(before, self.digests())
        for part in ("bike-demo/v2 tried on what is sealed; nothing is written", "rides (bike-demo/v1), 2025-03-01 to",
                     "check_failed.distance_too_short", "persons affected: 3", "没有保存", "were never stored"):
            self.assertIn(part, alone)
        server = programme.start("serve", "--port", "0", as_of=NOW)
        try:
            self.assertIn("serving http://127.0.0.1:", server.stdout.readline())
            self.assertEqual(alone, programme.run("methodology", "dry-run", draft))
        finally:
            server.terminate()
            server.communicate()

    def test_slips_of_the_command_line_say_what_there_is(self):
        self.founded([ride(1)])
        out = self.programme.run("methodology", "dry-run", ROOT / "methodologies/metro-shenzhen/v1", code=2)
        self.assertIn("metro-shenzhen", out)
        self.assertIn("rides (bike-demo/v1)", out)
        self.programme.run("methodology", "dry-run", BIKE, "--from", "2025-03-09", "--until", "2025-03-08", code=2)
        self.programme.run("methodology", "dry-run", BIKE, "--from", "March", code=2)
        self.assertIn("tanpuhui init", Programme(self.folder, "none").run("methodology", "dry-run", BIKE, code=3))
        self.assert_no_difference(self.dry_run(BIKE, "--from", "2026-01-01", "--until", "2026-01-31"))


if __name__ == "__main__":
    unittest.main()
