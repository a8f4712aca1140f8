"""What has come into a folder that is still being filled, what was taken of it, and whether that is all."""

import os
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from scanner.capture.decode import check
from scanner.capture.events import Event, Fed, Noted
from scanner.capture.files import printable, why
from scanner.capture.folder import MANIFEST, manifest_text, named_once, sheets
from scanner.capture.limits import limits
from scanner.capture.pairing import Group, by_manifest, by_name, is_paperwork, is_side, natural
from scanner.capture.shelf import Folder
from scanner.capture.watching import Look, Watch
from scanner.errors import ImageError, InputError

_MARKERS = {"end", "end.txt"}
_NAMED = 5  # files named in one line


class Arrivals:
    """The sheets of one folder, each given once, when all of its files are whole."""

    def __init__(self, path: Path, watch: Watch) -> None:
        self._path, self._shelf, self._watch = path, Folder(path), watch
        self._events: deque[Event] = deque()
        self._ready: deque[Group] = deque()
        self._used: set[str] = set()  # names of sheets
        self._taken: dict[str, Look] = {}  # files, as they looked
        self._together: set[frozenset[str]] = set()  # the files of each sheet taken
        self._listed: tuple[Group, ...] | None = None  # by the manifest
        self._quiet_since: float | None = None  # s, when the last sheet was taken
        self._told: set[str] = set()
        self._closing = False
        self.finished = False

    def next(self, now: float) -> Event | None:
        """The next event, None if there is nothing to give at `now` (s, monotonic)."""
        if not self._events and not self._ready and not self.finished:
            self._look(now)
        while not self._events and self._ready:
            if self._take(self._ready.popleft()):
                self._quiet_since = now
        if self._closing and not self._events and not self._ready:
            self.finished = True
        return self._events.popleft() if self._events else None

    def _look(self, now: float) -> None:
        self._quiet_since = now if self._quiet_since is None else self._quiet_since
        entries = self._entries()
        papers = {name: look for name, look in entries.items() if _is_paper(name)}
        self._watch.look(papers, now)
        self._read_manifest(entries)
        self._ready.extend(self._whole_groups(now))
        if self._ready:
            return
        marked = any(one.casefold() in _MARKERS for one in entries)
        if (marked or self._all_listed_came()) and not self._watch.moving(now):
            self._close(entries, papers)
        else:
            self._name_the_overdue(papers, now)

    def _entries(self) -> dict[str, Look]:
        """Names with size and time of what lies there and was not taken yet."""
        found: dict[str, Look] = {}
        try:
            with os.scandir(self._path) as entries:
                for one in entries:
                    if one.name in self._taken:
                        continue
                    if len(found) < limits().max_files and (look := _look_at(one)):
                        found[one.name] = look
                    elif one.is_dir():
                        self._say(f"{printable(one.name)} is a folder: what lies in it is not looked at.")
        except OSError as error:
            self._say(f"The folder {printable(str(self._path))} cannot be listed: {why(error)}.")
        return found

    def _read_manifest(self, entries: Iterable[str]) -> None:
        """The manifest may come first or last; one that is half written is read again."""
        name = next((one for one in entries if one.casefold() == MANIFEST), None)
        if name is None or self._listed is not None:
            return
        try:
            self._listed = by_manifest(manifest_text(self._shelf, name), ())
        except InputError as error:
            self._say(str(error))

    def _whole_groups(self, now: float) -> list[Group]:
        """Sheets all of whose files are at rest, some of them not tried yet."""
        resting = set(self._watch.at_rest(now))
        if self._listed is not None:
            groups = [one for one in self._listed if resting.issuperset(one.files)]
        else:
            alone = (one for one in by_name(resting) if one.problem is None)
            groups = [one for one in alone if len(one.files) > 1 or not is_side(one.files[0])]
        return [one for one in groups if any(map(self._watch.fresh, one.files))]

    def _take(self, group: Group) -> bool:
        """Feed a group if it is whole, decoded to its last block, and the files stayed as they were."""
        looks = {name: self._watch.look_of(name) for name in group.files}
        found = list(sheets(self._shelf, group))
        if not self._closing and not (_whole(found) and self._unchanged(looks)):
            for name in group.files:
                self._watch.not_whole(name)
            return False
        for name, look in looks.items():
            self._watch.taken(name)
            self._taken[name] = look or (0, 0)
        self._together.add(frozenset(group.files))
        self._events.extend(named_once(one, self._used) for one in found)
        return True

    def _unchanged(self, looks: dict[str, Look | None]) -> bool:
        return all(_look_at(self._path / name) == look for name, look in looks.items())

    def _all_listed_came(self) -> bool:
        return self._listed is not None and all(map(self._done, self._listed))

    def _done(self, group: Group) -> bool:
        """Fed as the manifest lists it; or never to be, since one of its files was fed in another sheet."""
        if frozenset(group.files) in self._together:
            return True
        elsewhere = [one for one in group.files if one in self._taken]
        if elsewhere:
            self._say(
                f"manifest.csv lists {printable(elsewhere[0])} under sheet {printable(group.name)}, "
                "but it was fed as its name says before the manifest came: compare that sheet with the paper."
            )
        return bool(elsewhere)

    def _close(self, entries: Iterable[str], papers: Iterable[str]) -> None:
        """Nothing more will come: what is left goes on record as it is, with its problems."""
        self._closing = True
        left = list(papers)
        for name in sorted(entries, key=natural):
            if is_paperwork(name) and name.casefold() not in _MARKERS | {MANIFEST}:
                self._say(f"{printable(name)} is no ballot and was left out.")
        for name, look in self._taken.items():
            if _look_at(self._path / name) != look:
                self._say(
                    f"{printable(name)} was changed after it was fed: compare that sheet with the paper."
                )
        if self._listed is None:
            self._ready.extend(by_name(left))
            return
        undone = [one for one in self._listed if not self._done(one)]
        expected = {name for one in undone for name in one.files}
        self._ready.extend(undone)
        strange = (one for one in sorted(left, key=natural) if one not in expected)
        self._ready.extend(Group(one, (one,), "is not listed in manifest.csv") for one in strange)

    def _name_the_overdue(self, papers: Iterable[str], now: float) -> None:
        for name in sorted(self._watch.overdue(now), key=natural):
            self._say(
                f"{printable(name)} does not become whole: its other side is missing, or it was not copied "
                "to its end."
            )
        if self._listed is None or now - (self._quiet_since or now) < self._watch.overdue_s:
            return
        present = self._taken.keys() | {*papers}
        missing = sorted({name for one in self._listed for name in one.files}, key=natural)
        missing = [one for one in missing if one not in present]
        if missing:
            shown = ", ".join(printable(one) for one in missing[:_NAMED])
            more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
            self._say(f"manifest.csv lists files that have not come: {shown}{more}.")

    def _say(self, text: str) -> None:
        """A line for a person, once."""
        if text not in self._told:
            self._told.add(text)
            self._events.append(Noted(text))


def _is_paper(name: str) -> bool:
    return not is_paperwork(name) and name.casefold() not in _MARKERS


def _look_at(place: Path | os.DirEntry[str]) -> Look | None:
    """Size and time; None if there is no file (any more)."""
    try:
        about = place.stat()
        return (about.st_size, about.st_mtime_ns) if place.is_file() else None
    except OSError:
        return None


def _whole(found: list[Fed]) -> bool:
    try:
        for image in (image for one in found for image in one.images):
            check(image)
    except ImageError:
        return False
    return True
