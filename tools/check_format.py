#!/usr/bin/env python3
"""C++ under src, tests and bench is formatted as clang-format 14 with the repository's .clang-format does it.

`check_format.py --fix` formats instead of complaining."""
import re
import shutil
import subprocess
import sys

import house


def formatter():
    """clang-format 14 exactly: other versions break lines elsewhere."""
    for name in ("clang-format-14", "clang-format"):
        found = shutil.which(name)
        if found and " version 14." in subprocess.run([found, "--version"], capture_output=True, text=True).stdout:
            return found
    sys.exit("clang-format 14 is not installed; ./test installs it (package clang-format-14)")


def check(root, report):
    sources = house.files_under(root, ["src", "tests", "bench"], house.CPP)
    for start in range(0, len(sources), 50):
        some = [str(path) for path in sources[start:start + 50]]
        style = f"--style=file:{root / '.clang-format'}"
        done = subprocess.run([formatter(), style, "--dry-run", "--Werror", *some], capture_output=True, text=True)
        found = {(m.group(1), int(m.group(2))) for m in re.finditer(r"^(.+?):(\d+):\d+: error:", done.stderr, re.M)}
        for name, line in found:
            report.add(house.Path(name), line, "not formatted (tools/check_format.py --fix)")
        if done.returncode != 0 and not found:
            sys.exit(f"clang-format failed: {done.stderr}")


def fix():
    for path in house.files_under(house.REPOSITORY, ["src", "tests", "bench"], house.CPP):
        subprocess.run([formatter(), "-i", str(path)], check=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["--fix"]:
        fix()
    else:
        house.run(check, "format")
