"""Between rows and nouns: reading, writing and checking them inside an open transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Row, Select, select
from sqlalchemy.exc import SQLAlchemyError

from scanner.audit.chain import Value
from scanner.audit.events import Act
from scanner.ballot import Ballot, Box, Decision, Sheet, Verdict
from scanner.errors import StoreError
from scanner.store import acts, current, dialect, schema
from scanner.store.codec import decode, encode, plain
from scanner.store.records import SheetRecord, SideRecord


@contextmanager
def as_store_error() -> Iterator[None]:
    """What the database complains of, as a StoreError in one sentence."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(f"The store cannot go on: {cause(error)}.") from error
    except UnicodeDecodeError as error:  # a damaged file: what the database complains of is no text
        raise StoreError("The store cannot go on: the database holds words that are no text.") from error


def cause(error: SQLAlchemyError) -> str:
    """The database's own words, without the SQL."""
    return str(getattr(error, "orig", None) or error)


def read_boxes(connection: Connection, box: str | None = None) -> tuple[Box, ...]:
    """The boxes in the order they were registered, or the one with this id."""
    query = select(schema.boxes).order_by(schema.boxes.c.seq)
    if box is not None:
        query = query.where(schema.boxes.c.id == box)
    return tuple(Box(row.id, row.category, row.krets) for row in connection.execute(query))


def with_sides(connection: Connection, rows: Iterable[Row[Any]]) -> tuple[SheetRecord, ...]:
    """Rows of `sheets` with their sides, fetched in one query."""
    rows = list(rows)
    query = select(schema.sides).where(schema.sides.c.sheet.in_([row.id for row in rows]))
    found: dict[str, list[SideRecord]] = {row.id: [] for row in rows}
    for one in connection.execute(query.order_by(schema.sides.c.sheet, schema.sides.c.position)):
        found[one.sheet].append(SideRecord(one.sha256, one.name, one.dpi, one.page, one.problem))
    return tuple(
        SheetRecord(row.box, row.number, row.name, row.device, row.imprint, tuple(found[row.id]))
        for row in rows
    )


def read_sheet(connection: Connection, sheet: str) -> SheetRecord | None:
    """The sheet with this id, None if there is none."""
    row = connection.execute(select(schema.sheets).where(schema.sheets.c.id == sheet)).one_or_none()
    return None if row is None else with_sides(connection, [row])[0]


def check_same(known: SheetRecord, sheet: Sheet, hashes: Sequence[str]) -> None:
    """Raise StoreError unless the sheet fed again is the one that is stored under its number."""
    old = [(one.sha256, one.page) for one in known.sides]
    new = [(digest, one.page) for digest, one in zip(hashes, sheet.images, strict=True)]
    if old != new:
        raise StoreError(
            f"Sheet {known.id} is already stored with other images "
            f"(stored {_short(old)}, now {_short(new)}); feed the paper under a new number."
        )


def _short(sides: Iterable[tuple[str, int]]) -> str:
    return " ".join(digest[:12] for digest, _ in sides) or "no image"


def check_not_erased(connection: Connection, hashes: Sequence[str]) -> None:
    """Raise StoreError if an image was erased after a count: this file was fed before."""
    erased = schema.erased.c.sha256
    if connection.execute(select(erased).where(erased.in_(hashes)).limit(1)).first():
        raise StoreError("An image of this sheet was erased after it was counted: this file was fed before.")


def insert_sheet(connection: Connection, sheet: Sheet, hashes: Sequence[str]) -> None:
    """Add the rows of a sheet whose images are already safe."""
    sides = sides_of(sheet, hashes)
    acts.add(connection, Act.SHEET_KEPT, sheet.id, row_of(sheet), also=tuple(said_of_sides(sides)))
    if sheet.images:
        pixels = [{"sha256": h, "bytes": len(one.data)} for h, one in zip(hashes, sheet.images, strict=True)]
        connection.execute(dialect.insert_new(connection, schema.images), pixels)
        connection.execute(schema.sides.insert(), sides)


def row_of(sheet: Sheet) -> dict[str, object]:
    """A sheet as a row, without its number."""
    return {
        "id": sheet.id,
        "box": sheet.box,
        "number": sheet.number,
        "name": plain(sheet.name),
        "device": plain(sheet.device),
        "imprint": None if sheet.imprint is None else plain(sheet.imprint),
    }


def said_of_sides(sides: Iterable[Mapping[Any, Any]]) -> Iterator[Value]:
    """All that the sides of one sheet say, side by side."""
    for one in sides:
        yield from (one[column.name] for column in schema.sides.columns)


