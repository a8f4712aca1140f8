"""A count in memory and the operator beside the scanner, for tests that feed whole stacks."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from scanner.ballot import Sheet
from scanner.capture.batch import BatchReport, Known
from scanner.capture.batch_state import Halt
from scanner.capture.child import Child, Hand
from scanner.capture.events import Fault, ScanSettings
from scanner.capture.patience import Patience, patience
from scanner.capture.spool import Spooled, batches
from scanner.capture.standing import JOURNAL, walk
from scanner.capture.supervisor import Answer, Desk, Job, supervise
from scanner.capture.talk import Order

BRISK = replace(patience(), sheets_ahead=4, parting_s=0.5)


class Count:
    """Takes sheets, tells what it has, and does at the scanner what `answer` says."""

    def __init__(self, spool: Path, box: str = "K1") -> None:
        self.spool, self.box = spool, box
        self.kept: dict[int, Sheet] = {}
        self.asked: list[tuple[Halt, str]] = []
        self.notes: list[str] = []
        self.answer: Callable[[Halt], Answer] = lambda _: Answer.LEAVE
        self.while_keeping: Callable[[Spooled], bool | None] = lambda _: None

    @property
    def next(self) -> int:
        """Number of the sheet that the count lacks."""
        return len(self.kept) + 1

    def keep(self, found: Sequence[Spooled]) -> bool:
        go_on = True
        for one in found:
            if self.while_keeping(one) is False:
                go_on = False
            assert one.entry.number not in self.kept, "taken twice"
            self.kept[one.entry.number] = one.sheet()
        return go_on

    def ask(self, halt: Halt, instruction: str) -> Answer:
        self.asked.append((halt, instruction))
        return self.answer(halt)

    def clear_with(self, put_back: Callable[[int], object], paper: int) -> None:
        """From now on the operator lays back what the instruction says, of so many sheets, and goes on."""

        def clear(halt: Halt) -> Answer:
            said = self.asked[-1][1]
            assert (
                f"Sheet {self.next} must then lie first" in said or f"goes on with sheet {self.next}." in said
            )
            if halt.fault is Fault.HOPPER_EMPTY and self.next > paper:
                return Answer.CLOSE
            put_back(self.next)
            if halt.fault is Fault.OFFLINE:
                time.sleep(
                    0.1
                )  # a person who sees that it is off looks at it; ten answers in 50 ms are nobody's
            return Answer.GO_ON

        self.answer = clear

    def counted(self) -> Iterator[tuple[int, Known]]:
        for number, one in self.kept.items():
            yield number, Known(one.device, one.name, tuple(side.sha256 for side in one.images))

    def scan(
        self,
        spec: str,
        start: Callable[[Order], Hand] = Child,
        bounds: Patience = BRISK,
        settings: ScanSettings | None = None,
    ) -> BatchReport:
        job = Job(self.spool, self.box, spec, settings or ScanSettings())
        return supervise(job, self.counted(), Desk(self.keep, self.ask, self.notes.append), bounds, start)

    def assert_holds(self, paper: Sequence[tuple[bytes, bytes]], first: int = 1) -> None:
        """Each sheet once, in order, byte for byte."""
        assert sorted(self.kept) == list(range(first, first + len(paper)))
        assert [tuple(side.data for side in self.kept[one].images) for one in sorted(self.kept)] == list(
            paper
        )

    @property
    def entries(self) -> list[list[type]]:
        """The kinds of line in each batch's journal."""
        return [[type(one.entry) for one in walk(folder)] for folder in batches(self.spool, self.box)]

    def assert_spool_is_empty(self) -> None:
        """Only diaries are left, and what was put aside."""
        left = {path.name for one in batches(self.spool, self.box) for path in one.iterdir()}
        assert left <= {JOURNAL, "lock", "orphans"}


def laid(folder: Path, paper: Sequence[tuple[bytes, bytes]], first: int = 1) -> str:
    """The sheets as files, and the SPEC of their folder."""
    folder.mkdir(exist_ok=True)
    for number, sides in enumerate(paper, first):
        for face, data in zip("FB", sides, strict=True):
            (folder / f"{number:04d}{face}.jpg").write_bytes(data)
    return f"folder:{folder}"
