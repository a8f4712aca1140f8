"""Kinds of ballots with changes by mark and number: personal votes, strikes, new ranks (§ 7-2 (1), (2))."""

from dataclasses import replace

from scanner.ballot import Face, FieldKind, Reason, Rect, StampState, StyleKind
from scanner.election import ElectionType
from scanner.layout.style import Style
from scanner.simulate import marks
from scanner.simulate.acts import line_through, mark_in, name_of, numbered
from scanner.simulate.intention import Act, ActKind
from scanner.simulate.pens import InkColour, PenKind, draw, pen
from scanner.simulate.recipe import Desk, Kind, Pages, Recipe, Scene

PERSONAL = frozenset({ElectionType.KOMMUNESTYRE, ElectionType.FYLKESTING})
RANKED = frozenset({ElectionType.STORTING, ElectionType.SAMETING})
LISTED = PERSONAL | RANKED
AT_NAME = frozenset({Reason.MARK_OUTSIDE_BOX, Reason.MARK_DOUBTFUL})
IN_BOX = frozenset({Reason.MARK_DOUBTFUL})


def party_style(desk: Desk) -> Style:
    """The ballot of some list."""
    return desk.pick([one for one in desk.deck.press.styles if one.kind is StyleKind.PARTY])


def some(desk: Desk, of: int, most: int) -> list[int]:
    """One to `most` different places, in order."""
    count = min(of, 1 + int(desk.rng.integers(most)))
    return sorted(int(n) for n in desk.rng.choice(of, size=count, replace=False))


def votes(style: Style, chosen: list[int]) -> tuple[Act, ...]:
    """Personal votes for these places."""
    boxes = style.of(FieldKind.PERSONAL_VOTE)
    return tuple(mark_in(boxes[n]) for n in chosen)


def _in_box(desk: Desk) -> Recipe:
    style = party_style(desk)
    return Recipe(style, votes(style, some(desk, len(style.of(FieldKind.PERSONAL_VOTE)), 5)))


def _beside(desk: Desk) -> Recipe:
    """Behind the name, close after the box, or out in the margin before it."""
    style = party_style(desk)
    boxes = style.of(FieldKind.PERSONAL_VOTE)
    n = int(desk.rng.integers(len(boxes)))
    box, name = boxes[n].rect, name_of(style, n)
    left = desk.pick(
        [name.x + name.w * desk.rng.uniform(0.8, 1.5), box.x + box.w + 1.5, max(2.0, box.x - 11)]
    )
    at = Rect(float(left), name.y + (name.h - 4) / 2, 4, 4)
    return Recipe(style, (Act(ActKind.BESIDE, Face.INSIDE, at),), AT_NAME | {Reason.STRAY_INK})


def _ringed_box(desk: Desk) -> Recipe:
    style = party_style(desk)
    box = desk.pick(style.of(FieldKind.PERSONAL_VOTE)).rect
    around = Rect(box.x + 0.6, box.y - 0.7, box.w - 1.2, box.h + 1.4)
    return Recipe(style, (Act(ActKind.RING, Face.INSIDE, around),), AT_NAME | {Reason.STRAY_INK})


def _corrected(desk: Desk) -> Recipe:
    """A cross scribbled over, and mostly another box crossed instead."""
    style = party_style(desk)
    boxes = style.of(FieldKind.PERSONAL_VOTE)
    wrong, right = (int(n) for n in desk.rng.choice(len(boxes), size=2, replace=False))
    instead = votes(style, [right]) if desk.rng.random() < 0.7 else ()
    return Recipe(style, (mark_in(boxes[wrong], ActKind.CORRECTION), *instead), AT_NAME)


