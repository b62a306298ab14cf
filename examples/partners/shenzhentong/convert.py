#!/usr/bin/env python3
"""Turns Shenzhen Tong card taps of September 2018 into the records a transit partner would send for 2025.

    convert.py RAW_FOLDER OUT_FOLDER

Reads every RAW_FOLDER/<part>_<parts>.csv or .csv.gz (taps). Writes OUT_FOLDER/records/sz-metro-YYYY-MM-DD.ndjson.gz and
sz-bus-YYYY-MM-DD.ndjson.gz, OUT_FOLDER/consents.csv and OUT_FOLDER/refused.csv. The README.md beside this file tells
the fields and the choices. Exit: 0 done, 1 a file could not be read or written, 2 bad arguments.
"""
import collections
import contextlib
import csv
import datetime
import gzip
import json
import pathlib
import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from partner_files import CONSENT_COLUMNS, BadInput, run, whole_file, write_table  # noqa: E402

METRO, BUS = "sz-metro", "sz-bus"
OFFSET = "+08:00"
CONSENT_FROM_AT = "2025-01-01T00:00:00" + OFFSET
CONSENT_TEXT_VERSION = "demo-1"
MOVED_BY = datetime.timedelta(days=2557)  # 2018-09-01 becomes 2025-09-01
RIDE_MAX = datetime.timedelta(hours=4)
ENTRY, EXIT, BOARDING = "地铁入站", "地铁出站", "巴士"
COLUMNS = ("card_no", "deal_date", "deal_type")
RAW_FILE = re.compile(r"([0-9]+)_([0-9]+)\.csv(\.gz)?")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
CARD = re.compile(r"[A-J]{8,9}")

RefusedRow = tuple[int, int, str, str]  # number of the file, line, card, reason


class Refused(Exception):
    """One row cannot be read; the text is the reason."""


class Tap(NamedTuple):
    """The field order is the order of a card's day: time, then place in the files."""
    at: datetime.datetime  # already moved
    file: int
    line: int
    card: str
    kind: str


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


def moved_time(text: str) -> datetime.datetime:
    with contextlib.suppress(ValueError, OverflowError):
        if TIME.fullmatch(text):
            return datetime.datetime.fromisoformat(text) + MOVED_BY
    raise Refused(f"unreadable time: {text!r}")


def to_tap(row: dict[str, str], file: int, line: int) -> Tap:
    """Only card, time and kind are used: neither fare nor station nor gate leaves the partner."""
    if not CARD.fullmatch(row["card_no"]):
        raise Refused(f"unreadable card: {row['card_no']!r}")
    if row["deal_type"] not in (ENTRY, EXIT, BOARDING):
        raise Refused(f"unknown kind of tap: {row['deal_type']!r}")
    return Tap(moved_time(row["deal_date"]), file, line, row["card_no"], row["deal_type"])


def read_taps(raw_files: list[pathlib.Path], refused: list[RefusedRow]) -> dict[str, list[Tap]]:
    """The taps of all parts by card, each card in order of time."""
    taps: dict[str, list[Tap]] = collections.defaultdict(list)
    for number, path in enumerate(raw_files):
        count = 0
        for line, row in read_rows(path):
            count += 1
            try:
                tap = to_tap(row, number, line)
                taps[tap.card].append(tap)
            except Refused as reason:
                refused.append((number, line, row["card_no"], str(reason)))
        print(f"{count:>7} taps  in {path.name}")
    for of_card in taps.values():
        of_card.sort()
    return taps


def to_record(scenario: str, first: Tap, last: Tap, field: str) -> dict[str, str]:
    return {
        "scenario": scenario,
        "record_id": first.at.strftime("%Y%m%d-") + first.card + first.at.strftime("-%H%M%S"),
        "subject": first.card,
        "started_at": first.at.isoformat() + OFFSET,
        "ended_at": last.at.isoformat() + OFFSET,
        field: "1",
    }


def refuse(refused: list[RefusedRow], reason: str, *taps: Tap) -> None:
    refused += [(tap.file, tap.line, tap.card, reason) for tap in taps]


def records_of_card(taps: list[Tap], refused: list[RefusedRow]) -> Iterator[dict[str, str]]:
    """Bus taps one by one; a metro entry with the exit that follows it."""
    entry: Tap | None = None
    for tap in taps:
        if tap.kind == BOARDING:
            yield to_record(BUS, tap, tap, "boardings_count")
        elif tap.kind == ENTRY:
            if entry:
                refuse(refused, "entry followed by another entry", entry)
            entry = tap
        elif not entry:
            refuse(refused, "exit without entry", tap)
        else:
            if tap.at - entry.at > RIDE_MAX:
                refuse(refused, "entry and exit more than 4 h apart", entry, tap)
            else:
                yield to_record(METRO, entry, tap, "trips_count")
            entry = None
    if entry:
        refuse(refused, "entry without exit", entry)


def find_raw_files(raw_folder: pathlib.Path) -> list[pathlib.Path]:
    """The parts in order of their number."""
    found: dict[tuple[int, int], pathlib.Path] = {}
    for path in sorted(raw_folder.iterdir()):
        if name := RAW_FILE.fullmatch(path.name):
            part = (int(name[2]), int(name[1]))
            if part in found:
                raise BadInput(f"{found[part].name} and {path.name} are the same part; keep one of them")
            found[part] = path
    if not found:
        raise BadInput(f"no file named PART_PARTS.csv or PART_PARTS.csv.gz, as in 14_14.csv.gz, in {raw_folder}")
    return [found[part] for part in sorted(found)]


def write_records(records: list[dict[str, str]], folder: pathlib.Path) -> None:
    """A file for each scenario and day, in order of start, then record id."""
    files: dict[str, list[dict[str, str]]] = collections.defaultdict(list)
    for record in sorted(records, key=lambda record: (record["started_at"], record["record_id"])):
        files[f"{record['scenario']}-{record['started_at'][:10]}.ndjson.gz"].append(record)
    for name, of_file in sorted(files.items()):
        with whole_file(folder / name) as file:
            file.writelines(json.dumps(record, separators=(",", ":")) + "\n" for record in of_file)
        print(f"{len(of_file):>7} records  to {name}")


def convert(raw_folder: pathlib.Path, out_folder: pathlib.Path) -> None:
    raw_files = find_raw_files(raw_folder)
    (out_folder / "records").mkdir(parents=True, exist_ok=True)
    refused: list[RefusedRow] = []
    records = [record for taps in read_taps(raw_files, refused).values() for record in records_of_card(taps, refused)]
    write_records(records, out_folder / "records")
    write_table(out_folder / "refused.csv", [
        ("file", "line", "card", "reason"),
        *((raw_files[number].name, line, card, reason) for number, line, card, reason in sorted(refused))])
    riders = sorted({(record["scenario"], record["subject"]) for record in records})
    write_table(out_folder / "consents.csv", [
        CONSENT_COLUMNS,
        *((scenario, card, f"szt-{card}", CONSENT_FROM_AT, "", CONSENT_TEXT_VERSION) for scenario, card in riders)])
    print(f"{len(records):>7} records in all, {len(refused)} rows refused, {len(riders)} consents")


def check_raw(raw_folder: pathlib.Path) -> None:
    if not raw_folder.is_dir():
        raise BadInput(f"RAW_FOLDER is not a folder: {raw_folder}")


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], convert, check_raw))
