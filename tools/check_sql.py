#!/usr/bin/env python3
"""SQL keeps to what a distributed engine can do: a statement on a table that is spread by part names `part`, or stands in
sql_over_all_parts.txt with the reason why it goes over all of them; and no statement asks the engine for ids, times or
chance, or locks rows by a word that one engine only knows."""
import re

import house

LISTED = "tools/sql_over_all_parts.txt"
SPREAD = re.compile(r"create_distributed_table\('(\w+)'")
TABLES = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)")
LITERALS = re.compile(r'(?:"(?:[^"\\\n]|\\.)*"\s*)+')
STATEMENT = re.compile(r"(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
BANNED = re.compile(r"\bFOR UPDATE\b|\brandom\s*\(|\bnow\s*\(|\bnextval\b|\bCURRENT_(?:TIMESTAMP|DATE)\b|\bjson_each\b", re.I)


def spread_tables(root):
    path = root / "src/store/migrations/distributed.sql.inc"
    return set(SPREAD.findall(path.read_text(encoding="utf-8"))) if path.exists() else set()


def statements(path):
    """(line, SQL) of each statement that is written as literals, one behind another."""
    text = path.read_text(encoding="utf-8")
    bare = house.TOKEN.sub(lambda found: house.blank(found.group()) if found.lastgroup == "comment" else found.group(), text)
    for found in LITERALS.finditer(bare):
        sql = "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', found.group()))
        if STATEMENT.match(sql):
            yield bare.count("\n", 0, found.start()) + 1, sql


def read_list(root):
    """(line, file, beginning of the statement)"""
    path = root / LISTED
    for number, line in enumerate(house.lines_of(path) if path.exists() else [], 1):
        if line.strip() and not line.startswith("#"):
            file, _, beginning = line.partition(": ")
            yield number, file, beginning.strip()


def check(root, report):
    spread, unused = spread_tables(root), list(read_list(root))
    for path in house.files_under(root, ["src"], house.CPP):
        name = path.relative_to(root).as_posix()
        for line, sql in statements(path):
            if banned := BANNED.search(sql):
                report.add(path, line, f"`{banned.group()}` is the engine's, not ours: {sql[:80]}")
            if not spread.intersection(TABLES.findall(sql)) or re.search(r"\bpart\b", sql):
                continue
            listed = [row for row in unused if row[1] == name and sql.startswith(row[2])]
            unused = [row for row in unused if row not in listed]
            if not listed:
                report.add(path, line, f"names no part; narrow it, or add it to {LISTED} with the reason: {sql[:80]}")
    for number, file, beginning in unused:
        report.add(root / LISTED, number, f"no such statement in {file} any more: {beginning}")


if __name__ == "__main__":
    house.run(check, "sql")
