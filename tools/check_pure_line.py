#!/usr/bin/env python3
"""Above the pure line (the `pure:` folders of tools/layers.txt): no I/O, no clock, no thread, no Boost, no SQL, no
floating point. And nowhere in src does code name a rulebook: a third regulation is a folder, not a change in C++."""
import re

import house

BOOKS = {"js24", "sip25"}  # and every further folder of rulebooks/

HEADERS = re.compile(
    r"^(iostream|fstream|filesystem|thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier"
    r"|stop_token|chrono|ctime|time\.h|random|cmath|math\.h|boost/.*|sqlite3.*|soci/.*|libpq.*|sys/.*|unistd\.h)$")

WORDS = [
    (re.compile(r"\b(float|double)\b"), "floating point"),
    (re.compile(r"(?<![\w.])\d[\d']*\.\d"), "floating point literal"),
    (re.compile(r"\b(stod|stof|stold|strtod|strtof|strtold|atof)\b"), "floating point"),
    (re.compile(r"\b(system_clock|steady_clock|high_resolution_clock|clock_gettime|gettimeofday|localtime|gmtime|mktime)"
                r"(_r)?\b"), "a clock; `now` is an argument"),
    (re.compile(r"(\bstd::|(?<![\w>])::)time\s*\(|(?<![\w.:>])time\s*\(\s*(nullptr|NULL|0|&\w+)\s*\)"),
     "a clock; `now` is an argument"),
    (re.compile(r"\b(fopen|freopen|ifstream|ofstream|getenv|cin|cout|cerr)\b"), "I/O"),
    (re.compile(r"\b(std::rand|srand|random_device|mt19937(_64)?)\b"), "randomness"),
    (re.compile(r"\bboost\s*::"), "Boost"),
    (re.compile(r"\bsqlite3_\w+"), "SQL"),
]


def is_pure(layers, parts):
    return layers.layer_of(parts[:-1]) in layers.pure


def check_purity(path, report):
    for line, _, header in house.includes_of(path):
        if HEADERS.match(header):
            report.add(path, line, f"<{header}> does not belong above the pure line")
    for number, line in enumerate(house.code_only(path.read_text(encoding="utf-8")).splitlines(), 1):
        for pattern, what in WORDS:
            found = pattern.search(line)
            if found and not house.INCLUDE.match(line):
                report.add(path, number, f"`{found.group().strip()}`: {what} does not belong above the pure line")


def book_pattern(root):
    folders = [p.name for p in (root / "rulebooks").glob("*") if p.is_dir() and p.name != "common"]
    return re.compile(r"(?<![A-Za-z0-9])(" + "|".join(sorted(map(re.escape, BOOKS.union(folders)))) + r")(?![A-Za-z0-9])")


def may_name_book(comment):
    """A comment may name the article it rests on (`Basis:`), give one as `e.g.`, or show an example: header prose
    indented by two spaces or more."""
    return "Basis:" in comment or "e.g." in comment or re.match(r"\s*///\s{2,}", comment) is not None


def check_books(path, books, report):
    text = path.read_text(encoding="utf-8")
    for number, (line, comment) in enumerate(zip(text.splitlines(), house.comments_only(text).splitlines()), 1):
        found = books.search(line)
        in_comment = len(books.findall(comment)) == len(books.findall(line))
        if found and not (in_comment and may_name_book(comment)):
            report.add(path, number, f"names the rulebook {found.group()}; only a comment with `Basis:` may")


def check(root, report):
    layers = house.Layers(root / "tools/layers.txt")
    if not layers.pure:
        report.add(root / "tools/layers.txt", 1, "names no pure folders")
    books = book_pattern(root)
    for path in house.files_under(root, ["src"], house.CPP):
        if is_pure(layers, path.relative_to(root / "src").parts):
            check_purity(path, report)
        check_books(path, books, report)


if __name__ == "__main__":
    house.run(check, "pure line")
