"""The classes of NIST SP 1500-103 1.0 that our cast vote records use, member by member as the standard says.

A member that the standard does not know cannot be written: the classes are closed.
"""

from typing import Literal

import msgspec

Yes = Literal["yes", "no", "unknown"]


class _Part(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    rename="pascal",
    tag_field="@type",
):
    """A class of the standard: members in its spelling, `@type` first."""


class _Named(
    _Part, frozen=True, omit_defaults=True, forbid_unknown_fields=True, rename="pascal", tag_field="@type"
):
    id: str = msgspec.field(name="@id")


class Hash(_Part, frozen=True, tag="CVR.Hash"):
    """sha256 of an image."""

    type: Literal["sha-256"]
    value: str


class ImageData(_Part, frozen=True, tag="CVR.ImageData"):
    """A side of the ballot, named by its hash."""

    hash: Hash


class SelectionPosition(_Part, frozen=True, tag="CVR.SelectionPosition"):
    """One mark: `number_votes` is what it counts for."""

    has_indication: Yes
    number_votes: int
    rank: int | None = None
    status: tuple[str, ...] = ()
    other_status: str = ""


class CVRContestSelection(_Part, frozen=True, tag="CVR.CVRContestSelection"):
    """A list, candidate or option that a ballot marks."""

    contest_selection_id: str
    selection_position: tuple[SelectionPosition, ...]


class CVRContest(_Part, frozen=True, tag="CVR.CVRContest"):
    """What a ballot says in one contest."""

    contest_id: str
    c_v_r_contest_selection: tuple[CVRContestSelection, ...] = msgspec.field(
        name="CVRContestSelection", default=()
    )
    status: tuple[str, ...] = ()
    other_status: str = ""
    write_ins: int | None = None


class CVRSnapshot(_Named, frozen=True, tag="CVR.CVRSnapshot"):
    """A ballot as the machine or as people took it."""

    type: Literal["interpreted", "modified", "original"]
    c_v_r_contest: tuple[CVRContest, ...] = msgspec.field(name="CVRContest", default=())
    status: tuple[str, ...] = ()


class CVR(_Part, frozen=True, tag="CVR.CVR"):
    """A ballot."""

    election_id: str
    current_snapshot_id: str
    c_v_r_snapshot: tuple[CVRSnapshot, ...] = msgspec.field(name="CVRSnapshot")
    unique_id: str
    batch_id: str
    batch_sequence_id: int
    ballot_style_unit_id: str
    creating_device_id: str
    ballot_image: tuple[ImageData, ...] = ()


class GpUnit(_Named, frozen=True, tag="CVR.GpUnit"):
    """An area."""

    type: Literal["precinct", "other"]
    name: str
    other_type: str = ""


class ReportingDevice(_Named, frozen=True, tag="CVR.ReportingDevice"):
    """What made the records."""

    application: str
    notes: tuple[str, ...] = ()


class Party(_Named, frozen=True, tag="CVR.Party"):
    """A valgliste."""

    name: str
    abbreviation: str


class Candidate(_Named, frozen=True, tag="CVR.Candidate"):
    """A candidate."""

    name: str
    party_id: str


class PartySelection(_Named, frozen=True, tag="CVR.PartySelection"):
    """A vote for a list."""

    party_ids: tuple[str, ...]


class CandidateSelection(_Named, frozen=True, tag="CVR.CandidateSelection"):
    """A mark at a candidate."""

    candidate_ids: tuple[str, ...]


class BallotMeasureSelection(_Named, frozen=True, tag="CVR.BallotMeasureSelection"):
    """An answer."""

    selection: str


class PartyContest(_Named, frozen=True, tag="CVR.PartyContest"):
    """Which list."""

    contest_selection: tuple[PartySelection, ...]
    name: str
    vote_variation: Literal["proportional"] = msgspec.field(name="VoteVariation")


class CandidateContest(_Named, frozen=True, tag="CVR.CandidateContest"):
    """Which candidates."""

    contest_selection: tuple[CandidateSelection, ...]
    name: str
    other_vote_variation: str
    vote_variation: Literal["other"] = msgspec.field(name="VoteVariation")


class BallotMeasureContest(_Named, frozen=True, tag="CVR.BallotMeasureContest"):
    """Which answer."""

    contest_selection: tuple[BallotMeasureSelection, ...]
    name: str
    vote_variation: Literal["plurality"] = msgspec.field(name="VoteVariation")


class CvrElection(_Named, frozen=True, tag="CVR.Election"):
    """The election and its contests."""

    contest: tuple[PartyContest | CandidateContest | BallotMeasureContest, ...]
    election_scope_id: str
    name: str
    candidate: tuple[Candidate, ...] = ()


class Report(_Part, frozen=True, tag="CVR.CastVoteRecordReport"):
    """The document, without its records."""

    election: tuple[CvrElection, ...]
    generated_date: str
    gp_unit: tuple[GpUnit, ...]
    report_generating_device_ids: tuple[str, ...]
    reporting_device: tuple[ReportingDevice, ...]
    version: Literal["1.0.0"]
    party: tuple[Party, ...] = ()
    notes: str = ""
    report_type: tuple[str, ...] = ("originating-device-export",)
