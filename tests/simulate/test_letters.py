"""Handwriting: every letter of the candidates' names can be written, in its place and size."""

from itertools import pairwise

import numpy as np
import pytest

from scanner.simulate.letters import SIGNS, known, width_mm, write
from scanner.simulate.marks import Hand, hand
from tests.simulate.papers import length_mm

PLAIN = Hand(tremble_mm=0.0, letter_jitter=0.0)


def extent(strokes):
    points = np.concatenate([one.points for one in strokes])
    return (*points.min(axis=0), *points.max(axis=0))


@pytest.mark.parametrize("sign", "ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ0123456789")
def test_every_letter_and_digit_is_as_tall_as_asked(sign):
    left, top, right, low = extent(write(sign, (10, 20), 5.0, PLAIN, np.random.default_rng(1)))
    assert low == pytest.approx(20, abs=0.9)
    assert 3.9 < low - (top if sign != "Å" else top + 1.4) < 5.8
    assert 9.5 < left <= right < 18


@pytest.mark.parametrize("sign", "ÁŠŽČĐŦŊÖÜÉ")
def test_letters_of_the_sami_and_of_neighbours_have_their_accents(sign):
    assert known(sign)
    plain = sign.translate(str.maketrans("ÁŠŽČĐŦŊÖÜÉ", "ASZCDTNOUE"))
    with_accent, without = (
        sum(length_mm(one) for one in write(text, (0, 0), 5.0, PLAIN, np.random.default_rng(1), habit=None))
        for text in (sign, plain)
    )
    assert with_accent > without


def test_small_letters_are_written_as_capitals():
    once, again = (write(text, (0, 0), 4, PLAIN, np.random.default_rng(2)) for text in ("Åse", "ÅSE"))
    assert all(np.array_equal(a.points, b.points) for a, b in zip(once, again, strict=True))


def test_characters_the_font_lacks_are_skipped():
    assert not known("漢")
    assert write("漢", (0, 0), 4, PLAIN, np.random.default_rng(2)) == []


def test_combs_give_each_letter_its_cell():
    rng = np.random.default_rng(3)
    strokes = write("IIIII", (10, 20), 4.0, PLAIN, rng, pitch_mm=4.475, habit=None)
    lefts = [one.points[:, 0].mean() for one in strokes]
    assert [b - a for a, b in pairwise(lefts)] == pytest.approx([4.475] * 4, abs=0.05)


def test_the_width_foretold_is_about_the_width_written():
    for seed in range(10):
        rng = np.random.default_rng(seed)
        by = hand(rng)
        left, _, right, _ = extent(write("KARL JOHANNES MØRTENSÅS", (0, 0), 4.0, by, rng))
        assert right - left == pytest.approx(width_mm("KARL JOHANNES MØRTENSÅS", 4.0, by), rel=0.15)


def test_a_hand_keeps_to_its_way_of_writing_a_letter():
    assert all(ways for _, ways in SIGNS)
    many = dict(SIGNS)["E"]
    assert len(many) > 1
    lengths = {
        round(sum(length_mm(s) for s in write("E", (0, 0), 5, PLAIN, np.random.default_rng(1), habit=h)), 3)
        for h in range(6)
    }
    assert len(lengths) == len(many)
