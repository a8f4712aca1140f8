import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.classify.box_eyes import Bounds
from scanner.training.evidence import Beyond, Risk, Truth, beyond, bounds, measured, upper


@pytest.mark.parametrize(
    ("failures", "n", "known"),
    [(0, 299, 0.009969), (0, 2995, 0.001), (0, 29_956, 0.0001), (1, 10, 0.3942), (5, 100, 0.1023)],
)
def test_the_upper_bound_is_that_of_the_tables(failures, n, known):
    assert upper(failures, n) == pytest.approx(known, rel=2e-3)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, min(n, 60)), st.just(n))))
def test_the_upper_bound_lies_above_what_was_seen(seen):
    failures, n = seen
    assert failures / n <= upper(failures, n) <= 1


def test_nothing_seen_promises_nothing():
    assert upper(0, 0) == 1


def test_bounds_leave_as_many_failures_as_the_risk_allows():
    marked = np.concatenate([[0.001, 0.01], np.full(9998, 0.999)]).astype(np.float32)
    unmarked = np.concatenate([[0.999, 0.9], np.full(9998, 0.001)]).astype(np.float32)
    found = bounds(marked, unmarked, Risk(rate=4e-4, edge=0.1))
    assert 0 < found.lo <= 0.1
    assert 0.9 <= found.hi < 1
    assert (marked <= found.lo).sum() <= 1
    assert (unmarked >= found.hi).sum() <= 1
    assert upper(1, 10_000) > 4e-4 or (marked <= found.lo).sum() == 1


def test_what_the_bounds_let_through_is_counted():
    marked, unmarked = np.array([0.01, 0.9], np.float32), np.array([0.0, 0.99, 1.0], np.float32)
    assert beyond(marked, unmarked, Bounds(0.05, 0.95)) == Beyond(1, 2, 2, 3)


def test_too_few_boxes_justify_nothing():
    few = np.full(50, 0.9, np.float32)
    assert bounds(few, 1 - few, Risk(rate=1e-3, edge=0.1)) == Bounds(lo=0.0, hi=1.0)


def test_measures_keep_their_denominators():
    chances = np.array([0.0, 0.5, 1.0, 1.0], np.float32)
    marked = np.array([True, True, True, False])
    one = measured("four boxes", chances, Truth(marked, ~marked), Bounds(0.1, 0.9))
    assert (one.n, one.marked, one.unmarked) == (4, 3, 1)
    assert (one.wrong_but_sure, one.doubtful) == (2, 1)
    assert (one.said_marked, one.said_unmarked) == (2, 1)
    assert one.upper95 > 0.5


def test_no_sure_answer_is_right_where_nobody_can_say():
    neither = np.zeros(2, bool)
    one = measured("corrected", np.array([0.0, 1.0], np.float32), Truth(neither, neither), Bounds(0.1, 0.9))
    assert one.wrong_but_sure == 2
