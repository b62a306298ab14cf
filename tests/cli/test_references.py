"""Households against the mean of their peers: readings of one month make the figures of the next, frozen before it begins."""
import json
import unittest
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from programme import Programme, consents, folder_of

GRID = Decimal("0.5978")  # kgCO2e/kWh, Jiangsu 2022: in force over 2025
# Daily use of each meter in kWh; m1 and m7 are one person's.
USES = {"m1": "5.1", "m2": "6.203", "m3": "7", "m4": "4.9", "m5": "5.555", "m6": "6", "m7": "3.25"}
PERSON = {meter: f"household-{1 if meter == 'm7' else int(meter[1])}" for meter in USES}


def line(meter, day, used, home="two_persons"):
    date = f"2025-0{day // 100}-{day % 100:02d}"
    following = f"2025-0{day // 100}-{day % 100 + 1:02d}"
    return json.dumps({"scenario": "homes", "record_id": f"{date.replace('-', '')}-{meter}", "subject": meter,
                       "started_at": f"{date}T00:00:00+08:00", "ended_at": f"{following}T00:00:00+08:00", "home": home,
                       "reading_from_kwh": "100", "reading_until_kwh": str(Decimal(100) + Decimal(used)),
                       "used_kwh": used}) + "\n"


class PeerMeans(unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)
        self.programme = Programme(self.folder)
        self.programme.found("homes", consents(self.folder / "consents.csv", PERSON, scenario="homes"),
                             methodology="household-peer-mean/v1")

    def ingest(self, name, lines, as_of):
        path = self.folder / name
        path.write_text("".join(lines), encoding="utf-8")
        return self.programme.report("ingest", "--scenario", "homes", path, as_of=as_of)

    def seal(self, until, as_of):
        return self.programme.report("seal", "--scenario", "homes", "--until", until, as_of=as_of)

    def february(self):
        self.ingest("february.ndjson", [line(meter, 210 + day, used) for meter, used in USES.items() for day in range(3)],
                    "2025-02-20T00:00:00+08:00")
        return self.seal("2025-02-28", "2025-02-20T01:00:00+08:00")

    def draft(self, as_of="2025-02-25T00:00:00+08:00", code=0):
        text = self.programme.run("reference", "mean", "--scenario", "homes", "--reference", "peer_kwh", "--from",
                                  "2025-02-01", "--until", "2025-02-28", "--for-from", "2025-03-01", "--for-until",
                                  "2025-03-31", as_of=as_of, code=code)
        path = self.folder / "figures.toml"
        path.write_text(text, encoding="utf-8")
        return path, text

    def freeze(self, path, as_of="2025-02-25T00:00:00+08:00", code=0):
        return self.programme.run("reference", "freeze", "--scenario", "homes", path, as_of=as_of, code=code)

    def test_a_month_makes_the_figures_of_the_next(self):
        counts = self.february()["counts"]
        # A person's second meter is no overlap, but one record a person and day is what the cap allows.
        self.assertEqual({"reference_missing": 18, "cap_day": 3}, {k: v for k, v in counts.items() if v})
        path, text = self.draft()
        counted = [Decimal(used) for meter, used in USES.items() if meter != "m7"]
        mean = (sum(counted) / len(counted)).quantize(Decimal("0.001"), ROUND_HALF_UP)
        self.assertIn(f'{{ word = "two_persons", value = "{mean}" }}', text)
        # A table needs all its words, and of the others nothing stands sealed: the operator adds them from elsewhere.
        out = self.freeze(path, code=3)
        self.assertIn("no row for: one_person, three_or_more", out)
        path.write_text(text.replace("]\n", '  { word = "one_person", value = "4" },\n'
                                            '  { word = "three_or_more", value = "9" },\n]\n'), encoding="utf-8")
        self.assertIn("SHA-256", self.freeze(path))
        self.ingest("march.ndjson", [line("m1", 303, "5.1"), line("m4", 303, "4.9"), line("m3", 303, "7"),
                                     line("m2", 303, "0.4"), line("m5", 303, "3", home="one_person")],
                    "2025-03-10T00:00:00+08:00")
        sealed = self.seal("2025-03-31", "2025-03-10T00:00:00+08:00")
        self.assertEqual({"accepted": 4, "check_failed": 1}, {k: v for k, v in sealed["counts"].items() if v})
        saved = [(mean - Decimal("5.1")), (mean - Decimal("4.9")), Decimal(0), Decimal(4) - 3]
        milligrams = sum((kwh * GRID * 1_000_000).quantize(Decimal(1), ROUND_FLOOR) for kwh in saved)
        self.assertEqual(milligrams, self.programme.value("SELECT sum(reduction_mg) FROM sealed_acts"))
        self.programme.issue("homes", "2025-02-01", "2025-03-31", "2025-04-20T00:00:00+08:00")
        self.assertIn("all invariants hold", self.programme.run("audit", as_of="2025-04-21T00:00:00+08:00"))

    def test_figures_come_before_their_period_and_never_change(self):
        path = self.folder / "figures.toml"
        table = ('reference = "peer_kwh"\nfrom = {}\nuntil = 2025-03-31\nsource = "survey"\nrow = [\n'
                 '{{ word = "one_person", value = "4" }}, {{ word = "two_persons", value = "6" }}, '
                 '{{ word = "three_or_more", value = "{}" }}]\n')
        path.write_text(table.format("2025-03-01", "9"), encoding="utf-8")
        late = self.freeze(path, as_of="2025-03-01T00:00:00+08:00", code=1)
        for part in ("MET-04", "适用期", "begins", "2025-03-01"):
            self.assertIn(part, late)
        first = self.freeze(path)
        self.assertEqual(first, self.freeze(path))
        self.assertEqual(3, self.programme.value("SELECT count(*) FROM frozen_figures"))
        path.write_text(table.format("2025-03-15", "10"), encoding="utf-8")
        self.assertIn("frozen for these days already", self.freeze(path, code=1))
        self.assertIn("three_or_more", self.programme.run("reference", "list", "--scenario", "homes"))

    def test_acts_that_wait_for_a_figure_are_sealed_again_when_it_is_there(self):
        path = self.folder / "figures.toml"
        path.write_text('reference = "peer_kwh"\nfrom = 2025-03-01\nuntil = 2025-03-31\nsource = "survey"\nrow = [\n'
                        '{ word = "one_person", value = "4" }, { word = "two_persons", value = "6" }, '
                        '{ word = "three_or_more", value = "9" }]\n', encoding="utf-8")
        self.february()
        self.freeze(path)
        self.ingest("march.ndjson", [line("m1", 303, "5.1")], "2025-03-10T00:00:00+08:00")
        self.assertEqual(1, self.seal("2025-03-31", "2025-03-10T00:00:00+08:00")["counts"]["accepted"])
        self.assertEqual(0, self.seal("2025-03-31", "2025-03-11T00:00:00+08:00")["days_sealed"])

    def test_a_mean_of_few_tells_nothing(self):
        self.ingest("few.ndjson", [line(f"m{n}", 210, "5") for n in range(2, 6)], "2025-02-20T00:00:00+08:00")
        self.seal("2025-02-28", "2025-02-20T01:00:00+08:00")
        _, text = self.draft(code=2)
        self.assertIn("fewer than 5 persons", text)


if __name__ == "__main__":
    unittest.main()
