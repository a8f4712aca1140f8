"""Which lists, kretser, candidates … the form of an election has."""

from collections.abc import Iterable

from scanner.election import Election, PartyList
from scanner.tally.motebok.filled import Extent, Item
from scanner.tally.motebok.model import Dimension


def extent_of(
    election: Election,
    *,
    members: int = 0,
    places: Iterable[Item] = (),
    kommuner: Iterable[Item] = (),
) -> Extent:
    """The extent of an election: its lists (a referendum's options), kretser, candidates and ranks.

    `members` is how many lines the board has, `places` where forhåndsstemmer were received, `kommuner`
    those a county counts for.
    """
    lists = [Item(one.code, one.party) for one in election.lists]
    options = [Item(one.code, one.text) for one in election.options]
    kretser = [Item(one.code, one.name) for one in election.kretser]
    people = [one for party in election.lists for one in _people(party)]
    most = max((len(one.candidates) for one in election.lists), default=0)
    found: dict[Dimension, Iterable[Item]] = {
        Dimension.LIST: options or lists,
        Dimension.KRETS: kretser,
        Dimension.CANDIDATE: people,
        Dimension.RANK: _numbered(most),
        Dimension.MEMBER: _numbered(members),
        Dimension.PLACE: places,
        Dimension.KOMMUNE: kommuner,
    }
    return Extent(tuple((one, tuple(items)) for one, items in found.items()))


def _people(party: PartyList) -> Iterable[Item]:
    return (Item(f"{party.code}/{one.number}", f"{party.party}: {one.name}") for one in party.candidates)


def _numbered(most: int) -> list[Item]:
    return [Item(str(n), str(n)) for n in range(1, most + 1)]
