"""Records that partners deliver over HTTP: signed, whole or not at all, in flat memory, and sealed to the bytes of the
same files given to `ingest`, whatever is cut or killed in between."""
import base64
import gzip
import hashlib
import http.client
import json
import os
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import time
import unittest
from pathlib import Path

import test_deliveries
from programme import ROOT, Programme, consents, folder_of, ride, write_lines

sys.path.insert(0, str(ROOT / "tests/support"))
from postgres_server import Server as Postgres  # noqa: E402
import test_postgres  # noqa: E402

RUNS_ALONE = "many deliveries at once"

AS_OF = test_deliveries.AS_OF
PATH = "/api/v1/scenarios/rides/deliveries"
SCRIPT = ROOT / "examples/partners/deliver.sh"


def pem_of(key, folder):
    """The key that `tanpuhui key` wrote, as openssl reads it."""
    der = bytes.fromhex("302e020100300506032b657004220420" + Path(key).read_text().strip())
    path = Path(folder) / f"{Path(key).name}.pem"
    path.write_text("-----BEGIN PRIVATE KEY-----\n" + base64.b64encode(der).decode() + "\n-----END PRIVATE KEY-----\n")
    return path


class Partner:
    """Signs and sends. `more` replaces parts of what is signed."""

    def __init__(self, key, folder):
        self.folder = Path(folder)
        self.pem = pem_of(key, folder)

    def headers(self, body, manifest=None, chunked=False, **more):
        digest = more.get("digest", hashlib.sha256(body).digest())
        parts = {"@method": "POST", "@path": more.get("path", PATH),
                 "content-digest": f"sha-256=:{base64.b64encode(digest).decode()}:"}
        if not chunked:
            parts["content-length"] = str(len(body))
        if manifest:
            parts["delivery-manifest"] = f":{base64.b64encode(manifest.encode()).decode()}:"
        covered = " ".join(f'"{name}"' for name in parts)
        parameters = f'({covered});created={more.get("created", int(time.time()))};keyid="partner:rides"'
        base = self.folder / "to-be-signed"
        base.write_text("".join(f'"{name}": {value}\n' for name, value in parts.items()) + f'"@signature-params": {parameters}')
        signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.pem, "-in", base],
                                   stdout=subprocess.PIPE, check=True).stdout
        headers = {name.title(): value for name, value in parts.items() if not name.startswith("@")}
        return headers | {"Signature-Input": f"delivery={parameters}",
                          "Signature": f"delivery=:{base64.b64encode(signature).decode()}:"}


class Server:
    """`tanpuhui serve` of a programme until the test ends."""

    def __init__(self, test, programme, *options, as_of=AS_OF, **start):
        self.process = programme.start("serve", "--port", "0", *options, as_of=as_of, **start)
        test.addCleanup(self.end)
        line = self.process.stdout.readline()
        if "serving" not in line:
            raise AssertionError(line + self.process.stderr.read())
        self.port = int(re.search(r":(\d+)", line).group(1))

    def end(self, how=signal.SIGKILL):
        if self.process.poll() is None:
            self.process.send_signal(how)
        _, errors = self.process.communicate(timeout=60)
        return errors

    def ask(self, method, path, body=None, headers=None, chunked=False):
        """Status, headers and answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body=iter([body]) if chunked else body, headers=headers or {}, encode_chunked=chunked)
            response = connection.getresponse()
            text = response.read().decode()
            return response.status, response.headers, json.loads(text) if text.startswith("{") else text
        finally:
            connection.close()

    def deliver(self, body, headers, path=PATH, chunked=False):
        if chunked:
            headers = headers | {"Transfer-Encoding": "chunked"}
        status, _, answer = self.ask("POST", path, body, headers, chunked)
        return status, answer

    def begin(self, headers, part=b""):
        """A connection on which the head and a part of the body have gone out."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        head = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
        connection.sendall((head + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n").encode())
        answer = connection.recv(4096)
        if not answer.startswith(b"HTTP/1.1 100"):
            raise AssertionError("the server does not want the body: " + answer.decode())
        connection.sendall(part)
        return connection

    def memory_kb(self):
        """The most that it ever held."""
        return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text()).group(1))


