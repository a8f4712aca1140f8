"""Which physical ballots go in which bundle after the count: § 10-8, and what is sent to the county.

Apart: approved forhånd and approved valgting by list, rettede and urettede; blank; rejected of each
kind; and what nobody has decided. A ballot is found by its box and its number from the top.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

import msgspec

from scanner.ballot import Ballot, Category, Rejection
from scanner.election import Election
from scanner.tally.forms import FOLDER
from scanner.tally.paper import lasting
from scanner.tally.sampling import choice, of_decision
from scanner.tally.spreadsheet import as_text

CHANNEL = {True: "forhånd", False: "valgting"}
UNDECIDED = "ikke avgjort"
_LAW = dict(zip(Rejection, "abcd", strict=True))
COLUMNS = ("bunke", "kasse", "antall", "nummer fra toppen")


@dataclass(frozen=True, slots=True)
class Part:
    """The ballots of one box that belong in one bundle."""

    bundle: str
    box: str
    numbers: tuple[int, ...]

    @property
    def ranges(self) -> str:
        """`1-12, 14, 16-70`."""
        runs = groupby(enumerate(self.numbers), key=lambda pair: pair[1] - pair[0])
        ends = ([number for _, number in run] for _, run in runs)
        return ", ".join(f"{one[0]}-{one[-1]}" if len(one) > 1 else str(one[0]) for one in ends)


def bundles(ballots: Iterable[Ballot], election: Election) -> tuple[Part, ...]:
    """Every bundle, box by box; each ballot is in exactly one."""
    found: dict[tuple[int, str, str], list[int]] = {}
    order = {name: place for place, name in enumerate(_names(election))}
    names = {one.code: one.party for one in election.lists} | {one.code: one.text for one in election.options}
    channels = {one.code: CHANNEL[one.advance] for one in election.categories}
    for one in ballots:
        name = _bundle(one, names, channels[one.box.category])
        box, _, number = one.sheet.rpartition("/")
        found.setdefault((order[name], name, box), []).append(int(number))
    return tuple(Part(name, box, tuple(sorted(own))) for (_, name, box), own in sorted(found.items()))


def _names(election: Election) -> Iterator[str]:
    """Every bundle there can be, in the order they are packed."""
    for channel in CHANNEL.values():
        for party in election.lists:
            for sort in (Category.RETTET, Category.URETTET):
                yield _approved(channel, party.party, sort)
        for option in election.options:
            yield _approved(channel, option.text, Category.URETTET)
        yield f"blanke, {channel}"
        for ground in Rejection:
            yield _rejected(ground, channel)
    yield UNDECIDED


def _approved(channel: str, name: str, sort: Category) -> str:
    return f"{name}, {channel}, {'rettede' if sort is Category.RETTET else 'urettede'}"


def _rejected(ground: Rejection, channel: str) -> str:
    return f"forkastede § 10-3 (1) {_LAW[ground]}, {channel}"


def _bundle(one: Ballot, names: Mapping[str, str], channel: str) -> str:
    decision = one.decision
    if decision is None:
        return UNDECIDED
    if decision.rejected is not None:
        return _rejected(decision.rejected, channel)
    if decision.category is Category.BLANK:
        return f"blanke, {channel}"
    return _approved(channel, names[choice(of_decision(decision)) or ""], decision.category)


class _Place(msgspec.Struct, frozen=True):
    box: str
    count: int
    ranges: str


class _Bunch(msgspec.Struct, frozen=True):
    name: str
    count: int
    parts: tuple[_Place, ...]


class _List(msgspec.Struct, frozen=True):
    election: str
    area: str
    test: bool
    bundles: tuple[_Bunch, ...]


def bundles_pdf(parts: Iterable[Part], election: Election, *, test: bool = False) -> bytes:
    """The list on A4, a table a bundle with room for who packed it; the same list gives the same bytes."""
    found = []
    for name, own in groupby(parts, key=lambda one: one.bundle):
        places = tuple(_Place(one.box, len(one.numbers), one.ranges) for one in own)
        found.append(_Bunch(name, sum(one.count for one in places), places))
    whole = _List(election.name, election.area, test, tuple(found))
    return lasting(FOLDER / "bundles.typ", "bundles", msgspec.json.encode(whole).decode())


def bundles_csv(parts: Iterable[Part]) -> str:
    """The list as CSV; no name is ever taken for a formula."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in parts:
        table.writerow([as_text(one.bundle), as_text(one.box), len(one.numbers), as_text(one.ranges)])
    return text.getvalue()
