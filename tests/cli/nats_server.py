"""Debian's nats-server for a test: on loopback, with a store of its own, stopped by its process id. Spoken to over a socket:
its protocol is lines of text."""
import json
import shutil
import signal
import socket
import subprocess
import time

PROGRAM = shutil.which("nats-server") or "/usr/sbin/nats-server"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class NatsServer:
    def __init__(self, test, folder):
        self.folder, self.port = folder, free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        self.process = None
        test.addCleanup(self.kill)

    def start(self):
        self.process = subprocess.Popen([PROGRAM, "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(self.folder)],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while True:
            try:
                with NatsClient(self.port) as client:
                    client.request("$JS.API.INFO", b"")
                return
            except (OSError, EOFError):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def ask(self, subject, **question):
        with NatsClient(self.port) as client:
            answer = json.loads(client.request("$JS.API." + subject, json.dumps(question).encode() if question else b""))
        if "error" in answer:
            raise AssertionError(f"{subject}: {answer['error']}")
        return answer

    def publish(self, subject, messages):
        with NatsClient(self.port) as client:
            for message in messages:
                client.publish(subject, message)
            client.round_trip()


class NatsClient:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.file = self.socket.makefile("rwb")
        self.line()  # INFO
        self.file.write(b'CONNECT {"verbose":false,"pedantic":false}\r\nSUB answers 1\r\n')
        self.round_trip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def line(self):
        line = self.file.readline()
        if not line.endswith(b"\r\n"):
            raise EOFError("the server went away")
        return line.strip()

    def round_trip(self):
        self.file.write(b"PING\r\n")
        self.file.flush()
        while self.line() != b"PONG":
            pass

    def publish(self, subject, payload, reply=""):
        self.file.write(f"PUB {subject} {reply} {len(payload)}\r\n".encode() + payload + b"\r\n")

    def request(self, subject, payload):
        self.publish(subject, payload, "answers")
        self.file.flush()
        while True:
            words = self.line().split()
            if words[0] == b"MSG":
                answer = self.file.read(int(words[-1]) + 2)[:-2]
                return answer
