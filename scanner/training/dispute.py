"""What people would argue about: marks taken back, slips of the pen, marks beside and around the box.

Strokes like those of `ink`, by the same voters. Fully black boxes, ticks beside a target, rings and
hooks are the shapes that real counts quarrel over.
"""

from dataclasses import replace

import numpy as np

from scanner.ballot import Rect
from scanner.simulate.marks import Hand, MarkShape, StrikeShape, correction, mark, ring, slip, strike
from scanner.simulate.strokes import Stroke, stroke
from scanner.training.forms import Form
from scanner.training.ink import Random, Voter, filled, marked


def passing(who: Voter, _form: Form, box: Rect, random: Random) -> list[Stroke]:
    """A long line through the box and out on both sides: a strike, a bracket, a scrawl over the page."""
    x, y = np.asarray(box.centre) + random.uniform(-0.3, 0.3, 2) * (box.w, box.h)
    a = random.choice([0.0, np.pi / 2, random.uniform(0, np.pi)]) + random.normal(0, 0.1)
    t = np.linspace(-14, 14, 7)[:, None]
    points = np.array([[x, y]]) + t * [np.cos(a), np.sin(a)] + random.normal(0, 0.2, (7, 2))
    return [stroke(points, random, tremble_mm=who.hand.tremble_mm)]


def slipped(who: Voter, _form: Form, box: Rect, random: Random) -> list[Stroke]:
    """A dot, a hair line, a little hook or dash in the box: nobody can say what was meant."""
    x, y = np.asarray(box.centre) + random.uniform(-0.35, 0.35, 2) * (box.w, box.h)
    kind = random.random()
    if kind < 0.4:
        return mark(MarkShape.DOT, Rect(x - 1, y - 1, 2, 2), who.hand, random)
    if kind < 0.6:
        return slip((float(x), float(y)), who.hand, random)
    size = random.uniform(0.12, 0.36) * min(box.w, box.h)
    a, bend = random.uniform(0, 2 * np.pi), random.uniform(0.5, 2.6) * (kind < 0.8)
    ends = [(-np.cos(a), -np.sin(a)), (0.0, 0.0), (np.cos(a + bend), np.sin(a + bend))]
    return [stroke(np.asarray(ends) * size / 2 + (x, y), random, tremble_mm=who.hand.tremble_mm)]


def beside(who: Voter, _form: Form, box: Rect, random: Random) -> list[Stroke]:
    """The voter's mark next to the box instead of in it."""
    a, away = random.uniform(0, 2 * np.pi), random.uniform(0.85, 1.15)
    x = box.centre[0] + away * box.w * np.sign(np.cos(a)) * max(abs(np.cos(a)), 0.75)
    y = box.centre[1] + random.uniform(-0.4, 0.4) * box.h
    small = random.uniform(0.5, 1.0) * min(box.w, box.h)
    return mark(who.shape, Rect(float(x - small / 2), float(y - small / 2), small, small), who.hand, random)


def ringed(who: Voter, _form: Form, box: Rect, random: Random) -> list[Stroke]:
    """A ring around the whole box."""
    return ring(Rect(box.x + 1.2, box.y, box.w - 2.4, box.h).grown(random.uniform(0, 0.7)), who.hand, random)


def struck(who: Voter, box: Rect, random: Random) -> list[Stroke]:
    """A mark, as often as not a filled one, then lines through it well beyond the box."""
    first = filled(who, box, random) if random.random() < 0.4 else marked(who, box, random)
    kind = random.random()
    if kind < 0.3:
        return [*first, *great_cross(who.hand, box, random)]
    if kind < 0.5:
        return [*first, *_lines(who.hand, box, random)]
    shape = StrikeShape(random.choice([StrikeShape.DOUBLE, StrikeShape.ZIGZAG, StrikeShape.WAVY]))
    wide = box.w / 2 * random.uniform(0.5, 1.2)
    return [*first, *strike(shape, Rect(box.x - wide, box.y, box.w + 2 * wide, box.h), who.hand, random)]


def great_cross(by: Hand, box: Rect, random: Random) -> list[Stroke]:
    """An X over the whole box and a good part of its surroundings."""
    (x, y), (w, h) = box.centre, np.asarray([box.w, box.h]) / 2 * random.uniform(1.5, 2.4, 2)
    ends = (((-w, -h), (w, h)), ((w, -h), (-w, h)))
    off = np.asarray([x, y]) + random.normal(0, 0.2, 2)
    return [stroke(np.asarray(one) + off, random, tremble_mm=by.tremble_mm) for one in ends]


def _lines(by: Hand, box: Rect, random: Random) -> list[Stroke]:
    """One to four lines at one slant, each well beyond the box on both sides."""
    a = random.choice([0.0, 0.6, -0.6, np.pi / 2]) + random.normal(0, 0.2)
    long = random.uniform(1.5, 2.6) * max(abs(np.cos(a)) * box.w, abs(np.sin(a)) * box.h) / 2
    apart = random.uniform(0.15, 0.5) * min(box.w, box.h)
    found = []
    for step in range(int(random.integers(1, 5))):
        aside = (step - 1) * apart + random.normal(0, 0.1)
        x, y = box.centre[0] - aside * np.sin(a), box.centre[1] + aside * np.cos(a)
        ends = [(x + s * long * np.cos(a), y + s * long * np.sin(a)) for s in (-1, 0, 1)]
        found.append(stroke(ends, random, tremble_mm=by.tremble_mm))
    return found


def blackened(who: Voter, box: Rect, random: Random) -> list[Stroke]:
    """A mark scribbled over in several directions, well beyond the box."""
    if random.random() < 0.6:
        return correction(box, replace(who.hand, size=max(0.85, who.hand.size)), random)
    return [*marked(who, box, random), *_scrawl(who.hand, box, random)]


def _scrawl(by: Hand, box: Rect, random: Random) -> list[Stroke]:
    """Two or three tight zigzags across each other, wilder than a fill."""
    first = random.uniform(0, np.pi)
    half = np.asarray([box.w, box.h]) / 2 * random.uniform(1.05, 1.6)
    found = []
    for layer in range(int(random.integers(2, 4))):
        a, n = first + layer * random.uniform(0.7, 1.7), int(random.integers(9, 18))
        t, side = np.linspace(-1, 1, n), (-1.0) ** np.arange(n)
        side = side * np.sqrt(np.maximum(1.15 - t**2, 0.1)) * random.uniform(0.8, 1.2, n)
        points = np.stack([side * np.cos(a) - t * np.sin(a), side * np.sin(a) + t * np.cos(a)], axis=1)
        found.append(stroke(points * half + box.centre, random, tremble_mm=by.tremble_mm))
    return found
