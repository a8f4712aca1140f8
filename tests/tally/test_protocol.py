from dataclasses import replace

import pytest
from hypothesis import given, settings

from scanner.ballot import Category, Reason, Rejection
from scanner.election import ElectionType
from scanner.tally.bag import Bag
from scanner.tally.count import count
from scanner.tally.form import BoxCheck, Control, Explanation, ListCount, Outcome, Preliminary, Protocol, Unit
from scanner.tally.forms import motebok_2009, reason_texts
from scanner.tally.protocol import protocol
from scanner.tally.tally import Place, Rejected, Tally, Vote
from tests.strategies import small_election
from tests.tally.conftest import ballot, option, renumber, strike, tick, write_in
from tests.tally.test_count import heaps

ELECTION = small_election()
FO, VO = Place("FO", "0001"), Place("VO", "0001")

# A whole møtebok of 2009 worked through by hand: list, forhånd u/r, valgting u/r.
WORKED = (("A", 1205, 104, 1672, 106), ("B", 718, 62, 996, 63), ("C", 397, 34, 553, 35))
MANUAL = Preliminary(
    (ListCount("A", 1310, 1780), ListCount("B", 780, 1060), ListCount("C", 431, 588)), blank=29
)


def worked() -> Tally:
    votes = {}
    for code, *cells in WORKED:
        sorts = [(place, sort) for place in (FO, VO) for sort in (Category.URETTET, Category.RETTET)]
        for (place, sort), ballots in zip(sorts, cells, strict=True):
            votes[Vote(code, place, sort)] = ballots
    rejected = {Rejected(Rejection.NO_STAMP, VO): 2, Rejected(Rejection.WHICH_LIST, VO): 1}
    return Tally(votes=Bag.of(votes), blank=Bag.of({FO: 12, VO: 18}), rejected=Bag.of(rejected))


def values(made: Protocol) -> dict[str, int]:
    return {one.id: one.value for one in made.d1}


class TestTheWorkedExample:
    made = protocol(worked(), ELECTION, preliminary=MANUAL)

    def test_d1(self) -> None:
        assert values(self.made) == {
            "D1.a": 2521,
            "D1.b": 3428,
            "D1.c": 5949,
            "D1.d": 1,
            "D1.e": 2,
            "D1.f": 0,
            "D1.g": 1,
            "D1.h": 0,
            "D1.x": 0,
            "D1.i": 5945,
        }

    def test_d21(self) -> None:
        assert [row.values for row in self.made.d21.rows] == [
            (1205, 104, 1672, 106, 3087),
            (718, 62, 996, 63, 1839),
            (397, 34, 553, 35, 1019),
        ]
        assert self.made.d21.total is not None
        assert self.made.d21.total.label == "KONTROLLSUMMER"
        assert self.made.d21.total.values == (2320, 200, 3221, 204, 5945)

    def test_every_control_holds(self) -> None:
        assert {one.outcome for one in self.made.controls} == {Outcome.HOLDS}
        assert self.made.closed

    def test_where_the_numbers_come_from(self) -> None:
        sources = {one.id: one.source for one in self.made.d1}
        assert sources["D1.a"] == sources["D1.b"] == "foreløpig manuell opptelling"
        assert sources["D1.d"] == "nye i maskinell opptelling"
        assert "foreløpig manuell opptelling" in self.made.basis
        without = protocol(worked(), ELECTION)
        assert without.d1[0].source == "alle matede stemmesedler"
        assert "ingen foreløpig manuell opptelling" in without.basis
        assert all(one.unit is Unit.STEMMESEDDEL for one in self.made.d1)

    def test_the_manual_count_stands_beside_the_machines(self) -> None:
        table = next(one for one in self.made.appendices if one.id == "avvik")
        assert table.rows[0].values == (1310, 1309, -1, 1780, 1778, -2)
        assert table.total is not None
        assert table.total.values == (2521, 2520, -1, 3428, 3425, -3)


def test_a_difference_must_be_explained_in_words() -> None:
    manual = replace(MANUAL, blank=30)
    made = protocol(worked(), ELECTION, preliminary=manual)
    control = made.controls[0]
    assert (control.id, control.left, control.right) == ("D2.2", 5946, 5945)
    assert control.outcome is Outcome.UNEXPLAINED
    assert not made.closed
    said = Explanation("D2.2", "  En blank seddel ble regnet to ganger. ")
    explained = protocol(worked(), ELECTION, preliminary=manual, explanations=[said])
    assert explained.controls[0].outcome is Outcome.EXPLAINED
    assert explained.controls[0].explanation == "En blank seddel ble regnet to ganger."
    assert explained.closed


def test_an_empty_explanation_explains_nothing() -> None:
    made = protocol(
        worked(), ELECTION, preliminary=replace(MANUAL, blank=0), explanations=[Explanation("D2.2", " ")]
    )
    assert made.controls[0].outcome is Outcome.UNEXPLAINED


