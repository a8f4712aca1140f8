"""Lots that anybody can draw again."""

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.errors import UsageError
from scanner.tally.sampler import checked_seed, distinct, numbers


@pytest.mark.parametrize(
    ("seed", "total", "drawn"),
    [  # the public test cases of Rivest's sampler (github.com/cjerdonek/rivest-sampler-tests)
        ("0", 1000, [905, 573, 160]),
        ("0", 2, [1, 1, 2]),
        ("1", 1000, [97, 89, 163]),
        ("0000000000", 1000, [978, 359, 132]),
        ("999999999999999999999999", 1000, [544, 800, 654]),
        ("abcde", 1000, [247, 427, 157]),
    ],
)
def test_the_published_numbers_are_drawn(seed: str, total: int, drawn: list[int]) -> None:
    assert list(islice(numbers(seed, total), 3)) == drawn


@settings(max_examples=50)
@given(st.text(max_size=20), st.integers(0, 60), st.integers(0, 80))
def test_different_numbers_are_different_and_all_that_there_are(seed: str, total: int, wanted: int) -> None:
    drawn = distinct(seed, total, wanted)
    assert len(set(drawn)) == len(drawn) == min(wanted, total)
    assert set(drawn) <= set(range(1, total + 1))
    assert drawn == distinct(seed, total, wanted + 3)[: len(drawn)], "a larger sample begins with the smaller"


def test_a_seed_is_thrown_not_thought_up() -> None:
    assert checked_seed("31415 92653 58979 32384") == "31415926535897932384"
    for bad in ("", "1234567890", "x" * 20, "٣" * 20):
        with pytest.raises(UsageError, match="at least 20 digits"):
            checked_seed(bad)
