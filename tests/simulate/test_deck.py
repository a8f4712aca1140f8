"""Whole simulated ballots: the same for the same seed, alone or in a pile, with ink where the truth says."""

from dataclasses import replace
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from scanner.ballot import Face, FieldKind, StampState
from scanner.election import ElectionType
from scanner.simulate.acts import mark_in, numbered, written_in
from scanner.simulate.deck import Deck, deck, inked
from scanner.simulate.intention import Intention
from scanner.simulate.marking import mark_up
from scanner.simulate.scan import scanned
from scanner.simulate.shares import shares
from scanner.simulate.voters import impression, voter
from scanner.simulate.wear import scanner, wear
from tests.simulate.papers import press, style
from tests.simulate.test_voters import BUSY, DIE

K = 200 / 25.4


def as_picture(data):
    return np.asarray(Image.open(BytesIO(data)))


def clean(one):
    """Both printed faces as pixels, grey, without bleed."""
    pad = 24
    return tuple(press_of(one).face(one, face, 200.0)[pad:-pad, pad:-pad].copy() for face in Face)


def press_of(one):
    return next(p for p in map(press, ElectionType) if one in p.styles)


def added(one, *acts, stamp=None, seed=0):
    """What the voter and the station added to the print: (inside, outside), 0 no ink."""
    rng = np.random.default_rng(seed)
    pages = clean(one)
    before = [page.astype(int) for page in pages]
    mark_up(pages, Intention(one.id, voter(rng), acts, stamp), K, rng)
    return [b - page for b, page in zip(before, pages, strict=True)]


def share_within(ink, rect):
    x, y, right, low = (round(v * K) for v in (rect.x, rect.y, rect.x + rect.w, rect.y + rect.h))
    return ink[y:low, x:right].sum() / ink.sum()


def test_a_pile_is_the_same_every_time_and_sheet_by_sheet():
    election = press().election
    once, again = (list(deck(election, 4, 11, 2)) for _ in range(2))
    assert once == again
    assert Deck(press(), 11, 2).sheet(3) == once[2]
    assert len({one.front for one in once}) == 4
    assert next(deck(election, 1, 12, 2)).front != once[0].front


def test_sheets_know_their_number_and_their_turning():
    sheets = list(deck(press().election, 12, 3))
    assert [one.truth.index for one in sheets] == list(range(1, 13))
    assert sheets[0].name == "0001"
    assert {one.truth.turned for one in sheets} == {True, False}
    assert {one.truth.outside_first for one in sheets} == {True, False}


@pytest.mark.parametrize("kind", list(ElectionType))
@pytest.mark.parametrize("level", [0, 3])
def test_every_election_gives_pictures_of_the_paper(kind, level):
    pile = Deck(press(kind), 5, level, shares=replace(shares(), **BUSY))
    wide, tall = press(kind).styles[0].page_mm
    for n in (1, 2):
        one = pile.sheet(n)
        for picture in map(as_picture, (one.front, one.back)):
            assert picture.ndim == 2
            assert wide - 2 < picture.shape[1] / K < wide + 45
            assert tall - 2 < picture.shape[0] / K < tall + 45
            assert picture.std() > 15
    assert one.dpi == 200


def test_a_category_without_stamp_rule_does_not_mind_missing_stamps():
    never = replace(shares(), **BUSY | {"stamp_absent": 0.9})
    asked, free = (
        [one.truth for one in deck(press().election, 6, 2, stamp_required=r, shares=never)]
        for r in (True, False)
    )
    assert sum(t.category == "tvilsom" for t in asked) > sum(t.category == "tvilsom" for t in free)


@pytest.mark.parametrize("seed", range(6))
def test_ink_of_a_mark_lands_in_the_box_it_claims(seed):
    place = style().of(FieldKind.PERSONAL_VOTE)[seed % 6]
    inside, outside = added(style(), mark_in(place), seed=seed)
    assert inside.sum() > 100
    assert share_within(inside, place.rect.grown(1.0)) > 0.6
    assert outside.sum() == 0


@pytest.mark.parametrize("rank", [1, 4, 12, 26])
def test_a_new_number_lands_in_its_box(rank):
    place = style(ElectionType.STORTING).of(FieldKind.RENUMBER)[2]
    inside, _ = added(style(ElectionType.STORTING), numbered(place, rank), seed=rank)
    assert share_within(inside, place.rect.grown(0.8)) > 0.9


def test_a_name_and_its_party_land_on_their_line():
    line, party = style().of(FieldKind.WRITE_IN)[1], style().of(FieldKind.WRITE_IN_PARTY)[1]
    inside, _ = added(style(), written_in(style(), line, "Øyvind Ærlig Håskjold", "B/1", "BB"))
    assert share_within(inside, line.rect.grown(1.5)) > 0.7
    assert share_within(inside, party.rect.grown(1.5)) > 0.03


def test_a_stamp_lands_on_the_outside_in_its_field():
    field = style().of(FieldKind.STAMP)[0].rect
    stamp = impression(style(), DIE, np.random.default_rng(2), replace(shares(), stamp_doubled=0.0))
    inside, outside = added(style(), stamp=stamp)
    assert inside.sum() == 0
    assert share_within(outside, field.grown(4)) > 0.9


def test_the_worn_picture_still_holds_the_mark():
    one, rng = style(), np.random.default_rng(8)
    place = one.of(FieldKind.PERSONAL_VOTE)[0]
    worn = wear(scanner(1, rng), one.page_mm, one.folds_mm, rng)
    meant = Intention(one.id, voter(np.random.default_rng(3)), (mark_in(place),))
    marked, empty = (
        scanned(inked(press(), one, voted, worn, np.random.default_rng(0))[0], worn)[0].astype(int)
        for voted in (meant, replace(meant, acts=()))
    )
    spots = np.argwhere(empty - marked > 40)
    assert len(spots) > 60
    assert np.ptp(spots, axis=0).max() < 12 * K


def test_colour_scans_keep_the_colour_of_the_header():
    colourful = type(press())(press().election, colour=True)
    one = Deck(colourful, 4).sheet(1)
    picture = as_picture(one.front)
    assert picture.ndim == 3
    assert cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)[..., 1].mean() > 5


def test_stamp_states_reach_the_truth():
    pile = Deck(press(), 1, 0, shares=replace(shares(), stamp_weak=0.99, stamp_absent=0.0))
    assert pile.sheet(1).truth.stamp is StampState.WEAK


def test_another_box_may_have_another_scanner_and_stamp():
    one_a_sheet = Deck(press(), 1, box=1)
    assert len({one_a_sheet.scanner(n) for n in range(1, 6)}) == 5
    assert len({one_a_sheet.die(n) for n in range(1, 6)}) == 5
    assert Deck(press(), 1).scanner(1) == Deck(press(), 1).scanner(249)
