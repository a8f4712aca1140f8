"""The nouns, frozen, in the order they flow: paper, where things are on it, what was read, what it means.

Lengths are millimetres with the origin at the top left of the face as printed, until the last
moment. Images are kept as the bytes the scanner sent.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Box:
    """A kasse with a printed label: ballots of one vote category and one krets, fed together."""

    id: str
    category: str  # code of the vote category: FO FS VO VF VB VS BF
    krets: str  # code of the krets


class Face(StrEnum):
    """A ballot has an inside (names) and an outside (pattern, guidance, stamp field)."""

    INSIDE = "inside"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class PageImage:
    """One side of a sheet as the scanner sent it: the bytes are evidence and never re-encoded.

    `problem` says in one sentence why the bytes could not be taken as an image; such a side
    still belongs to its sheet, so that the sheet stays on record.
    """

    name: str
    data: bytes
    dpi: float | None = None  # None: the source does not know
    page: int = 0  # which page of a multipage file
    problem: str | None = None
    _sha256: str = field(default="", init=False, repr=False, compare=False)  # once it was asked for

    @property
    def sha256(self) -> str:
        """Names the image, never the sheet: two clean ballots can be equal and both are votes."""
        if not self._sha256:
            object.__setattr__(self, "_sha256", sha256(self.data).hexdigest())
        return self._sha256


@dataclass(frozen=True, slots=True)
class Sheet:
    """One piece of paper. Its identity is (box, number), never its pixels."""

    box: str
    number: int  # 1.. within the box
    images: tuple[PageImage, ...]  # as fed; either face may come first. Normally two
    device: str = ""
    imprint: str | None = None
    name: str = ""  # what the source calls it, for people

    @property
    def id(self) -> str:
        """`box/number`, the number with four digits."""
        return f"{self.box}/{self.number:04d}"


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in mm: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def centre(self) -> tuple[float, float]:
        """Middle point (x, y)."""
        return self.x + self.w / 2, self.y + self.h / 2

    def grown(self, mm: float) -> "Rect":
        """The same rectangle with `mm` more on each of the four sides."""
        return Rect(self.x - mm, self.y - mm, self.w + 2 * mm, self.h + 2 * mm)


class FieldKind(StrEnum):
    """What ink inside a field means (a fixed interface)."""

    PERSONAL_VOTE = "personal_vote"
    RENUMBER = "renumber"
    STRIKE = "strike"
    CANDIDATE_LINE = "candidate_line"
    WRITE_IN = "write_in"
    WRITE_IN_PARTY = "write_in_party"
    PARTY_TICK = "party_tick"
    OPTION = "option"
    STAMP = "stamp"
    BALLOT_NUMBER = "ballot_number"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Field:
    """A place on a face and what ink there means."""

    face: Face
    kind: FieldKind
    rect: Rect
    candidate: int | None = None
    option: str | None = None
    line: int | None = None
    list: str | None = None  # party_tick: the code of the list that the box stands for


class StyleKind(StrEnum):
    """The kinds of ballot a voter can put in the urn."""

    PARTY = "party"
    BLANK = "blank"
    TICK_OFF = "tick_off"
    REFERENDUM = "referendum"


class MarkState(StrEnum):
    """What one reader, or both together, say of one field."""

    MARKED = "marked"
    UNMARKED = "unmarked"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the two readers saw in one field. They share no threshold.

    `ink_mm2` is reader A's measure: the area of ink the printer did not put there.
    `probability` is reader B's calibrated chance that the voter marked the field, None when
    reader B does not read this kind of field.
    """

    field: Field
    a: MarkState
    b: MarkState | None
    ink_mm2: float
    probability: float | None = None

    @property
    def state(self) -> MarkState:
        """Agreement or doubt: a lone reader decides only where no second one exists."""
        if self.b is None or self.a is self.b:
            return self.a
        return MarkState.DOUBTFUL


class StampState(StrEnum):
    """The official stamp, § 10-3 (1) a."""

    PRESENT = "present"
    WEAK = "weak"
    OUTSIDE = "outside"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The stamp as seen; `probability` is the reader's belief in its own answer, 0..1."""

    state: StampState
    probability: float


@dataclass(frozen=True, slots=True)
class Identity:
    """Which ballot it is, from two independent cues: the OCR-B line and the printed name.

    `list` is None for a ballot without a list (blank, tick-off, referendum) and when unknown;
    `style` is the id of the known style, None when the paper is not one of this election's.
    """

    ballot_number: str | None  # as read; unreadable digits are '?'
    heading: str | None
    list: str | None
    style: str | None
    kind: StyleKind | None
    agree: bool


