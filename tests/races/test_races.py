"""No lot is spent twice: rounds of 64 spenders who race for the ten points of one lot, half of them in each of two
processes with two writers, on one server."""
import os
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from postgres_server import Server  # noqa: E402

RUNS_ALONE = "spenders race on both cores"

PROGRAM = Path(os.environ.get("TANPUHUI_BUILD", ROOT / "build/test")) / "tests/races/racing_spenders"
ROUNDS = 10_000
AT_ONCE = 8  # rounds; both sides begin them together
SPENDERS, POINTS = 64, 10


def run(*words):
    done = subprocess.run([PROGRAM, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"{words}: {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


class Side:
    """A process that spends."""

    def __init__(self, place, number):
        self.process = subprocess.Popen([PROGRAM, "spend", place, str(number)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1)
        self.counts = {}

    def begin(self, first, rounds):
        self.process.stdin.write(f"{first} {rounds}\n")

    def wait(self):
        words = self.process.stdout.readline().split()
        self.counts = dict(zip(words[::2], map(int, words[1::2])))

    def end(self):
        self.process.communicate()
        return self.process.returncode


class Races(unittest.TestCase):
    def test_of_spenders_in_two_processes_spend_each_lot_once(self):
        server = Server.create()
        self.addCleanup(server.remove)
        place = server.address("races")
        server.psql("CREATE SCHEMA races")
        run("prepare", place, str(ROUNDS))
        sides = [Side(place, number) for number in (0, 1)]
        for first in range(0, ROUNDS, AT_ONCE):
            for side in sides:
                side.begin(first, min(AT_ONCE, ROUNDS - first))
            for side in sides:
                side.wait()
        self.assertEqual([0, 0], [side.end() for side in sides])
        print([side.counts for side in sides], file=sys.stderr)
        self.assertEqual(ROUNDS * POINTS, sum(side.counts["granted"] for side in sides))
        self.assertEqual(ROUNDS * (SPENDERS - POINTS), sum(side.counts["refused"] for side in sides))
        self.assertLess(ROUNDS * POINTS // 10, min(side.counts["granted"] for side in sides))

        def number(sql):
            return int(server.psql(sql, place))

        self.assertEqual(ROUNDS * (1 + POINTS), number("SELECT count(*) FROM entries"))
        self.assertEqual(ROUNDS, number(f"SELECT count(*) FROM accounts WHERE points_used = {POINTS}"))
        self.assertEqual(ROUNDS * (1 + SPENDERS), number("SELECT count(*) FROM commands"))
        self.assertEqual("", run("check", place))


if __name__ == "__main__":
    unittest.main()
