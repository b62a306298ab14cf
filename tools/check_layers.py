#!/usr/bin/env python3
"""Includes point down only: tools/layers.txt says what each folder under src may include."""
from pathlib import PurePosixPath

import house


def is_find_header(parts):
    return len(parts) == 4 and parts[2] == "shell" and parts[3].startswith("find_") and parts[3].endswith(".h")


def may_include(layers, source, target):
    """source, target: parts of paths under src, file name last."""
    here, there = layers.layer_of(source[:-1]), layers.layer_of(target[:-1])
    same_place = "*" not in here or source[:2] == target[:2]
    if here == there and same_place:
        return True
    allowed = layers.allowed[here]
    if source[0] == "rooms" and target[0] == "rooms" and here != there and same_place:
        return there == "rooms/*" and "own_room" in allowed
    return there in allowed or ("find_headers" in allowed and is_find_header(target))


def explain(layers, source, target):
    here = layers.layer_of(source[:-1])
    words = " ".join(layers.allowed[here]) or "nothing else"
    return f"{'/'.join(source[:-1])} may not include {'/'.join(target)} (allowed: itself, {words})"


def check_outside(layers, path, parts, line, header, report):
    for prefix, folders in layers.outside.items():
        if header.startswith(prefix) and layers.layer_of(parts[:-1]) not in folders:
            report.add(path, line, f"<{header}> may be included only in: {' '.join(folders)}")


def check_file(layers, sources, path, report):
    parts = path.relative_to(sources).parts
    if layers.layer_of(parts[:-1]) is None:
        report.add(path, 1, f"folder {'/'.join(parts[:-1]) or 'src'} is not listed in tools/layers.txt")
        return
    for line, mark, header in house.includes_of(path):
        if mark == "<" and not (sources / header).is_file():
            check_outside(layers, path, parts, line, header, report)
            continue
        target = PurePosixPath(header).parts
        if ".." in target or not (sources / header).is_file():
            report.add(path, line, f'"{header}" is no file under src (write the path from src on)')
        elif layers.layer_of(target[:-1]) is not None and not may_include(layers, parts, target):
            report.add(path, line, explain(layers, parts, target))


def check(root, report):
    table = root / "tools/layers.txt"
    layers = house.Layers(table)
    for line, message in layers.errors:
        report.add(table, line, message)
    if layers.errors:
        return
    for path in house.files_under(root, ["src"], house.CPP):
        check_file(layers, root / "src", path, report)


if __name__ == "__main__":
    house.run(check, "layers")
