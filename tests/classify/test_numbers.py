"""A number is read only where both readers name it and both are sure, whatever the list's length."""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.digits import number_limits
from scanner.classify.number_ink import Written
from scanner.classify.number_parts import Way
from scanner.classify.numbers import (
    LEAST,
    MOST,
    DigitBounds,
    Guess,
    NumberBelief,
    NumberJudge,
    evidence,
    guess,
    lead,
    likelihoods,
    read_number,
)

LIMITS = number_limits()
BELIEF = NumberBelief(base=-4.0, a_clear=0.5, b_clear=1.0, two=0.0, joined=-1.0, lead=0.3, met=-0.1)
JUDGE = NumberJudge(BELIEF, DigitBounds(0.95))
ONE, TWO, CUT = Way((0,), 1.0), Way((1, 2), 1.0), Way((1, 2), 0.5, joined=True)


def odds(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))


def chances(**named: float) -> npt.NDArray[np.float32]:
    """One row: the chances of `d0`..`d9` as named, the rest of it no digit."""
    row = np.zeros(11, np.float32)
    for name, value in named.items():
        row[int(name[1:])] = value
    row[10] = 1 - row.sum()
    return row


def test_one_digit() -> None:
    seen = guess(chances(d7=0.97)[None], (ONE,))
    assert seen.value == 7
    assert seen.clear == pytest.approx(odds(0.97), abs=1e-4)
    assert not seen.joined


def test_two_digits_beat_the_whole_that_is_no_digit() -> None:
    rows = np.stack([chances(d4=0.02), chances(d1=0.98), chances(d9=0.99)])
    seen = guess(rows, (ONE, TWO))
    assert seen.value == 19
    assert seen.clear == pytest.approx(odds(0.98 * 0.99), abs=1e-4)
    assert lead(seen, seen) == pytest.approx(2 * np.log(0.98 * 0.99 / 0.02), abs=1e-2)


def test_a_second_likely_value_shortens_the_lead() -> None:
    sure, torn = guess(chances(d1=0.6)[None], (ONE,)), guess(chances(d1=0.6, d7=0.4)[None], (ONE,))
    assert torn.value == sure.value == 1
    assert torn.clear == sure.clear
    assert lead(torn, torn) == pytest.approx(2 * np.log(1.5), abs=1e-3)
    assert lead(sure, sure) > lead(sure, torn) > lead(torn, torn)


def test_readers_who_think_of_different_others_lead_by_more() -> None:
    four = guess(chances(d4=0.6, d9=0.4)[None], (ONE,)), guess(chances(d4=0.6, d7=0.4)[None], (ONE,))
    assert lead(*four) > lead(four[0], four[0]) + 5


def test_digits_that_touch_can_be_as_clear() -> None:
    rows = np.stack([chances(), chances(d1=0.98), chances(d5=0.99)])
    seen = guess(rows, (ONE, CUT))
    assert seen.clear == pytest.approx(odds(0.98 * 0.99), abs=1e-4)
    assert seen.joined


def test_two_ones_that_hang_together_are_a_tick() -> None:
    rows = np.stack([chances(d4=0.1), chances(d1=0.99), chances(d1=0.99)])
    assert guess(rows, (ONE, TWO)).value == 11
    assert guess(rows, (ONE, CUT)).value == 4


def test_between_equal_ways_the_likelier_parting_wins() -> None:
    rows = np.stack([chances(d0=0.8), chances(d1=0.9), chances(d2=0.9)])
    assert guess(rows, (ONE, CUT)).value == 0


def test_a_nought_before_a_digit_is_no_number() -> None:
    rows = np.stack([chances(), chances(d0=0.99), chances(d7=0.99)])
    assert guess(rows, (ONE, TWO)).clear < -4


@given(st.integers(0, 2**31))
@settings(max_examples=25, deadline=None)
def test_chances_stay_chances_and_evidence_bounded(seed: int) -> None:
    rows = np.random.default_rng(seed).dirichlet(np.full(11, 0.2), 5).astype(np.float32)
    ways = (ONE, TWO, Way((3, 4), 0.5, joined=True))
    weighted, plain, joined = likelihoods(rows, ways)
    assert weighted.shape == plain.shape == joined.shape == (100,)
    assert (weighted <= plain).all()
    assert 0 <= weighted.min() <= plain.max() <= 1.000001
    assert not joined[11]
    seen = guess(rows, ways)
    assert all(abs(one) <= 2 * MOST + 1e-6 for one in evidence(seen, seen, 1.0))


