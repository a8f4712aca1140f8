"""The command `bench`: measure, print."""

from pathlib import Path

from rich.table import Table

from scanner.bench.speed import measure_speed
from scanner.commands.shell import answers, say
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
