"""What voters do to their ballots: votes, names, ranks, strikes, and things no form foresees."""

from collections.abc import Iterable

import numpy as np

from scanner.ballot import Face, FieldKind, Rect, StyleKind
from scanner.election import Candidate, Election, PartyList
from scanner.layout.style import Style
from scanner.simulate.acts import (
    around_name,
    free_place,
    line_through,
    mark_in,
    numbered,
    party_named,
    party_struck,
    written_in,
)
from scanner.simulate.intention import Act, ActKind
from scanner.simulate.shares import VoterShares

_COMMENTS = (
    "MER SYKKELVEI!",
    "TAKK",
    "HEI HEI",
    "BEDRE SKOLE",
    "FERGE NÅ!",
    "NEI",
    "INGEN ER BRA NOK",
    "LYKKE TIL",
    "GODT VALG",
    "BEHOLD SYKEHUSET",
    "SE BAKSIDEN",
    "JA!",
)


def marked(election: Election, style: Style, rng: np.random.Generator, s: VoterShares) -> Iterable[Act]:
    """What the voter means to change or choose."""
    match style.kind:
        case StyleKind.PARTY:
            return _party_ballot(election, style, rng, s)
        case StyleKind.BLANK:
            named = rng.random() < s.blank_with_name
            return (
                [party_named(style, str(rng.choice([p.party for p in election.lists])), rng)] if named else []
            )
        case StyleKind.TICK_OFF:
            return _ticked(style, FieldKind.PARTY_TICK, rng, s.ticked_wrongly)
        case StyleKind.REFERENDUM:
            return _ticked(style, FieldKind.OPTION, rng, max(s.ticked_wrongly / 5, s.blank))


def _ticked(style: Style, kind: FieldKind, rng: np.random.Generator, wrongly: float) -> list[Act]:
    """One tick, or now and then none or two."""
    places = style.of(kind)
    count = 1 if rng.random() >= wrongly else int(rng.choice([0, 2], p=[0.7, 0.3]))
    chosen = rng.choice(len(places), size=min(count, len(places)), replace=False)
    return [mark_in(places[int(n)]) for n in chosen]


def _party_ballot(
    election: Election, style: Style, rng: np.random.Generator, s: VoterShares
) -> Iterable[Act]:
    """Personal votes and names of other lists, or new ranks and strikes."""
    amends = rng.random() < s.amended(election.type)
    if style.of(FieldKind.RENUMBER):
        return _ranked(style, rng, s) if amends else []
    votes = _personal_votes(style, rng, s) if amends else []
    writes = bool(style.of(FieldKind.WRITE_IN)) and rng.random() < s.written_in
    return [*votes, *(_names(election, style, rng, s) if writes else [])]


def _few(most: int, one_more: float, rng: np.random.Generator) -> int:
    """One, and with a chance one more, and so on, at most `most`."""
    return min(most, int(rng.geometric(1 - one_more)))


def _favourites(count: int, of: int, rng: np.random.Generator) -> list[int]:
    """Different places on a list, the first ones more often than the last."""
    weight = 1 / (np.arange(of) + 3.0)
    return [int(n) for n in rng.choice(of, size=min(count, of), replace=False, p=weight / weight.sum())]


def _personal_votes(style: Style, rng: np.random.Generator, s: VoterShares) -> list[Act]:
    """Marks in boxes; one of them may be regretted."""
    boxes = style.of(FieldKind.PERSONAL_VOTE)
    chosen = _favourites(_few(len(boxes), s.one_more_mark, rng), len(boxes), rng)
    regretted = rng.random() < s.corrected
    return [
        mark_in(boxes[n], ActKind.CORRECTION if regretted and i == 0 else ActKind.MARK)
        for i, n in enumerate(sorted(chosen))
    ]


def _names(election: Election, style: Style, rng: np.random.Generator, s: VoterShares) -> list[Act]:
    """Candidates of other lists, in capitals, on the first lines."""
    lines = style.of(FieldKind.WRITE_IN)
    count = _few(min(len(lines), election.max_write_ins + 1), s.one_more_name, rng)
    return [written_in(style, line, *_person(election, style, rng, s)) for line in lines[:count]]


