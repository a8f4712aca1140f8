"""Which paper goes where: every ballot in exactly one bundle."""

from dataclasses import replace

from hypothesis import given, settings

from scanner.ballot import Ballot, Category, Rejection
from scanner.election import Election
from scanner.tally.bundles import bundles, bundles_csv, bundles_pdf
from scanner.tally.spreadsheet import as_text
from tests.strategies import small_election
from tests.tally.conftest import ballot, tick
from tests.tally.test_count import heaps

ELECTION = small_election()


def stack() -> list[Ballot]:
    made = [ballot(Category.URETTET, sheet=f"K1/{n:04d}") for n in (1, 2, 3, 7)]
    made += [
        ballot(Category.RETTET, "A", tick(1), sheet="K1/0004"),
        ballot(Category.BLANK, None, sheet="K1/0005"),
    ]
    made += [
        ballot(Category.TVILSOM, None, rejected=Rejection.NO_STAMP, sheet="K1/0006"),
        ballot(None, sheet="K1/0008"),
    ]
    return made


def test_rettede_and_urettede_blank_rejected_and_undecided_lie_apart() -> None:
    assert [(one.bundle, one.ranges) for one in bundles(stack(), ELECTION)] == [
        ("Partiet A, valgting, rettede", "4"),
        ("Partiet A, valgting, urettede", "1-3, 7"),
        ("blanke, valgting", "5"),
        ("forkastede § 10-3 (1) a, valgting", "6"),
        ("ikke avgjort", "8"),
    ]


@settings(max_examples=40, deadline=None)
@given(heaps)
def test_every_ballot_is_in_exactly_one_bundle(heap: tuple[Election, list[Ballot]]) -> None:
    election, paper = heap
    numbered = [replace(one, sheet=f"K1/{n:04d}") for n, one in enumerate(paper, 1)]
    packed = [n for part in bundles(numbered, election) for n in part.numbers]
    assert sorted(packed) == list(range(1, len(paper) + 1))


def test_the_list_as_csv_never_runs_a_formula() -> None:
    party = replace(ELECTION.lists[0], party="=1+1")
    election = replace(ELECTION, lists=(party, *ELECTION.lists[1:]))
    table = bundles_csv(bundles(stack(), election)).splitlines()
    assert table[0] == "bunke,kasse,antall,nummer fra toppen"
    assert table[1].startswith("\"'=1+1, valgting")
    assert [as_text(one) for one in ("=a", "+a", "-a", "@a", "a")] == ["'=a", "'+a", "'-a", "'@a", "a"]


def test_the_list_on_paper_is_the_same_twice() -> None:
    parts = bundles(stack(), ELECTION)
    made = bundles_pdf(parts, ELECTION)
    assert made.startswith(b"%PDF")
    assert made == bundles_pdf(parts, ELECTION)
    assert b"pdfaid" in made or b"PDF/A" in made or b"pdfuaid" in made
