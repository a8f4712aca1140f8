"""What the readers of digits learn from: shapes, ink at any size, sheets whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.digits import NONE
from scanner.classify.numbers import DigitBounds, Guess, NumberBelief, NumberJudge
from scanner.training.digits_boxes import scanned_sheet
from scanner.training.digits_drawing import form, rendered, squeezed, worn
from scanner.training.digits_glyphs import Amount, glyphs
from scanner.training.digits_held_out import NOTHING, Answered, chosen, measured, tempered
from scanner.training.digits_ink import Part, collected, drawn_digit
from scanner.training.digits_people import written_number
from scanner.training.digits_scribbles import scribble
from scanner.training.digits_shapes import digit_lines


@pytest.fixture
def mnist(tmp_path):
    """A folder with 420 pictures of 42 writers."""
    folder = tmp_path / "digits_mnist"
    folder.mkdir()
    pictures = np.zeros((420, 28, 28), np.uint8)
    pictures[:, 5:23, 12:16] = 255
    writers = np.repeat(np.arange(42) * 3, 10).astype(np.int32)
    np.savez(
        folder / "mnist_train.npz", x=pictures, y=np.tile(np.arange(10), 42).astype(np.uint8), writer=writers
    )
    return tmp_path


def test_the_parts_share_no_writer_and_leave_none_out(mnist):
    writers = {part: set(collected(mnist, part)[0].writers.tolist()) for part in Part}
    assert set.union(*writers.values()) == {3 * one for one in range(42)}
    assert sum(len(one) for one in writers.values()) == 42
    assert len(writers[Part.LEARN]) > len(writers[Part.CONFIRM]) > 0


def test_pen_tracks_are_kept_apart_in_blocks(tmp_path):
    folder = tmp_path / "digits_european"
    folder.mkdir()
    tracks = np.tile(np.arange(70)[:, None, None], (1, 8, 2)).astype(np.int16)
    np.savez(folder / "pendigits.npz", strokes=tracks, y=np.zeros(70, np.uint8))
    places = [collected(tmp_path, part)[0].tracks[:, 0, 0] * 100 for part in Part]
    assert [len(one) for one in places] == [50, 4, 10, 6]
    assert np.allclose(np.sort(np.concatenate(places)), np.arange(70))


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


BELIEF = NumberBelief(base=0.0, a_clear=0.5, b_clear=0.5, two=0.0, joined=0.0, lead=0.0, met=0.0)
EVEN = np.full(100, 0.01)


def case(truth, a, b, usable=True):
    """A box in which the readers named values with these log odds."""
    return Answered(truth, "drawn", Guess(*a, EVEN), Guess(*b, EVEN), usable, "calm")


def test_the_bound_lets_no_wrong_number_through():
    good = [case(7, (7, 4.0 + n * 1e-7), (7, 4.0)) for n in range(15_000)]
    odd = [
        case(1, (7, 1.0), (7, 2.0)),  # both wrong alike: the bound must lie above
        case(1, (7, 9.0), (1, 9.0)),  # they disagree
        case(None, (4, 2.0), (4, 3.0)),  # a scribble
        case(2, (5, 9.0), (5, 9.0), usable=False),  # the cutter doubts already
    ]
    found = chosen((*good, *odd), BELIEF)
    by = NumberJudge(BELIEF, DigitBounds(found.value))
    assert not any(one.sure(by) for one in odd)
    assert all(one.sure(by) for one in good)
    assert (found.errors, found.n) == (0, 15_004)


def test_the_belief_learns_that_print_makes_what_looks_clear_less_so():
    random = np.random.default_rng(2)
    cases = []
    for clear, met in zip(random.uniform(1, 5, 600), random.choice([0.0, 6.0], 600), strict=True):
        right = random.random() < 1 / (1 + np.exp(-clear * (1.0 if met == 0 else 0.3)))
        one = case(3 if right else 5, (3, 2.0), (3, clear))
        cases.append(replace(one, met_mm=float(met)))
    by = tempered(tuple(cases))
    assert by.b_clear > 0.5
    assert by.met < -0.1


def test_the_belief_learns_which_evidence_counts():
    random = np.random.default_rng(1)
    cases = []
    for clear in random.normal(2, 3, 400):
        right = random.random() < 1 / (1 + np.exp(-clear))
        cases.append(case(3 if right else 5, (3, clear), (3, random.normal(2, 3))))
    by = tempered(tuple(cases))
    assert by.a_clear > 3 * abs(by.b_clear)


def test_what_is_measured_counts_each_number_once():
    cases = (
        case(7, (7, 4.0), (7, 4.0)),
        replace(case(12, (12, -1.0), (12, 1.0)), met_mm=2.0),
        case(None, (3, -1.0), (3, -2.0)),
        case(5, (6, 4.0), (6, 4.0)),
        Answered(9, "drawn", NOTHING, NOTHING, usable=False, wear="calm"),
    )
    seen = measured(cases, NumberJudge(BELIEF, DigitBounds(0.9)))
    whole = seen["all"]
    assert (whole.n, whole.doubtful, whole.wrong_but_sure, whole.right) == (4, 2, 1, 2)
    assert (seen["scribbles"].n, seen["scribbles"].wrong_but_sure) == (1, 0)
    assert (seen["one_digit"].n, seen["two_digits"].n, seen["calm"].n) == (3, 1, 4)
    assert (seen["free_of_print"].n, seen["meeting_print"].n) == (3, 1)
