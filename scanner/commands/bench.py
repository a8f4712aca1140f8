"""The command `bench`: measure, print."""

import os
from pathlib import Path

from rich.table import Table

from scanner.bench.accuracy import Score, Trial, said_of, summed
from scanner.bench.speed import measure_speed
from scanner.commands.shell import answers, progress, say
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


def bench_accuracy(trial: Trial, count: int, workers: int | None, *, json: bool) -> int:
    """Print how often the reading is wrong but sure, and how often it doubts; exit code 4 if ever wrong."""
    answers_of = said_of(trial, count, workers or os.cpu_count() or 1)
    seen = summed(trial, progress(answers_of, f"{trial.election}, wear {trial.wear}", count))
    if json:
        say(seen)
    else:
        table = Table(title=f"{trial.election}, wear {trial.wear}, seed {trial.seed}")
        table.add_column("")
        for column in ("n", "wrong but sure", "doubtful", "95 % bound of wrong"):
            table.add_column(column, justify="right")
        _add(table, {"ballots": seen.ballots, "ballots that need no person": seen.without_cause})
        _add(table, {"boxes": seen.positions})
        table.add_section()
        _add(table, seen.categories)
        table.add_section()
        _add(table, seen.kinds)
        answers.print(table)
    wrong = seen.ballots.wrong_but_sure or seen.positions.wrong_but_sure
    return ExitCode.DISAGREE if wrong else ExitCode.DONE


def _add(table: Table, scores: dict[str, Score]) -> None:
    for name, one in scores.items():
        table.add_row(name, str(one.n), str(one.wrong_but_sure), str(one.doubtful), f"{one.upper95:.2e}")
