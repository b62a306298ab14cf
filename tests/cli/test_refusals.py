"""The refusal codes of accounts, consent, methodologies, scenarios, data, issuance, verification, termination, holds and
terms: each is met by a command, here or in the file that tells its story."""
import re
import shlex
import unittest
from pathlib import Path

from programme import METHODOLOGY, ROOT, Programme, Refusals, consents, folder_of, home_of, put_in_force, ride, write_lines

START = "2025-01-01T00:00:00+08:00"
DAY = "2025-03-10"
RECORD = ("scenario record --title-zh 场景 --title-en Scenario --developer Partner --partner-key {key} --live-from 2025-01-01 "
          "--methodology {methodology} ")
SUBMIT = ("case step {scenario} submit --person zhang --unit hohai --field operation_started_on=2025-01-05 "
          "--field participants=persons --field category=transport --document operation_evidence={paper} "
          "--document data_description={paper} --document consent_text={paper} ")
ACCOUNT = "--field identity={identity} --field terms_version=1 --field privacy_version=1"

# code, provision, command
PROVINCE = [
    ("ACC-01", "js24.a8p1", "cancel --account person-u2 --amount-kg 0.1"),
    ("ACC-02", "js24.a8p1", "case step {account} open_personal --person sun " + ACCOUNT),
    ("ORG-01", "js24.a2p2", "case step {institution} apply_as_institution --person sun --unit bureau " + ACCOUNT.replace(
        "{identity}", "ID-2")),
    ("CON-01", "js24.a25p1", "consent withdraw --scenario rides --subject nobody"),
    ("MET-04", "js24.a24p1", RECORD.replace("{methodology}", "clean-plate/v1") + "--name plates --case {filed}"),
    ("SCN-03", "js24.a23", SUBMIT + "--field identifier=path-2"),
    ("SCN-04", "js24.a23", SUBMIT + "--field identifier=path-1 --document no_double_application={paper}"),
    ("DAT-04", "js24.a21p1", "consent withdraw --scenario nowhere --subject u1"),
    ("DAT-06", "js24.a21p1", RECORD + "--name Plates --case {filed}"),
    ("DAT-08", "js24.a21p1", RECORD + "--name plates --case {filed} --lateness-days 367"),
    ("ISS-02", "js24.a25p3", "batch compute --scenario rides --from 2025-03-01 --until 2025-03-09"),
    ("ISS-05", "js24.a46", "case step {project} apply_for_issuance --person zhang --unit Partner"),
]
METHODOLOGY_OF_PARK = ("case step {methodology} submit --person zhang --unit hohai --field methodology_subject=bikes "
                       "--field principles_statement=met --document baseline={paper} --document additionality={paper} "
                       "--document calculation={paper} --document monitoring_plan={paper}")
SCENARIO_OF_PARK = ("case step {scenario} submit --person zhang --unit hohai --field operation_started_on=2025-01-05 "
                    "--field developer_relation=operator --field identifier=path-3 --field methodology={for_projects} "
                    "--document monitoring_description={paper} --document operation_evidence={paper} "
                    "--document authority_to_apply={paper} --document no_double_application={paper}")
