"""A real protocol entered whole: Bergen, fylkestingsvalget 2019."""

import csv

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.tally.form import Outcome
from scanner.tally.motebok.evaluate import Evaluated, evaluate
from scanner.tally.motebok.filled import Explanation, Key
from scanner.tally.motebok.reconcile import Swap, reconcile
from scanner.tally.motebok.redundancy import broken
from scanner.tally.motebok.table_csv import read_table, template
from tests.tally.motebok.bergen import KRETSER, LISTS, NUMBERS, empty, printed

BOOK = printed()
WORKED = evaluate(BOOK)
BEFORE = broken(WORKED)
ADVANCE = dict(zip(LISTS, (24, 3, 6, 5, 38, 9, 21, -99, 75, 0, -1, 13, 87, 2, -45, -26, 224), strict=True))
ELECTION_DAY = dict(zip(LISTS, (27, 3, 0, -3, 5, 524, 105, 6, 6, -436, -2, 3, 35, 6, 3, 27, 9), strict=True))


def off(evaluated: Evaluated) -> set[str]:
    return {one.control.id for one in evaluated.checked if one.outcome is not Outcome.HOLDS}


def test_every_printed_sum_is_worked_out_again() -> None:
    sums = [one for one in WORKED.checked if one.control.id.startswith("=")]
    assert len(sums) > 150
    assert all(one.outcome is Outcome.HOLDS for one in sums)
    assert WORKED.missing == ()
    assert WORKED.number("N.oppmote") == 6810


def test_deviations_are_those_printed() -> None:
    assert {one: WORKED.number("D1.4.avvik", one) for one in LISTS} == ADVANCE
    assert {one: WORKED.number("D2.4.avvik", one) for one in LISTS} == ELECTION_DAY
    assert WORKED.number("D1.4.total.avvik") == 336
    assert WORKED.number("D2.4.total.avvik") == 318


def test_what_does_not_hold_is_what_the_board_had_to_explain() -> None:
    notes = {"B2.1.3", "B2.2.3", "C2.3", "C4.6", "D1.5", "D2.5"}  # where the form asks for words
    assert off(WORKED) == notes | {"E-6 krets likt", "C1 særskilt", "E-14 forhånd", "E-14 valgting"}
    lists = [one for one in WORKED.unexplained if one.control.id in {"D1.5", "D2.5"}]
    assert len(lists) == 32
    said = tuple(Explanation(one.control.id, "Forklart.", "Leder", one.at) for one in WORKED.unexplained)
    assert evaluate(BOOK.explained(*said)).closed
    assert not evaluate(BOOK.explained(*said[1:])).closed


def test_a_bundle_on_the_wrong_list_stands_out() -> None:
    day = next(one for one in reconcile(WORKED) if one.pair.id == "valgting")
    assert day.swaps == (Swap("NKP", "FNB", 436),)
    assert day.difference == 318
    assert {one.list: one.difference for one in day.lines} == ELECTION_DAY


def test_a_bundle_moved_in_one_krets_is_found_there() -> None:
    booked = {Key("ST.C2.antall", (one, "05")): 400 for one in LISTS}
    machine = {Key("MK.antall", (one, "05")): 400 for one in LISTS}
    machine |= {Key("MK.antall", ("AP", "05")): 300, Key("MK.antall", ("H", "05")): 501}
    worked = evaluate(BOOK.with_values({**booked, **machine}))
    there = [one for one in reconcile(worked) if one.pair.id == "krets"]
    assert [(one.at, one.swaps) for one in there] == [(("05",), (Swap("AP", "H", 100),))]


@given(st.sampled_from([key for key, value in BOOK.values.items() if isinstance(value, int)]))
@settings(max_examples=40, deadline=None)
def test_any_number_changed_by_one_is_seen(key: Key) -> None:
    """All but the number of people who may vote: one more does not change 68,10 per cent."""
    value = BOOK.values[key]
    assert isinstance(value, int)
    fired = broken(evaluate(BOOK.with_values({key: value + 1}))) - BEFORE
    assert bool(fired) != (key.cell == "N.stemmeberettigede"), key


def test_the_table_goes_out_and_comes_back() -> None:
    again, refused = read_table(empty(), template(BOOK))
    assert not refused
    assert again == BOOK.values
    semicolons = "\n".join(
        ";".join(f'"{one}"' for one in line) for line in csv.reader(template(BOOK).splitlines())
    )
    assert read_table(empty(), "\ufeff" + semicolons)[0] == BOOK.values


def test_a_wrong_entry_is_named_by_line_and_column() -> None:
    table = "\n".join(
        [
            "cell,place,value",
            "B1.1.tidlig.godkjente,,8 51",
            "B9.9,,3",
            "B2.1.2.antall,XX,3",
            "B2.1.2.antall,,3",
            "B2.1.1.blanke.antall,,-4",
            "B2.1.1.blanke.antall,,fire",
            "C1.sted,01,hjemme",
            "B2.1.1.tvilsomme.antall,,83",
            "B2.1.1.tvilsomme.antall,,84",
            "N.oppmote,,68.1",
        ]
    )
    values, refused = read_table(empty(), table)
    assert values == {Key("B1.1.tidlig.godkjente"): 851, Key("B2.1.1.tvilsomme.antall"): 83}
    assert [(one.line, one.column) for one in refused] == [
        (3, "cell, place"), (4, "cell, place"), (5, "cell, place"), (6, "value"), (7, "value"), (8, "value"),
        (10, "cell, place"), (11, "value"),
    ]  # fmt: skip
    assert len(KRETSER) == 39
    assert NUMBERS.exists()
