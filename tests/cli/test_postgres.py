"""A programme on a PostgreSQL server, driven by commands: the same results as in a file, also when the server is killed
in the middle and the same commands are sent again."""
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import programme as support  # noqa: E402
from postgres_server import Server, give_to_server_user  # noqa: E402

SEAL_AT, POST_AT, JOBS_AT = "2025-04-02T09:00:00+08:00", "2025-04-03T09:00:00+08:00", "2025-04-04T03:00:00+08:00"


class ServerProgramme(support.Programme):
    """The same commands, another location."""

    def __init__(self, folder, server, schema):
        super().__init__(folder)
        self.server, self.schema = server, schema
        server.psql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        self.db = server.address(schema)

    def start(self, *arguments, **options):
        return super().start(*arguments, **dict(options, cwd=self.folder))

    def rows(self, sql):
        out = self.server.psql(sql, self.server.address(self.schema))
        return [tuple(line.split("|")) for line in out.splitlines()]


class LossyWire:
    """Hands everything on between clients and the server, but for the answer to the first COMMIT: that connection is cut
    when the server has answered."""

    def __init__(self, server):
        self.server, self.cuts = server, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            there = socket.create_connection(("127.0.0.1", self.server.port))
            committing = threading.Event()
            threading.Thread(target=self.hand_on, args=(client, there, committing, True), daemon=True).start()
            threading.Thread(target=self.hand_on, args=(there, client, committing, False), daemon=True).start()

    def hand_on(self, source, target, committing, to_server):
        try:
            while data := source.recv(1 << 16):
                if to_server and b"COMMIT" in data and self.cuts == 0:
                    committing.set()
                if not to_server and committing.is_set():
                    self.cuts += 1
                    break
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


def deliver(folder):
    rides = [support.ride(f"{person}-{day}-{i}", subject=f"u{person}", day=f"2025-03-{day:02}",
                          start=f"{7 + i:02}:00:00", end=f"{7 + i:02}:20:00")
             for day in range(1, 16) for person in range(120) for i in range(3)]
    people = [f"u{person}" for person in range(120)]
    return (support.consents(folder / "consents.csv", people),
            support.write_lines(folder / "rides.ndjson", rides))


def play(programme, consents, rides):
    programme.found("rides", consents)
    programme.run("ingest", "--scenario", "rides", rides, as_of=SEAL_AT)
    programme.run("seal", "--scenario", "rides", "--until", "2025-03-31", as_of=SEAL_AT)
    programme.issue("rides", "2025-03-01", "2025-03-31", POST_AT)
    programme.run("jobs", "run", as_of=JOBS_AT)


# Salts are drawn at random, so accounts are compared by whose they are.
SUMS = {
    "acts": "SELECT outcome, count(*), sum(reduction_mg) FROM sealed_acts GROUP BY outcome ORDER BY outcome",
    "lines": "SELECT count(*), sum(reduction_mg), sum(records) FROM batch_lines",
    "batches": "SELECT persons, records, issued_mg, state FROM batches",
    "accounts": "SELECT r.ref, a.points_available, a.backing_mg, a.free_mg, a.version FROM accounts a JOIN "
                "accounts_register r ON r.account_id = a.account_id ORDER BY r.ref",
    "entries": "SELECT count(*), count(DISTINCT entry_id) FROM entries",
    "commands": "SELECT count(*) FROM commands",
    "netted": "SELECT * FROM netted_balances ORDER BY account_id, batch_id",
    "posting_lines": "SELECT kind, recorded_on, count(*), sum(d_points), sum(abs(d_free_mg) + abs(d_backing_mg)) FROM "
                     "posting_lines GROUP BY kind, recorded_on ORDER BY kind",
    "lot_lines": "SELECT count(*), sum(points), sum(backing_mg), sum(free_mg), min(expires_on) FROM lot_lines",
    "jobs": "SELECT job, ran_at FROM job_heads WHERE last_entry > 0 ORDER BY job",
}


