"""Where sheets wait until the store has them: durable before the next one is fed.

    <spool>/<box>-<batch>/journal.jsonl   one line for each thing that happened, chained
                          0001-F.jpg      the bytes as received, until the store has them
                          orphans/        what a power cut left half done, kept for people to see

An image is written under a name that is not final, made durable, renamed, and only then named in
the journal: a line in the journal is a sheet that cannot be lost.
"""

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from scanner.ballot import PageImage, Sheet
from scanner.capture.decode import Kind, kind_of
from scanner.capture.events import Fed
from scanner.capture.files import why
from scanner.capture.held import held
from scanner.capture.journal import Discarded, Entry, Journal, Side, Stored, clean, number_or_none
from scanner.capture.mending import LOCK, ORPHANS, mend
from scanner.capture.standing import JOURNAL, walk
from scanner.durable import new_folder, sync_folder, write_part
from scanner.errors import StoreError

_ENDING = {Kind.JPEG: "jpg", Kind.TIFF: "tif", Kind.WEBP: "webp"}
_SIDES = 2  # of a sheet
_TOLD = 100  # pairs a device may tell of one sheet


class SpoolError(StoreError):
    """The spool cannot be written."""


@contextmanager
def _on_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SpoolError(f"The spool cannot be written: {why(error)}.") from error


@dataclass(frozen=True, slots=True)
class Spooled:
    """One sheet in the spool; its images are read when asked for."""

    folder: Path
    box: str
    device: str
    entry: Stored

    @property
    def files(self) -> tuple[Path, ...]:
        """Where the bytes of each side lie."""
        return tuple(self.folder / one.file for one in self.entry.sides)

    def sheet(self) -> Sheet:
        """The sheet with its images, each compared with its sha256.

        StoreError if an image is gone or was changed.
        """
        images = tuple(_whole(path, one) for path, one in zip(self.files, self.entry.sides, strict=True))
        return Sheet(self.box, self.entry.number, images, self.device, self.entry.imprint, self.entry.name)

    def drop(self, keep: "Spooled | None" = None) -> None:
        """Remove the images: the store has them. Those that `keep` shares stay."""
        kept = {one.file for one in keep.entry.sides} if keep else set()
        for one in self.entry.sides:
            if one.file not in kept:
                with suppress(OSError):
                    (self.folder / one.file).unlink(missing_ok=True)


def _whole(path: Path, side: Side) -> PageImage:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(f"The image {path} cannot be read from the spool: {error.strerror}.") from error
    image = PageImage(side.name, data, side.dpi, side.page, side.problem)
    if image.sha256 != side.sha256:
        raise StoreError(f"The image {path} was changed after it was scanned; feed that sheet again.")
    return image


def batches(root: Path, box: str) -> tuple[Path, ...]:
    """The folders of all batches of a box, oldest first."""
    pattern = re.compile(rf"{re.escape(_place(box))}-([0-9]+)")
    found = [one for one in root.iterdir() if pattern.fullmatch(one.name)] if root.is_dir() else []
    return tuple(sorted(found, key=lambda one: int(one.name.rpartition("-")[2])))


def next_batch(root: Path, box: str) -> Path:
    """Where the next batch of a box belongs; the folder is not there yet."""
    last = [one.name.rpartition("-")[2] for one in batches(root, box)[-1:]]
    return root / f"{_place(box)}-{int(last[0]) + 1 if last else 1:03d}"


def lock_of(root: Path, box: str) -> Path:
    """The file that whoever feeds this box holds."""
    return root / f"{_place(box)}.{LOCK}"


