"""The same paper scanned again carries the same ink; what two scans make of it is compared field by field."""

from dataclasses import replace

import numpy as np
import pytest

from scanner.ballot import (
    Category,
    Face,
    Field,
    FieldKind,
    Identity,
    Mark,
    MarkState,
    PageImage,
    Proposal,
    Reading,
    Rect,
    Verdict,
)
from scanner.bench.twice import Repeat, TwiceDeck, compared
from scanner.capture.decode import decode
from scanner.pipeline import Outcome
from scanner.simulate.deck import Deck
from tests.simulate.papers import press

MARKED, UNMARKED, UNSURE = MarkState.MARKED, MarkState.UNMARKED, MarkState.DOUBTFUL


def outcome(*states: MarkState, category: Category = Category.RETTET) -> Outcome:
    fields = [
        Field(Face.INSIDE, FieldKind.STRIKE, Rect(0, 9 * n, 4, 4), candidate=n) for n in range(len(states))
    ]
    marks = tuple(Mark(one, state, state, 0.0, 0.5) for one, state in zip(fields, states, strict=True))
    reading = Reading("x", Identity(None, None, None, None, None, agree=True), marks, None, ())
    return Outcome("x", reading, Verdict(category, "A", (), (), Proposal(category), 0.9))


def test_a_box_that_turns_from_mark_to_blank_is_counted() -> None:
    once, again = outcome(MARKED, MARKED, UNSURE, UNMARKED), outcome(MARKED, UNMARKED, MARKED, UNMARKED)
    assert compared("x", once, again) == Repeat("x", both_sure=True, differs=False, boxes=3, flipped=1)


@pytest.mark.parametrize(
    ("category", "both_sure", "differs"),
    [(Category.RETTET, True, False), (Category.URETTET, True, True), (Category.TVILSOM, False, False)],
)
def test_sure_ballots_must_stay_what_they_are(category: Category, both_sure: bool, differs: bool) -> None:
    seen = compared("x", outcome(MARKED), outcome(MARKED, category=category))
    assert (seen.both_sure, seen.differs) == (both_sure, differs)


def test_another_list_is_another_result() -> None:
    once = outcome(MARKED)
    again = replace(once, verdict=replace(once.verdict, list="B"))
    assert compared("x", once, again).differs


def test_what_is_on_the_paper_stays_and_the_scan_is_new() -> None:
    pile = TwiceDeck(Deck(press(), seed=4, level=1))
    first, again = pile.sheet(3), dict(pile.again(3))
    assert pile.sheet(3) == first
    assert set(again) == {"same wear", "other wear"}
    same, other = again["same wear"], again["other wear"]
    assert same.truth.marks == other.truth.marks == first.truth.marks
    assert same.truth.amendments == first.truth.amendments
    assert (same.truth.wear, other.truth.wear) == (1, 2)
    assert same.front not in {first.front, first.back}
    assert other.front not in {same.front, same.back}


def test_papers_of_a_pile_differ() -> None:
    pile = TwiceDeck(Deck(press(), seed=4, level=0))
    a, b = (decode(PageImage("x", pile.sheet(n).front, 200.0)).gray for n in (1, 2))
    assert a.shape != b.shape or np.any(a != b)
