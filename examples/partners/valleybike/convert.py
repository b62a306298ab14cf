#!/usr/bin/env python3
"""Turns the ValleyBike GPS tracks of July 2018 into the records a bike partner would send for July 2025.

    convert.py RAW_FOLDER OUT_FOLDER

Reads every RAW_FOLDER/VB_Routes_Data_YYYY_MM_DD.csv or .csv.gz (positions). Writes
OUT_FOLDER/records/YYYY-MM-DD.ndjson.gz, OUT_FOLDER/consents.csv and OUT_FOLDER/refused.csv. The README.md beside this
file tells the fields and the choices. Exit: 0 done, 1 a file could not be read or written, 2 bad arguments.
"""
import csv
import dataclasses
import datetime
import gzip
import json
import math
import pathlib
import re
import sys
from collections.abc import Iterator

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from partner_files import CONSENT_COLUMNS, BadInput, run, whole_file, write_table  # noqa: E402

SCENARIO = "valley-bike"
OFFSET = "+08:00"
CONSENT_FROM_AT = "2025-01-01T00:00:00" + OFFSET
CONSENT_TEXT_VERSION = "demo-1"
MOVED_BY = datetime.timedelta(days=2557)  # 2018-07-09 becomes 2025-07-09
SUMMER_TIME = datetime.timedelta(hours=-4)  # of the riders, from UTC, the whole of July
EARTH_RADIUS_M = 6_371_008.8
SPEED_MAX_KM_H = 150
GOOD_POINTS_MIN = 2
LINES_BEFORE_HEADER = 2
COLUMNS = ("Route ID", "Date", "Latitude", "Longitude", "User ID")
RAW_FILE = re.compile(r"VB_Routes_Data_([0-9]{4})_([0-9]{2})_([0-9]{2})\.csv(\.gz)?")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ROUTE = re.compile(r"route_(0[1-9]|1[0-2])_([0-9]{4})@(" + UUID.pattern + ")")
TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,3})?)\+00")
DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]+)?")

Place = tuple[float, float]  # latitude, longitude in degrees


class Refused(Exception):
    """One point or one trip cannot be used; the text is the reason."""


