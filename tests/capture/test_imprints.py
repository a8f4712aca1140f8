"""Imprints: counters that run are silent, a number twice or a jump is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.capture.imprints import Imprint, ImprintWatch, counted


def told(*imprints: str | None) -> list[int]:
    """Numbers of the sheets of which something was told."""
    watch = ImprintWatch()
    return [number for number, one in enumerate(imprints, 1) if watch.see(number, one)]


@given(st.integers(0, 99_000), st.integers(1, 40), st.sampled_from(["K1-", "", "2027 ", "Å7_"]))
def test_a_counter_that_runs_is_silent(first: int, count: int, before: str) -> None:
    assert told(*(f"{before}{n:06d}" for n in range(first, first + count))) == []


@given(st.integers(2, 30), st.integers(0, 29), st.integers(1, 5))
def test_a_sheet_that_is_missing_is_told_where_it_is_missed(count: int, at: int, gone: int) -> None:
    at = at % (count - 1)
    numbers = [*range(at + 1), *range(at + 1 + gone, count + gone)]
    assert told(*(f"A{n:04d}" for n in numbers)) == [at + 2]


def test_an_imprint_twice_is_told_with_both_sheets() -> None:
    watch = ImprintWatch()
    assert watch.see(1, "A0001") == ()
    assert watch.see(2, "A0002") == ()
    (line,) = watch.see(3, "A0001")
    assert "Sheet 3 is printed A0001, and so is sheet 1" in line


@pytest.mark.parametrize(
    ("imprints", "told_of"),
    [
        ((None, None), []),
        (("A1", None, "A2"), [2]),
        (("A1", " "), [2]),
        (("A9", "A10", "B1", "B2", "B4"), [5]),
        (("word", "word"), [2]),
        (("A5", "A3"), []),  # set back after a resume: only a number that comes twice is a fault
        (("A7.", "A8.", "A8."), [3]),
    ],
)
def test_odd_imprints(imprints: tuple[str | None, ...], told_of: list[int]) -> None:
    assert told(*imprints) == told_of


@given(st.text(max_size=60))
def test_any_text_is_taken_apart_without_loss(text: str) -> None:
    seen = counted(text)
    if seen is None:
        assert not any(one in "0123456789" for one in text) or not text.isascii()
    else:
        assert text.startswith(seen.before)
        assert text.endswith(seen.after)
        assert int(text[len(seen.before) : len(text) - len(seen.after)]) == seen.counter
    assert ImprintWatch().see(1, text) == ()


def test_the_last_number_counts() -> None:
    assert counted("2027-K3-000041") == Imprint("2027-K3-", 41, "")
    assert counted("no number") is None
