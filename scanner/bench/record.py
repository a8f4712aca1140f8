"""A campaign's record: a folder with one file that only grows, a line of JSON for each ballot.

It goes on where it stopped after Ctrl-C, kill -9 or a power cut: a torn last line is cut off. Readings of
two versions are never mixed, for their sum would be nobody's accuracy.
"""

import fcntl
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from scanner.bench.answers import Answer
from scanner.bench.cases import Pile
from scanner.errors import InputError, UsageError

NAME = "sheets.jsonl"
_SYNCED = 200  # lines after which the disk is asked to keep them


class Settings(msgspec.Struct, frozen=True):
    """The first line: what must not change from run to run."""

    version: str  # of code, models and calibration
    seed: int
    ink: str  # of real writers: how much there was; empty: none


class Record:
    """An open record. Only `opened` makes one."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path, self._file, self._new = path, file, 0
        self.done: Counter[Pile] = Counter()  # sheets of each pile that are done: the first so many
        for one in answers(path):
            self.done[one.case.pile] += 1
            if one.case.sheet != self.done[one.case.pile]:
                raise InputError(f"{path}: sheet {one.case.sheet} of {one.case.pile.name} is out of turn.")

    def add(self, one: Answer) -> None:
        """Append a ballot; it is in the operating system's hands before this returns."""
        self._file.write(msgspec.json.encode(one) + b"\n")
        self._file.flush()
        self.done[one.case.pile] += 1
        self._new += 1
        if self._new % _SYNCED == 0:
            os.fsync(self._file.fileno())


@contextmanager
def opened(folder: Path, settings: Settings) -> Iterator[Record]:
    """The record in `folder`, new or to go on with.

    Raises UsageError if it was begun with other settings or another run has it open, InputError if the
    file is damaged anywhere but at its end.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise UsageError(
                f"Another run writes to {folder}; wait for it or choose another folder."
            ) from busy
        _mend(path)
        if path.stat().st_size == 0:
            file.write(msgspec.json.encode(settings) + b"\n")
            file.flush()
        _same(settings_of(folder), settings, folder)
        yield Record(path, file)
        os.fsync(file.fileno())


def settings_of(folder: Path) -> Settings:
    """With what the campaign in `folder` was begun. InputError if there is none."""
    path = folder / NAME
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.readline(), type=Settings)
    except (OSError, msgspec.MsgspecError) as error:
        raise InputError(f"{path} is no record of a campaign ({error}).") from error


def answers(path: Path) -> Iterator[Answer]:
    """Every ballot of a record, one after the other; a torn last line is passed over."""
    decoder = msgspec.json.Decoder(Answer)
    with path.open("rb") as file:
        file.readline()
        for number, text in enumerate(file, 2):
            if not text.endswith(b"\n"):
                return
            try:
                yield decoder.decode(text)
            except msgspec.MsgspecError as error:
                raise InputError(
                    f"{path}, line {number}: {error}; restore the file or begin anew."
                ) from error


def _mend(path: Path) -> None:
    """Cut off what follows the last line end: the line that was being written when the run was killed."""
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        at = end
        while at and _byte(file, at - 1) != b"\n":
            at -= 1
        if at < end:
            file.truncate(at)


def _byte(file: BinaryIO, at: int) -> bytes:
    file.seek(at)
    return file.read(1)


def _same(was: Settings, now: Settings, folder: Path) -> None:
    for name in Settings.__struct_fields__:
        old, new = getattr(was, name), getattr(now, name)
        if old != new:
            raise UsageError(
                f"{folder} was begun with {name} {old!r}, this run has {new!r}; what was read with one "
                "is not mixed with the other. Choose another --out."
            )
