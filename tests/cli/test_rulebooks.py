"""Regulations at the command line: checked, looked up, compared; a broken one stops every command."""
import json
import shutil
import subprocess
import unittest

from programme import BINARY, ROOT, folder_of

THIRD = ROOT / "tests/third_book"
BOOKS = sorted(path.parent.name for path in ROOT.glob("rulebooks/*/book.toml"))


def tanpuhui(home, *arguments):
    """Exit code and both outputs; none of these commands needs a programme."""
    done = subprocess.run([str(BINARY), "--home", str(home), *map(str, arguments)], capture_output=True, text=True,
                          encoding="utf-8", stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


class ThirdBook(unittest.TestCase):
    """A home with a made-up regulation: a folder and no line of C++."""

    def setUp(self):
        self.home = folder_of(self)
        shutil.copytree(THIRD, self.home / "rulebooks")
        shutil.copytree(ROOT / "rulebooks/common/working_days", self.home / "rulebooks/common/working_days")
        (self.home / "methodologies").mkdir()
        self.chapter = self.home / "rulebooks/hill26/ch1_all.law.md"

    def change(self, before, after):
        text = self.chapter.read_text(encoding="utf-8")
        self.assertIn(before, text)
        self.chapter.write_text(text.replace(before, after, 1), encoding="utf-8")

    def check(self, code):
        got, out = tanpuhui(self.home, "rulebook", "check")
        self.assertEqual(code, got, out)
        return out

    def test_a_sound_book_is_sound(self):
        out = self.check(0)
        self.assertIn("sound hill26", out)
        self.assertIn("cases played: 41", out)
        self.assertIn("effects that no room carries out yet: none", out)

    def test_a_shorter_notice_contradicts_its_cases(self):
        self.change("working_days_min = 3", "working_days_min = 2")
        out = self.check(1)
        self.assertIn("NOT SOUND hill26", out)
        self.assertIn("a2-taken-down-on-the-third-working-day: expected MET-03, the engine answers granted", out)

    def test_a_way_around_a_notice_is_found(self):
        self.change('when = ["discussed"]', 'when = ["posted", "discussed"]')
        self.assertIn("a way leads around it to the state approved", self.check(1))

    def test_findings_are_data_too(self):
        self.change('needs = ["sketch"]\n', "")
        code, out = tanpuhui(self.home, "rulebook", "check", "hill26", "--json")
        book = json.loads(out)["books"][0]
        self.assertEqual((1, False), (code, book["sound"]))
        lines = {finding["message"]: finding["line"] for finding in book["findings"]}
        self.assertGreater(lines["no action needs the guard sketch"], 1)

    def test_a_broken_book_is_found_with_file_article_and_line(self):
        self.change('by = ["council"]', 'by = ["king"]')
        line = self.chapter.read_text(encoding="utf-8").splitlines().index('id = "approve"')
        expected = f"ch1_all.law.md:{line - 1}:1 (hill26.a2): there is no role king"
        self.assertIn(expected, self.check(1))

    def test_a_broken_book_stops_every_command(self):
        self.change("working_days_min = 3", "working_days_min = three")
        for command in (["init", "--name", "X", "--rulebook", "hill26"], ["rulebook", "where", "hill26.a2"]):
            code, out = tanpuhui(self.home, "-p", self.home / "x.db", *command)
            self.assertEqual(3, code, out)
            self.assertIn("ch1_all.law.md:", out)
        self.assertFalse((self.home / "x.db").exists())

    def test_two_books_are_laid_side_by_side(self):
        other = self.home / "rulebooks/hill27"
        shutil.copytree(self.home / "rulebooks/hill26", other)
        for path in other.rglob("*.*"):
            if path.is_file():
                text = path.read_text(encoding="utf-8").replace("hill26", "hill27")
                path.write_text(text.replace("calendar_days = 30", "calendar_days = 60"), encoding="utf-8")
        code, out = tanpuhui(self.home, "rulebook", "diff", "hill26", "hill27", "--json")
        rows = {row["name"]: row for row in json.loads(out)["rows"]}
        self.assertEqual(0, code)
        self.assertEqual((False, "recording: 30 days", "recording: 60 days"), (
            rows["scenario.recording"]["same"], rows["scenario.recording"]["left"]["en"],
            rows["scenario.recording"]["right"]["en"]))
        self.assertTrue(rows["who_issues"]["same"])
        _, words = tanpuhui(self.home, "rulebook", "diff", "hill26", "hill27", "--language", "zh")
        self.assertIn("= who_issues  由谁签发减碳量？", words)
        self.assertIn("* scenario.recording", words)


class RealBooks(unittest.TestCase):
    def test_every_book_holds_together(self):
        code, out = tanpuhui(ROOT, "rulebook", "check")
        self.assertEqual(0, code, out)
        for book in BOOKS:
            self.assertIn(f"sound {book}", out)

    def test_an_article_leads_to_its_rules_cases_and_code(self):
        code, out = tanpuhui(ROOT, "rulebook", "where", "js24.a37p2")
        self.assertEqual(0, code, out)
        self.assertIn("[[spend_rule]]", out)
        self.assertNotIn("[[expiry_rule]]", out)
        self.assertRegex(out, r"src/\S+\.h:\d+: .*Basis: .*js24\.a37p2")

    def test_an_article_includes_its_paragraphs(self):
        whole = json.loads(tanpuhui(ROOT, "rulebook", "where", "js24.a37", "--json")[1])
        one = json.loads(tanpuhui(ROOT, "rulebook", "where", "js24.a37p2", "--json")[1])
        self.assertIn("js24.a37p3", whole["passage"])
        self.assertGreater(len(whole["code"]), len(one["code"]))

    def test_an_unknown_article_is_a_slip_of_the_command_line(self):
        code, out = tanpuhui(ROOT, "rulebook", "where", "js24.a99")
        self.assertEqual(2, code)
        self.assertIn("js24.a99: the book has no such provision", out)

    @unittest.skipUnless(len(BOOKS) > 1, "there is one book")
    def test_the_same_question_has_two_answers(self):
        code, out = tanpuhui(ROOT, "rulebook", "diff", *BOOKS[:2])
        self.assertEqual(0, code, out)
        self.assertIn("AMB-12", out)


if __name__ == "__main__":
    unittest.main()
