"""Drawn outsides are what they claim to be: the same every time, with the truth measured on the ink."""

import numpy as np
import pytest

from scanner.ballot import Rect
from scanner.classify.stamp_eyes import ACROSS, DOWN, HIGH, WIDE, Sight
from scanner.training.stamp_dies import SIDE, die
from scanner.training.stamp_other_dies import other_die
from scanner.training.stamp_papers import SIZE, grounds
from scanner.training.stamp_scenes import IGNORED, KNOWN, OTHER, Story, scene, scenes
from scanner.training.stamp_strays import Stray
from scanner.training.stamp_touch import Manner, Touch, touched


def rng(*seed):
    return np.random.default_rng(seed)


def drawn(story, family=KNOWN, count=6):
    return list(scenes(5, range(count), family, (), (story,)))


@pytest.mark.parametrize("family", [KNOWN, OTHER], ids=["known", "other"])
def test_a_scene_depends_on_its_number_alone(family):
    first, again = (list(scenes(3, range(4, 8), family, ())) for _ in range(2))
    (alone,) = scenes(3, range(6, 7), family, ())
    for one, other in [*zip(first, again, strict=True), (first[2], alone)]:
        assert np.array_equal(one.window, other.window)
        assert one.truth is other.truth
    assert first[0].window.shape == (HIGH, WIDE)
    assert first[0].cells.shape == (DOWN, ACROSS)


@pytest.mark.parametrize("story", [Story.CLEAN, Story.DIRT, Story.INK])
def test_where_nothing_was_stamped_no_truth_and_no_cell_says_stamp(story):
    for one in drawn(story) + drawn(story, OTHER):
        assert one.truth in {Sight.NOTHING, Sight.OTHER}
        assert not np.isin(one.cells, (Sight.STAMP, Sight.WEAK)).any()


def test_cells_are_a_stamps_where_it_was_pressed_and_the_window_is_darker_there():
    seen = [one for one in drawn(Story.STAMP, count=20) if one.truth is Sight.STAMP]
    assert len(seen) >= 4
    (clean,) = drawn(Story.CLEAN, count=1)
    assert not np.isin(clean.cells, (Sight.STAMP,)).any()
    for one in seen:
        cells = one.cells == Sight.STAMP
        assert cells.sum() >= 6  # 100 mm²
        rows, columns = np.nonzero(cells)
        assert 2 < rows.mean() < DOWN - 2
        assert 2 < columns.mean() < ACROSS - 2


def test_a_window_without_the_field_has_no_answer_of_its_own_but_its_cells_have():
    seen = drawn(Story.ELSEWHERE, count=12)
    assert all(one.goal is None and one.truth is None for one in seen)
    assert any((one.cells == Sight.STAMP).any() for one in seen)


def test_ink_of_a_comment_beside_a_stamp_is_told_apart():
    seen = drawn(Story.STAMP_AND_INK, count=12)
    assert any((one.cells == Sight.STAMP).any() and (one.cells == Sight.OTHER).any() for one in seen)
    assert all(np.isin(one.cells, [*Sight, IGNORED]).all() for one in seen)


@pytest.mark.parametrize("maker", [die, other_die])
def test_dies_are_of_a_stamps_size(maker):
    for n in range(12):
        made = maker(rng(7, n))
        down, across = (np.ptp(np.flatnonzero(made.whole.any(axis=k))) * 25.4 / 100 for k in (1, 0))
        assert 18 <= max(down, across) <= 50
        assert made.rubber.shape == (SIDE, SIDE)
        assert 0.02 < made.rubber[made.whole].mean() < 0.98


def test_a_pale_a_dry_and_a_good_print_are_told_by_their_ink():
    made = die(rng(1))
    good = touched(made, Manner.WET, 0.0, rng(2))
    assert good.strength(0.9) == 1.0
    assert Touch(good.ink, good.whole, good.lines * np.float32(0.15)).strength(0.9) == 0.0
    half = good.lines.copy()
    half[: len(half) * 3 // 5] = 0
    assert Touch(good.ink, good.whole, half).strength(0.9) == 0.0


def test_an_even_coloured_print_that_the_scanner_hardly_sees_is_good_but_a_patchy_one_is_not():
    made = touched(die(rng(1)), Manner.WET, 0.0, rng(2))
    even = Touch(made.ink, made.whole, np.full(1000, 0.7, np.float32))
    assert even.strength(0.25) == 1.0
    patchy = Touch(made.ink, made.whole, np.where(np.arange(1000) % 2, 0.7, 0.05).astype(np.float32))
    assert patchy.strength(0.25) == 0.0


@pytest.mark.parametrize("family", [KNOWN, OTHER], ids=["known", "other"])
@pytest.mark.parametrize("kind", [one for one in Stray if one is not Stray.OFFSET])
def test_every_kind_of_other_ink_leaves_ink(kind, family):
    field = grounds(KNOWN.kinds)[0].field
    assert field is not None
    layers = [family.strays(kind, field, (), rng(4, n)) for n in range(3)]
    for layer in layers:
        assert (layer.shape, layer.dtype) == (SIZE, np.float32)
        assert layer.min() >= 0
        assert layer.max() <= 1
    assert max(layer.sum() for layer in layers) > 50
    assert np.array_equal(family.strays(kind, field, (), rng(4, 1)), layers[1])


@pytest.mark.parametrize("family", [KNOWN, OTHER], ids=["known", "other"])
@pytest.mark.parametrize("kind", [Stray.WORDS, Stray.LINES, Stray.IMITATION, Stray.NOTE])
def test_real_words_take_their_place_where_they_are_at_hand(kind, family):
    word = np.zeros((40, 120), np.uint8)
    word[10:30, 5:115] = 200
    field = Rect(20, 20, 58, 39)
    bare, lent = ([family.strays(kind, field, some, rng(9, n)) for n in range(8)] for some in ((), (word,)))
    assert any(not np.array_equal(one, other) for one, other in zip(bare, lent, strict=True))


def test_a_stamp_far_from_its_field_is_told_as_outside():
    seen = [scene(Story.STAMP, KNOWN, (), rng(11, n)) for n in range(40)]
    states = {one.truth for one in seen}
    assert {Sight.STAMP, Sight.OUTSIDE, Sight.WEAK} <= states
