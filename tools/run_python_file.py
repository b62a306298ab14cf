#!/usr/bin/env python3
"""Runs one Python test file in this process and writes what happened as JSON.

    run_python_file.py FILE NAME REPORT [PATTERN]

A file that cannot be loaded is one failed case; so is a class or module set-up that fails."""
import importlib.util
import json
import re
import sys
import traceback
import unittest
from pathlib import Path


class Counting(unittest.TextTestResult):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def cases_of(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from cases_of(test)
        else:
            yield test


def load(path, name):
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return unittest.defaultTestLoader.loadTestsFromModule(module)


def distinct(tests):
    """A case with failing sub-tests counts once."""
    return sorted({(getattr(test, "test_case", test)).id() for test in tests})


def run(path, name, pattern):
    try:
        suite = load(path, name)
    except unittest.SkipTest as skip:
        return {"passed": 0, "failed": [], "skipped": [[name, str(skip)]]}
    except BaseException:  # also sys.exit() at import: whatever it was, the file did not load
        traceback.print_exc()
        return {"passed": 0, "failed": [f"{name}: cannot be loaded"], "skipped": []}
    chosen = [case for case in cases_of(suite) if re.search(pattern, f"{name}: {case.id()}")]
    result = unittest.TextTestRunner(verbosity=2, resultclass=Counting).run(unittest.TestSuite(chosen))
    failed = distinct([test for test, _ in result.failures + result.errors] + result.unexpectedSuccesses)
    skipped = [[f"{name}: {test.id()}", reason] for test, reason in result.skipped]
    return {"passed": result.passed + len(result.expectedFailures), "failed": [f"{name}: {case}" for case in failed],
            "skipped": skipped}


if __name__ == "__main__":
    counts = run(Path(sys.argv[1]), sys.argv[2], sys.argv[4] if len(sys.argv) > 4 else "")
    Path(sys.argv[3]).write_text(json.dumps(counts), encoding="utf-8")
    sys.exit(1 if counts["failed"] else 0)
