"""The command `review`, as two people use it: each with the store and a name."""

import json
from pathlib import Path

import pytest

from scanner.ballot import Box, Category, Identity, PageImage, Proposal, Reading, Reason, Sheet, Verdict
from scanner.errors import ExitCode
from scanner.store.opening import open_store
from scanner.store.store import Store
from tests.command import valgskanner
from tests.strategies import small_election

NOBODY = Identity(None, None, None, None, None, agree=False)


def fill(store: Store) -> None:
    """One sure ballot and one doubtful one in box K."""
    election = small_election()
    store.bind(election)
    store.add_box(Box("K", "FO", "0001"))
    for number, category in ((1, Category.URETTET), (2, Category.TVILSOM)):
        sheet = Sheet("K", number, (PageImage("F", b"front"), PageImage("B", b"back")))
        store.add_sheet(sheet)
        reasons = (Reason.STAMP_WEAK,) if category is Category.TVILSOM else ()
        verdict = Verdict(category, "A", (), reasons, Proposal(Category.URETTET), 0.9)
        store.add_verdict(sheet.id, verdict, Reading(sheet.id, NOBODY, (), None, ()), "eyes")


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:{tmp_path / 'count.db'}"
    with open_store(address) as store:
        fill(store)
    return address


def test_a_doubtful_ballot_counts_when_a_second_person_says_the_same(url: str) -> None:
    listed = valgskanner("review", "--store", url, "--json")
    assert listed.code == ExitCode.DOUBTFUL
    assert [one["sheet"] for one in map(json.loads, listed.out.splitlines())] == ["K/0002"]
    given = ("review", "--store", url, "--sheet", "K/0002")
    assert valgskanner(*given, "--person", "Første", "--accept").code == ExitCode.DOUBTFUL
    assert valgskanner(*given, "--person", "Første", "--list", "A").code == ExitCode.DOUBTFUL
    assert valgskanner(*given, "--person", "Andre", "--list", "A").code == ExitCode.DONE
    with open_store(url) as store:
        decision = store.decision_of("K/0002")
    assert decision is not None
    assert decision.decided_by == ("Andre", "Første")
    assert valgskanner("review", "--store", url, "--json").out == ""


def test_a_ballot_that_does_not_wait_takes_no_opinion(url: str) -> None:
    for sheet in ("K/0001", "K/0009"):
        ran = valgskanner("review", "--store", url, "--sheet", sheet, "--person", "Én", "--blank")
        assert ran.code == ExitCode.USAGE
        assert sheet in ran.err
