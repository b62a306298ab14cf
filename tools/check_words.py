#!/usr/bin/env python3
"""The glossary is law for names: words that say something else than the regulations do, and what to write instead.

An underscore divides words, so names in code are checked too."""
import re

import house

PLACES = ["src", "docs", "web", "rulebooks", "methodologies", "api", "examples", "bench", "tests"]
EXCEPT = ["tests/house"]  # plants these very words
TEXT = {".h", ".cc", ".cpp", ".md", ".toml", ".py", ".ts", ".js", ".vue", ".html", ".css", ".yaml", ".yml", ".json",
        ".sql", ".sh", ".txt", ".cmake"}

# English words are whole words, any case; Chinese ones stand anywhere.
INSTEAD = [
    (r"carbon[ _-]credits?", "reductions (or carbon points)"),
    (r"carbon[ _-]coins?", "carbon points"),
    (r"carbon[ _-]GSP", "carbon inclusion"),
    (r"burn(s|t|ed|ing)?", "retire (use for a claim), cancel (no claim) or expire"),
    (r"wallets?", "account"),
    (r"white[ _-]?list(s|ed|ing)?", "allowed list"),
    (r"black[ _-]?list(s|ed|ing)?", "refused list"),
    (r"cash[ _-]?out", "redeem (points are not money)"),
    ("碳信用", "减排量 / 减碳量"),
    ("碳币", "碳积分"),
    ("提现", "兑换(积分不是货币)"),
    ("白名单", "许可名单"),
    ("黑名单", "禁止名单"),
]
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")


def pattern_of(word):
    return re.compile(rf"(?<![A-Za-z])(?:{word})(?![A-Za-z])" if word.isascii() else word, re.I)


PATTERNS = [(pattern_of(word), instead) for word, instead in INSTEAD]


def check_line(path, number, line, report):
    for pattern, instead in PATTERNS:
        found = pattern.search(line)
        if found:
            report.add(path, number, f"`{found.group()}`: write {instead}")
    if UNFINISHED.search(line):
        report.add(path, number, f"`{UNFINISHED.search(line).group()}`: finish it or open an issue")


def check(root, report):
    paths = house.files_under(root, PLACES, TEXT) + [p for p in sorted(root.glob("*.md"))]
    for path in paths:
        if not any(path.is_relative_to(root / folder) for folder in EXCEPT):
            for number, line in enumerate(house.lines_of(path), 1):
                check_line(path, number, line, report)


if __name__ == "__main__":
    house.run(check, "words")
