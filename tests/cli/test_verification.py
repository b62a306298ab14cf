"""Verification bodies fall off the list by themselves, leads rotate, and panels and samples are drawn by a lot that
anybody can repeat."""
import hashlib
import unittest

from programme import Programme, folder_of

BEGAN = "2025-01-01T00:00:00+08:00"
OFFICERS = [("li", "operator_clerk", "centre"), ("wang", "operator_approver", "centre"),
            ("zhao", "authority_approver", "bureau"), ("ver", "verifier", "body-1"), ("rev", "verifier", "body-2")]
ROSTER = "V-101, V-102, V-103, V-104, V-105"


class Rehearsal(unittest.TestCase):
    rulebook, officers = "js24", OFFICERS

    def setUp(self):
        self.programme = Programme(folder_of(self) / "p")
        self.programme.folder.mkdir(parents=True)
        self.programme.run("init", "--name", "Test programme", "--rulebook", self.rulebook, "--rehearsal")
        self.programme.record_officers("2025-01-01", self.officers)
        self.paper = self.programme.folder / "paper.txt"
        self.paper.write_text("signed\n")

    def on(self, day, *arguments, code=0):
        return self.programme.on(day, *arguments, code=code)

    def step(self, day, case, action, person, *more, unit=None, code=0):
        return self.programme.step(day, case, action, person, *(["--unit", unit] if unit else []), *more, code=code)

    def refused(self, refusal, out):
        self.assertIn(f"{refusal}:", out)
        self.assertIn("basis: ", out)

    def open(self, day, procedure, unit):
        return self.programme.open_case(day, procedure, "--unit", unit)

    def fields(self, **fields):
        return [word for name, text in fields.items() for word in ("--field", f"{name}={text}")]

    def documents(self, *kinds):
        return [word for kind in kinds for word in ("--document", f"{kind}={self.paper}")]

    def repeated(self, case, text):
        """The names in the order of the lot, worked out from the log's block and the names alone."""
        lines = text.splitlines()
        self.assertEqual(["tanpuhui draw 1", f"case {case}"], lines[:2])
        block, leaf = lines[2].removeprefix("block ").split()
        self.assertEqual(leaf, bytes(self.programme.value(f"SELECT leaf_hash FROM blocks WHERE block_no = {block}")).hex())
        number = int(case)
        head = bytes([0x18, number]) if number > 23 else bytes([number])
        if number > 255:
            head = bytes([0x19]) + number.to_bytes(2, "big")
        seed = hashlib.sha256(bytes([0x83, 0x69]) + b"tph/draw1" + bytes([0x58, 0x20]) + bytes.fromhex(leaf) + head).hexdigest()
        self.assertEqual(f"seed {seed}", lines[3])
        names = [line.split(" ", 1)[1] for line in lines[6:]]
        return sorted(names, key=lambda name: hashlib.sha256(f"{seed} {name}".encode()).hexdigest())

    def state_of(self, case):
        return self.programme.value(f"SELECT state FROM cases WHERE case_id = {case}")


