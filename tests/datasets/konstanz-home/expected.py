#!/usr/bin/env python3
"""What the platform must arrive at for the house in Konstanz, counted from the raw readings by other means.

    expected.py RAW_FOLDER > expected.json        (RAW_FOLDER: ../shared/data/home-pv-ev-konstanz-r4)

Shares no code with the partner's converter or the platform; fractions are exact. It makes the local time itself, from
the UTC column and the summer time rule of the European Union.

  days       local days with at least one row; each is tried once for either meter
  refused    by the converter, the first that applies, the day's own midnight before the next one:
             `no row` at that midnight, `empty reading` in its row; every other day is a record
  check_failed.reading_interpolated
             records with a filled reading: the column is named in `interpolated_values` of either row
  closed     all other records, those with two measured readings. Only these count below. (No reading is lower than the
             one before, and no day gives more than 1 MW; the script would stop.)
  wh         sum over the closed days of (reading until - reading from), in Wh
  grid       Jiangsu's mean, by the calendar year of the moved day (3,288 days later), of the data year whose notice was
             out: 2024 0.6451 (2021), 2025 0.5978 (2022), 2026 0.5827 (2023) kgCO2/kWh

  konstanz-pv     each closed day of meter `pv` is `accepted`: mg = floor(kWh x grid)
  konstanz-home   a closed day D of meter `import` is `accepted` if all seven calendar days D-7 .. D-1 are closed too,
                  else `reference_missing`. With S the sum of the kWh of those seven days:
                  mg = floor(max(0, S / 7 - kWh of D) x grid)
                  The seven days are the own use as metered, whether or not they had seven days before or a reduction
                  themselves. `saving_days` are the accepted days with more than 0 mg.
"""
import csv
import datetime
import gzip
import json
import pathlib
import sys
from fractions import Fraction

FILE_NAME = "household_data_60min_singleindex.csv.gz"
METERS = {"import": "grid_import", "pv": "pv"}
REASONS = ("empty reading", "no row")
DAY = datetime.timedelta(days=1)
MOVED_BY = 3_288 * DAY
KG_OF_KWH = {2024: Fraction("0.6451"), 2025: Fraction("0.5978"), 2026: Fraction("0.5827")}
INTERPOLATED = "check_failed.reading_interpolated"

Cells = dict[str, str]


def last_sunday_0100(year: int, month: int) -> datetime.datetime:
    """Of March or October, which have 31 days."""
    last = datetime.datetime(year, month, 31, 1)
    return last - DAY * ((last.weekday() + 1) % 7)


def local(utc: datetime.datetime) -> datetime.datetime:
    summer = last_sunday_0100(utc.year, 3) <= utc < last_sunday_0100(utc.year, 10)
    return utc + datetime.timedelta(hours=2 if summer else 1)


def read_days(path: pathlib.Path) -> tuple[int, list[datetime.date], dict[datetime.date, Cells]]:
    """The number of rows, the local days, and the row at midnight of those that have one."""
    lines = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
    days: set[datetime.date] = set()
    midnights: dict[datetime.date, Cells] = {}
    for cells in csv.DictReader(lines):
        now = local(datetime.datetime.strptime(cells["utc_timestamp"], "%Y-%m-%dT%H:%M:%SZ"))
        days.add(now.date())
        if now.hour == 0:
            assert now.date() not in midnights
            midnights[now.date()] = cells
    return len(lines) - 1, sorted(days), midnights


def why_refused(cells: list[Cells | None], column: str) -> str:
    for at_midnight in cells:
        if at_midnight is None:
            return "no row"
        if not at_midnight[column]:
            return "empty reading"
    return ""


def wh_of(text: str) -> int:
    """`138.801` as 138,801; the raw file has exactly three decimals."""
    whole, decimals = text.split(".")
    assert len(decimals) == 3, text
    return int(whole + decimals)


def read_meter(days: list[datetime.date], midnights: dict[datetime.date, Cells],
               column: str) -> tuple[dict[str, object], dict[datetime.date, int]]:
    """The counts of one meter, and the Wh of its closed days."""
    refused = dict.fromkeys(REASONS, 0)
    interpolated = 0
    closed: dict[datetime.date, int] = {}
    for day in days:
        cells = [midnights.get(day), midnights.get(day + DAY)]
        if reason := why_refused(cells, column):
            refused[reason] += 1
        elif any(column in at["interpolated_values"].split(" | ") for at in cells):
            interpolated += 1
        else:
            wh = wh_of(cells[1][column]) - wh_of(cells[0][column])
            assert 0 <= wh <= 24_000_000, day
            closed[day] = wh
    counts = {"records": interpolated + len(closed), "refused": refused, "interpolated": interpolated,
              "closed": len(closed), "wh": sum(closed.values())}
    return counts, closed


def milligrams(day: datetime.date, wh: Fraction) -> int:
    """Rounded down. A kilogram a kilowatt-hour is 1,000 milligrams a watt-hour."""
    return int(wh * KG_OF_KWH[(day + MOVED_BY).year] * 1_000)


def generation(counts: dict[str, object], closed: dict[datetime.date, int]) -> dict[str, object]:
    return {"records": counts["records"],
            "outcomes": {INTERPOLATED: counts["interpolated"], "accepted": len(closed)},
            "reduction_mg": sum(milligrams(day, Fraction(wh)) for day, wh in closed.items())}


def saving(counts: dict[str, object], closed: dict[datetime.date, int]) -> dict[str, object]:
    reductions_mg = []
    for day, wh in closed.items():
        before = [closed.get(day - DAY * back) for back in range(1, 8)]
        if None not in before:
            reductions_mg.append(milligrams(day, max(Fraction(0), Fraction(sum(before), 7) - wh)))
    return {"records": counts["records"],
            "outcomes": {INTERPOLATED: counts["interpolated"], "reference_missing": len(closed) - len(reductions_mg),
                         "accepted": len(reductions_mg)},
            "saving_days": sum(mg > 0 for mg in reductions_mg), "reduction_mg": sum(reductions_mg)}


def tabulate(path: pathlib.Path) -> dict[str, object]:
    rows, days, midnights = read_days(path)
    meters, closed = {}, {}
    for meter, column in METERS.items():
        meters[meter], closed[meter] = read_meter(days, midnights, "DE_KN_residential4_" + column)
    return {
        "rows": rows,
        "days": len(days),
        "records": sum(counts["records"] for counts in meters.values()),
        "refused": {reason: sum(counts["refused"][reason] for counts in meters.values()) for reason in REASONS},
        "meters": meters,
        "konstanz-pv": generation(meters["pv"], closed["pv"]),
        "konstanz-home": saving(meters["import"], closed["import"]),
    }


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not pathlib.Path(arguments[0], FILE_NAME).is_file():
        print(f"usage: expected.py RAW_FOLDER   (the folder of {FILE_NAME})", file=sys.stderr)
        return 2
    print(json.dumps(tabulate(pathlib.Path(arguments[0], FILE_NAME)), sort_keys=True, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
