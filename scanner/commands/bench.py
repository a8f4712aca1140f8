"""The command `bench`: measure, print."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.table import Table

from scanner.ballot import Box
from scanner.bench.accuracy import Accuracy, Score, accuracy, tally
from scanner.bench.agreement import Agreement
from scanner.bench.answers import Answer, Case
from scanner.bench.campaign import Campaign, run
from scanner.bench.capture import BOX, Absent, CaptureSpeed, Keep, measure_capture
from scanner.bench.cases import Pile, Plan
from scanner.bench.record import opened
from scanner.bench.report import write_report
from scanner.bench.sheet import again
from scanner.bench.speed import measure_speed
from scanner.commands.shell import answers, note, progress, say
from scanner.commands.storing import keep_in
from scanner.election_package import read_election
from scanner.errors import ExitCode, UsageError
from scanner.simulate.elections import shipped_election
from scanner.store.opening import open_store


def bench_speed(count: int, workers: int, election: Path | None, *, json: bool) -> int:
    """Print how fast this machine reads."""
    seen = measure_speed(count, workers, election)
    if json:
        say(seen)
        return ExitCode.DONE
    table = Table(title=f"{seen.sheets} sheets, both sides, wear level 1")
    table.add_column("stage")
    table.add_column("ms a side", justify="right")
    for stage, ms in seen.ms_per_side.items():
        table.add_row(stage, f"{ms:.2f}")
    table.add_section()
    table.add_row("total, one core", f"{seen.total_ms_per_side:.2f}")
    table.add_row("decoding alone", f"{seen.decode_floor_ms:.2f}")
    table.add_row("ratio", f"{seen.ratio_to_floor:.2f}")
    answers.print(table)
    answers.print(f"{seen.sides_per_s} sides/s with {seen.workers} workers, peak {seen.peak_rss_mb} MB")
    return ExitCode.DONE


def bench_capture(count: int, names: str, out: Path | None, *, json: bool) -> int:
    """Print how fast sheets of each source are in the store; what was made goes if `out` is None."""
    if out is not None and out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} is not empty: choose another folder for the bench.")
    table = Table(title=f"{count} sheets through worker, spool and store")
    columns = "images/s", "plain images/s", "ratio", "CPU ms/image", "MB", "host RSS MB", "worker RSS MB"
    table.add_column("source")
    for column in columns:
        table.add_column(column, justify="right")
    with TemporaryDirectory(prefix="valgskanner-bench-") as moment:
        for one in measure_capture(names.split(","), count, out or Path(moment), _stored):
            if json:
                say(one)
            else:
                table.add_row(*_cells(one))
    if not json:
        answers.print(table)
    return ExitCode.DONE


def _cells(seen: CaptureSpeed | Absent) -> tuple[str, ...]:
    """A row: memory after a fifth of the sheets, at the end, and at its peak."""
    if isinstance(seen, Absent):
        return seen.source, seen.absent
    cells = seen.images_per_s, seen.plain_images_per_s, seen.ratio_to_plain, seen.cpu_ms_per_image
    memory = ((*seen.host_rss_mb, seen.host_peak_mb), (*seen.worker_rss_mb, seen.worker_peak_mb))
    told = (f"{early:g} → {late:g}, peak {peak:g}" for early, late, peak in memory)
    return seen.source, *map(str, cells), f"{seen.megabytes}", *told


@contextmanager
def _stored(folder: Path) -> Iterator[Keep]:
    """A store as a count has it."""
    election = read_election(shipped_election("kommunestyre"))
    with open_store(f"sqlite:{folder / 'count.db'}") as store:
        store.bind(election)
        store.add_box(Box(BOX, election.categories[0].code, election.kretser[0].code))
        yield keep_in(store, note)


def bench_accuracy(campaign: Campaign, out: Path | None, workers: int | None, *, json: bool) -> int:
    """Print how often the reading is wrong but sure, and how often it doubts; exit code 4 if ever wrong."""
    count = workers or os.cpu_count() or 1
    settings = campaign.settings()
    if out is None:
        seen = accuracy(tally(_watched(campaign, count, Counter())), settings.seed, settings.version)
    else:
        with opened(out, settings) as record:
            try:
                for one in _watched(campaign, count, record.done):
                    record.add(one)
            except KeyboardInterrupt:
                note(f"Stopped; {record.done.total()} sheets are in {out}. The same command goes on there.")
                raise
        seen = write_report(out, campaign.plan)
        note(f"{out / 'report.md'} and its pictures are written.")
    if json:
        say(seen)
    else:
        answers.print(_table(seen))
    wrong = seen.ballots.wrong_but_sure or seen.positions.wrong_but_sure
    return ExitCode.DISAGREE if wrong else ExitCode.DONE


def bench_sheet(case: Case, plan: Plan, out: Path, *, json: bool) -> int:
    """Leave one sheet of a campaign in a folder; exit code 4 if it is read wrong but sure."""
    seen = again(case, plan, out)
    if json:
        say(seen)
    else:
        answers.print(f"{case.pile.name}, seed {case.seed}, sheet {case.sheet}: {seen.said}")
        answers.print(f"true {seen.category}, read as {seen.read_as} {' '.join(seen.reasons)}")
        for one in seen.other:
            place = f"{one.field} {one.candidate or ''}".rstrip()
            answers.print(f"{place}: {one.how} {one.truth}, read {one.seen}: {one.said}")
        answers.print(f"In {out}: images, truth.json, reading.json, answer.json and pictures.")
    wrong = Agreement.WRONG_BUT_SURE in {seen.said, *(one.said for one in seen.other)}
    return ExitCode.DISAGREE if wrong else ExitCode.DONE


def _watched(campaign: Campaign, workers: int, done: Counter[Pile]) -> Iterator[Answer]:
    """The answers as they come, with progress; a sheet that killed its process is named."""
    what = f"{len(campaign.piles)} piles" if len(campaign.piles) > 1 else campaign.piles[0].name
    for one in progress(run(campaign, workers, done), what, campaign.left(done)):
        if one.crashed:
            note(f"The process that read sheet {one.case.sheet} of {one.case.pile.name} died.")
        yield one


def _table(seen: Accuracy) -> Table:
    table = Table(title=f"{seen.deck}: {seen.election}, wear {seen.wear}, seed {seen.seed}")
    table.add_column("", no_wrap=True)
    for column in ("n", "wrong but sure", "doubtful", "95 % bound of wrong", "disputed", "decided"):
        table.add_column(column, justify="right")
    _add(table, {"ballots": seen.ballots, "ballots that need no person": seen.without_cause})
    _add(table, {"positions": seen.positions})
    told = ("field", "shape", "strength", "election", "wear")
    for rows in (seen.categories, *(seen.positions_by.get(name, {}) for name in told)):
        table.add_section()
        _add(table, rows)
    return table


def _add(table: Table, scores: dict[str, Score]) -> None:
    for name, one in scores.items():
        cells = f"{one.n}", f"{one.wrong_but_sure}", f"{one.doubtful}", f"{one.upper95:.2e}"
        table.add_row(name, *cells, f"{one.disputed}", f"{one.decided_disputed}")
