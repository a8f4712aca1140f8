import msgspec
from hypothesis import given, settings

from scanner.ballot import Category, Rejection
from scanner.election import Election, ElectionType
from scanner.tally.count import count
from scanner.tally.counts import CategoryCount, Counts, counts, counts_json
from tests.strategies import small_election
from tests.tally.conftest import ballot, option, tick, write_in
from tests.tally.test_count import heaps


@settings(max_examples=40, deadline=None)
@given(heaps)
def test_every_number_adds_up(heap: tuple) -> None:
    election, paper = heap
    document = counts(count(paper, election), election)
    assert document.fed == len(paper) == sum(one.fed for one in document.categories)
    assert document.fed == document.approved + document.blank + document.rejected + document.undecided
    totals = [one.total for one in (*document.lists, *document.options)]
    assert document.approved == sum(totals)
    for one in document.lists:
        assert one.total == one.urettet + one.rettet == sum(c.urettet + c.rettet for c in one.categories)
        assert one.slengere_received == sum(who.slengere for who in one.candidates)
    assert sum(one.slengere_given for one in document.lists) == sum(
        one.slengere_received for one in document.lists
    )


@settings(max_examples=20, deadline=None)
@given(heaps)
def test_the_document_reads_back(heap: tuple) -> None:
    election, paper = heap
    document = counts(count(paper, election), election)
    assert msgspec.json.decode(counts_json(document), type=Counts) == document


def test_a_kommunestyre_count() -> None:
    election = small_election()
    paper = [
        ballot(Category.URETTET),
        ballot(Category.RETTET, "A", tick(1), write_in("B/2"), place="FO"),
        ballot(Category.TVILSOM, None, rejected=Rejection.NO_STAMP),
    ]
    document = counts(count(paper, election), election)
    first = document.lists[0]
    assert (first.party, first.total, first.slengere_given) == ("Partiet A", 2, 1)
    assert first.categories == (
        CategoryCount("FO", 0, 1),
        CategoryCount("FS", 0, 0),
        CategoryCount("VO", 1, 0),
    )
    assert first.candidates[0].personal_votes == document.lists[1].candidates[1].slengere == 1
    assert document.grounds[0].total == document.rejected == 1


def test_a_referendum_count() -> None:
    election: Election = small_election(ElectionType.FOLKEAVSTEMNING)
    document = counts(count([ballot(Category.URETTET, None, option("nei"))], election), election)
    assert [(one.option, one.total) for one in document.options] == [("ja", 0), ("nei", 1)]
