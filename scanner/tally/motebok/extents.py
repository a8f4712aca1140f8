"""Which lists, kretser, candidates … the form of an election has."""

import csv
import io
from collections.abc import Iterable

from scanner.election import Election, PartyList
from scanner.errors import InputError
from scanner.tally.motebok.filled import Extent, Item
from scanner.tally.motebok.model import Dimension


def extent_of(
    election: Election,
    *,
    members: int = 0,
    places: Iterable[Item] = (),
    kommuner: Iterable[Item] = (),
    boxes: Iterable[Item] = (),
) -> Extent:
    """The extent of an election: its lists (a referendum's options), kretser, candidates and ranks.

    `members` is how many lines the board has, `places` where forhåndsstemmer were received, `kommuner`
    those a county counts for (its kretser if none are told), `boxes` those fed twice.
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
        Dimension.KOMMUNE: tuple(kommuner) or kretser,
        Dimension.BOX: boxes,
    }
    return Extent(tuple((one, tuple(items)) for one, items in found.items()))


def _people(party: PartyList) -> Iterable[Item]:
    return (Item(f"{party.code}/{one.number}", f"{party.party}: {one.name}") for one in party.candidates)


def _numbered(most: int) -> list[Item]:
    return [Item(str(n), str(n)) for n in range(1, most + 1)]


def with_items(extent: Extent, table: str) -> Extent:
    """The extent with the items of a CSV table `dimension,code,name` in place of its own.

    For what an election package does not say: where forhåndsstemmer were received (place), the
    municipalities of a county (kommune), lines for members (member). Raises InputError naming the line.
    """
    lines = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")))
    if not {"dimension", "code", "name"} <= set(lines.fieldnames or ()):
        raise InputError("The table of places needs the columns dimension, code, name.")
    found: dict[Dimension, dict[str, Item]] = {}
    for line in lines:
        dimension, code = _dimension(line["dimension"], lines.line_num), (line["code"] or "").strip()
        if not code or ";" in code or code in found.setdefault(dimension, {}):
            raise InputError(f"Line {lines.line_num} has no code, a ; in it, or one that is taken: «{code}».")
        found[dimension][code] = Item(code, (line["name"] or "").strip() or code)
    for dimension, many in found.items():
        extent = extent.having(dimension, tuple(many.values()))
    return extent


def _dimension(written: str, line: int) -> Dimension:
    known = [one.value for one in Dimension]
    if written not in known:
        raise InputError(f"Line {line} has the dimension «{written}»; known are {', '.join(known)}.")
    return Dimension(written)
