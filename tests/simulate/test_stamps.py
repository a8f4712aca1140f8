"""Stamps of every shape leave ink of their size; a weak one leaves little."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.simulate.pens import InkColour
from scanner.simulate.stamps import Die, DieShape, Impression, die, engraving, impress

K = 200 / 25.4


def paper():
    return np.full((round(70 * K), round(80 * K)), 255, np.uint8)


def a_die(shape=DieShape.ROUND):
    return Die(
        shape,
        (34.0, 34.0 if shape is DieShape.ROUND else 22.0),
        2,
        ("ÅLMØY", "VALG"),
        "4 SEP 2027",
        0.5,
        InkColour.BLACK,
    )


def pressed(what, seed=0):
    picture = paper()
    area = impress(picture, what, K, np.random.default_rng(seed))
    return 255 - picture.astype(float), area


@pytest.mark.parametrize("shape", list(DieShape))
def test_every_shape_leaves_ink_of_its_size(shape):
    ink, area = pressed(Impression(a_die(shape), (40, 35), 0.0, 0.9, 0.1))
    rows, columns = np.flatnonzero((ink > 60).any(axis=1)), np.flatnonzero((ink > 60).any(axis=0))
    wide, tall = a_die(shape).size_mm
    assert (columns[-1] - columns[0]) / K == pytest.approx(wide, abs=1.5)
    assert (rows[-1] - rows[0]) / K == pytest.approx(tall, abs=1.5)
    assert 20 < area < wide * tall / 2


@given(st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_dies_are_such_as_offices_buy(seed):
    one = die("Ålmøy valgstyre", 2027, np.random.default_rng(seed))
    assert 20 <= one.size_mm[1] <= one.size_mm[0] <= 45
    assert 1 <= one.rings <= 3
    assert one.date is None or one.date.endswith("2027")
    points = np.concatenate([s.points for s in engraving(one, np.random.default_rng(1))])
    assert np.abs(points[:, 0]).max() <= one.size_mm[0] / 2 + 0.6
    assert np.abs(points[:, 1]).max() <= one.size_mm[1] / 2 + 0.6


def test_a_weak_stamp_leaves_a_fraction_of_the_ink_but_some():
    rng = np.random.default_rng(2)
    good = Impression(a_die(), (40, 35), 8.0, 0.9, 0.2)
    strong, weak = pressed(good)[1], pressed(good.weakened(rng))[1]
    assert 0.02 * strong < weak < 0.35 * strong


def test_a_doubled_stamp_leaves_more_ink():
    once = Impression(a_die(), (40, 35), 0.0, 0.9, 0.1)
    assert pressed(replace(once, doubled_mm=(1.0, 0.6)))[1] > 1.7 * pressed(once)[1]


def test_uneven_inking_is_uneven():
    even, uneven = (pressed(Impression(a_die(), (40, 35), 0.0, 0.9, u))[0] for u in (0.0, 1.0))
    assert uneven.sum() < 0.85 * even.sum()


def test_the_same_seed_gives_the_same_stamp():
    one = Impression(a_die(), (40, 35), 12.0, 0.7, 0.5)
    assert np.array_equal(pressed(one, 3)[0], pressed(one, 3)[0])
    assert not np.array_equal(pressed(one, 3)[0], pressed(one, 4)[0])