@given(st.floats(-8, 8), st.floats(0, 8))
def test_more_evidence_is_more_belief(clear: float, more: float) -> None:
    alone = np.where(np.arange(100) == 7, 1.0, LEAST)
    weak, strong = Guess(7, clear, alone), Guess(7, clear + more, alone)
    believed = BELIEF.chance(weak, weak, 1.0)
    assert believed <= BELIEF.chance(weak, strong, 1.0) <= BELIEF.chance(strong, strong, 1.0)
    assert BELIEF.chance(replace(weak, joined=True), weak, 1.0) <= believed
    assert BELIEF.chance(replace(weak, chances=np.full(100, 0.5)), weak, 1.0) <= believed


def test_what_reader_b_sees_clearly_counts_less_the_more_print_the_ink_meets() -> None:
    seen = guess(chances(d1=0.99)[None], (ONE,))
    believed = [BELIEF.chance(seen, seen, mm) for mm in (0.0, 1.0, 4.0)]
    assert believed == sorted(believed, reverse=True)
    assert evidence(seen, seen, 0.0)[-1] == 0
    assert evidence(seen, seen, 3.0)[-1] == pytest.approx(np.log(4) * seen.clear)


class Says:
    """Two readers who answer the same whatever they are shown."""

    def __init__(self, a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> None:
        self.a, self.b = a, b

    def both(self, glyphs: tuple[npt.NDArray[np.float32], ...]) -> tuple[npt.NDArray[np.float32], ...]:
        return np.tile(self.a, (len(glyphs), 1)), np.tile(self.b, (len(glyphs), 1))


def bar() -> Written:
    dark = np.zeros((50, 40), np.float32)
    cv2.line(dark, (20, 8), (20, 42), [1.0], 4)
    return Written(dark, whole=True, ink_mm2=2.2)


def test_both_sure_and_agreed_is_read() -> None:
    seen = read_number(bar(), Says(chances(d1=0.99), chances(d1=0.95)), JUDGE, LIMITS)
    assert seen is not None
    assert seen.sure == 1


def test_what_is_read_in_the_open_may_be_doubted_at_the_frame() -> None:
    says, met = Says(chances(d1=0.99), chances(d1=0.95)), NumberJudge(replace(BELIEF, met=-1.0), JUDGE.bounds)
    seen = read_number(replace(bar(), met_mm=6.0), says, met, LIMITS)
    assert seen is not None
    assert seen.likely == 1
    assert seen.sure is None
    free = read_number(bar(), says, met, LIMITS)
    assert free is not None
    assert free.sure == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (chances(d1=0.99), chances(d7=0.99)),
        (chances(d1=0.2, d7=0.19), chances(d1=0.9)),
        (chances(d1=0.9), chances(d1=0.2, d7=0.19)),
        (chances(), chances(d1=0.99)),
    ],
    ids=["they disagree", "A is not sure", "B is not sure", "A sees no digit"],
)
def test_else_it_is_only_a_guess(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> None:
    seen = read_number(bar(), Says(a, b), JUDGE, LIMITS)
    assert seen is not None
    assert seen.sure is None
    assert seen.likely in {1, 7}


@pytest.mark.parametrize("torn", [replace(bar(), whole=False), replace(bar(), hidden=True)])
def test_ink_that_is_not_all_there_is_never_sure(torn: Written) -> None:
    seen = read_number(torn, Says(chances(d1=0.99), chances(d1=0.99)), JUDGE, LIMITS)
    assert seen is not None
    assert seen.sure is None


def test_too_little_ink_is_no_number() -> None:
    assert (
        read_number(replace(bar(), ink_mm2=0.3), Says(chances(d1=1.0), chances(d1=1.0)), JUDGE, LIMITS)
        is None
    )
    empty = Written(np.zeros((50, 40), np.float32), whole=True, ink_mm2=1.0)
    assert read_number(empty, Says(chances(d1=1.0), chances(d1=1.0)), JUDGE, LIMITS) is None