class Bodies(Rehearsal):
    def body(self, unit="body-1", staff=ROSTER):
        """A body that was designated before the programme began."""
        self.programme.bring_in("provider_agreement", "in_force", BEGAN)  # records the clerk who brings in
        out = self.programme.run("case", "bring-in", "verification_body", "designated", "--person", "clerk", "--unit", unit,
                                 "--document", f"earlier_decision={self.paper}", *self.documents("staff_roster"),
                                 *self.fields(qualified_staff=5, staff=staff, qualification="cnas",
                                              qualified_until="2026-06-30"), as_of=BEGAN)
        return out.split()[1].rstrip(":")

    def task(self, day, body, lead, code=0):
        case = self.open(day, "verification_task", "Partner")
        out = self.step(day, case, "assign", "li", *self.fields(object="rides", period="2025", sampling="30 persons", lead=lead,
                                                                body=body), code=code)
        return case if code == 0 else out

    def verified(self, day, body, lead):
        case = self.task(day, body, lead)
        self.step(day, case, "begin", "ver", *self.documents("independence_declaration"))
        self.step(day, case, "report", "ver", *self.documents("signed_report"),
                  *self.fields(conclusion="agrees", verified_amount="1 t"))
        self.step(day, case, "accept_report", "wang")

    def test_a_body_that_drops_to_four_staff_is_suspended_and_comes_back_with_five(self):
        body = self.body()
        self.task("2025-03-03", body, "lead-1")
        out = self.step("2025-06-02", body, "report_staff", "boss", *self.fields(qualified_staff=4, staff=ROSTER[:26]),
                        unit="body-1")
        self.assertIn("then by itself: report_shortfall", out)
        self.assertIn("VER-01", out)
        self.assertEqual("suspended", self.state_of(body))
        self.assertRegex(self.on("2025-06-02", "standing", "list", "verification_body"), "suspended")
        self.refused("VER-01", self.task("2025-06-03", body, "lead-1", code=1))
        self.refused("VER-01", self.step("2025-06-03", body, "reinstate", "zhao", code=1))
        self.step("2025-06-10", body, "report_staff", "boss", *self.fields(qualified_staff=5, staff=ROSTER), unit="body-1")
        self.step("2025-06-11", body, "reinstate", "zhao")
        self.task("2025-06-12", body, "lead-1")
        self.programme.run("audit", as_of="2025-06-13T10:00:00+08:00")

    def test_a_body_is_suspended_on_the_day_after_its_qualification_ended(self):
        body = self.body()
        self.assertIn("lapse: 0 cases", self.on("2026-06-30", "jobs", "run", "lapse"))
        out = self.on("2026-07-01", "jobs", "run", "lapse")
        self.assertIn(f"case {body}: designated -> suspended, VER-01", out)
        self.assertIn("lapse: 0 cases", self.on("2026-07-01", "jobs", "run", "lapse"))
        self.programme.run("audit", as_of="2026-07-02T10:00:00+08:00")

    def test_nobody_is_full_time_in_two_bodies(self):
        self.body()
        case = self.open("2025-03-03", "verification_body", "body-2")
        asked = [*self.documents("premises", "management_rules", "finance_rules", "staff_roster"),
                 *self.fields(qualified_staff=5, qualification="cma", qualified_until="2026-01-31")]
        shared = self.fields(staff="V-201, V-202, V-203, V-204, V-105")
        self.refused("VER-01", self.step("2025-03-03", case, "apply", "boss", *asked, *shared, unit="body-2", code=1))
        fewer = self.fields(staff="V-201, V-202, V-203, V-204")
        self.refused("VER-01", self.step("2025-03-03", case, "apply", "boss", *asked, *fewer, unit="body-2", code=1))
        own = self.fields(staff="V-201, V-202, V-203, V-204, V-205")
        self.step("2025-03-03", case, "apply", "boss", *asked, *own, unit="body-2")

    def test_one_lead_does_not_have_the_same_object_a_fourth_time_in_a_row(self):
        body = self.body()
        for day in ("2025-03-03", "2025-04-01", "2025-05-06"):
            self.verified(day, body, "lead-1")
        self.refused("VER-01", self.task("2025-06-03", body, "lead-1", code=1))
        self.verified("2025-06-03", body, "lead-2")
        self.task("2025-07-01", body, "lead-1")

    def test_a_verifier_of_another_body_does_not_work_on_the_task(self):
        task = self.task("2025-03-03", self.body(), "lead-1")
        self.refused("VER-01", self.step("2025-03-03", task, "begin", "rev", *self.documents("independence_declaration"),
                                         code=1))


