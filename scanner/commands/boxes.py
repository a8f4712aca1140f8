"""The boxes of a count: which came, which did not, and what people say of those."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
from rich.table import Table

from scanner.commands.labels import listed
from scanner.commands.shell import answers, note, say
from scanner.errors import ExitCode
from scanner.store.opening import open_store
from scanner.store.records import BoxRecord, BoxStanding, Explanation
from scanner.tally.form import BoxCheck


class BoxLine(msgspec.Struct, frozen=True):
    """What `valgskanner boxes --json` prints, a line a box."""

    box: str
    category: str
    krets: str
    number: int | None  # of the boxes of its category and krets; null for a box on no list
    of: int | None
    standing: BoxStanding
    sheets: int
    explained: tuple[Explanation, ...]


def list_boxes(url: str, expect: Path | None, *, json: bool) -> int:
    """Print every box, expected or scanned; exit code 4 if one did not come and nobody has said why."""
    with open_store(url, create=False) as store:
        if expect is not None:
            store.book.expect(listed(expect, store.election()))
        records = store.book.records()
    if json:
        for one in records:
            say(_line(one))
    else:
        answers.print(_table(records))
    check = box_check(records)
    if check is None or not check.missing:
        return ExitCode.DONE
    note(missing_line(check))
    return ExitCode.DISAGREE


def explain_box(url: str, box: str, person: str, words: str) -> int:
    """Keep what a named person says of a box that did not come, or was not closed."""
    with open_store(url, create=False) as store:
        store.book.explain(box, person, words)
    note(f"Box {box}: noted that {person.strip()} says: {words.strip()}")
    return ExitCode.DONE


def box_check(records: Iterable[BoxRecord]) -> BoxCheck | None:
    """Boxes that must come against boxes that came; None if nobody has said which must.

    A box must come if it is on the list of labels printed, or if its start label was fed.
    """
    due = [one for one in records if one.number is not None or one.started]
    if not due:
        return None
    gone = [one for one in due if one.standing is not BoxStanding.SCANNED]
    return BoxCheck(
        expected=len(due),
        scanned=len(due) - len(gone),
        missing=tuple(one.id for one in gone if one.standing is not BoxStanding.EXPLAINED),
        explained=tuple(f"{one.id}: {said.words} ({said.person})." for one in gone for said in one.explained),
    )


def missing_line(check: BoxCheck) -> str:
    """The line that people see until every box has come or is explained."""
    names = ", ".join(check.missing)
    return (
        f"{len(check.missing)} of {check.expected} boxes did not come: {names}. "
        "Scan them, or say why not with valgskanner boxes explain."
    )


def _line(one: BoxRecord) -> BoxLine:
    return BoxLine(
        one.id, one.category, one.krets, one.number, one.of, one.standing, one.sheets, one.explained
    )


def _table(records: Iterable[BoxRecord]) -> Table:
    table = Table(title="Boxes")
    for name in ("box", "category", "krets", "of"):
        table.add_column(name)
    table.add_column("sheets", justify="right")
    table.add_column("standing")
    for one in records:
        said = "; ".join(f"{said.words} ({said.person})" for said in one.explained)
        standing = f"{one.standing}: {said}" if said else one.standing.value
        of = f"{one.number} of {one.of}" if one.number else ""
        table.add_row(one.id, one.category, one.krets, of, str(one.sheets), standing)
    return table
