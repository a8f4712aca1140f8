"""The command `bench`: measure, print."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from scanner.bench.accuracy import Accuracy, Score, accuracy, tally
from scanner.bench.answers import Answer
from scanner.bench.campaign import Campaign, run
from scanner.bench.cases import Pile
from scanner.bench.record import answers as answers_in
from scanner.bench.record import opened
from scanner.bench.speed import measure_speed
from scanner.commands.shell import answers, note, progress, say
from scanner.errors import ExitCode


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


def bench_accuracy(campaign: Campaign, out: Path | None, workers: int | None, *, json: bool) -> int:
    """Print how often the reading is wrong but sure, and how often it doubts; exit code 4 if ever wrong."""
    count = workers or os.cpu_count() or 1
    settings = campaign.settings()
    if out is None:
        counted = tally(_watched(campaign, count, Counter()))
    else:
        with opened(out, settings) as record:
            for one in _watched(campaign, count, record.done):
                record.add(one)
            counted = tally(answers_in(record.path))
    seen = accuracy(counted, settings.seed, settings.version)
    if json:
        say(seen)
    else:
        answers.print(_table(seen))
    wrong = seen.ballots.wrong_but_sure or seen.positions.wrong_but_sure
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
