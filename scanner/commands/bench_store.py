"""The command `bench store`: fill a store, measure, print, draw."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory

import msgspec
from rich.table import Table

from scanner.bench.store import StoreSpeed, draw, measure_store
from scanner.commands.shell import answers, note, say
from scanner.errors import ExitCode, StoreError

SQLITE_BYTES = 4000, 260  # a sheet without fields, a field more; measured, with room to spare


def bench_store(sheets: int, url: str | None, marks: int, seed: int, out: Path | None, *, json: bool) -> int:
    """Print what a store of growing size costs; exit code 8 if it does not hold."""
    with _place(url, out, sheets * (SQLITE_BYTES[0] + marks * SQLITE_BYTES[1])) as place:
        seen: list[StoreSpeed] = []
        for one in measure_store(sheets, place, marks, seed):
            seen.append(one)
            if json:
                say(one)
            else:
                note(f"{one.sheets} sheets: {one.inserts_per_s} kept a second, {one.tally_s} s to add up")
            if out is not None:
                (out / "store.jsonl").write_bytes(b"".join(msgspec.json.encode(s) + b"\n" for s in seen))
    if not json:
        answers.print(_table(seen))
    if out is not None:
        draw(seen, out / "store.png")
        note(f"Wrote {out / 'store.jsonl'} and {out / 'store.png'}")
    return ExitCode.AUDIT if any(one.flaws for one in seen) else ExitCode.DONE


@contextmanager
def _place(url: str | None, out: Path | None, need: int) -> Iterator[str]:
    """Where to make the store. StoreError if the disk of a file cannot take `need` bytes."""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    if url is not None:
        yield url
        return
    with TemporaryDirectory(prefix="valgskanner-bench-") as moment:
        folder = out or Path(moment)
        free = disk_usage(folder).free
        if free < need:
            raise StoreError(
                f"The disk of {folder} has {free // 10**9} GB free, so many sheets take {need // 10**9 + 1}: "
                "say --out FOLDER on a larger one, or fewer sheets or marks."
            )
        yield f"sqlite:{folder / 'count.db'}"


def _table(seen: list[StoreSpeed]) -> Table:
    table = Table(title=f"{seen[-1].database}, {seen[-1].reading_bytes:.0f} bytes of reading a sheet")
    columns = (
        "sheets",
        "kept/s",
        "CPU ms",
        "tally s",
        "CPU s",
        "verify s/10,000",
        "CPU s",
        "bytes/sheet",
        "flaws",
    )
    for column in columns:
        table.add_column(column, justify="right")
    for one in seen:
        kept = one.sheets, one.inserts_per_s, one.cpu_ms_per_insert
        verified = one.verify_s_per_10000, one.verify_cpu_s_per_10000
        cells = *kept, one.tally_s, one.tally_cpu_s, *verified, one.bytes_per_sheet, one.flaws
        table.add_row(*map(str, cells))
    return table
