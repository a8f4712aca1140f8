"""Many sheets at once, with the very rows and links that they would get one by one.

For measuring large stores only: in a count each sheet is durable before the next is fed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, select

from scanner.audit.chain import Value, following, row_digest
from scanner.audit.events import Act
from scanner.ballot import Decision, Opinion, Reading, Sheet, Verdict
from scanner.store import acts, dialect, moving, rows, schema
from scanner.store.codec import encode
from scanner.store.session import Session

_ORDER = (schema.sheets, schema.verdicts, schema.opinions, schema.decisions)


@dataclass(frozen=True, slots=True)
class Told:
    """One sheet and all that is said of it, in the order it is said; the machine's decision is sure."""

    sheet: Sheet
    version: str
    verdict: Verdict
    reading: Reading
    machine: Decision | None = None
    opinions: tuple[Opinion, ...] = ()
    people: Decision | None = None


def fill(session: Session, many: Iterable[Told]) -> None:
    """Add new sheets of boxes that are registered, in one transaction; nothing of it is checked."""
    with session.write() as connection:
        pen = _Pen(connection)
        for one in many:
            pen.tell(one)
        pen.write()


class _Pen:
    """Rows and links in the making."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._head = connection, acts.head(connection)
        self._last = {table: self._number(table) for table in _ORDER}
        self._rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in (*_ORDER, schema.acts)}
        self._images: list[dict[str, Any]] = []
        self._sides: list[dict[str, Any]] = []

    def _number(self, table: Table) -> int:
        return int(self._connection.execute(select(func.max(table.c.seq))).scalar_one() or 0)

    def tell(self, one: Told) -> None:
        """All that is said of one sheet."""
        hashes = tuple(image.sha256 for image in one.sheet.images)
        sides = rows.sides_of(one.sheet, hashes)
        self._sides += sides
        self._images += [
            {"sha256": digest, "bytes": len(image.data)}
            for digest, image in zip(hashes, one.sheet.images, strict=True)
        ]
        name = one.sheet.id
        self._add(Act.SHEET_KEPT, name, rows.row_of(one.sheet), also=tuple(rows.said_of_sides(sides)))
        verdict = self._add(Act.SHEET_READ, name, _verdict_row(one))
        if one.machine is not None:
            self._decide(one.machine, verdict)
        for said in one.opinions:
            self._add(Act.OPINION_GIVEN, name, {"sheet": name, "opinion": encode(said)}, by=(said.person,))
        if one.people is not None:
            self._decide(one.people, verdict)

    def _decide(self, one: Decision, verdict: int) -> None:
        row = {
            "sheet": one.sheet,
            "verdict": verdict,
            "by_machine": not one.decided_by,
            "decision": encode(one),
        }
        self._add(Act.BALLOT_DECIDED, one.sheet, row, by=one.decided_by)

    def _add(
        self,
        act: Act,
        of: str,
        row: Mapping[str, Any],
        *,
        by: tuple[str, ...] = (),
        also: tuple[Value, ...] = (),
    ) -> int:
        table = acts.TABLE[act]
        at = self._last[table] = self._last[table] + 1
        digest = row_digest(f"{table.name}", (*acts.said(table, row), *also))
        link = following(self._head, act, of, at=at, row=digest, by=by)
        self._head = link.head
        self._rows[table].append({**row, "seq": at})
        event = {"number": link.event.number, "act": act.value, "at": at, "event": link.text}
        self._rows[schema.acts].append(event | {"hash": link.hash})
        return at

    def write(self) -> None:
        """Everything into the database."""
        here = self._connection
        for table in _ORDER:
            if self._rows[table]:
                here.execute(table.insert(), self._rows[table])
            if table is schema.sheets and self._sides:
                here.execute(dialect.insert_new(here, schema.images), self._images)
                here.execute(schema.sides.insert(), self._sides)
        if self._rows[schema.acts]:
            here.execute(schema.acts.insert(), self._rows[schema.acts])
        if here.dialect.name == "postgresql":
            moving.number_on(here)


def _verdict_row(one: Told) -> dict[str, Any]:
    return {
        "sheet": one.sheet.id,
        "version": one.version,
        "category": one.verdict.category.value,
        "verdict": encode(one.verdict),
        "reading": encode(one.reading),
    }
