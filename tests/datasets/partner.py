"""What the tests of the partners share: running their scripts and reading what they wrote."""
import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared/data"


def folder_of(test):
    folder = tempfile.TemporaryDirectory()
    test.addCleanup(folder.cleanup)
    return Path(folder.name)


def run(script, *arguments):
    return subprocess.run([sys.executable, "-B", str(ROOT / script), *map(str, arguments)], capture_output=True,
                          text=True, stdin=subprocess.DEVNULL)


def start(script, *arguments, seed="0"):
    """A script on its way; another hash seed must not change what it writes."""
    return subprocess.Popen([sys.executable, "-B", str(script), *map(str, arguments)], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env=dict(os.environ, PYTHONHASHSEED=seed))


def finish(process):
    out, err = process.communicate()
    return process.returncode, out, err


def records_in(folder):
    return [json.loads(line) for path in sorted((folder / "records").iterdir())
            for line in gzip.decompress(path.read_bytes()).splitlines()]


def bytes_in(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def stored(name):
    return json.loads((ROOT / f"tests/datasets/{name}/expected.json").read_text())


def found_again(name, raw):
    return json.loads(run(f"tests/datasets/{name}/expected.py", raw).stdout)


class Converted:
    """What a converter made of a folder of raw files."""

    def __init__(self, test, name, raw):
        self.folder = folder_of(test)
        self.answer = run(f"examples/partners/{name}/convert.py", raw, self.folder / "out")

    def paths(self):
        return sorted(path for path in (self.folder / "out").rglob("*") if path.is_file())

    def bytes(self):
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in self.paths()}

    def records(self):
        """The records of each file, by the name of the file."""
        return {path.name.partition(".")[0]: [json.loads(line) for line in gzip.open(path, "rt", encoding="utf-8")]
                for path in self.paths() if path.name.endswith(".ndjson.gz")}

    def table(self, name):
        with open(self.folder / "out" / name, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def reasons(self):
        """How many rows were refused, by reason without its details."""
        return dict(Counter(row["reason"].partition(":")[0] for row in self.table("refused.csv")))
