#!/usr/bin/env python3
"""Writes what `tanpuhui bench --json` measured into bench/README.md, between its markers, and draws the charts in docs/.

    bench_report.py              from the runs kept in bench/runs/*.json
    bench_report.py --check      exit code 1 when the files are not what these runs give

One JSON file an engine; its name does not matter. The charts are plain SVG that suits light and dark pages."""
import json
import math
import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS, README = "bench/runs", "bench/README.md"
GOALS_CHART, GROWTH_CHART = "docs/bench-goals.svg", "docs/bench-growth.svg"
BEGIN, END = "<!-- figures: begin, written by tools/bench_report.py -->", "<!-- figures: end -->"
NONE = "–"


# ---- runs

class Run:
    def __init__(self, path):
        text = json.loads(path.read_text(encoding="utf-8"))
        self.machine, self.run = text["machine"], text["run"]
        self.cases = {case["name"]: case for case in text["cases"]}
        self.engine = self.run["engine"].split(" (")[0]
        self.label = self.engine + ("" if self.run["scale"] == "full" else f", {self.run['scale']} data: judges nothing")

    def figures(self, case):
        return self.cases.get(case, {"figures": []})["figures"]


def load_runs(root):
    runs = [Run(path) for path in sorted((root / RUNS).glob("*.json"))]
    return sorted(runs, key=lambda run: run.engine, reverse=True)  # SQLite first


def in_order(lists):
    """Every item once, in the order in which the lists have them."""
    found = []
    for items in lists:
        found += [item for item in items if item not in found]
    return found


def shown(value):
    if value >= 1000:
        return f"{round(value):,}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def goal_of(figure):
    """(sign, bound) or None."""
    goal = figure.get("goal", {})
    if "at_least" in goal:
        return "≥", goal["at_least"]
    return ("≤", goal["at_most"]) if "at_most" in goal else None


def series(run, case):
    """Figures that were measured as rows grew: name -> [(rows, value)]."""
    found = {}
    for figure in run.figures(case):
        if "rows" in figure and "goal" not in figure:
            found.setdefault(figure["name"], []).append((figure["rows"], figure["value"]))
    return found


# ---- tables

def table(rows):
    head, *rest = rows
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rest])


def cell(figure):
    if figure is None:
        return NONE
    text = shown(figure["value"])
    return f"**{text}** (missed)" if figure.get("missed") else text


def goal_cell(figures):
    goals = [goal_of(figure) if figure else None for figure in figures]
    if not any(goals):
        return ""
    texts = [f"{goal[0]} {goal[1]:g}" if goal else NONE for goal in goals]
    return texts[0] if len(set(texts)) == 1 else " · ".join(texts)


