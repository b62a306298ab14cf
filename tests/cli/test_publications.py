"""Publications by commands: figures that equal sums taken from the tables by another way, groups under five left out of
rows and of totals, one who compiles and others who check and publish, issues that are replaced and kept, and the same
bytes again after more has happened."""
import csv
import hashlib
import io
import json
import sqlite3
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import test_postgres  # noqa: E402
from postgres_server import Server as Postgres  # noqa: E402
from programme import Programme, consents, folder_of, ride, write_lines

OFFICERS = [("chen", "operator_clerk"), ("li", "operator_clerk"), ("wang", "operator_approver")]
MAY, JUNE, JULY = "2025-05-06T09:00:00+08:00", "2025-06-06T09:00:00+08:00", "2025-07-01T09:00:00+08:00"
ISSUED, RETIRED_EVENT, CANCELLED = 1, 10, 12


def tonnes(mg):
    return f"{int(mg) // 10**9}.{int(mg) % 10**9:09}"


class Publications(unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)
        self.programme = self.new_programme(Programme(self.folder))

    def new_programme(self, programme):
        """Six persons were issued to in May; `few`, a scenario of four, is there too."""
        programme.found("rides", consents(programme.folder / "c.csv", [f"u{i}" for i in range(6)]))
        programme.add_scenario("few", consents(programme.folder / "f.csv", [f"v{i}" for i in range(4)], "few"), "D-2",
                               "2025-01-01T00:00:00+08:00")
        for person, role in OFFICERS:
            programme.run("officer", "record", "--person", person, "--role", role, "--unit", "centre", "--from",
                          "2025-01-01", as_of="2025-01-02T00:00:00+08:00")
        self.ride(programme, "rides", [f"u{i}" for i in range(6)], "2025-04-03", MAY)
        return programme

    def ride(self, programme, scenario, subjects, day, as_of):
        path = write_lines(programme.folder / f"{scenario}{day}.ndjson",
                           [ride(subject, subject=subject, day=day, scenario=scenario, km=f"{3 + n}.125")
                            for n, subject in enumerate(subjects)])
        programme.run("ingest", "--scenario", scenario, path, as_of=as_of)
        programme.run("seal", "--scenario", scenario, "--until", day, as_of=as_of)
        return programme.issue(scenario, day, day, as_of, "D-1" if scenario == "rides" else "D-2")

    def compile(self, publication, *more, as_of=JULY, person="chen", code=0):
        out = self.programme.run("publication", "compile", publication, "--person", person, *more, as_of=as_of, code=code)
        return out.split()[1].rstrip(":") if code == 0 else out

    def step(self, case, action, person, *more, as_of=JULY, code=0):
        return self.programme.run("case", "step", case, action, "--person", person, *more, as_of=as_of, code=code)

    def publish(self, publication, *more, as_of=JULY):
        case = self.compile(publication, *more, as_of=as_of)
        self.step(case, "check", "li", as_of=as_of)
        self.step(case, "publish", "wang", as_of=as_of)
        return case

    def data(self, case):
        return json.loads(self.programme.run("publication", "show", case, as_of=JULY))

    def row(self, publication, *more, as_of=JULY):
        rows = self.data(self.compile(publication, *more, as_of=as_of))["rows"]
        self.assertEqual(1, len(rows))
        return rows[0]

    def on_account(self, account, first, last):
        """Milligrams of all legs on an account, by the lines that the job of readers wrote."""
        self.programme.run("jobs", "run", "lines", as_of=JULY)
        days = "(recorded_on BETWEEN {} AND {})".format(*(self.day_number(day) for day in (first, last)))
        return int(self.programme.value(f"SELECT coalesce(sum(d_backing_mg + d_free_mg), 0) FROM posting_lines "
                                        f"WHERE account_id = {account} AND {days}"))

    @staticmethod
    def day_number(day):
        import datetime
        return (datetime.date.fromisoformat(day) - datetime.date(1970, 1, 1)).days

    def test_monthly_figures_equal_sums_over_the_ledger(self):
        for i in range(6):
            self.programme.run("cancel", "--account", f"person-u{i}", "--amount-kg", "0.05", as_of=MAY)
        row = self.row("monthly_figures", "--period", "2025-05")
        issued = -self.on_account(ISSUED, "2025-05-01", "2025-05-31")
        cancelled = self.on_account(CANCELLED, "2025-05-01", "2025-05-31")
        held = int(self.programme.value("SELECT sum(backing_mg + free_mg) FROM accounts"))
        self.assertEqual(issued - cancelled, held)
        self.assertGreater(cancelled, 6 * 50_000 - 1)
        self.assertEqual({"event": tonnes(0), "offset": tonnes(0), "cancel": tonnes(cancelled), "ecological": tonnes(0)},
                         row["cancelled_t_by_purpose"])
        self.assertEqual((tonnes(issued), tonnes(held), 10), (row["issued_t"], row["held_t"], row["users"]))
        points = self.programme.value("SELECT sum(points_credited) FROM accounts")
        year = self.data(self.compile("yearly_report", "--period", "2025", as_of="2026-01-02T00:00:00+08:00"))["rows"][0]
        self.assertEqual((tonnes(issued), int(points), tonnes(cancelled)),
                         (year["issued_t"], year["points_granted"], year["uses_t"]))
        self.assertIn("all invariants hold", self.programme.run("audit", as_of=JULY))

    def test_a_group_of_five_is_shown_and_one_of_four_is_not(self):
        self.ride(self.programme, "rides", [f"u{i}" for i in range(5)], "2025-04-04", MAY)
        self.ride(self.programme, "few", [f"v{i}" for i in range(4)], "2025-05-10", JUNE)
        rows = self.data(self.compile("issuances"))["rows"]
        self.assertEqual([6, 5, "suppressed"], [row["persons"] for row in rows])
        self.assertEqual([tonnes(row[0]) for row in self.programme.rows("SELECT issued_mg FROM batches ORDER BY batch_id")][:2],
                         [row["amount_t"] for row in rows[:2]])
        self.assertEqual("suppressed", rows[2]["amount_t"])

    def test_what_is_left_out_cannot_be_subtracted_out_of_a_total(self):
        """Nine persons were issued to in June, five of them in a batch that is shown."""
        self.ride(self.programme, "rides", [f"u{i}" for i in range(5)], "2025-05-10", JUNE)
        self.ride(self.programme, "few", [f"v{i}" for i in range(4)], "2025-05-10", JUNE)
        june = self.data(self.compile("monthly_figures", "--period", "2025-06"))
        self.assertEqual(("suppressed", "suppressed"), (june["rows"][0]["issued_t"], june["rows"][0]["held_t"]))
        self.assertEqual(2, june["suppressed"])
        may = self.row("monthly_figures", "--period", "2025-05")
        self.assertNotIn("suppressed", (may["issued_t"], may["held_t"]))
        later = self.row("monthly_figures", "--period", "2025-07", as_of="2025-08-01T00:00:00+08:00")
        self.assertEqual((tonnes(0), "suppressed"), (later["issued_t"], later["held_t"]))
        year = self.row("yearly_report", "--period", "2025", as_of="2026-01-02T00:00:00+08:00")
        self.assertEqual("suppressed", year["issued_t"])

    def test_who_compiled_does_not_check_and_who_checked_does_not_publish(self):
        case = self.compile("monthly_figures", "--period", "2025-05")
        self.assertIn("SEP-02:", self.step(case, "check", "chen", code=1))
        self.assertIn("PRO-01:", self.step(case, "publish", "wang", code=1))
        self.step(case, "check", "li")
        self.programme.run("officer", "record", "--person", "li", "--role", "operator_approver", "--unit", "centre", "--from",
                           "2025-01-01", as_of=JULY)
        self.assertIn("SEP-01:", self.step(case, "publish", "li", code=1))
        self.step(case, "publish", "wang")
        self.assertIn("published", self.programme.run("publication", "list", as_of=JULY))

    def test_figures_that_do_not_agree_are_not_checked(self):
        case = self.compile("monthly_figures", "--period", "2025-05")
        other = self.folder / "other.json"
        other.write_text("{}")
        self.assertIn("HLD-01:", self.step(case, "check", "li", "--document", f"dataset_json={other}", code=1))
        connection = sqlite3.connect(self.programme.db)
        with connection:
            connection.execute("UPDATE accounts_register SET kind = 2 WHERE ref = 'person-u5'")
        connection.close()
        self.assertIn("HLD-01:", self.step(case, "check", "li", code=1))
        self.assertIn("OTHER FIGURES", self.programme.run("publication", "verify", case, as_of=JULY, code=1))

    def test_a_published_issue_that_comes_out_otherwise_is_found_by_the_audit(self):
        self.publish("monthly_figures", "--period", "2025-05")
        connection = sqlite3.connect(self.programme.db)
        with connection:
            connection.execute("DELETE FROM accounts_register WHERE ref = 'person-v3'")
        connection.close()
        self.assertIn("published figures equal the ledger", self.programme.run("audit", as_of=JULY, code=1))

    def test_an_issue_stays_the_same_after_later_postings_and_is_kept_when_replaced(self):
        first = self.publish("monthly_figures", "--period", "2025-05")
        text = self.programme.run("publication", "show", first, as_of=JULY)
        table = self.programme.run("publication", "show", first, "--csv", as_of=JULY)
        self.ride(self.programme, "rides", [f"u{i}" for i in range(6)], "2025-05-28", JULY)
        self.assertIn("the same bytes", self.programme.run("publication", "verify", first, as_of=JULY))
        out = self.programme.run("publication", "compile", "monthly_figures", "--period", "2025-05", "--person", "chen",
                                 as_of=JULY)
        self.assertIn(f"corrects issue {first}", out)
        second = out.split()[1].rstrip(":")
        self.step(second, "check", "li")
        self.step(second, "publish", "wang")
        self.step(first, "replace", "wang", "--reason", "compiled again")
        listed = {str(issue["number"]): issue for issue in
                  json.loads(self.programme.run("publication", "list", "--json", as_of=JULY))["issues"]}
        self.assertEqual(("replaced", "published", int(first)),
                         (listed[first]["state"], listed[second]["state"], listed[second]["corrects"]))
        self.assertEqual(text, self.programme.run("publication", "show", first, as_of=JULY))
        self.assertEqual(hashlib.sha256(text.encode()).hexdigest(), listed[first]["json_sha256"])
        self.assertEqual(json.loads(text)["rows"], self.data(second)["rows"])
        rows = list(csv.DictReader(io.StringIO(table)))
        self.assertEqual(json.loads(text)["rows"][0]["issued_t"], rows[0]["issued_t"])
        self.assertEqual(json.loads(text)["rows"][0]["cancelled_t_by_purpose"]["cancel"],
                         rows[0]["cancelled_t_by_purpose.cancel"])
        for case in (first, second):
            self.assertIn("the same bytes", self.programme.run("publication", "verify", case, as_of=JULY))
        self.programme.run("audit", as_of=JULY)

    def due(self):
        lines = self.programme.run("publication", "due", as_of=JULY).splitlines()[1:]
        return {tuple(line.split()[:2]) for line in lines}

    def test_what_is_due_is_told_until_it_is_published(self):
        before = self.due()
        self.assertLessEqual({("monthly_figures", "2025-05"), ("monthly_figures", "2025-06"), ("issuances", "-"),
                              ("complaint_statistics", "2025-Q2"), ("points_rules", "-")}, before)
        self.assertNotIn(("monthly_figures", "2025-07"), before)
        self.assertNotIn("yearly_report", {publication for publication, _ in before})
        self.publish("monthly_figures", "--period", "2025-05")
        self.publish("issuances")
        self.assertEqual({("monthly_figures", "2025-05"), ("issuances", "-")}, before - self.due())
        self.ride(self.programme, "rides", ["u0"], "2025-05-28", JULY)
        self.assertIn(("issuances", "-"), self.due())

    def test_what_cannot_be_compiled_says_why(self):
        for words, code in ((["gossip"], "PRO-01"), (["monthly_figures", "--period", "2025-07"], "HLD-01"),
                            (["monthly_figures", "--period", "2025-5"], "HLD-01"), (["monthly_figures"], "HLD-01"),
                            (["issuances", "--period", "2025-05"], "HLD-01"), (["issuances", "--entry", "99999"], "HLD-01"),
                            (["monthly_figures", "--period", "2025-05", "--entry", "2"], "HLD-01")):
            out = self.compile(*words, code=1)
            self.assertIn(f"{code}:", out)
            self.assertIn("basis: ", out)
        self.assertIn("PRO-02:", self.compile("issuances", person="nobody", code=1))
        self.assertIn("there is no issue 1", self.programme.run("publication", "show", "1", as_of=JULY, code=2))

    def test_no_person_gets_out(self):
        self.programme.run("case", "open", "methodology", "--person", "citizen-x", "--kind", "person", as_of=MAY)
        for publication in ("rules", "methodology_notices", "methodology_catalogue", "scenario_register", "issuances",
                            "neutrality_certificates", "points_rules", "verification_bodies"):
            text = self.programme.run("publication", "show", self.compile(publication), as_of=JULY)
            for person in ("person-u", "citizen-x", "chen", "wang"):
                self.assertNotIn(person, text)

    def test_on_a_server_it_is_the_same(self):
        postgres = Postgres.create()
        self.addCleanup(postgres.remove)
        there = test_postgres.ServerProgramme(self.folder / "pg", postgres, "publications")
        there.folder.mkdir(parents=True, exist_ok=True)
        self.programme = self.new_programme(there)
        self.test_monthly_figures_equal_sums_over_the_ledger()


if __name__ == "__main__":
    unittest.main()
