"""What people write and draw where a stamp should stand, to learn from: strokes of one pen, mm in the window.

What the reader is tested on is drawn by other code (`stamp_other_strays`).
"""

import numpy as np
import numpy.typing as npt

from scanner.ballot import Rect
from scanner.simulate import marks
from scanner.simulate.letters import width_mm, write
from scanner.simulate.marks import Hand, MarkShape
from scanner.simulate.strokes import Stroke, stroke, wander
from scanner.training.stamp_dies import Random

Points = npt.NDArray[np.floating]
_SAID = (
    *("DETTE ER FEIL", "TAKK", "LEVE KONGEN", "STEM PÅ MEG", "NEI", "JA", "GODKJENT"),
    *("FEIL STEMPEL", "SE HER", "KJØSTERUD", "OLE HANSEN", "VALG 2027"),
)
_OFFICIAL = (*("VALGSTYRET", "KOMMUNE", "STEMT", "12 SEP 2027", "GODKJENT VALG", "KRETS 4"), *_SAID[:4])


def someone(random: Random) -> Hand:
    """The hand of a voter met by chance."""
    return marks.hand(random)


def spot(about: Rect, random: Random, least: float = 0.3) -> Rect:
    """Some part of a rectangle."""
    w, h = about.w * random.uniform(least, 1.0), about.h * random.uniform(least, 1.0)
    x, y = about.x + random.uniform(0, about.w - w), about.y + random.uniform(0, about.h - h)
    return Rect(float(x), float(y), float(w), float(h))


def scribble(about: Rect, random: Random) -> list[Stroke]:
    """Dense to and fro, loops round and round, or a tangle."""
    here, kind = spot(about, random, 0.35), random.random()
    n = int(random.integers(10, 160 if random.random() < 0.4 else 70))
    if kind < 0.35:
        xs: Points = np.linspace(0, 1, n)
        ys: Points = np.where(np.arange(n) % 2, 0.05, 0.95) + random.normal(0, 0.08, n)
    elif kind < 0.7:
        angle = np.linspace(0, n * random.uniform(0.8, 1.6), 4 * n)
        radius = 0.25 + 0.2 * wander(4 * n, 9, random)
        drift = np.linspace(-0.25, 0.25, 4 * n) * random.uniform(0, 1)
        xs, ys = 0.5 + drift + radius * np.cos(angle), 0.5 + radius * np.sin(angle)
    else:
        xs, ys = 0.5 + 0.3 * wander(n, 1, random), 0.5 + 0.3 * wander(n, 1, random)
    points = np.stack([here.x + here.w * xs, here.y + here.h * ys], axis=1)
    return [stroke(points, random, tremble_mm=0.05)]


def signature(about: Rect, random: Random) -> list[Stroke]:
    """A running line of loops with tall letters, and perhaps a flourish below."""
    long, tall = min(about.w, random.uniform(25, 60)), random.uniform(4, 16)
    x0 = about.x + random.uniform(0, max(about.w - long, 0.1))
    y0 = about.y + random.uniform(0.3, 0.8) * about.h
    n = int(random.integers(10, 30))
    t = np.linspace(0, 1, 5 * n)
    phase = t * n * random.uniform(0.5, 1.0) * np.pi
    high = tall * (0.25 + 0.75 * np.clip(wander(5 * n, 10, random), 0, 1)) * np.linspace(1, 0.5, 5 * n)
    xs = x0 + long * t + 0.25 * tall * np.sin(phase)
    ys = y0 - high * (0.5 + 0.5 * np.cos(phase)) + random.normal(0, 1) * t
    strokes = [stroke(np.stack([xs, ys], axis=1), random)]
    if random.random() < 0.5:
        ends = np.array(
            [[x0, y0 + 2], [x0 + 0.6 * long, y0 + 1], [x0 + long, y0 + 3], [x0 + 0.3 * long, y0 + 5]]
        )
        strokes.append(stroke(ends, random))
    return strokes


