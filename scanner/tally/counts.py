"""The counts as a document: what `valgskanner tally --json` prints and a demo leaves as counts.json."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from scanner.ballot import Category, Rejection
from scanner.election import Election, PartyList, VoteCategory
from scanner.tally.tally import Person, Tally, Vote


class CategoryCount(msgspec.Struct, frozen=True):
    """Approved ballots of one vote category for one list."""

    category: str
    urettet: int
    rettet: int


class CandidateCount(msgspec.Struct, frozen=True):
    """Votes for one candidate: by a mark on the own list's ballot, and written in on others (slengere)."""

    candidate: int
    name: str
    personal_votes: int
    slengere: int
    strikes: int


class ListCount(msgspec.Struct, frozen=True):
    """Approved ballots for one list: total = urettet + rettet, `tick_off` of them on the tick-off ballot."""

    list: str
    party: str
    total: int
    urettet: int
    rettet: int
    tick_off: int
    slengere_given: int
    slengere_received: int
    categories: tuple[CategoryCount, ...]
    candidates: tuple[CandidateCount, ...]


class OptionCount(msgspec.Struct, frozen=True):
    """Approved ballots for one option of a referendum, and of those by vote category (code, ballots)."""

    option: str
    text: str
    total: int
    categories: tuple[tuple[str, int], ...]


class PlaceCount(msgspec.Struct, frozen=True):
    """The paper of one vote category: fed = approved + blank + rejected + undecided."""

    category: str
    name: str
    fed: int
    approved: int
    blank: int
    rejected: int
    undecided: int


class RejectedCount(msgspec.Struct, frozen=True):
    """Ballots that people rejected on one ground of § 10-3 (1)."""

    ground: Rejection
    total: int


class Counts(msgspec.Struct, frozen=True):
    """All counts of an election. Every vote category, list and option is there, with 0 if nothing came."""

    election: str
    type: str
    year: int
    area: str
    fed: int
    approved: int
    blank: int
    rejected: int
    undecided: int
    categories: tuple[PlaceCount, ...]
    lists: tuple[ListCount, ...]
    options: tuple[OptionCount, ...]
    grounds: tuple[RejectedCount, ...]
    test: bool = False  # a trial count, never a result


def counts(tally: Tally, election: Election, *, test: bool = False) -> Counts:
    """The tally in the order of the election package; `test` says that it is a trial."""
    return Counts(
        election=election.name,
        type=election.type.value,
        year=election.year,
        area=election.area,
        fed=tally.fed,
        approved=tally.approved,
        blank=tally.blank.total(),
        rejected=tally.rejected.total(),
        undecided=tally.undecided.total(),
        categories=tuple(_place(tally, one) for one in election.categories),
        lists=tuple(_list(tally, one, election.categories) for one in election.lists),
        options=_options(tally, election),
        grounds=tuple(_rejected(tally, one) for one in Rejection),
        test=test,
    )


def counts_json(document: Counts) -> bytes:
    """The document as indented JSON, UTF-8, ending in a line break; the same counts, the same bytes."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _place(tally: Tally, category: VoteCategory) -> PlaceCount:
    code = category.code
    votes = tally.votes.total(lambda one: one.place.category == code)
    answers = tally.answers.total(lambda one: one.place.category == code)
    blank = tally.blank.total(lambda one: one.category == code)
    rejected = tally.rejected.total(lambda one: one.place.category == code)
    undecided = tally.undecided.total(lambda one: one.place.category == code)
    fed = votes + answers + blank + rejected + undecided
    return PlaceCount(code, category.name, fed, votes + answers, blank, rejected, undecided)


def _list(tally: Tally, party: PartyList, categories: Iterable[VoteCategory]) -> ListCount:
    mine = {one: count for one, count in tally.votes.items() if one.list == party.code}
    return ListCount(
        list=party.code,
        party=party.party,
        total=sum(mine.values()),
        urettet=_sorted(mine, Category.URETTET),
        rettet=_sorted(mine, Category.RETTET),
        tick_off=sum(count for one, count in mine.items() if one.ticked),
        slengere_given=tally.slengere.total(lambda one: one.giver == party.code),
        slengere_received=tally.slengere.total(lambda one: one.receiver.list == party.code),
        categories=tuple(
            CategoryCount(one.code, _sorted(mine, Category.URETTET, one), _sorted(mine, Category.RETTET, one))
            for one in categories
        ),
        candidates=_candidates(tally, party),
    )


def _sorted(votes: dict[Vote, int], sort: Category, category: VoteCategory | None = None) -> int:
    return sum(
        count
        for one, count in votes.items()
        if one.sort is sort and (category is None or one.place.category == category.code)
    )


def _candidates(tally: Tally, party: PartyList) -> tuple[CandidateCount, ...]:
    written = Counter[Person]()
    for one, count in tally.slengere.items():
        written[one.receiver] += count
    people = [(one, Person(party.code, one.number)) for one in party.candidates]
    return tuple(
        CandidateCount(one.number, one.name, tally.personal_votes[who], written[who], tally.strikes[who])
        for one, who in people
    )


def _options(tally: Tally, election: Election) -> tuple[OptionCount, ...]:
    found = []
    for option in election.options:
        by_category = tuple((one.code, _answers(tally, option.code, one.code)) for one in election.categories)
        found.append(OptionCount(option.code, option.text, sum(n for _, n in by_category), by_category))
    return tuple(found)


def _answers(tally: Tally, option: str, category: str) -> int:
    return tally.answers.total(lambda one: one.option == option and one.place.category == category)


def _rejected(tally: Tally, ground: Rejection) -> RejectedCount:
    return RejectedCount(ground, tally.rejected.total(lambda one: one.ground is ground))
