#!/usr/bin/env python3
"""What the platform must arrive at for the charging sessions of Dundee, counted from the raw file by other means.

    expected.py RAW_FOLDER > expected.json        (RAW_FOLDER: ../shared/data/ev-dundee-2018q3)

Shares no code with the partner's converter or the platform; fractions are exact. Every limit is inclusive, the first
rule that fails names the outcome, and a session belongs to the month of its start day, seven years later (2,557 days:
the same day and month).

  refused   by the converter, the first that applies: `no user`, `no end`; every other row is a record
  intake    energy 0.001..120 kWh, else `out_of_range` (counted as `negative`, `zero`, `above`; the others are
            `in_range`, with `wh_in_range`); not `end_before_start`; duration 60 s..48 h, the low side before the high
            side; mean power at most 350 kW
  seal      per person, over all days, by start then record id as text: `overlap` if the session starts before the end
            of the last accepted one; else `cap_day` if six are accepted on its start day; else `accepted` (with
            `wh_accepted`)
  mg        of each accepted record, rounded down: kWh / (14/100 kWh/km) x 7.3/100 L/km x 2.37 kgCO2/L - kWh x 0.5978
            kgCO2/kWh, the grid of Jiangsu of data year 2022, which holds for acts of 2025
"""
import collections
import csv
import datetime
import gzip
import json
import pathlib
import sys
from fractions import Fraction
from typing import NamedTuple

YEARS_MOVED = 7
SESSIONS_DAY_MAX = 6
KG_OF_KWH = Fraction("7.3") / 14 * Fraction("2.37") - Fraction("0.5978")
MG_OF_WH = KG_OF_KWH * 1_000_000 / 1_000
OUTCOMES = ("out_of_range", "end_before_start", "check_failed.duration_too_short", "check_failed.duration_too_long",
            "check_failed.power_too_high", "overlap", "cap_day", "accepted")
NUMBERS = ("records", "negative", "zero", "above", "in_range", "wh_in_range", "wh_accepted", "reduction_mg")


class Session(NamedTuple):
    """The field order is the order of the seal: start, then record id as text."""
    start_minute: int
    record_id: str
    end_minute: int
    user: str
    wh: int


def wh_of(text: str) -> int:
    """`7.08` as 7,080; the raw file has at most three decimals."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, _, decimals = digits.partition(".")
    assert len(decimals) <= 3, text
    return sign * (int(whole) * 1_000 + int((decimals + "000")[:3]))


def minute_of(day: str, time: str) -> int:
    """`06/06/2018` and `07:03` as minutes of a calendar without time zones."""
    ordinal = datetime.date(int(day[6:]), int(day[3:5]), int(day[:2])).toordinal()
    return ordinal * 1_440 + int(time[:2]) * 60 + int(time[3:])


def read_sessions(path: pathlib.Path) -> tuple[list[Session], dict[str, int]]:
    refused = {"no end": 0, "no user": 0}
    sessions = []
    rows = list(csv.reader(gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()))[1:]
    for event, user, _, _, start, start_time, end, end_time, kwh, *_ in rows:
        if not user:
            refused["no user"] += 1
        elif not end or not end_time:
            refused["no end"] += 1
        else:
            record_id = f"{int(start[6:]) + YEARS_MOVED}{start[3:5]}{start[:2]}-{event}"
            sessions.append(Session(minute_of(start, start_time), record_id, minute_of(end, end_time), user,
                                    wh_of(kwh)))
    assert len({session.record_id for session in sessions}) == len(sessions)
    return sessions, refused


def class_of(wh: int) -> str:
    if wh < 0:
        return "negative"
    if wh == 0:
        return "zero"
    return "in_range" if wh <= 120_000 else "above"


def intake_failure(session: Session) -> str:
    """The outcome of the first rule that fails, or nothing."""
    minutes = session.end_minute - session.start_minute
    failed = (class_of(session.wh) != "in_range", minutes < 0, minutes < 1, minutes > 48 * 60,
              session.wh * 60 > 350_000 * minutes)
    return next((name for name, fails in zip(OUTCOMES, failed) if fails), "")


def outcomes_of_person(sessions: list[Session]) -> list[tuple[Session, str]]:
    outcomes = []
    accepted_until = 0
    accepted_on: collections.Counter[str] = collections.Counter()
    for session in sorted(sessions):
        outcome, day = "accepted", session.record_id[:8]
        if session.start_minute < accepted_until:
            outcome = "overlap"
        elif accepted_on[day] >= SESSIONS_DAY_MAX:
            outcome = "cap_day"
        else:
            accepted_until = session.end_minute
            accepted_on[day] += 1
        outcomes.append((session, outcome))
    return outcomes


def decide(sessions: list[Session]) -> list[tuple[Session, str]]:
    decided = [(session, failure) for session in sessions if (failure := intake_failure(session))]
    passed: dict[str, list[Session]] = collections.defaultdict(list)
    for session in sessions:
        if not intake_failure(session):
            passed[session.user].append(session)
    for of_person in passed.values():
        decided += outcomes_of_person(of_person)
    return decided


def tabulate(sessions: list[Session], refused: dict[str, int]) -> dict[str, object]:
    months: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    outcomes: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for session, outcome in decide(sessions):
        month = f"{session.record_id[:4]}-{session.record_id[4:6]}"
        outcomes[month][outcome] += 1
        counts = months[month]
        counts["records"] += 1
        counts[class_of(session.wh)] += 1
        if class_of(session.wh) == "in_range":
            counts["wh_in_range"] += session.wh
        if outcome == "accepted":
            counts["wh_accepted"] += session.wh
            counts["reduction_mg"] += session.wh * MG_OF_WH.numerator // MG_OF_WH.denominator
    total = {name: sum(counts[name] for counts in months.values()) for name in NUMBERS}
    return {
        "rows": len(sessions) + sum(refused.values()),
        "refused": refused,
        "users": len({session.user for session in sessions}),
        "months": {month: {name: counts[name] for name in NUMBERS}
                   | {"outcomes": {name: outcomes[month][name] for name in OUTCOMES}}
                   for month, counts in months.items()},
        "total": total | {"outcomes": {name: sum(of[name] for of in outcomes.values()) for name in OUTCOMES}},
    }


def main(arguments: list[str]) -> int:
    files = sorted(pathlib.Path(arguments[0]).glob("charging-sessions-dundee-*.csv.gz")) if len(arguments) == 1 else []
    if len(files) != 1:
        print("usage: expected.py RAW_FOLDER   (the folder of charging-sessions-dundee-*.csv.gz)", file=sys.stderr)
        return 2
    print(json.dumps(tabulate(*read_sessions(files[0])), sort_keys=True, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
