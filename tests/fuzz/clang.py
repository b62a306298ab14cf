"""What is built with clang: the fuzzers and the program that prints digests of results. One set of objects, kept in
build/fuzz and built once, whoever asks first."""
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("TANPUHUI_BUILD", ROOT / "build/test")).parent / "fuzz"
NAMES = ("clang++-16", "clang++-17", "clang++-18", "clang++-19", "clang++")
COMPILER = next((found for name in NAMES if (found := shutil.which(name))), None)
MISSING = "clang is not installed, and only clang has libFuzzer"


def run(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, command))}\n{(done.stdout + done.stderr)[-6000:]}")


def build():
    """The folder with the programs. Configured afresh when the folder is of another tree or compiler."""
    cache = BUILD / "CMakeCache.txt"
    known = cache.read_text(encoding="utf-8") if cache.exists() else ""
    usable = re.search(rf"^CMAKE_HOME_DIRECTORY:INTERNAL={re.escape(str(ROOT))}$", known, re.M) and re.search(
        rf"^CMAKE_CXX_COMPILER:\w+={re.escape(COMPILER)}$", known, re.M)
    fresh = [] if usable else ["--fresh"]
    run("cmake", "--preset", "fuzz", "-B", BUILD, f"-DCMAKE_CXX_COMPILER={COMPILER}", *fresh)
    run("cmake", "--build", BUILD, "--parallel", "2", "--target", "formula_fuzz", "methodology_fuzz", "results_digest")
    return BUILD / "tests"
