"""Who writes which number in a box, how large, how near the frame, with which pen."""

import numpy as np

from scanner.classify.atlas import PER_MM
from scanner.simulate.marks import hand
from scanner.simulate.pens import InkColour, Pen, PenKind, pen
from scanner.training.digits_boxes import HIGH, WIDE, Number
from scanner.training.digits_drawing import Form
from scanner.training.digits_ink import Collection, Digit, Source, Writer
from scanner.training.digits_scribbles import scribble
from scanner.training.digits_shapes import Random

COLOURS = (InkColour.BLUE, InkColour.BLACK, InkColour.RED)
FROM = {
    Source.MNIST: 0.45,
    Source.OPTDIGITS: 0.1,
    Source.PENDIGITS: 0.2,
    Source.DRAWN: 0.17,
    Source.FONT: 0.08,
}
SCRIBBLES = 0.12


def person(collections: tuple[Collection, ...], random: Random) -> Writer:
    """Whoever comes next; of the sources that are there."""
    there = {one.source: one for one in collections}
    shares = {one: share for one, share in FROM.items() if one in there or one in {Source.DRAWN, Source.FONT}}
    total = sum(shares.values())
    source = list(shares)[int(random.choice(len(shares), p=[one / total for one in shares.values()]))]
    collection = there.get(source)
    writer = None
    if collection is not None and source is Source.MNIST:
        writer = int(random.choice(np.unique(collection.writers)))
    return Writer(source, collection, writer, hand(random), int(random.integers(1000)))


def written_number(collections: tuple[Collection, ...], random: Random) -> Number:
    """What one person writes in one box."""
    who = person(collections, random)
    if random.random() < SCRIBBLES:
        return _number(None, "scribble", (scribble(random, alone=False),), random)
    value = int(random.integers(1, 10) if random.random() < 0.4 else random.integers(10, 100))
    digits = tuple(who.digit(int(one), random) for one in str(value))
    return _number(value, str(who.source), digits, random)


def _nib(random: Random) -> Pen:
    kind = PenKind(random.choice(list(PenKind), p=[0.62, 0.16, 0.1, 0.12]))
    colour = COLOURS[int(random.choice(3, p=[0.55, 0.4, 0.05]))]
    return pen(kind, colour, random, light=bool(random.random() < 0.08), heavy=bool(random.random() < 0.1))


def _number(value: int | None, kind: str, digits: tuple[Digit, ...], random: Random) -> Number:
    tall = float(np.clip(random.normal(0.66, 0.11), 0.4, 0.95)) * HIGH
    nib = _nib(random)
    slant, stretch = random.normal(0.06, 0.12), float(np.exp(random.normal(0, 0.12)))
    if value is None:
        slant, stretch = 0.0, 1.0  # a slash that leans further or less may be a one
    unit = stretch * (sum(one.aspect for one in digits) + 0.15 * (len(digits) - 1))
    fits = random.uniform(0.72, 0.97) * WIDE / (tall * unit)
    tall *= min(1.0, fits) if random.random() < 0.92 else 1.0  # nearly all make their numbers fit
    line = nib.width_mm * random.uniform(0.8, 1.15)
    gap = random.normal(0.14, 0.1) * tall
    forms = tuple(
        Form(tall * PER_MM * float(np.exp(random.normal(0, 0.06))), line * PER_MM,
             stretch * float(np.exp(random.normal(0, 0.05))), float(slant + random.normal(0, 0.04)),
             float(random.normal(0, 3)))
        for _ in digits
    )  # fmt: skip
    wide = sum(tall * one.aspect * stretch for one in digits) + gap * (len(digits) - 1)
    room = max(WIDE - wide, 0.6) / 2
    off = (float(np.clip(random.normal(0, 0.35), -1, 1) * room), float(random.normal(0, 0.3)))
    return Number(value, kind, digits, forms, float(gap), off, nib)
