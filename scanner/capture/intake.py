"""Brings sheets from the spool to the count: each once, in order, however often a scan was cut off."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from scanner.capture.batch import Known
from scanner.capture.journal import Entry
from scanner.capture.spool import Batch, Spooled, SpoolError, occupied, sheets
from scanner.capture.standing import Standing, standing_of
from scanner.errors import StoreError

Keep = Callable[[Sequence[Spooled]], bool | None]
Note = Callable[[str], None]


class Intake:
    """The way from the spool of one box into the count."""

    def __init__(self, box: str, counted: dict[int, Known], keep: Keep, note: Note, parting_s: float) -> None:
        self._box, self._counted, self._keep, self._note = box, counted, keep, note
        self._wait_s = 2 * parting_s  # a worker whose supervisor died is granted one
        self._waiting: list[Spooled] = []
        self._last: Spooled | None = None  # its files are still in the spool: the next sheet may share them
        self.next = max(counted, default=0) + 1  # number of the sheet that the count gets next

    @property
    def waiting(self) -> int:
        """Sheets that are durable in the spool and not yet in the count."""
        return len(self._waiting)

    def marks(self) -> tuple[str, ...]:
        """`Known.mark` of each sheet that the count has."""
        return tuple(one.mark for one in self._counted.values())

    def add(self, sheet: Spooled) -> None:
        """One more sheet for the count; see `keep`."""
        self._waiting.append(sheet)

    def keep(self) -> bool:
        """Bring over what waits; False to stop the feeder there. Raises what the count raises."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return True
        go_on = self._keep(waiting) is not False
        for one in waiting:
            self._counted[one.entry.number] = _known(one)
            self._drop(one)
        self.next = waiting[-1].entry.number + 1
        return go_on

    def bring_over(self, folder: Path, most: int) -> Standing:
        """All sheets of a batch that the count lacks, `most` at a time; how the batch stands.

        StoreError if a sheet is missing before one of them, or another sheet has its number.
        """
        self._waiting = []
        if self._last is not None and self._last.folder != folder:
            self.finish()  # of the batch before: nothing here shares its files
        self._last = None  # from the first sheet on again: the next may share a file with the one kept last
        standing = self._mended(folder)
        for one in sheets(folder):
            if one.entry.number < self.next:
                self._check(one)
                self._drop(one)
                continue
            self._check_next(one)
            self.add(one)
            if self.waiting >= most:
                self.keep()
        self.keep()
        return standing

    def write(self, folder: Path, entry: Entry) -> None:
        """A line in the journal of a batch that no worker feeds; a full disk leaves it out."""
        try:
            with occupied(folder, self._wait_s, self._box), closing(Batch(folder)) as batch:
                batch.write(entry)
        except SpoolError as error:
            self._note(str(error))

    def finish(self) -> None:
        """No more sheets come: the last one's images leave the spool."""
        if self._last is not None:
            self._last.drop()
        self._last = None

    def _mended(self, folder: Path) -> Standing:
        try:
            with occupied(folder, self._wait_s, self._box), closing(Batch(folder)) as batch:
                for note in batch.notes:
                    self._note(note)
                return batch.standing
        except SpoolError as error:  # a full disk cannot be tidied, but it can be read
            self._note(str(error))
        return standing_of(folder)

    def _check(self, one: Spooled) -> None:
        """The count has this number: it must be this very sheet."""
        known = self._counted.get(one.entry.number)
        if known is not None and known.sha256 != _known(one).sha256:
            raise StoreError(
                f"Sheet {self._box}/{one.entry.number:04d} in the spool ({one.folder.name}) is not the one "
                "in the store: the box was fed twice; settle which of the two stands."
            )

    def _check_next(self, one: Spooled) -> None:
        number = self.next + self.waiting
        if one.entry.number != number or not all(path.exists() for path in one.files):
            raise StoreError(
                f"The store lacks sheet {self._box}/{number:04d}, which the spool had handed over: the store "
                f"was replaced. Bring it back, or move {one.folder} away and feed the box anew."
            )

    def _drop(self, one: Spooled) -> None:
        if self._last is not None:
            self._last.drop(keep=one)
        self._last = one


def _known(one: Spooled) -> Known:
    return Known(one.device, one.entry.name, tuple(side.sha256 for side in one.entry.sides))
