"""What is current: a query over rows that are never changed.

The current verdict of a sheet is the one added last. People's latest decision stands over any
machine; a decision by the machine stands only as long as the verdict it followed from is current.
"""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Join, Select, and_, func, select
from sqlalchemy.sql.selectable import ScalarSelect

from scanner.ballot import Category
from scanner.store.schema import boxes, decisions, sheets, verdicts

people = decisions.alias("people")
machine = decisions.alias("machine")
decided = func.coalesce(people.c.decision, machine.c.decision)


def _latest_verdict() -> ScalarSelect[int]:
    one = verdicts.alias("any_verdict")
    return select(func.max(one.c.seq)).where(one.c.sheet == sheets.c.id).scalar_subquery()


def _latest_by_people() -> ScalarSelect[int]:
    one = decisions.alias("any_by_people")
    mine = and_(one.c.sheet == sheets.c.id, one.c.by_machine.is_(False))
    return select(func.max(one.c.seq)).where(mine).scalar_subquery()


def _latest_by_machine() -> ScalarSelect[int]:
    one = decisions.alias("any_by_machine")
    mine = and_(one.c.sheet == sheets.c.id, one.c.by_machine.is_(True), one.c.verdict == verdicts.c.seq)
    return select(func.max(one.c.seq)).where(mine).scalar_subquery()


def standing(*columns: ColumnElement[Any]) -> Select[Any]:
    """The given columns of every sheet, its box, its current verdict and its current decision."""
    return select(*columns).select_from(_joined())


@cache
def _joined() -> Join:
    """Put together once: that takes longer than asking the database."""
    return (
        sheets.join(boxes, boxes.c.id == sheets.c.box)
        .outerjoin(verdicts, verdicts.c.seq == _latest_verdict())
        .outerjoin(people, people.c.seq == _latest_by_people())
        .outerjoin(machine, machine.c.seq == _latest_by_machine())
    )


def doubtful() -> ColumnElement[bool]:
    """True for a sheet that was read, is not sure and is not decided."""
    return and_(verdicts.c.category == Category.TVILSOM.value, decided.is_(None))
