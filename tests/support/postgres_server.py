#!/usr/bin/env python3
"""A PostgreSQL for tests, thrown away afterwards: a cluster in a folder of its own under the temporary folder, reached
over a unix socket there and over one loopback port. fsync is off: tests of what a kill leaves behind kill the server,
not the machine.

    postgres_server.py start FILE              starts one and writes its address into FILE
    postgres_server.py start FILE --durable    the same for benchmarks: as one sets up a server whose data must last
    postgres_server.py stop FILE               stops it by its process id and removes everything

PostgreSQL refuses to run as root; as root the cluster runs as the user `postgres` that the package makes."""
import os
import pwd
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SETTINGS = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB", "max_connections": "60",
            "max_wal_size": "256MB", "autovacuum": "off", "deadlock_timeout": "200ms", "log_min_messages": "fatal",
            "lc_messages": "C"}
DURABLE = {"fsync": "on", "full_page_writes": "on", "shared_buffers": "6GB", "max_wal_size": "4GB", "autovacuum": "on",
           "wal_compression": "lz4"}
START_SECONDS = 60


def programs():
    """The folder of initdb and postgres; a message with the remedy when they are not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    for folder in reversed(folders):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise SystemExit("PostgreSQL is not installed, and the tests need it: apt-get install postgresql-15")


def as_server_user(command):
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command] if os.geteuid() == 0 else command


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def give_to_server_user(folder):
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    return folder


def folder_of_server():
    return give_to_server_user(tempfile.mkdtemp(prefix="tanpuhui-postgres-"))


class Server:
    def __init__(self, folder, port):
        self.folder, self.port = Path(folder), port
        self.data, self.log = self.folder / "data", self.folder / "log"
        self.process = None  # when this very program started it

    @classmethod
    def create(cls, **settings):
        server = cls(folder_of_server(), free_port())
        subprocess.run(as_server_user([str(programs() / "initdb"), "-D", str(server.data), "-U", "tanpuhui", "-A", "trust",
                                       "-E", "UTF8", "--locale=C", "--no-sync"]),
                       check=True, stdout=subprocess.DEVNULL, cwd=server.folder)
        settings = dict(SETTINGS, **settings)
        with open(server.data / "postgresql.conf", "a", encoding="utf-8") as out:
            out.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        return server.start()

    def replica(self):
        """A hot standby of this server, started."""
        replica = Server(folder_of_server(), free_port())
        subprocess.run(as_server_user([str(programs() / "pg_basebackup"), "-D", str(replica.data), "-R", "-X", "stream", "-c",
                                       "fast", "-h", str(self.folder), "-p", str(self.port), "-U", "tanpuhui"]),
                       check=True, stdout=subprocess.DEVNULL, cwd=replica.folder)
        return replica.start()

    def start(self):
        """Waits until it answers."""
        command = [str(programs() / "postgres"), "-D", str(self.data), "-k", str(self.folder), "-p", str(self.port),
                   "-c", "listen_addresses=127.0.0.1"]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(as_server_user(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            cwd=self.folder, start_new_session=True)
        until = time.monotonic() + START_SECONDS
        ready = [str(programs() / "pg_isready"), "-q", "-h", str(self.folder), "-p", str(self.port)]
        while subprocess.run(ready).returncode != 0:
            if time.monotonic() > until:
                raise SystemExit(f"PostgreSQL did not start:\n{self.log.read_text(encoding='utf-8', errors='replace')}")
            time.sleep(0.05)
        return self

    def pid(self):
        try:
            return int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def send(self, sign):
        """Signals the server alone, and waits until it is gone."""
        pid = self.pid()
        try:
            os.kill(pid, sign)
            if self.process:
                self.process.wait()
            while Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z":
                time.sleep(0.02)
        except (TypeError, OSError):
            pass

    def kill(self):
        """As when the machine goes: the server and all that it started."""
        pid, children = self.pid(), []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == pid:
                    children.append(int(stat.parent.name))
            except (OSError, ValueError):
                pass
        self.send(signal.SIGKILL)
        for child in children:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def remove(self):
        self.send(signal.SIGQUIT)
        # A table is a file or three: nobody waits for tens of thousands to go.
        subprocess.Popen(["rm", "-rf", str(self.folder)], stdin=subprocess.DEVNULL, start_new_session=True)

    def address(self, schema=None, host=None, port=None):
        path = f"&options=-csearch_path%3D{schema}" if schema else ""
        return f"postgresql://tanpuhui@/postgres?host={host or self.folder}&port={port or self.port}{path}"

    def psql(self, sql, address=None):
        done = subprocess.run([str(programs() / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d",
                               address or self.address(), "-c", sql], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise AssertionError(f"{sql}\n{done.stderr}")
        return done.stdout.strip()


def main():
    what, file = sys.argv[1], Path(sys.argv[2])
    if file.exists():  # of this run, or left behind by one that was killed
        folder, port = file.read_text(encoding="utf-8").split("?host=")[1].split("&port=")
        Server(folder, int(port)).remove()
        file.unlink()
    if what == "start":
        server = Server.create(**DURABLE if "--durable" in sys.argv[3:] else {})
        file.write_text(server.address(), encoding="utf-8")


if __name__ == "__main__":
    main()
