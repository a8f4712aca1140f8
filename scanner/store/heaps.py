"""Equal ballots lie on one heap: a million decided ballots are a few thousand different ones.

The database counts them, so that a tally takes seconds; what is on a heap is decoded once. What is added
up is what `Store.ballots` gives one by one.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, ColumnExpressionArgument, Connection, and_, exists, func, or_, select

from scanner.ballot import Ballot, Box, Category, Decision
from scanner.store import current, rows
from scanner.store.codec import decode
from scanner.store.schema import boxes, decisions, sheets, verdicts
from scanner.store.session import Session

_AFTER_SHEET = '","category":"'  # no sheet's name can hold it: in JSON its quotes would be escaped
_BEFORE = '{"sheet":"'
Heap = tuple[Ballot, int]


def heaps(session: Session) -> tuple[Heap, ...]:
    """Every sheet of one moment: decided ones by the heap, without a sheet's name, the others one by one.

    Raises StoreError if a decision is damaged.
    """
    with session.snapshot() as connection:
        decided = tuple(_decided(connection))
        known = all(_settled(one) for one, _ in decided)
        fed = connection.execute(select(func.count()).select_from(sheets)).scalar_one()
        if known and sum(many for _, many in decided) == fed:
            return decided
        some = tuple(_others(connection, known=known))
    return (*(one for one in decided if _settled(one[0])), *some)


def _settled(ballot: Ballot) -> bool:
    """False for a decision that says neither what a ballot is nor why it is rejected: it is named singly."""
    said = ballot.decision
    return said is not None and (said.category is not Category.TVILSOM or said.rejected is not None)


def _decided(connection: Connection) -> Iterator[Heap]:
    """All ballots with a decision, equal ones of one category and krets together, in a box without a name."""
    place = func.instr if connection.dialect.name == "sqlite" else func.strpos
    text = decisions.c.decision
    tail = func.substr(text, place(text, _AFTER_SHEET)).label("tail")
    key = boxes.c.category, boxes.c.krets, tail
    joined = decisions.join(sheets, sheets.c.id == decisions.c.sheet).join(boxes, boxes.c.id == sheets.c.box)
    query = select(*key, func.count()).select_from(joined).where(_stands()).group_by(*key)
    known: dict[str, Decision] = {}  # the same words stand in many places
    for category, krets, said, many in connection.execute(query):
        if said not in known:
            known[said] = decode(_BEFORE + said, Decision)
        yield Ballot("", Box("", category, krets), None, known[said]), int(many)


def _stands() -> ColumnElement[bool]:
    """True for a decision that is the current one of its sheet: see `current`."""
    newer, other = verdicts.alias("newer"), decisions.alias("other")
    machine, by_other = decisions.c.by_machine, other.c.by_machine
    last = select(func.max(newer.c.seq)).where(newer.c.sheet == decisions.c.sheet).scalar_subquery()
    beaten: ColumnExpressionArgument[bool] = or_(
        and_(~by_other, or_(machine, other.c.seq > decisions.c.seq)),
        and_(machine, by_other, other.c.verdict == decisions.c.verdict, other.c.seq > decisions.c.seq),
    )
    same = and_(other.c.sheet == decisions.c.sheet, other.c.seq != decisions.c.seq)
    return and_(or_(~machine, decisions.c.verdict == last), ~exists().where(same, beaten))


def _others(connection: Connection, *, known: bool) -> Iterator[Heap]:
    """Every sheet without a decision, and those whose decision says nothing if there are any."""
    columns: tuple[ColumnElement[Any], ...] = (
        *(sheets.c.id, verdicts.c.verdict, current.decided.label("decision")),
        *(sheets.c.box, boxes.c.category, boxes.c.krets),
    )
    query = current.standing(*columns).order_by(sheets.c.seq)
    if known:
        query = query.where(~exists().where(decisions.c.sheet == sheets.c.id, _stands()))
    for row in connection.execute(query):
        one = rows.ballot(row)
        if not _settled(one):
            yield one, 1
