"""Which numbers are guarded, form by form: the list of those that are not is short, and known."""

from random import Random

import pytest

from scanner.election import ElectionType
from scanner.tally.motebok.evaluate import evaluate
from scanner.tally.motebok.filled import Extent, Filled, Item, Key, cell_keys
from scanner.tally.motebok.model import Dimension, Source, Unit
from scanner.tally.motebok.reading import form
from scanner.tally.motebok.redundancy import guards, inputs_only
from tests.tally.motebok.example import book

SMALL = Extent(
    tuple(
        (dimension, tuple(Item(code, code) for code in codes))
        for dimension, codes in (
            (Dimension.LIST, ("A", "B")),
            (Dimension.KRETS, ("K1", "K2")),
            (Dimension.PLACE, ("P1",)),
            (Dimension.KOMMUNE, ("G1", "G2")),
            (Dimension.CANDIDATE, ("A/1", "B/1")),
            (Dimension.RANK, ("1",)),
            (Dimension.BOX, ("K1",)),
        )
    )
)
FORMS = (
    ("valgstyret_2009", ElectionType.STORTING, 2009),
    ("valgstyret_2013", ElectionType.KOMMUNESTYRE, 2019),
    ("valgstyret_2025", ElectionType.STORTING, 2025),
    ("stemmestyret_2009", ElectionType.STORTING, 2009),
    ("stemmestyret_2019", ElectionType.FYLKESTING, 2019),
    ("fylkesvalgstyret_2013", ElectionType.FYLKESTING, 2019),
    ("opptellingsvalgstyret_2009", ElectionType.SAMETING, 2021),
    ("samevalgstyret_2009", ElectionType.SAMETING, 2021),
    ("folkeavstemning_2005", ElectionType.FOLKEAVSTEMNING, 2016),
)
ALONE = {
    "valgstyret_2013": {
        "R.P.sedler"
    },  # cells that stand alone even where every printed sum is written: what they rest on is elsewhere
    "valgstyret_2025": {"B4.1.lagt", "D2.FO.trukket", "D2.FS.trukket", "D2.VO.trukket", "D2.VS.trukket"},
    "stemmestyret_2009": {"B2.2fremmede", "B2.2andre"},
    "stemmestyret_2019": {"B1.saerskilt", "B1.beredskap"},
}


def whole(name: str, type_: ElectionType, year: int) -> Filled:
    """A book with any numbers, every sum written too, as on paper."""
    chance = Random(7)
    blank = Filled(form(name, type_, year), "Fjordvik", SMALL)
    values = {}
    for cell in blank.form.cells:
        if cell.source in {Source.INPUT, Source.MACHINE}:
            for key in cell_keys(blank, cell):
                number = chance.randint(100, 900)
                values[key] = cell.choices[0] if cell.choices else number
                if cell.unit is Unit.TEKST and not cell.choices:
                    del values[key]
    worked = evaluate(blank.with_values(values)).values
    return blank.with_values({key: value for key, value in worked.items() if value is not None})


@pytest.mark.parametrize("which", FORMS, ids=lambda one: one[0])
def test_a_number_changed_by_one_fires_a_control(which: tuple[str, ElectionType, int]) -> None:
    unguarded = {one.key.cell for one in guards(whole(*which)) if not one.controls}
    assert unguarded == ALONE.get(which[0], set())


def test_without_the_printed_sums_two_numbers_of_2009_stand_alone() -> None:
    """A blank among envelopes hides an empty one: only the count of empty ones, written, tells them apart."""
    bare = [one.key for one in guards(inputs_only(book())) if not one.controls]
    assert bare == [Key("B2.1c"), Key("B2.2c")]