def _erased(desk: Desk) -> Recipe:
    """A pencil mark rubbed out: its ghost is left, and mostly another box is crossed firmly."""
    style = party_style(desk)
    boxes = style.of(FieldKind.PERSONAL_VOTE)
    wrong, right = (int(n) for n in desk.rng.choice(len(boxes), size=2, replace=False))
    box, strength = boxes[wrong].rect, float(desk.rng.uniform(0.08, 0.25))

    def rub(pages: Pages, scene: Scene) -> Pages:
        lead = replace(pen(PenKind.PENCIL, InkColour.GREY, scene.rng), cover=strength)
        strokes = marks.mark(desk.voter.shape, box, desk.voter.hand, scene.rng)
        on = scene.worn.scanner
        draw(pages[0], strokes, lead, scene.k, scene.rng, origin_mm=scene.origins_mm[0], weights=on.weights)
        return pages

    instead = votes(style, [right]) if desk.rng.random() < 0.7 else ()
    return Recipe(style, instead, AT_NAME | {Reason.STRAY_INK}, needs_person=True, paper=rub)


def _useless_strike(desk: Desk) -> Recipe:
    style = party_style(desk)
    names = len(style.of(FieldKind.CANDIDATE_LINE))
    struck = line_through(style, int(desk.rng.integers(names)), desk.rng)
    return Recipe(style, (struck,), AT_NAME)


# strikes and ranks


def _struck_in_box(desk: Desk) -> Recipe:
    style = party_style(desk)
    boxes = style.of(FieldKind.STRIKE)
    return Recipe(style, tuple(mark_in(boxes[n]) for n in some(desk, len(boxes), 3)))


def _struck_through(desk: Desk) -> Recipe:
    style = party_style(desk)
    names = len(style.of(FieldKind.CANDIDATE_LINE))
    return Recipe(
        style,
        tuple(line_through(style, n, desk.rng) for n in some(desk, names, 3)),
        AT_NAME,
        needs_person=False,
    )


def _struck_both(desk: Desk) -> Recipe:
    style = party_style(desk)
    n = int(desk.rng.integers(len(style.of(FieldKind.STRIKE))))
    acts = mark_in(style.of(FieldKind.STRIKE)[n]), line_through(style, n, desk.rng)
    return Recipe(style, acts, AT_NAME, needs_person=False)


def _ranked(desk: Desk, of: int, most: int = 3) -> tuple[list[int], list[int]]:
    """Places and new ranks for them, all different and none its own."""
    where = some(desk, of, most)
    ranks = [int(r) + 1 for r in desk.rng.choice(of, size=len(where), replace=False)]
    if any(rank == n + 1 for n, rank in zip(where, ranks, strict=True)):
        return _ranked(desk, of, most)
    return where, ranks


_NUMBERS = frozenset({Reason.RENUMBER_UNREAD, Reason.MARK_DOUBTFUL})


def _renumbered(desk: Desk) -> Recipe:
    style = party_style(desk)
    boxes = style.of(FieldKind.RENUMBER)
    where, ranks = _ranked(desk, len(boxes))
    acts = tuple(numbered(boxes[n], rank) for n, rank in zip(where, ranks, strict=True))
    return Recipe(style, acts, _NUMBERS)


def _own_number(desk: Desk) -> Recipe:
    """Names given the number they have: no change by itself."""
    style = party_style(desk)
    boxes = style.of(FieldKind.RENUMBER)
    return Recipe(style, tuple(numbered(boxes[n], n + 1) for n in some(desk, len(boxes), 2)), _NUMBERS)


def _duplicate(desk: Desk) -> Recipe:
    style = party_style(desk)
    boxes = style.of(FieldKind.RENUMBER)
    two = sorted(int(n) for n in desk.rng.choice(len(boxes), size=2, replace=False))
    rank = 1 + int(desk.rng.integers(len(boxes)))
    acts = tuple(numbered(boxes[n], rank) for n in two)
    return Recipe(style, acts, _NUMBERS | {Reason.RENUMBER_DUPLICATE})


