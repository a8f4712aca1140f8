"""The command `calibrate`: choose every bound of the learned readers again, compare with the shipped."""

from itertools import groupby
from pathlib import Path

import msgspec
from rich.table import Table

from scanner.commands.shell import answers, say
from scanner.errors import ExitCode
from scanner.training.bound import Bound, write_bounds
from scanner.training.recheck import READERS, Recheck, readers, recheck, title


class Line(msgspec.Struct, frozen=True):
    """What --json prints for one bound."""

    reader: str
    bound: str
    value: float
    shipped: float | None
    same: bool
    n: int
    errors: int
    upper95: float
    risk: float
    unit: str
    evidence: str


def calibrate(only: str | None, real: Path | None, out: Path | None, *, json: bool) -> int:
    """Print each bound with its evidence; exit code 4 if a shipped one does not follow from it."""
    seen: list[Recheck] = []
    table = _table()
    for one in recheck(readers(only), real):
        seen.append(one)
        line = _line(one)
        if json:
            say(line)
        else:
            table.add_row(*_row(line))
    if not json:
        answers.print(table)
    if out is not None:
        _write(out, seen)
    return ExitCode.DONE if all(one.same for one in seen) else ExitCode.DISAGREE


def _line(one: Recheck) -> Line:
    bound = one.bound
    return Line(
        reader=one.reader, bound=bound.name, value=round(bound.value, 6), shipped=one.shipped, same=one.same,
        n=bound.n, errors=bound.errors, upper95=float(f"{bound.upper95:.3g}"), risk=bound.risk,
        unit=bound.unit, evidence=bound.how,
    )  # fmt: skip


def _table() -> Table:
    table = Table(title="Bounds of the learned readers, chosen again on held-out cases")
    for name in ("reader", "bound"):
        table.add_column(name)
    for name in ("now", "shipped", "n", "errors", "95 % bound", "risk"):
        table.add_column(name, justify="right")
    table.add_column("same")
    return table


def _row(line: Line) -> tuple[str, ...]:
    shipped = "none" if line.shipped is None else f"{line.shipped:.4f}"
    numbers = (f"{line.value:.4f}", shipped, str(line.n), str(line.errors), f"{line.upper95:.2g}")
    return line.reader, line.bound, *numbers, f"{line.risk:g}", "yes" if line.same else "NO"


def _write(out: Path, seen: list[Recheck]) -> None:
    """The numbers as files that can replace the shipped ones."""
    out.mkdir(parents=True, exist_ok=True)
    known = {one.name: one for one in READERS}
    for reader, group in groupby(seen, key=lambda one: one.reader):
        bounds: list[Bound] = [one.bound for one in group]
        write_bounds(out / f"{known[reader].numbers}.toml", title(known[reader]), bounds)
