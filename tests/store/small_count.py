"""A whole small count that can be killed anywhere and begun again: fed, read, settled, closed, told.

    python -m tests.store.small_count [KILLER.so]

waits for a line `URL FOLDER AT TORN AFTER_S` on its standard input, counts in a process of its own that
is killed at its AT-th act (0: at none; see `killer.c`) or AFTER_S seconds later (0: never), and answers
with that process's exit status (negative: the signal), how many acts and seconds it took.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread, Timer

from scanner.audit.events import Act
from scanner.ballot import Amendment, AmendmentKind, Box, Category, Opinion, Proposal, Reason, Verdict
from scanner.capture.child import Gone, Silent
from scanner.capture.events import ScanSettings
from scanner.capture.supervisor import Answer, Desk, Job, supervise
from scanner.capture.talk import Command, Order, Pause, Told
from scanner.capture.worker import obey
from scanner.commands.counting import protocol_of
from scanner.commands.storing import counted, keep_in
from scanner.engine import Job as ToRead
from scanner.pipeline import Outcome
from scanner.recording import read_unread
from scanner.settling import give
from scanner.store import Store, open_store
from scanner.tally.pdf import protocol_json
from tests.capture.counting_desk import BRISK
from tests.capture.paper import sheets
from tests.strategies import identity, reading, small_election

ELECTION = small_election()
BOXES = (Box("K1", "VO", "0001"), Box("F1", "FO", "0001"))
SHEETS = 3  # in each box
PEOPLE = ("Kari", "Ola")
EYES = "v1"


class PreparedEyes:
    """Reads every third sheet with doubt and the others surely, the same each time."""

    def read(self, jobs: Iterable[ToRead]) -> Iterator[Outcome]:
        for sheet, _ in jobs:
            yield Outcome(sheet.id, reading(identity(ELECTION, code="B")), _verdict(sheet.number))


def _verdict(number: int) -> Verdict:
    vote = Amendment(AmendmentKind.PERSONAL_VOTE, candidate=number)
    if number % 3 == 0:
        proposed = Proposal(Category.RETTET, (vote,))
        return Verdict(Category.TVILSOM, "B", (), (Reason.MARK_DOUBTFUL,), proposed, 0.4)
    if number % 2:
        return Verdict(Category.URETTET, "A", (), (), Proposal(Category.URETTET), 0.999)
    return Verdict(Category.RETTET, "B", (vote,), (), Proposal(Category.RETTET, (vote,)), 0.999)


class InThread:
    """Whoever feeds, in a thread of this process: killed together with the count."""

    def __init__(self, order: Order) -> None:
        self._inbox: SimpleQueue[Command | None] = SimpleQueue()
        self._said: SimpleQueue[Told] = SimpleQueue()
        self._thread = Thread(target=obey, args=(order, self._inbox, self._said.put))
        self._thread.start()

    def tell(self, command: Command) -> None:
        self._inbox.put(command)

    def hear(self, timeout: float) -> Told | Silent | Gone:
        until = time.monotonic() + timeout
        while self._thread.is_alive() or not self._said.empty():
            try:
                return self._said.get(timeout=0.01)
            except Empty:
                if time.monotonic() > until:
                    return Silent()
        return Gone(0)

    @property
    def quiet(self) -> bool:
        return self._said.empty()

    def part(self, parting_s: float) -> tuple[str, ...]:
        self.tell(Pause())
        self._thread.join(parting_s)
        return ()


def hopper(folder: Path) -> None:
    """The paper of every box, under `folder`."""
    for start, box in enumerate(BOXES):
        stack = folder / box.id
        stack.mkdir(parents=True)
        for number, pair in enumerate(sheets(SHEETS, start * SHEETS), 1):
            for face, data in zip("FB", pair, strict=True):
                (stack / f"{number:04d}{face}.jpg").write_bytes(data)


def count_all(url: str, folder: Path) -> None:
    """Everything from an empty store to a protocol; begun again, it goes on."""
    with open_store(url) as store:
        store.bind(ELECTION)
        if store.record.state() is None:
            store.record.open_count(PEOPLE)
        if store.record.state() is not Act.COUNT_CLOSED:
            for box in BOXES:
                store.add_box(box)
                _feed(store, box, folder)
            for _ in read_unread(store, PreparedEyes(), EYES):
                pass
            _settle(store)
            store.record.close_count(PEOPLE)
        form = protocol_json(protocol_of(store))
        (folder / "protocol.json").write_bytes(form)
        store.record.protocol_written("of " + EYES)


def _feed(store: Store, box: Box, folder: Path) -> None:
    desk = Desk(keep_in(store, _unheard), lambda *_: Answer.LEAVE, _unheard)
    job = Job(folder / "spool", box.id, f"folder:{folder.parent / 'hopper' / box.id}", ScanSettings())
    supervise(job, counted(store, box.id), desk, BRISK, InThread)


def _unheard(_: str) -> None:
    pass


def _settle(store: Store) -> None:
    """Each person says of each ballot that waits what the machine proposes, unless she has said so."""
    for ballot in list(store.ballots()):
        for person in PEOPLE:
            said = {one.person for one in store.opinions(ballot.sheet)}
            if ballot.verdict and not ballot.verdict.sure and person not in said:
                what = ballot.verdict.proposed
                opinion = Opinion(ballot.sheet, person, what.category, ballot.verdict.list, what.amendments)
                give(store, opinion)


def _child(words: list[str], killer: ctypes.CDLL | None, report: int) -> None:
    """In the process that counts."""
    url, folder, at, torn, _ = words
    if killer is not None:
        killer.kill_at(int(at), int(torn))
    count_all(url, Path(folder))
    os.write(report, f"{killer.acts_seen() if killer else 0}".encode())


def _counted(words: list[str], killer: ctypes.CDLL | None) -> str:
    ours, theirs = os.pipe()
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            _child(words, killer, theirs)
            os._exit(0)
        except BaseException as error:  # noqa: BLE001 - told, and then the process ends
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)  # noqa: T201
            os._exit(1)
    os.close(theirs)
    after_s = float(words[4])
    end = Timer(after_s, os.kill, (child, signal.SIGKILL))
    if after_s:
        end.start()
    _, status = os.waitpid(child, 0)
    end.cancel()
    took = time.monotonic() - begun
    with os.fdopen(ours) as said:
        acts = said.read() or "0"
    return f"{os.waitstatus_to_exitcode(status)} {acts} {took:.4f}"


def main() -> None:
    """Answer orders until there are no more."""
    killer = ctypes.CDLL(sys.argv[1]) if sys.argv[1:] else None
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        print(_counted(line.split(), killer), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
