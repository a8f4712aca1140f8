import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.confidence import upper
from scanner.training.evidence import Said, Truth, measured


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


def test_measures_keep_their_denominators():
    marked = np.array([True, True, True, False, True])
    said = Said(np.array([False, False, True, True, True]), np.array([True, False, False, False, False]))
    one = measured("four boxes", said, Truth(marked, ~marked), np.array([True, True, True, True, False]))
    assert (one.n, one.marked, one.unmarked) == (4, 3, 1)
    assert (one.wrong_but_sure, one.doubtful) == (2, 1)
    assert (one.said_marked, one.said_unmarked) == (2, 1)
    assert one.upper95 > 0.5


def test_no_sure_answer_is_right_where_nobody_can_say():
    neither, sure = np.zeros(2, bool), np.array([True, False])
    one = measured("corrected", Said(sure, ~sure), Truth(neither, neither), np.ones(2, bool))
    assert one.wrong_but_sure == 2
