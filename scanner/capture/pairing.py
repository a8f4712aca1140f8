"""Which files are the two sides of one sheet: by their names, or by a list that says so.

Pure: names in, groups out. Every name given comes out exactly once, as part of a sheet or as a
line that says why it was left out.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from scanner.errors import InputError

IMAGES = frozenset(
    {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".pdf", ".bmp", ".webp", ".pnm", ".pgm", ".ppm", ".pbm"}
)
# What else lies in such folders and is never a ballot. Anything not listed here or above goes on record.
_PAPERWORK = frozenset(
    {".csv", ".db", ".html", ".ini", ".json", ".jsonl", ".log", ".md", ".sha256", ".toml", ".txt", ".xml"}
    | {".yaml", ".yml"}
)
_COLUMNS = ("sheet", "front", "back")


@dataclass(frozen=True, slots=True)
class Group:
    """Files that belong to one sheet; a lone file with many pages holds many sheets.

    `problem` is the end of a sentence that begins with the file's name: why these files cannot
    count as images.
    """

    name: str
    files: tuple[str, ...]
    problem: str | None = None
    notes: tuple[str, ...] = ()


def natural(name: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """Sort key by which page2 comes before page10, whatever the case; equal only for equal names."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return tuple((0, int(one), "") if one.isdecimal() else (1, 0, one) for one in parts if one), name


def is_paperwork(name: str) -> bool:
    """True for files that are never ballots: hidden ones, lists, logs."""
    path = PurePath(name)
    return path.name.startswith(".") or path.suffix.casefold() in _PAPERWORK


def by_name(names: Iterable[str]) -> tuple[Group, ...]:
    """Pairs `NAMEF.ext` with `NAMEB.ext`; any other image stands alone.

    Files of no known image kind become groups with a problem, never nothing.
    """
    sheets: dict[str, list[str]] = {}
    for name in sorted(names, key=natural):
        path = PurePath(name)
        faced = is_side(name)
        pair = str(path.with_name(path.stem[:-1])).casefold() if faced else f"//{name}"  # no path begins so
        sheets.setdefault(pair, []).append(name)
    return tuple(_grouped(files) for files in sheets.values())


def by_manifest(text: str, names: Sequence[str]) -> tuple[Group, ...]:
    """Groups as `manifest.csv` lists them (`sheet,front,back`), then the files it does not name.

    InputError names the line of the first fault: a missing column, a sheet without a name, a sheet
    or a file listed twice.
    """
    rows = csv.reader(text.splitlines(), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    try:
        places = _columns(next(rows, []))
        listed = tuple(_listed(rows, places))
    except csv.Error as error:
        raise InputError(f"manifest.csv line {rows.line_num}: {error}.") from error
    used = {one for group in listed for one in group.files}
    unlisted = (Group(one, (one,), "is not listed in manifest.csv") for one in names if one not in used)
    return (*listed, *unlisted)


def _grouped(files: list[str]) -> Group:
    path = PurePath(files[0])
    if len(files) > 1:
        ordered = sorted(files, key=lambda one: (PurePath(one).stem[-1] not in "Ff", natural(one)))
        name = str(path.with_name(path.stem[:-1]))
        return Group(name, tuple(ordered), notes=_face_notes(name, ordered))
    if path.suffix.casefold() not in IMAGES:
        return Group(files[0], (files[0],), "is not named as an image (.jpg, .png, .tif, .pdf)")
    return Group(str(path.with_suffix("")), (files[0],))


def is_side(name: str) -> bool:
    """True if the name says that this file is one side of a sheet, so that another must be there."""
    path = PurePath(name)
    return path.suffix.casefold() in IMAGES and len(path.stem) > 1 and path.stem[-1] in "FBfb"


def _face_notes(name: str, files: list[str]) -> tuple[str, ...]:
    faces = [PurePath(one).stem[-1].upper() for one in files]
    if len(set(faces)) == 1:
        return (f"Sheet {name}: all its {len(files)} files are named {faces[0]}, none is the other side.",)
    return ()


def _columns(header: list[str]) -> tuple[int, ...]:
    names = [one.strip().casefold() for one in header]
    missing = [one for one in _COLUMNS if one not in names]
    if missing:
        raise InputError(
            f"manifest.csv line 1: the column {missing[0]!r} is missing; write sheet,front,back."
        )
    return tuple(names.index(one) for one in _COLUMNS)


def _listed(rows: Iterable[list[str]], places: tuple[int, ...]) -> Iterator[Group]:
    seen: set[str] = set()
    for line, row in enumerate(rows, 2):
        if not any(one.strip() for one in row):
            continue
        sheet, *files = (row[place].strip() if place < len(row) else "" for place in places)
        files = [one for one in files if one]
        if not sheet or not files:
            raise InputError(f"manifest.csv line {line}: a sheet needs a name and at least one file.")
        for one in (f"sheet {sheet}", *files):
            if one in seen:
                raise InputError(f"manifest.csv line {line}: {one} is listed twice.")
            seen.add(one)
        yield Group(sheet, tuple(files))