def some_of(points):
    """Of a long series the first two, the middle and the last."""
    wanted = range(len(points)) if len(points) <= 3 else sorted({0, 1, len(points) // 2 - 1, len(points) - 1})
    return [points[i] for i in wanted]


def case_table(runs, case):
    rows = [["", *(run.engine for run in runs), "goal"]]
    plain = [{figure["name"]: figure for figure in run.figures(case) if "rows" not in figure or "goal" in figure}
             for run in runs]
    for name in in_order(plain):
        figures = [figures.get(name) for figures in plain]
        unit = next(figure["unit"] for figure in figures if figure)
        label = name if unit == "ratio" else f"{name}, {unit}"
        rows.append([label, *(cell(figure) for figure in figures), goal_cell(figures)])
    grown = [series(run, case) for run in runs]
    for name in in_order(grown):
        points = [dict(lines.get(name, [])) for lines in grown]
        for count, _ in some_of([(rows_, 0) for rows_ in sorted(set().union(*points))]):
            values = [shown(line[count]) if count in line else NONE for line in points]
            rows.append([f"{name}: {count:,}", *values, ""])
    return table(rows)


def case_text(runs, case):
    first = next(run.cases[case] for run in runs if case in run.cases)
    notes = in_order(run.cases[case]["notes"] for run in runs if case in run.cases)
    lines = [f"### {case}", "", first["title"][0].upper() + first["title"][1:] + ".", "", case_table(runs, case), ""]
    return "\n".join(lines + ([" · ".join(notes) + ".", ""] if notes else []))


def machine_text(runs):
    names = in_order([*run.machine, *run.run] for run in runs)
    rows = [["", *(run.engine for run in runs)]]
    rows += [[name, *({**run.machine, **run.run}.get(name, NONE) for run in runs)] for name in names if name != "engine"]
    busy = [run.engine for run in runs if float(run.machine["load before"]) >= float(run.machine["cores"]) / 2]
    warning = f"\nOthers used the machine beside the run on {' and '.join(busy)}: its rates, and what grows over the " \
              "minutes of the run, are disturbed.\n" if busy else ""
    return "### The machine and the run\n\n" + table(rows) + "\n" + warning


def tables_text(runs):
    cases = in_order(run.cases for run in runs)
    return "\n".join([machine_text(runs), *(case_text(runs, case) for case in cases)])


# ---- charts

STYLE = """<style>
  .page { fill: #ffffff } .text { fill: #1f2933 } .soft { fill: #52606d } .grid { stroke: #d9e0e6 }
  .goal { stroke: #1f2933 } .one { fill: #1f7a5c; stroke: #1f7a5c } .two { fill: #2f5fb3; stroke: #2f5fb3 }
  .three { fill: #b3541e; stroke: #b3541e } .four { fill: #7b4fa3; stroke: #7b4fa3 }
  .five { fill: #7a8691; stroke: #7a8691 }
  text { font: 13px system-ui, "Noto Sans", "DejaVu Sans", sans-serif; stroke: none }
  .title { font-size: 16px; font-weight: 600 } .small { font-size: 12px } .line { fill: none; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #12181f } .text { fill: #e6ebf0 } .soft { fill: #a7b3bf } .grid { stroke: #313b46 }
    .goal { stroke: #e6ebf0 } .one { fill: #4fc39a; stroke: #4fc39a } .two { fill: #7fa8f0; stroke: #7fa8f0 }
    .three { fill: #f0935a; stroke: #f0935a } .four { fill: #c39be6; stroke: #c39be6 }
    .five { fill: #c9d1d8; stroke: #c9d1d8 }
    .line { fill: none }
  }
</style>"""
COLOURS = ["one", "two", "three", "four", "five"]


class Drawing:
    def __init__(self, width, height, title):
        self.parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
                      f'height="{height}" role="img" aria-label="{escape(title)}">', STYLE,
                      f'<rect class="page" width="{width}" height="{height}" rx="6"/>']
        self.text(24, 32, title, "text title")

    def text(self, x, y, text, kind="text", anchor="start"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>')

    def line(self, x1, y1, x2, y2, kind, width=1):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}" '
                          f'stroke-width="{width}"/>')

    def bar(self, x, y, width, height, kind):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" class="{kind}"/>')

    def path(self, points, kind):
        self.parts.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" class="{kind} line"/>')
        self.parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" class="{kind}"/>' for x, y in points]

    def svg(self):
        return "\n".join(self.parts + ["</svg>", ""])


def beyond(figure):
    """1 where the goal is just met, 2 where it is met twice over."""
    sign, bound = goal_of(figure)
    return figure["value"] / bound if sign == "≥" else bound / max(figure["value"], 1e-9)


def goals_chart(runs):
    names = [(case, name) for case in in_order(run.cases for run in runs)
             for name in in_order([f["name"] for f in run.figures(case) if goal_of(f)] for run in runs)]
    left, right, top, row = 400, 90, 92, 18 * len(runs) + 12
    width, height = 960, top + row * len(names) + 40
    drawing = Drawing(width, height, "Each goal: how many times over it is met (left of the line: missed)")
    for i, run in enumerate(runs):
        drawing.bar(24 + i * 320, 48, 12, 12, COLOURS[i])
        drawing.text(42 + i * 320, 59, run.label)
    figures = [{(case, figure["name"]): figure for case in run.cases for figure in run.figures(case)} for run in runs]
    values = [beyond(found[name]) for found in figures for name in names if name in found and goal_of(found[name])]
    low, high = min(0.5, *values), max(2, *values)

    def at(value):
        return left + (width - left - right) * math.log(value / low) / math.log(high / low)

    for power in range(math.ceil(math.log2(low)), math.floor(math.log2(high)) + 1):
        drawing.line(at(2.0 ** power), top - 8, at(2.0 ** power), height - 40, "grid")
        drawing.text(at(2.0 ** power), height - 22, f"{2.0 ** power:g}×", "soft small", "middle")
    drawing.line(at(1), top - 8, at(1), height - 40, "goal", 2)
    drawing.text(at(1), top - 14, "goal", "text small", "middle")
    for n, name in enumerate(names):
        y = top + n * row
        label = f"{name[0]}: {name[1]}".replace(", ten times the entries / at first", ", 10×/1×")
        drawing.text(left - 12, y + 9 * len(runs) + 3, label, "text small", "end")
        for i, found in enumerate(figures):
            figure = found.get(name)
            if figure is None or not goal_of(figure):
                continue
            x = at(beyond(figure))
            drawing.bar(min(at(1), x), y + 18 * i, abs(x - at(1)), 13, COLOURS[i])
            sign, bound = goal_of(figure)
            text = f"{shown(figure['value'])} ({sign} {bound:g})"
            drawing.text(max(x, at(1)) + 6, y + 18 * i + 11, text, "soft small")
    return drawing.svg()


