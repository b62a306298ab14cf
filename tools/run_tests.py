#!/usr/bin/env python3
"""Runs the C++ tests (ctest) and the Python tests (tests/**/test_*.py, a process each file, two files at a time),
counts single test cases and prints as the very last line `N passed, M failed` and, where some were skipped,
`, K skipped`. A file that measures time, or that loads the machine, runs alone: it has a line `RUNS_ALONE = "why"`.

Exit code 0 only when something passed and nothing failed. Every skip is printed with its reason."""
import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASE_SECONDS = 600
FILE_SECONDS = 6 * 3600 if os.environ.get("TANPUHUI_FULL") else 3600


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []  # (name, reason)

    def line(self):
        text = f"{self.passed} passed, {len(self.failed)} failed"
        return text + (f", {len(self.skipped)} skipped" if self.skipped else "")

    def exit_code(self):
        return 0 if self.passed and not self.failed else 1


def gtest_skip_reason(output):
    """GoogleTest prints `file:line: Skipped`, then the message, then `[  SKIPPED ]`."""
    found = re.search(r": Skipped\n(.*?)\n*\[  SKIPPED \]", output or "", re.S)
    return " ".join(found.group(1).split()) if found and found.group(1).strip() else "no reason given"


def count_junit(text, tally):
    """A case that ctest did not run for another reason than a skip (no executable, say) has failed."""
    for case in ElementTree.fromstring(text).iter("testcase"):
        name, status, skip = case.get("name"), case.get("status"), case.find("skipped")
        message = skip.get("message", "") if skip is not None else ""
        if status == "run" and skip is None:
            tally.passed += 1
        elif status == "disabled":
            tally.skipped.append((name, "disabled in the source"))
        elif message.startswith("SKIP_"):
            tally.skipped.append((name, gtest_skip_reason(case.findtext("system-out"))))
        else:
            tally.failed.append(name)


def run_ctest(build, only, tally):
    print("\n-- C++ (ctest, two at a time)", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "junit.xml"
        command = ["ctest", "--test-dir", str(build), "--parallel", "2", "--output-on-failure", "--timeout",
                   str(CASE_SECONDS), "--output-junit", str(report)]
        code = subprocess.run(command + (["-R", only] if only else []), stdin=subprocess.DEVNULL).returncode
        failed_before = len(tally.failed)
        if report.exists():
            count_junit(report.read_text(encoding="utf-8", errors="replace"), tally)
        elif not only:
            tally.failed.append("ctest wrote no report")
        if code != 0 and len(tally.failed) == failed_before:
            tally.failed.append(f"ctest ended with {code}")


def end_group(process):
    """Ends a test file and what it started: it was given a session of its own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def run_python_file(path, build, only):
    """What it printed, what it took and what it counted; the last is a sentence when it did not come to an end."""
    began = time.monotonic()
    name = path.relative_to(ROOT).as_posix()
    environment = dict(os.environ, TANPUHUI_ROOT=str(ROOT), TANPUHUI_BUILD=str(build), PYTHONDONTWRITEBYTECODE="1")
    with tempfile.TemporaryDirectory() as folder:
        report, output = Path(folder) / "report.json", Path(folder) / "output"
        command = [sys.executable, "-B", str(ROOT / "tools/run_python_file.py"), str(path), name, str(report)]
        with output.open("wb") as out:
            process = subprocess.Popen(command + ([only] if only else []), stdin=subprocess.DEVNULL, env=environment,
                                       stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
            late = False
            try:
                process.wait(FILE_SECONDS)
            except subprocess.TimeoutExpired:
                late = True
            finally:
                end_group(process)
        counts = f"ended with {process.returncode} without a report"
        if late:
            counts = f"took longer than {FILE_SECONDS} s"
        elif report.exists():
            counts = json.loads(report.read_text(encoding="utf-8"))
        return output.read_text(encoding="utf-8", errors="replace"), time.monotonic() - began, counts


def count_python(name, counts, tally):
    if isinstance(counts, str):
        tally.failed.append(f"{name}: {counts}")
        return
    tally.passed += counts["passed"]
    tally.failed += counts["failed"]
    tally.skipped += [tuple(pair) for pair in counts["skipped"]]


def runs_alone(path):
    return re.search(r"^RUNS_ALONE = ", path.read_text(encoding="utf-8"), re.M) is not None


def run_python(build, only, tally):
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    alone = [path for path in files if runs_alone(path)]
    done = 0
    for paths, workers in ([path for path in files if path not in alone], 2), (alone, 1):
        pool = ThreadPoolExecutor(workers)
        try:
            for path, ended in zip(paths, pool.map(lambda path: run_python_file(path, build, only), paths)):
                done += 1
                name, (text, seconds, counts) = path.relative_to(ROOT).as_posix(), ended
                print(f"\n-- Python file {done} of {len(files)}: {name}, {seconds:.0f} s\n{text}", end="", flush=True)
                count_python(name, counts, tally)
        finally:
            pool.shutdown(cancel_futures=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    tally = Tally()
    run_ctest(options.build.resolve(), options.only, tally)
    run_python(options.build.resolve(), options.only, tally)
    print()
    for name, reason in tally.skipped:
        print(f"skipped: {name}: {reason}")
    for name in tally.failed:
        print(f"FAILED: {name}")
    if not tally.passed and not tally.failed:
        print("no test ran" + (f": nothing matches {options.only!r}" if options.only else ""))
    sys.stderr.flush()
    print(tally.line(), flush=True)
    return tally.exit_code()


if __name__ == "__main__":
    sys.exit(main())
