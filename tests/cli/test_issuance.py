"""Issuance on application, under the park's book with a day of entry into force: the amount is the platform's, periods do
not overlap, a second one within a year needs its reason and both authorities, and nothing is used before the notice has
ended."""
import unittest

from programme import ROOT, Programme, consents, folder_of, home_of, put_in_force, ride, write_lines

OFFICERS = [("li", "operator_clerk", "centre"), ("wang", "operator_approver", "centre"),
            ("jin", "authority_economy", "bureau-1"), ("shui", "authority_ecology", "bureau-2")]
BEGAN = "2025-01-01T00:00:00+08:00"


class Park(unittest.TestCase):
    """A programme under the park's book, with officers; what acts there are is said by who derives."""

    NAME, ACTION, FIELD, METHODOLOGY = "rides", "apply_for_scenario", "scenario", "bike-demo/v1"

    def setUp(self):
        self.folder = folder_of(self)
        self.programme = Programme(self.folder / "p")
        self.programme.home = home_of(self.folder, methodologies=(self.METHODOLOGY,))
        put_in_force(self.programme.home, "sip25", "2025-01-01")
        self.programme.folder.mkdir(parents=True)
        self.programme.run("init", "--name", "Park", "--rulebook", "sip25", "--rehearsal")
        self.programme.record_officers("2025-01-01", OFFICERS)
        self.report = self.programme.folder / "report.txt"
        self.report.write_text("monitored\n")
        self.add_acts()

    def on(self, day, *arguments, code=0):
        return self.programme.on(day, *arguments, code=code)

    def step(self, day, case, action, person, *more, code=0):
        unit = ["--unit", "Partner"] if person == "zhang" else []
        return self.programme.step(day, case, action, person, *unit, *more, code=code)

    def refused(self, refusal, day, case, action, person, *more):
        out = self.step(day, case, action, person, *more, code=1)
        self.assertIn(f"{refusal}:", out)
        self.assertIn("basis: sip25.a16", out)
        return out

    def compute(self, day, first, last):
        """The number of the batch, and its amount in kg."""
        out = self.on(day, "batch", "compute", "--scenario", self.NAME, "--from", first, "--until", last)
        batch = out.split(":")[0].removeprefix("batch ")
        mg = int(self.programme.value(f"SELECT issued_mg FROM batches WHERE batch_id = {batch}"))
        return batch, f"{mg // 1_000_000}.{mg % 1_000_000:06}"

    def sign(self, day, batch):
        self.on(day, "batch", "sign", batch, "--as", "partner", "--key", self.programme.key("partner"))

    def apply_for(self, day, first, last, kg, code=0):
        case = self.programme.open_case(day, "issuance", "--unit", "Partner")
        out = self.step(day, case, self.ACTION, "zhang", "--field", f"{self.FIELD}={self.scenario}", "--field",
                        f"period_from={first}", "--field", f"period_to={last}", "--field", f"amount_kg={kg}",
                        "--document", f"monitoring_report={self.report}", code=code)
        return case if code == 0 else out

    def issued(self, day, first="2025-01-01", last="2025-01-31"):
        """A period that was applied for, examined, approved, issued and posted on that day."""
        batch, kg = self.compute(day, first, last)
        self.sign(day, batch)
        case = self.apply_for(day, first, last, kg)
        self.step(day, case, "examine", "li")
        self.step(day, case, "approve", "wang")
        self.step(day, case, "issue", "wang")
        self.on(day, "batch", "post", batch)
        return case


