#!/usr/bin/env python3
"""Turns hourly meter readings of a house in Konstanz, 2015 to 2017, into the daily ones a partner would send.

    convert.py RAW_FOLDER OUT_FOLDER

Reads RAW_FOLDER/household_data_60min_singleindex.csv or .csv.gz. Writes OUT_FOLDER/records/<scenario>.ndjson.gz,
OUT_FOLDER/consents.csv and OUT_FOLDER/refused.csv. A record holds two readings, never their difference. The README.md
beside this file tells the fields and the choices. Exit: 0 done, 1 a file could not be read or written, 2 bad arguments
or an unusable raw folder.
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
from typing import NamedTuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from partner_files import CONSENT_COLUMNS, BadInput, run, whole_file, write_table  # noqa: E402


class Meter(NamedTuple):
    name: str
    column: str
    scenario: str
    said: dict[str, str]  # of every record: what the owner stated when the meter was registered


SUBJECT = "home-4"
PERSON = "konstanz-home-4"
# Export, car and heat pump are parts of these two: to send them as well would count the same kWh twice.
METERS = (
    Meter("pv", "DE_KN_residential4_pv", "konstanz-pv", {"basis": "provincial_average", "certificates": "none"}),
    Meter("import", "DE_KN_residential4_grid_import", "konstanz-home", {}),
)
OFFSET = "+08:00"
CONSENT_FROM_AT = "2024-10-01T00:00:00" + OFFSET
CONSENT_TEXT_VERSION = "demo-1"
ONE_DAY = datetime.timedelta(days=1)
MOVED_BY = datetime.timedelta(days=3288)  # 2015-10-05 becomes 2024-10-05
FILE_NAMES = ("household_data_60min_singleindex.csv", "household_data_60min_singleindex.csv.gz")
TIME_COLUMN, INTERPOLATED_COLUMN = "cet_cest_timestamp", "interpolated_values"
COLUMNS = (TIME_COLUMN, *(meter.column for meter in METERS), INTERPOLATED_COLUMN)
TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})[+-][0-9]{4}")
READING = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?")
MIDNIGHT = "00:00:00"

Row = dict[str, str]
Refusal = tuple[str, str, str, str]  # file, day, meter, reason


class Refused(Exception):
    """One row, or one day of one meter, cannot be converted; the text is the reason."""


def read_rows(path: pathlib.Path) -> Iterator[Row]:
    """A missing field reads as empty and a byte that is not UTF-8 as a replacement sign: a reading or a time with
    either is refused."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(file, restval="")
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise BadInput(f"{path}: the header lacks {', '.join(missing)}")
        yield from reader


def local_time(row: Row) -> tuple[datetime.date, str]:
    """Day and time on the wall clock of the house; the next day must still be a day after it is moved."""
    with contextlib.suppress(ValueError, OverflowError):
        if found := TIME.fullmatch(row[TIME_COLUMN]):
            day = datetime.date.fromisoformat(found[1])
            if day + ONE_DAY + MOVED_BY:
                return day, found[2]
    raise Refused(f"unreadable time: {TIME_COLUMN} {row[TIME_COLUMN]!r}")


def read_midnights(source: pathlib.Path, refused: list[Refusal]) -> dict[datetime.date, list[Row]]:
    """For every local day that has a row, its rows of 00:00: one, if all is well."""
    midnights: dict[datetime.date, list[Row]] = {}
    for row in read_rows(source):
        try:
            day, time = local_time(row)
            rows = midnights.setdefault(day, [])
            if time == MIDNIGHT:
                rows.append(row)
        except Refused as reason:
            refused.append((source.name, "", "", str(reason)))
    return midnights


