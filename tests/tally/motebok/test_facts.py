"""The machine's numbers: from decisions only, conserved, and every one of them names its ballots."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Ballot, Category, Rejection
from scanner.election import ElectionType
from scanner.tally.count import count
from scanner.tally.counts import counts
from scanner.tally.form import Outcome
from scanner.tally.motebok.catalogue import form_for
from scanner.tally.motebok.evaluate import evaluate
from scanner.tally.motebok.extents import extent_of
from scanner.tally.motebok.facts import Facts
from scanner.tally.motebok.filled import Filled, Key, keys
from scanner.tally.motebok.model import Source
from scanner.tally.motebok.which import leaves, which_ballots
from scanner.tally.protocol import protocol
from tests.strategies import small_election
from tests.tally.conftest import ballot, ballots, renumber, strike, tick, write_in

TYPES = [one for one in ElectionType if one is not ElectionType.SAMETING]


def machine_book(kind: ElectionType, paper: list[Ballot], year: int = 2019) -> Filled:
    election = small_election(kind)
    form, extent = form_for("valgstyret", kind, year), extent_of(election)
    facts = Facts(form, extent, election).of(count(paper, election))
    return Filled(form, election.area, extent, facts=facts, counted=True)


heaps = st.sampled_from(TYPES).flatmap(
    lambda kind: st.tuples(st.just(kind), st.lists(ballots(kind), max_size=8))
)


@given(heaps, st.sampled_from((2009, 2019, 2027)))
@settings(max_examples=40, deadline=None)
def test_no_paper_is_lost_between_decisions_and_the_form(heap: tuple, year: int) -> None:
    kind, paper = heap
    book = machine_book(kind, [one for one in paper if one.box.krets == "0001"], year)
    worked = evaluate(book)
    conserved = [one for one in worked.checked if one.control.id.startswith(("Maskin", "H7 f", "H7 v", "M "))]
    assert conserved
    ours = {one for one in conserved if "foreløpig" not in one.control.text.nb}
    assert all(one.outcome is Outcome.HOLDS for one in ours), [one for one in ours if one.difference]
    fed = worked.number("M.matet.f") + worked.number("M.matet.v")
    assert fed == sum(one.box.krets == "0001" for one in paper)


@given(heaps, st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_every_number_is_the_sum_of_its_ballots(heap: tuple, chance: object) -> None:
    kind, paper = heap
    book = machine_book(kind, paper)
    election = small_election(kind)
    worked = evaluate(book)
    for key in keys(book):
        cell = book.form.cell(key.cell)
        if cell.source is Source.MACHINE and (key.at or key in book.facts):
            found = list(which_ballots(book, key, paper, election))
            assert sum(one.times for one in found) == worked.values[key], key


PAPER = [
    ballot(Category.RETTET, "A", tick(2), write_in("B/1"), sheet="K1/0001"),
    ballot(Category.URETTET, "A", sheet="K1/0002"),
    ballot(Category.RETTET, "B", tick(2), tick(3), place="FO", sheet="F1/0001"),
    ballot(Category.BLANK, None, sheet="K1/0003"),
]


def named(book: Filled, key: Key) -> list[tuple[str, int]]:
    election = small_election(book.form.type)
    return [(one.ballot.sheet, one.times) for one in which_ballots(book, key, PAPER, election)]


def test_a_number_worked_out_names_the_ballots_below_it() -> None:
    book = machine_book(ElectionType.KOMMUNESTYRE, PAPER)
    assert named(book, Key("D3.sum", ("A",))) == [("K1/0001", 1), ("K1/0002", 1)]
    assert named(book, Key("D3.total.sum")) == [("K1/0001", 1), ("K1/0002", 1), ("F1/0001", 1)]
    assert named(book, Key("D2.1.total.blanke")) == [("K1/0003", 1)]
    assert named(book, Key("R.P.sum", ("B/1",))) == [("K1/0001", 1)]
    assert named(book, Key("R.P.person", ("B/3",))) == [("F1/0001", 1)]
    assert named(book, Key("E1.1.mottatt", ("B",))) == [("K1/0001", 1)]
    assert named(book, Key("D1.4.avvik", ("B",))) == [("F1/0001", 1)]


def test_a_number_of_people_alone_names_no_ballot() -> None:
    book = machine_book(ElectionType.KOMMUNESTYRE, PAPER)
    assert leaves(book, Key("B2.1.1.total.antall")) == {}
    assert named(book, Key("N.stemmeberettigede")) == []


def test_a_deviation_subtracts_nothing_of_the_machine() -> None:
    book = machine_book(ElectionType.KOMMUNESTYRE, PAPER)
    assert leaves(book, Key("D1.4.avvik", ("B",))) == {Key("D1.3.antall", ("B",)): 1}


def test_candidates_and_places_after_renumbering() -> None:
    paper = [ballot(Category.RETTET, "A", renumber(3, 1), strike(2)), ballot(Category.URETTET, "A")]
    worked = evaluate(machine_book(ElectionType.STORTING, paper, 2021))
    assert [worked.number("R.K.plass", "A/3", str(n)) for n in range(1, 6)] == [1, 0, 1, 0, 0]
    assert [worked.number("R.K.plass", "A/1", str(n)) for n in range(1, 6)] == [1, 1, 0, 0, 0]
    assert worked.number("R.K.stroket", "A/2") == 1


@pytest.mark.parametrize("year", [2009, 2019, 2027])
def test_the_form_says_what_the_counts_say(year: int) -> None:
    election = small_election()
    document = counts(count(PAPER, election), election)
    worked = evaluate(machine_book(ElectionType.KOMMUNESTYRE, PAPER, year))
    cell = {2009: "D2.1.c", 2019: "D3.sum", 2027: "A1.4.sum"}[year]
    assert {one.list: worked.number(cell, one.list) for one in document.lists} == {"A": 2, "B": 1, "C": 0}
    person = "R.P.sum"
    for one in document.lists:
        for who in one.candidates:
            assert worked.number(person, f"{one.list}/{who.candidate}") == who.personal_votes + who.slengere


def test_a_ballot_that_waits_keeps_a_form_open_whatever_is_explained() -> None:
    worked = evaluate(machine_book(ElectionType.KOMMUNESTYRE, [*PAPER, ballot(None, sheet="K1/0009")]))
    assert worked.undecided == 1
    bare = replace(worked, missing=(), checked=())
    assert not bare.closed
    decided = evaluate(machine_book(ElectionType.KOMMUNESTYRE, PAPER))
    assert replace(decided, missing=(), checked=()).closed


def test_a_county_counts_each_kommune_by_its_boxes() -> None:
    election = small_election(ElectionType.FYLKESTING)
    form, extent = form_for("fylkesvalgstyret", ElectionType.FYLKESTING, 2019), extent_of(election)
    facts = Facts(form, extent, election).of(count(PAPER, election))
    worked = evaluate(Filled(form, "Vestfylket", extent, facts=facts, counted=True))
    assert worked.number("B2.2.vf", "0001", "A") == 2
    assert worked.number("B2.2.ff", "0001", "B") == 1
    assert worked.number("B2.3.vf", "0001") == 1
    assert worked.number("M.matet", "0001") == len(PAPER)


def test_the_form_and_the_protocol_say_the_same() -> None:
    paper = [
        *PAPER,
        ballot(Category.TVILSOM, None, rejected=Rejection.NO_STAMP, place="FO"),
        ballot(Category.TVILSOM, None, rejected=Rejection.WHICH_LIST),
        ballot(None),
    ]
    election = small_election()
    whole = protocol(count(paper, election), election)
    worked = evaluate(machine_book(ElectionType.KOMMUNESTYRE, paper, 2009))
    columns = ("aU", "aR", "bU", "bR", "c")
    for party, row in zip(election.lists, whole.d21.rows, strict=True):
        assert tuple(worked.number(f"D2.1.{one}", party.code) for one in columns) == row.values
    ours = {one.id: one.value for one in whole.d1}
    for row_id in ("D1.d", "D1.e", "D1.f", "D1.g", "D1.h", "D1.x"):
        assert worked.number(row_id) == ours[row_id], row_id