class Issuance(Park):
    def add_acts(self):
        """A scenario that is live, with acts in January and in February."""
        programme = self.programme
        programme.publish_methodology("bike-demo/v1", BEGAN)
        self.scenario = programme.bring_in("scenario", "live", BEGAN, "--field", "live_from=2025-01-01", "--field",
                                           "operation_started_on=2025-01-01")
        programme.run("scenario", "record", "--name", "rides", "--title-zh", "骑行", "--title-en", "Rides", "--developer",
                      "Partner", "--methodology", "bike-demo/v1", "--case", self.scenario, "--live-from", "2025-01-01",
                      "--partner-key", f"{programme.key('partner')}.pub", as_of=BEGAN)
        programme.run("consent", "load", consents(programme.folder / "consents.csv", ["u1"]), as_of=BEGAN)
        rides = [ride(i, day=f"2025-{month:02}-{day:02}") for i, (month, day) in
                 enumerate([(1, 6), (1, 20), (2, 3), (2, 4)])]
        programme.run("ingest", "--scenario", "rides", write_lines(programme.folder / "rides.ndjson", rides),
                      as_of="2025-02-05T08:00:00+08:00")
        programme.run("seal", "--scenario", "rides", "--until", "2025-02-04", as_of="2025-02-05T09:00:00+08:00")

    def test_what_the_platform_computed_is_issued_held_and_released_after_its_notice(self):
        batch, kg = self.compute("2025-02-10", "2025-01-01", "2025-01-31")
        case = self.apply_for("2025-02-10", "2025-01-01", "2025-01-31", "999")
        self.refused("ISS-03", "2025-02-11", case, "examine", "li")
        self.step("2025-02-11", case, "ask_supplement", "li", "--reason", "the amount is another")
        self.step("2025-02-12", case, "supplement", "zhang", "--field", f"amount_kg={kg}")
        self.step("2025-02-12", case, "examine", "li")
        self.step("2025-02-13", case, "approve", "wang")
        self.refused("ISS-01", "2025-02-13", case, "issue", "wang")
        self.sign("2025-02-13", batch)
        self.assertIn("ISS-01", self.on("2025-02-13", "batch", "post", batch, code=1))
        self.step("2025-02-13", case, "issue", "wang")
        self.on("2025-02-13", "batch", "post", batch)
        use = ["cancel", "--account", "person-u1", "--amount-kg", kg]
        out = self.on("2025-02-14", *use, code=1)
        self.assertIn("USE-02", out)
        self.assertIn("notice", out)
        self.refused("ISS-02", "2025-02-20", case, "release", "li")
        self.step("2025-02-21", case, "release", "li")
        self.on("2025-02-21", *use)
        self.programme.run("audit", as_of="2025-02-22T10:00:00+08:00")

    def test_nobodys_key_signs_where_a_case_issues(self):
        batch, _ = self.compute("2025-02-10", "2025-01-01", "2025-01-31")
        self.on("2025-02-10", "signer", "record", "operator", "--key", f"{self.programme.key('operator')}.pub")
        out = self.on("2025-02-10", "batch", "sign", batch, "--as", "operator", "--delegation", "D-1", "--key",
                      self.programme.key("operator"), code=1)
        self.assertIn("ISS-01", out)
        self.assertIn("application", out)

    def test_periods_do_not_overlap_nor_leave_the_time_of_operation(self):
        self.issued("2025-02-10")
        self.assertIn("ISS-02", self.apply_for("2025-02-11", "2025-01-31", "2025-02-04", "1", code=1))
        self.assertIn("ISS-02", self.apply_for("2025-02-11", "2024-12-31", "2025-01-01", "1", code=1))
        self.assertIn("ISS-02", self.apply_for("2025-02-11", "2025-02-04", "2025-02-01", "1", code=1))

    def test_a_second_issuance_within_a_year_needs_its_reason_and_both_authorities(self):
        self.issued("2025-02-10")
        batch, kg = self.compute("2025-03-03", "2025-02-01", "2025-02-28")
        self.sign("2025-03-03", batch)
        case = self.apply_for("2025-03-03", "2025-02-01", "2025-02-28", kg)
        self.step("2025-03-04", case, "examine", "li")
        self.refused("ISS-04", "2025-03-05", case, "approve", "wang")
        early = ("approve_early", "jin", "--reason", "the scenario ends")
        self.refused("ISS-04", "2025-03-05", case, *early)
        self.step("2025-03-05", case, *early, "--field", "early_reason=the scenario ends")
        self.assertIn("PRO-01", self.step("2025-03-05", case, "issue", "wang", code=1))
        self.step("2025-03-06", case, "approve_early", "shui", "--reason", "agreed")
        self.step("2025-03-06", case, "issue", "wang")
        self.on("2025-03-06", "batch", "post", batch)
        self.programme.run("audit", as_of="2025-03-07T10:00:00+08:00")

    def test_a_year_later_no_reason_is_asked(self):
        self.issued("2025-02-10")
        _, kg = self.compute("2026-02-10", "2025-02-01", "2025-02-28")
        case = self.apply_for("2026-02-09", "2025-02-01", "2025-02-28", kg)
        self.step("2026-02-09", case, "examine", "li")
        self.refused("ISS-04", "2026-02-09", case, "approve", "wang")
        self.step("2026-02-10", case, "approve", "wang")

    def test_an_upheld_objection_keeps_what_was_issued_held(self):
        case = self.issued("2025-02-10")
        objection = self.programme.open_case("2025-02-11", "objection", "--person", "citizen", "--kind", "person", "--about",
                                              case)
        self.step("2025-02-11", objection, "object", "citizen", "--field", "grounds=counted twice", "--field",
                  "contact=a@b")
        self.step("2025-02-12", objection, "admit", "li")
        self.refused("ISS-02", "2025-02-28", case, "release", "li")
        self.step("2025-02-28", objection, "uphold", "wang", "--document", f"answer={self.report}")
        self.step("2025-03-03", case, "hand_to_correction", "wang", "--reason", "counted twice")
        self.assertRegex(self.on("2025-03-03", "standing", "list", "issuance"), "under_correction")
        self.assertIn("USE-02", self.on("2025-03-04", "cancel", "--account", "person-u1", "--amount-kg",
                                        "0.001", code=1))
        self.programme.run("audit", as_of="2025-03-05T10:00:00+08:00")

        # Corrected, what stays is free.
        faulty = self.programme.folder / "faulty.csv"
        faulty.write_text("20250106-0\n")
        correction = self.programme.open_case("2025-03-06", "correction", "--unit", "Partner")
        self.on("2025-03-06", "correction", "compute", "--case", correction, "--scenario", "rides", "--responsible", "Partner",
                "--records", faulty)
        self.step("2025-03-06", correction, "propose", "li", "--field", "scenario=rides", "--field", "cause=counted twice",
                  "--field", "cause_class=device", "--field", "responsible_party=Partner", "--field",
                  "amount_kg=0.174780", "--document", f"records={faulty}")
        self.step("2025-03-06", correction, "decide", "wang", "--reason", "counted twice")
        self.on("2025-03-06", "correction", "post", correction)
        self.assertEqual([(1,)], self.programme.rows("SELECT held FROM batches"))
        self.step("2025-03-06", correction, "post", "li")
        self.on("2025-03-07", "cancel", "--account", "person-u1", "--amount-kg", "0.001")
        self.assertIn("USE-02", self.on("2025-03-07", "cancel", "--account", "person-u1", "--amount-kg", "0.174780", code=1))
        self.programme.run("audit", as_of="2025-03-07T12:00:00+08:00")

    def test_on_trial_nothing_is_computed_for_issuance(self):
        self.programme.home = ROOT
        out = self.on("2025-02-10", "batch", "compute", "--scenario", "rides", "--from", "2025-01-01", "--until",
                      "2025-01-31", code=1)
        self.assertIn("ISS-01", out)


