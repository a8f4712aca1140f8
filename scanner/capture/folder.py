"""A folder of scanned images instead of a scanner; a zip file of them is taken as a folder.

Pairs `NAMEF.ext`/`NAMEB.ext`, multipage TIFF or PDF with two pages a sheet, or `manifest.csv`
(`sheet,front,back`). Nothing vanishes: what cannot be read becomes a sheet on record whose image
says why, and what is no ballot at all (a log, a list) is named in a line of its own.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scanner.ballot import PageImage
from scanner.capture.decode import inspect
from scanner.capture.events import Capabilities, End, Ended, Event, Fed, Noted, ScanSettings
from scanner.capture.files import printable
from scanner.capture.pairing import Group, by_manifest, by_name, is_paperwork
from scanner.capture.shelf import Folder, Shelf
from scanner.capture.zipped import Zipped, is_zip
from scanner.errors import ImageError, InputError

MANIFEST = "manifest.csv"


class FolderSource:
    """A folder of images, a zip file of them, or one multipage file."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        if not self._path.exists():
            raise InputError(f"The folder {printable(path)} is not there.")

    def describe(self) -> Capabilities:
        """Its name; a folder can be fed again, so sheets already on record must be told from new ones."""
        return Capabilities(device=f"folder:{printable(str(self._path.absolute()))}", replayable=True)

    def start(self, settings: ScanSettings, first: int = 1) -> "FolderFeed":  # noqa: ARG002 - files have names
        """List the folder; InputError if it cannot be listed, holds no image, or its manifest is at fault."""
        if self._path.is_file() and not is_zip(self._path):
            alone = Group(self._path.stem, (self._path.name,))
            return FolderFeed(Folder(self._path.parent), (alone,), (), settings)
        shelf = Zipped(self._path) if self._path.is_file() else Folder(self._path)
        names = shelf.names()
        paperwork = tuple(one for one in names if is_paperwork(one) and one.casefold() != MANIFEST)
        listed = next((one for one in names if one.casefold() == MANIFEST), None)
        papers = [one for one in names if one != listed and one not in set(paperwork)]
        groups = by_manifest(manifest_text(shelf, listed), papers) if listed else by_name(papers)
        if not groups:
            raise InputError(f"The folder {printable(str(self._path))} holds no image.")
        return FolderFeed(shelf, groups, paperwork, settings)


class FolderFeed:
    """The sheets of a folder in the order of their names. Files are read as they are fed."""

    def __init__(
        self, shelf: Shelf, groups: tuple[Group, ...], paperwork: tuple[str, ...], settings: ScanSettings
    ) -> None:
        self._settings = settings
        self._events = _events(shelf, groups, paperwork)
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


def manifest_text(shelf: Shelf, name: str) -> str:
    """The manifest; InputError if it cannot be read or is not UTF-8."""
    try:
        return shelf.read(name).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{MANIFEST} is not UTF-8 at byte {error.start}.") from error
    except ImageError as error:
        raise InputError(f"{MANIFEST} {error}.") from error


def _events(shelf: Shelf, groups: tuple[Group, ...], paperwork: tuple[str, ...]) -> Iterator[Event]:
    used: set[str] = set()
    for one in paperwork:
        yield Noted(f"{printable(one)} is no ballot and was left out.")
    for group in groups:
        for fed in sheets(shelf, group):
            yield named_once(fed, used)


def named_once(fed: Fed, used: set[str]) -> Fed:
    """The sheet under a name that no other has: 0001.jpg may lie beside 0001F.jpg and 0001B.jpg."""
    name = printable(fed.name)
    while name in used:
        name += "+"
    used.add(name)
    return replace(fed, name=name)


def sheets(shelf: Shelf, group: Group) -> Iterator[Fed]:
    """The sheets of one group: two files are the sides of one; a lone file is taken two pages a sheet."""
    sides = tuple(side for name in group.files for side in _sides(shelf, name, group.problem))
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


def _sides(shelf: Shelf, name: str, problem: str | None) -> tuple[PageImage, ...]:
    """The pages of one file, or one image with a problem."""
    shown, content = printable(name), b""
    try:
        content = shelf.read(name)
        if problem := problem or shelf.flaw(name):
            raise ImageError(problem)  # noqa: TRY301 - one place turns refusals into problems
        pages = inspect(shown, content).pages
    except ImageError as error:
        text = str(error)
        text = text if text.startswith(f"{shown} ") else f"{shown} {text}."
        return (PageImage(shown, content, problem=text),)
    if pages == 1:
        return (PageImage(shown, content),)
    return tuple(PageImage(f"{shown}#{page + 1}", content, page=page) for page in range(pages))
