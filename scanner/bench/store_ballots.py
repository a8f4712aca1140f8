"""Ballots without paper, as many as asked for: what the machine would have seen and people said of each."""

from collections.abc import Iterator
from itertools import count
from random import Random

from scanner.ballot import (
    Amendment,
    AmendmentKind,
    Box,
    Category,
    Decision,
    Face,
    Field,
    FieldKind,
    Identity,
    Mark,
    MarkState,
    Opinion,
    PageImage,
    Proposal,
    Reading,
    Reason,
    Rect,
    Sheet,
    Stamp,
    StampState,
    StyleKind,
    Verdict,
)
from scanner.election import Election, PartyList
from scanner.store.bulk import Told

PER_BOX = 1000
VERSION = "bench"
PEOPLE = ("Kari", "Ola")
# Shares as of simulated voters: rettede, blank, doubtful; of doubtful ones those that people settled
RETTET, BLANK, DOUBTFUL, SETTLED = 0.35, 0.01, 0.03, 0.9


def boxes(election: Election, sheets: int) -> Iterator[Box]:
    """Boxes for so many sheets, over all categories and kretser in turn."""
    for number in range(-(-sheets // PER_BOX)):
        yield _box(election, number)


def _box(election: Election, number: int) -> Box:
    pairs = [(one.code, krets.code) for one in election.categories for krets in election.kretser]
    category, krets = pairs[number % len(pairs)]
    return Box(f"{category}-{krets}-{number // len(pairs) + 1}", category, krets)


def ballots(election: Election, marks: int, seed: int) -> Iterator[Told]:
    """Sheets for ever, `PER_BOX` of one box and then the next; the same seed gives the same ones."""
    dice = Random(seed)  # noqa: S311 - nothing secret
    for number in count():
        box = _box(election, number).id
        yield from (_told(election, box, one, marks, dice) for one in range(1, PER_BOX + 1))


def _told(election: Election, box: str, number: int, marks: int, dice: Random) -> Told:
    images = tuple(PageImage(f"{number:04d}{face}.jpg", dice.randbytes(12), 200.0) for face in "FB")
    sheet = Sheet(box, number, images, "bench scanner", None, f"{number:04d}")
    party = dice.choices(election.lists, weights=range(len(election.lists), 0, -1))[0]
    changes = _changes(party, dice) if dice.random() < RETTET else ()
    blank = dice.random() < BLANK
    category = Category.BLANK if blank else Category.RETTET if changes else Category.URETTET
    code, changes = (None, ()) if blank else (party.code, changes)
    reading = _reading(sheet.id, party, marks, changes, dice)
    proposal, sure = Proposal(category, changes), round(dice.uniform(0.99, 1), 4)
    if dice.random() >= DOUBTFUL:
        verdict = Verdict(category, code, changes, (), proposal, sure)
        return Told(sheet, VERSION, verdict, reading, Decision(sheet.id, category, code, changes))
    verdict = Verdict(Category.TVILSOM, code, (), (Reason.MARK_DOUBTFUL,), proposal, 0.4)
    said = tuple(Opinion(sheet.id, who, category, code, changes) for who in PEOPLE)
    if dice.random() < SETTLED:
        return Told(
            sheet, VERSION, verdict, reading, None, said, Decision(sheet.id, category, code, changes, PEOPLE)
        )
    return Told(sheet, VERSION, verdict, reading, None, said[:1])


def _changes(party: PartyList, dice: Random) -> tuple[Amendment, ...]:
    """Personal votes, more to the top of the list."""
    many = min(1 + int(dice.expovariate(0.7)), len(party.candidates))
    chosen = {1 + int(len(party.candidates) * dice.random() ** 2) for _ in range(many)}
    return tuple(Amendment(AmendmentKind.PERSONAL_VOTE, candidate=one) for one in sorted(chosen))


def _reading(
    sheet: str, party: PartyList, marks: int, changes: tuple[Amendment, ...], dice: Random
) -> Reading:
    """A reading of `marks` fields, as long as a real one of so many."""
    ticked = {one.candidate for one in changes}
    who = Identity(party.ballot_number, party.party, party.code, party.code, StyleKind.PARTY, agree=True)
    return Reading(
        sheet,
        who,
        tuple(_mark(number, dice, on=number in ticked) for number in range(1, marks + 1)),
        Stamp(StampState.PRESENT, dice.random()),
        stray_mm=(),
        residual_px=round(dice.random(), 3),
        ms=tuple((stage, dice.random() * 50) for stage in ("decode", "register", "marks", "stamp", "judge")),
        version=VERSION,
    )


def _mark(number: int, dice: Random, *, on: bool) -> Mark:
    where = Rect(13.0, 20.0 + 5.9 * number, 4.0, 4.0)
    place = Field(Face.INSIDE, FieldKind.PERSONAL_VOTE, where, candidate=number)
    state = MarkState.MARKED if on else MarkState.UNMARKED
    ink = round(dice.random(), 3)
    return Mark(place, state, state, 20 + ink if on else ink, 0.999 if on else round(ink / 1000, 6))
