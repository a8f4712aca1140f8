"""Other ink that is no stamp, drawn by other code than what is learnt from: to choose bounds and to test.

Pens are polylines of their own, capitals are Hershey letters set by a shaky hand.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from scanner.ballot import Rect
from scanner.pixels import Gray
from scanner.training import stamp_other_stains as stains
from scanner.training.stamp_dies import K, Light, Random
from scanner.training.stamp_other_stains import offset, part_of
from scanner.training.stamp_papers import SIZE
from scanner.training.stamp_strays import Stray, Words, in_rows, scattered

Path = npt.NDArray[np.floating]  # (n, 2) mm
_SAID = "OVERSTRØKET|HVORFOR|NEI TAKK|VALGT|MIN STEMME|KARI NORDMANN|TIL OPPTELLING|KOMMUNEN|1 SEPT 2025|FEIL"
_FINE = 3  # px a px of the scene, while drawing
_FACES = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX_SMALL)


def other_stray(kind: Stray, about: Rect, real: Words, random: Random) -> Light:
    """A layer (320, 400) of ink of this kind within or about a rectangle, mm in the scene."""
    if kind in _STAINS:
        return _STAINS[kind](about, random)
    if kind in _WRITTEN:
        return _WRITTEN[kind](about, real, random)
    return _penned(_PATHS[kind](about, random), random)


def _penned(paths: list[Path], random: Random) -> Light:
    """Paths of one pen, each of a width that swells and shrinks a little."""
    layer = np.zeros((SIZE[0] * _FINE, SIZE[1] * _FINE), np.uint8)
    wide = random.choice([random.uniform(0.25, 0.55), random.uniform(0.5, 1.2)], p=[0.65, 0.35])
    for one in paths:
        for start in range(0, len(one) - 1, 12):
            thick = max(1, round(wide * K * _FINE * random.uniform(0.8, 1.2)))
            points = np.round(one[start : start + 13] * K * _FINE * 16).astype(np.int32)
            cv2.polylines(
                layer, [points], isClosed=False, color=255, thickness=thick, lineType=cv2.LINE_AA, shift=4
            )
    small = cv2.resize(layer, SIZE[::-1], interpolation=cv2.INTER_AREA)
    return small.astype(np.float32) * np.float32(random.uniform(0.5, 1.0) / 255)


def _smoothed(random: Random, count: int, softness: float) -> Path:
    """Smooth noise (count, 2) of deviation 1."""
    far = np.arange(-int(3 * softness) - 1, int(3 * softness) + 2)
    kernel = np.exp(-((far / softness) ** 2) / 2)
    noise = random.standard_normal((count + len(far) - 1, 2))
    soft = np.stack([np.convolve(one, kernel, "valid") for one in noise.T], axis=1)
    return np.asarray(soft / max(float(soft.std()), 1e-6))


def _scribble(about: Rect, random: Random) -> list[Path]:
    """A tangle, a coil, or a knot of two swings."""
    here, kind, n = part_of(about, random, 0.4), random.random(), int(random.integers(150, 900))
    t = np.linspace(0, 1, n)
    if kind < 0.4:
        way = 0.24 * _smoothed(random, n, random.uniform(4, 12))
    elif kind < 0.7:
        a, b, c = random.uniform(5, 40, 3)
        way = 0.45 * np.stack([np.sin(a * t + 0.3 * np.sin(c * t)), np.cos(b * t)], axis=1)
    else:
        turn = t * random.uniform(60, 260)
        coil = np.stack([np.cos(turn) + (6 * t - 3), np.sin(turn)], axis=1)
        way = coil * (0.11, 0.4) + 0.03 * _smoothed(random, n, 20)
    return [np.clip(way, -0.55, 0.55) * (here.w, here.h) + here.centre]


def _hatched(about: Rect, random: Random) -> list[Path]:
    """Lines side by side inside a round or blob-like outline."""
    here, found = part_of(about, random, 0.5), []
    a, apart = random.uniform(0, np.pi), random.uniform(0.7, 3.0)
    for slant in (a, a + random.uniform(0.8, 2.2))[: 1 + int(random.random() < 0.55)]:
        along, across = np.array([np.cos(slant), np.sin(slant)]), np.array([-np.sin(slant), np.cos(slant)])
        half = min(here.w, here.h) / 2 * random.uniform(0.9, 1.4)
        for off in np.arange(-half, half, apart):
            reach = np.sqrt(max(half**2 - off**2, 1.0)) * random.uniform(0.8, 1.15)
            t = np.linspace(-reach, reach, 20)[:, None]
            way = t * along + off * across + random.uniform(0.02, 0.25) * _smoothed(random, 20, 4)
            found.append(way * (1.0, min(1.0, here.h / here.w * 1.3)) + here.centre)
    if random.random() < 0.5:  # back and forth without lifting the pen
        return [np.concatenate([one[:: 1 - 2 * (n % 2)] for n, one in enumerate(found)])]
    return found


def _name(about: Rect, random: Random) -> list[Path]:
    """A signature: a few swings of slanting loops, and a line under them."""
    n, tall = int(random.integers(120, 320)), random.uniform(3, 13)
    t = np.linspace(0, 1, n)
    wave = random.uniform(18, 60) * t + 1.5 * np.sin(random.uniform(4, 12) * t)
    grow = 0.25 + 0.75 * np.abs(np.sin(random.uniform(2, 7) * t + random.uniform(0, 3)))
    long = random.uniform(0.4, 0.95) * about.w
    x = long * t + 0.35 * tall * np.cos(wave)
    y = -0.5 * tall * grow * np.sin(wave) - random.normal(0, 4) * t
    paths = [np.stack([x, y], axis=1)]
    if random.random() < 0.6:
        s = np.linspace(0, 1, 40)
        paths.append(np.stack([long * s, 0.6 * tall + 1.5 * np.sin(3 * s)], axis=1))
    start = np.array([about.x + random.uniform(0, 0.4) * (about.w - long), about.y + 0.6 * about.h])
    return [one + start for one in paths]


def _running(about: Rect, random: Random, tall: float) -> list[Path]:
    """Rows of cursive words: a sine with steps of height."""
    paths: list[Path] = []
    for base in np.arange(about.y + 1.6 * tall, about.y + about.h, tall * random.uniform(1.7, 2.6)):
        x = about.x + random.uniform(0, 5)
        while x < about.x + about.w - 2 * tall:
            letters = int(random.integers(2, 10))
            t = np.linspace(0, letters, 12 * letters)
            steps = random.choice([0.5, 0.55, 1.0, 1.1], letters + 1)[t.astype(int)]
            y = -tall * steps * np.abs(np.sin(np.pi * t)) ** 0.8
            ahead = 0.55 * tall * t - 0.2 * tall * np.sin(2 * np.pi * t) - 0.2 * y
            paths.append(np.stack([x + ahead, base + y], axis=1) + 0.06 * tall * _smoothed(random, len(t), 6))
            x += 0.55 * tall * letters + tall * random.uniform(0.5, 1.2)
    return paths


def _drawing(about: Rect, random: Random) -> list[Path]:
    """A star, a house, a spiral, a flower, a grid, a man of sticks."""
    here, t = part_of(about, random, 0.5), np.linspace(0, 1, 120)
    turn = 2 * np.pi * t
    kind = int(random.integers(6))
    if kind == 0:
        corners = [(np.sin(a), -np.cos(a)) for a in np.arange(6) * 4 * np.pi / 5]
        ways = [_straight(corners)]
    elif kind == 1:
        walls = [(-0.7, 1), (-0.7, -0.2), (0, -1), (0.7, -0.2), (0.7, 1), (-0.7, 1)]
        door = [(-0.15, 1), (-0.15, 0.4), (0.15, 0.4), (0.15, 1)]
        window = [(0.3, 0.1), (0.55, 0.1), (0.55, 0.35), (0.3, 0.35), (0.3, 0.1)]
        ways = [_straight(walls), _straight(door), _straight(window)]
    elif kind == 2:
        rounds = random.uniform(3, 8)
        ways = [np.stack([t * np.cos(rounds * turn), t * np.sin(rounds * turn)], axis=1)]
    elif kind == 3:
        petals = 0.75 + 0.25 * np.cos(int(random.integers(5, 12)) * turn)
        ways = [np.stack([r * np.cos(turn), r * np.sin(turn)], axis=1) for r in (petals, 0.3 + 0 * t)]
    elif kind == 4:
        places = np.linspace(-1, 1, int(random.integers(4, 9)))
        ways = [_straight([(-1, y), (1, y)]) for y in places] + [_straight([(x, -1), (x, 1)]) for x in places]
    else:
        head = np.stack([0.25 * np.cos(turn), -0.7 + 0.25 * np.sin(turn)], axis=1)
        limbs = ([(0, -0.45), (0, 0.4)], [(-0.6, -0.1), (0.6, -0.2)], [(-0.5, 1), (0, 0.4), (0.5, 1)])
        ways = [head, *(_straight(one) for one in limbs)]
    shaky = random.uniform(0.005, 0.04)
    return [
        (one + shaky * _smoothed(random, len(one), 8)) * (here.w / 2, here.h / 2) + here.centre
        for one in ways
    ]


def _straight(corners: Sequence[tuple[float, float]]) -> Path:
    """Straight lines from corner to corner, 20 points each."""
    ends = np.asarray(corners, float)
    t = np.linspace(0, 1, 20)[:, None]
    return np.concatenate([a + (b - a) * t for a, b in pairwise(ends)])


def _cross(about: Rect, random: Random) -> list[Path]:
    here, bars = part_of(about, random, 0.5), ([(-1, -1), (1, 1)], [(1, -1), (-1, 1)], [(-1, 0), (1, 0)])
    return [
        (_straight(bar) + 0.04 * _smoothed(random, 20, 5)) * (here.w / 2, here.h / 2) + here.centre
        for bar in bars[: int(random.integers(1, 4))]
        for _ in range(int(random.integers(1, 3)))
    ]


def _capitals(layer: Gray, said: str, at: tuple[float, float], tall: float, random: Random) -> None:
    """Capitals by a shaky hand, letter by letter, in place; `at` mm is where the line begins."""
    x, shaky, face = at[0], random.uniform(0.3, 1.0), int(random.choice(_FACES))
    for letter in said.translate(str.maketrans("ÅØÆ", "AOE")):
        stamp = np.zeros((120, 120), np.uint8)
        cv2.putText(stamp, letter, (35, 85), face, 2.0, 255, int(random.integers(4, 8)), cv2.LINE_AA)
        size = tall * K * _FINE / 44 * (1 + 0.08 * shaky * random.normal())
        way = np.asarray(cv2.getRotationMatrix2D((60, 85), 5 * shaky * random.normal(), size), np.float64)
        way[0, 1] += 0.12 * shaky * random.normal()
        way[:, 2] += np.array([x, at[1] + 0.06 * tall * shaky * random.normal()]) * K * _FINE - (60, 85)
        laid = cv2.warpAffine(stamp, way, layer.shape[::-1])
        np.maximum(layer, laid, out=layer)
        x += tall * (0.85 + 0.1 * shaky * random.normal()) * (0.5 if letter in " I1" else 1)


def _printed_by_hand(about: Rect, _real: Words, random: Random, *, tall: float | None = None) -> Light:
    """Some lines of shaky capitals."""
    layer = np.zeros((SIZE[0] * _FINE, SIZE[1] * _FINE), np.uint8)
    high = tall or random.uniform(2.5, 8)
    for base in np.arange(about.y + high, about.y + about.h, high * random.uniform(1.3, 2.2)):
        said = " ".join(random.choice(_SAID.split("|"), 3))[: int(about.w / high / 0.8)]
        _capitals(layer, said, (about.x + random.uniform(0, 3), base), high, random)
    small = cv2.resize(layer, SIZE[::-1], interpolation=cv2.INTER_AREA)
    return small.astype(np.float32) * np.float32(random.uniform(0.5, 1.0) / 255)


def _ringed(about: Rect, real: Words, random: Random) -> Light:
    """Rings or frames drawn by hand, one to three, with words or capitals in them."""
    half = np.array([random.uniform(10, 22), random.uniform(8, 18)])
    middle, paths = np.asarray(about.centre) + random.normal(0, 3, 2), []
    corners, power = random.random() < 0.3, random.uniform(0.01, 0.05)
    for n in range(int(random.integers(1, 4))):
        turn = np.linspace(0, 2 * np.pi * random.uniform(0.98, 1.04), 160) + random.uniform(0, 6)
        far = 1 - 0.13 * n + sum(power / k * np.cos(k * turn + random.uniform(0, 6)) for k in (2, 3, 4, 5, 7))
        box = np.maximum(np.abs(np.cos(turn)), np.abs(np.sin(turn))) if corners else np.ones(len(turn))
        paths.append(
            np.stack([np.cos(turn), np.sin(turn)], axis=1) * np.asarray(far / box)[:, None] * half + middle
        )
    within = Rect(*(middle - 0.6 * half).tolist(), *(1.2 * half).tolist())
    ring, kind = _penned(paths, random), random.random()
    if real and kind < 0.4:
        return np.maximum(ring, scattered(within, real, random))
    if kind < 0.7:
        return np.maximum(ring, _printed_by_hand(within, (), random, tall=random.uniform(2, 5)))
    return np.maximum(ring, _penned(_running(within, random, random.uniform(1.5, 4)), random))


def _many(about: Rect, real: Words, random: Random) -> Light:
    if real and random.random() < 0.6:
        return in_rows(about, real, random)
    return _penned(_running(about, random, random.uniform(1.2, 3.5)), random)


def _few(about: Rect, real: Words, random: Random) -> Light:
    kind = random.random()
    if real and kind < 0.6:
        return scattered(about, real, random)
    if kind < 0.8:
        return _printed_by_hand(part_of(about, random, 0.6), (), random)
    return _penned(_running(part_of(about, random, 0.6), random, random.uniform(2, 7)), random)


def _small(about: Rect, real: Words, random: Random) -> Light:
    return _printed_by_hand(about, real, random, tall=random.uniform(1.5, 3.0))


def _stuck_on(about: Rect, real: Words, random: Random) -> Light:
    """A strip of paper or tape over the field, written on."""
    x, y = offset(about, random)
    a = random.normal(0, 0.15)
    u, v = x * np.cos(a) + y * np.sin(a), y * np.cos(a) - x * np.sin(a)
    far = np.maximum(np.abs(u) - random.uniform(15, 45), np.abs(v) - random.uniform(6, 22))
    tone = random.uniform(0, 0.15) / (1 + np.exp(np.clip(far * 8, -30, 30)))
    shade = random.uniform(0.1, 0.7) * np.exp(-np.clip(far, 0, 9) * random.uniform(1, 5)) * (far > 0)
    layer = np.asarray(tone + shade, np.float32)
    return np.maximum(layer, _few(about.grown(-3), real, random)) if random.random() < 0.7 else layer


_PATHS: dict[Stray, Callable[[Rect, Random], list[Path]]] = {
    Stray.SCRIBBLE: _scribble, Stray.HATCHING: _hatched, Stray.SIGNATURE: _name, Stray.DRAWING: _drawing,
    Stray.CROSS: _cross,
}  # fmt: skip
_STAINS: dict[Stray, Callable[[Rect, Random], Light]] = {
    Stray.COFFEE: stains.wet_ring, Stray.THUMB: stains.whorl, Stray.SMEAR: stains.wiped,
    Stray.TORN: stains.gone, Stray.THROUGH: stains.through,
}  # fmt: skip
_WRITTEN: dict[Stray, Callable[[Rect, Words, Random], Light]] = {
    Stray.WORDS: _few, Stray.LINES: _many, Stray.SMALL: _small, Stray.IMITATION: _ringed,
    Stray.NOTE: _stuck_on,
}  # fmt: skip
