"""How far a stack of paper has come, told by its journal alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

from scanner.capture import journal
from scanner.capture.journal import Closed, Discarded, Entry, Opened, Paused, Resumed, Stopped, Stored
from scanner.errors import AuditError

JOURNAL = "journal.jsonl"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a batch has come, as its journal tells."""

    opened: Opened | None = None
    device: str = ""  # that feeds now; a stack may go on with another one
    next: int = 1  # number of the sheet that comes next
    last: Stored | None = None
    stop: Stopped | Paused | None = None  # why the paper stands still, if it says
    closed: Closed | None = None

    @property
    def sheets(self) -> int:
        """Sheets stored by this batch."""
        return self.next - self.opened.first if self.opened else 0

    def after(self, entry: Entry) -> "Standing":
        """The standing one entry later; AuditError if that entry cannot come here."""
        if self.closed is not None or (self.opened is None) is not isinstance(entry, Opened):
            raise AuditError(f"a line {type(entry).__name__.lower()!r} cannot stand here")
        match entry:
            case Opened(first=first):
                return Standing(entry, entry.device, first)
            case Stored(number=number):
                if number != self.next:
                    raise AuditError(f"sheet {number} stands where sheet {self.next} belongs")
                return replace(self, next=number + 1, last=entry, stop=None)
            case Stopped() | Paused():
                return replace(self, stop=entry)
            case Resumed(device=device):
                return replace(self, device=device, stop=None)
            case Discarded():
                return self
            case Closed():
                return replace(self, closed=entry)
            case _:
                assert_never(entry)


@dataclass(frozen=True, slots=True)
class Step:
    """An entry, the standing after it, and where its line ends."""

    entry: Entry
    standing: Standing
    link: str  # see `journal.link`
    end: int  # bytes


def walk(folder: Path) -> Iterator[Step]:
    """Each entry of a batch; nothing is changed. AuditError names the first line that is not as written."""
    path, standing = folder / JOURNAL, Standing()
    if not path.exists():
        return
    for number, (entry, link, end) in enumerate(journal.read(path), 1):
        try:
            standing = standing.after(entry)
        except AuditError as error:
            raise AuditError(f"{folder.name}, {JOURNAL} line {number}: {error}.") from error
        yield Step(entry, standing, link, end)


def standing_of(folder: Path) -> Standing:
    """How a batch stands; nothing is changed. AuditError as `walk`."""
    standing = Standing()
    for step in walk(folder):
        standing = step.standing
    return standing
