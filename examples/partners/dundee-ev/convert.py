#!/usr/bin/env python3
"""Turns the charging sessions of Dundee, summer 2018, into the records a charging partner would send for 2025.

    convert.py RAW_FOLDER OUT_FOLDER

Reads the one RAW_FOLDER/charging-sessions-dundee-*.csv or .csv.gz. Writes OUT_FOLDER/records/YYYY-MM.ndjson.gz,
OUT_FOLDER/consents.csv and OUT_FOLDER/refused.csv. The README.md beside this file tells the fields and the choices.
Exit: 0 done, 1 a file could not be read or written, 2 bad arguments or an unusable raw folder.
"""
import contextlib
import csv
import datetime
import gzip
import json
import pathlib
import re
import sys
from collections.abc import Iterable, Iterator

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from partner_files import CONSENT_COLUMNS, BadInput, run, whole_file, write_table  # noqa: E402

SCENARIO = "dundee-ev"
OFFSET = "+08:00"
CONSENT_FROM_AT = "2025-06-01T00:00:00" + OFFSET
CONSENT_TEXT_VERSION = "demo-1"
MOVED_BY = datetime.timedelta(days=2557)  # 2018-06-06 becomes 2025-06-06
COLUMNS = ("Charging event", "User ID", "Start Date", "Start Time", "End Date", "End Time", "Total kWh")
FILE_NAME = re.compile(r"charging-sessions-dundee-.+\.csv(\.gz)?")
DAY_AND_TIME = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4}) ([0-9]{2}):([0-9]{2})")
EVENT = re.compile(r"[1-9][0-9]*")
USER = re.compile(r"[0-9A-Za-z]{1,64}")
KWH = re.compile(r"(-?(?:0|[1-9][0-9]*))(?:\.([0-9]+))?")


class Refused(Exception):
    """One row cannot be converted; the text is the reason."""


def read_rows(path: pathlib.Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yields line number and row. A missing field reads as empty and a byte that is not UTF-8 as a replacement sign:
    no column we use may hold either, so such a row is refused."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(file, restval="")
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise BadInput(f"{path}: the header lacks {', '.join(missing)}")
        for row in reader:
            yield reader.line_num, row


def moved_time(row: dict[str, str], name: str) -> str:
    """`name` is Start or End: date and time stand in two columns."""
    date, time = row[f"{name} Date"], row[f"{name} Time"]
    written = f"{name} Date {date!r}, {name} Time {time!r}"
    if not (date and time):
        raise Refused(f"no {name.lower()}: {written}")
    with contextlib.suppress(ValueError, OverflowError):
        if found := DAY_AND_TIME.fullmatch(f"{date} {time}"):
            day, month, year, hour, minute = map(int, found.groups())
            return (datetime.datetime(year, month, day, hour, minute) + MOVED_BY).isoformat() + OFFSET
    raise Refused(f"unreadable time: {written}")


def three_decimals(row: dict[str, str], column: str) -> str:
    """The number as it is written, filled up with zeros. Nothing is rounded, and a minus sign stays."""
    found = KWH.fullmatch(row[column])
    if not found:
        raise Refused(f"unreadable number: {column} {row[column]!r}")
    whole, decimals = found[1], found[2] or ""
    if len(decimals) > 3:
        raise Refused(f"more than three decimals: {column} {row[column]!r}")
    return f"{whole}.{decimals:0<3}"


def to_record(row: dict[str, str]) -> dict[str, str]:
    """The record of one session. Only these fields leave the partner: neither charge point nor site nor car."""
    if not EVENT.fullmatch(row["Charging event"]):
        raise Refused(f"unreadable number: Charging event {row['Charging event']!r}")
    if not row["User ID"]:
        raise Refused("no user")
    if not USER.fullmatch(row["User ID"]):
        raise Refused(f"unreadable user: User ID {row['User ID']!r}")
    started_at, ended_at = moved_time(row, "Start"), moved_time(row, "End")
    return {
        "scenario": SCENARIO,
        "record_id": started_at[:10].replace("-", "") + "-" + row["Charging event"],
        "subject": row["User ID"],
        "started_at": started_at,
        "ended_at": ended_at,
        "energy_kwh": three_decimals(row, "Total kWh"),
    }


def find_session_file(raw_folder: pathlib.Path) -> pathlib.Path:
    if not raw_folder.is_dir():
        raise BadInput(f"RAW_FOLDER is not a folder: {raw_folder}")
    found = sorted(path for path in raw_folder.iterdir() if FILE_NAME.fullmatch(path.name))
    if not found:
        raise BadInput(f"no session file named charging-sessions-dundee-*.csv or .csv.gz in {raw_folder}")
    if len(found) > 1:
        raise BadInput(f"{found[0].name} and {found[1].name} are both session files; keep one of them")
    return found[0]


def read_sessions(source: pathlib.Path) -> tuple[dict[str, list[dict[str, str]]], list[tuple[str, int, str, str]]]:
    """The records by the month of their start, in the order of the file, and the rows that could not be converted."""
    records: dict[str, list[dict[str, str]]] = {}
    refused: list[tuple[str, int, str, str]] = []
    for line, row in read_rows(source):
        try:
            record = to_record(row)
            records.setdefault(record["started_at"][:7], []).append(record)
        except Refused as reason:
            refused.append((source.name, line, row["Charging event"], str(reason)))
    return records, refused


def write_records(path: pathlib.Path, records: Iterable[dict[str, str]]) -> None:
    with whole_file(path) as file:
        for record in records:
            file.write(json.dumps(record, separators=(",", ":")) + "\n")


def convert(raw_folder: pathlib.Path, out_folder: pathlib.Path) -> None:
    source = find_session_file(raw_folder)
    records, refused = read_sessions(source)
    (out_folder / "records").mkdir(parents=True, exist_ok=True)
    for month, of_month in sorted(records.items()):
        write_records(out_folder / "records" / f"{month}.ndjson.gz", of_month)
        print(f"{month}  {len(of_month):>7} records  from {source.name}")
    users = sorted({record["subject"] for of_month in records.values() for record in of_month})
    write_table(out_folder / "refused.csv", [("file", "line", "session", "reason"), *refused])
    write_table(out_folder / "consents.csv", [
        CONSENT_COLUMNS,
        *((SCENARIO, user, f"dundee-{user}", CONSENT_FROM_AT, "", CONSENT_TEXT_VERSION) for user in users)])
    total = sum(map(len, records.values()))
    print(f"total    {total:>7} records, {len(refused)} rows refused, {len(users)} consents")


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], convert))