PARK = [
    ("MET-05", "sip25.a6", METHODOLOGY_OF_PARK),
    ("MET-05", "sip25.a6", SCENARIO_OF_PARK),
    ("SCN-06", "sip25.a11", SCENARIO_OF_PARK.replace("{scenario}", "{of_person}").replace("--unit hohai ", "")),
]
# Lines of a file: code -> outcome, record
LINES = {
    "DAT-03": ("act_in_future", ride(1, day=DAY, start="11:00:00", end="11:20:00")),
    "DAT-05": ("scenario_not_live", ride(2, day="2025-02-28")),
    "DAT-09": ("too_late", ride(3, day="2025-01-20")),
    "CON-01": ("no_consent", ride(4, "u3")),
    "DAT-04": ("unknown_person", ride(5, "nobody")),
    "DAT-06": ("unknown_field", ride(6, colour="red")),
    "DAT-08": ("out_of_range", ride(7, km="1000.001")),
}
SEAL = {"DAT-07": "duplicate", "CON-02": "consent_withdrawn"}
FILE = {"DAT-02": "file_already_received"}
ELSEWHERE = {
    "MET-01": "test_cases.py", "MET-02": "test_acceptance.py", "MET-03": "test_cases.py", "SCN-01": "test_cases.py",
    "SCN-02": "test_acceptance.py", "SCN-05": "test_standings.py", "DAT-01": "test_http_cases.py",
    "ISS-01": "test_acceptance.py", "ISS-03": "test_jobs.py", "VER-01": "test_cases.py", "TER-01": "test_acceptance.py",
    "HLD-01": "test_standings.py", "CAL-01": "test_cases.py", "ISS-04": "test_issuance.py", "CMB-01": "test_exchange.py",
}
CODES = {f"{group}-{number:02}" for group, last in {"ACC": 2, "ORG": 1, "CON": 2, "MET": 5, "SCN": 6, "DAT": 9, "ISS": 5,
                                                    "VER": 1, "TER": 1, "HLD": 1, "CAL": 1, "CMB": 1}.items()
         for number in range(1, last + 1)}


class RefusedCommands(Refusals):
    """A programme that no refused command changes."""

    table = []

    def setUp(self):
        self.folder = folder_of(self)
        self.programme = Programme(self.folder)
        self.programme.home = home_of(self.folder, methodologies=(METHODOLOGY, "clean-plate/v1"))
        self.names = {"paper": self.folder / "decision.txt", "identity": "ID-1", "methodology": METHODOLOGY}
        self.names["key"] = f"{self.programme.key('partner')}.pub"

    def run_table(self):
        rows = "SELECT (SELECT count(*) FROM case_acts), (SELECT count(*) FROM scenarios), (SELECT count(*) FROM batches)"
        before = self.programme.rows(rows)
        for code, basis, command in self.table:
            with self.subTest(command):
                words = shlex.split(command.format(**self.names))
                self.assert_refused(code, basis, self.programme.on(DAY, *words, code=1))
        self.assertEqual(before, self.programme.rows(rows))
        self.assertIn("all invariants hold", self.programme.on(DAY, "audit"))


