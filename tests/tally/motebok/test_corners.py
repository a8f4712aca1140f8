"""Corners of the arithmetic: one too many, nothing to add, one list in two pairs, numbers subtracted."""

from dataclasses import replace

from scanner.election import ElectionType
from scanner.tally.form import Outcome
from scanner.tally.motebok.evaluate import evaluate
from scanner.tally.motebok.filled import Extent, Filled, Item, Key
from scanner.tally.motebok.model import Dimension
from scanner.tally.motebok.reading import form
from scanner.tally.motebok.reconcile import Line, Swap, swaps
from scanner.tally.motebok.which import leaves
from tests.tally.motebok.example import book


def outcome(control: str, *at: str, **values: int) -> Outcome:
    said = {Key(cell.replace("_", "."), at): number for cell, number in values.items()}
    worked = evaluate(replace(book(), values=said))
    return next(one.outcome for one in worked.checked if (one.control.id, one.at) == (control, at))


def test_at_most_holds_up_to_the_limit_and_not_one_more() -> None:
    assert outcome("C1.1.1 krets", "K1", C1_1_b=100, C1_1_aI=0, C1_1_aII=101) is Outcome.HOLDS
    assert outcome("C1.1.1 krets", "K1", C1_1_b=100, C1_1_aI=0, C1_1_aII=100) is Outcome.HOLDS
    assert outcome("C1.1.1 krets", "K1", C1_1_b=101, C1_1_aI=0, C1_1_aII=100) is Outcome.UNEXPLAINED


def test_a_sum_of_nothing_is_nought_and_of_nothing_known_is_not_known() -> None:
    blank = form("valgstyret_2009", ElectionType.STORTING, 2009)
    assert evaluate(Filled(blank, "Fjordvik")).values[Key("B3.1.sum.a")] == 0
    lists = Extent(((Dimension.LIST, (Item("A", "A"),)),))
    assert evaluate(Filled(blank, "Fjordvik", lists)).values[Key("B3.1.sum.a")] is None


def test_a_list_is_in_one_pair_only_and_the_best_fit_wins() -> None:
    lines = (Line("A", 500, 400), Line("B", 300, 400), Line("C", 300, 390))
    assert swaps(lines) == (Swap("A", "B", 100),)


def test_what_is_usual_for_large_lists_is_no_bundle() -> None:
    assert swaps((Line("A", 12030, 11960), Line("B", 12000, 12070))) == ()
    assert swaps((Line("A", 500, 430), Line("B", 500, 570))) == (Swap("A", "B", 70),)
    assert swaps((Line("A", 12, 0), Line("B", 0, 12))) == ()


def test_a_number_subtracted_is_counted_down() -> None:
    blank = form("valgstyret_2025", ElectionType.STORTING, 2025)
    extent = Extent(((Dimension.LIST, (Item("A", "A"),)), (Dimension.PLACE, (Item("P", "P"),))))
    rests = leaves(Filled(blank, "Fjordvik", extent), Key("B3.3.andre", ("A",)))
    assert rests == {Key("MFO.antall", ("A",)): 1, Key("B2.3.andre", ("P", "A")): -1}