def sums(programme):
    return {name: [tuple(map(str, row)) for row in programme.rows(sql)] for name, sql in SUMS.items()}


class OnServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server.create()
        cls.addClassCleanup(cls.server.remove)

    def setUp(self):
        self.folder = support.folder_of(self)
        self.consents, self.rides = deliver(self.folder)

    def undisturbed(self):
        file = support.Programme(self.folder, "file")
        play(file, self.consents, self.rides)
        return sums(file)

    def test_gives_the_results_of_a_file(self):
        programme = ServerProgramme(self.folder, self.server, "plain")
        play(programme, self.consents, self.rides)
        self.assertEqual(sums(programme), self.undisturbed())
        programme.run("audit")
        draft = support.ROOT / "methodologies" / support.METHODOLOGY
        tried = json.loads(programme.run("methodology", "dry-run", draft, "--json"))["scenarios"][0]
        self.assertEqual((5_400, [], 0), (tried["acts"], tried["changes"], tried["not_derivable"]))
        shown = programme.run("acts", "--account", "person-u7")
        self.assertIn("packed 15 rounds, 5,400 acts", programme.run("pack"))
        self.assertEqual([("0",)], programme.rows("SELECT count(*) FROM sealed_acts"))
        self.assertEqual(shown, programme.run("acts", "--account", "person-u7"))
        programme.run("audit")

    def test_does_nothing_twice_when_the_server_is_killed_in_the_middle(self):
        programme = ServerProgramme(self.folder, self.server, "killed")
        programme.found("rides", self.consents)
        steps = [(("ingest", "--scenario", "rides", self.rides), SEAL_AT),
                 (("seal", "--scenario", "rides", "--until", "2025-03-31"), SEAL_AT)]
        kills = sum(self.kill_during(programme, arguments, as_of) for arguments, as_of in steps)
        batch = str(self.first_of(programme.run("batch", "compute", "--scenario", "rides", "--from", "2025-03-01",
                                                "--until", "2025-03-31", as_of=POST_AT)))
        programme.run("batch", "sign", batch, "--as", "partner", "--key", programme.key("partner"), as_of=POST_AT)
        programme.run("batch", "sign", batch, "--as", "operator", "--delegation", "D-1", "--key",
                      programme.key("operator"), as_of=POST_AT)
        kills += self.kill_during(programme, ("batch", "post", batch), POST_AT)
        kills += self.kill_during(programme, ("jobs", "run", "net", "lines", "--slice", "2"), JOBS_AT)
        self.assertGreater(kills, 3, "the kills came too late")
        self.assertEqual(sums(programme), self.undisturbed())
        programme.run("audit")

    @staticmethod
    def first_of(out):
        return out.split(":")[0].removeprefix("batch ")

    def kill_during(self, programme, arguments, as_of):
        """Kills the server at growing distances from the start, then lets a run end undisturbed: the number of kills."""
        kills = 0
        for pause in (0.03, 0.08, 0.15, 0.25):
            process = programme.start(*arguments, as_of=as_of)
            time.sleep(pause)
            if process.poll() is None:
                kills += 1
                self.server.kill()
                self.server.start()
            out, err = process.communicate()
            self.assertIn(process.returncode, (0, 3), out + err)
        programme.run(*arguments, as_of=as_of)
        return kills

    def test_finds_out_what_became_of_a_commit_whose_answer_was_lost(self):
        programme = ServerProgramme(self.folder, self.server, "lost")
        programme.found("rides", self.consents)
        programme.run("ingest", "--scenario", "rides", self.rides, as_of=SEAL_AT)
        programme.run("seal", "--scenario", "rides", "--until", "2025-03-31", as_of=SEAL_AT)
        programme.run("batch", "compute", "--scenario", "rides", "--from", "2025-03-01", "--until", "2025-03-31",
                      as_of=POST_AT)
        for arguments in (("--as", "partner", "--key", programme.key("partner")),
                          ("--as", "operator", "--delegation", "D-1", "--key", programme.key("operator"))):
            programme.run("batch", "sign", "1", *arguments, as_of=POST_AT)
        wire = LossyWire(self.server)
        self.addCleanup(wire.listener.close)
        programme.db = self.server.address("lost", "127.0.0.1", wire.port)
        programme.run("batch", "post", "1", as_of=POST_AT)
        self.assertEqual(wire.cuts, 1)
        programme.run("jobs", "run", as_of=JOBS_AT)
        self.assertEqual(sums(programme), self.undisturbed())

    def test_says_what_is_wrong_when_the_server_is_gone(self):
        programme = support.Programme(self.folder)
        programme.db = "postgresql://city:secret@127.0.0.1:1/city"
        err = programme.run("audit", code=3)
        self.assertIn("check that the server runs", err)
        self.assertNotIn("secret", err)

    def test_reads_from_a_replica_and_writes_nothing_to_it(self):
        programme = ServerProgramme(self.folder, self.server, "copied")
        play(programme, self.consents, self.rides)
        replica = self.server.replica()
        self.addCleanup(replica.remove)
        copy = ServerProgramme.__new__(ServerProgramme)
        copy.__dict__.update(programme.__dict__, server=replica, db=replica.address("copied"))
        err = copy.run("seal", "--scenario", "rides", "--until", "2025-03-31", as_of=SEAL_AT, code=3)
        self.assertIn("this server is a replica or set to read only: name the primary", err)
        self.assertEqual(sums(programme), sums(copy))
        draft = support.ROOT / "methodologies" / support.METHODOLOGY
        self.assertIn("5,400", copy.run("methodology", "dry-run", draft))

    def test_loses_nothing_when_its_disk_is_full(self):
        server = Server.create()
        self.addCleanup(server.remove)
        disk = server.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], capture_output=True).returncode:
            self.skipTest("a disk that is small cannot be made here: mounting one is not permitted")
        self.addCleanup(subprocess.run, ["umount", "--lazy", disk])
        tables = disk / "tables"
        tables.mkdir()
        give_to_server_user(tables)
        server.psql(f"CREATE TABLESPACE narrow LOCATION '{tables}'")
        programme = ServerProgramme(self.folder, server, "narrow")
        programme.db += "%20-cdefault_tablespace%3Dnarrow"
        programme.found("rides", self.consents)
        programme.run("ingest", "--scenario", "rides", self.rides, as_of=SEAL_AT)
        other_data = disk / "other-data"
        free = shutil.disk_usage(disk).free
        other_data.write_bytes(bytes(free - (100 << 10)))
        seal = ("seal", "--scenario", "rides", "--until", "2025-03-31")
        err = programme.run(*seal, as_of=SEAL_AT, code=3)
        self.assertIn("the server's disk is full: make room and run the command again", err)
        other_data.unlink()
        programme.run(*seal, as_of=SEAL_AT)
        programme.issue("rides", "2025-03-01", "2025-03-31", POST_AT)
        programme.run("jobs", "run", as_of=JOBS_AT)
        self.assertEqual(sums(programme), self.undisturbed())

    def test_plays_the_demonstration_twice_in_one_place(self):
        programme = ServerProgramme(self.folder, self.server, "demo")
        for _ in range(2):
            out = programme.run("demo", "--folder", self.folder / "demo", "--store", programme.db)
            self.assertIn("certificate", out)
        self.assertEqual(programme.value("SELECT count(*) FROM batches"), "2")

    def test_makes_no_demonstration_out_of_a_real_programme(self):
        programme = ServerProgramme(self.folder, self.server, "real")
        programme.run("init", "--name", "Real", "--rulebook", "js24")
        err = programme.run("demo", "--folder", self.folder / "demo", "--store", programme.db, code=3)
        self.assertIn("no rehearsal", err)


if __name__ == "__main__":
    unittest.main()
