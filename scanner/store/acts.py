"""Every row enters the store together with its link of the chain, in the same transaction."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Insert, Table, select

from scanner.audit.chain import Head, Value, following, row_digest
from scanner.audit.events import Act
from scanner.store import dialect, schema

TABLE = {
    Act.ELECTION_BOUND: schema.binding,
    Act.BOX_ADDED: schema.boxes,
    Act.BOX_EXPECTED: schema.expected,
    Act.BOX_EXPLAINED: schema.explanations,
    Act.LABEL_KEPT: schema.labels,
    Act.STACK_SHEET_TOLD: schema.stack_sheets,
    Act.SHEET_KEPT: schema.sheets,
    Act.SHEET_READ: schema.verdicts,
    Act.OPINION_GIVEN: schema.opinions,
    Act.BALLOT_DECIDED: schema.decisions,
    Act.COUNT_OPENED: schema.statements,
    Act.COUNT_CLOSED: schema.statements,
    Act.COUNT_REOPENED: schema.statements,
    Act.PROTOCOL_WRITTEN: schema.statements,
    Act.STORE_UPGRADED: schema.statements,
    Act.IMAGES_ERASED: schema.erasures,
    Act.SAMPLE_DRAWN: schema.statements,
    Act.SAMPLE_ENTERED: schema.statements,
    Act.RESULTS_TAKEN: schema.statements,
}


def key_of(table: Table) -> str:
    """The column that numbers the rows of a table."""
    return "one" if table is schema.binding else "seq"


def said(table: Table, row: Mapping[Any, Any]) -> list[Value]:
    """All that a row says, in the order of its columns, without its own number."""
    return [row[one.name] for one in table.columns if one.name != key_of(table)]


def add(
    connection: Connection,
    act: Act,
    of: str,
    row: Mapping[str, Any],
    *,
    by: tuple[str, ...] = (),
    also: tuple[Value, ...] = (),
    new: bool = False,
) -> int | None:
    """Add a row and its link; the row's number, or None if `new` and a row with its key is there already.

    `also`: what stands in other tables and belongs to the row (the sides of a sheet).
    """
    table = TABLE[act]
    insert: Insert = dialect.insert_new(connection, table) if new else table.insert()
    at = connection.execute(insert.returning(table.c[key_of(table)]), row).scalar_one_or_none()
    if at is not None:
        digest = row_digest(f"{table.name}", (*said(table, row), *also))
        link = following(head(connection), act, of, at=int(at), row=digest, by=by)
        event = {"number": link.event.number, "act": act.value, "at": int(at), "event": link.text}
        connection.execute(schema.acts.insert(), event | {"hash": link.hash})
    return at


def head(connection: Connection) -> Head:
    """Where the chain ends."""
    query = select(schema.acts.c.number, schema.acts.c.hash).order_by(schema.acts.c.number.desc()).limit(1)
    last = connection.execute(query).one_or_none()
    return Head() if last is None else Head(last.number, last.hash)
