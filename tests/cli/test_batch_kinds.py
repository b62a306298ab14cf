"""Batches that do not simply sum reductions: projects whose losses are carried, and acts that earn points alone."""
import json
import sqlite3
import unittest
import urllib.request

from programme import Programme, consents, folder_of, ride, write_lines

LOSS = -6_474_445  # (80 / 0.9 - 100) kWh x 0.5827 kg/kWh = -6.474444... kg, rounded down
MADE_GOOD = 6_474_444  # (100 / 0.9 - 100) kWh x 0.5827 kg/kWh = 6.474444... kg, rounded down
GAIN = 41_436_444  # (100 / 0.9 - 40) kWh x 0.5827 kg/kWh = 41.436444... kg, rounded down
HEAT_AND_ELECTRICITY = {LOSS: (80, 100), MADE_GOOD: (100, 100), GAIN: (100, 40)}
LAST_DAY = {1: 31, 2: 28, 3: 31}


def period(subject, month, outcome):
    """The meters of one month, read so that the formula gives `outcome`."""
    heat, used = HEAT_AND_ELECTRICITY[outcome]
    return {"scenario": "heat", "record_id": f"2026{month:02}01-{subject}", "subject": subject,
            "started_at": f"2026-{month:02}-01T00:00:00+08:00", "ended_at": f"2026-{month:02}-{LAST_DAY[month]}T00:00:00+08:00",
            "heat_from_kwh": "0", "heat_until_kwh": f"{heat}", "used_from_kwh": "0", "used_until_kwh": f"{used}",
            "interpolated_count": "0"}


class CarriedLosses(unittest.TestCase):
    """Two projects over three months; the figures are worked out above and below."""

    FIRST = [LOSS, MADE_GOOD, GAIN]
    SECOND = [GAIN, LOSS, LOSS]

    def setUp(self):
        self.folder = folder_of(self)
        self.programme = Programme(self.folder)
        self.programme.found("heat", consents(self.folder / "c.csv", ["u1", "u2"], "heat"), methodology="heat-pump-water/v1")
        self.first, self.second = (self.programme.value(f"SELECT account_id FROM accounts_register WHERE ref = 'person-{u}'")
                                   for u in ("u1", "u2"))

    def seal(self, month):
        now = f"2026-{month + 1:02}-02T00:00:00+08:00"
        path = write_lines(self.folder / f"{month}.ndjson", [period("u1", month, self.FIRST[month - 1]),
                                                             period("u2", month, self.SECOND[month - 1])])
        self.programme.run("ingest", "--scenario", "heat", path, as_of=now)
        self.programme.run("seal", "--scenario", "heat", "--until", f"2026-{month:02}-{LAST_DAY[month]}", as_of=now)
        return now

    def issue(self, first, last, now):
        return self.programme.issue("heat", f"2026-{first:02}-01", f"2026-{last:02}-{LAST_DAY[last]}", now)

    def lines(self, batch):
        """Of both projects: issued, carried in, carried out."""
        return [row for row in self.programme.rows(
            f"SELECT reduction_mg, carried_in_mg, carried_out_mg FROM batch_lines WHERE batch_id = {batch} "
            f"ORDER BY account_id = {self.second}")]

    def held(self, account):
        return self.programme.value(f"SELECT coalesce(sum(backing_mg + free_mg), 0) FROM accounts WHERE account_id = {account}")

    def three_months(self):
        return [self.issue(month, month, self.seal(month)) for month in (1, 2, 3)]

    def test_a_loss_is_made_good_before_anything_is_issued_again(self):
        january, february, march = self.three_months()
        self.assertEqual([(0, 0, -6_474_445), (41_436_444, 0, 0)], self.lines(january))
        # -6,474,445 + 6,474,444 = -1, and the second project's first loss: nothing is issued at all.
        self.assertEqual([(0, -6_474_445, -1), (0, 0, -6_474_445)], self.lines(february))
        # 41,436,444 - 1; and twice the loss.
        self.assertEqual([(41_436_443, -1, 0), (0, -6_474_445, -12_948_890)], self.lines(march))
        self.assertEqual([41_436_444, 0, 41_436_443], [row[0] for row in self.programme.rows(
            "SELECT issued_mg FROM batches ORDER BY batch_id")])
        self.assertEqual((41_436_443, 41_436_444), (self.held(self.first), self.held(self.second)))
        self.assertEqual([("posted",)] * 3, self.programme.rows("SELECT state FROM batches"))
        self.assertEqual(0, self.programme.value("SELECT count(*) FROM sealed_days WHERE batch_id IS NULL"))
        now = "2026-04-03T00:00:00+08:00"
        self.assertIn("all invariants hold", self.programme.run("audit", as_of=now))
        listed = self.programme.run("batch", "list", as_of=now)
        self.assertIn("-6.474446", listed)  # of both in February
        self.assertIn("-12.948890", listed)

    def test_one_batch_for_all_issues_the_first_project_the_same(self):
        for month in (1, 2, 3):
            now = self.seal(month)
        batch = self.issue(1, 3, now)
        # The second one lost after it gained: in one batch 41,436,444 - 12,948,890.
        self.assertEqual([(41_436_443, 0, 0), (28_487_554, 0, 0)], self.lines(batch))
        self.assertIn("all invariants hold", self.programme.run("audit", as_of=now))

    def test_losses_are_shown_where_a_batch_is_computed(self):
        now = self.seal(1)
        said = self.programme.run("batch", "compute", "--scenario", "heat", "--from", "2026-01-01", "--until", "2026-01-31",
                                  as_of=now)
        self.assertIn(f"account {self.first}: saved -6.474445 kg, carried in 0.000000 kg, carried to its next batch "
                      "-6.474445 kg", said)
        self.assertNotIn(f"account {self.second}", said)

    def changed(self, sql):
        connection = sqlite3.connect(self.programme.db)
        with connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            connection.execute(sql)
        connection.close()
        return self.programme.run("audit", as_of="2026-04-03T00:00:00+08:00", code=None)

    def test_the_audit_finds_a_loss_that_was_dropped_from_both_batches(self):
        _, february, march = self.three_months()
        said = self.changed(f"UPDATE batch_lines SET carried_out_mg = 0 WHERE batch_id = {february} AND account_id = {self.first}")
        self.assertIn(f"batch {february}, account {self.first}: its line issues 0 mg for 1 records, -6474445 mg carried in "
                      "and 0 out; by its acts it issues 0 mg for 1 records, -6474445 mg carried in and -1 out", said)
        said = self.changed(f"UPDATE batch_lines SET carried_in_mg = 0, reduction_mg = 41436444 WHERE batch_id = {march} "
                            f"AND account_id = {self.first}")
        self.assertIn(f"batch {march}, account {self.first}: its line issues 41436444 mg for 1 records; by its acts it "
                      "issues 41436443 mg for 1 records, -1 mg carried in and 0 out", said)
        self.assertIn("the stored digest is not that of its content", said)


