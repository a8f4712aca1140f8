"""Stacks whose boxes are told by their label sheets: each sheet becomes a ballot, a label, or goes back.

A stack has a name and numbers of its own; what each of its sheets became is on record together with
the sheet, so that a scan that was cut off goes on without one sheet lost or counted twice. After a
stop, the sheet that stopped and all that the feeder had taken after it are put aside: they are kept
to be seen, are counted nowhere, and are fed again.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from scanner.ballot import Sheet
from scanner.box_label import BoxLabel, LabelKind
from scanner.capture.batch import Known
from scanner.capture.box_list import boxes_of
from scanner.capture.boxes import Ballot, Closed, Desk, Opened, Step, Stop
from scanner.capture.decode import decode
from scanner.capture.labels import find_label
from scanner.capture.spool import Spooled
from scanner.commands.shell import note
from scanner.commands.storing import Watch, see_nothing
from scanner.election import Election
from scanner.errors import ImageError
from scanner.pixels import Gray
from scanner.store.codec import fingerprint
from scanner.store.records import Became, BoxStanding
from scanner.store.store import Store

SIDES = 2


def stack_name(spec: str) -> str:
    """The name of the stacks that come from one source: two scanners never share one."""
    return f"STACK-{sha256(spec.encode()).hexdigest()[:8].upper()}"


class LabelledStack:
    """Takes the sheets of one source, in order, into the boxes that their labels tell."""

    def __init__(
        self, store: Store, election: Election, stack: str, asked: str | None, watch: Watch = see_nothing
    ) -> None:
        self._store, self._stack, self._watch = store, stack, watch
        self._desk = desk_of(store, election, stack, asked)
        self.stop: Stop | None = None  # why the stack stopped
        self.ballots = 0  # sheets that went into a box, since this was made
        self.aside = 0  # sheets that go back on the hopper

    @property
    def open(self) -> BoxLabel | None:
        """The start label of the open box."""
        return self._desk.open

    def keep(self, sheets: Sequence[Spooled]) -> bool:
        """Take sheets; all of them are durable on return. False to stop the feeder.

        Errors as those of the store.
        """
        with self._store.transaction():
            for one in sheets:
                for line in one.entry.notes:
                    note(line)
                sheet = one.sheet()
                step = self.take(sheet)
                for line in self._watch(sheet) if isinstance(step, Ballot) else ():
                    note(line)
        return self.stop is None

    def take(self, sheet: Sheet) -> Step | None:
        """Take one sheet, whose number is its place in the stack; None if it was put aside after a stop."""
        if self.stop is not None:
            self._put_aside(sheet, "the stack had stopped before it")
            return None
        self._desk, step = self._desk.take(find_label(list(_grays(sheet))))
        match step:
            case Ballot(label):
                self._ballot(label, sheet)
            case Opened(label, digits) | Closed(label, digits):
                self._label(step, label, digits, sheet)
            case Stop():
                self.stop = step
                self._put_aside(sheet, step.trouble.value)
        return step

    def finish(self) -> Stop | None:
        """The paper is finished: what is wrong, if anything is."""
        return self.stop or self._desk.finish()

    def known(self) -> Iterator[tuple[int, Known]]:
        """Number and marks of each sheet of the stack that is on record.

        Those put aside bear a name that no source gives, so that a folder feeds them again.
        """
        for one in self._store.book.stack(self._stack):
            name = f"\0{one.name}" if one.became is Became.ASIDE else one.name
            yield one.number, Known(one.device, name, one.sha256)

    def _ballot(self, label: BoxLabel, sheet: Sheet) -> None:
        box = label.box.id
        number = self._store.next_number(box)
        ballot = Sheet(box, number, sheet.images, sheet.device, sheet.imprint, sheet.name)
        self._store.add_sheet(ballot)
        self._store.book.add_to_stack(self._stack, sheet.number, Became.BALLOT, ballot.id, sheet)
        self.ballots += 1

    def _label(self, step: Opened | Closed, label: BoxLabel, digits: str, sheet: Sheet) -> None:
        book, box = self._store.book, label.box
        again = isinstance(step, Opened) and step.again
        if isinstance(step, Opened):
            self._store.add_box(box)
            book.expect(boxes_of(label.category, label.krets, label.of))
        if not again:
            book.keep_label(label, digits, sheet)
        book.add_to_stack(self._stack, sheet.number, Became.LABEL, f"{box.id}/{label.kind}", sheet)
        held = self._store.progress(box=box.id).fed
        done = f"closed, {held} sheets" if isinstance(step, Closed) else "open"
        note(f"Box {box.id}, {label.number} of {label.of}: {done}.")

    def _put_aside(self, sheet: Sheet, why: str) -> None:
        self._store.book.add_to_stack(self._stack, sheet.number, Became.ASIDE, why, sheet)
        self.aside += 1


def kept_in(store: Store, stack: str) -> Iterator[tuple[str, int, str | None]]:
    """Device, number in the stack and imprint of each ballot that a stack has given so far."""
    numbers = {one.of: one.number for one in store.book.stack(stack) if one.became is Became.BALLOT}
    for one in store.sheets() if numbers else ():
        if one.id in numbers:
            yield one.device, numbers[one.id], one.imprint


def desk_of(store: Store, election: Election, stack: str, asked: str | None) -> Desk:
    """Where a stack stands, by what is on record."""
    records = {one.id: one for one in store.book.records()}
    begun = frozenset(one.id for one in records.values() if one.started)
    done = frozenset(
        one.id
        for one in records.values()
        if one.standing is BoxStanding.SCANNED or (one.started and one.standing is BoxStanding.EXPLAINED)
    )
    opened = _open(store, stack)
    if opened is not None and opened.box.id in done:
        opened = None
    return Desk(election, fingerprint(election), opened, begun, done, asked)


def _open(store: Store, stack: str) -> BoxLabel | None:
    """The start label that came last in this stack, if no end label came after it."""
    labels = {f"{one.label.box.id}/{one.label.kind}": one.label for one in store.book.labels()}
    came = [one.of for one in store.book.stack(stack) if one.became is Became.LABEL]
    last = labels.get(came[-1]) if came else None
    return last if last is not None and last.kind is LabelKind.START else None


def _grays(sheet: Sheet) -> Iterable[tuple[Gray, float | None]]:
    """The sides that are images; one that is not cannot be a label, and its sheet is still a ballot."""
    for image in sheet.images[:SIDES]:
        try:
            page = decode(image)
        except ImageError:
            continue
        yield page.gray, page.dpi