def growth_lines(run):
    """label -> [(times the rows, rate of the first rate)], the raw limits left out."""
    lines = {}
    for case in run.cases:
        for name, points in series(run, case).items():
            if name.startswith(("raw", "written")) or len(points) < 3:
                continue
            first_rows, first = points[0]
            lines[f"{case}: {name}"] = [(rows / first_rows, value / first) for rows, value in points]
    return lines


def growth_chart(runs):
    width, panel, top = 960, 250, 70
    names = in_order(growth_lines(run) for run in runs)
    height = top + (panel + 40) * len(runs) + 24 * ((len(names) + 1) // 2) + 16
    drawing = Drawing(width, height, "Growth: rate as rows grow to twenty times, the first measure being 1")
    left, right = 60, width - 40
    for r, run in enumerate(runs):
        begin, lines = top + r * (panel + 40), growth_lines(run)
        highest = max([1.2] + [value for points in lines.values() for _, value in points])

        def place(times, value, begin=begin, highest=highest):
            return left + (right - left) * (times - 1) / 20.5, begin + panel - (panel - 20) * value / highest

        drawing.text(left, begin + 4, run.label)
        for value in [0, 0.5, 0.7, 1] + ([1.5] if highest >= 1.5 else []):
            _, y = place(1, value)
            drawing.line(left, y, right, y, "goal" if value == 1 else "grid")
            drawing.text(left - 8, y + 4, f"{value:g}", "soft small", "end")
        for times in (1, 5, 10, 15, 20):
            x, _ = place(times, 0)
            drawing.text(x, begin + panel + 18, f"{times}× rows", "soft small", "middle")
        for i, name in enumerate(names):
            if name in lines:
                drawing.path([place(*point) for point in lines[name]], COLOURS[i % len(COLOURS)])
    for i, name in enumerate(names):
        x, y = left + (i % 2) * 440, top + (panel + 40) * len(runs) + 24 * (i // 2) + 8
        drawing.bar(x, y - 10, 12, 12, COLOURS[i % len(COLOURS)])
        drawing.text(x + 18, y + 1, name, "text small")
    return drawing.svg()


# ---- files

def contents(root):
    """Path -> text, as the kept runs give them."""
    runs = load_runs(root)
    if not runs:
        raise SystemExit(f"{RUNS}/ holds no run: tanpuhui bench --json {RUNS}/sqlite.json")
    readme = (root / README).read_text(encoding="utf-8")
    before, rest = readme.split(BEGIN)
    _, after = rest.split(END)
    return {README: before + BEGIN + "\n\n" + tables_text(runs) + "\n" + END + after,
            GOALS_CHART: goals_chart(runs), GROWTH_CHART: growth_chart(runs)}


def main(root=ROOT):
    check = "--check" in sys.argv[1:]
    different = [path for path, text in contents(root).items()
                 if not (root / path).exists() or (root / path).read_text(encoding="utf-8") != text]
    if check:
        for path in different:
            print(f"{path}: is not what {RUNS} gives; run tools/bench_report.py")
        return 1 if different else 0
    for path, text in contents(root).items():
        (root / path).write_text(text, encoding="utf-8")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
