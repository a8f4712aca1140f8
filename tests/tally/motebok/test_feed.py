"""Stemmestyrenes møtebøker become the numbers of valgstyret's, and valgstyret's those of the county's."""

import pytest

from scanner.election import ElectionType
from scanner.errors import InputError
from scanner.tally.form import Outcome
from scanner.tally.motebok.evaluate import Evaluated, evaluate
from scanner.tally.motebok.feed import feed
from scanner.tally.motebok.filled import Extent, Filled, Item, Key
from scanner.tally.motebok.model import Dimension
from scanner.tally.motebok.reading import form
from tests.tally.motebok.bergen import printed
from tests.tally.motebok.example import BOOKS, LISTS, PER_KRETS, book, extent, written

CARRIED = ("C1.1.a", "C1.1.b", "C1.1.c", "C1.1.d", "ST.")


def stemmestyre(n: int) -> Evaluated:
    krets, aside, blank, lists = BOOKS[n]
    blank_form = form("stemmestyret_2009", ElectionType.STORTING, 2009)
    cells = {"B1.I": "C1.1.aI", "B1.II": "C1.1.aII", "B2.1": "C1.1.b", "B2.2fremmede": "C1.1.c"}
    values = {Key(ours): PER_KRETS[theirs][n] for ours, theirs in cells.items()}
    values |= {Key("B2.2andre"): PER_KRETS["C1.1.d"][n], Key("B3.1d"): aside, Key("B3.1e"): blank}
    values |= {Key("B3.2.antall", (one,)): many for one, many in zip(LISTS, lists, strict=True)}
    return evaluate(Filled(blank_form, krets, extent(), values))


def test_two_kretser_fill_their_part_of_the_book() -> None:
    kept = {key: value for key, value in book().values.items() if not key.cell.startswith(CARRIED)}
    bare = Filled(book().form, "Fjordvik", extent(), kept)
    typed = {key: value for key, value in written().items() if key.at == ("K3",)}
    fed, conflicts = feed(bare.with_values(typed), {"K1": stemmestyre(0), "K2": stemmestyre(1)})
    assert conflicts == ()
    assert evaluate(fed).values == evaluate(book()).values


def test_the_book_of_a_krets_has_its_own_controls() -> None:
    off = [one for one in stemmestyre(0).checked if one.outcome is not Outcome.HOLDS]
    assert [(one.control.id, one.left, one.right) for one in off] == [("B2.3", 1779, 1780)]


def test_what_is_written_stays_and_is_a_conflict() -> None:
    changed = book().with_values({Key("ST.e", ("K1",)): 8})
    fed, conflicts = feed(changed, {"K1": stemmestyre(0)})
    assert [(one.key, one.written, one.told) for one in conflicts] == [(Key("ST.e", ("K1",)), 8, 9)]
    assert fed.values[Key("ST.e", ("K1",))] == 8


def test_a_book_of_another_kind_or_krets_is_refused() -> None:
    with pytest.raises(InputError, match="takes stemmestyret_2009"):
        feed(book(), {"K1": evaluate(book())})
    with pytest.raises(InputError, match="no krets «K9»"):
        feed(book(), {"K9": stemmestyre(0)})


def test_a_county_sees_what_the_municipality_sent() -> None:
    bergen = printed()
    kommuner = (Item("4601", "Bergen"),)
    lists = bergen.extent.of(Dimension.LIST)
    county = Filled(
        form("fylkesvalgstyret_2013", ElectionType.FYLKESTING, 2019),
        "Vestland",
        Extent(((Dimension.LIST, lists), (Dimension.KOMMUNE, kommuner))),
    )
    fed, _ = feed(county, {"4601": evaluate(bergen)})
    counted = {
        Key("B2.2.vf", ("4601", one.code)): bergen.values[Key("D2.3.antall", (one.code,))] for one in lists
    }
    counted[Key("B2.2.vf", ("4601", "NKP"))] = 60
    for decided, total in (("rettet", 60), ("protokollert", 67)):
        worked = evaluate(fed.with_values({**counted, Key("D.R.retting", ("4601",)): decided}))
        assert worked.number("B2.2.va", "4601", "NKP") == -7
        assert worked.number("C.L.v", "NKP") == total
        off = {(one.control.id, one.at) for one in worked.checked if one.outcome is not Outcome.HOLDS}
        assert ("B2.2v", ("4601", "NKP")) in off
        assert ("B2.2v", ("4601", "FNB")) not in off
