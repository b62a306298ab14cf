"""What the house checks share: which files there are, C++ without its comments and strings, and how to report.

Every check is a program `check_<what>.py [ROOT]`: it prints `file:line: what is wrong` for each breach and ends with 1
when there was any. ROOT is the repository by default; the tests hand in small planted ones."""
import re
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
NOT_OURS = {"build", "node_modules", "dist", "var", ".git", "__pycache__"}
CPP = {".h", ".cc", ".cpp"}


def files_under(root, folders, suffixes=None):
    """Sorted paths of our files in some folders of root ("." is all of it); what is built or fetched is left out."""
    found = set()
    for folder in folders:
        for path in (root / folder).rglob("*"):
            ours = not NOT_OURS.intersection(path.relative_to(root).parts)
            if ours and path.is_file() and (suffixes is None or path.suffix in suffixes):
                found.add(path)
    return sorted(found)


def lines_of(path):
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


TOKEN = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)'
    r'|(?P<raw>R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)")'
    r"|(?P<string>\"(?:\\.|[^\"\\\n])*\")"
    r"|(?P<digits>\b\d[\d']*)"  # before characters, so that 86'400 opens no quote
    r"|(?P<character>'(?:\\.|[^'\\\n])+')", re.S)


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def code_only(text):
    """C++ with comments, strings and characters blanked out; line and column numbers stay."""
    return TOKEN.sub(lambda found: found.group() if found.lastgroup == "digits" else blank(found.group()), text)


def comments_only(text):
    """The counterpart: C++ with everything but its comments blanked out."""
    kept = [" " if c != "\n" else c for c in text]
    for found in TOKEN.finditer(text):
        if found.lastgroup == "comment":
            kept[found.start():found.end()] = found.group()
    return "".join(kept)


INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def includes_of(path):
    """(line, '"' or '<', header) of each include."""
    for number, line in enumerate(lines_of(path), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found.group(1), found.group(2)


class Report:
    def __init__(self, root):
        self.root = root
        self.breaches = []

    def add(self, path, line, message):
        self.breaches.append((path.relative_to(self.root).as_posix(), line, message))

    def finish(self, what):
        for name, line, message in sorted(self.breaches):
            print(f"{name}:{line}: {message}")
        print(f"{what}: {len(self.breaches)} breaches" if self.breaches else f"{what}: ok")
        return 1 if self.breaches else 0


def run(check, what):
    """`check(root, report)` over the root of the command line."""
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else REPOSITORY
    report = Report(root)
    check(root, report)
    sys.exit(report.finish(what))


class Layers:
    """layers.txt. A folder is looked up by the pattern that fits most of its path: rooms/mall/shell before rooms/mall."""

    SPECIAL = {"own_room", "find_headers", "all_above"}

    def __init__(self, path):
        self.allowed, self.pure, self.outside, self.errors = {}, [], {}, []
        for number, line in enumerate(lines_of(path), 1):
            line = line.split("#")[0].strip()
            if line:
                self.read(number, line)

    def read(self, number, line):
        name, colon, rest = line.partition(":")
        words = rest.split()
        if not colon:
            self.errors.append((number, f"`{line}` is not `FOLDER: FOLDER...`"))
        elif name.startswith("<"):
            self.outside[name[1:]] = words
        elif name == "pure":
            self.pure = words
        else:
            unknown = [w for w in words if w not in self.allowed and w not in self.SPECIAL]
            if unknown:
                self.errors.append((number, f"{name} names {', '.join(unknown)}, which must be listed above it"))
            self.allowed[name] = list(self.allowed) if words == ["all_above"] else words

    @staticmethod
    def fits(pattern, parts):
        wanted = pattern.split("/")
        return len(wanted) <= len(parts) and all(w in ("*", p) for w, p in zip(wanted, parts))

    def layer_of(self, parts):
        """The listed pattern for a folder under src, given as its parts, or None."""
        fitting = [name for name in self.allowed if self.fits(name, parts)]
        return max(fitting, key=lambda name: name.count("/"), default=None)
