"""Records that come as messages of NATS JetStream: whatever is killed, and whenever, they end in the bytes that the same
records of a file end in, each message is acknowledged and none counts twice."""
import json
import random
import sqlite3
import time
import unittest

import test_deliveries
from nats_server import NatsServer
from programme import Programme, consents, folder_of, ride, write_lines

RUNS_ALONE = "kills at moments of a run that it measured"

AS_OF = test_deliveries.AS_OF
KILLS = 3 * test_deliveries.KILLS // 4


def messages_of(records, seed):
    """One to five lines a message, some with an end of the last line."""
    dice, messages, first = random.Random(seed), [], 0
    while first < len(records):
        last = first + dice.randint(1, 5)
        text = "\n".join(json.dumps(record) for record in records[first:last]) + dice.choice(["", "\n"])
        messages.append(text.encode())
        first = last
    return messages


class Nats(unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)
        self.programme = Programme(self.folder / "base")
        self.programme.folder.mkdir()
        self.programme.found("rides", consents(self.folder / "consents.csv", test_deliveries.PEOPLE))
        self.server = NatsServer(self, self.folder / "store")

    def start_stream(self):
        self.server.start()
        self.server.ask("STREAM.CREATE.RIDES", name="RIDES", subjects=["rides"], storage="file", retention="limits")

    def command(self, *more):
        return ["ingest", "--scenario", "rides", "--nats", self.server.url, "--stream", "RIDES", "--durable", "city", *more]

    def consumer(self):
        return self.server.ask("CONSUMER.INFO.RIDES.city")

    def sealed(self, programme):
        programme.run("seal", "--scenario", "rides", "--until", "2025-03-31", as_of=AS_OF)
        results = programme.results()
        return results["sealed_acts"], [row[:3] + row[5:] for row in results["sealed_days"]]

    def test_the_consumer_is_made_and_refused_lines_are_counted_by_outcome(self):
        self.start_stream()
        lines = [json.dumps(ride(n, "u1", start=f"{n + 6:02}:00:00", end=f"{n + 6:02}:20:00")).encode() for n in range(3)]
        self.server.publish("rides", [b"\n".join(lines), b"{broken", json.dumps(ride(9, "stranger")).encode()])
        report = self.programme.report(*self.command("--until-empty"), as_of=AS_OF, code=4)
        self.assertEqual({"received": 3, "malformed_line": 1, "unknown_person": 1}, report["counts"])
        self.assertEqual([2, 3], [line["line"] for line in report["files"][0]["refused_lines"]])
        self.assertEqual((0, 0, 3), (self.consumer()["num_pending"], self.consumer()["num_ack_pending"],
                                     self.consumer()["ack_floor"]["stream_seq"]))
        report = self.programme.report(*self.command("--until-empty"), as_of=AS_OF)
        self.assertEqual({}, report["counts"])

    def test_a_server_that_is_not_there_or_goes_away_is_said_and_nothing_is_lost(self):
        out = self.programme.run(*self.command(), as_of=AS_OF, code=3)
        self.assertIn("nothing is lost", out)
        self.start_stream()
        self.server.publish("rides", [json.dumps(ride(1)).encode()])
        process = self.programme.start(*self.command(), as_of=AS_OF)
        self.addCleanup(process.kill)
        while "received" not in (line := process.stdout.readline()):
            self.assertTrue(line, "ended before the first message was in")
        self.server.kill()
        _, err = process.communicate(timeout=60)
        self.assertEqual(3, process.returncode, err)
        self.assertIn("nothing is lost", err)
        self.assertEqual(1, self.programme.value("SELECT sum(lines_done) FROM arrivals WHERE state = 'complete'"))

    def test_nothing_is_acknowledged_that_could_not_be_committed(self):
        self.start_stream()
        self.server.ask("CONSUMER.DURABLE.CREATE.RIDES.city", stream_name="RIDES",
                        config={"durable_name": "city", "ack_policy": "explicit", "ack_wait": 1_000_000_000})
        process = self.programme.start(*self.command(), as_of=AS_OF)
        self.addCleanup(process.kill)
        while not self.consumer()["num_waiting"]:  # it is open and pulls
            self.assertIsNone(process.poll())
        other = sqlite3.connect(self.programme.db, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")  # no commit of the command's can succeed now
        self.server.publish("rides", [json.dumps(ride(n, start=f"{n + 6:02}:00:00", end=f"{n + 6:02}:20:00")).encode() for n in range(3)])
        _, err = process.communicate(timeout=120)
        self.assertEqual(3, process.returncode, err)
        self.assertEqual((3, 0), (self.consumer()["num_ack_pending"], self.consumer()["ack_floor"]["stream_seq"]))
        other.close()
        report = self.programme.report(*self.command("--until-empty"), as_of=AS_OF)
        self.assertEqual({"received": 3}, report["counts"])

    def test_a_stream_that_is_not_there_and_a_consumer_of_another_kind_are_refused(self):
        self.server.start()
        self.assertIn("RIDES", self.programme.run(*self.command(), as_of=AS_OF, code=3))
        self.server.ask("STREAM.CREATE.RIDES", name="RIDES", subjects=["rides"], storage="file")
        self.server.ask("CONSUMER.DURABLE.CREATE.RIDES.city", stream_name="RIDES",
                        config={"durable_name": "city", "ack_policy": "none"})
        self.assertIn("cannot be used", self.programme.run(*self.command(), as_of=AS_OF, code=3))

    def test_what_does_not_go_together_is_a_slip_of_the_command_line(self):
        for more in (["records.ndjson"], ["--manifest", "m.toml"], ["--report", "r.json"]):
            self.programme.run(*self.command(*more), as_of=AS_OF, code=2)
        self.programme.run("ingest", "--scenario", "rides", as_of=AS_OF, code=2)

    def test_killed_at_any_moment_the_same_command_ends_in_the_bytes_of_a_file(self):
        records = test_deliveries.busy_month(11, 6000)
        whole = self.programme.copy_to(self.folder / "whole")
        whole.run("ingest", "--scenario", "rides", write_lines(self.folder / "all.ndjson", records), as_of=AS_OF, code=None)
        self.start_stream()
        # Few unacknowledged at a time, so that there are many commits; they come again soon.
        self.server.ask("CONSUMER.DURABLE.CREATE.RIDES.city", stream_name="RIDES",
                        config={"durable_name": "city", "ack_policy": "explicit", "ack_wait": 1_000_000_000,
                                "max_ack_pending": 150})
        messages, dice, killed_while_running = messages_of(records, 5), random.Random(13), 0
        half = len(messages) // 2
        self.server.publish("rides", messages[:half])
        for kill in range(KILLS):
            process = self.programme.start(*self.command("--until-empty"), as_of=AS_OF)
            time.sleep(dice.uniform(0.2, 3))
            killed_while_running += process.poll() is None
            if kill == KILLS // 2:  # the server goes in the middle
                self.server.kill()
                process.communicate(timeout=60)
                self.server.start()
                self.server.publish("rides", messages[half:])
            process.kill()
            process.communicate()
        self.assertGreater(killed_while_running, KILLS // 2)
        self.programme.run(*self.command("--until-empty"), as_of=AS_OF, code=None)
        consumer = self.consumer()
        self.assertEqual((0, 0), (consumer["num_pending"], consumer["num_ack_pending"]))
        self.assertEqual(len(messages), consumer["ack_floor"]["stream_seq"])
        self.assertEqual(len(records), self.programme.value("SELECT sum(lines_done) FROM arrivals"))
        self.assertEqual(len(messages), self.programme.value("SELECT sum(last_number - first_number + 1) FROM taken_messages"))
        self.assertGreater(self.programme.value("SELECT count(*) FROM arrivals"), 5)
        expected, found = self.sealed(whole), self.sealed(self.programme)
        self.assertGreater(len(expected[0]), 3000)
        self.assertEqual(expected, found)


if __name__ == "__main__":
    unittest.main()
