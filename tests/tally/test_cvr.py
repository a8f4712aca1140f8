"""Cast vote records: as the standard says, complete, and nothing that leads to a voter."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Ballot, Category, Rejection
from scanner.election import ElectionType
from scanner.tally.cvr import document, record, report
from tests.command import Json
from tests.strategies import small_election
from tests.tally.conftest import ballot, ballots, option, renumber, strike, tick, write_in
from tests.tally.cvr_schema import faults

ELECTION = small_election()
MOMENT = "2027-09-14T00:00:00Z"
SCHEMA = os.environ.get("CVR_SCHEMA")


def written(*paper: Ballot, election=ELECTION) -> Json:
    records = (record(one, ["a" * 64, "b" * 64], election) for one in paper)
    return json.loads(b"".join(document(report(election, MOMENT, "v1"), records)))


def said(one: Ballot) -> Json:
    """The contests of the current snapshot, by their names."""
    (made,) = written(one)["CVR"]
    current = next(one for one in made["CVRSnapshot"] if one["@id"] == made["CurrentSnapshotId"])
    return {each["ContestId"]: each for each in current.get("CVRContest", [])}


kinds = st.sampled_from(list(ElectionType))


@settings(max_examples=40, deadline=None)
@given(kinds.flatmap(lambda kind: st.tuples(st.just(kind), st.lists(ballots(kind), max_size=6))))
def test_every_document_is_as_the_standard_says(drawn: tuple[ElectionType, list[Ballot]]) -> None:
    kind, paper = drawn
    made = written(*paper, election=small_election(kind))
    assert list(faults(made)) == []
    assert len(made["CVR"]) == len(paper)


@pytest.mark.skipif(SCHEMA is None, reason="CVR_SCHEMA names no file with NIST's own JSON schema")
@pytest.mark.parametrize("kind", list(ElectionType))
def test_nists_own_schema_accepts_it(kind: ElectionType) -> None:
    election = small_election(kind)
    paper = [
        ballot(Category.BLANK, None),
        ballot(None),
        ballot(Category.TVILSOM, None, rejected=Rejection.NO_STAMP),
    ]
    chosen = option("ja") if election.options else tick(1)
    paper += [ballot(Category.RETTET, None if election.options else "A", chosen, strike(2), renumber(3, 1))]
    made = written(*paper, election=election)
    pytest.importorskip("jsonschema").validate(made, json.loads(Path(SCHEMA or "").read_text("utf-8")))


def test_a_vote_for_a_list_and_for_people_on_it() -> None:
    made = said(ballot(Category.RETTET, "A", tick(2), strike(3), renumber(4, 1)))
    (party,) = made["lists"]["CVRContestSelection"]
    assert party["ContestSelectionId"] == "list-A"
    marks = {
        one["ContestSelectionId"]: one["SelectionPosition"][0]
        for one in made["candidates"]["CVRContestSelection"]
    }
    assert marks["mark-A-2"]["NumberVotes"] == 1
    assert marks["mark-A-3"]["OtherStatus"] == "strike"
    assert marks["mark-A-4"]["Rank"] == 1


def test_blank_and_rejected_are_told_apart() -> None:
    assert said(ballot(Category.BLANK, None))["lists"]["Status"] == ["not-indicated"]
    rejected = said(ballot(Category.TVILSOM, None, rejected=Rejection.WHICH_LIST))["lists"]
    assert rejected["Status"] == ["invalidated-rules", "other"]
    assert rejected["OtherStatus"] == "rejected which_list"


def test_what_people_decided_is_a_snapshot_of_its_own() -> None:
    (made,) = written(ballot(Category.URETTET))["CVR"]
    assert [one["Type"] for one in made["CVRSnapshot"]] == ["interpreted", "modified"]
    assert made["CVRSnapshot"][0]["Status"] == ["needs-adjudication"]
    (waiting,) = written(ballot(None))["CVR"]
    assert [one["Type"] for one in waiting["CVRSnapshot"]] == ["interpreted"]


def test_written_names_leave_only_as_numbers_and_nobody_and_no_hour_is_named() -> None:
    whole = json.dumps(written(ballot(Category.RETTET, "A", write_in("B/2", 1), write_in("C/1", 2))))
    assert '"WriteIns": 2' in whole
    record_part = whole[whole.index('"CVR":') :]
    assert "NAVN" not in record_part
    assert "candidate-B-2" not in record_part
    assert "Kari" not in whole
    assert whole.count("T00:00:00Z") == 1


def test_a_test_count_says_so() -> None:
    assert report(ELECTION, MOMENT, "v1", test=True).notes == "TEST COUNT, no result"