def _person(
    election: Election, style: Style, rng: np.random.Generator, s: VoterShares
) -> tuple[str, str | None, str]:
    """A name to write, whom it means (None: nobody who counts), and the list's code beside it."""
    others = [one for one in election.lists if one.code != style.list]
    if rng.random() < s.written_wrongly or not others:
        own = next(one for one in election.lists if one.code == style.list)
        return _any_candidate(own, rng).name, None, own.code
    party = others[int(rng.integers(len(others)))]
    who = _any_candidate(party, rng)
    return who.name, f"{party.code}/{who.number}", party.code if rng.random() < 0.8 else ""


def _any_candidate(party: PartyList, rng: np.random.Generator) -> Candidate:
    return party.candidates[_favourites(1, len(party.candidates), rng)[0]]


def _ranked(style: Style, rng: np.random.Generator, s: VoterShares) -> list[Act]:
    """New ranks, strikes, or both, on different names; seldom a set of ranks that contradicts itself."""
    boxes = style.of(FieldKind.RENUMBER)
    renumbers = rng.random() < s.renumbered
    strikes = not renumbers or rng.random() < s.struck
    names = _favourites(6, len(boxes), rng)
    first = names[: _few(3, s.one_more_mark, rng)] if renumbers else []
    then = names[3 : 3 + _few(3, s.one_more_mark, rng)] if strikes else []
    ranks = [int(r) + 1 for r in rng.choice(len(boxes), size=len(first), replace=False)]
    if renumbers and rng.random() < s.numbered_wrongly:
        then, ranks = _contradiction(first, then, ranks, len(boxes), rng)
    moved = [numbered(boxes[n], rank) for n, rank in zip(first, ranks, strict=True)]
    by_line = rng.random() < s.struck_by_line
    struck = [_strike(style, n, rng, by_line=by_line) for n in then]
    return [*moved, *struck]


def _contradiction(
    first: list[int], then: list[int], ranks: list[int], names: int, rng: np.random.Generator
) -> tuple[list[int], list[int]]:
    """A rank beyond the list, one used twice, or a name both moved and struck."""
    luck = rng.random()
    if luck < 0.4 and len(ranks) > 1:
        return then, [ranks[0]] * len(ranks)
    if luck < 0.7:
        return then, [names + int(rng.integers(1, 20)), *ranks[1:]]
    return [first[0], *then[1:]], ranks


def _strike(style: Style, n: int, rng: np.random.Generator, *, by_line: bool) -> Act:
    """One name struck: in its box, or by a line over it."""
    return line_through(style, n, rng) if by_line else mark_in(style.of(FieldKind.STRIKE)[n])


def odd(style: Style, rng: np.random.Generator, s: VoterShares) -> list[Act]:
    """What no form foresees: words, drawings, rings, slips of the pen, a party struck out."""
    acts: list[Act | None] = []
    party = style.kind is StyleKind.PARTY
    if rng.random() < s.comment:
        acts.append(_comment(style, rng))
    if rng.random() < s.drawing:
        acts.append(free_place(style, ActKind.DRAWING, Rect(0, 0, 14, 14), rng))
    if party and rng.random() < s.around_name:
        acts.append(around_name(style, rng))
    if style.of(FieldKind.PERSONAL_VOTE) and rng.random() < s.useless_strike:
        acts.append(line_through(style, _favourites(1, len(style.of(FieldKind.CANDIDATE_LINE)), rng)[0], rng))
    if rng.random() < s.slip:
        acts.append(free_place(style, ActKind.SLIP, Rect(0, 0, 1, 1), rng))
    if party and rng.random() < s.party_struck:
        acts.append(party_struck(style))
    return [one for one in acts if one is not None]


def _comment(style: Style, rng: np.random.Generator) -> Act | None:
    """A few words where there is room, more often inside than outside."""
    text = str(rng.choice(_COMMENTS))
    face = Face.INSIDE if rng.random() < 0.75 else Face.OUTSIDE
    return free_place(style, ActKind.COMMENT, Rect(0, 0, 5.0 * len(text), 8.0), rng, text=text, face=face)
