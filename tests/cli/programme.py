"""A programme of its own for a test, driven by the `tanpuhui` command as a user drives it."""
import gzip
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("TANPUHUI_BUILD", ROOT / "build/release")) / "tanpuhui"
METHODOLOGY = "bike-demo/v1"
# Tables whose rows are the result; the others keep when and how often something was delivered.
RESULT_TABLES = {
    "sealed_days": "scenario_id, day, round, batch_id, inputs_digest, digest, tail, counts, accepted, reduction_mg",
    "sealed_acts": "*", "act_segments": "*", "account_days": "*", "batches": "*", "batch_lines": "*", "accounts": "*", "lot_pages": "*", "orders": "*",
    "offers": "*", "part_heads": "*", "certificates": "*", "entries": "*",
    "netted_balances": "*", "posting_lines": "*", "lot_lines": "*", "job_heads": "job, last_entry",
}


class Programme:
    """Commands run with `--as-of`, so that the same commands give the same bytes."""

    home = ROOT
    zone = "+08:00"

    def __init__(self, folder, name="p"):
        self.folder = Path(folder)
        self.db = self.folder / f"{name}.db"

    def start(self, *arguments, as_of=None, **options):
        command = [str(BINARY), "-p", str(self.db), "--home", str(self.home)]
        command += ["--as-of", as_of] if as_of else []
        return subprocess.Popen(command + [str(a) for a in arguments], stdin=subprocess.DEVNULL, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def run(self, *arguments, as_of=None, code=0):
        process = self.start(*arguments, as_of=as_of)
        out, err = process.communicate()
        if code is not None and process.returncode != code:
            raise AssertionError(f"tanpuhui {' '.join(map(str, arguments))}: exit {process.returncode}, wanted {code}\n"
                                 f"{out}{err}")
        return out + err

    def on(self, day, *arguments, code=0):
        """At ten in the morning of a day."""
        return self.run(*arguments, as_of=f"{day}T10:00:00{self.zone}", code=code)

    def record_officers(self, day, officers):
        for person, role, unit in officers:
            self.on(day, "officer", "record", "--person", person, "--role", role, "--unit", unit, "--from", day)

    def open_case(self, day, procedure, *more):
        """Its number."""
        return self.on(day, "case", "open", procedure, *more).split()[1].rstrip(":")

    def step(self, day, case, action, person, *more, code=0):
        return self.on(day, "case", "step", case, action, "--person", person, *more, code=code)

    def report(self, *arguments, as_of=None, code=0):
        """The JSON report of ingest or seal."""
        path = self.folder / "report.json"
        path.unlink(missing_ok=True)
        self.run(*arguments, "--report", path, as_of=as_of, code=code)
        return json.loads(path.read_text(encoding="utf-8"))

    def key(self, name):
        path = self.folder / f"{name}.key"
        if not path.exists():
            self.run("key", path)
        return path

    def found(self, scenario, consents, as_of="2025-01-01T00:00:00+08:00", lateness_days=45,
              methodology=METHODOLOGY):
        """A rehearsal with one scenario, its signers and its consents."""
        self.run("init", "--name", "Test programme", "--rulebook", "js24", "--rehearsal")
        self.run("signer", "record", "operator", "--key", f"{self.key('operator')}.pub", as_of=as_of)
        return self.add_scenario(scenario, consents, "D-1", as_of, lateness_days, methodology)

    def bring_in(self, procedure, state, as_of, *more):
        """A case that was decided before the programme began: its number."""
        paper = self.folder / "decision.txt"
        paper.write_text("decided earlier\n")
        if not int(self.value("SELECT count(*) FROM officers WHERE person = 'clerk'")):
            self.run("officer", "record", "--person", "clerk", "--role", "operator_clerk", "--unit", "centre", "--from",
                     "2025-01-01", as_of=as_of)
        out = self.run("case", "bring-in", procedure, state, "--person", "clerk", "--unit", "Partner", "--document",
                       f"earlier_decision={paper}", *more, as_of=as_of)
        return out.split()[1].rstrip(":")

    def publish_methodology(self, methodology, as_of):
        """As one that was in force before the programme began."""
        if not int(self.value(f"SELECT count(*) FROM standings WHERE kind = 'methodology' AND name = '{methodology}'")):
            self.bring_in("methodology", "published", as_of, "--document",
                          f"formula={Path(self.home) / 'methodologies' / methodology / 'methodology.toml'}", "--field",
                          "effective_from=2000-01-01")

    def add_scenario(self, scenario, consents, delegation, as_of, lateness_days=45, methodology=METHODOLOGY):
        """A scenario that is live, the delegation under which its batches are signed, and its consents."""
        self.publish_methodology(methodology, as_of)
        case = self.bring_in("scenario", "live", as_of, "--field", "live_from=2000-01-01")
        self.run("scenario", "record", "--name", scenario, "--title-zh", "骑行", "--title-en", "Rides", "--developer",
                 "Partner", "--methodology", methodology, "--case", case, "--live-from", "2025-01-01", "--lateness-days",
                 lateness_days, "--partner-key",
                 f"{self.key('partner')}.pub", as_of=as_of)
        self.run("delegation", "record", "--document", delegation, "--scope", scenario, "--from", "2025-01-01", "--until",
                 "2027-12-31", "--limit-kg", "100000", as_of=as_of)
        return self.run("consent", "load", consents, as_of=as_of)

    def issue(self, scenario, first, last, as_of, delegation="D-1"):
        """Compute, sign twice, post: the number of the batch."""
        out = self.run("batch", "compute", "--scenario", scenario, "--from", first, "--until", last, as_of=as_of)
        batch = out.split(":")[0].removeprefix("batch ")
        self.run("batch", "sign", batch, "--as", "partner", "--key", self.key("partner"), as_of=as_of)
        self.run("batch", "sign", batch, "--as", "operator", "--delegation", delegation, "--key", self.key("operator"),
                 as_of=as_of)
        self.run("batch", "post", batch, as_of=as_of)
        return int(batch)

    def value(self, sql):
        return self.rows(sql)[0][0]

    def rows(self, sql):
        connection = sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def results(self):
        """All rows that are a result, by table."""
        return {name: sorted(self.rows(f"SELECT {columns} FROM {name}"), key=repr)
                for name, columns in RESULT_TABLES.items()}

    def copy_to(self, folder, name="p"):
        copy = Programme(folder, name)
        copy.folder.mkdir(parents=True, exist_ok=True)
        for path in self.folder.glob(f"{self.db.name}*"):
            shutil.copy2(path, copy.folder / path.name.replace(self.db.name, copy.db.name))
        for path in self.folder.glob("*.key*"):
            shutil.copy2(path, copy.folder / path.name)
        return copy


class Refusals:
    """For test cases: a refusal says by which provision, why, and what to do, in both languages."""

    SHAPE = re.compile(r"^(?P<code>[A-Z]{3}-\d\d): (?P<zh>.+)\n  (?P<en>.+)\n  basis: (?P<basis>\S+)\n(?:  \w+: .*\n)*"
                       r"  (?P<remedy_zh>.+)\n  (?P<remedy_en>.+)\n", re.M)

    def assert_refused(self, code, basis, said):
        found = self.SHAPE.search(said)
        self.assertTrue(found, said)
        self.assertEqual((code, basis), (found["code"], found["basis"]), said)
        for part in ("zh", "remedy_zh"):
            self.assertRegex(found[part], "[\u4e00-\u9fff]")
        for part in ("en", "remedy_en"):
            self.assertRegex(found[part], "[a-z]{2} ")
        return said


def folder_of(test):
    folder = tempfile.TemporaryDirectory(prefix="tanpuhui-")
    test.addCleanup(folder.cleanup)
    return Path(folder.name)


def home_of(folder, rulebooks=ROOT / "rulebooks", methodologies=(METHODOLOGY,)):
    """A home with few methodologies, whose books a test may change."""
    home = Path(folder) / "home"
    shutil.copytree(rulebooks, home / "rulebooks")
    shutil.copytree(ROOT / "rulebooks/common/working_days", home / "rulebooks/common/working_days", dirs_exist_ok=True)
    for name in ("factors", *methodologies):
        shutil.copytree(ROOT / "methodologies" / name, home / "methodologies" / name)
    return home


def put_in_force(home, book, day):
    """A book on trial gets its day of entry into force."""
    for chapter in (home / "rulebooks" / book).glob("*.law.md"):
        text = chapter.read_text(encoding="utf-8")
        chapter.write_text(text.replace("[[entry_into_force]]\n", f"[[entry_into_force]]\nfrom = {day}\n"), encoding="utf-8")


def write_lines(path, records):
    """Dictionaries as NDJSON, other texts as they are; gzip where the name says so."""
    text = "".join((r if isinstance(r, str) else json.dumps(r, ensure_ascii=False)) + "\n" for r in records)
    data = text.encode()
    Path(path).write_bytes(gzip.compress(data, mtime=0) if str(path).endswith(".gz") else data)
    return path


def ride(number, subject="u1", day="2025-03-03", start="08:00:00", end="08:20:00", km="3.000", **more):
    record = {"scenario": "rides", "record_id": f"{day.replace('-', '')}-{number}", "subject": subject,
              "started_at": f"{day}T{start}+08:00", "ended_at": f"{day}T{end}+08:00", "distance_km": km}
    record.update(more)
    return {name: value for name, value in record.items() if value is not None}


def consents(path, subjects, scenario="rides", from_at="2025-01-01T00:00:00+08:00"):
    """`subjects`: their names, or a dictionary from subject to person."""
    persons = subjects if isinstance(subjects, dict) else {subject: f"person-{subject}" for subject in subjects}
    lines = ["scenario,subject,person,from_at,until_at,text_version"]
    lines += [f"{scenario},{subject},{person},{from_at},,v1" for subject, person in persons.items()]
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
