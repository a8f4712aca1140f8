"""Dirt, folds, streaks, cut corners and what shows through: everything on a scan that nobody wrote."""

import cv2
import numpy as np

from scanner.ballot import Rect
from scanner.training.forms import PX, Picture

Random = np.random.Generator


def darken(scene: Picture, share: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    """Take a share 0..1 (or less than 0: lighten) of the light away, in place."""
    scene[...] = np.clip(scene * (1 - share), 0, 255).astype(np.uint8)


def fold(scene: Picture, depth: float, random: Random, reach: float = 0.4) -> None:
    """A crease across the whole scene, dark or light, with a soft shadow on one side; `depth` 0..1.

    It passes within `reach` of the middle, as a share of the scene.
    """
    rows, columns = scene.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    a = random.choice([0.0, np.pi / 2, random.uniform(0, np.pi)], p=[0.4, 0.35, 0.25]) + random.normal(
        0, 0.02
    )
    at = 0.5 + random.uniform(-reach, reach)
    away = (x - columns * at) * np.sin(a) + (y - rows * at) * np.cos(a)
    crease = np.exp(-((away / (PX * random.uniform(0.08, 0.35))) ** 2))
    shadow = 0.3 * np.exp(-np.abs(away) / (PX * random.uniform(0.5, 2))) * (away > 0)
    darken(scene, (depth * (crease + shadow)).astype(np.float32))


def shade(scene: Picture, random: Random) -> None:
    """The shadow of a wave in the paper, a pale stain, a weak lamp: soft everywhere, up to a third darker."""
    rows, columns = scene.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) / PX
    a, middle = random.uniform(0, np.pi), random.uniform(0.1, 0.9, 2) * (columns, rows) / PX
    along = (x - middle[0]) * np.cos(a) + (y - middle[1]) * np.sin(a)
    across = (y - middle[1]) * np.cos(a) - (x - middle[0]) * np.sin(a)
    long, wide = random.uniform(3, 40), random.uniform(2.5, 8)
    dark = random.uniform(0.08, 0.35) * np.exp(-((along / long) ** 2) - (across / wide) ** 2)
    darken(scene, dark.astype(np.float32))


def streak(scene: Picture, box: Rect, random: Random, *, through: bool, pale: bool = False) -> None:
    """Dust on the scanner's glass: a line along the feed, `through` the box or beside it; dark or `pale`."""
    wide, upright = random.uniform(0.08, 0.4), random.random() < 0.7
    low, size = (box.x, box.w) if upright else (box.y, box.h)
    beside = random.choice([-1, 1]) * random.uniform(0.62, 1.0) * size
    at = low + size / 2 + (random.uniform(-0.35, 0.35) * size if through else beside)
    a, b = round((at - wide / 2) * PX), max(round((at + wide / 2) * PX), round((at - wide / 2) * PX) + 1)
    band = scene[:, max(a, 0) : b] if upright else scene[max(a, 0) : b]
    dark = random.uniform(0.05, 0.38) if pale else random.uniform(0.45, 0.95)
    darken(band, np.full(band.shape, dark, np.float32))


def pale_streak(scene: Picture, box: Rect, random: Random) -> None:
    """A blind spot of the sensor: a white line along the feed."""
    at = round((box.x + random.uniform(-0.5, 1.5) * box.w) * PX)
    scene[:, max(at, 0) : at + int(random.integers(1, 4))] = 255


def dirt(scene: Picture, random: Random, largest_mm: float) -> None:
    """Specks and hairs of up to `largest_mm` across."""
    for _ in range(int(random.integers(1, 6))):
        x, y = random.uniform(0, scene.shape[1]), random.uniform(0, scene.shape[0])
        r = random.uniform(0.05, largest_mm / 2) * PX
        axes = (max(1, round(r)), max(1, round(r * random.uniform(0.4, 1))))
        level = int(random.integers(20, 190))
        cv2.ellipse(scene, (int(x), int(y)), axes, random.uniform(0, 180), 0, 360, level, -1, cv2.LINE_AA)


def show_through(scene: Picture, random: Random) -> None:
    """The other side of the paper, faint, blurred and mirrored: letters, strokes or a printed pattern."""
    back = np.full(scene.shape, 255, np.uint8)
    face, high = cv2.FontFace("sans"), int(random.uniform(2.5, 6) * PX)
    for row in range(0, scene.shape[0] + high, int(high * random.uniform(1.1, 2))):
        text = "".join(random.choice(list("aegknorstvæøå0357/()"), 14))
        cv2.putText(back, text, (int(random.uniform(-40, 10)), row), (0,), face, high, 500)
    shine(scene, np.ascontiguousarray(back[:, ::-1]), random.uniform(0.04, 0.2), random)


def shine(scene: Picture, behind: Picture, share: float, random: Random) -> None:
    """Let a `share` 0..1 of what is behind the paper be seen, blurred by the fibres."""
    soft = cv2.GaussianBlur(behind, (0, 0), random.uniform(1.0, 4)).astype(np.float32)
    darken(scene, ((1 - soft / 255) * share).astype(np.float32))


def cut(scene: Picture, box: Rect, random: Random, *, into: bool) -> None:
    """A torn, folded or cut edge: black or white backing from one side, `into` the box or short of it."""
    angle = random.choice([0, np.pi / 2, np.pi, 3 * np.pi / 2, random.uniform(0, 6.28)]) + random.normal(
        0, 0.05
    )
    y, x = np.mgrid[0 : scene.shape[0], 0 : scene.shape[1]].astype(np.float32) / PX
    away = (x - box.centre[0]) * np.cos(angle) + (y - box.centre[1]) * np.sin(angle)
    reach = (abs(np.cos(angle)) * box.w + abs(np.sin(angle)) * box.h) / 2
    gone = away > (random.uniform(-0.9, 0.6) * reach if into else reach + random.uniform(0.25, 1.5))
    backing = int(random.choice([0, 20, 60, 255, 255])) if into else int(random.choice([0, 20, 120, 255]))
    scene[gone] = backing
    if backing < 255 and random.random() < 0.4:
        scene[gone & (random.random(scene.shape) < 0.5)] = 200


def smudge(scene: Picture, clean: Picture, random: Random) -> None:
    """An eraser over a pencil mark: most of the ink gone, the rest rubbed about."""
    left = random.uniform(0.08, 0.3)
    ghost = clean.astype(np.float32) - left * (clean.astype(np.float32) - scene)
    rubbed = cv2.GaussianBlur(clean.astype(np.float32) - scene, (0, 0), random.uniform(4, 12))
    scene[...] = np.clip(ghost - random.uniform(0.1, 0.3) * rubbed, 0, 255).astype(np.uint8)
