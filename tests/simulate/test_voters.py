"""Voters keep to the shares of real counts and to paper they were given."""

from collections import Counter
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import FieldKind, Rect, StampState, StyleKind
from scanner.election import ElectionType
from scanner.simulate.acts import free_place, name_of
from scanner.simulate.intention import ActKind
from scanner.simulate.pens import InkColour
from scanner.simulate.shares import shares
from scanner.simulate.stamps import Die, DieShape
from scanner.simulate.truth import judged
from scanner.simulate.voters import vote, voter
from tests.simulate.papers import press, style

DIE = Die(DieShape.OVAL, (34.0, 22.0), 2, ("ÅLMØY", "VALG"), None, 0.5, InkColour.BLUE)
BUSY = {
    "amended_kommunestyre": 0.9,
    "amended_fylkesting": 0.9,
    "amended_storting": 0.9,
    "amended_sameting": 0.9,
    "written_in": 0.5,
    "written_wrongly": 0.2,
    "numbered_wrongly": 0.3,
    "blank": 0.1,
    "blank_with_name": 0.5,
    "tick_off": 0.2,
    "ticked_wrongly": 0.4,
    "comment": 0.3,
    "drawing": 0.3,
    "around_name": 0.4,
    "useless_strike": 0.3,
    "corrected": 0.3,
    "slip": 0.3,
    "party_struck": 0.1,
    "stamp_absent": 0.1,
    "stamp_weak": 0.1,
    "stamp_outside": 0.1,
}


def intentions(kind, count, seed=0, **changed):
    s = replace(shares(), **changed)
    print_ = press(kind)
    return [
        vote(print_.election, print_.styles, np.random.default_rng([seed, n]), die=DIE, s=s)
        for n in range(count)
    ]


def test_shares_are_shares():
    s = shares()
    assert all(0 <= getattr(s, one.name) < 1 for one in fields(s))


def test_a_kommunestyre_election_looks_like_one():
    votes = intentions(ElectionType.KOMMUNESTYRE, 2500)
    kinds = Counter(kind for one in votes for kind in {act.kind for act in one.acts})
    marked = sum(any(a.kind is ActKind.MARK for a in one.acts) for one in votes) / len(votes)
    assert 0.40 < marked < 0.50
    assert 0.035 < kinds[ActKind.WRITE_IN] / len(votes) < 0.065
    assert 0.002 < sum(one.style == "blank" for one in votes) / len(votes) < 0.012
    assert 0.98 < sum(one.stamp_state is StampState.PRESENT for one in votes) / len(votes) < 0.999


@pytest.mark.parametrize("kind", list(ElectionType))
def test_every_ballot_of_every_election_can_be_judged(kind):
    for one in intentions(kind, 150, **BUSY):
        told = judged(press(kind).election, press(kind).style(one.style), one)
        assert {act.field for act in one.acts} - {None} <= set(press(kind).style(one.style).fields)
        assert told.needs_person or told.category != "tvilsom"


def test_busy_voters_do_everything():
    seen = {act.kind for kind in ElectionType for one in intentions(kind, 200, **BUSY) for act in one.acts}
    assert seen == set(ActKind) - {ActKind.TAIL}  # a tail alone is a kind of ballot, no voter's wish
    states = {one.stamp_state for one in intentions(ElectionType.FYLKESTING, 100, **BUSY)}
    assert states == set(StampState)


@given(st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_the_same_seed_is_the_same_voter(seed):
    once, again = (intentions(ElectionType.STORTING, 1, seed, **BUSY) for _ in range(2))
    assert once == again
    assert voter(np.random.default_rng(seed)) == voter(np.random.default_rng(seed))


def test_stamps_land_where_their_state_says():
    field = style().of(FieldKind.STAMP)[0].rect
    for one in intentions(ElectionType.KOMMUNESTYRE, 300, stamp_outside=0.3):
        if one.stamp is None:
            continue
        x, y = one.stamp.at
        inside = field.x <= x <= field.x + field.w and field.y <= y <= field.y + field.h
        assert inside == (one.stamp_state is not StampState.OUTSIDE)
        assert abs(one.stamp.turned_deg) <= 30


def test_without_a_stamp_nothing_is_stamped():
    print_ = press()
    one = vote(print_.election, print_.styles, np.random.default_rng(3))
    assert (one.stamp, one.stamp_state) == (None, StampState.ABSENT)


@given(st.integers(0, 10**6), st.sampled_from([ActKind.COMMENT, ActKind.DRAWING, ActKind.SLIP]))
@settings(max_examples=40, deadline=None)
def test_words_and_drawings_keep_clear_of_every_field(seed, kind):
    act = free_place(style(), kind, Rect(0, 0, 60, 8), np.random.default_rng(seed), text="HEI")
    assert act is not None
    for one in style().fields:
        apart = (
            act.aim.x + act.aim.w <= one.rect.x
            or one.rect.x + one.rect.w <= act.aim.x
            or act.aim.y + act.aim.h <= one.rect.y
            or one.rect.y + one.rect.h <= act.aim.y
        )
        assert apart or one.face is not act.face


@pytest.mark.parametrize("kind", [ElectionType.KOMMUNESTYRE, ElectionType.STORTING])
def test_names_lie_between_their_boxes(kind):
    one = style(kind)
    assert one.kind is StyleKind.PARTY
    for n, strike in enumerate(one.of(FieldKind.STRIKE)):
        name = name_of(one, n)
        assert one.of(FieldKind.RENUMBER)[n].rect.x < name.x < name.x + name.w < strike.rect.x
