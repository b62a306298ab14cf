"""Cases worked on by commands, under the real books and their calendar: a methodology's way, its notice, an objection with a
second notice, terms that run over, a year whose working days are not known yet, and who may do what."""
import shutil
import unittest

import test_postgres
from programme import ROOT, Programme, folder_of
from postgres_server import Server as Postgres

OFFICERS = [("li", "operator_clerk", "centre"), ("wang", "operator_approver", "centre"),
            ("chen", "operator_approver", "centre"), ("qian", "authority_clerk", "bureau"),
            ("zhao", "authority_approver", "bureau"),
            ("e1", "expert", "university"), ("e2", "expert", "institute"), ("e3", "expert", "academy")]


class Cases(unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)
        self.programme = self.new_programme()

    def new_programme(self, programme=None, officers=OFFICERS, rulebook="js24"):
        programme = programme or Programme(self.folder / rulebook)
        programme.folder.mkdir(parents=True)
        programme.run("init", "--name", "Test programme", "--rulebook", rulebook, "--rehearsal")
        for person, role, unit in officers:
            programme.run("officer", "record", "--person", person, "--role", role, "--unit", unit, "--from", "2025-01-01",
                          as_of="2025-01-01T09:00:00+08:00")
        self.text = programme.folder / "text.txt"
        self.text.write_text("the full text\n")
        return programme

    def run_on(self, day, *arguments, code=0, programme=None):
        return (programme or self.programme).run(*arguments, as_of=f"{day}T10:00:00+08:00", code=code)

    def open(self, day, procedure, *more, unit="hohai"):
        out = self.run_on(day, "case", "open", procedure, "--unit", unit, *more)
        return out.split()[1].rstrip(":")

    def step(self, day, case, action, person, *more, code=0):
        unit = ["--unit", "hohai"] if person == "zhang" else []
        return self.run_on(day, "case", "step", case, action, "--person", person, *unit, *more, code=code)

    def refused(self, code, day, case, action, person, *more):
        out = self.step(day, case, action, person, *more, code=1)
        self.assertIn(f"{code}:", out)
        self.assertIn("basis: ", out)
        return out

    def documents(self, *kinds):
        return [word for kind in kinds for word in ("--document", f"{kind}={self.text}")]

    def on_notice(self, opened):
        """A methodology whose notice opens on that day."""
        case = self.open("2025-08-28", "methodology")
        self.step("2025-08-28", case, "submit", "zhang", "--field", "principles_statement=met",
                  *self.documents("baseline", "calculation", "monitoring_plan"))
        self.step("2025-08-29", case, "accept", "li")
        for expert in ("e1", "e2", "e3"):
            self.step("2025-09-10", case, "give_opinion", expert, "--vote", "for")
        self.step("2025-09-11", case, "pass_appraisal", "wang")
        self.step(opened, case, "open_notice", "li", *self.documents("full_text"))
        return case

    def test_a_methodology_goes_from_its_application_to_its_publication(self):
        case = self.on_notice("2025-09-25")
        out = self.refused("MET-03", "2025-10-09", case, "close_notice", "li")
        self.assertIn("earliest close 2025-10-10", out)
        self.step("2025-10-10", case, "close_notice", "li")
        self.refused("PRO-02", "2025-10-10", case, "file", "li")
        self.step("2025-10-10", case, "file", "chen")
        self.step("2025-10-13", case, "record_filing", "qian")
        out = self.refused("MET-01", "2025-10-14", case, "publish", "zhao", "--field", "effective_from=2025-11-01")
        self.assertIn("basis: js24.a15", out)
        formula = ROOT / "methodologies/bike-demo/v1/methodology.toml"
        self.step("2025-10-14", case, "publish", "zhao", "--field", "effective_from=2025-11-01", "--document",
                  f"formula={formula}")
        self.assertRegex(self.run_on("2025-10-14", "standing", "list", "methodology"),
                         r"bike-demo/v1 +in_force +2025-11-01")
        shown = self.run_on("2025-10-14", "case", "show", case)
        self.assertIn("(published)", shown)
        self.assertIn("closed 2025-10-10", shown)
        self.programme.run("audit", as_of="2025-10-15T10:00:00+08:00")

    def test_an_objection_that_changes_the_text_asks_for_a_second_notice(self):
        case = self.on_notice("2025-09-25")
        objection = self.run_on("2025-09-26", "case", "open", "objection", "--person", "citizen", "--kind", "person",
                                "--about", case).split()[1].rstrip(":")
        self.step("2025-09-26", objection, "object", "citizen", "--field", "grounds=the baseline is too high",
                  "--field", "contact=a@b")
        self.step("2025-09-28", objection, "admit", "li")
        self.refused("MET-03", "2025-10-10", case, "close_notice", "li")
        self.step("2025-10-10", objection, "uphold", "wang", *self.documents("answer"))
        self.text.write_text("another text\n")
        self.step("2025-10-13", case, "change_text", "zhang", "--reason", "baseline lowered",
                  *self.documents("full_text"))
        self.step("2025-10-13", objection, "confirm_remedy", "chen", "--reason", "changed")
        self.refused("PRO-01", "2025-10-14", case, "close_notice", "li")
        self.step("2025-10-14", case, "open_notice", "li", *self.documents("full_text"))
        self.refused("MET-03", "2025-10-21", case, "close_notice", "li")
        self.step("2025-10-22", case, "close_notice", "li")

    def test_a_scenario_of_the_tenth_of_february_is_due_on_the_second_of_march(self):
        case = self.open("2026-02-10", "scenario")
        given = ["--field", "participants=persons", "--field", "category=transport", "--field", "identifier=bikes-1",
                 *self.documents("operation_evidence", "data_description", "consent_text", "no_double_application")]
        self.refused("SCN-01", "2026-02-10", case, "submit", "zhang", "--field", "operation_started_on=2026-02-11", *given)
        self.step("2026-02-10", case, "submit", "zhang", "--field", "operation_started_on=2026-01-05", *given)
        self.assertIn("day 10 of 10", self.run_on("2026-03-02", "case", "list", "--due"))
        self.assertIn("OVERDUE, to authority_approver", self.run_on("2026-03-03", "case", "list", "--due"))

    def test_a_term_runs_over_and_the_clerk_sees_it_first(self):
        case = self.open("2026-02-10", "methodology")
        self.step("2026-02-10", case, "submit", "zhang", "--field", "principles_statement=met",
                  *self.documents("baseline", "calculation", "monitoring_plan"))
        due = self.run_on("2026-03-02", "case", "list", "--due")
        self.assertIn("2026-03-16", due)
        self.assertNotIn("OVERDUE", due)
        self.assertIn("OVERDUE", self.run_on("2026-03-17", "case", "list", "--due"))

    def test_a_supplement_stops_the_term_until_the_day_after_it_came(self):
        case = self.open("2026-02-10", "methodology")
        self.step("2026-02-10", case, "submit", "zhang", "--field", "principles_statement=met",
                  *self.documents("baseline", "calculation", "monitoring_plan"))
        self.step("2026-03-05", case, "ask_supplement", "li", "--reason", "units are missing")
        self.assertIn("paused", self.run_on("2026-03-20", "case", "list", "--due"))
        self.step("2026-03-20", case, "supplement", "zhang")
        shown = self.run_on("2026-03-23", "case", "show", case)
        self.assertIn("2026-03-05..2026-03-20", shown)
        self.assertIn("2026-04-01", shown)

    def test_a_year_without_working_days_makes_a_notice_provisional_until_it_is_loaded(self):
        case = self.on_notice("2026-12-28")
        self.assertIn("provisional", self.run_on("2026-12-29", "case", "show", case))
        self.refused("CAL-01", "2027-01-20", case, "close_notice", "li")
        home = self.folder / "home"
        shutil.copytree(ROOT / "rulebooks", home / "rulebooks")
        shutil.copytree(ROOT / "methodologies", home / "methodologies")
        year = home / "rulebooks/common/working_days/2027.toml"
        year.write_text('year = 2027\nnotice = "invented"\nissued_on = 2026-11-01\nsource = "https://example.org"\n'
                        'make_up_working_days = []\n\n[[days_off]]\nholiday = "元旦"\nfirst = 2027-01-01\nlast = 2027-01-03\n')
        self.programme.home = home
        self.refused("MET-03", "2027-01-05", case, "close_notice", "li")
        self.step("2027-01-06", case, "close_notice", "li")

    def test_a_local_department_acts_in_its_region_and_no_other(self):
        loc = ["officer", "record", "--person", "loc", "--role", "local_department", "--unit", "city office", "--from",
               "2025-01-01"]
        self.assertIn("PRO-02", self.run_on("2025-08-01", *loc, code=1))
        self.assertIn("PRO-02", self.run_on("2025-08-01", *loc, "--region", "310000", code=1))
        self.run_on("2025-08-01", *loc, "--region", "320500")

        def applied(name, region, code=0):
            case = self.run_on("2025-08-01", "case", "open", "account", "--unit", name, "--kind",
                               "public_institution").split()[1].rstrip(":")
            said = self.run_on("2025-08-01", "case", "step", case, "apply_as_institution", "--person", "chief", "--unit", name,
                               "--field", f"identity={name}", "--field", "terms_version=1", "--field", "privacy_version=1",
                               "--field", "institution_subtype=public_body", "--field", f"region={region}",
                               *self.documents("funding_evidence"), code=code)
            return said if code else case

        here, elsewhere = applied("school", "320571"), applied("hospital", "320600")
        self.assertIn("ORG-01", applied("library", "310101", code=1))
        self.assertIn("another region", self.refused("PRO-02", "2025-08-04", elsewhere, "open", "loc"))
        self.step("2025-08-04", here, "open", "loc")

    def test_nobody_checks_what_they_made_or_decides_about_their_own_unit(self):
        case = self.open("2025-08-28", "methodology", unit="centre")
        self.run_on("2025-08-28", "case", "step", case, "submit", "--person", "zhang", "--unit", "centre", "--field",
                    "principles_statement=met", *self.documents("baseline", "calculation", "monitoring_plan"))
        self.refused("SEP-02", "2025-08-29", case, "accept", "li")
        own = self.open("2025-08-28", "methodology")
        self.step("2025-08-28", own, "submit", "zhang", "--field", "principles_statement=met",
                  *self.documents("baseline", "calculation", "monitoring_plan"))
        self.run_on("2025-08-28", "officer", "record", "--person", "wang", "--role", "operator_clerk", "--unit", "centre",
                    "--from", "2025-08-28")
        self.step("2025-08-29", own, "accept", "wang")
        for expert in ("e1", "e2", "e3"):
            self.step("2025-09-10", own, "give_opinion", expert, "--vote", "for")
        self.refused("SEP-01", "2025-09-11", own, "pass_appraisal", "wang")
        self.step("2025-09-11", own, "pass_appraisal", "chen")

    def test_only_roles_of_the_book_are_given(self):
        out = self.run_on("2025-08-01", "officer", "record", "--person", "a", "--role", "nobody", "--unit", "x", "--from",
                          "2025-08-01", code=1)
        self.assertIn("PRO-02", out)
        self.assertIn("operator_clerk", out)

    def test_three_administrators_are_three_persons(self):
        roles = ["system_administrator", "security_administrator", "audit_administrator"]
        self.run_on("2025-08-01", "officer", "record", "--person", "sun", "--role", roles[0], "--unit", "it", "--from",
                    "2025-08-01")
        for role in roles[1:]:
            self.assertIn("SEP-03", self.run_on("2025-08-01", "officer", "record", "--person", "sun", "--role", role, "--unit",
                                                "it", "--from", "2025-09-01", code=1))

    def test_an_expert_with_an_interest_takes_no_part(self):
        case = self.open("2025-08-28", "methodology")
        self.step("2025-08-28", case, "submit", "zhang", "--field", "principles_statement=met",
                  *self.documents("baseline", "calculation", "monitoring_plan"))
        self.step("2025-08-29", case, "accept", "li")
        self.run_on("2025-08-29", "case", "conflict", case, "--person", "e1")
        self.refused("VER-01", "2025-09-10", case, "give_opinion", "e1", "--vote", "for")
        self.step("2025-09-10", case, "give_opinion", "e2", "--vote", "for")

    def test_the_same_command_again_changes_nothing(self):
        same = ["--id", "0" * 31 + "1"]
        case = self.open("2025-08-28", "methodology")
        step = ["submit", "zhang", "--field", "principles_statement=met",
                *self.documents("baseline", "calculation", "monitoring_plan"), *same]
        first = self.step("2025-08-28", case, *step)
        self.assertEqual(first, self.step("2025-08-28", case, *step))
        self.assertEqual("1", str(self.programme.value("SELECT count(*) FROM case_acts")))
        self.refused("IDM-01", "2025-08-28", case, "take_back", "zhang", *same)

    def test_a_listed_methodology_is_refused_in_a_book_on_trial(self):
        park = self.new_programme(rulebook="sip25", officers=[])
        park.run("listing", "record", "ccer_methodologies", "CCER-01-001", as_of="2025-08-01T10:00:00+08:00")
        opened = self.run_on("2025-08-28", "case", "open", "methodology", "--unit", "hohai", programme=park)
        case = opened.split()[1].rstrip(":")
        shown = self.run_on("2025-08-28", "case", "show", case, "--person", "zhang", "--unit", "hohai", programme=park)
        self.assertIn("submit", shown)
        out = self.run_on("2025-08-28", "case", "step", case, "submit", "--person", "zhang", "--unit", "hohai",
                          "--field", "methodology_subject=CCER-01-001", "--field", "kind=scenario", "--field", "principles_statement=met",
                          *self.documents("baseline", "calculation", "monitoring_plan", "additionality"), code=1,
                          programme=park)
        self.assertIn("MET-02", out)

    def test_on_a_server_it_is_the_same(self):
        postgres = Postgres.create()
        self.addCleanup(postgres.remove)
        self.programme = self.new_programme(test_postgres.ServerProgramme(self.folder / "pg", postgres, "cases"))
        self.test_a_methodology_goes_from_its_application_to_its_publication()


if __name__ == "__main__":
    unittest.main()
