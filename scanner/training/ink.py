"""What people do to a box and beside it, as strokes on a scene: the cases reader B learns from.

A voter is a hand, a pen and a way of marking that hold for all their boxes. Voters are numbered
and split between learning, calibration and test. Paths and pens are those of `scanner.simulate`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from scanner.ballot import Rect
from scanner.simulate.letters import write
from scanner.simulate.marks import Hand, MarkShape, StrikeShape, correction, hand, mark, strike
from scanner.simulate.pens import InkColour, Pen, PenKind, pen
from scanner.simulate.strokes import Stroke, stroke, wander
from scanner.training.forms import Form

Random = np.random.Generator

SHAPES = (
    (MarkShape.CROSS, 0.3), (MarkShape.TICK, 0.24), (MarkShape.SCRIBBLE, 0.1), (MarkShape.FILL, 0.12),
    (MarkShape.CIRCLE, 0.06), (MarkShape.PLUS, 0.04), (MarkShape.SLASH, 0.08), (MarkShape.DASH, 0.06),
)  # fmt: skip
COLOURS = (InkColour.BLUE, InkColour.BLACK, InkColour.RED)


@dataclass(frozen=True, slots=True)
class Voter:
    """One person: the same habit in every box. `loops`: fills by going round, as US voters do."""

    number: int
    hand: Hand
    pen: Pen
    shape: MarkShape
    loops: bool
    habit: int  # of writing digits


@cache
def voter(seed: int, number: int) -> Voter:
    """Voter `number` of the crowd of a seed: always the same person."""
    random = np.random.default_rng([seed, number])
    kind = PenKind(random.choice(list(PenKind), p=[0.45, 0.2, 0.12, 0.23]))
    colour = COLOURS[random.choice(3, p=[0.5, 0.42, 0.08])]
    press = random.random()
    shapes, shares = zip(*SHAPES, strict=True)
    held = pen(kind, colour, random, light=press < 0.22, heavy=press > 0.85)
    shape = MarkShape(random.choice(shapes, p=shares))
    loops = bool(random.random() < 0.18)
    return Voter(number, hand(random), held, shape, loops, int(random.integers(1000)))


def meant(who: Voter, form: Form, box: Rect, random: Random) -> list[Stroke]:
    """What belongs in this box: a number where there is room for one, else a mark."""
    return numbered(who, box, random) if form.ranks and random.random() < 0.8 else marked(who, box, random)


def marked(who: Voter, box: Rect, random: Random) -> list[Stroke]:
    """The voter's own mark in the box, now and then with the centre near its edge or small."""
    aim, chance = box, random.random()
    if chance < 0.12:
        off = random.uniform(-0.5, 0.5, 2)
        aim = Rect(box.x + off[0] * box.w, box.y + off[1] * box.h, box.w, box.h)
    elif chance < 0.3:
        w, h = np.asarray([box.w, box.h]) * random.uniform(0.35, 0.8)
        x, y = np.asarray(box.centre) + random.uniform(-0.15, 0.15, 2) * (box.w, box.h)
        aim = Rect(float(x - w / 2), float(y - h / 2), float(w), float(h))
    if who.loops:
        return _loops(who, aim, random)
    if who.shape is MarkShape.FILL and random.random() < 0.6:
        return filled(who, aim, random)
    return _fitted(mark(who.shape, aim, who.hand, random), aim, random)


def filled(who: Voter, box: Rect, random: Random) -> list[Stroke]:
    """The box coloured in by one close zigzag at any slant, up to its outline or a little over it."""
    a, reach = random.uniform(0, np.pi), random.uniform(0.72, 1.12)
    half = np.asarray([box.w, box.h]) / 2 * reach
    n = max(8, int(2 * float(half.max()) / (who.pen.width_mm * random.uniform(0.45, 0.95))))
    t, side = np.linspace(-1, 1, n), (-1.0) ** np.arange(n)
    if random.random() < 0.6:  # round, as ovals are
        side = side * np.sqrt(np.maximum(1 - t**2, 0.04))
    side = side * random.uniform(0.88, 1.0, n)
    points = np.stack([side * np.cos(a) - t * np.sin(a), side * np.sin(a) + t * np.cos(a)], axis=1)
    middle = np.asarray(box.centre) + random.normal(0, 0.04, 2) * (box.w, box.h)
    return [stroke(points * half + middle, random, tremble_mm=who.hand.tremble_mm)]


