"""NIST SP 1500-103 v1.0 as far as our records go: for each class its members, `!` required, and enumerations.

Transcribed from the JSON schema of the standard (all classes are closed there: no other members).
"""

from collections.abc import Iterator

from tests.command import Json

CLASSES = {
    "CVR.CastVoteRecordReport": "CVR Election! GeneratedDate! GpUnit! Notes OtherReportType Party"
    " ReportGeneratingDeviceIds! ReportType ReportingDevice! Version!",
    "CVR.CVR": "BallotAuditId BallotImage BallotPrePrintedId BallotSheetId BallotStyleId BallotStyleUnitId"
    " BatchId BatchSequenceId CVRSnapshot! CreatingDeviceId CurrentSnapshotId! ElectionId! PartyIds UniqueId",
    "CVR.CVRSnapshot": "@id! Annotation CVRContest OtherStatus Status Type!",
    "CVR.CVRContest": "CVRContestSelection ContestId! OtherStatus Overvotes Selections Status"
    " Undervotes WriteIns",
    "CVR.CVRContestSelection": "ContestSelectionId OptionPosition OtherStatus Rank SelectionPosition! Status"
    " TotalFractionalVotes TotalNumberVotes",
    "CVR.SelectionPosition": "CVRWriteIn Code FractionalVotes HasIndication! IsAllocable IsGenerated"
    " MarkMetricValue NumberVotes! OtherStatus Position Rank Status",
    "CVR.Election": "@id! Candidate Code Contest! ElectionScopeId! Name",
    "CVR.PartyContest": "@id! Abbreviation Code ContestSelection! Name OtherVoteVariation VoteVariation",
    "CVR.CandidateContest": "@id! Abbreviation Code ContestSelection! Name NumberElected OtherVoteVariation"
    " PrimaryPartyId VoteVariation VotesAllowed",
    "CVR.BallotMeasureContest": "@id! Abbreviation Code ContestSelection! Name OtherVoteVariation"
    " VoteVariation",
    "CVR.PartySelection": "@id! Code PartyIds!",
    "CVR.CandidateSelection": "@id! CandidateIds Code IsWriteIn",
    "CVR.BallotMeasureSelection": "@id! Code Selection!",
    "CVR.Candidate": "@id! Code Name PartyId",
    "CVR.Party": "@id! Abbreviation Code Name",
    "CVR.GpUnit": "@id! Code Name OtherType ReportingDeviceIds Type!",
    "CVR.ReportingDevice": "@id! Application Code Manufacturer MarkMetricType Model Notes SerialNumber",
    "CVR.ImageData": "Hash Image Location",
    "CVR.Hash": "OtherType Type! Value!",
}
WORDS = {
    ("CVR.CVRSnapshot", "Type"): "interpreted modified original",
    ("CVR.CVRSnapshot", "Status"): "needs-adjudication other",
    ("CVR.CVRContest", "Status"): "invalidated-rules not-indicated other overvoted undervoted",
    ("CVR.SelectionPosition", "HasIndication"): "no unknown yes",
    ("CVR.SelectionPosition", "Status"): "adjudicated generated-rules invalidated-rules other",
    ("CVR.GpUnit", "Type"): "combined-precinct other polling-place precinct split-precinct vote-center",
    ("CVR.Hash", "Type"): "md6 other sha-256 sha-512",
    ("CVR.CastVoteRecordReport", "Version"): "1.0.0",
    (
        "CVR.CastVoteRecordReport",
        "ReportType",
    ): "adjudicated aggregated originating-device-export other rcv-round",
    (
        "CVR.PartyContest",
        "VoteVariation",
    ): "approval borda cumulative majority n-of-m other plurality proportional",
    ("CVR.CandidateContest", "VoteVariation"): "approval cumulative n-of-m other plurality proportional",
    ("CVR.BallotMeasureContest", "VoteVariation"): "majority other plurality super-majority",
}
WHOLE = {"NumberVotes", "Rank", "WriteIns", "BatchSequenceId"}
LISTED = {
    *(
        "CVR",
        "Election",
        "GpUnit",
        "Party",
        "ReportGeneratingDeviceIds",
        "ReportType",
        "ReportingDevice",
        "Notes",
    ),
    *(
        "BallotImage",
        "CVRSnapshot",
        "CVRContest",
        "CVRContestSelection",
        "SelectionPosition",
        "Status",
        "Contest",
    ),
    *("ContestSelection", "PartyIds", "CandidateIds", "Candidate"),
}


def faults(value: Json) -> Iterator[str]:
    """What the standard does not allow."""
    kind = value.get("@type", "")
    if kind not in CLASSES:
        yield f"no class {kind!r}"
        return
    known = {one.rstrip("!"): one.endswith("!") for one in CLASSES[kind].split()}
    yield from (f"{kind} lacks {name}" for name, needed in known.items() if needed and name not in value)
    for name, member in value.items():
        if name == "@type":
            continue
        if name not in known:
            yield f"{kind} has no {name}"
        yield from _member(kind, name, member)


def _member(kind: str, name: str, member: object) -> Iterator[str]:
    listed = name in LISTED and not (kind == "CVR.CastVoteRecordReport" and name == "Notes")
    if isinstance(member, list) is not listed:
        yield f"{kind}.{name} is {'not ' if listed else ''}a list"
    for one in member if isinstance(member, list) else [member]:
        if isinstance(one, dict):
            yield from faults(one)
        elif isinstance(one, int) is not (name in WHOLE):
            yield f"{kind}.{name}: {one!r}"
        elif (kind, name) in WORDS and one not in WORDS[kind, name].split():
            yield f"{kind}.{name}: {one!r} is not one of the words"