def sides_of(sheet: Sheet, hashes: Sequence[str]) -> list[dict[str, object]]:
    """The sides of a sheet as rows; `hashes` are those of its images."""
    return [
        {
            "sheet": sheet.id,
            "position": position,
            "sha256": hashes[position],
            "name": plain(one.name),
            "dpi": one.dpi,
            "page": one.page,
            "problem": None if one.problem is None else plain(one.problem),
        }
        for position, one in enumerate(sheet.images)
    ]


def check_known(connection: Connection, sheet: str) -> None:
    """Raise StoreError if there is no such sheet."""
    found = connection.execute(select(schema.sheets.c.seq).where(schema.sheets.c.id == sheet)).first()
    if found is None:
        raise StoreError(f"There is no sheet {sheet} in the store.")


def insert_decision(connection: Connection, decision: Decision) -> None:
    """Add a decision unless it is the current one already. See `Store.add_decision` for errors."""
    columns = (schema.verdicts.c.seq, schema.verdicts.c.verdict, current.decided)
    stands = connection.execute(current.standing(*columns).where(schema.sheets.c.id == decision.sheet)).one()
    verdict = None if stands[1] is None else decode(str(stands[1]), Verdict)
    _check_decision(decision, verdict)
    text = encode(decision)
    if text == stands[2]:
        return
    row = {
        "sheet": decision.sheet,
        "verdict": stands[0],
        "by_machine": not decision.decided_by,
        "decision": text,
    }
    acts.add(connection, Act.BALLOT_DECIDED, decision.sheet, row, by=decision.decided_by)


def _check_decision(decision: Decision, verdict: Verdict | None) -> None:
    if len(decision.decided_by) == 1:
        raise StoreError(f"Sheet {decision.sheet}: one person's word decides no ballot.")
    if decision.decided_by:
        return
    if verdict is None or not verdict.sure:
        raise StoreError(f"Sheet {decision.sheet}: the machine is not sure of it and cannot decide it.")
    if decision.rejected is not None:
        raise StoreError(f"Sheet {decision.sheet}: the machine rejects no ballot.")


def narrowed(query: Select[Any], box: str | None, krets: str | None, category: str | None) -> Select[Any]:
    """Only the sheets of a box, of a krets, of a vote category."""
    for column, wanted in (
        (schema.boxes.c.id, box),
        (schema.boxes.c.krets, krets),
        (schema.boxes.c.category, category),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    return query


def ballot(row: Row[Any]) -> Ballot:
    """A row of `Store.ballots` as a noun."""
    return Ballot(
        row.id,
        Box(row.box, row.category, row.krets),
        None if row.verdict is None else decode(row.verdict, Verdict),
        None if row.decision is None else decode(row.decision, Decision),
    )


STATES = (Act.COUNT_OPENED, Act.COUNT_CLOSED, Act.COUNT_REOPENED)
PEOPLE = 2  # who open, close or reopen a count


def state(connection: Connection) -> Act | None:
    """The last of opened, closed and reopened; None if the count was never opened."""
    table = schema.statements
    query = select(table.c.act).where(table.c.act.in_(STATES)).order_by(table.c.seq.desc()).limit(1)
    act = connection.execute(query).scalar_one_or_none()
    return None if act is None else Act(act)


def check_open(connection: Connection) -> None:
    """Raise StoreError if the count is closed."""
    if state(connection) is Act.COUNT_CLOSED:
        raise StoreError("The count is closed: two people can reopen it, saying why.")


def _names(people: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(plain(one).split()) for one in people))


def two_people(people: tuple[str, ...], what: str) -> tuple[str, ...]:
    """The names as they are kept. Raises StoreError unless they are of two people at least."""
    names = _names(people)
    if len(names) < PEOPLE or not all(names):
        raise StoreError(f"To {what} a count takes two people: give both names.")
    return names


def add_statement(
    connection: Connection, act: Act, people: tuple[str, ...], reason: str = "", body: str = ""
) -> None:
    """Add what is said of the count as a whole. Raises StoreError unless two people say what only two may."""
    names = two_people(people, _WORDS[act]) if act in STATES else _names(people)
    row = {"act": act.value, "people": encode(names), "reason": plain(reason), "body": body}
    acts.add(connection, act, "the count", row, by=names)


_WORDS = {Act.COUNT_OPENED: "open", Act.COUNT_CLOSED: "close", Act.COUNT_REOPENED: "reopen"}
