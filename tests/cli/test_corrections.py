"""Corrections from the command line: what was granted for records that do not count is taken back where it still is,
traced to providers, made good from a reserve; who caused it owes points; what others gain is issued; and the audit, which
computes all of it again, finds what somebody changed."""
import sqlite3
import time
import unittest

from programme import Programme, Refusals, consents, folder_of, ride, write_lines

PEOPLE = [f"u{n}" for n in range(1, 9)]
DAYS = [f"2025-03-{day:02}" for day in range(3, 13)]
RIDE_MG = 524_340  # 9 km
POSTED = "2025-04-01T09:00:00+08:00"
BASIS = "js24.a22p2"
OFFICERS = [("chen", "operator_clerk", "centre"), ("wang", "operator_approver", "centre")]


def person_rides(person, more=()):
    return [ride(f"{person}-{n}", person, day, km="9.000", end="08:40:00") for n, day in enumerate(DAYS)] + list(more)


def records(person, count):
    """Ids of the person's first rides."""
    return [f"{day.replace('-', '')}-{person}-{n}" for n, day in enumerate(DAYS)][:count]


class Corrections(unittest.TestCase, Refusals):
    def setUp(self):
        self.folder = folder_of(self)
        self.programme = Programme(self.folder / "p")
        self.programme.folder.mkdir()
        self.programme.found("rides", consents(self.folder / "consents.csv", PEOPLE), lateness_days=90)
        self.programme.record_officers("2025-01-01", OFFICERS)

    def issue_march(self, more=()):
        rides = [line for person in PEOPLE for line in person_rides(person)] + list(more)
        self.ingest(rides)
        self.seal("2025-03-31", POSTED)
        return self.programme.issue("rides", "2025-03-01", "2025-03-31", POSTED)

    def ingest(self, rides, as_of=POSTED):
        self.programme.run("ingest", "--scenario", "rides", write_lines(self.folder / "rides.ndjson", rides), as_of=as_of)

    def seal(self, until, as_of):
        self.programme.run("seal", "--scenario", "rides", "--until", until, as_of=as_of)

    def on(self, day, *arguments, code=0):
        return self.programme.on(day, *arguments, code=code)

    def add_offers(self, day="2025-04-02"):
        for provider in ("Metro", "Bus"):
            self.on(day, "provider", "record", "--name", provider, "--from", "2025-01-01", "--until", "2027-12-31")
            self.on(day, "offer", "record", "--provider", provider, "--title-zh", "票", "--title-en", "ticket", "--price", 4,
                    "--stock", 100)

    def order(self, day, person, pieces, offer=1, code=0):
        return self.on(day, "order", "--account", f"person-{person}", "--offer", offer, "--pieces", pieces, code=code)

    def list_of(self, lines):
        path = self.folder / "records.csv"
        path.write_text("record_id\n" + "\n".join(lines) + "\n")
        return path

    def compute(self, day, case, lines, responsible="Partner", code=0):
        return self.on(day, "correction", "compute", "--case", case, "--scenario", "rides", "--responsible", responsible,
                       "--records", self.list_of(lines), code=code)

    def propose(self, day, case, amount, responsible="Partner", code=0):
        return self.programme.step(day, case, "propose", "chen", "--field", "scenario=rides", "--field",
                                   "cause=the lock counted twice", "--field", "cause_class=device", "--field",
                                   f"responsible_party={responsible}", "--field", f"amount_kg={amount}", "--document",
                                   f"records={self.folder / 'records.csv'}", code=code)

    def decided(self, day, lines, responsible="Partner"):
        """The case of a correction that is decided."""
        case = self.programme.open_case(day, "correction", "--unit", "Partner")
        self.compute(day, case, lines, responsible)
        amount = self.programme.value("SELECT coalesce(sum(before_mg - after_mg), 0) FROM correction_lines WHERE "
                                      f"before_mg > after_mg AND case_number = {case}")
        self.propose(day, case, f"{amount // 1_000_000}.{amount % 1_000_000:06}", responsible)
        self.programme.step(day, case, "decide", "wang", "--reason", "checked")
        return case

    def account(self, person, columns):
        return self.programme.rows(f"SELECT {columns} FROM accounts a JOIN accounts_register r ON r.account_id = "
                                   f"a.account_id WHERE r.ref = 'person-{person}'")[0]

    def line(self, case, person):
        return self.programme.rows(
            "SELECT reversed_points, taken_back_mg, overdrawn_points, missing_mg FROM correction_lines l JOIN "
            f"accounts_register r ON r.account_id = l.account_id WHERE case_number = {case} AND r.ref = 'person-{person}'")[0]

    def audited(self, day):
        self.assertIn("all invariants hold", self.on(day, "audit"))

    def test_unspent_points_and_reductions_are_taken_back(self):
        self.issue_march()
        case = self.decided("2025-04-03", records("u1", 4))
        self.assertEqual((52, 10 * RIDE_MG), self.account("u1", "points_available, backing_mg"))
        out = self.on("2025-04-03", "correction", "post", case)
        self.assertIn("1 accounts posted; 21 points reversed, 0 overdrawn; 2.097360 kg taken back", out)
        self.assertEqual((31, 21, 6 * RIDE_MG, 0), self.account("u1", "points_available, points_reversed, backing_mg, "
                                                                      "honour_points"))
        # What is left keeps its last day, and the rest of the batch is as it was.
        self.assertEqual((52, 10 * RIDE_MG), self.account("u2", "points_available, backing_mg"))
        self.assertEqual(out, self.on("2025-04-04", "correction", "post", case))
        self.programme.step("2025-04-04", case, "post", "chen")
        self.programme.step("2025-04-04", case, "notify", "chen")
        self.audited("2025-04-04")
        self.on("2027-04-02", "expire")
        self.assertEqual((0, 31), self.account("u1", "points_available, points_expired"))
        self.audited("2027-04-02")

    def spent_and_gone(self):
        """u2 redeemed 40 points, u3 cancelled 4 kg, u4 and u5 gave Bus reductions, u6 did nothing."""
        self.issue_march()
        self.add_offers()
        self.order("2025-04-02", "u2", 10)
        self.on("2025-04-02", "cancel", "--account", "person-u3", "--amount-kg", "4")
        for person in ("u4", "u5"):
            self.order("2025-04-02", person, 13, offer=2)
        self.on("2025-05-05", "complete", "--due")

    def test_what_was_spent_is_traced_and_made_good_from_the_reserve(self):
        self.spent_and_gone()
        faulty = [id for person in ("u1", "u2", "u3", "u6", "u7") for id in records(person, 8)]
        case = self.decided("2025-05-06", faulty)
        before = self.account("u3", "honour_points, honour_mg")
        out = self.on("2025-05-06", "correction", "post", case)
        self.assertIn("5 accounts posted", out)
        # u2 keeps the goods: 30 points too many were spent, and what backed them is looked for at Metro.
        used = 10 * RIDE_MG - -(-10 * RIDE_MG * 12 // 52)
        missing = used - 2 * RIDE_MG
        self.assertEqual((12, 10 * RIDE_MG - used, 30, missing), self.line(case, "u2"))
        self.assertEqual(0, self.programme.value("SELECT sum(points_owed) FROM accounts_register"))
        self.assertEqual([(missing, missing)], self.programme.rows("SELECT traced_mg, taken_mg FROM correction_takings"))
        # What u3 cancelled stays cancelled; honours are reduced by what should not have been there.
        overdrawn, gone = self.line(case, "u3")[2:]
        self.assertEqual((before[0] - overdrawn, before[1] - gone), self.account("u3", "honour_points, honour_mg"))
        self.assertEqual((10, 2 * RIDE_MG), self.account("u3", "honour_points, honour_mg"))
        self.assertEqual({("Metro", missing), (None, gone)}, set(self.programme.rows(
            "SELECT p.name, d.due_mg FROM correction_dues d LEFT JOIN providers p ON p.account_id = d.provider_id")))
        self.audited("2025-05-06")

        self.assertIn("0.000000 kg covered in 0 cases", self.on("2025-05-06", "reserve", "cover"))
        self.assertIn("TRD-01", self.on("2025-05-06", "reserve", "give", "--account", "person-u8", "--amount-kg", "1", code=1))
        metro = "SELECT free_mg FROM accounts a JOIN providers p ON p.account_id = a.account_id WHERE p.name = 'Metro'"
        self.assertEqual(2 * RIDE_MG, self.programme.value(metro))
        self.on("2025-05-07", "reserve", "give", "--account", self.provider("Bus"), "--amount-kg", "4")
        self.on("2025-05-07", "reserve", "cover")
        self.assertEqual(used, self.programme.value(metro))  # compensated in full, with reductions of other persons' acts
        covered = 4_000_000 - missing
        self.assertEqual([(missing, missing), (gone, covered)], self.programme.rows(
            "SELECT due_mg, covered_mg FROM correction_dues ORDER BY provider_id = 0"))
        self.audited("2025-05-07")

        self.programme.step("2025-05-07", case, "post", "chen")
        issue = self.on("2025-07-01", "publication", "compile", "corrections", "--period", "2025-Q2", "--person", "chen")
        shown = self.on("2025-07-01", "publication", "show", issue.split()[1].rstrip(":"), "--csv")
        tonnes = self.programme.value("SELECT sum(taken_back_mg) FROM correction_lines") + missing
        header, row = shown.splitlines()[-2:]
        self.assertEqual("scenario,period,corrected_t,corrected_points,cause_class,uncovered_t", header)
        self.assertEqual(f"rides,2025-03-03/2025-03-10,0.{tonnes:09},"
                         f"{self.programme.value('SELECT sum(reversed_points) FROM correction_lines')},device,"
                         f"0.{gone - covered:09}", row)
        self.on("2025-07-02", "reserve", "give", "--account", self.provider("Bus"), "--amount-kg", "6")
        self.assertIn("0.000000 kg still due", self.on("2025-07-02", "reserve", "cover"))
        self.audited("2025-07-02")

    def provider(self, name):
        return self.programme.value(f"SELECT account_id FROM providers WHERE name = '{name}'")

    def test_accounts_with_an_order_under_way_wait(self):
        self.issue_march()
        self.add_offers()
        self.order("2025-04-02", "u2", 5)
        case = self.decided("2025-04-03", records("u1", 1) + records("u2", 9))
        out = self.on("2025-04-03", "correction", "post", case, code=1)
        self.assertIn("1 accounts posted", out)
        self.assertIn("1 accounts wait for an order that has not ended", out)
        said = self.programme.step("2025-04-03", case, "post", "chen", code=1)
        self.assert_refused("HLD-01", BASIS, said)
        self.audited("2025-04-03")
        self.on("2025-05-05", "complete", "--due")
        self.assertIn("2 accounts posted", self.on("2025-05-05", "correction", "post", case))
        self.programme.step("2025-05-05", case, "post", "chen")
        self.audited("2025-05-05")

    def test_who_caused_it_owes_points_until_new_ones_are_set_off(self):
        self.issue_march()
        self.add_offers()
        self.order("2025-04-02", "u2", 10)
        self.on("2025-05-05", "complete", "--due")
        case = self.decided("2025-05-06", records("u2", 8), responsible="person")
        self.on("2025-05-06", "correction", "post", case)
        self.assertEqual((30,), self.account("u2", "points_owed"))
        self.assert_refused("MAL-02", "js24.a35p1", self.order("2025-05-06", "u2", 1, code=1))
        self.ingest([ride(f"new-{n}", "u2", f"2025-05-{n:02}", km="9.000", end="08:40:00") for n in range(7, 17)],
                    as_of="2025-06-01T09:00:00+08:00")
        self.seal("2025-05-31", "2025-06-01T09:00:00+08:00")
        self.programme.issue("rides", "2025-05-01", "2025-05-31", "2025-06-01T09:00:00+08:00")
        self.assertIn("set-off: 1 accounts, 30 points", self.on("2025-06-01", "jobs", "run", "set-off"))
        self.assertEqual((0, 22), self.account("u2", "points_owed, points_available"))
        self.assertIn("set-off: 0 accounts, 0 points", self.on("2025-06-01", "jobs", "run", "set-off"))
        self.assertGreater(self.programme.value("SELECT sum(mg) FROM reserve_lots"), 30 * 100_000)
        self.order("2025-06-02", "u2", 1)
        self.audited("2025-06-02")

    def test_what_others_gain_is_a_batch_that_is_signed_and_posted(self):
        # A false ride of a kilometre keeps a true one of nine from counting.
        false = ride("false", "u1", "2025-03-20", start="08:00:00", end="08:10:00", km="1.000")
        true = ride("true", "u1", "2025-03-20", start="08:05:00", end="08:45:00", km="9.000")
        self.issue_march([false, true])
        case = self.decided("2025-04-03", ["20250320-false"])
        gain = RIDE_MG - 58_260
        out = self.on("2025-04-03", "correction", "post", case)
        self.assertIn("batch 2 issues what others gain", out)
        self.assertEqual([(gain, 1, int(case))], self.programme.rows(
            "SELECT l.reduction_mg, l.records, b.corrects FROM batch_lines l JOIN batches b USING (batch_id) WHERE batch_id = 2"))
        self.audited("2025-04-03")
        for signer, more in (("partner", ()), ("operator", ("--delegation", "D-1"))):
            self.on("2025-04-03", "batch", "sign", 2, "--as", signer, "--key", self.programme.key(signer), *more)
        self.on("2025-04-04", "batch", "post", 2)
        self.assertEqual((53 + 4,), self.account("u1", "points_available"))
        self.audited("2025-04-04")
        # A second correction goes on from what the first one left: the true ride would be taken from where it is not.
        again = self.programme.open_case("2025-04-05", "correction", "--unit", "Partner")
        self.compute("2025-04-05", again, records("u1", 1))
        self.assertEqual([(10 * RIDE_MG + 58_260, 9 * RIDE_MG + 58_260)], self.programme.rows(
            f"SELECT before_mg, after_mg FROM correction_lines WHERE case_number = {again}"))

    def test_a_later_version_of_a_record_counts_instead(self):
        self.issue_march()
        corrected = ride("u1-0", "u1", DAYS[0], km="3.000", end="08:40:00", revision=1)
        self.ingest([corrected], as_of="2025-04-02T09:00:00+08:00")
        self.seal("2025-03-31", "2025-04-02T09:00:00+08:00")
        case = self.decided("2025-04-03", ["20250303-u1-0,replaced"])
        self.assertEqual([(0, 0, 3 * 58_260), (1, 10 * RIDE_MG, 9 * RIDE_MG)], self.programme.rows(
            f"SELECT batch_id, before_mg, after_mg FROM correction_lines WHERE case_number = {case} ORDER BY batch_id"))
        self.on("2025-04-03", "correction", "post", case)
        self.audited("2025-04-03")
        # Sealed again, the later version is still no act of its own: the correction has issued it.
        self.seal("2025-03-31", "2025-04-04T09:00:00+08:00")
        self.audited("2025-04-04")
        # Nor does a batch that closes its day later change what was corrected.
        self.ingest([ride("late", "u2", DAYS[0], start="10:00:00", end="10:40:00", km="9.000")], "2025-04-05T09:00:00+08:00")
        self.seal("2025-03-31", "2025-04-05T09:00:00+08:00")
        batch = self.programme.issue("rides", "2025-03-01", "2025-03-31", "2025-04-05T09:00:00+08:00")
        self.assertEqual([(RIDE_MG,)], self.programme.rows(f"SELECT issued_mg FROM batches WHERE batch_id = {batch}"))
        self.audited("2025-04-05")

    def test_are_refused_where_case_and_computation_differ(self):
        self.issue_march()
        case = self.programme.open_case("2025-04-03", "correction", "--unit", "Partner")
        for lines, code in ((["20250303-nobody"], "DAT-06"), (["20250303"], "DAT-06"),
                            (["20250303-u1-0", "20250303-u1-0,replaced"], "DAT-06")):
            self.assertIn(f"{code}:", self.compute("2025-04-03", case, lines, code=1))
        self.list_of(records("u1", 1))
        self.assert_refused("HLD-01", BASIS, self.propose("2025-04-03", case, "0.524340", code=1))
        self.compute("2025-04-03", case, records("u1", 1))
        self.assert_refused("HLD-01", BASIS, self.propose("2025-04-03", case, "0.524341", code=1))
        self.assert_refused("HLD-01", BASIS, self.propose("2025-04-03", case, "0.524340", "person", code=1))
        said = self.on("2025-04-03", "correction", "post", case, code=1)
        self.assertIn("HLD-01:", said)
        self.propose("2025-04-03", case, "0.524340")
        # Computed anew from another list, it is no longer what was proposed.
        self.compute("2025-04-03", case, records("u1", 2))
        self.assert_refused("HLD-01", BASIS,
                            self.programme.step("2025-04-03", case, "decide", "wang", "--reason", "checked", code=1))
        self.compute("2025-04-03", case, records("u1", 1))
        other = self.decided("2025-04-03", records("u2", 1))
        said = self.programme.step("2025-04-03", case, "decide", "wang", "--reason", "checked", code=1)
        self.assert_refused("HLD-01", BASIS, said)
        self.assertIn("HLD-01:", self.compute("2025-04-03", case, records("u1", 1), code=1))  # the other waits
        self.on("2025-04-03", "correction", "post", other)
        self.compute("2025-04-03", case, records("u1", 1))
        self.programme.step("2025-04-03", case, "decide", "wang", "--reason", "checked")
        self.assertIn("HLD-01:", self.compute("2025-04-03", case, records("u1", 1), code=1))
        self.audited("2025-04-03")

    def test_a_kill_at_any_moment_loses_and_doubles_nothing(self):
        self.spent_and_gone()
        case = self.decided("2025-05-06", [id for person in PEOPLE for id in records(person, 8)], responsible="person")
        results = ("SELECT account_id, reversed_points, taken_back_mg, overdrawn_points, missing_mg FROM correction_lines",
                   "SELECT account_id, points_available, points_reversed, backing_mg, free_mg, honour_mg FROM accounts",
                   "SELECT account_id, points_owed FROM accounts_register",
                   "SELECT provider_id, batch_id, traced_mg, taken_mg FROM correction_takings",
                   "SELECT provider_id, due_mg, covered_mg FROM correction_dues", "SELECT state FROM corrections")
        calm = self.programme.copy_to(self.folder / "calm")
        began = time.monotonic()
        calm.on("2025-05-06", "correction", "post", case)
        took = time.monotonic() - began
        for kill in range(8):
            killed = self.programme.copy_to(self.folder / f"killed-{kill}")
            process = killed.start("correction", "post", case, as_of="2025-05-06T10:00:00+08:00")
            time.sleep(took * (kill + 0.5) / 8)
            process.kill()
            process.communicate()
            killed.on("2025-05-06", "correction", "post", case)
            for sql in results:
                self.assertEqual(sorted(calm.rows(sql)), sorted(killed.rows(sql)), sql)
            self.assertIn("all invariants hold", killed.on("2025-05-06", "audit"))

    def test_an_audit_finds_what_somebody_changed(self):
        self.spent_and_gone()
        case = self.decided("2025-05-06", records("u1", 3) + records("u2", 8) + records("u3", 8), responsible="person")
        self.on("2025-05-06", "correction", "post", case)
        self.on("2025-05-07", "reserve", "give", "--account", self.provider("Bus"), "--amount-kg", "1")
        self.on("2025-05-07", "reserve", "cover")
        self.audited("2025-05-07")
        for change in ("UPDATE correction_lines SET after_mg = after_mg + 1 WHERE posted_by = (SELECT min(posted_by) FROM "
                       "correction_lines)",
                       "UPDATE correction_lines SET overdrawn_points = overdrawn_points - 1 WHERE overdrawn_points > 0",
                       "DELETE FROM faulty_records WHERE record_id = '20250303-u1-0'",
                       "UPDATE corrections SET responsible = 'Partner'",
                       "UPDATE correction_takings SET taken_mg = taken_mg - 1",
                       "UPDATE correction_dues SET due_mg = due_mg + 1",
                       "UPDATE correction_covers SET mg = mg - 1",
                       "INSERT INTO reserve_lots VALUES (1, 5) ON CONFLICT DO UPDATE SET mg = mg + 5",
                       "UPDATE accounts_register SET points_owed = 0"):
            copy = self.programme.copy_to(self.folder / "changed")
            with sqlite3.connect(copy.db) as connection:
                self.assertGreater(connection.execute(change).rowcount, 0, change)
            connection.close()
            self.assertIn("L13 corrections take back what was wrong", copy.on("2025-05-07", "audit", code=None), change)


if __name__ == "__main__":
    unittest.main()
