#!/usr/bin/env python3
"""What the platform must arrive at for the charging sessions of Dundee, counted from the raw file by other means.

    expected.py RAW_FOLDER > expected.json        (RAW_FOLDER: ../shared/data/ev-dundee-2018q3)

Shares no code with the partner's converter or the platform, and uses whole numbers only.

  refused   by the converter, the first that applies: `no user`, `no end`; every other row is a record
  months    a session belongs to the month of its start day, seven years later (2,557 days: the same day and month)
  in_range  records with 0.001 <= kWh <= 120; the others are counted as `negative`, `zero` or `above`. Nothing else is
            judged: sessions of zero minutes, long sessions and overlaps of one user are in.
  wh        sum of the energy of the records in range, in Wh
  mg        of each record in range, rounded down:
                kWh x (7.3 / 14 L per kWh x 2.37 kgCO2/L - 0.5827 kgCO2/kWh)
            7.3 L/100 km of petrol against 14 kWh/100 km (illustration), petrol 2.37 kgCO2/L, Jiangsu's grid in 2023
            0.5827 kgCO2/kWh. (7.3 x 2.37 - 14 x 0.5827) / 14 = 9.1432 / 14 kg per kWh, which is 22,858 / 35 mg per Wh.
"""
import csv
import gzip
import json
import pathlib
import sys

YEARS_MOVED = 7
ENERGY_WH_MAX = 120_000
COUNTS = ("records", "negative", "zero", "above", "in_range", "wh", "reduction_mg")


def wh_of(text: str) -> int:
    """`7.08` as 7,080; the raw file has at most three decimals."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, _, decimals = digits.partition(".")
    assert len(decimals) <= 3, text
    return sign * (int(whole) * 1_000 + int((decimals + "000")[:3]))


def class_of(wh: int) -> str:
    if wh < 0:
        return "negative"
    if wh == 0:
        return "zero"
    return "in_range" if wh <= ENERGY_WH_MAX else "above"


def tabulate(path: pathlib.Path) -> dict[str, object]:
    refused = {"no end": 0, "no user": 0}
    months: dict[str, dict[str, int]] = {}
    users = set()
    rows = list(csv.reader(gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()))[1:]
    for _, user, _, _, start, _, end, end_time, kwh, *_ in rows:
        if not user:
            refused["no user"] += 1
            continue
        if not end or not end_time:
            refused["no end"] += 1
            continue
        users.add(user)
        _, month, year = start.split("/")
        counts = months.setdefault(f"{int(year) + YEARS_MOVED}-{month}", dict.fromkeys(COUNTS, 0))
        wh = wh_of(kwh)
        counts["records"] += 1
        counts[class_of(wh)] += 1
        if class_of(wh) == "in_range":
            counts["wh"] += wh
            counts["reduction_mg"] += wh * 22_858 // 35
    total = {name: sum(counts[name] for counts in months.values()) for name in COUNTS}
    return {"rows": len(rows), "refused": refused, "users": len(users), "months": months, "total": total}


def main(arguments: list[str]) -> int:
    files = sorted(pathlib.Path(arguments[0]).glob("charging-sessions-dundee-*.csv.gz")) if len(arguments) == 1 else []
    if len(files) != 1:
        print("usage: expected.py RAW_FOLDER   (the folder of charging-sessions-dundee-*.csv.gz)", file=sys.stderr)
        return 2
    print(json.dumps(tabulate(files[0]), sort_keys=True, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