def reading(rows: list[Row], day: datetime.date, column: str) -> tuple[str, bool]:
    """The reading at 00:00 of the day as it is written, filled up to three decimals, and whether it was filled in."""
    if len(rows) != 1:
        raise Refused(f"{'two rows' if rows else 'no row'}: {day}T{MIDNIGHT}")
    written, at = rows[0][column], rows[0][TIME_COLUMN]
    if not written:
        raise Refused(f"empty reading: {column} at {at}")
    found = READING.fullmatch(written)
    if not found:
        raise Refused(f"unreadable number: {column} at {at} {written!r}")
    decimals = found[2] or ""
    if len(decimals) > 3:
        raise Refused(f"more than three decimals: {column} at {at} {written!r}")
    interpolated = column in (name.strip() for name in rows[0][INTERPOLATED_COLUMN].split("|"))
    return f"{found[1]}.{decimals:0<3}", interpolated


def to_record(midnights: dict[datetime.date, list[Row]], day: datetime.date, meter: Meter) -> dict[str, str]:
    """The record of one day of one meter."""
    reading_from, from_filled = reading(midnights[day], day, meter.column)
    reading_until, until_filled = reading(midnights.get(day + ONE_DAY, []), day + ONE_DAY, meter.column)
    moved_day = day + MOVED_BY
    return {
        "scenario": meter.scenario,
        "record_id": f"{moved_day:%Y%m%d}-{meter.name}",
        "subject": SUBJECT,
        "started_at": f"{moved_day}T{MIDNIGHT}{OFFSET}",
        "ended_at": f"{moved_day + ONE_DAY}T{MIDNIGHT}{OFFSET}",
        "reading_from_kwh": reading_from,
        "reading_until_kwh": reading_until,
        "interpolated_count": str(from_filled + until_filled),
        **meter.said,
    }


def find_readings_file(raw_folder: pathlib.Path) -> pathlib.Path:
    if not raw_folder.is_dir():
        raise BadInput(f"RAW_FOLDER is not a folder: {raw_folder}")
    found = [raw_folder / name for name in FILE_NAMES if (raw_folder / name).is_file()]
    if not found:
        raise BadInput(f"no file {' or '.join(FILE_NAMES)} in {raw_folder}")
    if len(found) > 1:
        raise BadInput(f"{found[0].name} and {found[1].name} are the same readings; keep one of them")
    return found[0]


def read_records(source: pathlib.Path) -> tuple[dict[str, list[dict[str, str]]], list[Refusal]]:
    """The records by scenario, in order of day and meter, and what could not be converted."""
    refused: list[Refusal] = []
    midnights = read_midnights(source, refused)
    records: dict[str, list[dict[str, str]]] = {meter.scenario: [] for meter in METERS}
    for day in sorted(midnights):
        for meter in METERS:
            try:
                records[meter.scenario].append(to_record(midnights, day, meter))
            except Refused as reason:
                refused.append((source.name, day.isoformat(), meter.name, str(reason)))
    return records, refused


def write_records(path: pathlib.Path, records: Iterable[dict[str, str]]) -> None:
    with whole_file(path) as file:
        for record in records:
            file.write(json.dumps(record, separators=(",", ":")) + "\n")


def convert(raw_folder: pathlib.Path, out_folder: pathlib.Path) -> None:
    source = find_readings_file(raw_folder)
    records, refused = read_records(source)
    (out_folder / "records").mkdir(parents=True, exist_ok=True)
    for scenario, of_scenario in sorted(records.items()):
        write_records(out_folder / "records" / f"{scenario}.ndjson.gz", of_scenario)
        print(f"{scenario:<16}{len(of_scenario):>7} records  from {source.name}")
    consents = [(scenario, SUBJECT, PERSON, CONSENT_FROM_AT, "", CONSENT_TEXT_VERSION)
                for scenario, of_scenario in sorted(records.items()) if of_scenario]
    write_table(out_folder / "refused.csv", [("file", "day", "meter", "reason"), *refused])
    write_table(out_folder / "consents.csv", [CONSENT_COLUMNS, *consents])
    total = sum(map(len, records.values()))
    print(f"{'total':<16}{total:>7} records, {len(refused)} refused, {len(consents)} consents")


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], convert))