def drawing(about: Rect, random: Random) -> list[Stroke]:
    """A heart, a face, a frame."""
    here, shape = spot(about, random, 0.4), random.random()
    if shape < 0.4:
        return marks.heart(here, someone(random), random)
    if shape < 0.8:
        return marks.face_drawing(here, someone(random), random)
    return imitation(here, random)[:1]


def cross(about: Rect, random: Random) -> list[Stroke]:
    """A voter's mark, as large as the field."""
    kinds = [
        MarkShape.CROSS,
        MarkShape.TICK,
        MarkShape.PLUS,
        MarkShape.FILL,
        MarkShape.CIRCLE,
        MarkShape.SCRIBBLE,
    ]
    return marks.mark(MarkShape(random.choice(kinds)), spot(about, random, 0.4), someone(random), random)


def imitation(about: Rect, random: Random) -> list[Stroke]:
    """One to three rings or boxes drawn by hand, with words in them or along them."""
    wide, tall = random.uniform(18, 44), random.uniform(14, 36)
    x, y = np.asarray(about.centre) + random.normal(0, 3, 2)
    sharp, shaky = random.random() < 0.35, random.uniform(0.1, 0.7)
    found = []
    for n in range(int(random.integers(1, 4))):
        size = 1 - random.uniform(0.08, 0.2) * n
        found.append(_rim((x, y), (size * wide / 2, size * tall / 2), random, sharp=sharp, shaky=shaky))
    inner = Rect(float(x - wide * 0.32), float(y - tall * 0.25), wide * 0.64, tall * 0.5)
    if not sharp and random.random() < 0.4:
        found += _along((x, y), (0.42 * wide, 0.42 * tall), random)
    if random.random() < 0.85:
        found += (written if random.random() < 0.7 else small)(inner, random)
    return found


def _rim(
    middle: tuple[float, float], half: tuple[float, float], random: Random, *, sharp: bool, shaky: float
) -> Stroke:
    """A closed line as a hand draws it, round or with four corners; `shaky` mm off its way."""
    more = random.uniform(0.97, 1.06)
    angle = np.linspace(0, 2 * np.pi * more, 5 if sharp else 24) + (np.pi / 4 if sharp else 0)
    rim = np.stack([middle[0] + half[0] * np.cos(angle), middle[1] + half[1] * np.sin(angle)], axis=1)
    rim += random.normal(0, shaky, rim.shape)
    return stroke(rim, random, corners=np.full(len(rim), sharp), tremble_mm=0.08)


def _along(middle: tuple[float, float], half: tuple[float, float], random: Random) -> list[Stroke]:
    """Capitals written along the upper inside of a ring."""
    said, by, tall = str(random.choice(_OFFICIAL)), someone(random), random.uniform(2, 4)
    long = width_mm(said, tall, by)
    found = []
    for one in write(said, (-long / 2, 0), tall, by, random, habit=int(random.integers(99))):
        angle, up = one.points[:, 0] / (sum(half) / 2), tall + one.points[:, 1]
        across = middle[0] + (half[0] - up) * np.sin(angle)
        down = middle[1] - (half[1] - up) * np.cos(angle)
        found.append(Stroke(np.stack([across, down], axis=1).astype(np.float32), one.pressure))
    return found


def written(about: Rect, random: Random) -> list[Stroke]:
    """Lines of drawn capitals."""
    lines, by = int(random.integers(1, 4)), someone(random)
    tall = min(random.uniform(2.2, 9), about.h / lines * 0.7)
    found: list[Stroke] = []
    for n in range(lines):
        said = str(random.choice(_SAID))
        size = tall * min(1.0, about.w / width_mm(said, tall, by))
        base = about.y + about.h * (n + 0.8) / lines
        found += write(
            said, (about.x + random.uniform(0, 2), base), size, by, random, habit=int(random.integers(99))
        )
    turn = float(random.normal(0, 6) if random.random() < 0.9 else random.choice([90, 180, -90]))
    return [one.turned(turn, about.centre) for one in found]


