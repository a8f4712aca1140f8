"""What people would argue about, drawn with the strokes and pens of simulated voters on a foreign ballot."""

import numpy as np

from scanner.ballot import Rect
from scanner.simulate.marks import Hand, MarkShape, mark
from scanner.simulate.pens import InkColour, Pen, PenKind, draw
from scanner.simulate.strokes import Stroke
from scanner.training import dispute
from scanner.training.forms import norwegian
from scanner.training.ink import Random, Voter, filled
from tests.foreign import UNIT, Gray

PENS = (
    Pen(PenKind.BALLPOINT, InkColour.BLUE, 0.45, 0.85, 0.02, 0.2, 0.2),
    Pen(PenKind.GEL, InkColour.BLACK, 0.55, 0.95, 0.0, 0.05, 0.1),
    Pen(PenKind.FELT, InkColour.BLACK, 0.8, 0.9, 0.0, 0.03, 0.2),
    Pen(PenKind.PENCIL, InkColour.GREY, 0.6, 0.8, 0.0, 0.4, 0.0),
)
CLEAR = ("cross", "tick", "fill", "slash", "scribble", "plus")
DISPUTED = ("dot", "hook", "ring", "struck")


def someone(number: int) -> Voter:
    """A voter with a steady hand and one of the pens."""
    return Voter(
        number, Hand(sloppy_mm=0.15), PENS[number % len(PENS)], MarkShape.CROSS, loops=False, habit=0
    )


def strokes(kind: str, who: Voter, box: Rect, random: Random) -> list[Stroke]:
    """The strokes of one gesture for a box in mm."""
    (x, y), by = box.centre, who.hand
    match kind:
        case "fill":
            return filled(who, box, random)
        case "dot":
            return mark(MarkShape.DOT, Rect(x - 1, y - 1, 2, 2), by, random)
        case "hook":
            return mark(MarkShape.TICK, Rect(x - 0.4, y - 0.4, 0.8, 0.8), by, random)
        case "ring":
            return dispute.ringed(who, norwegian(random), box, random)
        case "struck":
            return [*filled(who, box, random), *dispute.great_cross(by, box, random)]
    return mark(MarkShape(kind), box, by, random)


def drawn(page: Gray, target: tuple[int, int, int, int], kind: str, seed: int) -> Gray:
    """The page with one gesture more, at a target in px at 200 dpi."""
    marked, random = page.copy(), np.random.default_rng([seed, target[0], target[1]])
    x, y, w, h = (side / UNIT for side in target)
    who = someone(seed)
    draw(marked, strokes(kind, who, Rect(x, y, w, h), random), who.pen, UNIT, random)
    return marked
