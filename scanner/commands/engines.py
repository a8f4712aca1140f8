"""The command `bench engine`: one table, the county beside this machine."""

from rich.table import Table

from scanner.commands.engine_speed import EngineSpeed, measure_engines
from scanner.commands.shell import answers, note, say
from scanner.errors import ExitCode


def bench_engines(url: str, sheets: int, workers: tuple[int, ...], *, json: bool) -> int:
    """Print how fast each engine reads, and what the county adds to a sheet."""
    table = Table(title=f"{sheets} sheets, both sides, one server")
    for column in ("engine", "reader", "workers", "sheets/s", "ms a sheet"):
        table.add_column(column, justify="left" if column in {"engine", "reader"} else "right")
    seen: list[EngineSpeed] = []
    for one in measure_engines(url, sheets, workers):
        seen.append(one)
        if json:
            say(one)
        table.add_row(one.engine, one.reader, f"{one.workers}", f"{one.sheets_per_s}", f"{one.ms_per_sheet}")
    if not json:
        answers.print(table)
    bare = {one.engine: one.ms_per_sheet for one in reversed(seen) if one.reader == "none"}
    note(
        f"A sheet that nobody looks at takes {bare['local']} ms here and {bare['county']} ms in the county "
        f"with {workers[0]} workers; the queue alone {bare['queue']} ms."
    )
    return ExitCode.DONE
