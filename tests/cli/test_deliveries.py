"""However files are cut, shuffled and repeated, and whenever the program is killed: the same command ends in the same
bytes. TANPUHUI_FULL=1 kills more often."""
import os
import random
import time
import unittest

from programme import Programme, consents, folder_of, ride, write_lines

RUNS_ALONE = "kills at moments of a run that it measured"

PEOPLE = [f"u{n}" for n in range(60)]
AS_OF = "2025-04-01T00:00:00+08:00"
TERM_OVER = "2027-04-03T00:00:00+08:00"
KILLS = 60 if os.environ.get("TANPUHUI_FULL") else 8


def busy_month(seed, rides):
    """Rides of March with copies, conflicts, revisions, withdrawals and overlaps among them."""
    dice = random.Random(seed)
    records = []
    for _ in range(rides):
        day = f"2025-03-{dice.randint(1, 31):02}"
        hour, minute = dice.randint(0, 23), dice.randint(0, 29)
        more = {"revision": dice.randint(0, 2)} if dice.random() < 0.1 else {}
        more |= {"withdrawn": True} if dice.random() < 0.02 else {}
        records.append(ride(dice.randint(0, rides // 20), dice.choice(PEOPLE), day, f"{hour:02}:{minute:02}:00",
                            f"{hour:02}:{minute + dice.randint(2, 30):02}:00", f"{dice.randint(0, 6)}.{dice.randint(0, 999):03}",
                            **more))
    return records


class Deliveries(unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)
        self.base = Programme(self.folder / "base")
        self.base.folder.mkdir()
        self.base.found("rides", consents(self.folder / "consents.csv", PEOPLE))
        self.records = busy_month(3, 6000)

    def seal(self, programme):
        programme.run("seal", "--scenario", "rides", "--until", "2025-03-31", as_of=AS_OF)

    def sealed_whole(self):
        programme = self.base.copy_to(self.folder / "whole")
        programme.run("ingest", "--scenario", "rides", write_lines(self.folder / "all.ndjson", self.records), as_of=AS_OF, code=None)
        self.seal(programme)
        return programme

    def test_cut_shuffled_and_repeated_seals_to_the_same_bytes(self):
        whole = self.sealed_whole().results()
        dice = random.Random(7)
        for attempt in range(3):
            programme = self.base.copy_to(self.folder / f"cut{attempt}")
            records = self.records + dice.sample(self.records, 900)
            dice.shuffle(records)
            cuts = sorted(dice.sample(range(len(records)), 6))
            pieces = [records[a:b] for a, b in zip([0] + cuts, cuts + [len(records)])]
            for n, piece in enumerate(pieces):
                path = write_lines(self.folder / f"{attempt}-{n}.ndjson{'.gz' if n % 2 else ''}", piece)
                programme.run("ingest", "--scenario", "rides", path, as_of=AS_OF, code=None)
                if n == 3:  # sealing in between does not matter either
                    self.seal(programme)
            self.seal(programme)
            found = programme.results()
            self.assertGreater(len(whole["sealed_acts"]), 3000)
            self.assertEqual(whole["sealed_acts"], found["sealed_acts"])
            self.assertEqual([row[:3] + row[5:7] + row[8:] for row in whole["sealed_days"]],
                             [row[:3] + row[5:7] + row[8:] for row in found["sealed_days"]])

    def undisturbed_and_killed(self, base, command, code=0, as_of=AS_OF):
        """Runs `command` once in peace and then, on copies of `base`, killed at moments over its whole run, and again."""
        calm = base.copy_to(self.folder / f"calm-{command[0]}-{time.monotonic_ns()}")
        began = time.monotonic()
        calm.run(*command, as_of=as_of, code=code)
        duration = time.monotonic() - began
        killed_while_running = 0
        for kill in range(KILLS):
            programme = base.copy_to(self.folder / f"killed-{time.monotonic_ns()}")
            process = programme.start(*command, as_of=as_of)
            time.sleep(duration * (kill + 0.5) / KILLS)
            killed_while_running += process.poll() is None
            process.kill()
            process.communicate()
            programme.run(*command, as_of=as_of, code=None)
            expected, found = calm.results(), programme.results()
            for table in expected:
                self.assertEqual(expected[table], found[table], f"{command[0]} killed at {kill} of {KILLS}: {table}")
        self.assertGreater(killed_while_running, KILLS // 2)
        return calm

    def test_killed_at_any_moment_the_same_command_ends_in_the_same_rows(self):
        path = write_lines(self.folder / "all.ndjson.gz", self.records)
        programme = self.undisturbed_and_killed(self.base, ["ingest", "--scenario", "rides", path], code=4)
        programme = self.undisturbed_and_killed(programme, ["seal", "--scenario", "rides", "--until", "2025-03-31"])
        compute = ["batch", "compute", "--scenario", "rides", "--from", "2025-03-01", "--until", "2025-03-31"]
        programme = self.undisturbed_and_killed(programme, compute)
        programme.run("batch", "sign", "1", "--as", "partner", "--key", programme.key("partner"), as_of=AS_OF)
        programme.run("batch", "sign", "1", "--as", "operator", "--delegation", "D-1", "--key",
                      programme.key("operator"), as_of=AS_OF)
        programme = self.undisturbed_and_killed(programme, ["batch", "post", "1"])
        programme = self.undisturbed_and_killed(programme, ["pack"])
        self.assertEqual(0, programme.value("SELECT count(*) FROM sealed_acts"))
        programme = self.undisturbed_and_killed(programme, ["evidence", "delete", "--scenario", "rides", "--before",
                                                            "2025-04-01"])
        self.assertEqual(0, programme.value("SELECT count(*) FROM arrived_runs"))
        programme.run("provider", "record", "--name", "Metro", "--from", "2025-01-01", "--until", "2026-12-31", as_of=AS_OF)
        programme.run("offer", "record", "--provider", "Metro", "--title-zh", "票", "--title-en", "ticket", "--price", "5",
                      "--stock", "10", as_of=AS_OF)
        programme = self.undisturbed_and_killed(programme, ["order", "--account", "person-u1", "--offer", "1", "--id",
                                                            "0195" + "ab" * 14])
        self.assertEqual(9, programme.value("SELECT stock FROM offers"))
        programme = self.undisturbed_and_killed(programme, ["jobs", "run", "--slice", "1"], as_of=TERM_OVER)
        self.assertEqual(0, programme.value("SELECT sum(points_available) FROM accounts"))
        self.assertGreater(programme.value("SELECT count(*) FROM posting_lines"), 100)
        self.assertIn("all invariants hold", programme.run("audit", as_of=AS_OF))


if __name__ == "__main__":
    unittest.main()
