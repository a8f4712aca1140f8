"""Whether a verdict is right, when the truth is known: right, doubtful, or wrong but sure."""

from collections.abc import Hashable
from enum import StrEnum

from scanner.ballot import Amendment, AmendmentKind, Category, Verdict
from scanner.simulate.truth import Answer, Truth


class Agreement(StrEnum):
    """How a verdict stands to the truth. The last one costs an election."""

    RIGHT = "right"
    DOUBTFUL = "doubtful"
    LEFT_OPEN = "left_open"  # doubted where careful people would differ: as it should be
    DECIDED_DISPUTED = "decided_disputed"  # sure where careful people would differ
    WRONG_BUT_SURE = "wrong_but_sure"


def agreement(truth: Truth, verdict: Verdict) -> Agreement:
    """Compare a verdict with what is true: category, list and every change that counts."""
    if verdict.category is Category.TVILSOM:
        return Agreement.DOUBTFUL
    right = (Answer(truth.category, truth.list, truth.amendments), *truth.also)
    return Agreement.RIGHT if any(_same(one, verdict) for one in right) else Agreement.WRONG_BUT_SURE


def _same(right: Answer, verdict: Verdict) -> bool:
    return (
        verdict.category is right.category
        and verdict.list == right.list
        and {_essence(one) for one in verdict.amendments} == {_essence(one) for one in right.amendments}
    )


def _essence(one: Amendment) -> Hashable:
    """What counts of an amendment: of a written name, whom it means, not how it was spelt."""
    if one.kind is AmendmentKind.WRITE_IN:
        return one.kind, one.person
    return one