class Panels(Rehearsal):
    officers = OFFICERS + [(f"e{i}", "expert", f"university-{i}") for i in range(1, 9)]

    def appraising(self):
        case = self.open("2025-08-28", "methodology", "university-8")
        self.step("2025-08-28", case, "submit", "zhang", *self.fields(principles_statement="met"),
                  *self.documents("baseline", "calculation", "monitoring_plan"), unit="university-8")
        self.step("2025-08-29", case, "accept", "li")
        return case

    def test_a_panel_is_drawn_by_lot_and_only_it_votes(self):
        case = self.appraising()
        self.on("2025-09-01", "case", "conflict", case, "--person", "e1")
        text = self.programme.folder / "draw.txt"
        out = self.on("2025-09-01", "case", "draw", case, "draw_panel", "--person", "li", "--out", text)
        order = self.repeated(case, text.read_text())
        self.assertEqual({"e2", "e3", "e4", "e5", "e6", "e7"}, set(order))  # e1 has an interest, e8 is of the applicant's unit
        self.assertIn("3 of 6 drawn by block", out)
        self.assertIn(", ".join(order[:3]), out)
        self.step("2025-09-02", case, "give_opinion", order[0], "--vote", "for")
        self.refused("VER-01", self.step("2025-09-02", case, "give_opinion", order[3], "--vote", "for", code=1))
        again = ("case", "draw", case, "draw_panel", "--person", "li")
        self.assertIn("a draw stands", self.on("2025-09-02", *again, code=1))
        self.on("2025-09-02", "case", "conflict", case, "--person", order[1])
        self.assertNotIn(order[1], self.on("2025-09-02", *again))
        self.programme.run("audit", as_of="2025-09-03T10:00:00+08:00")

    def test_nobody_chooses_a_panel_and_calls_it_drawn(self):
        case = self.appraising()
        text = self.programme.folder / "draw.txt"
        other = self.appraising()
        self.on("2025-09-01", "case", "draw", other, "draw_panel", "--person", "li", "--out", text)
        drawn = [line.split(" ", 1)[1] for line in text.read_text().splitlines()[6:9]]
        self.refused("VER-01", self.step("2025-09-01", case, "draw_panel", "li", "--field", f"drawn={', '.join(drawn)}",
                                         "--document", f"draw={text}", code=1))

    def test_a_pool_that_is_too_small_is_not_drawn_from(self):
        for i in range(1, 8):
            self.programme.run("officer", "record", "--person", f"e{i}", "--role", "expert", "--unit", f"university-{i}",
                               "--from", "2025-01-01", "--until", "2025-08-31" if i > 2 else "2026-12-31", as_of=BEGAN)
        case = self.appraising()
        self.refused("VER-01", self.on("2025-09-01", "case", "draw", case, "draw_panel", "--person", "li", code=1))


class SpotChecks(Rehearsal):
    rulebook = "sip25"
    officers = [("li", "operator_clerk", "centre"), ("wang", "operator_approver", "centre"), ("e1", "expert", "university")]

    def test_a_sample_of_live_scenarios_is_drawn_for_the_committee(self):
        live = {self.programme.bring_in("scenario", "live", BEGAN, "--field", "live_from=2025-01-01") for _ in range(3)}
        self.programme.bring_in("scenario", "suspended", BEGAN)
        case = self.open("2025-04-01", "spot_check", "committee")
        self.step("2025-04-01", case, "plan", "li")
        text = self.programme.folder / "draw.txt"
        out = self.on("2025-04-01", "case", "draw", case, "draw", "--person", "li", "--count", "2", "--out", text)
        order = self.repeated(case, text.read_text())
        self.assertEqual(live, set(order))
        self.assertIn("2 of 3 drawn", out)
        self.step("2025-05-06", case, "report", "e1", *self.documents("check_report"))
        self.step("2025-05-07", case, "close", "wang", "--reason", "nothing was found")
        self.programme.run("audit", as_of="2025-05-08T10:00:00+08:00")


if __name__ == "__main__":
    unittest.main()
