"""A tally: how many ballots of each kind, as numbers that can be added up. Frozen, and nothing but sums."""

from dataclasses import dataclass, field, fields
from functools import cached_property

from scanner.ballot import Category, Reason, Rejection
from scanner.tally.bag import Bag


@dataclass(frozen=True, slots=True)
class Place:
    """Where ballots come from: the code of their vote category (FO … BF) and of their krets."""

    category: str
    krets: str


@dataclass(frozen=True, slots=True)
class Vote:
    """A ballot approved for a list; `sort` is URETTET or RETTET, `ticked` on the tick-off ballot."""

    list: str
    place: Place
    sort: Category
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A ballot approved for one option of a referendum."""

    option: str
    place: Place


@dataclass(frozen=True, slots=True)
class Rejected:
    """A ballot that people rejected."""

    ground: Rejection
    place: Place


@dataclass(frozen=True, slots=True)
class Undecided:
    """A sheet nobody has decided, and why; no reasons: no machine has read it yet."""

    sheet: str
    place: Place
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A candidate: code of the list and number on it."""

    list: str
    candidate: int


@dataclass(frozen=True, slots=True)
class Slenger:
    """A personal vote written in on another list's ballot."""

    giver: str  # code of the list whose ballot it was written on
    receiver: Person


@dataclass(frozen=True, slots=True)
class Rank:
    """A candidate at a place, 1.., on an amended ballot."""

    person: Person
    rank: int


@dataclass(frozen=True)
class Tally:
    """The sum of the ballots counted. `+` adds two tallies of different sheets of one election.

    Paper is conserved: fed = votes + answers + blank + rejected + undecided.
    `ranks` and `strikes` hold amended ballots only; see `ranks.matrix` for the whole.
    """

    votes: Bag[Vote] = field(default_factory=Bag)
    answers: Bag[Answer] = field(default_factory=Bag)
    blank: Bag[Place] = field(default_factory=Bag)
    rejected: Bag[Rejected] = field(default_factory=Bag)
    undecided: Bag[Undecided] = field(default_factory=Bag)
    personal_votes: Bag[Person] = field(default_factory=Bag)
    slengere: Bag[Slenger] = field(default_factory=Bag)
    ranks: Bag[Rank] = field(default_factory=Bag)
    strikes: Bag[Person] = field(default_factory=Bag)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @cached_property
    def approved(self) -> int:
        """Ballots for a list or an option."""
        return self.votes.total() + self.answers.total()

    @cached_property
    def decided(self) -> int:
        """Ballots approved, blank or rejected."""
        return self.approved + self.blank.total() + self.rejected.total()

    @cached_property
    def fed(self) -> int:
        """Sheets of paper on record."""
        return self.decided + self.undecided.total()
