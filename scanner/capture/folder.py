"""A folder of scanned images instead of a scanner.

Pairs `NAMEF.ext`/`NAMEB.ext`, multipage TIFF or PDF with two pages a sheet, or `manifest.csv`
(`sheet,front,back`). Nothing vanishes: what cannot be read becomes a sheet on record whose image
says why, and what is no ballot at all (a log, a list) is named in a line of its own.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scanner.ballot import PageImage
from scanner.capture.decode import inspect
from scanner.capture.events import Capabilities, End, Ended, Event, Fed, Noted, ScanSettings
from scanner.capture.files import printable, read_whole, why
from scanner.capture.limits import limits
from scanner.capture.pairing import Group, by_manifest, by_name, is_paperwork, natural
from scanner.errors import ImageError, InputError

_MANIFEST = "manifest.csv"


class FolderSource:
    """A folder of images, or one multipage file."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        if not self._path.exists():
            raise InputError(f"The folder {printable(path)} is not there.")

    def describe(self) -> Capabilities:
        """Its name; a folder can be fed again, so sheets already on record must be told from new ones."""
        return Capabilities(device=f"folder:{printable(str(self._path.absolute()))}", replayable=True)

    def start(self, settings: ScanSettings, first: int = 1) -> "FolderFeed":  # noqa: ARG002 - files have names
        """List the folder; InputError if it cannot be listed, holds no image, or its manifest is at fault."""
        if not self._path.is_dir():
            return FolderFeed(self._path.parent, (Group(self._path.stem, (self._path.name,)),), (), settings)
        names = _names(self._path)
        paperwork = tuple(one for one in names if is_paperwork(one) and one.casefold() != _MANIFEST)
        listed = next((one for one in names if one.casefold() == _MANIFEST), None)
        papers = [one for one in names if one != listed and one not in set(paperwork)]
        groups = by_manifest(_text(self._path / listed), papers) if listed else by_name(papers)
        if not groups:
            raise InputError(f"The folder {printable(str(self._path))} holds no image.")
        return FolderFeed(self._path, groups, paperwork, settings)


class FolderFeed:
    """The sheets of a folder in the order of their names. Files are read as they are fed."""

    def __init__(
        self, folder: Path, groups: tuple[Group, ...], paperwork: tuple[str, ...], settings: ScanSettings
    ) -> None:
        self._settings = settings
        self._events = _events(folder, groups, paperwork)
        self._fed = 0
        self._paused = False

    @property
    def settings(self) -> ScanSettings:
        """As asked: what was scanned is already scanned."""
        return self._settings

    def next_sheet(self, timeout: float) -> Event:  # noqa: ARG002 - files do not keep one waiting
        """The next sheet or note, at last Ended; a folder has no faults."""
        if self._paused:
            return Ended(End.PAUSED, self._fed)
        event = next(self._events, None)
        self._fed += isinstance(event, Fed)
        return event or Ended(End.HOPPER_EMPTY, self._fed)

    def pause(self) -> None:
        """Give no more until `resume`."""
        self._paused = True

    def resume(self, expected_sheet: int) -> None:  # noqa: ARG002 - files have names
        """Go on where the pause began; a folder never jams."""
        self._paused = False

    def close(self) -> None:
        """Feed no more."""
        self._events = iter(())


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            names = [one.name for one, _ in zip(entries, range(limits().max_files + 1), strict=False)]
    except OSError as error:
        raise InputError(f"The folder {printable(str(folder))} cannot be listed: {why(error)}.") from error
    if len(names) > limits().max_files:
        raise InputError(f"The folder {printable(str(folder))} has more than {limits().max_files} files.")
    return sorted(names, key=natural)


def _text(path: Path) -> str:
    try:
        return read_whole(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{_MANIFEST} is not UTF-8 at byte {error.start}.") from error
    except ImageError as error:
        raise InputError(f"{_MANIFEST} {error}.") from error


def _events(folder: Path, groups: tuple[Group, ...], paperwork: tuple[str, ...]) -> Iterator[Event]:
    used: set[str] = set()
    for one in paperwork:
        yield Noted(f"{printable(one)} is no ballot and was left out.")
    for group in groups:
        for fed in _sheets(folder, group):
            name = printable(fed.name)
            while name in used:  # 0001.jpg beside 0001F.jpg and 0001B.jpg
                name += "+"
            used.add(name)
            yield replace(fed, name=name)


def _sheets(folder: Path, group: Group) -> Iterator[Fed]:
    """The sheets of one group: two files are the sides of one; a lone file is taken two pages a sheet."""
    sides = tuple(side for name in group.files for side in _sides(folder, name, group.problem))
    if len(group.files) > 1 or len(sides) <= 2:
        yield _sheet(group.name, sides, group.notes)
        return
    for start in range(0, len(sides), 2):
        yield _sheet(f"{group.name}-{start // 2 + 1:04d}", sides[start : start + 2], group.notes)


def _sheet(name: str, sides: tuple[PageImage, ...], notes: tuple[str, ...]) -> Fed:
    problems = tuple(one.problem for one in sides if one.problem is not None)
    if len(sides) != 2 and not problems:
        count = f"{len(sides)} images" if len(sides) > 1 else f"only {sides[0].name}"
        notes = (f"Sheet {printable(name)} has {count} where two sides are expected.", *notes)
    return Fed(sides, name, problems + notes)


def _sides(folder: Path, name: str, problem: str | None) -> tuple[PageImage, ...]:
    """The pages of one file, or one image with a problem."""
    shown, content = printable(name), b""
    try:
        content = read_whole(_inside(folder, name))
        if problem is not None:
            raise ImageError(problem)  # noqa: TRY301 - one place turns refusals into problems
        pages = inspect(shown, content).pages
    except ImageError as error:
        text = str(error)
        text = text if text.startswith(f"{shown} ") else f"{shown} {text}."
        return (PageImage(shown, content, problem=text),)
    if pages == 1:
        return (PageImage(shown, content),)
    return tuple(PageImage(f"{shown}#{page + 1}", content, page=page) for page in range(pages))


def _inside(folder: Path, name: str) -> Path:
    """The file, which a manifest may have named; ImageError if the name leads out of the folder."""
    if name in {".", ".."} or Path(name).is_absolute() or ".." in Path(name).parts or "\0" in name:
        raise ImageError("is a name that leads out of the folder")
    return folder / name