class Province(RefusedCommands, unittest.TestCase):
    table = PROVINCE

    def found(self):
        self.programme.found("rides", consents(self.folder / "c.csv", ["u1", "u2"]), lateness_days=30)

    def test_commands_are_refused_by_their_provision_with_what_to_do(self):
        self.found()
        identity = ("--field", "identity=ID-1")
        self.programme.bring_in("account", "active", START, "--applicant", "zhao", "--kind", "person", *identity)
        self.programme.bring_in("account", "frozen", START, "--applicant", "person-u2", "--kind", "person")
        self.programme.on(DAY, "listing", "record", "identifiers_in_use", "path-1")
        self.names |= {
            "account": self.programme.open_case(DAY, "account", "--person", "sun", "--kind", "person"),
            "institution": self.programme.open_case(DAY, "account", "--unit", "bureau", "--kind", "public_institution"),
            "scenario": self.programme.open_case(DAY, "scenario", "--unit", "hohai"),
            "filed": self.programme.bring_in("scenario", "filed", START),
            "project": self.programme.bring_in("project", "registered", START),
        }
        path = write_lines(self.folder / "rides.ndjson", [ride(1)])
        self.programme.on(DAY, "ingest", "--scenario", "rides", path)
        self.programme.on(DAY, "seal", "--scenario", "rides", "--until", "2025-03-09")
        self.programme.on(DAY, "batch", "compute", "--scenario", "rides", "--from", "2025-03-03", "--until", "2025-03-03")
        self.run_table()

    def outcomes(self):
        """Code by outcome, from the table that the program prints."""
        return dict(re.findall(r"^\| `(\w+)` \| (?:file|intake|seal) \| `([A-Z]+-\d+)` \|", self.programme.run("outcomes"),
                               re.M))

    def ingest(self, name, records, code):
        path = write_lines(self.folder / name, records)
        report = self.programme.report("ingest", "--scenario", "rides", path, as_of=f"{DAY}T10:00:00+08:00", code=code)
        return report["files"][0]

    def test_records_are_refused_by_their_outcome_with_what_to_do(self):
        self.found()
        scenario = self.programme.value("SELECT case_id FROM scenario_cases WHERE scenario = 'rides'")
        for day, action in (("2025-02-27", "suspend"), ("2025-03-01", "resume")):
            self.programme.record_officers(day, [("wang", "operator_approver", "centre")])
            self.programme.step(day, scenario, action, "wang", "--reason", "a broken meter")
        later = consents(self.folder / "later.csv", ["u3"], from_at="2025-03-09T00:00:00+08:00")
        self.programme.on(DAY, "consent", "load", later)
        codes = self.outcomes()
        report = self.ingest("bad.ndjson", [record for _, record in LINES.values()], 4)
        said = {line["line"]: line for line in report["refused_lines"]}
        for number, (code, (outcome, _)) in enumerate(LINES.items(), 1):
            with self.subTest(code):
                self.assertEqual((outcome, code), (said[number]["outcome"], codes[outcome]))
                self.assertEqual(code, said[number]["code"])
                self.assertRegex(said[number]["basis"], r"^(js24|decisions\.D)")
                for words in ("message_zh", "remedy_zh"):
                    self.assertRegex(said[number][words], "[\u4e00-\u9fff]")
                for words in ("message_en", "remedy_en"):
                    self.assertRegex(said[number][words], "[a-z]{2} ")

        twice = [ride(8), ride(8), ride(9, "u2")]
        self.ingest("twice.ndjson", twice, 0)
        self.assertEqual(FILE["DAT-02"], self.ingest("again.ndjson", twice, 0)["outcome"])
        self.programme.on(DAY, "consent", "withdraw", "--scenario", "rides", "--subject", "u2")
        sealed = self.programme.report("seal", "--scenario", "rides", "--until", "2025-03-09",
                                       as_of=f"{DAY}T11:00:00+08:00")
        self.assertEqual({"accepted": 1, "duplicate": 1, "consent_withdrawn": 1},
                         {name: count for name, count in sealed["counts"].items() if count})
        for code, outcome in {**FILE, **SEAL}.items():
            self.assertEqual(code, codes[outcome])


class Park(RefusedCommands, unittest.TestCase):
    table = PARK

    def test_commands_are_refused_by_their_provision_with_what_to_do(self):
        put_in_force(self.programme.home, "sip25", "2025-01-01")
        self.programme.run("init", "--name", "Park", "--rulebook", "sip25", "--rehearsal")
        formula = ROOT / "methodologies/pv-distributed/v1/methodology.toml"
        self.names |= {
            "for_projects": self.programme.bring_in("methodology", "published", START, "--field", "kind=project",
                                                    "--document", f"formula={formula}"),
            "methodology": self.programme.open_case(DAY, "methodology", "--unit", "hohai"),
            "scenario": self.programme.open_case(DAY, "scenario", "--unit", "hohai"),
            "of_person": self.programme.open_case(DAY, "scenario", "--person", "zhang", "--kind", "person"),
        }
        self.run_table()


class EveryCode(unittest.TestCase):
    def test_is_met_by_a_command_here_or_where_its_story_is_told(self):
        here = {*(row[0] for row in PROVINCE + PARK), *LINES, *SEAL, *FILE}
        self.assertEqual(CODES, here | set(ELSEWHERE))
        self.assertEqual(set(), here & set(ELSEWHERE))
        for code, name in ELSEWHERE.items():
            with self.subTest(code):
                lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
                asserts = [line for line in lines if re.search(r"(assert|refused|unauthorised)\w*\(", line)]
                self.assertTrue(any(f'"{code}"' in line for line in asserts), f"{name} does not meet {code}")


if __name__ == "__main__":
    unittest.main()