def _out_of_range(desk: Desk) -> Recipe:
    style = party_style(desk)
    boxes = style.of(FieldKind.RENUMBER)
    n = int(desk.rng.integers(len(boxes)))
    rank = desk.pick([0, len(boxes) + 1, len(boxes) + 1 + int(desk.rng.integers(40)), 99])
    return Recipe(style, (numbered(boxes[n], rank),), _NUMBERS | {Reason.RENUMBER_OUT_OF_RANGE})


def _rank_and_strike(desk: Desk) -> Recipe:
    """One name numbered and struck, in its box or by a line."""
    style = party_style(desk)
    boxes = style.of(FieldKind.RENUMBER)
    n = int(desk.rng.integers(len(boxes)))
    rank = 1 + (n + 1 + int(desk.rng.integers(len(boxes) - 1))) % len(boxes)
    by_line = desk.rng.random() < 0.4
    struck = line_through(style, n, desk.rng) if by_line else mark_in(style.of(FieldKind.STRIKE)[n])
    return Recipe(
        style, (numbered(boxes[n], rank), struck), _NUMBERS | AT_NAME | {Reason.RENUMBER_AND_STRIKE}
    )


# stamps


def _unstamped(desk: Desk) -> Recipe:
    style = party_style(desk)
    return Recipe(style, reasons=frozenset({Reason.STAMP_ABSENT}), stamp=(None, StampState.ABSENT))


def _weak_stamp(desk: Desk) -> Recipe:
    style = party_style(desk)
    weak = desk.stamp(style).weakened(desk.rng), StampState.WEAK
    return Recipe(style, reasons=frozenset({Reason.STAMP_WEAK, Reason.STAMP_ABSENT}), stamp=weak)


def _stamp_outside(desk: Desk) -> Recipe:
    style = party_style(desk)
    beside = desk.stamp(style, inside=False), StampState.OUTSIDE
    reasons = {Reason.STAMP_OUTSIDE, Reason.STAMP_ABSENT, Reason.STAMP_WEAK}
    return Recipe(style, reasons=frozenset(reasons), stamp=beside)


VOTES = (
    Kind("vote_in_box", "Personal votes, each a mark in its box.", PERSONAL, _in_box),
    Kind("vote_beside_box", "A mark beside the name, but not in the box.", PERSONAL, _beside),
    Kind("vote_ringed_box", "A ring drawn round a box instead of a cross in it.", PERSONAL, _ringed_box),
    Kind(
        "vote_corrected",
        "A cross scribbled over, mostly with another box crossed instead.",
        PERSONAL,
        _corrected,
    ),
    Kind("vote_erased", "A pencil mark rubbed out; its ghost is left.", PERSONAL, _erased),
    Kind(
        "name_struck_in_vain", "A name struck out where the law knows no strikes.", PERSONAL, _useless_strike
    ),
    Kind("strike_in_box", "Names struck out by a mark in the strike box.", RANKED, _struck_in_box),
    Kind("strike_through_name", "Names struck out by a line through the name.", RANKED, _struck_through),
    Kind("strike_both_ways", "One name struck out in its box and by a line.", RANKED, _struck_both),
    Kind("renumber_valid", "New numbers in the boxes before the names.", RANKED, _renumbered),
    Kind("renumber_own_number", "Names given the number they have already.", RANKED, _own_number),
    Kind("renumber_duplicate", "Two names given the same number.", RANKED, _duplicate),
    Kind("renumber_out_of_range", "A number higher than there are names, or nought.", RANKED, _out_of_range),
    Kind("renumber_and_strike", "One name given a number and struck out as well.", RANKED, _rank_and_strike),
    Kind("stamp_absent", "A ballot without any stamp.", LISTED, _unstamped),
    Kind("stamp_weak", "A stamp from a nearly dry pad.", LISTED, _weak_stamp),
    Kind("stamp_outside_field", "A good stamp beside its field.", LISTED, _stamp_outside),
)