def _place(box: str) -> str:
    """A box's name as part of a path, whatever was written on its label; two boxes never share one.

    Small letters count as odd, since some file systems hold them for capitals.
    """
    if re.fullmatch(r"[A-Z0-9][A-Z0-9-]{0,39}", box):
        return box
    odd = sha256(box.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return re.sub(r"[^A-Za-z0-9]+", "_", box)[:40].strip("_") + f"~{odd}"


def sheets(folder: Path) -> Iterator[Spooled]:
    """Every sheet of a batch, in order, whether or not its images are still in the spool."""
    for step in walk(folder):
        opened = step.standing.opened
        if isinstance(step.entry, Stored) and opened is not None:
            yield Spooled(folder, opened.box, step.standing.device, step.entry)


@contextmanager
def occupied(folder: Path, wait_s: float, box: str) -> Iterator[None]:
    """Hold a batch, made if need be, against other processes. CaptureError after `wait_s` s, SpoolError."""
    with _on_disk():
        new_folder(folder)
        (folder / LOCK).touch()
    with held(folder / LOCK, wait_s, f"Box {box}"):
        yield


class Batch:
    """One stack of paper, open for more sheets. The caller holds the folder's lock."""

    def __init__(self, folder: Path) -> None:
        """Open a batch or begin one; what a power cut left half done is put aside, and told in `notes`.

        AuditError if its journal was changed, SpoolError if the disk cannot be written.
        """
        self.folder = folder
        self._recent: dict[str, Side] = {}  # of the sheet before: pages of one file share its bytes
        self.largest = 0  # bytes of the largest sheet yet
        self._hands = ThreadPoolExecutor(_SIDES, "spool")  # a disk makes two files durable in the time of one
        with _on_disk():
            new_folder(folder)
            mended = mend(folder)
            self._journal = Journal(folder / JOURNAL, mended.head)
            sync_folder(folder)
        self.standing = mended.standing
        self.notes = tuple(
            f"{name} of {folder.name} was begun and not finished; it lies in {ORPHANS}/."
            for name in mended.aside
        )
        if mended.aside and self.standing.opened and not self.standing.closed:
            self.write(Discarded(self.standing.next, mended.aside))

    def write(self, entry: Entry) -> None:
        """One more line; durable on return. SpoolError, and nothing written, if the disk cannot."""
        standing = self.standing.after(entry)
        with _on_disk():
            self._journal.append(entry)
        self.standing = standing

    def store(self, fed: Fed) -> Stored:
        """Keep the sheet under the next number; on return it survives a power cut.

        SpoolError if the disk cannot: then no trace of the sheet is left, and its number is free.
        """
        sides: list[Side] = []
        try:
            with _on_disk():
                list(self._hands.map(_hashed, fed.images))
                for position, image in enumerate(fed.images):
                    sides.append(self._side(f"{self.standing.next:04d}-{_face(position)}", image, sides))
                self._write(fed.images, sides)
            entry = self._entry(fed, tuple(sides))
            self.write(entry)
        except SpoolError:
            self._forget(sides)
            raise
        self._recent = {one.sha256: one for one in sides}
        self.largest = max(self.largest, sum(one.size for one in sides))
        return entry

    def _entry(self, fed: Fed, sides: tuple[Side, ...]) -> Stored:
        imprint = None if fed.imprint is None else clean(fed.imprint)
        told = tuple((clean(key), clean(value)) for key, value in fed.told[:_TOLD])
        return Stored(self.standing.next, clean(fed.name), sides, imprint, told, tuple(map(clean, fed.notes)))

    def room(self) -> int:
        """Bytes that may still be written to this disk."""
        if not hasattr(os, "statvfs"):
            return 2**62  # the write itself will tell
        seen = os.statvfs(self.folder)
        return seen.f_bavail * seen.f_frsize

    def close(self) -> None:
        """Let go of the files."""
        self._hands.shutdown()
        self._journal.close()

    def _side(self, stem: str, image: PageImage, sides: list[Side]) -> Side:
        """Bytes that lie in the folder already, as a file of many pages does, are written once."""
        digest = image.sha256
        same = self._recent.get(digest) or next((one for one in sides if one.sha256 == digest), None)
        file = same.file if same else f"{stem}.{_ending(image.data)}"
        problem = None if image.problem is None else clean(image.problem)
        name, dpi = clean(image.name), number_or_none(image.dpi)
        return Side(file, digest, len(image.data), name, dpi, image.page, problem)

    def _new(self, sides: list[Side]) -> set[str]:
        """Files that came with this sheet."""
        return {one.file for one in sides} - {one.file for one in self._recent.values()}

    def _write(self, images: tuple[PageImage, ...], sides: list[Side]) -> None:
        """The files that came with this sheet, at the same time; durable under their names on return."""
        data = {side.file: image.data for image, side in zip(images, sides, strict=True)}
        fresh = sorted(self._new(sides))
        parts = [self.folder / f"{file}.part" for file in fresh]
        written = [
            self._hands.submit(write_part, part, data[file]) for part, file in zip(parts, fresh, strict=True)
        ]
        wait(written)  # a file still being written could not be taken back
        for one in written:
            one.result()
        for part, file in zip(parts, fresh, strict=True):
            part.replace(self.folder / file)
        sync_folder(self.folder)

    def _forget(self, sides: list[Side]) -> None:
        for file in self._new(sides):
            for path in (self.folder / file, self.folder / f"{file}.part"):
                with suppress(OSError):
                    path.unlink(missing_ok=True)


def _hashed(image: PageImage) -> str:
    return image.sha256


def _face(position: int) -> str:
    return "FB"[position] if position < 2 else str(position + 1)


def _ending(data: bytes) -> str:
    kind = kind_of(data)
    return "bin" if kind is None else _ENDING.get(kind, kind.value.lower())
