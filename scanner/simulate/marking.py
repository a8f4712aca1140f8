"""Carries out an intention: every act becomes ink on the two faces of a printed sheet."""

from collections.abc import Callable

import numpy as np

from scanner.ballot import Face, Rect
from scanner.pixels import Picture
from scanner.simulate import marks
from scanner.simulate.intention import Act, ActKind, Intention, Voter
from scanner.simulate.letters import width_mm, write
from scanner.simulate.pens import LUMA, RGB, draw, lay
from scanner.simulate.real_ink import RealInk, word
from scanner.simulate.stamps import impress
from scanner.simulate.strokes import Stroke, stroke

COMB_MM = 4.475  # of the write-in table, as printed


def mark_up(
    pages: tuple[Picture, Picture],
    meant: Intention,
    px_per_mm: float,
    rng: np.random.Generator,
    *,
    origins_mm: tuple[tuple[float, float], tuple[float, float]] = ((0, 0), (0, 0)),
    weights: tuple[float, float, float] = LUMA,
    real: RealInk | None = None,
) -> None:
    """Mark and stamp a ballot, in place: `pages` are inside and outside, (h, w) grey or (h, w, 3) RGB.

    `origins_mm` is where the print's origin lies on each page; `real` lends ink of real writers.
    """
    for act in meant.acts:
        n = 0 if act.face is Face.INSIDE else 1
        if act.kind is ActKind.COMMENT and real is not None and rng.random() < 0.5:
            _real_words(pages[n], act.aim, meant.voter, real, px_per_mm, rng, origins_mm[n], weights)
            continue
        strokes = strokes_of(act, meant.voter, rng, real)
        draw(pages[n], strokes, meant.voter.pen, px_per_mm, rng, origin_mm=origins_mm[n], weights=weights)
    if meant.stamp is not None:
        impress(pages[1], meant.stamp, px_per_mm, rng, origin_mm=origins_mm[1], weights=weights)


def strokes_of(act: Act, voter: Voter, rng: np.random.Generator, real: RealInk | None = None) -> list[Stroke]:
    """The pen strokes of one act, in mm on its face."""
    match act.kind:
        case ActKind.NUMBER:
            return _number(str(act.rank), act.aim, voter, rng, real)
        case ActKind.WRITE_IN:
            return [*_line_of_text(act.text, act.aim, voter, rng), *_party(act, voter, rng)]
        case ActKind.COMMENT | ActKind.PARTY_NAMED:
            return _fitted(act.text, act.aim, voter, rng)
        case _:
            return _GESTURES[act.kind](act.aim, voter, rng)


def _mark(aim: Rect, voter: Voter, rng: np.random.Generator) -> list[Stroke]:
    return marks.mark(voter.shape, aim, voter.hand, rng)


def _strike(aim: Rect, voter: Voter, rng: np.random.Generator) -> list[Stroke]:
    return marks.strike(voter.strike, aim, voter.hand, rng)


def _drawing(aim: Rect, voter: Voter, rng: np.random.Generator) -> list[Stroke]:
    drawing = marks.heart if rng.random() < 0.3 else marks.face_drawing
    return drawing(aim, voter.hand, rng)


_GESTURES: dict[ActKind, Callable[[Rect, Voter, np.random.Generator], list[Stroke]]] = {
    ActKind.MARK: _mark,
    ActKind.BESIDE: _mark,
    ActKind.CORRECTION: lambda aim, voter, rng: marks.correction(aim, voter.hand, rng),
    ActKind.LINE: _strike,
    ActKind.PARTY_STRUCK: _strike,
    ActKind.UNDERLINE: lambda aim, voter, rng: marks.underline(aim, voter.hand, rng),
    ActKind.RING: lambda aim, voter, rng: marks.ring(aim, voter.hand, rng),
    ActKind.BRACE: lambda aim, voter, rng: marks.bracket(aim, voter.hand, rng),
    ActKind.SLIP: lambda aim, voter, rng: marks.slip(aim.centre, voter.hand, rng),
    ActKind.TAIL: lambda aim, voter, rng: marks.tail(aim, voter.hand, rng),
    ActKind.DRAWING: _drawing,
}


def _number(
    digits: str, box: Rect, voter: Voter, rng: np.random.Generator, real: RealInk | None
) -> list[Stroke]:
    """A new rank in its box: real pen tracks if there are any, else drawn digits."""
    tall = box.h * float(np.clip(0.62 * voter.hand.size, 0.45, 0.85))
    wide = 0.62 * tall
    left = box.x + max(0.3, (box.w - len(digits) * wide) / 2) + rng.normal(0, 0.25)
    top = box.y + (box.h - tall) / 2 + rng.normal(0, 0.2)
    if real is None or voter.habit % 5 < 2:  # two in five write as our own font does
        return write(digits, (left, top + tall), tall, voter.hand, rng, habit=voter.habit)
    strokes = []
    for n, digit in enumerate(digits):
        track = real.digit(int(digit), rng) * (wide * 0.85, tall) + (left + n * wide, top)
        strokes.append(stroke(track, rng, tremble_mm=voter.hand.tremble_mm / 2))
    return strokes


def _line_of_text(text: str, line: Rect, voter: Voter, rng: np.random.Generator) -> list[Stroke]:
    """A name on its line: one letter to a comb, or freely; shrunk to fit."""
    base = line.y + line.h * 0.8 + rng.normal(0, 0.25)
    if voter.combs and (len(text) + 1) * COMB_MM < line.w:
        tall = min(voter.letter_mm, 0.75 * line.h)
        return write(text, (line.x, base), tall, voter.hand, rng, pitch_mm=COMB_MM, habit=voter.habit)
    tall = min(voter.letter_mm, 0.8 * line.h)
    tall *= min(1.0, (line.w - 3) / width_mm(text, tall, voter.hand))
    return write(text, (line.x + rng.uniform(0.8, 4), base), tall, voter.hand, rng, habit=voter.habit)


def _party(act: Act, voter: Voter, rng: np.random.Generator) -> list[Stroke]:
    """The column beside a written name: the list's code; some voters leave it open."""
    if not act.party:
        return []
    beside = Rect(act.aim.x + act.aim.w + 0.6, act.aim.y, 12.0, act.aim.h)
    return _line_of_text(act.party, beside, voter, rng)


def _fitted(text: str, area: Rect, voter: Voter, rng: np.random.Generator) -> list[Stroke]:
    """Words somewhere on the paper, as large as the area allows."""
    tall = min(voter.letter_mm * 1.1, 0.8 * area.h)
    tall *= min(1.0, area.w / width_mm(text, tall, voter.hand))
    words = write(text, (area.x, area.y + 0.85 * area.h), tall, voter.hand, rng, habit=voter.habit)
    tilt = rng.normal(0, 2)
    return [one.turned(tilt, area.centre) for one in words]


def _real_words(  # noqa: PLR0917
    page: Picture,
    area: Rect,
    voter: Voter,
    real: RealInk,
    px_per_mm: float,
    rng: np.random.Generator,
    origin_mm: tuple[float, float],
    weights: tuple[float, float, float],
) -> None:
    """Handwriting of a real person in the voter's colour, in place."""
    cover = word(real, area, px_per_mm, rng)
    at = round((area.x + origin_mm[0]) * px_per_mm), round((area.y + origin_mm[1]) * px_per_mm)
    lay(page, cover * np.float32(voter.pen.cover), at, RGB[voter.pen.colour], weights)
