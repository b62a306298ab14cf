"""A regulation of its own words and figures, walked by commands from an application to points, orders and the end of their
term: a folder, and no line of C++."""
import unittest

from programme import ROOT, Programme, Refusals, consents, folder_of, home_of, ride, write_lines
from test_batch_kinds import meal

RIDES, PLATES = "bike-demo/v1", "clean-plate/v1"
OFFICERS = [("dolma", "township", "township"), ("norbu", "township_head", "township"), ("tashi", "council", "council"),
            ("ama", "elder", "upper village"), ("apo", "elder", "lower village"), ("karma", "warden", "forest")]
FIRST = "2026-01-05"  # day of the programme
UNITS = {"pema": "village", "sonam": "yak cooperative"}


class ThirdBook(Refusals, unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)
        self.programme = Programme(self.folder)
        self.programme.home = home_of(self.folder, ROOT / "tests/third_book", (RIDES, PLATES))
        self.programme.zone = "+06:00"
        self.programme.run("init", "--name", "Hills", "--rulebook", "hill26", "--rehearsal")
        self.programme.record_officers(FIRST, OFFICERS)
        self.paper = self.folder / "paper.txt"
        self.paper.write_text("paper\n")

    def on(self, day, *arguments, code=0):
        return self.programme.on(day, *arguments, code=code)

    def step(self, day, case, action, person, *more, code=0):
        unit = ["--unit", UNITS[person]] if person in UNITS else []
        return self.programme.step(day, case, action, person, *unit, *more, code=code)

    def refused(self, code, article, said):
        return self.assert_refused(code, f"hill26.{article}", said)

    def document(self, kind, path=None):
        return ["--document", f"{kind}={path or self.paper}"]

    def formula(self, methodology=RIDES):
        return self.document("formula", self.programme.home / "methodologies" / methodology / "methodology.toml")

    def bring_in(self, procedure, state, *more):
        """As decided before the programme began."""
        out = self.on(FIRST, "case", "bring-in", procedure, state, "--person", "dolma", "--unit", "yak cooperative",
                      *self.document("earlier_decision"), *more)
        return out.split()[1].rstrip(":")

    def record(self, day, name, case, methodology, people):
        self.on(day, "scenario", "record", "--name", name, "--title-zh", "山路", "--title-en", "Hill paths", "--developer",
                "yak cooperative", "--methodology", methodology, "--case", case, "--live-from", "2025-12-01",
                "--partner-key", f"{self.programme.key('partner')}.pub")
        self.on(day, "consent", "load", consents(self.folder / f"{name}.csv", people, name))

    def may_sign(self):
        self.on(FIRST, "signer", "record", "operator", "--key", f"{self.programme.key('operator')}.pub")
        self.on(FIRST, "delegation", "record", "--document", "L-1", "--scope", "*", "--from", FIRST, "--until",
                "2026-12-31", "--limit-kg", "500")

    def live(self, name, methodology, people):
        """A scenario that was running when the programme began."""
        self.bring_in("methodology", "approved", "--field", "effective_from=2025-12-01", *self.formula(methodology))
        case = self.bring_in("scenario", "running", "--field", "live_from=2025-12-01")
        self.record(FIRST, name, case, methodology, people)
        return case

    def take_in(self, day, name, records, code=0):
        path = write_lines(self.folder / f"{name}-{day}.ndjson", records)
        return self.programme.report("ingest", "--scenario", name, path, as_of=f"{day}T10:00:00+06:00", code=code)["counts"]

    def issue(self, day, name, first, last):
        self.on(day, "seal", "--scenario", name, "--until", last)
        return self.programme.issue(name, first, last, f"{day}T12:00:00+06:00", delegation="L-1")

    def account(self, subject):
        """Points, grams behind them, grams beside them, points and grams of honour."""
        points, *milligrams = self.programme.rows(
            "SELECT points_available, backing_mg, free_mg, honour_points, honour_mg FROM accounts JOIN accounts_register "
            f"USING (account_id) WHERE ref = 'person-{subject}'")[0]
        backing, free, honour_points, honour = milligrams
        return points, backing / 1000, free / 1000, honour_points, honour / 1000

    def sound(self, day):
        self.assertIn("all invariants hold", self.on(day, "audit"))

    def offer(self, day, price):
        self.on(day, "provider", "record", "--name", "Tea house", "--from", "2026-03-01", "--until", "2026-12-31")
        self.on(day, "offer", "record", "--provider", "Tea house", "--title-zh", "茶", "--title-en", "tea", "--price", price,
                "--stock", "9")

    def posted(self, day="2026-03-02"):
        case = self.programme.open_case(day, "methodology", "--unit", "village")
        self.step(day, case, "post", "pema", *self.document("sketch"))
        return case

    def approved(self):
        case = self.posted()
        self.step("2026-03-06", case, "take_down", "dolma")
        self.step("2026-03-06", case, "speak", "ama", "--vote", "for")
        self.step("2026-03-07", case, "speak", "apo", "--vote", "against")
        self.step("2026-03-09", case, "approve", "tashi", "--field", "effective_from=2026-03-10", *self.formula())
        return case

    def test_a_methodology_is_posted_for_three_working_days_and_approved_by_the_council(self):
        case = self.programme.open_case("2026-03-02", "methodology", "--unit", "village")
        self.refused("MET-01", "a2", self.step("2026-03-02", case, "post", "pema", code=1))
        self.step("2026-03-02", case, "post", "pema", *self.document("sketch"))
        early = self.refused("MET-03", "a2", self.step("2026-03-05", case, "take_down", "dolma", code=1))
        self.assertIn("2026-03-06", early)
        self.refused("PRO-02", "a2", self.step("2026-03-06", case, "take_down", "pema", code=1))
        self.step("2026-03-06", case, "take_down", "dolma")
        self.assertIn("2026-03-27", self.on("2026-03-06", "case", "due", "--role", "council"))
        self.step("2026-03-06", case, "speak", "ama", "--vote", "for")
        approve = ("approve", "tashi", "--field", "effective_from=2026-03-10")
        self.refused("MET-03", "a2", self.step("2026-03-09", case, *approve, *self.formula(), code=1))
        self.step("2026-03-07", case, "speak", "apo", "--vote", "against")
        self.refused("MET-01", "a2", self.step("2026-03-09", case, *approve, code=1))
        self.refused("PRO-02", "a2", self.step("2026-03-09", case, "approve", "norbu", *self.formula(), code=1))
        self.step("2026-03-09", case, *approve, *self.formula())
        self.assertRegex(self.on("2026-03-09", "standing", "list", "methodology"), r"bike-demo/v1 +in_force +2026-03-10")
        self.sound("2026-03-10")

    def test_a_day_begins_by_the_sun_of_the_hills(self):
        case = self.posted()
        take_down = ("case", "step", case, "take_down", "--person", "dolma")
        self.refused("MET-03", "a2", self.programme.run(*take_down, as_of="2026-03-06T01:59:59+08:00", code=1))
        self.programme.run(*take_down, as_of="2026-03-06T02:00:00+08:00")

    def test_what_a_neighbour_grumbles_about_stays_posted_until_the_answer(self):
        case = self.posted()
        grumble = self.programme.open_case("2026-03-03", "grumble", "--person", "lhamo", "--kind", "person", "--about", case)
        self.refused("MET-03", "a10", self.step("2026-03-03", grumble, "grumble", "lhamo", code=1))
        self.step("2026-03-03", grumble, "grumble", "lhamo", "--field", "why=goats are not counted")
        self.refused("MET-03", "a10", self.step("2026-03-06", case, "take_down", "dolma", code=1))
        self.assertIn("OVERDUE, to council", self.on("2026-03-11", "case", "list", "--due"))
        self.step("2026-03-11", grumble, "settle", "norbu")
        self.step("2026-03-11", case, "take_down", "dolma")

    def test_a_scenario_is_recorded_and_its_riders_get_points_by_the_rule_of_the_hills(self):
        methodology = self.approved()
        self.may_sign()
        case = self.programme.open_case("2026-03-10", "scenario", "--unit", "yak cooperative")
        given = ["--field", "operation_started_on=2026-02-01", "--field", "identifier=goat-path"]
        self.refused("SCN-02", "a3", self.step("2026-03-10", case, "apply", "sonam", *given, code=1))
        self.step("2026-03-10", case, "apply", "sonam", *given, "--field", f"methodology={methodology}")
        self.step("2026-03-10", case, "visit", "dolma", *self.document("visit_note"))
        self.refused("SCN-05", "a3", self.step("2026-03-11", case, "record", "norbu", code=1))
        sample = write_lines(self.folder / "sample.ndjson", [ride(n, f"u{n}", "2026-03-10") for n in range(10)])
        self.on("2026-03-11", "scenario", "conform", "--case", case, "--methodology", RIDES, sample)
        self.refused("PRO-02", "a3", self.step("2026-03-11", case, "record", "dolma", code=1))
        self.step("2026-03-11", case, "record", "norbu")
        self.record("2026-03-11", "rides", case, RIDES, ["u1", "u2"])

        rides = [ride(n, "u1", f"2026-03-{day}", km="6.000") for n, day in enumerate((11, 12, 13))]
        rides += [ride(9, "u2", "2026-03-12"), ride(10, "u2", "2026-03-10")]
        self.assertEqual({"received": 4, "scenario_not_live": 1}, self.take_in("2026-03-31", "rides", rides, code=4))
        self.on("2026-04-01", "seal", "--scenario", "rides", "--until", "2026-03-31")
        out = self.on("2026-04-01", "batch", "compute", "--scenario", "rides", "--from", "2026-03-11", "--until",
                      "2026-03-31")
        self.assertIn("2 persons, 4 records, 1.223460 kg", out)
        self.on("2026-04-01", "batch", "sign", 1, "--as", "operator", "--delegation", "L-1", "--key",
                self.programme.key("operator"))
        self.refused("ISS-01", "a8", self.on("2026-04-01", "batch", "post", 1, code=1))
        self.on("2026-04-01", "batch", "sign", 1, "--as", "partner", "--key", self.programme.key("partner"))
        self.assertIn("2 points", self.on("2026-04-01", "batch", "post", 1))
        # 3 x 6 km x 58.26 g = 1,048.68 g are two points of 500 g; 174.78 g are none.
        self.assertEqual((2, 1048.68), (self.account("u1")[0], sum(self.account("u1")[1:3])))
        self.assertEqual((0, 0, 174.78, 0, 0), self.account("u2"))

        self.offer("2026-04-02", 2)
        self.refused("MAL-02", "a5", self.on("2026-04-02", "order", "--account", "person-u2", "--offer", 1, code=1))
        self.on("2026-04-02", "order", "--account", "person-u1", "--offer", 1)
        self.assertIn("0 orders are completed", self.on("2026-04-05", "complete", "--due"))
        self.assertIn("1 orders are completed", self.on("2026-04-06", "complete", "--due"))
        self.assertIn("1 orders settled", self.on("2026-04-06", "settle", "--provider", "Tea house"))
        self.assertEqual((0, 2), (self.account("u1")[0], self.account("u1")[3]))

        retire = ("retire", "--account", "person-u2", "--amount-kg", "0.1", "--beneficiary", "stoves of the upper village")
        self.refused("USE-01", "a6", self.on("2026-04-08", *retire, "--purpose", "event_neutrality", code=1))
        certificate = self.folder / "certificate.json"
        self.on("2026-04-08", *retire, "--purpose", "voluntary_offset", "--certificate", certificate)
        self.on("2026-04-08", "verify", certificate, "--key", f"{self.programme.db}.log-key.pub")
        self.sound("2026-04-09")

    def test_points_earned_first_are_spent_first_and_the_rest_is_good_for_three_years(self):
        self.may_sign()
        self.live("plates", PLATES, ["u1"])
        self.live("rides", RIDES, ["u1"])
        meals = [meal(n, "u1", "2026-03-03", 6 + 4 * n) for n in range(3)]
        self.take_in("2026-03-31", "plates", meals)
        self.take_in("2026-03-31", "rides", [ride(n, "u1", f"2026-03-1{n}", km="6.000") for n in range(3)])
        self.issue("2026-04-01", "plates", "2026-03-01", "2026-03-31")
        self.assertEqual((6, 0, 0, 0, 0), self.account("u1"))
        self.issue("2026-04-10", "rides", "2026-03-01", "2026-03-31")
        before = self.account("u1")
        self.assertEqual((8, 1048.68), (before[0], sum(before[1:3])))
        self.offer("2026-04-11", 4)
        self.on("2026-04-11", "order", "--account", "person-u1", "--offer", 1)
        self.assertEqual((4, *before[1:3]), self.account("u1")[:3])  # two plain points and two that bear are left
        self.on("2029-04-01", "expire")
        self.assertEqual(4, self.account("u1")[0])
        self.on("2029-04-02", "expire")
        self.assertEqual((2, *before[1:3]), self.account("u1")[:3])
        self.on("2029-04-11", "expire")
        self.assertEqual((0, 0), self.account("u1")[:2])
        self.sound("2029-04-12")

    def test_snow_stops_the_acts_and_a_warden_holds_the_evidence(self):
        self.may_sign()
        case = self.live("rides", RIDES, ["u1"])
        self.step("2026-03-10", case, "snow_in", "norbu", "--reason", "two metres")
        days = ["2026-03-09", "2026-03-10", "2026-03-11"]
        rides = [ride(n, "u1", day) for n, day in enumerate(days)]
        self.assertEqual({"received": 2, "scenario_not_live": 1}, self.take_in("2026-03-12", "rides", rides, code=4))
        self.issue("2026-03-13", "rides", "2026-03-01", "2026-03-12")
        inquiry = self.programme.open_case("2026-03-13", "inquiry", "--unit", "yak cooperative", "--about", case)
        self.step("2026-03-13", inquiry, "look", "karma")
        delete = ("evidence", "delete", "--scenario", "rides", "--before", "2026-03-12")
        self.refused("HLD-01", "a11", self.on("2026-03-14", *delete, code=1))
        self.refused("PRO-02", "a11", self.step("2026-03-14", inquiry, "end", "karma", "--reason", "nothing", code=1))
        self.step("2026-03-14", inquiry, "end", "tashi", "--reason", "nothing was found")
        self.assertIn("evidence of 2 days", self.on("2026-03-14", *delete))
        self.sound("2026-03-15")

    def test_the_council_itself_does_not_sign(self):
        self.live("rides", RIDES, ["u1"])
        self.take_in("2026-03-12", "rides", [ride(1, "u1", "2026-03-10")])
        self.on("2026-03-13", "seal", "--scenario", "rides", "--until", "2026-03-12")
        self.on("2026-03-13", "batch", "compute", "--scenario", "rides", "--from", "2026-03-01", "--until", "2026-03-12")
        self.on("2026-03-13", "signer", "record", "authority", "--key", f"{self.programme.key('council')}.pub")
        self.on("2026-03-13", "batch", "sign", 1, "--as", "authority", "--key", self.programme.key("council"), code=1)

    def test_an_act_before_the_entry_into_force_does_not_count(self):
        self.live("rides", RIDES, ["u1"])
        rides = [ride(1, "u1", "2025-12-31"), ride(2, "u1", "2026-01-01")]
        self.assertEqual(1, self.take_in("2026-01-06", "rides", rides, code=None)["received"])


if __name__ == "__main__":
    unittest.main()
