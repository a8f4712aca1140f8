"""The election package: contests, lists, candidates, kretser, categories, law version."""

from dataclasses import dataclass
from enum import StrEnum


class ElectionType(StrEnum):
    """The elections valgskanner knows."""

    KOMMUNESTYRE = "kommunestyre"
    FYLKESTING = "fylkesting"
    STORTING = "storting"
    SAMETING = "sameting"
    FOLKEAVSTEMNING = "folkeavstemning"


class StampRule(StrEnum):
    """Whether § 10-3 (1) a asks for a stamp on ballots of a category.

    `required`: no stamp is a ground for rejection. `not_required`: the envelope carried it, or
    the valgstyret stamps afterwards (møtebok C2.2.3).
    """

    REQUIRED = "required"
    NOT_REQUIRED = "not_required"


class NumberLine(StrEnum):
    """The line under the names: 22 + 2 + 8 digits (2019), or 22 and a 7-character id (2025)."""

    DESIGN_2019 = "2019"
    DESIGN_2025 = "2025"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name on a list. `bold`: stemmetillegg, § 6-2 (3)."""

    number: int
    name: str
    born: int | None
    residence: str
    bold: bool


@dataclass(frozen=True, slots=True)
class PartyList:
    """A valgliste as printed on its own ballot."""

    code: str
    ballot_number: str  # 22 digits
    party: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Krets:
    """A stemmekrets."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class VoteCategory:
    """A counting category of EVA: FO FS VO VF VB VS BF, and its stamp rule."""

    code: str
    name: str
    stamp: StampRule

    @property
    def advance(self) -> bool:
        """True for forhåndsstemmer (D2.1 a), false for valgtingsstemmer (D2.1 b)."""
        return self.code.startswith("F")


@dataclass(frozen=True, slots=True)
class ReferendumOption:
    """One answer a voter can tick."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class StampSpecimen:
    """A print of an official stamp on white paper, to compare the stamps of ballots with."""

    file: str  # in the package
    dpi: int  # 100 to 1200
    picture: bytes  # of the file: PNG or JPEG


@dataclass(frozen=True, slots=True)
class Election:
    """One election in one area, read once from its package and checked hard."""

    type: ElectionType
    name: str  # "Kommunestyrevalget 2027"
    year: int
    area: str  # "Nordvik"
    seats: int
    law: str  # version of the law that judges: "2002", "2013", "2023"
    number_line: NumberLine
    max_write_ins: int
    lists: tuple[PartyList, ...]
    kretser: tuple[Krets, ...]
    categories: tuple[VoteCategory, ...]
    blank_number: str  # 22 digits, printed on the blank ballot
    tick_off_number: str  # 22 digits, printed on the tick-off or referendum ballot
    question: str = ""  # referendum
    options: tuple[ReferendumOption, ...] = ()  # referendum
    stamps: tuple[StampSpecimen, ...] = ()  # all official ones, or none: then a stamp is known by its looks

    def list_of(self, code: str) -> PartyList:
        """The list with this code; KeyError if there is none."""
        return {one.code: one for one in self.lists}[code]

    def category(self, code: str) -> VoteCategory:
        """The category with this code; KeyError if there is none."""
        return {one.code: one for one in self.categories}[code]
