"""Who is asked about which ballot: the order, and claims that lapse when a station falls silent.

The queue only says who looks next. What counts is worked out anew from the record (`agree.settle`),
so that a queue that lags behind can cost a second look but never a vote.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from scanner.ballot import Category, Opinion, Reason
from scanner.people import Person, Right, key_of

ENOUGH = 3  # people who have spoken without agreeing: the valgstyre is next


@dataclass(frozen=True, slots=True)
class Waiting:
    """A doubtful ballot that nobody has settled, with what was said of it."""

    sheet: str
    reasons: tuple[Reason, ...]
    opinions: tuple[Opinion, ...] = ()

    @property
    def for_board(self) -> bool:
        """True if the valgstyre must look: somebody asked for it, or three people did not agree."""
        latest = {key_of(one.person): one for one in self.opinions}
        return len(latest) >= ENOUGH or any(map(passed_on, latest.values()))

    def has_spoken(self, person: Person) -> bool:
        """True if the person has said what the ballot is."""
        return any(key_of(one.person) == person.key for one in self.opinions)


def passed_on(opinion: Opinion) -> bool:
    """True for an opinion that says only: the valgstyre must see this."""
    return opinion.category is Category.TVILSOM and opinion.rejected is None


def asked(person: Person, one: Waiting) -> bool:
    """True if this person may be shown the ballot next: each looks once, without a trace of the other."""
    if not person.may(Right.SAY) or one.has_spoken(person):
        return False
    return person.may(Right.REJECT) or not one.for_board


def in_order(person: Person, waiting: Iterable[Waiting]) -> list[Waiting]:
    """What a person is asked, first to last: what needs one more look, then as the paper lies in the boxes.

    A member of the valgstyre sees first what waits for the valgstyre.
    """
    mine = [one for one in waiting if asked(person, one)]
    return sorted(mine, key=lambda one: (not one.for_board, not one.opinions, one.sheet))


@dataclass(frozen=True, slots=True)
class Claim:
    """A ballot lies before this person until `until` (s, of whatever clock the caller has)."""

    sheet: str
    person: str  # key
    until: float


class Claims:
    """Who has which ballots before them; a ballot lies before one person at a time."""

    def __init__(self, lasts_s: float) -> None:
        """`lasts_s`: a station that says nothing for so long gives its ballot back."""
        self._lasts_s = lasts_s
        self._held: dict[str, Claim] = {}  # by sheet

    def take(self, sheet: str, person: Person, now: float) -> bool:
        """Lay the ballot before the person; False if another has it."""
        if not self.free(sheet, person, now):
            return False
        self._held[sheet] = Claim(sheet, person.key, now + self._lasts_s)
        return True

    def free(self, sheet: str, person: Person, now: float) -> bool:
        """True if nobody else has the ballot."""
        held = self._held.get(sheet)
        return held is None or held.person == person.key or held.until < now

    def holds(self, sheet: str, person: Person, now: float) -> bool:
        """True if the ballot lies before this person."""
        held = self._held.get(sheet)
        return held is not None and held.person == person.key and held.until >= now

    def renew(self, person: Person, now: float) -> None:
        """The person's station is still there."""
        for sheet, held in list(self._held.items()):
            if held.person == person.key and held.until >= now:
                self._held[sheet] = Claim(sheet, person.key, now + self._lasts_s)

    def drop(self, person: Person) -> None:
        """Give back all that lies before the person."""
        for sheet, held in list(self._held.items()):
            if held.person == person.key:
                del self._held[sheet]

    def held(self, now: float) -> int:
        """How many ballots lie before people."""
        return sum(one.until >= now for one in self._held.values())
