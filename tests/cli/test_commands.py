"""The command line as a new user meets it."""
import json
import subprocess
import unittest
from pathlib import Path

from programme import BINARY, ROOT, Programme, consents, folder_of, ride, write_lines

NOW = "2025-04-01T00:00:00+08:00"


class Commands(unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)
        self.programme = Programme(self.folder)

    def founded(self):
        self.programme.found("rides", consents(self.folder / "consents.csv", ["u1", "u2"]))
        records = [ride(n, day=f"2025-03-{n:02}", km="9.000", end="08:40:00") for n in range(1, 31)]
        self.programme.run("ingest", "--scenario", "rides", write_lines(self.folder / "f.ndjson", records), as_of=NOW)
        self.programme.run("seal", "--scenario", "rides", "--until", "2025-03-31", as_of=NOW)
        self.programme.issue("rides", "2025-03-01", "2025-03-31", NOW)
        return self.programme

    def donated(self):
        programme = self.founded()
        programme.run("event", "record", "--event", "run", "--title-zh", "路跑", "--title-en", "run", "--organiser", "City",
                      "--held-on", "2025-05-01", as_of=NOW)
        certificate = self.folder / "certificate.json"
        programme.run("donate", "--account", "person-u1", "--event", "run", "--amount-kg", "2.5", "--certificate",
                      certificate, as_of=NOW)
        return certificate

    def test_the_published_outcomes_are_those_of_the_program(self):
        self.assertEqual((ROOT / "docs/OUTCOMES.md").read_text(encoding="utf-8"), self.programme.run("outcomes"))

    def test_every_command_has_a_line_of_help(self):
        out = self.programme.run("--help")
        for command in ("init", "ingest", "seal", "acts", "batch", "order", "donate", "retire", "audit", "explain", "verify",
                        "demo", "serve"):
            self.assertRegex(out, rf"\n  {command} +\w")

    def test_a_wrong_day_is_a_slip_of_the_command_line(self):
        self.founded()
        out = self.programme.run("seal", "--scenario", "rides", "--until", "31/03/2025", as_of=NOW, code=2)
        self.assertIn("2025-01-31", out)

    def test_a_file_without_a_programme_says_how_to_make_one(self):
        self.assertIn("tanpuhui init", self.programme.run("batch", "list", code=3))

    def test_an_existing_programme_is_not_overwritten(self):
        self.founded()
        self.programme.run("init", "--name", "Other", "--rulebook", "js24", code=3)
        self.assertIn("person-u1", [row[0] for row in self.programme.rows("SELECT ref FROM accounts_register")])

    def test_time_is_moved_in_rehearsals_only(self):
        self.programme.run("init", "--name", "Real", "--rulebook", "js24")
        self.assertIn("rehearsal", self.programme.run("batch", "list", as_of=NOW, code=2))

    def test_acts_show_a_person_by_name(self):
        out = self.founded().run("acts", "--account", "person-u1", "--limit", "3", as_of=NOW)
        self.assertIn("20250330-30", out)
        self.assertNotIn("20250301-1 ", out)

    def test_a_refusal_names_code_basis_and_remedy(self):
        out = self.founded().run("donate", "--account", "person-u1", "--event", "nowhere", "--amount-kg", "1", as_of=NOW, code=1)
        self.assertIn("USE-01", out)
        self.assertRegex(out, r"basis: js24\.a\d+")

    def test_a_repeated_command_id_is_answered_once(self):
        programme = self.founded()
        command = ["cancel", "--account", "person-u1", "--amount-kg", "1", "--id", "0195" + "cd" * 14]
        first = programme.run(*command, as_of=NOW)
        self.assertEqual(first, programme.run(*command, as_of=NOW))
        self.assertEqual(1, programme.value("SELECT count(*) FROM certificates"))

    def test_a_certificate_verifies_with_the_public_key_alone(self):
        certificate, key = self.donated(), f"{self.programme.db}.log-key.pub"
        alone = Programme(self.folder / "elsewhere")
        self.assertIn("注销证明", alone.run("verify", certificate, "--key", key))
        self.assertIn("注销证明", alone.run("verify", certificate, "--key", Path(key).read_text().strip()))

    def test_a_changed_certificate_does_not_verify(self):
        certificate, key = self.donated(), f"{self.programme.db}.log-key.pub"
        whole = certificate.read_bytes()
        for at in range(0, len(whole), max(1, len(whole) // 25)):
            with self.subTest(byte=at):
                certificate.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
                self.assertIn("NOT VALID", self.programme.run("verify", certificate, "--key", key, code=1))

    def test_a_certificate_of_another_log_does_not_verify(self):
        certificate = self.donated()
        other = Programme(self.folder, "other")
        other.run("init", "--name", "Other", "--rulebook", "js24")
        self.programme.run("verify", certificate, "--key", f"{other.db}.log-key.pub", code=1)

    def test_explain_walks_back_to_the_records(self):
        number = json.loads(self.donated().read_text(encoding="utf-8"))
        found = self.programme.value("SELECT number FROM certificates")
        self.assertIn(found, json.dumps(number))
        out = self.programme.run("explain", found, as_of=NOW)
        for part in ("bike-demo", "62.37", "20250330-30", "js24.a26", "2025-03-01"):
            self.assertIn(part, out)

    def test_the_audit_of_a_sound_programme_finds_nothing(self):
        self.donated()
        self.assertIn("all invariants hold", self.programme.run("audit", as_of=NOW))

    def test_the_audit_finds_a_changed_row(self):
        import sqlite3
        self.donated()
        connection = sqlite3.connect(self.programme.db)
        connection.execute("UPDATE batch_lines SET reduction_mg = reduction_mg + 1")
        connection.commit()
        connection.close()
        self.assertIn("BROKEN", self.programme.run("audit", as_of=NOW, code=1))

    def test_two_processes_do_not_share_a_programme(self):
        programme = self.founded()
        server = programme.start("serve", "--port", "0", as_of=NOW)
        try:
            self.assertIn("serving http://127.0.0.1:", server.stdout.readline())
            self.assertIn(str(server.pid), programme.run("batch", "list", as_of=NOW, code=3))
        finally:
            server.terminate()
            server.communicate()

    def test_the_demonstration_city_tells_its_story(self):
        done = subprocess.run([BINARY, "--home", ROOT, "demo", "--folder", self.folder / "city"], capture_output=True,
                              text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        for part in ("all invariants hold", "valid: 注销证明", "MAL-02", "CER-"):
            self.assertIn(part, done.stdout)


if __name__ == "__main__":
    unittest.main()