class Reason(StrEnum):
    """Why a ballot goes to a person. Each has a text in every language and a row in the README."""

    # the paper and the scan
    UNREADABLE_IMAGE = "unreadable_image"  # bytes that are no image, or a damaged one
    WRONG_NUMBER_OF_SIDES = "wrong_number_of_sides"  # not two images for the sheet
    NOT_A_BALLOT = "not_a_ballot"  # the printed frame was not found
    SAME_FACE_TWICE = "same_face_twice"  # two insides or two outsides: double feed or wrong pairing
    TWO_SHEETS = "two_sheets"  # part of a second ballot sticks out beside the first: fed together
    BAD_REGISTRATION = "bad_registration"  # the page does not lie on its own picture
    POOR_IMAGE = "poor_image"  # too dark, too light, blurred, wrong dpi
    DAMAGED_PAPER = "damaged_paper"  # a corner or part of the sheet is missing
    READER_CRASHED = "reader_crashed"  # the reading process died on this sheet
    # identity
    UNKNOWN_BALLOT = "unknown_ballot"  # not one of this election's ballots
    IDENTITY_CONFLICT = "identity_conflict"  # ballot number and printed name disagree
    IDENTITY_WEAK = "identity_weak"  # one of the two cues cannot be read
    PRINTED_TEXT_DIFFERS = "printed_text_differs"  # a form that differs from the official list
    PARTY_STRUCK_OUT = "party_struck_out"  # ink over the party name
    # stamp
    STAMP_WEAK = "stamp_weak"
    STAMP_OUTSIDE = "stamp_outside"
    STAMP_ABSENT = "stamp_absent"
    # marks
    MARK_DOUBTFUL = "mark_doubtful"  # the readers disagree or neither is sure
    MARK_OUTSIDE_BOX = "mark_outside_box"  # ink beside the name but outside the box
    RENUMBER_UNREAD = "renumber_unread"  # a number was written and is not read with confidence
    RENUMBER_DUPLICATE = "renumber_duplicate"
    RENUMBER_OUT_OF_RANGE = "renumber_out_of_range"
    RENUMBER_AND_STRIKE = "renumber_and_strike"
    WRITE_IN = "write_in"  # a handwritten name that a person must read
    WRITE_IN_TOO_MANY = "write_in_too_many"
    WRITE_IN_OWN_LIST = "write_in_own_list"
    WRITE_IN_UNKNOWN = "write_in_unknown"
    SEVERAL_TICKED = "several_ticked"
    STRAY_INK = "stray_ink"  # ink outside every field (Voss 2023)
    WRITING_ON_BLANK = "writing_on_blank"  # a blank ballot with writing: may name a party


class AmendmentKind(StrEnum):
    """What a voter can do to a printed ballot."""

    PERSONAL_VOTE = "personal_vote"
    STRIKE = "strike"
    RENUMBER = "renumber"
    WRITE_IN = "write_in"
    PARTY_TICK = "party_tick"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class Amendment:
    """One change by the voter. Which members are set depends on the kind."""

    kind: AmendmentKind
    candidate: int | None = None  # number on the ballot's own list
    rank: int | None = None  # renumber
    line: int | None = None  # write_in, 1..
    text: str | None = None  # write_in, as read
    person: str | None = None  # write_in: "LIST/NR" on another list
    list: str | None = None  # party_tick
    option: str | None = None  # option


@dataclass(frozen=True, slots=True)
class Reading:
    """All the machine saw on a sheet. Observation only: what it means is the law's (`rules`)."""

    sheet: str  # Sheet.id
    identity: Identity
    marks: tuple[Mark, ...]
    stamp: Stamp | None  # None: the outside was not seen
    stray_mm: tuple[tuple[Face, Rect], ...]  # ink outside every field
    ranks: tuple[tuple[int, int], ...] = ()  # (candidate, rank) numbers read with confidence
    write_ins: tuple[Amendment, ...] = ()  # handwriting read with confidence
    trouble: tuple[Reason, ...] = ()  # reasons already known before the law is asked
    residual_px: float | None = None  # of the registration, at 200 dpi
    ms: tuple[tuple[str, float], ...] = ()  # stage, milliseconds
    version: str = ""  # sha256 of code, models and calibration: with which eyes
    guessed_ranks: tuple[tuple[int, int], ...] = ()  # numbers read without confidence: for people
    guesses: tuple[Amendment, ...] = ()  # handwriting read without it: for people, never counted
    says_blank: bool = False  # all writing on a blank ballot surely says "blank"


class Category(StrEnum):
    """The law's own words (§ 10-8 sorting; blank: møtebok guide)."""

    BLANK = "blank"
    URETTET = "urettet"
    RETTET = "rettet"
    TVILSOM = "tvilsom"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The machine's best guess for a doubtful ballot. Software proposes, people decide."""

    category: Category
    amendments: tuple[Amendment, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the law makes of a reading. Doubt is data: tvilsom always comes with reasons."""

    category: Category
    list: str | None
    amendments: tuple[Amendment, ...]  # those the machine is sure of
    reasons: tuple[Reason, ...]
    proposed: Proposal
    confidence: float  # 0..1, the smallest on the way

    @property
    def sure(self) -> bool:
        """True if no person is needed."""
        return self.category is not Category.TVILSOM


class Rejection(StrEnum):
    """The four grounds on which people, never the machine, reject a ballot: § 10-3 (1) a to d."""

    NO_STAMP = "no_stamp"  # a
    WHICH_ELECTION = "which_election"  # b: does not show which election it is for
    WHICH_LIST = "which_list"  # c: does not show which list the voter chose
    LIST_NOT_STANDING = "list_not_standing"  # d


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one named person says of one ballot. A new one is added, none is changed."""

    sheet: str
    person: str
    category: Category
    list: str | None
    amendments: tuple[Amendment, ...]
    note: str = ""
    rejected: Rejection | None = None  # set: the ballot does not count, whatever the category


@dataclass(frozen=True, slots=True)
class Decision:
    """What counts. `decided_by` is empty for a verdict the machine was sure of."""

    sheet: str
    category: Category
    list: str | None
    amendments: tuple[Amendment, ...]
    decided_by: tuple[str, ...] = field(default=())
    rejected: Rejection | None = None  # set: the ballot does not count, whatever the category


@dataclass(frozen=True, slots=True)
class Ballot:
    """One sheet as it stands in the count: its box, the verdict (None: unread), the decision (None: open)."""

    sheet: str
    box: Box
    verdict: Verdict | None = None
    decision: Decision | None = None
