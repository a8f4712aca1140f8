"""After a power cut: what was half done is put aside, what counts is not touched, nothing is thrown away."""

import os
from dataclasses import dataclass
from pathlib import Path

from scanner.capture.journal import START, Stored
from scanner.capture.standing import JOURNAL, Standing, walk
from scanner.durable import new_folder, sync_folder

LOCK = "lock"
ORPHANS = "orphans"
_OURS = {JOURNAL, LOCK, ORPHANS}


@dataclass(frozen=True, slots=True)
class Mended:
    """A batch fit to go on."""

    standing: Standing
    head: str  # `link` of its journal's last line
    aside: tuple[str, ...]  # files that belong to no sheet on record, now in `orphans/`


def mend(folder: Path) -> Mended:
    """Mend a batch after a power cut. The caller holds its lock. AuditError names a line that was changed."""
    standing, head, end = Standing(), START, 0
    left = {one.name for one in folder.iterdir()} - _OURS
    for step in walk(folder):
        standing, head, end = step.standing, step.link, step.end
        if isinstance(step.entry, Stored):
            left -= {one.file for one in step.entry.sides}
    if (folder / JOURNAL).exists():
        _cut(folder / JOURNAL, end)
    return Mended(standing, head, _put_aside(folder, left))


def _cut(path: Path, end: int) -> None:
    """A last line without its end is kept aside and cut off: its sheet was never said to be stored."""
    with path.open("r+b") as file:
        file.seek(end)
        torn = file.read()
        if not torn:
            return
        _free(path.parent / ORPHANS, "journal.torn").write_bytes(torn)
        file.truncate(end)
        file.flush()
        os.fsync(file.fileno())


def _put_aside(folder: Path, names: set[str]) -> tuple[str, ...]:
    for name in names:
        (folder / name).replace(_free(folder / ORPHANS, name))
    if names:
        sync_folder(folder)
        sync_folder(folder / ORPHANS)
    return tuple(sorted(names))


def _free(folder: Path, name: str) -> Path:
    """A name nothing has yet."""
    new_folder(folder)
    path, count = folder / name, 1
    while path.exists():
        count += 1
        path = folder / f"{name}.{count}"
    return path
