"""Cast vote records for auditors: NIST SP 1500-103, Cast Vote Records Common Data Format 1.0, as JSON.

One record a ballot: what the machine made of it (`interpreted`) and, where people decided, what they
did (`modified`). Nothing leads to a voter: no clock time, no order but that of the paper in its box,
no person who decided, and of names written in only how many there are.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from scanner.ballot import Amendment, AmendmentKind, Ballot, Category
from scanner.election import Election, ElectionType
from scanner.tally.cvr_classes import (
    CVR,
    BallotMeasureContest,
    BallotMeasureSelection,
    Candidate,
    CandidateContest,
    CandidateSelection,
    CVRContest,
    CVRContestSelection,
    CvrElection,
    CVRSnapshot,
    GpUnit,
    Hash,
    ImageData,
    Party,
    PartyContest,
    PartySelection,
    Report,
    ReportingDevice,
    SelectionPosition,
)
from scanner.tally.sampling import Seen, choice, of_decision

LISTS, PEOPLE, QUESTION, AREA, DEVICE, ELECTION = (
    "lists",
    "candidates",
    "question",
    "area",
    "valgskanner",
    "election",
)


def report(election: Election, generated: str, version: str, *, test: bool = False) -> Report:
    """All but the records. `generated` is an RFC 3339 moment, the only one in the document."""
    scope = f"{election.type.value}, {election.area}"
    kretser = (GpUnit(id=f"krets-{one.code}", type="precinct", name=one.name) for one in election.kretser)
    people = (
        Candidate(id=_person(one.code, who.number), name=who.name, party_id=f"party-{one.code}")
        for one in election.lists
        for who in one.candidates
    )
    whole = CvrElection(
        id=ELECTION,
        contest=tuple(_contests(election)),
        election_scope_id=AREA,
        name=election.name,
        candidate=tuple(people),
    )
    return Report(
        election=(whole,),
        generated_date=generated,
        gp_unit=(GpUnit(id=AREA, type="other", name=scope, other_type="area"), *kretser),
        report_generating_device_ids=(DEVICE,),
        reporting_device=(ReportingDevice(id=DEVICE, application="valgskanner", notes=(version,)),),
        version="1.0.0",
        party=tuple(
            Party(id=f"party-{one.code}", name=one.party, abbreviation=one.code) for one in election.lists
        ),
        notes="TEST COUNT, no result" if test else "",
    )


def _contests(election: Election) -> Iterator[PartyContest | CandidateContest | BallotMeasureContest]:
    if election.type is ElectionType.FOLKEAVSTEMNING:
        answers = (
            BallotMeasureSelection(id=f"option-{one.code}", selection=one.text) for one in election.options
        )
        yield BallotMeasureContest(
            id=QUESTION, contest_selection=tuple(answers), name=election.question, vote_variation="plurality"
        )
        return
    lists = (
        PartySelection(id=f"list-{one.code}", party_ids=(f"party-{one.code}",)) for one in election.lists
    )
    yield PartyContest(
        id=LISTS, contest_selection=tuple(lists), name=election.name, vote_variation="proportional"
    )
    marks = (
        CandidateSelection(id=f"mark-{one.code}-{who.number}", candidate_ids=(_person(one.code, who.number),))
        for one in election.lists
        for who in one.candidates
    )
    yield CandidateContest(
        id=PEOPLE,
        contest_selection=tuple(marks),
        name="personstemmer, strykninger og nummerering",
        other_vote_variation="marks at candidates of the list chosen",
        vote_variation="other",
    )


def _person(code: str, number: int) -> str:
    return f"candidate-{code}-{number}"


def record(ballot: Ballot, hashes: Iterable[str], election: Election) -> CVR:
    """The record of one ballot; `hashes` are the sha256 of its sides."""
    box, _, number = ballot.sheet.rpartition("/")
    made = tuple(_snapshots(ballot, election))
    return CVR(
        election_id=ELECTION,
        current_snapshot_id=made[-1].id,
        c_v_r_snapshot=made,
        unique_id=ballot.sheet,
        batch_id=box,
        batch_sequence_id=int(number),
        ballot_style_unit_id=f"krets-{ballot.box.krets}",
        creating_device_id=DEVICE,
        ballot_image=tuple(ImageData(hash=Hash(type="sha-256", value=one)) for one in hashes),
    )


def _snapshots(ballot: Ballot, election: Election) -> Iterator[CVRSnapshot]:
    """What the machine said; then what people said, if they were asked."""
    verdict, decision = ballot.verdict, ballot.decision
    if verdict is None or not verdict.sure:
        yield CVRSnapshot(id=f"{ballot.sheet}-i", type="interpreted", status=("needs-adjudication",))
    else:
        seen = Seen(verdict.category, verdict.list, verdict.amendments)
        yield _snapshot(f"{ballot.sheet}-i", "interpreted", seen, election)
    if decision is not None and decision.decided_by:
        yield _snapshot(f"{ballot.sheet}-m", "modified", of_decision(decision), election)


def _snapshot(
    name: str, kind: Literal["interpreted", "modified"], seen: Seen, election: Election
) -> CVRSnapshot:
    return CVRSnapshot(id=name, type=kind, c_v_r_contest=tuple(_said(seen, election)))


def _said(seen: Seen, election: Election) -> Iterator[CVRContest]:
    main, prefix = (QUESTION, "option") if election.options else (LISTS, "list")
    chosen = choice(seen)
    if chosen is None:
        why = "rejected " + seen.rejected.value if seen.rejected else Category.BLANK.value
        status = ("invalidated-rules", "other") if seen.rejected else ("not-indicated",)
        yield CVRContest(contest_id=main, status=status, other_status=why if seen.rejected else "")
        return
    yield CVRContest(contest_id=main, c_v_r_contest_selection=(_mark(f"{prefix}-{chosen}", _VOTE),))
    if not election.options:
        marks = tuple(_marks(chosen, seen.amendments))
        written = sum(one.kind is AmendmentKind.WRITE_IN for one in seen.amendments)
        if marks or written:
            yield CVRContest(contest_id=PEOPLE, c_v_r_contest_selection=marks, write_ins=written or None)


_VOTE = SelectionPosition(has_indication="yes", number_votes=1)
_STRIKE = SelectionPosition(has_indication="yes", number_votes=0, status=("other",), other_status="strike")


def _mark(selection: str, position: SelectionPosition) -> CVRContestSelection:
    return CVRContestSelection(contest_selection_id=selection, selection_position=(position,))


def _marks(code: str, amendments: Iterable[Amendment]) -> Iterator[CVRContestSelection]:
    for one in amendments:
        name = f"mark-{code}-{one.candidate}"
        match one.kind:
            case AmendmentKind.PERSONAL_VOTE:
                yield _mark(name, _VOTE)
            case AmendmentKind.STRIKE:
                yield _mark(name, _STRIKE)
            case AmendmentKind.RENUMBER:
                ranked = SelectionPosition(has_indication="yes", number_votes=0, rank=one.rank)
                yield _mark(name, ranked)
            case AmendmentKind.WRITE_IN | AmendmentKind.PARTY_TICK | AmendmentKind.OPTION:
                pass


def document(head: Report, records: Iterable[CVR]) -> Iterator[bytes]:
    """The document as JSON, piece by piece: a million ballots never lie in memory together."""
    encoder = msgspec.json.Encoder()
    yield encoder.encode(head)[:-1] + b',"CVR":['
    for place, one in enumerate(records):
        yield (b",\n" if place else b"\n") + encoder.encode(one)
    yield b"\n]}\n"
