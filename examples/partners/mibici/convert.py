#!/usr/bin/env python3
"""Turns the MiBici trips of 2015 into the records a bike partner would send for 2025.

    convert.py RAW_FOLDER OUT_FOLDER

Reads RAW_FOLDER/nomenclatura.csv (stations) and every RAW_FOLDER/YYYY_MM.csv or .csv.gz (trips). Writes
OUT_FOLDER/records/YYYY-MM.ndjson.gz, OUT_FOLDER/consents.csv and OUT_FOLDER/refused.csv. The README.md beside
this file tells the fields and the choices. Exit: 0 done, 1 a file could not be read or written, 2 bad arguments.
"""
import contextlib
import csv
import datetime
import functools
import gzip
import json
import math
import pathlib
import re
import sys
from collections.abc import Iterator

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from partner_files import CONSENT_COLUMNS, BadInput, run, whole_file, write_table  # noqa: E402

SCENARIO = "mibici-ride"
OFFSET = "+08:00"
CONSENT_FROM_AT = "2025-01-01T00:00:00" + OFFSET
CONSENT_TEXT_VERSION = "demo-1"
MOVED_BY = datetime.timedelta(days=3653)  # 2015-01-01 becomes 2025-01-01
EARTH_RADIUS_M = 6_371_008.8
TRIP_COLUMNS = ("Viaje_Id", "Usuario_Id", "Inicio_del_viaje", "Fin_del_viaje", "Origen_Id", "Destino_Id")
TRIP_FILE = re.compile(r"([0-9]{4})_(0[1-9]|1[0-2])\.csv(\.gz)?")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
NUMBER = re.compile(r"[1-9][0-9]*")

Station = tuple[float, float]  # latitude, longitude in degrees


class Refused(Exception):
    """One row cannot be converted; the text is the reason."""


def read_rows(path: pathlib.Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yields line number and row. A missing field reads as empty and a byte that is not UTF-8 as a replacement sign:
    no column we use may hold either, so such a row is refused."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(file, restval="")
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            raise BadInput(f"{path}: the header lacks {', '.join(missing)}")
        for row in reader:
            yield reader.line_num, row


def read_stations(path: pathlib.Path) -> dict[str, Station]:
    """A station without usable coordinates is left out, so its trips are refused as `unknown station`."""
    stations: dict[str, Station] = {}
    for _, row in read_rows(path, ("id", "latitude", "longitude")):
        with contextlib.suppress(ValueError):
            latitude, longitude = float(row["latitude"]), float(row["longitude"])
            if abs(latitude) <= 90 and abs(longitude) <= 180:
                stations[row["id"]] = (latitude, longitude)
    return stations


@functools.cache
def distance_m(origin: Station, destination: Station) -> int:
    """Great circle (haversine) between two stations, in whole metres, rounded down."""
    latitude_a, longitude_a, latitude_b, longitude_b = map(math.radians, (*origin, *destination))
    chord = (math.sin((latitude_b - latitude_a) / 2) ** 2
             + math.cos(latitude_a) * math.cos(latitude_b) * math.sin((longitude_b - longitude_a) / 2) ** 2)
    return math.floor(2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord))))


def moved_time(row: dict[str, str], column: str) -> str:
    with contextlib.suppress(ValueError, OverflowError):
        if TIME.fullmatch(row[column]):
            return (datetime.datetime.fromisoformat(row[column]) + MOVED_BY).isoformat() + OFFSET
    raise Refused(f"unreadable time: {column} {row[column]!r}")


def to_record(row: dict[str, str], stations: dict[str, Station]) -> dict[str, str]:
    """The record of one trip. Only these fields leave the partner: neither gender nor year of birth."""
    for column in ("Viaje_Id", "Usuario_Id"):
        if not NUMBER.fullmatch(row[column]):
            raise Refused(f"unreadable number: {column} {row[column]!r}")
    started_at, ended_at = moved_time(row, "Inicio_del_viaje"), moved_time(row, "Fin_del_viaje")
    for column in ("Origen_Id", "Destino_Id"):
        if row[column] not in stations:
            raise Refused(f"unknown station: {column} {row[column]!r}")
    metres = distance_m(stations[row["Origen_Id"]], stations[row["Destino_Id"]])
    return {
        "scenario": SCENARIO,
        "record_id": started_at[:10].replace("-", "") + "-" + row["Viaje_Id"],
        "subject": row["Usuario_Id"],
        "started_at": started_at,
        "ended_at": ended_at,
        "distance_km": f"{metres // 1000}.{metres % 1000:03d}",
    }


def find_trip_files(raw_folder: pathlib.Path) -> dict[str, pathlib.Path]:
    """The trip files by the month they are written to, in order of month."""
    found: dict[str, pathlib.Path] = {}
    for path in sorted(raw_folder.iterdir()):
        if name := TRIP_FILE.fullmatch(path.name):
            month = (datetime.date(int(name[1]), int(name[2]), 1) + MOVED_BY).isoformat()[:7]
            if month in found:
                raise BadInput(f"{found[month].name} and {path.name} are the same month; keep one of them")
            found[month] = path
    if not found:
        raise BadInput(f"no trip file named YYYY_MM.csv or YYYY_MM.csv.gz in {raw_folder}")
    return found


def write_records(source: pathlib.Path, target: pathlib.Path, stations: dict[str, Station],
                  refused: list[tuple[str, int, str, str]], users: set[int]) -> int:
    """Writes one month, adds to `refused` and `users`, and returns the number of records written."""
    count = 0
    with whole_file(target) as file:
        for line, row in read_rows(source, TRIP_COLUMNS):
            try:
                record = to_record(row, stations)
                file.write(json.dumps(record, separators=(",", ":")) + "\n")
                users.add(int(record["subject"]))
                count += 1
            except Refused as reason:
                refused.append((source.name, line, row["Viaje_Id"], str(reason)))
    return count


def convert(raw_folder: pathlib.Path, out_folder: pathlib.Path) -> None:
    trip_files = find_trip_files(raw_folder)
    stations = read_stations(raw_folder / "nomenclatura.csv")
    (out_folder / "records").mkdir(parents=True, exist_ok=True)
    refused: list[tuple[str, int, str, str]] = []
    users: set[int] = set()
    total = 0
    for month, path in trip_files.items():
        count = write_records(path, out_folder / "records" / f"{month}.ndjson.gz", stations, refused, users)
        print(f"{month}  {count:>7} records  from {path.name}")
        total += count
    write_table(out_folder / "refused.csv", [("file", "line", "trip", "reason"), *refused])
    write_table(out_folder / "consents.csv", [
        CONSENT_COLUMNS,
        *((SCENARIO, user, f"mibici-{user}", CONSENT_FROM_AT, "", CONSENT_TEXT_VERSION) for user in sorted(users))])
    print(f"total    {total:>7} records, {len(refused)} rows refused, {len(users)} consents")


def check_raw(raw_folder: pathlib.Path) -> None:
    if not (raw_folder / "nomenclatura.csv").is_file():
        raise BadInput(f"RAW_FOLDER is not a folder with a station list nomenclatura.csv: {raw_folder}")


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], convert, check_raw))
