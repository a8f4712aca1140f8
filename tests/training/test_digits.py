"""What the readers of digits learn from: shapes, ink at any size, sheets whose truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.digits import NONE
from scanner.classify.numbers import DigitBounds, Guess
from scanner.training.digits_boxes import scanned_sheet
from scanner.training.digits_drawing import form, rendered, squeezed, worn
from scanner.training.digits_glyphs import Amount, glyphs
from scanner.training.digits_held_out import Answered, chosen, measured
from scanner.training.digits_ink import Part, collected, drawn_digit
from scanner.training.digits_people import written_number
from scanner.training.digits_scribbles import scribble
from scanner.training.digits_shapes import digit_lines


@pytest.fixture
def mnist(tmp_path):
    """A folder with 140 pictures of 14 writers."""
    folder = tmp_path / "digits_mnist"
    folder.mkdir()
    pictures = np.zeros((140, 28, 28), np.uint8)
    pictures[:, 5:23, 12:16] = 255
    writers = np.repeat(np.arange(14) * 3, 10).astype(np.int32)
    np.savez(
        folder / "mnist_train.npz", x=pictures, y=np.tile(np.arange(10), 14).astype(np.uint8), writer=writers
    )
    return tmp_path


def test_the_parts_share_no_writer_and_leave_none_out(mnist):
    writers = {part: set(collected(mnist, part)[0].writers.tolist()) for part in Part}
    assert set.union(*writers.values()) == {3 * one for one in range(14)}
    assert sum(len(one) for one in writers.values()) == 14
    assert len(writers[Part.LEARN]) > len(writers[Part.TEST]) > 0


def test_pen_tracks_are_kept_apart_in_blocks(tmp_path):
    folder = tmp_path / "digits_european"
    folder.mkdir()
    tracks = np.tile(np.arange(70)[:, None, None], (1, 8, 2)).astype(np.int16)
    np.savez(folder / "pendigits.npz", strokes=tracks, y=np.zeros(70, np.uint8))
    places = [collected(tmp_path, part)[0].tracks[:, 0, 0] * 100 for part in Part]
    assert [len(one) for one in places] == [50, 10, 10]
    assert np.allclose(np.concatenate(places), np.arange(70))


def test_without_a_folder_there_is_no_real_ink():
    assert collected(None, Part.LEARN) == ()


@pytest.mark.parametrize("value", range(10))
def test_a_drawn_digit_is_about_as_high_as_the_grid(value):
    random = np.random.default_rng(value)
    for _ in range(20):
        every = np.concatenate(digit_lines(value, random))
        assert 7 < np.ptp(every[:, 1]) < 13
        assert np.ptp(every[:, 0]) < 9


def test_most_ones_have_a_flag_and_many_sevens_a_bar():
    random = np.random.default_rng(1)
    flagged = sum(np.ptp(np.concatenate(digit_lines(1, random))[:, 0]) > 1.2 for _ in range(200))
    barred = sum(len(digit_lines(7, random)) == 2 for _ in range(200))
    assert flagged > 120
    assert 80 < barred < 160


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.integers(0, 9))
def test_ink_is_as_high_as_asked_for_and_stays_within_0_and_1(seed, value):
    random = np.random.default_rng(seed)
    how = form(random)
    ink = rendered(drawn_digit(value, random), how)
    rows = np.flatnonzero(ink.max(1) > 0.3)
    assert 0.8 * how.tall < np.ptp(rows) < 1.4 * how.tall + how.line + 4
    for after in (worn(ink, random), squeezed(ink, random)):
        assert 0 <= after.min() <= after.max() <= 1.001
        assert np.isfinite(after).all()


def test_scribbles_have_ink():
    random = np.random.default_rng(2)
    for _ in range(100):
        assert rendered(scribble(random), form(random)).max() > 0.3


def test_the_same_seed_makes_the_same_glyphs():
    few = Amount(drawn=12, font=4, scribbles=6, times={}, sheets=0)
    once, again = glyphs(None, Part.LEARN, few, 3), glyphs(None, Part.LEARN, few, 3)
    assert (once.written == again.written).all()
    assert (once.answers == again.answers).all()
    assert (once.answers[:16] < NONE).all()
    assert (once.answers[16:] == NONE).all()


def test_a_sheet_gives_every_number_its_own_ink():
    random = np.random.default_rng(5)
    numbers = [written_number((), random) if place % 2 else None for place in range(161)]
    seen = scanned_sheet(0, numbers, lambda light, _: light.astype(np.uint8), random)
    inked = [one for one in seen if one.number is not None and one.written.ink_mm2 > 0.7]
    assert all(one.written.ink_mm2 < 0.3 for one in seen if one.number is None), "empty boxes stay empty"
    assert len(inked) > 60
    theirs = [
        float((one.written.dark[one.owner > 0] > 0.1).sum() / (one.written.dark > 0.1).sum()) for one in inked
    ]
    assert np.median(theirs) > 0.95


def case(truth, a, b, usable=True):
    return Answered(truth, "drawn", Guess(*a), Guess(*b), usable)


def test_bounds_let_no_wrong_number_through():
    good = [case(7, (7, 0.9 + n * 1e-6), (7, 0.99)) for n in range(5400)]
    odd = [
        case(1, (7, 0.6), (7, 0.7)),  # both wrong alike: reader B's bound must lie above
        case(1, (7, 0.99), (1, 0.99)),  # they disagree
        case(None, (4, 0.7), (4, 0.97)),  # a scribble: reader A's doubt is enough
        case(2, (5, 0.99), (5, 0.99), usable=False),  # the cutter doubts already
    ]
    first, second = chosen((*good, *odd))
    within = DigitBounds(first.value, second.value)
    assert not any(one.sure(within) for one in odd)
    assert all(one.sure(within) for one in good)
    assert second.errors == 0


def test_what_is_measured_counts_each_number_once():
    cases = (
        case(7, (7, 0.9), (7, 0.9)),
        case(12, (12, 0.4), (12, 0.9)),
        case(None, (3, 0.2), (3, 0.1)),
        case(5, (6, 0.9), (6, 0.9)),
    )
    seen = measured(cases, DigitBounds(0.5, 0.5))
    assert (seen["all"].n, seen["all"].doubtful, seen["all"].wrong_but_sure, seen["all"].right) == (
        3,
        1,
        1,
        2,
    )
    assert (seen["scribbles"].n, seen["scribbles"].wrong_but_sure) == (1, 0)
    assert seen["one_digit"].n == 2
