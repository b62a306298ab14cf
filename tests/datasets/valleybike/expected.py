#!/usr/bin/env python3
"""What the platform must arrive at for the ValleyBike tracks, counted from the raw files by other means.

    expected.py RAW_FOLDER > expected.json        (RAW_FOLDER: ../shared/data/bike-valleybike-gps-2018-07)

Shares no code with the partner's converter or the platform. Only the great circle between two points uses floating
point; the steps are added without loss, then whole metres, rounded down. Every limit is inclusive and the first rule
that fails names the outcome.

  point   left out, in this order: no time (`-`); local time (UTC - 4 h) outside the month in the Route ID; before the
          last good point; more than 150 km/h from the last good point
  trip    refused with fewer than 2 good points
  intake  distance 300..15,000 m, duration 120..14,400 s, speed 3..30 km/h, each low side before its high side
  seal    per person, over all days, by start then record id as text: `overlap` if the trip starts before the end of
          the last accepted one; else `cap_day` if ten are accepted on its start day; else `accepted`
  mg      of accepted trips, floor(metres * 5826 / 100), since 62.37 - 4.11 = 58.26 g/km
"""
import collections
import datetime
import decimal
import functools
import gzip
import json
import math
import pathlib
import sys
from typing import NamedTuple

TRIPS_DAY_MAX = 10
CHECKS = ("distance_too_short", "distance_too_long", "duration_too_short", "duration_too_long", "speed_too_low",
          "speed_too_high")
HOUR_MS = 3_600_000
decimal.getcontext().prec = 100  # enough to add these floats exactly


class Trip(NamedTuple):
    """The field order is the order of the seal: start, then record id as text (of one day, so its UUID)."""
    start_ms: int
    uuid: str
    end_ms: int
    user: str
    metres: int


@functools.cache
def day_number(text: str) -> int:
    return datetime.date(int(text[0:4]), int(text[5:7]), int(text[8:10])).toordinal()


def local_ms(text: str) -> int:
    """`2018-07-09 04:00:26.766+00` as milliseconds of a calendar without zones, four hours earlier."""
    clock, offset = text[:-3], text[-3:]
    assert offset == "+00", text
    seconds = int(clock[11:13]) * 3_600 + int(clock[14:16]) * 60 + int(clock[17:19])
    return (day_number(clock[:10]) * 86_400 + seconds) * 1_000 + int((clock[20:] + "000")[:3]) - 4 * HOUR_MS


@functools.cache
def month_of(ordinal: int) -> str:
    day = datetime.date.fromordinal(ordinal)
    return f"{day.month:02}_{day.year}"


def great_circle_m(origin: tuple[float, float], destination: tuple[float, float]) -> float:
    latitude_a, latitude_b = math.radians(origin[0]), math.radians(destination[0])
    longitude_step = math.radians(destination[1] - origin[1])
    haversine = (math.sin((latitude_b - latitude_a) / 2) ** 2
                 + math.cos(latitude_a) * math.cos(latitude_b) * math.sin(longitude_step / 2) ** 2)
    return 6_371_008.8 * 2 * math.atan2(math.sqrt(haversine), math.sqrt(1 - haversine))


def read_trips(raw_folder: pathlib.Path) -> dict[str, list[list[str]]]:
    """Rows by Route ID. The comma in the number of a bike is the only quoted one."""
    trips: dict[str, list[list[str]]] = {}
    for path in sorted(raw_folder.glob("VB_Routes_Data_2018_*.csv.gz")):
        lines = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
        assert lines[2].startswith("Route ID,Bike,Date,"), path
        for line in lines[3:]:
            route, rest = line.split(",", 1)
            trips.setdefault(route, []).append(rest.rsplit(",", 4)[1:])
    return trips


