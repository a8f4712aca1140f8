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


@given(st.integers(2, 20), st.integers(1, 19), st.integers(-3, 3))
def test_a_counter_goes_on_where_the_sheets_do_after_a_stop(count: int, stop: int, off: int) -> None:
    stop = min(stop, count - 1)
    watch = ImprintWatch()
    assert not any(watch.see(number, f"A{number + 9:04d}") for number in range(1, stop + 1))
    told = [bool(watch.see(n, f"A{n + 9 + off:04d}")) for n in range(stop + 1, count + 1)]
    assert told[0] == (off != 0)
    assert not any(told[max(1, -off) :]), "told once, and once for each number that comes again"


def test_a_sheet_fed_again_under_its_number_is_no_second_one() -> None:
    watch = ImprintWatch()
    assert [watch.see(number, f"A{number}") for number in (1, 2, 2, 3)] == [()] * 4


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
        (("A1", None, "A2"), [2, 3]),  # and the number is one behind from then on
        (("A1", " "), [2]),
        (("A9", "A10", "B1", "B2", "B4"), [5]),
        (("word", "word"), [2]),
        (("A5", "A3"), [2]),  # set anew: the number no longer says where in the stack the sheet lies
        (("A5", "A3", "A4"), [2]),
        (("A4", None, "A6", "A8"), [2, 4]),
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
