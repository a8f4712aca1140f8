"""Every ballot paper of an election as a style: where its fields and registration marks are."""

from scanner.ballot import Rect, StyleKind
from scanner.election import Election, ElectionType, PartyList
from scanner.errors import ElectionError
from scanner.layout.forms import form
from scanner.layout.ink import Part
from scanner.layout.inside import HEADER, RULE, inside
from scanner.layout.outside import folds_outside, outside
from scanner.layout.printed import Printed
from scanner.layout.style import Style


def styles(election: Election) -> tuple[Style, ...]:
    """A style for each list in order, then blank and tick-off; for a referendum, the option ballot alone.

    Raises ElectionError when a list has more names than its form has room for.
    """
    return tuple(_style(one) for one in ballots(election))


def ballots(election: Election) -> tuple[Printed, ...]:
    """The ballots to be printed, in the order of `styles`."""
    if election.type is ElectionType.FOLKEAVSTEMNING:
        return (_printed(election, StyleKind.REFERENDUM),)
    parties = tuple(_printed(election, StyleKind.PARTY, one) for one in election.lists)
    return *parties, _printed(election, StyleKind.BLANK), _printed(election, StyleKind.TICK_OFF)


def printed(election: Election, style: Style) -> Printed:
    """The ballot behind a style of this election; KeyError if it has no such style."""
    party = None if style.list is None else election.list_of(style.list)
    return _printed(election, style.kind, party)


def faces(ballot: Printed) -> tuple[Part, Part]:
    """Inside and outside, as drawn."""
    return inside(ballot), outside(ballot)


def _printed(election: Election, kind: StyleKind, party: PartyList | None = None) -> Printed:
    ballot = Printed(election, form(election, kind), kind, party)
    needed = _rows(ballot)
    if needed > ballot.form.capacity:
        raise ElectionError(
            f"The ballot {ballot.id} needs {needed} rows, its form {ballot.form.code} has "
            f"{ballot.form.capacity}; shorten the list or correct the number of seats."
        )
    return ballot


def _rows(ballot: Printed) -> int:
    match ballot.kind:
        case StyleKind.PARTY:
            return len(ballot.candidates)
        case StyleKind.TICK_OFF:
            return len(ballot.election.lists) + 1  # one more to name a local list
        case StyleKind.REFERENDUM:
            return len(ballot.election.options)
        case StyleKind.BLANK:
            return 0


def _style(ballot: Printed) -> Style:
    front, back = faces(ballot)
    return Style(
        id=ballot.id,
        kind=ballot.kind,
        list=ballot.list.code if ballot.list else None,
        form=ballot.form.code,
        ballot_number=ballot.number,
        heading=ballot.heading,
        page_mm=ballot.form.paper.size,
        fields=front.fields + back.fields,
        marks=front.marks + back.marks,
        folds_mm=ballot.form.paper.folds,
        folds_outside_mm=folds_outside(ballot),
        digits=front.digits,
        capacity=ballot.form.capacity,
        dark=_dark(ballot),
    )


def _dark(ballot: Printed) -> Rect:
    """Where the outer pattern's dark band shows on the inside."""
    paper = ballot.form.paper
    return Rect(paper.strip, 0.0, paper.size[0] - paper.strip, HEADER + RULE)
