"""From ballots to a tally: a sum, ballot by ballot, so that order and partition cannot matter."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields

from scanner.ballot import Amendment, AmendmentKind, Ballot, Category, Decision
from scanner.election import Election, PartyList
from scanner.errors import ElectionError
from scanner.tally.bag import Bag, K
from scanner.tally.ranks import RANKED, places
from scanner.tally.tally import Answer, Person, Place, Rank, Rejected, Slenger, Tally, Undecided, Vote


def count(ballots: Iterable[Ballot], election: Election) -> Tally:
    """The tally of the ballots. Undecided ones are counted apart, none is left out.

    Raises ElectionError if a decision names a list, candidate or option that the election lacks.
    """
    return count_heaps(((one, 1) for one in ballots), election)


def count_heaps(equal: Iterable[tuple[Ballot, int]], election: Election) -> Tally:
    """The same for ballots that come with how many there are of each. Raises ElectionError likewise."""
    heaps = _Heaps(election)
    for ballot, many in equal:
        heaps.put(ballot, many)
    return heaps.tally()


class _Heaps:
    """The counting table: a heap for each member of Tally, under the same name."""

    def __init__(self, election: Election) -> None:
        self.election = election
        self.lists = {one.code: one for one in election.lists}
        self.people = {Person(one.code, who.number) for one in election.lists for who in one.candidates}
        self.options = {one.code for one in election.options}
        self.votes: Counter[Vote] = Counter()
        self.answers: Counter[Answer] = Counter()
        self.blank: Counter[Place] = Counter()
        self.rejected: Counter[Rejected] = Counter()
        self.undecided: Counter[Undecided] = Counter()
        self.personal_votes: Counter[Person] = Counter()
        self.slengere: Counter[Slenger] = Counter()
        self.ranks: Counter[Rank] = Counter()
        self.strikes: Counter[Person] = Counter()

    def tally(self) -> Tally:
        """The heaps, counted."""
        return Tally(*(Bag.of(getattr(self, one.name)) for one in fields(Tally)))

    def put(self, ballot: Ballot, many: int = 1) -> None:
        """Lay `many` ballots like this one on the heap where they belong."""
        place = Place(ballot.box.category, ballot.box.krets)
        decision = ballot.decision
        if decision is not None and decision.rejected is not None:
            self.rejected[Rejected(decision.rejected, place)] += many
        elif decision is None or decision.category is Category.TVILSOM:
            reasons = () if ballot.verdict is None else ballot.verdict.reasons
            self.undecided[Undecided(ballot.sheet, place, reasons)] += many
        elif decision.category is Category.BLANK:
            self.blank[place] += many
        else:
            self._approve(decision, place, many)

    def _approve(self, decision: Decision, place: Place, many: int) -> None:
        options = {one.option for one in decision.amendments if one.kind is AmendmentKind.OPTION}
        if options:
            self.answers[Answer(self._option(decision, options), place)] += many
            return
        ticked = {one.list for one in decision.amendments if one.kind is AmendmentKind.PARTY_TICK}
        party = self._party(decision, ticked or {decision.list})
        self.votes[Vote(party.code, place, decision.category, bool(ticked))] += many
        if decision.category is Category.RETTET:
            self._amend(decision, party, many)

    def _amend(self, decision: Decision, party: PartyList, many: int) -> None:
        """What an amended ballot says of candidates; an urettet one has no valid change to say."""
        for kind, heap in (
            (AmendmentKind.PERSONAL_VOTE, self.personal_votes),
            (AmendmentKind.STRIKE, self.strikes),
        ):
            chosen = {one.candidate for one in decision.amendments if one.kind is kind}
            _add(heap, (self._person(decision, party.code, number) for number in chosen), many)
        _add(self.slengere, (Slenger(party.code, one) for one in self._written(decision, party)), many)
        if self.election.type in RANKED:
            standing = places((one.number for one in party.candidates), decision.amendments)
            _add(self.ranks, (Rank(Person(party.code, number), rank) for number, rank in standing), many)

    def _written(self, decision: Decision, party: PartyList) -> list[Person]:
        """The slengere that count: each person once, of other lists, the first `max_write_ins` by line.

        Eigersund 2011 counted the 8th of 7.
        """
        names = [one for one in decision.amendments if one.kind is AmendmentKind.WRITE_IN and one.person]
        codes = dict.fromkeys(one.person or "" for one in sorted(names, key=_line))
        people = [self._coded(decision, code) for code in codes]
        return [one for one in people if one.list != party.code][: self.election.max_write_ins]

    def _coded(self, decision: Decision, code: str) -> Person:
        name, _, number = code.rpartition("/")
        return self._person(decision, name, int(number) if number.isdecimal() else None)

    def _person(self, decision: Decision, code: str, number: int | None) -> Person:
        person = Person(code, number or 0)
        if person not in self.people:
            raise ElectionError(
                f"Sheet {decision.sheet} names candidate {code}/{number}, who does not stand."
            )
        return person

    def _party(self, decision: Decision, codes: set[str | None]) -> PartyList:
        """The list the ballot counts for: the ticked one, else its own."""
        party = self.lists.get(next(iter(codes)) or "") if len(codes) == 1 else None
        if party is None:
            raise ElectionError(
                f"Sheet {decision.sheet} is decided for {_all(codes)}: not one list that stands."
            )
        return party

    def _option(self, decision: Decision, codes: set[str | None]) -> str:
        option = next(iter(codes)) if len(codes) == 1 else None
        if option is None or option not in self.options:
            raise ElectionError(f"Sheet {decision.sheet} is decided for {_all(codes)}: not one option.")
        return option


def _add(heap: Counter[K], keys: Iterable[K], many: int) -> None:
    for one in keys:
        heap[one] += many


def _line(amendment: Amendment) -> int:
    return amendment.line or 0


def _all(codes: set[str | None]) -> str:
    return ", ".join(sorted(map(repr, codes)))
