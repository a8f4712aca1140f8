"""Who stands where on a ballot after renumbering and strikes, and how often (Storting, Sameting)."""

from collections import Counter
from collections.abc import Iterable

from scanner.ballot import Amendment, AmendmentKind, Category
from scanner.election import ElectionType, PartyList
from scanner.tally.bag import Bag
from scanner.tally.tally import Person, Rank, Tally

RANKED = frozenset({ElectionType.STORTING, ElectionType.SAMETING})  # elections with renumbering


def places(printed: Iterable[int], amendments: Iterable[Amendment]) -> tuple[tuple[int, int], ...]:
    """(candidate, place) as the voter left the list, places 1.., struck candidates left out.

    The law says that a number beside a name changes the order (§ 7-2 (1)), not how the others
    move; no text found settles it. Here, and in this order:

    1. A struck candidate has no place.
    2. A candidate with a valid number gets just that place. A number is invalid, and not heard,
       if it is below 1 or above the number of names, if another name has the same one, or if
       the name is struck.
    3. The others take the vacant places from the top, in the printed order.

    So a lone "1" on the third name moves the first and second down by one, and a strike moves
    everyone below up by one.
    """
    order = tuple(printed)
    amendments = tuple(amendments)
    struck = {one.candidate for one in amendments if one.kind is AmendmentKind.STRIKE}
    fixed = _numbered(amendments, struck, len(order))
    vacant = (place for place in range(1, len(order) + 1) if place not in fixed.values())
    moved = {name: fixed.get(name) or next(vacant) for name in order if name not in struck}
    return tuple(moved.items())


def _numbered(amendments: Iterable[Amendment], struck: set[int | None], names: int) -> dict[int, int]:
    wishes = {
        (one.candidate, one.rank)
        for one in amendments
        if one.kind is AmendmentKind.RENUMBER and one.candidate is not None and one.rank is not None
    }
    valid = [(name, rank) for name, rank in wishes if name not in struck and 1 <= rank <= names]
    wanted, asked = Counter(rank for _, rank in valid), Counter(name for name, _ in valid)
    return {name: rank for name, rank in valid if wanted[rank] == 1 and asked[name] == 1}


def matrix(tally: Tally, party: PartyList) -> Bag[Rank]:
    """How often each candidate of the list stands at each place, over all its approved ballots.

    Urettede ballots contribute the printed order, § 11-5 (1) counts them like any other.
    """
    untouched = tally.votes.total(lambda one: one.list == party.code and one.sort is Category.URETTET)
    printed = Bag.of({Rank(Person(party.code, n), n): untouched for n in _numbers(party) if untouched})
    moved = Bag.of({one: n for one, n in tally.ranks.items() if one.person.list == party.code})
    return printed + moved


def _numbers(party: PartyList) -> Iterable[int]:
    return (one.number for one in party.candidates)