def small(about: Rect, random: Random) -> list[Stroke]:
    """A field full of capitals as small and as close as a stamp's."""
    tall, by, found = random.uniform(1.6, 3.4), someone(random), list[Stroke]()
    apart = tall * random.uniform(1.25, 2.0)
    for n in range(int(random.integers(3, max(5, min(15, int(about.h / apart)))))):
        said = " ".join(str(one) for one in random.choice(_SAID, int(random.integers(1, 4))))
        size = tall * min(1.0, about.w / width_mm(said, tall, by))
        at = about.x + random.uniform(0, 3), about.y + apart * (n + 0.9)
        found += write(said, at, size, by, random, habit=int(random.integers(99)))
    turn = float(random.normal(0, 4))
    return [one.turned(turn, about.centre) for one in found]


def hatching(about: Rect, random: Random) -> list[Stroke]:
    """A part of the field filled with lines at one slant, or at two across each other."""
    here, found = spot(about, random, 0.45), list[Stroke]()
    slant, apart, wild = random.uniform(0, np.pi), random.uniform(0.8, 3.5), random.uniform(0.02, 0.4)
    for layer in range(int(random.choice([1, 2, 3], p=[0.45, 0.45, 0.1]))):
        a = slant + layer * random.normal(np.pi / 2, 0.2)
        along, across = np.array([np.cos(a), np.sin(a)]), np.array([-np.sin(a), np.cos(a)])
        reach = (abs(along[0]) * here.w + abs(along[1]) * here.h) / 2
        side = (abs(across[0]) * here.w + abs(across[1]) * here.h) / 2
        for step in np.arange(-side, side, apart):
            ends = np.array([-reach, 0.0, reach]) * (1 + random.normal(0, wild / 2))
            places = ends[:, None] * along + (step + random.normal(0, wild, 3))[:, None] * across
            places = np.clip(places + here.centre, *_corners(here.grown(wild * 4)))
            found.append(stroke(places, random))
    return found


def _corners(of: Rect) -> tuple[tuple[float, float], tuple[float, float]]:
    return (of.x, of.y), (of.x + of.w, of.y + of.h)


def lines(about: Rect, random: Random) -> list[Stroke]:
    """A comment of several lines, running hand: loops with tall letters, word by word."""
    tall, by, found = random.uniform(1.5, 4.0), someone(random), list[Stroke]()
    apart = tall * random.uniform(1.5, 2.6)
    lean = np.tan(np.radians(by.slant_deg))
    for base in np.arange(about.y + apart, about.y + about.h, apart):
        x = about.x + random.uniform(0, 4)
        while x < about.x + about.w * random.uniform(0.6, 1.0):
            long = random.uniform(1.0, 6.0) * tall
            found.append(_word((float(x), float(base)), long, tall, lean, random))
            x += long + random.uniform(0.5, 1.2) * tall
    turn = float(random.normal(0, 3))
    return [one.turned(turn, about.centre) for one in found]


def _word(at: tuple[float, float], long: float, tall: float, lean: float, random: Random) -> Stroke:
    """One word in a running hand."""
    n = max(3, round(long / tall / 0.42))
    t = np.arange(4 * n) / 4
    high = tall * random.choice([0.45, 0.5, 1.0, -0.5], n, p=[0.4, 0.25, 0.25, 0.1])
    wave = 0.5 - 0.5 * np.cos(2 * np.pi * t)
    up = wave * np.repeat(high, 4)
    across = at[0] + long * t / n + 0.12 * tall * np.sin(2 * np.pi * t + 0.6) + lean * up
    down = at[1] - up + random.normal(0, 0.05 * tall, len(t))
    return stroke(np.stack([across, down], axis=1), random)
