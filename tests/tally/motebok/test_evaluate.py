"""The fictional book of 2009: every printed sum again, every control, every redundancy."""

from dataclasses import replace

import pytest

from scanner.tally.form import Outcome
from scanner.tally.motebok.evaluate import Evaluated, evaluate
from scanner.tally.motebok.filled import Explanation, Key
from tests.tally.motebok.example import book


def broken(evaluated: Evaluated) -> set[tuple[str, tuple[str, ...]]]:
    return {(one.control.id, one.at) for one in evaluated.checked if one.outcome is not Outcome.HOLDS}


def differences(evaluated: Evaluated) -> set[tuple[str, tuple[str, ...], int]]:
    """Every control that does not hold, and by how much."""
    off = (one for one in evaluated.checked if one.outcome is not Outcome.HOLDS)
    return {(one.control.id, one.at, one.difference) for one in off}


SECOND = {("H6f", ("A",)), ("H6v", ("A",)), ("H6v", ("B",)), ("C1.1.1 veiledning", ("K1",))}


def test_every_printed_sum_and_control_of_the_fictional_book() -> None:
    worked = evaluate(book())
    assert broken(worked) == SECOND  # four ballots the second count took differently, one cross too many
    assert worked.missing == ()
    printed = [one for one in worked.checked if not one.control.own]
    assert {one.control.id for one in printed} == {
        "B1.1g", "B1.2.1a", "B1.2.1b", "B3.1.1a", "B3.1.1b", "B3.1.1c", "C1.1.1",
        "C3.1.1a", "C3.1.1c", "C3.1.1d", "D2.1", "D2.2",
    }  # fmt: skip
    hidden = {one.control.hidden for one in worked.checked} - {""}
    assert hidden == {f"H{n}" for n in range(1, 10)}


def test_printed_d33_counts_second_rejections_twice_and_says_so() -> None:
    worked = evaluate(book())
    number = worked.number
    printed = sum(
        number(f"D3.3.{row}.{side}") for row in ("godkjente", "forkastede", "blanke") for side in "fv"
    )
    ours = number("D3.E.sum.f") + number("D3.E.sum.v")
    assert printed - ours == number("D1.d") + number("D1.e") + number("D1.f") + number("D1.g") + number(
        "D1.h"
    )
    assert (number("D3.E.blanke.f"), number("D3.E.blanke.v")) == (13, 17)


def test_a_difference_needs_words_and_a_name() -> None:
    at = ("A",)
    said = book().explained(Explanation("H6f", "En blank seddel funnet i annen telling.", "", at))
    assert ("H6f", at) in {(one.control.id, one.at) for one in evaluate(said).unexplained}
    named = replace(said, explanations=(Explanation("H6f", "En blank seddel funnet.", "Kari Nordmann", at),))
    assert ("H6f", at) not in {(one.control.id, one.at) for one in evaluate(named).unexplained}
    assert ("H6f", at) in broken(evaluate(named))  # explained is not the same as holding


@pytest.mark.parametrize("key", sorted(book().values))
def test_any_number_changed_by_one_is_seen(key: Key) -> None:
    before = book()
    value = before.values[key]
    if isinstance(value, str):
        return
    after = evaluate(before.with_values({key: value + 1}))
    assert differences(after) - differences(evaluate(before)), f"{key} can be changed and nothing says so"