def numbered(who: Voter, box: Rect, random: Random) -> list[Stroke]:
    """A number of one or two digits in the box, as renumbering voters write."""
    digits, tall = str(random.integers(1, 60)), box.h * random.uniform(0.5, 0.95)
    wide = 0.75 * tall * len(digits)
    left = box.x + (box.w - wide) / 2 + random.normal(0, 0.08) * box.w
    low = box.y + (box.h + tall) / 2 + random.normal(0, 0.06) * box.h
    return write(digits, (left, low), tall, who.hand, random, habit=who.habit)


def _fitted(strokes: list[Stroke], aim: Rect, random: Random) -> list[Stroke]:
    """Marks in a long box are as often stretched along it as square."""
    if random.random() < 0.5:
        return strokes
    small, centre = min(aim.w, aim.h), np.asarray(aim.centre, np.float32)
    by = np.asarray([aim.w / small, aim.h / small], np.float32)
    return [Stroke((one.points - centre) * by + centre, one.pressure) for one in strokes]


def _loops(who: Voter, aim: Rect, random: Random) -> list[Stroke]:
    """Round and round in a slanting oval that wanders along, leaving the box as it pleases."""
    turns = random.uniform(1.5, 7)
    n = int(turns * 9)
    angle = random.uniform(0, 6) + np.linspace(0, turns * 2 * np.pi, n)
    long, wide = random.uniform(0.3, 1.4) * who.hand.size, random.uniform(0.2, 0.9) * who.hand.size
    drift = np.linspace(-1, 1, n) * random.uniform(0, 0.6)
    along = long * (1 + 0.3 * wander(n, 5, random)) * np.cos(angle) + drift
    across = wide * (1 + 0.3 * wander(n, 5, random)) * np.sin(angle)
    tilt = random.normal(-0.4, 0.5)
    x = aim.centre[0] + aim.w / 2 * (along * np.cos(tilt) - across * np.sin(tilt))
    y = aim.centre[1] + aim.h / 2 * (along * np.sin(tilt) + across * np.cos(tilt))
    return [stroke(np.stack([x, y], axis=1), random, tremble_mm=who.hand.tremble_mm)]


def neighbours(who: Voter, form: Form, box: Rect, random: Random) -> list[Stroke]:
    """A mark in the next box or row, large enough to reach towards this one, or one scribbled over there."""
    side, big, luck = random.choice([-1, 1]), random.uniform(0.9, 2.2), random.random()
    x, y = box.centre[0] + side * form.pitch[0], box.centre[1] + side * form.pitch[1]
    if luck < 0.3:
        there = Rect(x - box.w / 2, y - box.h / 2, box.w, box.h)
        return correction(there, who.hand, random) if luck < 0.2 else filled(who, there, random)
    aim = Rect(x - big * box.w / 2, y - big * box.h / 2, big * box.w, big * box.h)
    return mark(who.shape, aim, who.hand, random)


def written(who: Voter, form: Form, box: Rect, random: Random) -> list[Stroke]:
    """Writing or a struck name to the right of the box, perhaps with a tail towards it."""
    start = box.x + box.w + random.uniform(-0.3, 1.5)
    row = random.choice([-1, 0, 0, 1]) * form.pitch[1]
    name = Rect(start + 1, box.y + row, 12, box.h)
    if random.random() < 0.5:
        return strike(StrikeShape(random.choice(list(StrikeShape))), name, who.hand, random)
    x = start + np.arange(8) * 0.9
    y = box.centre[1] + row + random.normal(0, 0.9, 8)
    return [stroke(np.stack([x, y], axis=1), random, tremble_mm=who.hand.tremble_mm)]


Stroker = Callable[[Voter, Form, Rect, Random], list[Stroke]]
