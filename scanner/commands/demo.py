"""The command `demo`: a whole election day without paper, and then the truth beside the count.

Ballots are printed, simulated voters mark them, a virtual scanner feeds them over a real protocol
into a real store, they are read, counted and brought into the protocol. Nobody settles the
doubtful ones here: they stand as undecided in the protocol, as they would on the night.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
from rich.table import Table

from scanner.ballot import Box, Category, Verdict
from scanner.bench.agreement import Agreement, agreement
from scanner.capture.events import ScanSettings
from scanner.commands.counting import protocol_of, read_all, save_protocol
from scanner.commands.paper import Pile, makers, pages
from scanner.commands.scanning import fill_box
from scanner.commands.shell import answers, note, progress
from scanner.election import Election, ElectionType, StampRule, VoteCategory
from scanner.election_package import read_election
from scanner.errors import CaptureError, ExitCode, UsageError
from scanner.layout.printing import print_ballots
from scanner.simulate.elections import shipped_election
from scanner.simulate.escl_device import EsclDevice
from scanner.simulate.real_ink import real_ink as open_ink
from scanner.simulate.truth import Truth
from scanner.store.opening import open_store
from scanner.store.store import Store
from scanner.tally.count import count
from scanner.tally.counts import counts, counts_json


class TrueSheet(msgspec.Struct, frozen=True):
    """One sheet of truth.json."""

    sheet: str
    vote_category: str
    truth: Truth


def run_demo(*, out: Path, ballots: int, seed: int, kind: str, wear: int, real_ink: Path | None) -> int:
    """Do it all below `out`; exit code 4 if any ballot was wrong but sure."""
    if real_ink is not None:
        open_ink(real_ink)  # a folder without ink is told before anything is made
    election = _prepare(out, ballots, kind, wear)
    note(f"{election.name} in {election.area}: {ballots} voters")
    note(f"Printed {len(print_ballots(election, out / 'ballots'))} kinds of ballot into {out / 'ballots'}")
    with open_store(f"sqlite:{out / 'count.db'}") as store:
        store.bind(election)
        truths = [
            one
            for pile in _piles(election, ballots, seed, wear, real_ink)
            for one in _scan(store, pile, out / "count.db.spool")
        ]
        done = progress(read_all(store, election, None), "reading", len(truths))
        verdicts = {sheet.id: outcome.verdict for sheet, outcome in done}
        _write(store, election, truths, out)
    return _compare(truths, verdicts, election)


def _prepare(out: Path, ballots: int, kind: str, wear: int) -> Election:
    """Check what was asked for, and put the election package where the user can look at it."""
    if kind not in set(ElectionType):
        raise UsageError(f"There is no election type {kind!r}; choose one of {', '.join(ElectionType)}.")
    if ballots < 1 or wear not in range(4):
        raise UsageError("A demo needs at least one ballot, and a wear from 0 to 3.")
    if out.exists() and any(out.iterdir() if out.is_dir() else [out]):
        raise UsageError(f"{out} is not an empty folder: choose another, or remove it first.")
    out.mkdir(parents=True, exist_ok=True)
    package = shipped_election(kind)
    shutil.copytree(package, out / "election")
    return read_election(package)


def _piles(election: Election, ballots: int, seed: int, wear: int, real_ink: Path | None) -> Iterator[Pile]:
    """Advance votes and election day votes, a box each, from different kretser where there are several."""
    chosen = [one for code in ("FO", "VO") for one in election.categories if one.code == code]
    chosen = chosen or [election.categories[0]]
    for number, category in enumerate(chosen):
        share = ballots // len(chosen) + (number < ballots % len(chosen))
        krets = election.kretser[number % len(election.kretser)]
        box = Box(f"{category.code}-{krets.code}-1", category.code, krets.code)
        if share:
            yield Pile(election, box, share, seed + number, wear, _stamped(category), real_ink)


def _stamped(category: VoteCategory) -> bool:
    return category.stamp is StampRule.REQUIRED


def _scan(store: Store, pile: Pile, spool: Path) -> list[TrueSheet]:
    """Lay the pile into a virtual scanner and feed it into its box."""
    store.add_box(pile.box)
    truths: list[Truth] = []
    with makers(pile) as pool:
        paper = progress(pages(pool, pile, truths), f"box {pile.box.id}: scanning", pile.count)
        with EsclDevice(paper) as device:
            report = fill_box(store, pile.box, f"escl:{device.url}", ScanSettings(), spool)
    if not report.complete or report.sheets != pile.count:
        raise CaptureError(f"Box {pile.box.id}: {report.sheets} of {pile.count} sheets came through.")
    note(f"Box {pile.box.id}: {report.sheets} sheets fed by {report.device}")
    return [
        TrueSheet(f"{pile.box.id}/{number:04d}", pile.box.category, one)
        for number, one in enumerate(truths, 1)
    ]


def _write(store: Store, election: Election, truths: list[TrueSheet], out: Path) -> None:
    """protocol.pdf, protocol.json, counts.json and truth.json."""
    save_protocol(protocol_of(store), out / "protocol.pdf")
    (out / "counts.json").write_bytes(counts_json(counts(count(store.ballots(), election), election)))
    (out / "truth.json").write_bytes(msgspec.json.format(msgspec.json.encode(truths), indent=1) + b"\n")
    note(f"Wrote protocol.pdf, protocol.json, counts.json and truth.json into {out}")


def _compare(truths: list[TrueSheet], verdicts: dict[str, Verdict], election: Election) -> int:
    """Print truth | machine | doubtful by list and category."""
    true, sure, doubt = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    ends = Counter[Agreement]()
    for one in truths:
        verdict = verdicts[one.sheet]
        row = (one.truth.list or "–", one.truth.category.value)
        true[row] += 1
        ends[agreement(one.truth, verdict)] += 1
        if verdict.category is Category.TVILSOM:
            doubt[row] += 1
        else:
            sure[verdict.list or "–", verdict.category.value] += 1
    _print(true, sure, doubt, election)
    wrong, doubtful = ends[Agreement.WRONG_BUT_SURE], ends[Agreement.DOUBTFUL]
    needed = sum(one.truth.needs_person for one in truths)
    answers.print(
        f"{len(truths)} ballots: {ends[Agreement.RIGHT]} right and sure, {doubtful} doubtful "
        f"({needed} of all need a person), {wrong} wrong but sure."
    )
    return ExitCode.DISAGREE if wrong else ExitCode.DONE


def _print(
    true: Counter[tuple[str, str]],
    sure: Counter[tuple[str, str]],
    doubt: Counter[tuple[str, str]],
    election: Election,
) -> None:
    table = Table(title=f"{election.name} in {election.area}: the truth and the count")
    table.add_column("list")
    table.add_column("category")
    for column in ("truth", "machine", "doubtful"):
        table.add_column(column, justify="right")
    for row in sorted(true | sure):
        table.add_row(*row, *(str(one[row]) for one in (true, sure, doubt)))
    table.add_section()
    table.add_row("all", "", *(str(one.total()) for one in (true, sure, doubt)))
    answers.print(table)