@settings(max_examples=60, deadline=None)
@given(heaps)
def test_without_a_manual_count_the_form_accounts_for_every_sheet(heap: tuple) -> None:
    election, paper = heap
    tally = count(paper, election)
    made = protocol(tally, election, sheets=len(paper))
    assert values(made)["D1.c"] == len(paper)
    assert values(made)["D1.i"] == tally.approved
    assert all(one.outcome is Outcome.HOLDS for one in made.controls)
    assert made.closed == (tally.undecided.total() == 0)
    assert made.d21.total is not None
    assert made.d21.total.values[-1] == tally.approved
    by_category = next(one for one in made.appendices if one.id == "kategori")
    assert by_category.total is not None
    assert by_category.total.values[-1] == len(paper)
    for column in range(len(by_category.columns)):
        assert sum(row.values[column] for row in by_category.rows) == by_category.total.values[column]


def test_a_lost_sheet_is_seen() -> None:
    made = protocol(count([ballot(Category.URETTET)], ELECTION), ELECTION, sheets=2)
    assert [one.id for one in made.controls if one.outcome is Outcome.UNEXPLAINED] == ["Papir"]


def test_the_undecided_are_shown_with_their_reasons() -> None:
    made = protocol(count([ballot(None), ballot(Category.URETTET)], ELECTION), ELECTION)
    assert (made.undecided, values(made)["D1.x"], made.closed) == (1, 1, False)
    why, which = made.appendices[:2]
    assert [(row.label, row.values) for row in why.rows] == [("stempel mangler", (1,))]
    assert [(row.label, row.values) for row in which.rows] == [("K1/0001", ("VO", "0001", "stempel mangler"))]


def test_very_many_undecided_are_not_all_listed_on_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.tally.appendices.SHOWN", 2)
    paper = [ballot(None, sheet=f"K1/{n:04d}") for n in range(1, 6)]
    which = protocol(count(paper, ELECTION), ELECTION).appendices[1]
    assert (len(which.rows), which.note) == (2, "Og 3 ark til; de står i lageret.")


def test_personal_votes_and_slengere_of_a_kommunestyre() -> None:
    made = protocol(count([ballot(Category.RETTET, "A", tick(1), write_in("B/2"))], ELECTION), ELECTION)
    tables = {one.id: one for one in made.appendices}
    assert tables["personstemmer A"].rows[0].label == "1. Ærlig A1 *"
    assert tables["personstemmer A"].rows[0].values == (1, 0, 1)
    assert tables["personstemmer B"].rows[1].values == (0, 1, 1)
    assert [row.values for row in tables["slengere"].rows] == [(0, 1), (1, 0), (0, 0)]


def test_the_matrix_of_a_storting_election() -> None:
    election = small_election(ElectionType.STORTING)
    paper = [ballot(Category.URETTET), ballot(Category.RETTET, "A", renumber(2, 1), strike(5))]
    tables = {one.id: one for one in protocol(count(paper, election), election).appendices}
    assert "slengere" not in tables
    assert tables["rettelser A"].rows[0].values == (1, 1, None, None, None, None)
    assert tables["rettelser A"].rows[4].values == (None, None, None, None, 1, 1)
    assert tables["rettelser A"].wide


def test_a_referendum_has_options_instead_of_lists() -> None:
    election = small_election(ElectionType.FOLKEAVSTEMNING)
    paper = [
        ballot(Category.URETTET, None, option("ja")),
        ballot(Category.URETTET, None, option("nei"), place="FO"),
    ]
    made = protocol(count(paper, election), election)
    assert [(row.label, row.values) for row in made.d21.rows] == [("Ja", (0, 1, 1)), ("Nei", (1, 0, 1))]
    assert made.kind == "Rådgivende folkeavstemning"


def test_the_labels_are_the_forms_own() -> None:
    form = motebok_2009()
    assert [one.id for one in form.d1 if not one.own] == [f"D1.{letter}" for letter in "abcdefghi"]
    assert form.d1[2].label == "= Mellomsum ="
    assert form.d1[-1].label == "= Antall stemmesedler til endelig telling = Til fordeling i D2"
    assert form.d22_control == "D1.i er lik sum D2.1c"
    assert set(form.headings) == set(ElectionType)


def test_every_reason_has_a_text() -> None:
    assert set(reason_texts()) == set(Reason)
    assert len(set(reason_texts().values())) == len(Reason)


class TestBoxes:
    """Askøy 2023: an urn stood forgotten. A box that did not come is a control that does not hold."""

    @staticmethod
    def control(boxes: BoxCheck) -> tuple[Protocol, Control]:
        made = protocol(worked(), ELECTION, boxes=boxes)
        return made, made.controls[-1]

    def test_all_came(self) -> None:
        made, control = self.control(BoxCheck(3, 3))
        assert (control.id, control.outcome) == ("Kasser", Outcome.HOLDS)
        assert made.closed

    def test_one_is_missing_though_another_is_explained(self) -> None:
        made, control = self.control(BoxCheck(3, 1, ("FO-1-2",), ("FO-1-3: empty (Kari).",)))
        assert (control.left, control.right, control.outcome) == (3, 1, Outcome.UNEXPLAINED)
        assert "FO-1-2" in control.text
        assert not made.closed

    def test_all_that_are_missing_are_explained(self) -> None:
        made, control = self.control(BoxCheck(3, 2, (), ("FO-1-3: empty (Kari).",)))
        assert (control.outcome, control.explanation) == (Outcome.EXPLAINED, "FO-1-3: empty (Kari).")
        assert made.closed

    def test_no_list_no_control(self) -> None:
        assert "Kasser" not in {one.id for one in protocol(worked(), ELECTION).controls}
