#!/usr/bin/env python3
"""The year the platform must arrive at, counted from the raw MiBici files by other means.

    expected.py RAW_FOLDER > expected.json        (RAW_FOLDER: ../shared/data/bike-mibici-2015)

Shares no code with the partner's converter or the platform: it reads the raw trips itself and applies the rules
below in whole numbers (only the great circle uses floating point, then whole metres, rounded down). Every limit is
inclusive, the first rule that fails names the outcome, and a trip belongs to the month of its start day.

  intake  distance 300..15,000 m, duration 120..14,400 s, speed 3..30 km/h, each low side before its high side
  seal    per person, over the year, by start then record id as text: `overlap` if the ride starts before the end of
          the last accepted one; else `cap_day` if ten are accepted on its start day; else `accepted`
  mg      floor(metres * 5826 / 100), since 62.37 - 4.11 = 58.26 g/km
  points  floor(a person's mg in the month / 100,000); `free_mg` is the mg of persons with no point in the month
"""
import collections
import csv
import datetime
import gzip
import json
import math
import pathlib
import sys
from typing import NamedTuple

OUTCOMES = ("check_failed.distance_too_short", "check_failed.distance_too_long", "check_failed.duration_too_short",
            "check_failed.duration_too_long", "check_failed.speed_too_low", "check_failed.speed_too_high",
            "overlap", "cap_day", "accepted")
YEARS_MOVED = 10  # 3,653 days, the same day and month for every day of 2015
RIDES_DAY_MAX = 10
POINT_MG = 100_000


class Ride(NamedTuple):
    """The field order is the order of the seal: start, then record id as text."""
    start_s: int
    record_id: str
    end_s: int
    person: int
    metres: int

    @property
    def day(self) -> str:
        return self.record_id[:8]

    @property
    def month(self) -> str:
        return f"{self.day[:4]}-{self.day[4:6]}"


def read_coordinates(raw_folder: pathlib.Path) -> dict[int, tuple[float, float]]:
    with open(raw_folder / "nomenclatura.csv", encoding="utf-8", newline="") as file:
        return {int(row["id"]): (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}


def great_circle_m(origin: tuple[float, float], destination: tuple[float, float]) -> int:
    latitude_a, latitude_b = math.radians(origin[0]), math.radians(destination[0])
    longitude_step = math.radians(destination[1] - origin[1])
    haversine = (math.sin((latitude_b - latitude_a) / 2) ** 2
                 + math.cos(latitude_a) * math.cos(latitude_b) * math.sin(longitude_step / 2) ** 2)
    return int(6_371_008.8 * 2 * math.atan2(math.sqrt(haversine), math.sqrt(1 - haversine)))


def seconds_of(text: str) -> int:
    """`2015-01-01 00:03:06` as seconds of a calendar without time zones."""
    days = datetime.date(int(text[0:4]), int(text[5:7]), int(text[8:10])).toordinal()
    return days * 86_400 + int(text[11:13]) * 3_600 + int(text[14:16]) * 60 + int(text[17:19])


def read_rides(raw_folder: pathlib.Path) -> list[Ride]:
    coordinates = read_coordinates(raw_folder)
    metres: dict[tuple[str, str], int] = {}
    rides = []
    for path in sorted(raw_folder.glob("2015_*.csv.gz")):
        lines = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
        for line in lines[1:]:
            trip, user, _, _, start, end, origin, destination = line.split(",")
            if (origin, destination) not in metres:
                metres[origin, destination] = great_circle_m(coordinates[int(origin)], coordinates[int(destination)])
            record_id = f"{int(start[0:4]) + YEARS_MOVED}{start[5:7]}{start[8:10]}-{trip}"
            rides.append(Ride(seconds_of(start), record_id, seconds_of(end), int(user), metres[origin, destination]))
    return rides


def intake_failure(ride: Ride) -> str:
    """The name of the first check that fails, or nothing."""
    seconds = ride.end_s - ride.start_s
    checks = (
        ("distance_too_short", ride.metres < 300),
        ("distance_too_long", ride.metres > 15_000),
        ("duration_too_short", seconds < 120),
        ("duration_too_long", seconds > 14_400),
        ("speed_too_low", ride.metres * 3_600 < 3 * 1_000 * seconds),
        ("speed_too_high", ride.metres * 3_600 > 30 * 1_000 * seconds),
    )
    return next(("check_failed." + name for name, failed in checks if failed), "")


def outcomes_of_person(rides: list[Ride]) -> list[tuple[Ride, str]]:
    outcomes = []
    accepted_until_s = 0
    accepted_on: collections.Counter[str] = collections.Counter()
    for ride in sorted(rides):
        if ride.start_s < accepted_until_s:
            outcome = "overlap"
        elif accepted_on[ride.day] >= RIDES_DAY_MAX:
            outcome = "cap_day"
        else:
            outcome = "accepted"
            accepted_until_s = ride.end_s
            accepted_on[ride.day] += 1
        outcomes.append((ride, outcome))
    return outcomes


def decide(rides: list[Ride]) -> list[tuple[Ride, str]]:
    decided = []
    surviving: dict[int, list[Ride]] = collections.defaultdict(list)
    for ride in rides:
        failure = intake_failure(ride)
        if failure:
            decided.append((ride, failure))
        else:
            surviving[ride.person].append(ride)
    for rides_of_person in surviving.values():
        decided.extend(outcomes_of_person(rides_of_person))
    return decided


def tabulate(decided: list[tuple[Ride, str]]) -> dict[str, object]:
    counts: dict[str, dict[str, int]] = {}
    person_mg: dict[str, collections.Counter[int]] = collections.defaultdict(collections.Counter)
    for ride, outcome in decided:
        counts.setdefault(ride.month, dict.fromkeys(OUTCOMES, 0))[outcome] += 1
        if outcome == "accepted":
            person_mg[ride.month][ride.person] += ride.metres * 5_826 // 100
    months = {}
    for month, outcomes in counts.items():
        sums_mg = person_mg[month].values()
        months[month] = {
            "trips": sum(outcomes.values()),
            "outcomes": outcomes,
            "persons": len(sums_mg),
            "reduction_mg": sum(sums_mg),
            "points": sum(mg // POINT_MG for mg in sums_mg),
            "free_mg": sum(mg for mg in sums_mg if mg < POINT_MG),
        }
    total: dict[str, object] = {
        name: sum(month[name] for month in months.values()) for name in ("trips", "reduction_mg", "points", "free_mg")}
    total["outcomes"] = {name: sum(month["outcomes"][name] for month in months.values()) for name in OUTCOMES}
    total["persons"] = len(set().union(*person_mg.values()))
    return {"months": months, "total": total}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not pathlib.Path(arguments[0], "nomenclatura.csv").is_file():
        print("usage: expected.py RAW_FOLDER   (the folder of 2015_MM.csv.gz and nomenclatura.csv)", file=sys.stderr)
        return 2
    print(json.dumps(tabulate(decide(read_rides(pathlib.Path(arguments[0])))), sort_keys=True, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