def read_rows(path: pathlib.Path) -> Iterator[tuple[int, list[str]]]:
    """Yields line number and the five columns we use. A missing field reads as empty and a byte that is not UTF-8 as a
    replacement sign: no column we use may hold either, so such a row is left out."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file)
        for _ in range(LINES_BEFORE_HEADER):
            next(reader, None)
        header = next(reader, [])
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise BadInput(f"{path}: the header on line 3 lacks {', '.join(missing)}")
        numbers = [header.index(name) for name in COLUMNS]
        for row in reader:
            if row:
                yield reader.line_num, [row[number] if number < len(row) else "" for number in numbers]


def distance_m(origin: Place, destination: Place) -> float:
    """Great circle (haversine) between two places, in metres, not rounded."""
    if origin == destination:
        return 0.0
    latitude_a, longitude_a, latitude_b, longitude_b = map(math.radians, (*origin, *destination))
    chord = (math.sin((latitude_b - latitude_a) / 2) ** 2
             + math.cos(latitude_a) * math.cos(latitude_b) * math.sin((longitude_b - longitude_a) / 2) ** 2)
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def local_time(text: str) -> datetime.datetime:
    """The wall clock of the riders, on the day it really was."""
    if text == "-":
        raise Refused("no time")
    if match := TIME.fullmatch(text):
        try:
            return datetime.datetime.fromisoformat(match[1].ljust(23, "0") if match[2] else match[1]) + SUMMER_TIME
        except (ValueError, OverflowError):
            pass
    raise Refused(f"unreadable time {text!r}")


def read_place(latitude: str, longitude: str) -> Place:
    if DEGREES.fullmatch(latitude) and DEGREES.fullmatch(longitude):
        place = (float(latitude), float(longitude))
        if abs(place[0]) <= 90 and abs(place[1]) <= 180:
            return place
    raise Refused(f"unreadable position {latitude!r} {longitude!r}")


def moved_text(moment: datetime.datetime) -> str:
    return (moment + MOVED_BY).isoformat(timespec="milliseconds" if moment.microsecond else "seconds") + OFFSET


@dataclasses.dataclass
class Track:
    """What is known of one trip so far; `steps_m` are the ways between consecutive good points."""
    line: int
    route: str
    uuid: str
    month: tuple[int, int]
    users: set[str] = dataclasses.field(default_factory=set)
    started_at: datetime.datetime | None = None
    ended_at: datetime.datetime | None = None
    place: Place | None = None
    steps_m: list[float] = dataclasses.field(default_factory=list)

    def add(self, time: str, latitude: str, longitude: str) -> None:
        """Takes a good point; says why another one is left out."""
        at = local_time(time)
        if (at.year, at.month) != self.month:
            raise Refused(f"time outside the month of the trip {time!r}")
        place = read_place(latitude, longitude)
        if self.ended_at is None or self.place is None:
            self.started_at = at
        else:
            seconds = (at - self.ended_at).total_seconds()
            if seconds < 0:
                raise Refused(f"time before the last good point {time!r}")
            step_m = distance_m(self.place, place)
            if step_m * 3600 > SPEED_MAX_KM_H * 1000 * seconds:
                raise Refused(f"jump of {step_m:.0f} m in {seconds:g} s")
            self.steps_m.append(step_m)
        self.ended_at, self.place = at, place

    def to_record(self) -> dict[str, str]:
        """The record of the trip. Only these fields leave the partner: neither bike nor any position."""
        if self.started_at is None or self.ended_at is None or len(self.steps_m) + 1 < GOOD_POINTS_MIN:
            raise Refused(f"fewer than {GOOD_POINTS_MIN} good points")
        if len(self.users) != 1:
            raise Refused(f"more than one user: {len(self.users)}")
        started_at = moved_text(self.started_at)
        metres = math.floor(math.fsum(self.steps_m))
        return {
            "scenario": SCENARIO,
            "record_id": started_at[:10].replace("-", "") + "-" + self.uuid,
            "subject": min(self.users),
            "started_at": started_at,
            "ended_at": moved_text(self.ended_at),
            "distance_km": f"{metres // 1000}.{metres % 1000:03d}",
        }


@dataclasses.dataclass
class Result:
    """What the whole run leaves behind; a line of `refused` is file, line, trip, reason."""
    records: int = 0
    points_left_out: int = 0
    trips_refused: int = 0
    users: set[str] = dataclasses.field(default_factory=set)
    refused: list[tuple[str, int, str, str]] = dataclasses.field(default_factory=list)


def find_raw_files(raw_folder: pathlib.Path) -> dict[str, pathlib.Path]:
    """The raw files by the day they are written to, in order of day."""
    found: dict[str, pathlib.Path] = {}
    for path in sorted(raw_folder.iterdir()):
        if name := RAW_FILE.fullmatch(path.name):
            try:
                day = (datetime.date(int(name[1]), int(name[2]), int(name[3])) + MOVED_BY).isoformat()
            except (ValueError, OverflowError):
                raise BadInput(f"{path.name}: there is no such day") from None
            if day in found:
                raise BadInput(f"{found[day].name} and {path.name} are the same day; keep one of them")
            found[day] = path
    if not found:
        raise BadInput(f"no file named VB_Routes_Data_YYYY_MM_DD.csv or .csv.gz in {raw_folder}")
    return found


def track_of(tracks: dict[str, Track], line: int, route: str, user: str) -> Track:
    if route not in tracks:
        match = ROUTE.fullmatch(route)
        if not match:
            raise Refused(f"unreadable trip {route!r}")
        tracks[route] = Track(line, route, match[3], (int(match[2]), int(match[1])))
    track = tracks[route]
    if user not in track.users:
        if not UUID.fullmatch(user):
            raise Refused(f"unreadable user {user!r}")
        track.users.add(user)
    return track


def read_tracks(source: pathlib.Path, left_out: list[tuple[str, int, str, str]]) -> list[Track]:
    """The trips of one file in the order they appear; points that are not good go to `left_out`."""
    tracks: dict[str, Track] = {}
    for line, (route, time, latitude, longitude, user) in read_rows(source):
        try:
            track_of(tracks, line, route, user).add(time, latitude, longitude)
        except Refused as reason:
            left_out.append((source.name, line, route, f"point: {reason}"))
    return list(tracks.values())


def write_day(source: pathlib.Path, target: pathlib.Path, result: Result) -> int:
    """Writes one day, adds to `result`, and returns the number of records written."""
    refused: list[tuple[str, int, str, str]] = []
    tracks = read_tracks(source, refused)
    result.points_left_out += len(refused)
    count = 0
    with whole_file(target) as file:
        for track in tracks:
            try:
                record = track.to_record()
                file.write(json.dumps(record, separators=(",", ":")) + "\n")
                result.users.add(record["subject"])
                count += 1
            except Refused as reason:
                refused.append((source.name, track.line, track.route, f"trip: {reason}"))
    result.records += count
    result.trips_refused += len(tracks) - count
    result.refused += sorted(refused)
    return count


def convert(raw_folder: pathlib.Path, out_folder: pathlib.Path) -> None:
    raw_files = find_raw_files(raw_folder)
    (out_folder / "records").mkdir(parents=True, exist_ok=True)
    result = Result()
    for day, path in raw_files.items():
        count = write_day(path, out_folder / "records" / f"{day}.ndjson.gz", result)
        print(f"{day}  {count:>5} records  from {path.name}")
    write_table(out_folder / "refused.csv", [("file", "line", "trip", "reason"), *result.refused])
    write_table(out_folder / "consents.csv", [
        CONSENT_COLUMNS,
        *((SCENARIO, user, f"valleybike-{user}", CONSENT_FROM_AT, "", CONSENT_TEXT_VERSION)
          for user in sorted(result.users))])
    print(f"total       {result.records:>5} records, {result.trips_refused} trips refused, "
          f"{result.points_left_out} points left out, {len(result.users)} consents")


def check_raw(raw_folder: pathlib.Path) -> None:
    if not raw_folder.is_dir():
        raise BadInput(f"RAW_FOLDER is not a folder: {raw_folder}")


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], convert, check_raw))
