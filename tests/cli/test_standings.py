"""What follows from the steps of cases, seen from outside: a scenario that is suspended takes no acts, evidence under
investigation stays, a scenario goes live only after its conformance test."""
import unittest

from programme import Programme, consents, folder_of, ride, write_lines

STARTED = "2025-01-01T00:00:00+08:00"


class Standings(unittest.TestCase):
    def setUp(self):
        self.programme = Programme(folder_of(self) / "p")
        self.programme.folder.mkdir(parents=True)

    def found(self):
        self.programme.found("rides", consents(self.programme.folder / "consents.csv", ["u1"]))
        for person, role in (("wang", "operator_approver"), ("zhou", "oversight_officer")):
            self.programme.run("officer", "record", "--person", person, "--role", role, "--unit", "centre", "--from",
                               "2025-01-01", as_of=STARTED)
        return self.programme.value("SELECT case_id FROM scenario_cases WHERE scenario = 'rides'")

    def on(self, day, *arguments, code=0):
        return self.programme.run(*arguments, as_of=f"{day}T10:00:00+08:00", code=code)

    def counts_of(self, records, day, code=0):
        path = write_lines(self.programme.folder / f"{day}.ndjson", records)
        return self.programme.report("ingest", "--scenario", "rides", path, as_of=f"{day}T23:00:00+08:00",
                                     code=code)["counts"]

    def test_a_suspended_scenario_takes_the_acts_of_the_days_before_and_none_of_those_after(self):
        case = self.found()
        self.on("2025-03-05", "case", "step", case, "suspend", "--person", "wang", "--reason", "no data for a month")
        days = ["2025-03-03", "2025-03-05", "2025-03-06", "2025-03-07"]
        late = self.counts_of([ride(i, day=day) for i, day in enumerate(days)], "2025-03-08", code=4)
        self.assertEqual({"received": 2, "scenario_not_live": 2}, late)
        self.on("2025-03-10", "case", "step", case, "resume", "--person", "wang", "--reason", "data again")
        self.assertEqual({"received": 1}, self.counts_of([ride(9, day="2025-03-10")], "2025-03-11"))
        self.programme.run("audit", as_of="2025-03-12T00:00:00+08:00")

    def test_evidence_under_investigation_is_not_deleted_until_the_hold_is_lifted(self):
        case = self.found()
        self.counts_of([ride(1)], "2025-03-03")
        self.on("2025-03-04", "seal", "--scenario", "rides", "--until", "2025-03-03")
        self.programme.issue("rides", "2025-03-03", "2025-03-03", "2025-03-05T10:00:00+08:00")
        opened = self.on("2025-03-05", "case", "open", "violation", "--unit", "Partner", "--about", case)
        violation = opened.split()[1].rstrip(":")
        self.on("2025-03-05", "case", "step", violation, "investigate", "--person", "zhou")
        delete = ("evidence", "delete", "--scenario", "rides", "--before", "2025-03-04")
        out = self.on("2025-03-06", *delete, code=1)
        self.assertIn("HLD-01", out)
        self.assertIn("basis: js24.a44", out)
        self.programme.run("officer", "record", "--person", "sun", "--role", "oversight_officer", "--unit", "centre",
                           "--from", "2025-01-01", as_of=STARTED)
        self.on("2025-03-07", "case", "step", violation, "dismiss", "--person", "sun", "--reason", "nothing was found")
        self.assertIn("evidence of 1 days", self.on("2025-03-07", *delete))

    def test_who_is_under_a_restriction_applies_for_nothing_until_it_has_ended(self):
        self.found()
        paper = self.programme.folder / "paper.txt"
        paper.write_text("evidence\n")
        for person, role in (("zhao", "authority_approver"), ("sun", "oversight_officer")):
            self.programme.run("officer", "record", "--person", person, "--role", role, "--unit", "bureau", "--from",
                               "2025-01-01", as_of=STARTED)

        def step(day, case, action, person, *more, code=0):
            return self.on(day, "case", "step", case, action, "--person", person, *more, code=code)

        violation = self.on("2025-03-03", "case", "open", "violation", "--unit", "hohai").split()[1].rstrip(":")
        step("2025-03-03", violation, "investigate", "zhou")
        step("2025-03-04", violation, "propose", "zhou", "--field", "measure=restriction", "--field", "until=2025-06-30",
             "--document", f"evidence={paper}")
        step("2025-03-05", violation, "decide", "zhao", "--reason", "false papers")
        submit = ("submit", "dong", "--unit", "hohai", "--field", "principles_statement=met",
                  *(word for kind in ("baseline", "calculation", "monitoring_plan") for word in ("--document", f"{kind}={paper}")))
        case = self.on("2025-03-05", "case", "open", "methodology", "--unit", "hohai").split()[1].rstrip(":")
        step("2025-03-06", violation, "execute", "sun")
        out = step("2025-03-07", case, *submit, code=1)
        self.assertIn("ACC-01", out)
        self.assertIn("measure: restriction", out)
        self.assertIn("basis: js24.a44p1", out)
        step("2025-06-30", case, *submit, code=1)
        step("2025-07-01", case, *submit)

    def test_a_scenario_goes_live_after_its_conformance_test(self):
        self.found()
        case = self.programme.bring_in("scenario", "connecting", STARTED)
        live = ("case", "step", case, "go_live", "--person", "wang", "--field", "identifier=rides-2")
        self.assertIn("SCN-05", self.on("2025-03-04", *live, code=1))
        conform = ("scenario", "conform", "--case", case, "--methodology", "bike-demo/v1")
        good = [ride(i, subject=f"u{i}") for i in range(10)]
        few = write_lines(self.programme.folder / "few.ndjson", good[:9])
        bad = write_lines(self.programme.folder / "bad.ndjson", good[:9] + [ride(10, subject="u10", km="900.000")])
        for path in (few, bad):
            self.assertIn("SCN-05", self.on("2025-03-04", *conform, path, code=1))
        self.on("2025-03-04", *conform, write_lines(self.programme.folder / "good.ndjson", good))
        self.on("2025-03-04", *live)
        self.assertRegex(self.on("2025-03-04", "standing", "list", "scenario", "--name", case), r"live +2025-03-04")
        self.programme.run("audit", as_of="2025-03-05T00:00:00+08:00")


if __name__ == "__main__":
    unittest.main()
