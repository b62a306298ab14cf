"""What the converters beside this file share: writing whole files, and what a run says and ends with."""
import contextlib
import csv
import gzip
import io
import pathlib
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator

CONSENT_COLUMNS = ("scenario", "subject", "person", "from_at", "until_at", "text_version")


class BadInput(Exception):
    """The arguments, or the folder they name, cannot be used."""


@contextlib.contextmanager
def whole_file(path: pathlib.Path) -> Iterator[io.TextIOWrapper]:
    """Writes under a temporary name and renames at the end: a reader never meets half a file."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as raw:
        # No name and no time in the gzip header: the same records give the same bytes.
        binary = gzip.GzipFile("", "wb", 9, raw, mtime=0) if path.suffix == ".gz" else raw
        with io.TextIOWrapper(binary, encoding="utf-8", newline="") as text:
            yield text
    partial.replace(path)


def write_table(path: pathlib.Path, rows: Iterable[tuple[str | int, ...]]) -> None:
    with whole_file(path) as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def run(arguments: list[str], convert: Callable[[pathlib.Path, pathlib.Path], None],
        check_raw: Callable[[pathlib.Path], None] = lambda folder: None) -> int:
    """`convert.py RAW_FOLDER OUT_FOLDER`. Exit: 0 done, 1 a file could not be read or written, 2 bad arguments."""
    try:
        if len(arguments) != 2:
            raise BadInput("usage: convert.py RAW_FOLDER OUT_FOLDER")
        raw_folder, out_folder = map(pathlib.Path, arguments)
        check_raw(raw_folder)
        if out_folder.exists() and not out_folder.is_dir():
            raise BadInput(f"OUT_FOLDER is not a folder: {out_folder}")
        convert(raw_folder, out_folder)
    except BadInput as problem:
        print(f"convert.py: {problem}", file=sys.stderr)
        return 2
    except (OSError, EOFError, zlib.error, csv.Error) as problem:
        print(f"convert.py: a file could not be read or written: {problem}", file=sys.stderr)
        return 1
    return 0