class HttpIntake(unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)
        self.programme = Programme(self.folder / "base")
        self.programme.folder.mkdir()
        self.found(self.programme)

    def found(self, programme):
        programme.found("rides", consents(self.folder / "consents.csv", test_deliveries.PEOPLE))
        self.partner = Partner(programme.key("partner"), self.folder)

    def serve(self, *options, **start):
        return Server(self, self.programme, "--intake", "--spool", self.folder, *options, **start)

    def arrivals(self):
        return self.programme.rows("SELECT state, lines_done FROM arrivals ORDER BY arrival_id")

    def body(self, *numbers):
        return "".join(json.dumps(ride(n, f"u{n}")) + "\n" for n in numbers).encode()

    def sealed(self, programme):
        programme.run("seal", "--scenario", "rides", "--until", "2025-03-31", as_of=AS_OF)
        results = programme.results()
        return results["sealed_acts"], [row[:3] + row[5:] for row in results["sealed_days"]]

    def test_counts_and_refused_lines_are_answered_and_the_same_again_says_the_same(self):
        server = self.serve()
        body = self.body(1, 2) + b"{broken\n" + json.dumps(ride(3, "stranger")).encode()
        status, first = server.deliver(body, self.partner.headers(body))
        self.assertEqual((201, "received", 4), (status, first["outcome"], first["lines"]))
        self.assertEqual({"received": 2, "malformed_line": 1, "unknown_person": 1}, first["counts"])
        self.assertEqual([3, 4], [line["line"] for line in first["refused_lines"]])
        self.assertTrue(all(line["message_zh"] and line["remedy_en"] for line in first["refused_lines"]))
        self.assertEqual([("DAT-06", True), ("DAT-04", True)],
                         [(line["code"], line["basis"].startswith("js24")) for line in first["refused_lines"]])
        self.assertEqual(hashlib.sha256(body).hexdigest(), first["sha256"])
        status, again = server.deliver(body, self.partner.headers(body))
        self.assertEqual(200, status)
        self.assertEqual(first | {"outcome": "file_already_received"}, again)
        self.assertEqual([("complete", 4)], self.arrivals())

    def test_plain_packed_and_csv_seal_to_what_ingest_of_the_same_files_seals(self):
        records = test_deliveries.busy_month(5, 3000)
        files = [write_lines(self.folder / "a.ndjson", records[:1000]), write_lines(self.folder / "b.ndjson.gz", records[1000:2000])]
        names = ["scenario", "record_id", "subject", "started_at", "ended_at", "distance_km"]
        plain = [record for record in records[2000:] if set(record) == set(names)]
        files.append(write_lines(self.folder / "c.csv", [",".join(names)] + [",".join(r[n] for n in names) for r in plain]))
        by_file = self.programme.copy_to(self.folder / "files")
        by_file.run("ingest", "--scenario", "rides", *files, as_of=AS_OF, code=None)
        server = self.serve()
        for n, path in enumerate(files):
            body = path.read_bytes()
            status, answer = server.deliver(body, self.partner.headers(body, chunked=n == 1), chunked=n == 1)
            self.assertEqual(201, status, answer)
        server.end(signal.SIGTERM)
        expected, found = self.sealed(by_file), self.sealed(self.programme)
        self.assertGreater(len(expected[0]), 1500)
        self.assertEqual(expected, found)

    def test_what_is_not_signed_as_it_should_be_is_refused_and_stores_nothing(self):
        server, body = self.serve(), self.body(1)
        good = self.partner.headers(body)
        stranger = Partner(self.programme.key("stranger"), self.folder).headers(body)
        wrong = {"another key": (stranger, "does not fit"), "another path": (self.partner.headers(body, path="/other"), "does not fit"),
                 "another digest": (good | {"Content-Digest": "sha-256=:" + "A" * 43 + "=:"}, "does not fit"),
                 "old": (self.partner.headers(body, created=int(time.time()) - 400), "more than 300 s"),
                 "none": ({}, "Content-Digest"), "no signature": ({"Content-Digest": good["Content-Digest"]}, "not signed")}
        for name, (headers, words) in wrong.items():
            with self.subTest(name):
                status, answer = server.deliver(body, headers)
                self.assertEqual(401, status)
                self.assertIn(words, answer["message_en"])
                self.assertTrue(answer["message_zh"])
                self.assertIn('"@method" "@path" "content-digest"', answer["remedy_en"])
        status, answer = server.deliver(body, good, path=PATH.replace("rides", "buses"))
        self.assertEqual(404, status)
        self.assertEqual((400, 405), (server.ask("POST", PATH + "?a=b", body, good)[0], server.ask("GET", PATH)[0]))
        self.assertEqual([], self.arrivals())

    def test_a_body_that_is_not_what_was_signed_or_does_not_come_whole_leaves_nothing(self):
        server, body = self.serve(), self.body(1, 2, 3)
        other = body.replace(b"3.000", b"9.000")
        status, answer = server.deliver(other, self.partner.headers(body))
        self.assertEqual(400, status)
        self.assertIn("Content-Digest", answer["message_en"])
        for part in (b"", body[:-1]):
            server.begin(self.partner.headers(body), part).close()
        status, _ = server.deliver(body, self.partner.headers(body))
        self.assertEqual((201, [("complete", 3)]), (status, self.arrivals()))
        self.assertEqual([], list(self.folder.glob("tanpuhui-delivery-*")))

    def test_a_file_that_cannot_be_taken_is_refused_with_the_finding(self):
        server = self.serve()
        for body, outcome in ((b"", "file_empty"), (gzip.compress(self.body(1) * 5000)[:-20], "file_truncated")):
            status, answer = server.deliver(body, self.partner.headers(body))
            self.assertEqual((422, outcome), (status, answer["delivery"]["outcome"]))
            self.assertTrue(answer["message_zh"] and answer["remedy_en"])
        self.assertEqual([("refused", 0)], self.arrivals())

    def test_the_manifest_goes_along_and_is_signed_too(self):
        server, body = self.serve(), self.body(1, 2)
        manifest = 'file = "march.ndjson"\nrecords = {}\n[sums]\ndistance_km = "6.000"\n'
        status, answer = server.deliver(body, self.partner.headers(body, manifest="records ="))
        self.assertEqual(400, status)
        status, answer = server.deliver(body, self.partner.headers(body, manifest=manifest.format(3)))
        self.assertEqual((422, "file_differs_from_manifest"), (status, answer["delivery"]["outcome"]))
        self.assertEqual(["records"], [d["figure"] for d in answer["delivery"]["differences"]])
        self.assertEqual(0, self.programme.value("SELECT count(*) FROM arrived_runs"))
        headers = self.partner.headers(body, manifest=manifest.format(2))
        status, answer = server.deliver(body, headers | {"Delivery-Manifest": ":AAAA:"})
        self.assertEqual(401, status)
        status, answer = server.deliver(body, headers)
        self.assertEqual((201, "march.ndjson"), (status, answer["file"]))

    def test_too_large_is_said_before_a_byte_is_read_or_when_it_shows(self):
        server, body = self.serve("--delivery-max", 1), b" " * (1 << 20) + b"\n"
        for chunked in (False, True):
            status, answer = server.deliver(body, self.partner.headers(body, chunked=chunked), chunked=chunked)
            self.assertEqual(413, status)
            self.assertIn("1 MiB", answer["remedy_en"])
        self.assertEqual([], self.arrivals())

    def test_more_than_the_places_are_told_to_wait_and_the_pages_go_on(self):
        server, first, second = self.serve("--deliveries", 1), self.body(1), self.body(2)
        headers = self.partner.headers(first)
        waiting = server.begin(headers, first[:-1])
        for _ in range(3):
            status, found, answer = server.ask("POST", PATH, second, self.partner.headers(second))
            self.assertEqual((503, "10"), (status, found["Retry-After"]))
            self.assertIn("under way", answer["message_en"])
        self.assertEqual(200, server.ask("GET", "/api/v1/totals")[0])
        waiting.sendall(first[-1:])
        self.assertIn(b"HTTP/1.1 201", waiting.recv(4096))
        waiting.close()
        self.assertEqual(201, server.deliver(second, self.partner.headers(second))[0])
        self.assertEqual([("complete", 1), ("complete", 1)], self.arrivals())

    def test_a_full_disk_is_said_and_the_same_again_goes_in_when_there_is_room(self):
        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, resource.RLIM_INFINITY))
        body = self.body(1) + b" " * (5 << 20)
        server = self.serve(preexec_fn=small_files)
        status, found, answer = server.ask("POST", PATH, body, self.partner.headers(body))
        self.assertEqual((503, "10"), (status, found["Retry-After"]))
        self.assertIn("disk takes no more", answer["message_en"])
        self.assertEqual([], self.arrivals())
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        self.assertEqual(201, server.deliver(body, self.partner.headers(body))[0])

    def test_without_intake_there_is_no_such_address(self):
        server, body = Server(self, self.programme), self.body(1)
        self.assertEqual(404, server.deliver(body, self.partner.headers(body))[0])
        self.assertEqual(404, server.ask("GET", PATH)[0])

    def test_commands_that_write_refuse_while_it_serves_and_name_the_process(self):
        server = self.serve()
        out = self.programme.run("seal", "--scenario", "rides", "--until", "2025-03-31", as_of=AS_OF, code=3)
        self.assertIn(str(server.process.pid), out)

    def test_a_hundred_megabytes_raise_no_memory(self):
        server = self.serve(env=os.environ | {"ASAN_OPTIONS": "quarantine_size_mb=1"})
        body = self.body(1)
        self.assertEqual(201, server.deliver(body, self.partner.headers(body))[0])
        before = server.memory_kb()
        lines = [json.dumps(ride(n, f"u{n % 60}")).encode() + b" " * 5100 + b"\n" for n in range(2, 20002)]
        body = b"".join(lines)
        self.assertGreater(len(body), 100 << 20)
        status, answer = server.deliver(body, self.partner.headers(body))
        self.assertEqual((201, 20000), (status, answer["lines"]))
        self.assertLess(server.memory_kb() - before, 40 << 10)

    def wait_until_it_stores(self, duration):
        until = time.monotonic() + 10 * duration
        while not self.arrivals() and time.monotonic() < until:
            time.sleep(duration / 200)

    def test_killed_at_any_moment_the_same_delivery_again_ends_in_the_bytes_of_a_file(self):
        # Rides of a few people and many strangers: several commits, and not much to seal.
        records = test_deliveries.busy_month(9, 4000)
        strangers = [ride(n, f"stranger-{n}") for n in range(150_000)]
        path = write_lines(self.folder / "all.ndjson.gz", records[:2000] + strangers + records[2000:])
        by_file = self.programme.copy_to(self.folder / "files")
        began = time.monotonic()
        by_file.run("ingest", "--scenario", "rides", path, as_of=AS_OF, code=None)
        duration = time.monotonic() - began
        body, dice, cut, how = path.read_bytes(), random.Random(2), 0, [signal.SIGKILL, signal.SIGTERM]
        for attempt in range(4):
            server = self.serve()
            connection = server.begin(self.partner.headers(body), body)
            if attempt == 0:
                self.wait_until_it_stores(duration)
            else:
                time.sleep(duration * dice.uniform(0.1, 0.5))
            server.end(how[attempt % 2])
            connection.close()
            cut += any(state == "provisional" for state, _ in self.arrivals())
        self.assertGreater(cut, 0, "never cut in the middle")
        server = self.serve()
        status, answer = server.deliver(body, self.partner.headers(body))
        self.assertIn((status, answer.get("resumed")), [(201, True), (200, False)], answer)
        self.assertEqual(154_000, answer["lines"])
        server.end(signal.SIGTERM)
        self.assertEqual(self.sealed(by_file), self.sealed(self.programme))

    def test_the_partner_script_delivers_and_says_what_is_wrong(self):
        server, path = self.serve(), write_lines(self.folder / "r.ndjson", [ride(1, "u1"), ride(2, "u2")])
        manifest = self.folder / "m.toml"
        manifest.write_text('file = "r.ndjson"\nrecords = 2\n[sums]\ndistance_km = "6.000"\n')

        def deliver(key, *more, port=server.port):
            command = [SCRIPT, f"http://127.0.0.1:{port}", "rides", key, path, *more]
            done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
            return done.returncode, done.stdout + done.stderr
        key = self.programme.key("partner")
        code, out = deliver(key, manifest)
        self.assertEqual((0, {"received": 2}), (code, json.loads(out)["counts"]))
        code, out = deliver(self.partner.pem)
        self.assertEqual((0, "file_already_received"), (code, json.loads(out)["outcome"]))
        code, out = deliver(self.programme.key("stranger"))
        self.assertEqual((1, "HTTP-401"), (code, json.loads(out)["code"]))
        server.end(signal.SIGTERM)
        self.assertEqual(3, deliver(key)[0])
        self.assertEqual(2, deliver(self.folder / "nothing")[0])
        code, out = deliver(path)
        self.assertEqual((2, True), (code, "holds no private key" in out))

    def test_on_a_server_of_postgresql_it_is_the_same(self):
        postgres = Postgres.create()
        self.addCleanup(postgres.remove)
        server_programme = test_postgres.ServerProgramme(self.folder / "pg", postgres, "http_intake")
        server_programme.folder.mkdir()
        self.found(server_programme)
        body = write_lines(self.folder / "a.ndjson", test_deliveries.busy_month(5, 1000)).read_bytes()
        server = Server(self, server_programme, "--intake", "--spool", self.folder)
        status, answer = server.deliver(body, self.partner.headers(body))
        self.assertEqual((201, 1000), (status, answer["lines"]))
        self.assertEqual(200, server.deliver(body, self.partner.headers(body))[0])

    def test_a_database_server_that_dies_in_the_middle_loses_nothing_and_the_same_delivery_ends_in_the_acts_of_a_file(self):
        postgres = Postgres.create()
        self.addCleanup(postgres.remove)
        programmes = [test_postgres.ServerProgramme(self.folder / name, postgres, name) for name in ("by_file", "by_http")]
        for programme in programmes:
            programme.folder.mkdir()
            self.found(programme)
        by_file, by_http = programmes
        records = test_deliveries.busy_month(9, 4000)
        strangers = [ride(n, f"stranger-{n}") for n in range(150_000)]
        path = write_lines(self.folder / "all.ndjson.gz", records[:2000] + strangers + records[2000:])
        began = time.monotonic()
        by_file.run("ingest", "--scenario", "rides", path, as_of=AS_OF, code=None)
        duration = time.monotonic() - began
        body, dice, told = path.read_bytes(), random.Random(3), 0
        server = Server(self, by_http, "--intake", "--spool", self.folder)
        for _ in range(4):
            connection = server.begin(self.partner.headers(body), body)
            time.sleep(duration * dice.uniform(0.1, 0.5))
            postgres.kill()
            connection.settimeout(60)
            answer = connection.recv(65536)
            connection.close()
            postgres.start()
            told += answer.startswith(b"HTTP/1.1 503")
        self.assertGreater(told, 0, "the server never died in the middle")
        status, answer = server.deliver(body, self.partner.headers(body))
        self.assertIn(status, (200, 201), answer)
        self.assertEqual(154_000, answer["lines"])
        server.end(signal.SIGTERM)
        # Account numbers are of each programme; all else of an act is compared.
        acts = [sorted(row[:3] + row[4:] for row in self.sealed(programme)[0]) for programme in programmes]
        self.assertGreater(len(acts[0]), 2000)
        self.assertEqual(*acts)


if __name__ == "__main__":
    unittest.main()
