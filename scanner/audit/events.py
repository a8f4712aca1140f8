"""What can happen in a count: a closed set of acts, each one link of the chain."""

from enum import StrEnum

import msgspec

START = "0" * 64  # what the first event has before it


class Act(StrEnum):
    """An act on the record. Closed set; each has a row in the README."""

    ELECTION_BOUND = "election_bound"  # the store belongs to this election from now on
    BOX_ADDED = "box_added"
    BOX_EXPECTED = "box_expected"  # a box on the list of those that must come
    BOX_EXPLAINED = "box_explained"  # why a box did not come
    LABEL_KEPT = "label_kept"  # a box's label, fed as a sheet
    STACK_SHEET_TOLD = "stack_sheet_told"  # what a sheet of a stack with labels turned out to be
    SHEET_KEPT = "sheet_kept"  # one piece of paper with its images
    SHEET_READ = "sheet_read"  # what the machine made of a sheet
    OPINION_GIVEN = "opinion_given"  # what one person says of a ballot
    BALLOT_DECIDED = "ballot_decided"  # what counts
    COUNT_OPENED = "count_opened"  # the zero report: nothing is in the store
    COUNT_CLOSED = "count_closed"
    COUNT_REOPENED = "count_reopened"
    PROTOCOL_WRITTEN = "protocol_written"
    STORE_UPGRADED = "store_upgraded"  # its tables taken to a later version of valgskanner
    IMAGES_ERASED = "images_erased"  # by two people, after the count; what was read in them stays
    SAMPLE_DRAWN = "sample_drawn"  # seed, frame and size of a control sample
    SAMPLE_ENTERED = "sample_entered"  # what people read on the paper of one ballot of a sample
    RESULTS_TAKEN = "results_taken"  # the book of another board came in, signed


SILENT = (  # acts that change no number of a count
    *(Act.PROTOCOL_WRITTEN, Act.STORE_UPGRADED, Act.IMAGES_ERASED, Act.SAMPLE_DRAWN, Act.SAMPLE_ENTERED),
)


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One link. Its sha256 stands in `before` of the next, so that no link can be moved or changed.

    `at` is the number of the row it is about, `row` the sha256 of all that this row says, so that
    the chain vouches for every word of the store without repeating it. No clock time: the
    time of a sheet could lead to the voter.
    """

    act: Act
    at: int
    before: str
    by: tuple[str, ...]  # named people, empty for the machine
    number: int  # 1.., without gaps
    of: str  # the sheet or box, for people to read
    row: str
