"""The machine's numbers: every MACHINE cell answered from the tally of decisions, and from nothing else."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from scanner.ballot import Category, Rejection
from scanner.election import Election
from scanner.tally.channels import Channel
from scanner.tally.motebok.filled import Extent, Key
from scanner.tally.motebok.model import Cell, Dimension, Fact, FactKind, Form, Source
from scanner.tally.ranks import RANKED, matrix
from scanner.tally.tally import Person, Place, Tally


@dataclass(frozen=True, slots=True)
class Told:
    """What some ballots say, in the words a Fact asks with; "" and None: nothing said of it."""

    kind: FactKind
    category: str = ""
    krets: str = ""
    list: str = ""
    sort: Category | None = None
    ground: Rejection | None = None
    candidate: str = ""
    rank: str = ""

    def code(self, dimension: Dimension) -> str:
        """The code of a dimension: which list, krets … this is of."""
        match dimension:
            case Dimension.LIST:
                return self.list
            case Dimension.KRETS | Dimension.PLACE | Dimension.KOMMUNE:
                return self.krets
            case Dimension.CANDIDATE:
                return self.candidate
            case Dimension.RANK:
                return self.rank
            case _:
                return ""


class Facts:
    """Answers the MACHINE cells of one form for one election."""

    def __init__(self, form: Form, extent: Extent, election: Election) -> None:
        self._cells: dict[FactKind, list[tuple[Cell, Fact]]] = defaultdict(list)
        for cell in form.cells:
            if cell.source is Source.MACHINE and cell.fact is not None:
                self._cells[cell.fact.kind].append((cell, cell.fact))
        self._codes = {one: frozenset(extent.codes(one)) for one in Dimension}
        self._election = election
        self._channel = {
            one.code: Channel.ADVANCE if one.advance else Channel.ELECTION_DAY for one in election.categories
        }

    def of(self, tally: Tally) -> dict[Key, int]:
        """Every MACHINE key with a number other than 0."""
        found: Counter[Key] = Counter()
        for told, many in self.told(tally):
            for cell, fact in self._cells[told.kind]:
                if self._answers(fact, told):
                    at = tuple(told.code(one) for one in cell.per)
                    if all(code in self._codes[one] for one, code in zip(cell.per, at, strict=True)):
                        found[Key(cell.id, at)] += many
        return dict(found)

    def _answers(self, fact: Fact, told: Told) -> bool:
        return (
            (fact.channel is None or self._channel.get(told.category) is fact.channel)
            and (not fact.categories or told.category in fact.categories)
            and fact.sort in {None, told.sort}
            and fact.ground in {None, told.ground}
        )

    def told(self, tally: Tally) -> Iterator[tuple[Told, int]]:
        """All that a tally says, with how many ballots (votes) say it."""
        for one, many in _paper(tally):
            yield one, many
            yield Told(FactKind.FED, one.category, one.krets, one.list), many
        yield from _people(tally)
        yield from self._listed(tally)
        if self._election.type in RANKED:
            for party in self._election.lists:
                for entry, many in matrix(tally, party).items():
                    who = _code(entry.person)
                    yield Told(FactKind.RANK, list=party.code, candidate=who, rank=str(entry.rank)), many

    def _listed(self, tally: Tally) -> Iterator[tuple[Told, int]]:
        """The ballots of each candidate's list: what places and personal votes are out of."""
        approved: Counter[str] = Counter()
        for vote, many in tally.votes.items():
            approved[vote.list] += many
        for party in self._election.lists:
            for one in party.candidates if approved[party.code] else ():
                who = _code(Person(party.code, one.number))
                yield Told(FactKind.LISTED, list=party.code, candidate=who), approved[party.code]


def _paper(tally: Tally) -> Iterator[tuple[Told, int]]:
    """Each sheet of paper once."""
    for vote, many in tally.votes.items():
        yield _told(FactKind.VOTES, vote.place, vote.list, sort=vote.sort), many
    for answer, many in tally.answers.items():
        yield _told(FactKind.VOTES, answer.place, answer.option), many
    for place, many in tally.blank.items():
        yield _told(FactKind.BLANK, place), many
    for rejected, many in tally.rejected.items():
        yield _told(FactKind.REJECTED, rejected.place, ground=rejected.ground), many
    for waiting, many in tally.undecided.items():
        yield _told(FactKind.UNDECIDED, waiting.place), many


def _people(tally: Tally) -> Iterator[tuple[Told, int]]:
    """What is said of candidates."""
    for person, many in tally.personal_votes.items():
        yield Told(FactKind.PERSONAL, list=person.list, candidate=_code(person)), many
    for slenger, many in tally.slengere.items():
        who = _code(slenger.receiver)
        yield Told(FactKind.SLENGERE_GIVEN, list=slenger.giver), many
        yield Told(FactKind.SLENGERE_RECEIVED, list=slenger.receiver.list, candidate=who), many
    for person, many in tally.strikes.items():
        yield Told(FactKind.STRIKES, list=person.list, candidate=_code(person)), many


def _told(
    kind: FactKind,
    place: Place,
    list_: str = "",
    *,
    sort: Category | None = None,
    ground: Rejection | None = None,
) -> Told:
    return Told(kind, place.category, place.krets, list_, sort, ground)


def _code(person: Person) -> str:
    return f"{person.list}/{person.candidate}"