def meal(number, subject, day, hour, plate="clean"):
    return {"scenario": "plates", "record_id": f"{day.replace('-', '')}-{number}", "subject": subject,
            "started_at": f"{day}T{hour:02}:00:00+08:00", "ended_at": f"{day}T{hour + 2:02}:00:00+08:00", "plate": plate}


class PointsAlone(unittest.TestCase):
    """Clean plates: six meals of one person and one of another count, a point each."""

    MEALS = [meal(1, "u1", "2025-03-03", 12), meal(2, "u1", "2025-03-03", 18), meal(3, "u1", "2025-03-04", 12),
             meal(4, "u2", "2025-03-04", 12), meal(5, "u2", "2025-03-04", 18, plate="not_clean")]
    MEALS += [meal(6 + n, "u1", "2025-03-05", 6 + 4 * n) for n in range(4)]  # three a day count

    def setUp(self):
        self.folder = folder_of(self)
        self.programme = Programme(self.folder)
        self.programme.found("plates", consents(self.folder / "c.csv", ["u1", "u2"], "plates"), methodology="clean-plate/v1")
        now = "2025-03-10T00:00:00+08:00"
        path = write_lines(self.folder / "meals.ndjson", self.MEALS)
        self.taken = self.programme.report("ingest", "--scenario", "plates", path, as_of=now, code=4)
        self.sealed = self.programme.report("seal", "--scenario", "plates", "--until", "2025-03-09", as_of=now)
        self.batch = self.programme.issue("plates", "2025-03-01", "2025-03-09", now)

    def account(self, subject):
        return self.programme.rows(
            "SELECT points_available, backing_mg, free_mg, honour_points, honour_mg FROM accounts JOIN accounts_register "
            f"USING (account_id) WHERE ref = 'person-{subject}'")[0]

    def audit(self, now):
        self.assertIn("all invariants hold", self.programme.run("audit", as_of=now))

    def ride(self):
        """Two rides of 3 km: 2 x 3 x 58.26 g = 349.56 g, 3 points, credited after the meals."""
        now = "2025-03-20T00:00:00+08:00"
        self.programme.add_scenario("rides", consents(self.folder / "r.csv", ["u1"], "rides"), "D-2",
                                    "2025-03-10T00:00:01+08:00")
        path = write_lines(self.folder / "rides.ndjson", [ride(1, day="2025-03-12"), ride(2, day="2025-03-13")])
        self.programme.run("ingest", "--scenario", "rides", path, as_of=now)
        self.programme.run("seal", "--scenario", "rides", "--until", "2025-03-19", as_of=now)
        self.programme.issue("rides", "2025-03-12", "2025-03-19", now, delegation="D-2")

    def test_each_act_that_counts_earns_a_point_and_no_gram(self):
        self.assertEqual({"received": 8, "check_failed.plate_not_clean": 1},
                         {k: v for k, v in self.taken["counts"].items() if v})
        self.assertEqual({"accepted": 7, "cap_day": 1}, {k: v for k, v in self.sealed["counts"].items() if v})
        self.assertEqual([(2, 7, 0, "posted")],
                         self.programme.rows("SELECT persons, records, issued_mg, state FROM batches"))
        self.assertEqual([(0, 6, 6), (0, 1, 1)], self.programme.rows(
            "SELECT reduction_mg, records, plain_records FROM batch_lines ORDER BY records DESC"))
        self.assertEqual(((6, 0, 0, 0, 0), (1, 0, 0, 0, 0)), (self.account("u1"), self.account("u2")))
        self.audit("2025-03-11T00:00:00+08:00")

    def test_public_totals_know_their_points_and_count_no_reductions(self):
        self.ride()
        server = self.programme.start("serve", "--port", "0", as_of="2025-03-21T10:00:00+08:00")
        try:
            address = server.stdout.readline().split("serving ")[1].split()[0].rstrip("/")
            with urllib.request.urlopen(f"{address}/api/v1/totals", timeout=60) as answer:
                totals = json.load(answer)
        finally:
            server.terminate()
            server.communicate()
        self.assertEqual(("0.349560", "0.349560"), (totals["issued_kg"], totals["held"]["persons_kg"]))
        self.assertEqual((10, 10), (totals["points"]["credited"], totals["points"]["outstanding"]))

    def test_they_are_spent_after_points_that_bear_reductions_and_move_nothing(self):
        self.ride()
        self.assertEqual((9, 349_560, 0, 0, 0), self.account("u1"))
        now = "2025-03-21T10:00:00+08:00"
        self.programme.run("provider", "record", "--name", "Canteen", "--from", "2025-01-01", "--until", "2026-12-31", as_of=now)
        for price in (5, 4):
            self.programme.run("offer", "record", "--provider", "Canteen", "--title-zh", "餐", "--title-en", "meal", "--price",
                               price, "--stock", "10", as_of=now)
        self.programme.run("order", "--account", "person-u1", "--offer", "1", as_of=now)
        self.assertEqual((4, 0, 0, 0, 0), self.account("u1"))  # 3 that bear 349,560 mg and 2 that bear none
        self.audit(now)
        self.programme.run("order", "--account", "person-u1", "--offer", "2", as_of=now)
        self.assertEqual((0, 0, 0, 0, 0), self.account("u1"))
        later = "2025-06-01T10:00:00+08:00"
        self.assertIn("2 orders are completed", self.programme.run("complete", "--due", as_of=later))
        self.assertEqual((0, 0, 0, 9, 349_560), self.account("u1"))
        self.assertIn("2 orders settled", self.programme.run("settle", "--provider", "Canteen", as_of=later))
        self.assertEqual([(349_560,)], self.programme.rows(
            "SELECT backing_mg + free_mg FROM accounts JOIN accounts_register USING (account_id) WHERE kind = 2"))
        self.audit(later)

    def test_an_order_of_them_is_refunded_as_it_was_paid(self):
        now = "2025-03-21T10:00:00+08:00"
        self.programme.run("provider", "record", "--name", "Canteen", "--from", "2025-01-01", "--until", "2026-12-31", as_of=now)
        self.programme.run("offer", "record", "--provider", "Canteen", "--title-zh", "餐", "--title-en", "meal", "--price", 4,
                           "--stock", "10", as_of=now)
        self.programme.run("order", "--account", "person-u1", "--offer", "1", as_of=now)
        order = self.programme.value("SELECT order_id FROM orders")
        self.programme.run("refund", order, "--by-person", as_of=now)
        self.assertEqual((6, 0, 0, 0, 0), self.account("u1"))
        self.audit(now)

    def test_nothing_can_be_donated_from_them(self):
        now = "2025-03-21T10:00:00+08:00"
        self.programme.run("event", "record", "--event", "run", "--title-zh", "跑", "--title-en", "run", "--organiser", "City",
                           "--held-on", "2025-05-20", as_of=now)
        said = self.programme.run("donate", "--account", "person-u1", "--event", "run", "--amount-kg", "0.000001", as_of=now,
                                  code=1)
        self.assertIn("USE-02", said)

    def test_they_expire_like_others(self):
        self.programme.run("expire", as_of="2027-03-10T23:59:59+08:00")  # the last good day
        self.assertEqual((6, 0, 0, 0, 0), self.account("u1"))
        end = "2027-03-11T00:00:00+08:00"
        self.programme.run("expire", as_of=end)
        self.assertEqual(((0, 0, 0, 6, 0), (0, 0, 0, 1, 0)), (self.account("u1"), self.account("u2")))
        self.audit(end)

    def test_the_audit_finds_points_for_an_act_that_does_not_count(self):
        connection = sqlite3.connect(self.programme.db)
        with connection:
            connection.execute("UPDATE batch_lines SET records = 7, plain_records = 7 WHERE records = 6")
        connection.close()
        said = self.programme.run("audit", as_of="2025-03-11T00:00:00+08:00", code=None)
        self.assertIn("its line issues 0 mg for 7 records, 7 of them without reductions; by its acts it issues 0 mg for 6 "
                      "records, 6 of them without reductions", said)
        self.assertIn("was posted something else than its line of batch 1: 0 mg and 7 points", said)


if __name__ == "__main__":
    unittest.main()
