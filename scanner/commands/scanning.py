"""The command `scan`: paper goes through a scanner into the spool, and from there into the store."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scanner.ballot import Box
from scanner.capture.batch import BatchReport
from scanner.capture.batch_state import Halt
from scanner.capture.events import ScanSettings
from scanner.capture.sane_profiles import SIDES, Profile, profile_named
from scanner.capture.source import open_source
from scanner.capture.supervisor import Answer, Desk, Job, supervise
from scanner.commands.noticing import noticing
from scanner.commands.reading import category_of
from scanner.commands.shell import note, notes
from scanner.commands.stacks import LabelledStack, kept_in, stack_name
from scanner.commands.storing import Watch, counted, keep_in, see_nothing
from scanner.election import Election
from scanner.election_package import read_election
from scanner.errors import ExitCode, UsageError
from scanner.store.opening import beside, open_store
from scanner.store.store import Store


def scan_box(
    *,
    folder: Path,
    url: str,
    box: str | None,
    spec: str,
    category: str | None,
    krets: str | None,
    settings: ScanSettings,
    spool: Path | None = None,
    test: bool = False,
) -> int:
    """Feed a stack into a box of the store; exit code 6 if the feeder stopped before the end.

    Without `box` the label sheets in the stack tell the boxes.
    """
    election = read_election(folder)
    if box is None:
        if category or krets:
            raise UsageError("Category and krets stand on the labels: give --box too, or neither.")
        open_source(spec)
        with open_store(url) as store, _spool(url, spool) as place:
            _begin(store, election, test=test)
            return _labelled(store, election, Job(place, stack_name(spec), spec, settings))
    chosen = Box(box, category_of(election, category).code, _krets_of(election, krets))
    open_source(spec)  # before the store: a mistyped folder leaves no empty one behind
    with open_store(url) as store, _spool(url, spool) as place:
        _begin(store, election, test=test)
        store.add_box(chosen)
        watch = noticing(election)
        for one in store.sheets(box):
            watch.remember(one.device, one.number, one.imprint)
        report = fill_box(store, chosen, spec, settings, place, watch=watch.see)
        held = store.progress(box=box).fed
    note(f"Box {box}: {report.sheets} sheets fed now, {held} in all.")
    return ExitCode.DONE if report.complete else ExitCode.CAPTURE


def _begin(store: Store, election: Election, *, test: bool) -> None:
    """Bind the store; before its first box a person is told if nobody has given the zero report."""
    store.bind(election, test=test)
    if store.record.state() is None and not store.boxes():
        note("No zero report is on record: it is given before the first box, with valgskanner count open.")


def _labelled(store: Store, election: Election, job: Job) -> int:
    """Feed a stack into the boxes that its labels tell; exit code 6 if it stopped before its end."""
    watch = noticing(election)
    for kept in kept_in(store, job.box):
        watch.remember(*kept)
    stack = LabelledStack(store, election, job.box, None, watch.see)
    report = supervise(job, stack.known(), Desk(stack.keep, _ask_unless(stack), note))
    note(f"{stack.ballots} ballots went into their boxes.")
    stop = stack.finish() if report.complete or stack.stop else None
    if stop is not None:
        note(stop.instruction)
    if stack.aside:
        sheets = "sheet" if stack.aside == 1 else f"{stack.aside} sheets"
        note(f"The last {sheets} in the tray are not counted: lay them back on the hopper in order.")
    return ExitCode.DONE if report.complete and stop is None else ExitCode.CAPTURE


def _ask_unless(stack: LabelledStack) -> Callable[[Halt, str], Answer]:
    """Ask as ever, but leave a stack that a label has stopped: what to do is told at its end."""
    return lambda halt, words: Answer.CLOSE if stack.stop else _ask(halt, words)


def asked_of(
    dpi: int, *, colour: bool, profile: str | None, imprint: str | None, options: Sequence[str]
) -> ScanSettings:
    """What the words of the command ask of a scanner; UsageError for an option that is not NAME=VALUE."""
    pairs = tuple(one.partition("=") for one in options)
    wrong = [name for name, equals, _ in pairs if not name or not equals]
    if wrong:
        raise UsageError(f"The option {wrong[0]!r} is not NAME=VALUE.")
    own = tuple((name, value) for name, _, value in pairs)
    if profile is not None:
        if profile.endswith(".toml"):  # the process that drives the scanner, and a later scan, find it too
            profile = str(Path(profile).absolute())
        for line in measured_words(profile_named(profile)):
            note(line)
    return ScanSettings(dpi=dpi, colour=colour, profile=profile, imprint=imprint, options=own)


def measured_words(profile: Profile) -> Iterator[str]:
    """What was measured of a scanner, a line a side; nothing if nothing was."""
    for side in SIDES:
        figures = [
            one for one in profile.measured if one.name.startswith(side) and isinstance(one.value, float)
        ]
        told = ", ".join(f"{one.name.removeprefix(f'{side}_')} {one.value:g}" for one in figures)
        if told:
            yield f"Measured on {figures[0].date}, {side}: {told}."


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


def fill_box(
    store: Store, box: Box, spec: str, settings: ScanSettings, spool: Path, *, watch: Watch = see_nothing
) -> BatchReport:
    """Feed a whole stack; each sheet is durable in the spool before the next is fed.

    What an earlier scan left in the spool comes first. Errors as `supervise`, and StoreError.
    """
    desk = Desk(keep_in(store, note, watch), _ask, note)
    return supervise(Job(spool, box.id, spec, settings), counted(store, box.id), desk)


def _ask(halt: Halt, instruction: str) -> Answer:
    """Tell the operator what to do; go on when told so. Without an operator the scan is left here."""
    note(f"{halt.text} {instruction}")
    if not sys.stdin.isatty():
        return Answer.LEAVE
    words = "Press Enter to go on, write q to leave it for now, or c to close this stack: "
    return {"q": Answer.LEAVE, "c": Answer.CLOSE}.get(notes.input(words).strip().lower(), Answer.GO_ON)
