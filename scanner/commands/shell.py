"""The shell's two channels: answers on stdout, everything else on stderr."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from scanner.lines import line

T = TypeVar("T")

answers = Console(highlight=False, soft_wrap=True)
notes = Console(stderr=True, highlight=False, soft_wrap=True)


def say(value: object) -> None:
    """Print one JSON object on a line of its own on stdout."""
    print(line(value), flush=True)  # noqa: T201 - this is the shell's channel


def note(text: str) -> None:
    """Tell a person something, on stderr."""
    notes.print(text, markup=False)


def progress(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Show how far long work has come, on stderr and only to a person at a terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=notes, disable=not notes.is_terminal, transient=True) as shown:
        task = shown.add_task(what, total=total)
        for item in items:
            yield item
            shown.advance(task)
