#!/usr/bin/env python3
"""What the platform must arrive at for the house in Konstanz, counted from the raw readings by other means.

    expected.py RAW_FOLDER > expected.json        (RAW_FOLDER: ../shared/data/home-pv-ev-konstanz-r4)

Shares no code with the partner's converter or the platform, and uses whole numbers only. It makes the local time
itself, from the UTC column and the summer time rule of the European Union.

  days       local days with at least one row; each is tried once for every meter
  refused    by the converter, the first that applies, the day's own midnight before the next one:
             `no row` at that midnight, `empty reading` in its row; every other day is a record
  closed     records with two measured readings: the column is not named in `interpolated_values` of either row. Only
             these count below. (No reading is lower than the one before; the script would stop.)
  wh         sum over the closed days of (reading until - reading from), in Wh

  konstanz-pv     each closed day of meter `pv`: mg = floor(Wh x 582.7); Jiangsu's grid in 2023: 0.5827 kgCO2/kWh
  konstanz-home   each closed day D of meter `import` for which all seven calendar days D-7 .. D-1 are closed too (a
                  `baseline_day`). With S the sum of the Wh of those seven days, the mean is the fraction S / 7:
                  mg = floor(max(0, S / 7 - Wh of D) x 582.7) = max(0, S - 7 x Wh of D) x 5,827 // 70
                  Closed days without the seven days before get no reduction (`no_baseline`). The seven days are the own
                  use as metered, also where those days brought a reduction or none themselves. `saving_days` are the
                  baseline days with more than 0 mg.
"""
import csv
import datetime
import gzip
import json
import pathlib
import sys

FILE_NAME = "household_data_60min_singleindex.csv.gz"
METERS = {"ev": "ev", "export": "grid_export", "heat-pump": "heat_pump", "import": "grid_import", "pv": "pv"}
REASONS = ("empty reading", "no row")
DAY = datetime.timedelta(days=1)

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
            assert wh >= 0, day
            closed[day] = wh
    counts = {"records": interpolated + len(closed), "refused": refused, "interpolated": interpolated,
              "closed": len(closed), "wh": sum(closed.values())}
    return counts, closed


def generation(closed: dict[datetime.date, int]) -> dict[str, int]:
    return {"closed": len(closed), "wh": sum(closed.values()),
            "reduction_mg": sum(wh * 5_827 // 10 for wh in closed.values())}


def saving(closed: dict[datetime.date, int]) -> dict[str, int]:
    reductions_mg = []
    for day, wh in closed.items():
        before = [closed.get(day - DAY * back) for back in range(1, 8)]
        if None not in before:
            reductions_mg.append(max(0, sum(before) - 7 * wh) * 5_827 // 70)
    return {"closed": len(closed), "wh": sum(closed.values()), "baseline_days": len(reductions_mg),
            "no_baseline": len(closed) - len(reductions_mg), "saving_days": sum(mg > 0 for mg in reductions_mg),
            "reduction_mg": sum(reductions_mg)}


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
        "konstanz-pv": generation(closed["pv"]),
        "konstanz-home": saving(closed["import"]),
    }


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not pathlib.Path(arguments[0], FILE_NAME).is_file():
        print(f"usage: expected.py RAW_FOLDER   (the folder of {FILE_NAME})", file=sys.stderr)
        return 2
    print(json.dumps(tabulate(pathlib.Path(arguments[0], FILE_NAME)), sort_keys=True, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
