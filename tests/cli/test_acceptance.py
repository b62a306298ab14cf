"""Stories of the acceptance list, by commands alone: each is told with the steps that are missing and with those that are
there."""
import unittest

from programme import METHODOLOGY, Programme, Refusals, consents, folder_of, home_of, put_in_force, ride, write_lines
from test_batch_kinds import meal

OFFICERS = [("li", "operator_clerk", "centre"), ("wang", "operator_approver", "centre"),
            ("chen", "operator_approver", "centre"), ("qian", "authority_clerk", "bureau"),
            ("zhao", "authority_approver", "bureau")]
PARK_OFFICERS = [("li", "operator_clerk", "centre"), ("wang", "operator_approver", "centre"),
                 ("he", "authority_economy", "economy"), ("shui", "authority_ecology", "ecology"),
                 *((f"e{n}", "expert", f"institute {n}") for n in range(3))]
PLATES, ROOFS = "clean-plate/v1", "pv-distributed/v1"


class Acceptance(Refusals, unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)
        self.paper = self.folder / "paper.txt"
        self.paper.write_text("paper\n")

    def documents(self, *kinds):
        return [word for kind in kinds for word in ("--document", f"{kind}={self.paper}")]

    def fields(self, **fields):
        return [word for name, value in fields.items() for word in ("--field", f"{name}={value}")]

    def new_programme(self, *methodologies, name="p"):
        """With a home of its own."""
        programme = Programme(self.folder / name)
        programme.folder.mkdir()
        programme.home = home_of(programme.folder, methodologies=methodologies or (METHODOLOGY,))
        return programme

    def province(self, *methodologies):
        programme = self.new_programme(*methodologies)
        programme.run("init", "--name", "Province", "--rulebook", "js24", "--rehearsal")
        programme.record_officers("2025-01-01", OFFICERS)
        return programme

    def park(self, day="2025-01-01"):
        programme = self.new_programme(name="park")
        put_in_force(programme.home, "sip25", day)
        programme.run("init", "--name", "Park", "--rulebook", "sip25", "--rehearsal")
        programme.record_officers(day, PARK_OFFICERS)
        return programme

    def rides(self, subjects=("u1",)):
        programme = self.new_programme()
        programme.found("rides", consents(self.folder / "consents.csv", subjects))
        return programme

    def record(self, programme, day, name, case, methodology, subjects):
        programme.on(day, "scenario", "record", "--name", name, "--title-zh", "场景", "--title-en", "Scenario", "--developer",
                     "hohai", "--methodology", methodology, "--case", case, "--live-from", "2025-01-01", "--partner-key",
                     f"{programme.key('partner')}.pub")
        programme.on(day, "consent", "load", consents(self.folder / f"{name}.csv", subjects, name))

    def take_in(self, programme, day, name, records, code=0):
        path = write_lines(self.folder / f"{name}-{day}.ndjson", records)
        return programme.report("ingest", "--scenario", name, path, as_of=f"{day}T10:00:00+08:00", code=code)["files"][0]

    def account(self, programme, subject):
        """Points, milligrams behind them and beside them."""
        return programme.rows("SELECT points_available, backing_mg, free_mg FROM accounts JOIN accounts_register USING "
                              f"(account_id) WHERE ref = 'person-{subject}'")[0]

    def sound(self, programme, day):
        self.assertIn("all invariants hold", programme.on(day, "audit"))

    def test_04_a_scenario_without_methodology_is_refused_in_the_park_and_earns_points_alone_in_the_province(self):
        park = self.park()
        case = park.open_case("2025-03-03", "scenario", "--unit", "hohai")
        asked = ("submit", "zhang", "--unit", "hohai",
                 *self.fields(operation_started_on="2025-01-05", developer_relation="operator", identifier="plates-1"),
                 *self.documents("monitoring_description", "operation_evidence", "authority_to_apply",
                                 "no_double_application"))
        self.assert_refused("SCN-02", "sip25.a12p1", park.step("2025-03-03", case, *asked, code=1))
        self.assertEqual(0, park.value("SELECT count(*) FROM case_acts"))

        province = self.province(PLATES)
        case = province.open_case("2025-03-03", "scenario", "--unit", "hohai")
        province.step("2025-03-03", case, "submit", "zhang", "--unit", "hohai",
                      *self.fields(operation_started_on="2025-01-05", participants="persons", category="food",
                                   identifier="plates-1"),
                      *self.documents("operation_evidence", "data_description", "consent_text", "no_double_application"))
        province.step("2025-03-04", case, "examine", "li")
        province.step("2025-03-05", case, "pass_review", "wang")
        province.step("2025-03-05", case, "file", "li")
        province.step("2025-03-06", case, "record_filing", "qian")
        province.step("2025-03-06", case, "connect", "zhang", "--unit", "hohai", *self.documents("security_commitment"))
        sample = write_lines(self.folder / "sample.ndjson", [meal(n, f"u{n}", "2025-03-06", 12) for n in range(10)])
        province.on("2025-03-07", "scenario", "conform", "--case", case, "--methodology", PLATES, sample)
        province.step("2025-03-07", case, "go_live", "wang")

        formula = province.home / "methodologies" / PLATES / "methodology.toml"
        province.on("2025-03-07", "case", "bring-in", "methodology", "published", "--person", "li", "--unit", "hohai",
                    "--document", f"formula={formula}", *self.documents("earlier_decision"))
        self.record(province, "2025-03-07", "plates", case, PLATES, ["u1", "u2"])
        meals = [meal(1, "u1", "2025-03-08", 12), meal(2, "u1", "2025-03-08", 18), meal(3, "u2", "2025-03-09", 12)]
        self.assertEqual({"received": 3}, self.take_in(province, "2025-03-10", "plates", meals)["counts"])
        province.on("2025-03-20", "seal", "--scenario", "plates", "--until", "2025-03-09")
        province.on("2025-03-20", "signer", "record", "authority", "--key", f"{province.key('authority')}.pub")
        out = province.on("2025-03-20", "batch", "compute", "--scenario", "plates", "--from", "2025-03-08", "--until",
                          "2025-03-09")
        self.assertIn("2 persons, 3 records, 0.000000 kg", out)
        for signer in ("partner", "authority"):
            province.on("2025-03-20", "batch", "sign", 1, "--as", signer, "--key", province.key(signer))
        self.assertIn("3 points", province.on("2025-03-20", "batch", "post", 1))
        self.assertEqual(((2, 0, 0), (1, 0, 0)), (self.account(province, "u1"), self.account(province, "u2")))
        self.sound(province, "2025-03-21")

    def test_05_a_record_without_consent_is_refused_and_not_stored(self):
        programme = self.rides()
        path = consents(self.folder / "later.csv", ["u2"], from_at="2025-03-05T00:00:00+08:00")
        programme.on("2025-03-06", "consent", "load", path)
        records = [ride("kept", "u1"), ride("early", "u2", km="4.444"), ride("stranger", "u3", km="5.555"),
                   ride("later", "u2", "2025-03-05")]
        report = self.take_in(programme, "2025-03-06", "rides", records, code=4)
        self.assertEqual({"received": 2, "no_consent": 1, "unknown_person": 1}, report["counts"])
        refused = {line["outcome"]: line for line in report["refused_lines"]}
        self.assertEqual({"no_consent": 2, "unknown_person": 3}, {name: line["line"] for name, line in refused.items()})
        for line in refused.values():
            self.assertTrue(line["message_zh"] and line["message_en"] and line["remedy_zh"] and line["remedy_en"])
        self.assertEqual([(2,)], programme.rows("SELECT sum(row_count) FROM arrived_runs"))
        kept = b"".join(path.read_bytes() for path in programme.folder.glob("p.db*"))
        self.assertIn(b"later", kept)
        for trace in (b"early", b"stranger", b"4.444", b"5.555"):
            self.assertNotIn(trace, kept)
        programme.on("2025-03-10", "seal", "--scenario", "rides", "--until", "2025-03-09")
        self.assertEqual([("kept",), ("later",)], sorted(programme.rows("SELECT record_suffix FROM sealed_acts")))

    def test_05_nobody_who_did_not_consent_is_named_in_what_is_stored(self):
        programme = self.rides()
        self.take_in(programme, "2025-03-06", "rides", [ride(1), ride(2, "somebody-17")], code=4)
        self.assertNotIn(b"somebody-17", b"".join(path.read_bytes() for path in programme.folder.glob("p.db*")))

    def test_08_an_unsigned_batch_and_an_expired_delegation_are_refused(self):
        programme = self.rides()
        days = ["2025-03-03", "2025-03-04", "2025-03-05"]
        self.take_in(programme, "2025-03-06", "rides", [ride(n, day=day) for n, day in enumerate(days)])
        programme.on("2025-03-10", "seal", "--scenario", "rides", "--until", "2025-03-09")
        for day in days:
            programme.on("2025-03-10", "batch", "compute", "--scenario", "rides", "--from", day, "--until", day)
        programme.on("2025-01-02", "delegation", "record", "--document", "D-0", "--scope", "rides", "--from", "2025-01-01",
                     "--until", "2025-03-09", "--limit-kg", "1000")

        def sign(batch, signer, *more, key=None, code=0):
            return programme.on("2025-03-10", "batch", "sign", batch, "--as", signer, "--key",
                                programme.key(key or signer), *more, code=code)

        def refused(said):
            return self.assert_refused("ISS-01", "js24.a5p1", said)

        refused(programme.on("2025-03-10", "batch", "post", 1, code=1))
        sign(1, "partner")
        self.assertIn("signed_by_authority: no", refused(programme.on("2025-03-10", "batch", "post", 1, code=1)))
        refused(sign(1, "operator", "--delegation", "D-1", key="somebody", code=1))
        refused(sign(2, "operator", code=1))
        self.assertIn("delegation_until: 2025-03-09", refused(sign(3, "operator", "--delegation", "D-0", code=1)))
        self.assertEqual([("computed",)] * 3, programme.rows("SELECT state FROM batches"))
        self.assertEqual(0, programme.value("SELECT coalesce(sum(points_available), 0) FROM accounts"))
        sign(1, "operator", "--delegation", "D-1")
        programme.on("2025-03-10", "batch", "post", 1)
        self.assertEqual(1, self.account(programme, "u1")[0])
        self.sound(programme, "2025-03-11")

    def test_08_who_forgot_the_delegation_can_sign_on_it_afterwards(self):
        programme = self.rides()
        self.take_in(programme, "2025-03-04", "rides", [ride(1)])
        programme.on("2025-03-10", "seal", "--scenario", "rides", "--until", "2025-03-09")
        programme.on("2025-03-10", "batch", "compute", "--scenario", "rides", "--from", "2025-03-03", "--until",
                     "2025-03-03")
        sign = ("batch", "sign", 1, "--as", "operator", "--key", programme.key("operator"))
        programme.on("2025-03-10", *sign, code=1)
        programme.on("2025-03-10", *sign, "--delegation", "D-1")

    def test_15_the_neutrality_of_an_event_needs_every_step_from_its_registration_to_the_certificate(self):
        programme = self.new_programme(ROOFS)
        donors = ["u1", "u2", "u3", "u4"]
        programme.found("roofs", consents(self.folder / "c.csv", donors, "roofs"), methodology=ROOFS)
        programme.record_officers("2025-01-01", OFFICERS + [("kai", "third_party_accountant", "accounting firm")])
        month = [{"scenario": "roofs", "record_id": f"20250101-{donor}", "subject": donor,
                  "started_at": "2025-01-01T00:00:00+08:00", "ended_at": "2025-01-31T00:00:00+08:00",
                  "reading_from_kwh": "0", "reading_until_kwh": "700000", "interpolated_count": "0",
                  "basis": "local_shanghai", "certificates": "none"} for donor in donors]
        self.take_in(programme, "2025-02-02", "roofs", month)
        programme.on("2025-02-02", "seal", "--scenario", "roofs", "--until", "2025-01-31")
        programme.on("2025-02-02", "delegation", "record", "--document", "D-2", "--scope", "roofs", "--from", "2025-01-01",
                     "--until", "2025-12-31", "--limit-kg", "2000000")
        programme.issue("roofs", "2025-01-01", "2025-01-31", "2025-02-02T12:00:00+08:00", delegation="D-2")

        def step(case, action, person, *more, code=0):
            unit = ("--unit", "sports bureau") if person == "sun" else ()
            return programme.step("2025-03-03", case, action, person, *unit, *more, code=code)

        def refused(code, basis, *asked):
            return self.assert_refused(code, basis, step(*asked, code=1))

        event = ("register", "sun", *self.fields(event="football final", place="Nanjing", held_on="2025-05-20",
                                                 boundary="travel, stadium"))
        firm = programme.open_case("2025-03-03", "neutrality", "--unit", "sports bureau", "--kind", "organisation")
        refused("CER-01", "js24.a28p1", firm, *event, *self.fields(place_in_province="yes"))
        case = programme.open_case("2025-03-03", "neutrality", "--unit", "sports bureau", "--kind", "public_institution")
        refused("CER-01", "js24.a28p1", case, "register", "sun", *self.fields(place_in_province="yes"))
        refused("USE-01", "js24.a28p1", case, *event, *self.fields(place_in_province="no"))
        step(case, *event, *self.fields(place_in_province="yes"))

        refused("PRO-01", "js24.a28p1", case, "cover", "sun")
        reported = self.documents("accounting_report", "accountant_qualification")
        refused("PRO-02", "js24.a28p1", case, "account", "sun", *reported, *self.fields(emission_t="1163.59"))
        refused("CER-01", "js24.a28p1", case, "account", "kai", *self.fields(emission_t="1163.59"))
        refused("CER-01", "js24.a28p1", case, "account", "kai", *reported)
        step(case, "account", "kai", *reported, *self.fields(emission_t="1163.59"))

        refused("CER-01", "js24.a28p1", case, "cover", "sun")
        programme.on("2025-03-03", "event", "record", "--event", "football", "--title-zh", "足球决赛", "--title-en",
                     "football final", "--organiser", "sports bureau", "--held-on", "2025-05-20")
        for donor in donors:
            programme.on("2025-03-03", "donate", "--account", f"person-{donor}", "--event", "football", "--amount-kg",
                         "290897.5", "--certificate", self.folder / f"{donor}.json")
        self.assertIn("1163590.000000", programme.on("2025-03-03", "batch", "list"))
        for donor in donors[:1]:
            programme.on("2025-03-03", "verify", self.folder / f"{donor}.json", "--key", f"{programme.db}.log-key.pub")
        programme.on("2025-03-03", "case", "vouch", case, "cover_reaches_emission", "--person", "li", "--proof",
                     self.folder / "u1.json")
        step(case, "cover", "sun")

        refused("PRO-01", "js24.a28p1", case, "certify", "wang")
        step(case, "request_consent", "li")
        refused("PRO-01", "js24.a28p1", case, "certify", "wang")
        refused("PRO-02", "js24.a29p1", case, "consent", "wang")
        step(case, "consent", "zhao")
        refused("PRO-02", "js24.a29p1", case, "certify", "li")
        step(case, "certify", "wang")
        self.assertIn("(certified)", programme.on("2025-03-04", "case", "show", case))
        self.sound(programme, "2025-03-04")

    def catalogue(self, park):
        """A methodology walks from its application into the catalogue of the park."""
        case = park.open_case("2025-02-03", "methodology", "--unit", "hohai")
        park.step("2025-02-03", case, "submit", "zhang", "--unit", "hohai",
                  *self.fields(methodology_subject="CCER-01-001", kind="scenario", principles_statement="met"),
                  *self.documents("baseline", "additionality", "calculation", "monitoring_plan"))
        park.step("2025-02-05", case, "precheck", "li")
        park.step("2025-02-06", case, "report", "wang")
        park.step("2025-02-07", case, "begin_appraisal", "he")
        for expert in range(3):
            park.step("2025-02-10", case, "give_opinion", f"e{expert}", "--vote", "for")
        for authority in ("he", "shui"):
            park.step("2025-02-11", case, "pass_appraisal", authority, *self.documents("committee_opinion"))
        park.step("2025-02-12", case, "open_notice", "shui", *self.documents("full_text"))
        park.step("2025-02-20", case, "close_notice", "shui")
        formula = park.home / "methodologies" / METHODOLOGY / "methodology.toml"
        for authority in ("he", "shui"):
            park.step("2025-02-21", case, "publish", authority, "--document", f"formula={formula}",
                      *self.fields(effective_from="2025-03-01"))
        return case

    EXCLUDE = ("exclude", "wang", "--reason", "listed by the ministry")

    def test_19_a_methodology_that_the_nation_lists_is_withdrawn_and_acts_after_it_bear_nothing(self):
        park = self.park()
        methodology = self.catalogue(park)
        case = park.on("2025-02-24", "case", "bring-in", "scenario", "live", "--person", "li", "--unit", "hohai",
                       *self.fields(live_from="2025-02-01", methodology=methodology), *self.documents("earlier_decision"))
        self.record(park, "2025-02-24", "rides", case.split()[1].rstrip(":"), METHODOLOGY, ["u1"])
        self.assert_refused("MET-02", "sip25.a5p2", park.step("2025-03-03", methodology, *self.EXCLUDE, code=1))
        park.on("2025-03-03", "listing", "record", "ccer_methodologies", "CCER-01-001")
        again = park.open_case("2025-03-03", "methodology", "--unit", "hohai")
        self.assert_refused("MET-02", "sip25.a5p2", park.step(
            "2025-03-03", again, "submit", "zhang", "--unit", "hohai",
            *self.fields(methodology_subject="CCER-01-001", kind="scenario", principles_statement="met"),
            *self.documents("baseline", "additionality", "calculation", "monitoring_plan"), code=1))

        park.step("2025-03-03", methodology, "propose_exit", "li", "--reason", "listed by the ministry",
                  *self.documents("exit_opinion"))
        self.assert_refused("MET-03", "sip25.a10", park.step("2025-03-10", methodology, "withdraw", "wang", code=1))
        park.step("2025-03-11", methodology, "withdraw", "wang")
        self.assertRegex(park.on("2025-03-11", "standing", "list", "methodology"), r"bike-demo/v1 +withdrawn +2025-03-11")
        days = ["2025-02-28", "2025-03-01", "2025-03-10", "2025-03-11", "2025-03-12"]
        report = self.take_in(park, "2025-03-13", "rides", [ride(n, day=day) for n, day in enumerate(days)], code=4)
        self.assertEqual({"received": 3, "no_methodology": 2}, report["counts"])
        self.assertIn("`no_methodology` | intake | `MET-04`", park.run("outcomes"))
        park.on("2025-03-20", "seal", "--scenario", "rides", "--until", "2025-03-19")
        self.assertEqual([("1", 174_780), ("2", 174_780), ("3", 174_780)], sorted(park.rows(
            "SELECT record_suffix, reduction_mg FROM sealed_acts")))
        self.sound(park, "2025-03-21")

    def test_19_what_the_nation_lists_is_taken_out_without_a_notice(self):
        park = self.park()
        formula = park.home / "methodologies" / METHODOLOGY / "methodology.toml"
        methodology = park.on("2025-02-24", "case", "bring-in", "methodology", "published", "--person", "li", "--unit",
                              "hohai", *self.fields(methodology_subject="CCER-01-001", effective_from="2025-01-01"),
                              *self.documents("earlier_decision"), "--document", f"formula={formula}")
        park.on("2025-03-03", "listing", "record", "ccer_methodologies", "CCER-01-001")
        park.step("2025-03-03", methodology.split()[1].rstrip(":"), *self.EXCLUDE)

    def test_22_a_rectification_that_is_overdue_ends_the_scenario_and_what_was_earned_stays(self):
        programme = self.rides()
        programme.record_officers("2025-01-01", OFFICERS)
        scenario = programme.value("SELECT case_id FROM scenario_cases WHERE scenario = 'rides'")
        self.take_in(programme, "2025-03-04", "rides", [ride(1, km="6.000")])
        programme.on("2025-03-10", "seal", "--scenario", "rides", "--until", "2025-03-09")
        programme.issue("rides", "2025-03-01", "2025-03-09", "2025-03-10T09:00:00+08:00")
        terminate = (scenario, "terminate", "wang", "--reason", "nothing was mended")
        self.assert_refused("TER-01", "js24.a22p1", programme.step("2025-03-10", *terminate, code=1))

        case = programme.open_case("2025-03-10", "rectification", "--unit", "Partner", "--about", scenario)
        self.assert_refused("TER-01", "js24.a22p1", programme.step("2025-03-10", case, "issue_opinion", "li", code=1))
        programme.step("2025-03-10", case, "issue_opinion", "li", *self.fields(rectify_within=5), *self.documents("opinion"))
        early = programme.step("2025-03-17", case, "fail_overdue", "wang", code=1)
        self.assertIn("last_day: 2025-03-17", self.assert_refused("TER-01", "js24.a22p1", early))
        self.assert_refused("TER-01", "js24.a22p1", programme.step("2025-03-18", *terminate, code=1))
        self.assertIn("OVERDUE, to operator_approver", programme.on("2025-03-18", "case", "list", "--due"))
        programme.step("2025-03-18", case, "fail_overdue", "wang")
        programme.step("2025-03-18", *terminate)

        days = ["2025-03-17", "2025-03-18", "2025-03-19"]
        report = self.take_in(programme, "2025-03-20", "rides", [ride(n, day=day) for n, day in enumerate(days)], code=4)
        self.assertEqual({"received": 2, "scenario_not_live": 1}, report["counts"])
        self.assertIn("`scenario_not_live` | intake | `DAT-05`", programme.run("outcomes"))
        self.assertEqual((3, 349_560), (self.account(programme, "u1")[0], sum(self.account(programme, "u1")[1:])))
        programme.on("2025-03-20", "cancel", "--account", "person-u1", "--amount-kg", "0.1")
        self.assertEqual(2, self.account(programme, "u1")[0])
        self.sound(programme, "2025-03-21")


if __name__ == "__main__":
    unittest.main()
