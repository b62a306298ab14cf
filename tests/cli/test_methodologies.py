"""The library of methodologies at the command line: gate, vectors, worked calculations, and versions compared."""
import json
import re
import subprocess
import unittest

from programme import BINARY, ROOT, folder_of, ride, write_lines

LIBRARY = sorted(path.parent for path in ROOT.glob("methodologies/*/v*/methodology.toml"))
BIKE = ROOT / "methodologies/bike-demo/v1"
CHARGING = ROOT / "methodologies/ev-charging/v1"
OWN_MEAN = ROOT / "methodologies/household-own-mean/v1"
# Vectors of the bike methodology with a baseline of 63.37 in place of 62.37 g/km.
DEARER_VECTORS = """
[[vector]]
name = "one kilometre: 63.37 - 4.11 = 59.26 g"
day = 2025-01-02
inputs = { distance_km = "1", duration_s = "300" }
reduction_mg = "59260"

[[vector]]
name = "two kilometres"
day = 2025-01-02
inputs = { distance_km = "2", duration_s = "600" }
reduction_mg = "118520"

[[vector]]
name = "a metre too short"
day = 2025-01-02
inputs = { distance_km = "0.299", duration_s = "120" }
refused = "distance_too_short"
"""


def methodology(*arguments):
    """Exit code and both outputs of `tanpuhui methodology ...`: none of these commands needs a programme."""
    command = [str(BINARY), "--home", str(ROOT), "methodology", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def text_of(folder):
    return (folder / "methodology.toml").read_text(encoding="utf-8")


class Copies(unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)

    def write(self, text, name="copy"):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        (folder / "methodology.toml").write_text(text, encoding="utf-8")
        return folder

    def changed(self, folder, old, new):
        """A copy in which the first `old` is `new`, and the number of its line."""
        before, found, after = text_of(folder).partition(old)
        self.assertTrue(found, old)
        return self.write(before + new + after), before.count("\n") + 1

    def good(self, command, *arguments):
        code, out = methodology(command, *arguments)
        self.assertEqual(0, code, out)
        return out


class Library(Copies):
    def test_every_methodology_passes_the_gate(self):
        self.assertGreaterEqual(len(LIBRARY), 14)
        out = self.good("check", *LIBRARY)
        sound = re.findall(r"^sound (\S+): .*, ([0-9]+) vectors come out\n  SHA-256 [0-9a-f]{64}$", out, re.M)
        self.assertEqual([f"{folder.parent.name}/{folder.name}" for folder in LIBRARY], [name for name, _ in sound])
        self.assertTrue(all(int(count) >= 3 for _, count in sound), sound)
        self.assertNotIn("MISSING", out)

    def test_every_methodology_but_the_oldest_argues_its_additionality(self):
        with_argument = [folder for folder in LIBRARY if folder != BIKE]
        self.assertGreaterEqual(len(with_argument), 14)
        self.assertNotIn("MISSING", self.good("check", *with_argument, "--additionality"))
        # bike-demo/v1 was published before an argument was asked for, and what was published never changes.
        code, out = methodology("check", BIKE, "--additionality")
        self.assertEqual((1, 1), (code, out.count("MISSING")), out)

    def test_every_methodology_prints_its_vectors(self):
        for folder in LIBRARY:
            with self.subTest(methodology=folder.parent.name):
                names = re.findall(r'^\[\[vector\]\]\nname = "(.*)"$', text_of(folder), re.M)
                rows = self.good("vectors", folder).splitlines()[1:]
                self.assertEqual(len(names), len(rows))
                for name, row in zip(names, rows):
                    self.assertTrue(row.strip().startswith(name), row)
                    self.assertRegex(row, r"(mg|refused: [a-z_]+)$")
                self.assertTrue(any("refused: " in row for row in rows))

    def test_every_folder_has_a_row_in_the_table(self):
        table = (ROOT / "methodologies/README.md").read_text(encoding="utf-8")
        self.assertEqual(sorted(f"{folder.parent.name}/{folder.name}" for folder in LIBRARY),
                         sorted(re.findall(r"\]\(([a-z0-9-]+/v[0-9]+)/methodology\.toml\)", table)))

    def test_a_folder_without_a_methodology_is_a_slip_of_the_command_line(self):
        for command in (["check"], ["vectors"], ["diff", BIKE]):
            with self.subTest(command=command[0]):
                code, out = methodology(*command, self.folder / "none")
                self.assertEqual(2, code)
                self.assertIn("none: holds no methodology.toml", out)


class Broken(Copies):
    def assert_refused(self, methodology_folder, old, new, message, lines_above=0):
        """The copy is refused at the line of the change, or some lines above it, where its block begins."""
        copy, changed_line = self.changed(methodology_folder, old, new)
        code, out = methodology("check", copy)
        self.assertEqual(1, code, out)
        self.assertIn(f"NOT SOUND {copy}", out)
        place = f"{copy}/methodology.toml:{changed_line - lines_above}:"
        self.assertRegex(out, rf"(?m)^{re.escape(place)}[0-9]+: .*{message}")

    def test_a_vector_that_does_not_come_out(self):
        self.assert_refused(BIKE, 'reduction_mg = "55405"', 'reduction_mg = "55406"', "the engine computes 55405 mg")

    def test_an_unknown_unit(self):
        self.assert_refused(BIKE, 'unit = "gCO2e/km"', 'unit = "gCO2e/mile"', 'unknown unit "mile"')

    def test_a_comparison_of_kilometres_with_grams(self):
        self.assert_refused(BIKE, "distance_km >= 0.3 km", "distance_km >= 0.3 g",
                            "mass and length cannot be added or compared")

    def test_a_sum_of_kilometres_and_grams(self):
        self.assert_refused(BIKE, "distance_km * (baseline - project)", "(distance_km + 1 g) * (baseline - project)",
                            "length and mass cannot be added or compared")

    def test_a_value_without_a_source(self):
        source = re.search(r"^source = .*\n", text_of(BIKE), re.M)[0]
        self.assert_refused(BIKE, source, "", "source is missing; write source", lines_above=6)

    def test_a_gap_in_the_dates(self):
        self.assert_refused(CHARGING, "from = 2025-01-01", "from = 2025-01-02", "grid has no value on 2025-01-01",
                            lines_above=5)

    def test_an_overlap_of_dates(self):
        self.assert_refused(CHARGING, "from = 2025-01-01", "from = 2024-12-31", "grid has two values on 2024-12-31",
                            lines_above=5)

    def test_a_text_in_one_language_only(self):
        copy, _ = self.changed(BIKE, 'en = "Bike rides, a demonstration methodology"', "")
        code, out = methodology("check", copy)
        self.assertEqual(1, code, out)
        self.assertRegex(out, r"methodology\.toml:[0-9]+:[0-9]+: ")

    def test_several_slips_are_named_in_one_pass(self):
        copy = self.write(text_of(BIKE).replace("gCO2e/km", "gCO2e/mile"))
        self.assertEqual(2, methodology("check", copy)[1].count('unknown unit "mile"'))

    def test_one_that_is_not_sound_does_not_hide_the_others(self):
        copy, _ = self.changed(BIKE, "gCO2e/km", "gCO2e/mile")
        code, out = methodology("check", copy, CHARGING)
        self.assertEqual(1, code)
        self.assertIn("sound ev-charging/v1", out)

    def test_additionality_is_asked_for_where_it_is_compulsory(self):
        without = re.sub(r"\[additionality\]\n.*\n.*\n", "", text_of(CHARGING))
        copy = self.write(without)
        self.assertEqual(0, methodology("check", copy)[0])
        code, out = methodology("check", copy, "--additionality")
        self.assertEqual(1, code, out)
        self.assertIn("MISSING additionality", out)


class Explained(Copies):
    def setUp(self):
        super().setUp()
        self.records = write_lines(self.folder / "r.ndjson", [
            ride(1, km="0.951", end="08:04:00"), ride(2, km="0.299", start="09:00:00", end="09:02:00")])

    def test_the_worked_calculation_names_factors_checks_and_rounding(self):
        out = self.good("explain", BIKE, self.records, "--record", 1, "--language", "en")
        for part in ("20250303-1: accepted", "Bike rides, a demonstration methodology", "distance_km = 0.951 km",
                     "62.37 gCO2e/km", "4.11 gCO2e/km", "not a published value", "distance_km >= 0.3 km: holds",
                     "58.26 gCO2e/km", "55405.26 mgCO2e", "rounded down: 55405 mgCO2e"):
            self.assertIn(part, out)

    def test_the_same_in_chinese(self):
        out = self.good("explain", BIKE, self.records, "--record", 1, "--language", "zh")
        for part in ("自行车骑行碳普惠方法学（演示）", "62.37 gCO2e/km", "distance_km >= 0.3 km：成立", "减排量",
                     "55405.26 mgCO2e", "向下取整：55405 mgCO2e"):
            self.assertIn(part, out)

    def test_the_same_as_json_in_both_languages(self):
        found = json.loads(self.good("explain", BIKE, self.records, "--record", 1, "--json"))
        self.assertEqual(("bike-demo", "v1", "2025-03-03", "55405.26", "55405"), tuple(
            found[name] for name in ("methodology", "version", "day", "exact_mg", "reduction_mg")))
        self.assertEqual([("distance_km", "0.951"), ("duration", "240.000")],
                         [(row["name"], row["value"]) for row in found["inputs"]])
        self.assertEqual([("baseline", "62.37", "demonstration"), ("project", "4.11", "demonstration")],
                         [(row["name"], row["value"], row["trust"]) for row in found["factors"]])
        self.assertTrue(all(row["source"] and row["from"] == "2024-09-30" for row in found["factors"]))
        self.assertEqual(6, len(found["checks"]))
        self.assertTrue(all(row["holds"] and row["message_zh"] and row["message_en"] for row in found["checks"]))

    def test_the_hash_is_that_of_the_gate(self):
        found = json.loads(self.good("explain", BIKE, self.records, "--record", 1, "--json"))
        self.assertIn(f"SHA-256 {found['hash']}", self.good("check", BIKE))

    def test_a_record_that_fails_a_check_is_explained_up_to_it(self):
        found = self.good("explain", BIKE, self.records, "--record", 2)
        self.assertIn("check_failed", found)
        self.assertIn("0.299", found)

    def test_a_line_that_is_no_record_is_a_slip_of_the_command_line(self):
        code, out = methodology("explain", BIKE, self.records, "--record", 3)
        self.assertEqual(2, code)
        self.assertIn("could not be read", out)

    def test_a_household_is_explained_by_the_seven_days_before(self):
        """Eight days of 10 kWh, but the last of 8: previous 70 / 7 - 8 = 2 kWh x 0.5978 kg in 2025."""
        readings = [*range(1000, 1071, 10), 1078]
        records = [{"scenario": "home", "record_id": f"2025030{n}-a", "subject": "h", "interpolated_count": "0",
                    "started_at": f"2025-03-0{n}T00:00:00+08:00", "ended_at": f"2025-03-0{n + 1}T00:00:00+08:00",
                    "reading_from_kwh": str(first), "reading_until_kwh": str(last)}
                   for n, (first, last) in enumerate(zip(readings, readings[1:]), 1)]
        out = self.good("explain", OWN_MEAN, write_lines(self.folder / "h.ndjson", records), "--record", 8)
        for part in ("20250308-a: accepted", "sum_until_kwh = 7280.000 kWh", "sum_from_kwh = 7210.000 kWh",
                     "previous = sum_until_kwh - sum_from_kwh = 70 kWh", "0.5978 kgCO2e/kWh", "1195600 mgCO2e"):
            self.assertIn(part, out)


class Versions(Copies):
    def dearer(self):
        text = text_of(BIKE).replace('version = "v1"', 'version = "v2"').replace('value = "62.37"', 'value = "63.37"')
        return self.write(text[:text.index("[[vector]]")] + DEARER_VECTORS, "v2")

    def test_the_changed_factor_is_named_with_both_values(self):
        out = self.good("diff", BIKE, self.dearer())
        self.assertIn("version\n  - v1\n  + v2\n", out)
        self.assertIn("parameter baseline from 2024-09-30, value\n  - 62.37 gCO2e/km\n  + 63.37 gCO2e/km\n", out)
        self.assertNotIn("parameter project", out)

    def test_over_records_the_totals_are_compared(self):
        records = write_lines(self.folder / "r.ndjson", [
            ride(1, km="1.000"), ride(2, km="2.000", start="09:00:00", end="09:20:00"), ride(3, km="0.1")])
        out = self.good("diff", BIKE, self.dearer(), "--records", records)
        self.assertIn("over 3 records, each by itself: 2 change", out)
        self.assertIn("before: 2 accepted, 0.174780 kg", out)
        self.assertIn("after: 2 accepted, 0.177780 kg", out)

    def test_a_version_against_itself_has_no_difference(self):
        self.assertEqual("", self.good("diff", BIKE, BIKE))


if __name__ == "__main__":
    unittest.main()
