#!/usr/bin/env python3
"""What the platform must arrive at for the Shenzhen Tong taps, counted from the raw file by other means.

    expected.py RAW_FOLDER > expected.json        (RAW_FOLDER: ../shared/data/transit-shenzhentong-2018-09-01)

Shares no code with the partner's converter or the platform: it writes the metro taps of a card as a word of `i` (in)
and `o` (out) in order of time and looks for `io`. All numbers are whole.

  sz-metro  a record for each `io` at most 14,400 s apart; of these
              `check_failed.duration_too_short`  less than 300 s apart
              `cap_day`   after twelve accepted ones of the card; all taps are of one day, pairs cannot overlap
              `accepted`  the others: 515.5 g a trip, that is 515,500 mg, and never above 6,186,000 mg a card and day
  sz-bus    a record for each tap; `same_id` are those that repeat card and second of another one,
            `within_5_minutes` those at most 300 s after the card's bus tap before
  refused   `exit without entry`: `o` not after `i`; `entry followed by another entry`: `i` before `i`;
            `entry without exit`: `i` at the end; `entry and exit more than 4 h apart`: both rows of a long `io`
"""
import collections
import gzip
import json
import pathlib
import sys

TRIP_MG = 515_500
TRIPS_DAY_MAX = 12
DAY_MG_MAX = 6_186_000
LETTERS = {"地铁入站": "i", "地铁出站": "o", "巴士": "b"}


def second_of_day(text: str) -> int:
    assert text.startswith("2018-09-01 ") and len(text) == 19, text
    return int(text[11:13]) * 3_600 + int(text[14:16]) * 60 + int(text[17:19])


def read_cards(raw_folder: pathlib.Path) -> dict[str, list[tuple[int, int, str]]]:
    """Of each card: second, row number, letter; in order."""
    cards: dict[str, list[tuple[int, int, str]]] = collections.defaultdict(list)
    text = gzip.decompress((raw_folder / "14_14.csv.gz").read_bytes()).decode("utf-8")
    for number, line in enumerate(text.splitlines()[1:]):
        card, time, kind = line.split(",")[:3]
        cards[card].append((second_of_day(time), number, LETTERS[kind]))
    return {card: sorted(taps) for card, taps in cards.items()}


def metro(cards: dict[str, list[tuple[int, int, str]]], refused: collections.Counter[str]) -> dict[str, object]:
    outcomes = collections.Counter({"check_failed.duration_too_short": 0, "cap_day": 0, "accepted": 0})
    persons = reduction_mg = 0
    for taps in cards.values():
        word = "".join(letter for _, _, letter in taps if letter != "b")
        seconds = [second for second, _, letter in taps if letter != "b"]
        gaps = [seconds[at + 1] - seconds[at] for at in range(len(word)) if word.startswith("io", at)]
        rides = [gap for gap in gaps if gap <= 14_400]
        long_enough = sum(gap >= 300 for gap in rides)
        accepted = min(long_enough, TRIPS_DAY_MAX)
        persons += bool(rides)
        outcomes["check_failed.duration_too_short"] += len(rides) - long_enough
        outcomes["cap_day"] += long_enough - accepted
        outcomes["accepted"] += accepted
        reduction_mg += min(accepted * TRIP_MG, DAY_MG_MAX)
        refused["entry and exit more than 4 h apart"] += 2 * (len(gaps) - len(rides))
        refused["exit without entry"] += word.count("o") - len(gaps)
        refused["entry without exit"] += word.endswith("i")
        refused["entry followed by another entry"] += word.count("i") - len(gaps) - word.endswith("i")
    return {"records": sum(outcomes.values()), "persons": persons, "outcomes": outcomes, "reduction_mg": reduction_mg}


def bus(cards: dict[str, list[tuple[int, int, str]]]) -> dict[str, int]:
    counts = collections.Counter({"records": 0, "persons": 0, "same_id": 0, "within_5_minutes": 0})
    for taps in cards.values():
        seconds = [second for second, _, letter in taps if letter == "b"]
        gaps = [later - earlier for earlier, later in zip(seconds, seconds[1:])]
        counts["records"] += len(seconds)
        counts["persons"] += bool(seconds)
        counts["same_id"] += gaps.count(0)
        counts["within_5_minutes"] += sum(gap <= 300 for gap in gaps)
    return dict(counts)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not pathlib.Path(arguments[0], "14_14.csv.gz").is_file():
        print("usage: expected.py RAW_FOLDER   (the folder of 14_14.csv.gz)", file=sys.stderr)
        return 2
    cards = read_cards(pathlib.Path(arguments[0]))
    refused: collections.Counter[str] = collections.Counter()
    of_metro = metro(cards, refused)
    print(json.dumps({
        "rows": sum(map(len, cards.values())),
        "cards": len(cards),
        "sz-metro": of_metro,
        "sz-bus": bus(cards),
        "refused": refused,
    }, sort_keys=True, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
