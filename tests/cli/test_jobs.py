"""Timed acts from the command line: what waits, what was done, what went wrong; and the queries that readers are shown."""
import re
import unittest

from programme import ROOT, Programme, consents, folder_of, ride, write_lines

MARCH_OVER = "2025-04-01T09:00:00+08:00"
NEXT_DAY = "2025-04-02T03:00:00+08:00"


class Jobs(unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)
        self.programme = Programme(self.folder)

    def with_signed_batch(self):
        programme = self.programme
        programme.found("rides", consents(self.folder / "consents.csv", ["u1", "u2"]))
        records = [ride(f"{person}-{n}", person, f"2025-03-{n:02}", km="9.000", end="08:40:00")
                   for n in range(1, 31) for person in ("u1", "u2")]
        programme.run("ingest", "--scenario", "rides", write_lines(self.folder / "f.ndjson", records), as_of=MARCH_OVER)
        programme.run("seal", "--scenario", "rides", "--until", "2025-03-31", as_of=MARCH_OVER)
        programme.run("batch", "compute", "--scenario", "rides", "--from", "2025-03-01", "--until", "2025-03-31",
                      as_of=MARCH_OVER)
        programme.run("batch", "sign", "1", "--as", "partner", "--key", programme.key("partner"), as_of=MARCH_OVER)
        programme.run("batch", "sign", "1", "--as", "operator", "--delegation", "D-1", "--key", programme.key("operator"),
                      as_of=MARCH_OVER)
        return programme

    def with_order(self):
        programme = self.with_signed_batch()
        programme.run("jobs", "run", "post", as_of=MARCH_OVER)
        programme.run("provider", "record", "--name", "Metro", "--from", "2025-01-01", "--until", "2026-12-31",
                      as_of=MARCH_OVER)
        programme.run("offer", "record", "--provider", "Metro", "--title-zh", "票", "--title-en", "ticket", "--price", "5",
                      "--stock", "10", as_of=MARCH_OVER)
        programme.run("order", "--account", "person-u1", "--offer", "1", as_of=MARCH_OVER)
        programme.run("complete", "--due", as_of="2025-04-30T00:00:00+08:00")
        return programme

    def line_of(self, job, as_of):
        out = self.programme.run("jobs", "list", as_of=as_of)
        return next(line for line in out.splitlines() if line.split()[:1] == [job])

    def test_run_in_order_and_say_what_was_done(self):
        out = self.with_signed_batch().run("jobs", "run", as_of=NEXT_DAY)
        lines = out.splitlines()
        self.assertEqual(["post:", "set-off:", "cleared", "lapse:", "settle:", "net:", "lines:"], [line.split()[0] for line in lines])
        self.assertIn("1 batches, 2 persons", lines[0])
        self.assertIn("of days before 2025-04-02", lines[6])
        self.assertEqual("posted", self.programme.value("SELECT state FROM batches"))
        self.assertIn("all invariants hold", self.programme.run("audit", as_of=NEXT_DAY))

    def test_are_listed_with_what_waits_and_when_they_ran(self):
        programme = self.with_signed_batch()
        self.assertRegex(self.line_of("post", MARCH_OVER), r"never +1 batches$")
        self.assertRegex(self.line_of("net", MARCH_OVER), r"never +[1-9]\d* entries$")
        programme.run("jobs", "run", as_of=NEXT_DAY)
        self.assertRegex(self.line_of("post", NEXT_DAY), r"2025-04-02T03:00:00\+08:00 +0 batches$")
        head = programme.value("SELECT last_entry FROM job_heads WHERE job = 'net'")
        self.assertRegex(self.line_of("net", NEXT_DAY), rf" {head} +2025-04-02T03:00:00\+08:00 +0 entries$")

    def test_run_alone_by_name(self):
        programme = self.with_signed_batch()
        self.assertRegex(programme.run("jobs", "run", "net", as_of=MARCH_OVER), r"^net: \d+ entries folded")
        self.assertEqual([("net",)], programme.rows("SELECT job FROM job_heads"))

    def test_that_nobody_knows_are_refused_before_anything_runs(self):
        programme = self.with_signed_batch()
        out = programme.run("jobs", "run", "net", "tidy", as_of=MARCH_OVER, code=2)
        self.assertIn("没有名为 tidy 的任务；可用的任务：post set-off expire lapse settle net lines", out)
        self.assertIn("there is no job `tidy`; the jobs are: post set-off expire lapse settle net lines", out)
        self.assertEqual([], programme.rows("SELECT * FROM job_heads"))

    def test_take_a_slice_of_at_least_one_entry(self):
        for slice_of in ("0", "-1", "many"):
            with self.subTest(slice_of):
                self.assertIn("--slice", self.programme.run("jobs", "run", "--slice", slice_of, code=2))

    def test_change_nothing_the_second_time(self):
        programme = self.with_order()
        programme.run("jobs", "run", as_of="2025-05-01T03:00:00+08:00")
        before = programme.results()
        out = programme.run("jobs", "run", as_of="2025-05-01T04:00:00+08:00")
        self.assertIn("0 batches", out)
        self.assertIn("0 orders settled", out)
        after = programme.results()
        for table in ("accounts", "entries", "orders", "posting_lines", "lot_lines"):
            self.assertEqual(before[table], after[table], table)

    def test_that_are_refused_do_not_keep_the_others_from_running(self):
        import sqlite3
        programme = self.with_signed_batch()
        connection = sqlite3.connect(programme.db)
        connection.execute("UPDATE sealed_acts SET reduction_mg = reduction_mg + 1")
        connection.commit()
        connection.close()
        out = programme.run("jobs", "run", as_of=NEXT_DAY, code=1)
        self.assertIn("ISS-03", out)
        self.assertIn("post: 0 batches", out)
        self.assertRegex(out, r"lines: [1-9]\d* entries")
        self.assertEqual([], programme.rows("SELECT * FROM job_heads WHERE job = 'post'"))

    def test_settle_with_every_provider(self):
        out = self.with_order().run("jobs", "run", "settle", as_of="2025-05-01T03:00:00+08:00")
        self.assertRegex(out, r"^settle: 1 orders settled, 0\.[1-9]\d* kg released")
        self.assertRegex(self.line_of("settle", "2025-05-01T03:00:00+08:00"), r" 0 orders$")

    def test_net_what_lies_in_escrow(self):
        programme = self.with_order()
        self.assertIn("as of entry 0;", programme.run("balances", as_of=MARCH_OVER))
        programme.run("jobs", "run", "net", as_of="2025-05-01T03:00:00+08:00")
        out = programme.run("balances", as_of="2025-05-01T03:00:00+08:00")
        self.assertRegex(out, r"escrow:Metro +待结算 +0 +0\.[1-9]\d*")
        self.assertRegex(out, r"issued +签发 +-\d+ +-\d+\.\d{6}")
        self.assertRegex(out, r"points_used +已使用碳积分 +5 +0\.000000")

    def test_clear_as_the_command_of_that_name(self):
        programme = self.with_order()
        self.assertRegex(programme.run("expire", as_of="2027-04-02T00:00:00+08:00"), r"^cleared on 2027-04-02: 2 accounts")
        self.assertEqual(1, programme.value("SELECT count(*) FROM job_heads WHERE job = 'expire'"))

    def test_give_readers_the_answers_that_the_documents_promise(self):
        programme = self.with_order()
        programme.run("jobs", "run", as_of="2025-05-02T03:00:00+08:00")
        text = (ROOT / "docs/STORAGE.md").read_text(encoding="utf-8").split("## Lines for readers")[1].split("\n## ")[0]
        queries = re.findall(r"(?m)^    (SELECT .*(?:\n      .*)*)", text)
        self.assertEqual(3, len(queries))
        account = programme.value("SELECT account_id FROM accounts_register WHERE ref = 'person-u1'")
        for query in queries:
            with self.subTest(query):
                self.assertTrue(programme.rows(query.replace(":account", str(account))))


if __name__ == "__main__":
    unittest.main()