def good_points(route: str, rows: list[list[str]],
                left_out: collections.Counter[str]) -> tuple[list[int], decimal.Decimal]:
    """The times of the good points, and the way along them in metres."""
    times: list[int] = []
    way_m = decimal.Decimal(0)
    last = (0.0, 0.0)
    for time, latitude, longitude, _ in rows:
        if time == "-":
            left_out["no time"] += 1
            continue
        at_ms, place = local_ms(time), (float(latitude), float(longitude))
        if month_of(at_ms // 86_400_000) != route[6:13]:
            left_out["time outside the month of the trip"] += 1
            continue
        if times:
            if at_ms < times[-1]:
                left_out["time before the last good point"] += 1
                continue
            step_m = great_circle_m(last, place)
            if step_m * HOUR_MS > 150_000 * (at_ms - times[-1]):
                left_out["jump"] += 1
                continue
            way_m += decimal.Decimal(step_m)
        times.append(at_ms)
        last = place
    return times, way_m


def failed_check(trip: Trip) -> str:
    metres, duration_ms = trip.metres, trip.end_ms - trip.start_ms
    failed = (metres < 300, metres > 15_000, duration_ms < 120_000, duration_ms > 4 * HOUR_MS,
              metres * 3_600 < 3 * duration_ms, metres * 3_600 > 30 * duration_ms)
    return next(("check_failed." + name for name, fails in zip(CHECKS, failed) if fails), "")


def sealed(trips: list[Trip]) -> list[tuple[Trip, str]]:
    """The outcomes of one person's trips that passed the checks."""
    outcomes = []
    accepted_until_ms = 0
    accepted_on: collections.Counter[int] = collections.Counter()
    for trip in sorted(trips):
        outcome, day = "accepted", trip.start_ms // 86_400_000
        if trip.start_ms < accepted_until_ms:
            outcome = "overlap"
        elif accepted_on[day] >= TRIPS_DAY_MAX:
            outcome = "cap_day"
        else:
            accepted_until_ms = trip.end_ms
            accepted_on[day] += 1
        outcomes.append((trip, outcome))
    return outcomes


def decide(trips: list[Trip]) -> list[tuple[Trip, str]]:
    decided = [(trip, failed) for trip in trips if (failed := failed_check(trip))]
    passed: dict[str, list[Trip]] = collections.defaultdict(list)
    for trip in trips:
        if not failed_check(trip):
            passed[trip.user].append(trip)
    for of_person in passed.values():
        decided += sealed(of_person)
    return decided


def count(rows_of: dict[str, list[list[str]]]) -> dict[str, object]:
    left_out = collections.Counter({"no time": 0, "time outside the month of the trip": 0,
                                    "time before the last good point": 0, "jump": 0})
    refused = collections.Counter({"fewer than 2 good points": 0, "more than one user": 0})
    trips = []
    for route, rows in rows_of.items():
        times, way_m = good_points(route, rows, left_out)
        users = {row[3] for row in rows}
        if len(times) < 2:
            refused["fewer than 2 good points"] += 1
        elif len(users) != 1:
            refused["more than one user"] += 1
        else:
            trips.append(Trip(times[0], route.partition("@")[2], times[-1], min(users), int(way_m)))
    outcomes = collections.Counter(dict.fromkeys(
        [*("check_failed." + name for name in CHECKS), "overlap", "cap_day", "accepted"], 0))
    accepted_m = reduction_mg = 0
    for trip, outcome in decide(trips):
        outcomes[outcome] += 1
        if outcome == "accepted":
            accepted_m += trip.metres
            reduction_mg += trip.metres * 5_826 // 100
    return {"rows": sum(map(len, rows_of.values())), "trips": len(rows_of), "points_left_out": left_out,
            "trips_refused": refused, "records": len(trips), "persons": len({trip.user for trip in trips}),
            "outcomes": outcomes, "metres": sum(trip.metres for trip in trips), "metres_accepted": accepted_m,
            "reduction_mg": reduction_mg}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not list(pathlib.Path(arguments[0]).glob("VB_Routes_Data_2018_*.csv.gz")):
        print("usage: expected.py RAW_FOLDER   (the folder of VB_Routes_Data_2018_MM_DD.csv.gz)", file=sys.stderr)
        return 2
    print(json.dumps(count(read_trips(pathlib.Path(arguments[0]))), sort_keys=True, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