class IssuanceToAProject(Park):
    """The same way for a project: its meters, its methodology, its owner; a loss goes on to its next issuance."""

    NAME, ACTION, FIELD, METHODOLOGY = "heat", "apply_for_project", "project", "heat-pump-water/v1"

    def add_acts(self):
        programme = self.programme
        programme.publish_methodology(self.METHODOLOGY, BEGAN)
        self.scenario = programme.bring_in("project", "live", BEGAN, "--field", "live_from=2025-01-01", "--field",
                                           "operation_started_on=2025-01-01")
        programme.run("scenario", "record", "--name", "heat", "--title-zh", "热泵", "--title-en", "Heat pump", "--developer",
                      "Partner", "--methodology", self.METHODOLOGY, "--case", self.scenario, "--live-from", "2025-01-01",
                      "--lateness-days", 60, "--partner-key", f"{programme.key('partner')}.pub", as_of=BEGAN)
        programme.bring_in("account", "active", BEGAN, "--kind", "organisation", "--field", "identity=uscc-1")
        programme.run("consent", "load", consents(programme.folder / "consents.csv", {"meter-1": "Partner"}, "heat"),
                      as_of=BEGAN)
        months = [("2025-01-01", "2025-01-31", 80, 100), ("2025-02-01", "2025-02-28", 100, 40)]
        programme.run("ingest", "--scenario", "heat", write_lines(programme.folder / "heat.ndjson", [
            {"scenario": "heat", "record_id": f"{first.replace('-', '')}-1", "subject": "meter-1",
             "started_at": f"{first}T00:00:00+08:00", "ended_at": f"{last}T00:00:00+08:00", "heat_from_kwh": "0",
             "heat_until_kwh": f"{heat}", "used_from_kwh": "0", "used_until_kwh": f"{used}", "interpolated_count": "0"}
            for first, last, heat, used in months]), as_of="2025-03-01T08:00:00+08:00")
        programme.run("seal", "--scenario", "heat", "--until", "2025-02-28", as_of="2025-03-01T09:00:00+08:00")

    def test_is_issued_to_the_owner_less_its_loss(self):
        # Under the factor of that year, 0.5978 kg a kWh: January lost 6.642223 kg, February saved 42.510222 kg.
        batch, kg = self.compute("2025-03-02", "2025-01-01", "2025-02-28")
        self.assertEqual("35.867999", kg)
        self.sign("2025-03-02", batch)
        self.assertIn("ISS-02", self.apply_for("2025-03-02", "2024-12-01", "2025-02-28", kg, code=1))
        case = self.apply_for("2025-03-02", "2025-01-01", "2025-02-28", kg)
        self.step("2025-03-03", case, "examine", "li")
        self.step("2025-03-03", case, "approve", "wang")
        self.step("2025-03-03", case, "issue", "wang")
        self.on("2025-03-03", "batch", "post", batch)
        self.assertEqual([(2, 35_867_999)], self.programme.rows(
            "SELECT r.kind, a.free_mg FROM accounts a JOIN accounts_register r USING (account_id)"))
        self.assertIn("USE-02", self.on("2025-03-04", "cancel", "--account", "Partner", "--amount-kg", "1", code=1))
        self.step("2025-03-11", case, "release", "li")
        self.on("2025-03-11", "cancel", "--account", "Partner", "--amount-kg", "1")
        self.assertIn("all invariants hold", self.on("2025-03-12", "audit"))
        # Losses are carried from batch to batch: a correction says that it cannot be computed.
        faulty = self.programme.folder / "faulty.csv"
        faulty.write_text("20250201-1\n")
        correction = self.programme.open_case("2025-03-12", "correction", "--unit", "Partner")
        self.assertIn("HLD-01", self.on("2025-03-12", "correction", "compute", "--case", correction, "--scenario", "heat",
                                        "--responsible", "Partner", "--records", faulty, code=1))


if __name__ == "__main__":
    unittest.main()
