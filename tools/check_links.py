#!/usr/bin/env python3
"""Relative links in Markdown lead to a file or folder of the repository, and `#heading` to a heading that exists."""
import re
from urllib.parse import unquote

import house

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\s*\[[^\]]+\]:\s+(\S+)")
OUTSIDE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.I)


def prose(path):
    """(line number, line) outside fenced blocks, inline code blanked."""
    fence = None
    for number, line in enumerate(house.lines_of(path), 1):
        mark = re.match(r"\s*(```+|~~~+)", line)
        if mark and fence is None:
            fence = mark.group(1)
        elif mark and mark.group(1).startswith(fence):
            fence = None
        elif fence is None:
            yield number, line


def anchors_of(path):
    """Headings as forges turn them into anchors: lower case, punctuation away, spaces to hyphens, repeats numbered."""
    seen = {}
    for _, line in prose(path):
        heading = re.match(r"#{1,6}\s+(.*?)\s*#*$", line)
        if heading:
            slug = re.sub(r"[^\w\- ]", "", heading.group(1).lower()).replace(" ", "-")
            count = seen.get(slug, 0)
            seen[slug] = count + 1
            yield f"{slug}-{count}" if count else slug


def problem_of(root, path, link):
    target, _, anchor = unquote(link).partition("#")
    if target.startswith("/"):
        return "is absolute; write it relative to this file"
    goal = (path.parent / target).resolve() if target else path
    if not goal.is_relative_to(root):
        return "leads out of the repository"
    if not goal.exists():
        return "leads nowhere"
    if anchor and goal.suffix == ".md" and anchor not in set(anchors_of(goal)):
        return "names a heading that does not exist"
    return None


def check(root, report):
    for path in house.files_under(root, ["."], {".md"}):
        for number, line in prose(path):
            for found in LINK.finditer(re.sub(r"`[^`]*`", "", line)):
                link = found.group(1) or found.group(2)
                problem = None if OUTSIDE.match(link) else problem_of(root, path, link)
                if problem:
                    report.add(path, number, f"link `{link}` {problem}")


if __name__ == "__main__":
    house.run(check, "links")
