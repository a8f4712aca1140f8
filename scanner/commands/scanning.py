"""The command `scan`: paper goes through a scanner into the spool, and from there into the store."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scanner.ballot import Box
from scanner.capture.batch import BatchReport, Known
from scanner.capture.batch_state import Halt
from scanner.capture.events import ScanSettings
from scanner.capture.source import open_source
from scanner.capture.spool import Spooled
from scanner.capture.supervisor import Answer, Desk, Job, supervise
from scanner.commands.reading import category_of
from scanner.commands.shell import note, notes
from scanner.election import Election
from scanner.election_package import read_election
from scanner.errors import ExitCode, UsageError
from scanner.store.opening import beside, open_store
from scanner.store.store import Store


def scan_box(
    *,
    folder: Path,
    url: str,
    box: str,
    spec: str,
    category: str | None,
    krets: str | None,
    dpi: int,
    colour: bool,
    spool: Path | None = None,
) -> int:
    """Feed a stack into a box of the store; exit code 6 if the feeder stopped before the end."""
    election = read_election(folder)
    chosen = Box(box, category_of(election, category).code, _krets_of(election, krets))
    open_source(spec)  # before the store: a mistyped folder leaves no empty one behind
    with open_store(url) as store, _spool(url, spool) as place:
        store.bind(election)
        store.add_box(chosen)
        report = fill_box(store, chosen, spec, ScanSettings(dpi=dpi, colour=colour), place)
        held = store.progress(box=box).fed
    note(f"Box {box}: {report.sheets} sheets fed now, {held} in all.")
    return ExitCode.DONE if report.complete else ExitCode.CAPTURE


def _krets_of(election: Election, code: str | None) -> str:
    """The krets asked for, or the election's first."""
    known = [one.code for one in election.kretser]
    if code is not None and code not in known:
        raise UsageError(f"{election.name} has no krets {code!r}; choose one of {', '.join(known)}.")
    return code or known[0]


@contextmanager
def _spool(url: str, asked: Path | None) -> Iterator[Path]:
    """Where sheets wait: where asked for, else beside the store; a store in memory has one for the moment."""
    place = asked or beside(url, "spool")
    if place is not None:
        yield place
        return
    with tempfile.TemporaryDirectory() as moment:
        yield Path(moment)


def fill_box(store: Store, box: Box, spec: str, settings: ScanSettings, spool: Path) -> BatchReport:
    """Feed a whole stack; each sheet is durable in the spool before the next is fed.

    What an earlier scan left in the spool comes first. Errors as `supervise`, and StoreError.
    """

    def keep(sheets: Sequence[Spooled]) -> None:
        with store.transaction():
            for one in sheets:
                for line in one.entry.notes:
                    note(line)
                store.add_sheet(one.sheet(), one.files)

    counted = (
        (one.number, Known(one.device, one.name, tuple(side.sha256 for side in one.sides)))
        for one in store.sheets(box.id)
    )
    return supervise(Job(spool, box.id, spec, settings), counted, Desk(keep, _ask, note))


def _ask(halt: Halt, instruction: str) -> Answer:
    """Tell the operator what to do; go on when told so. Without an operator the scan is left here."""
    note(f"{halt.text} {instruction}")
    if not sys.stdin.isatty():
        return Answer.LEAVE
    words = "Press Enter to go on, write q to leave it for now, or c to close this stack: "
    return {"q": Answer.LEAVE, "c": Answer.CLOSE}.get(notes.input(words).strip().lower(), Answer.GO_ON)
