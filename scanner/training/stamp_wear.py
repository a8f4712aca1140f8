"""What scanner and paper do to the outside, in two families: one to learn from, another to be tested on.

Scenes are gray at 100 dpi, as the pipeline lays the outside; both families share nothing but the fold.
"""

from collections.abc import Callable

import cv2
import numpy as np

from scanner.ballot import Rect
from scanner.pixels import Gray
from scanner.training.stamp_blots import other_face
from scanner.training.stamp_dies import K, Light, Random
from scanner.training.stamp_papers import COLUMNS, ROWS, SIZE

Wear = Callable[[Light, Random], Gray]


def familiar(light: Light, random: Random) -> Gray:
    """The family to learn from: print off its place, blur, tone, noise, streaks, folds, specks, JPEG."""
    light = shifted(light, random, 0.5)
    fold(light, random, 0.5)
    if random.random() < 0.25:
        light *= streaks(random)[None]
    if random.random() < 0.4:
        _specks(light, random)
    light = np.asarray(cv2.GaussianBlur(light, (0, 0), random.uniform(0.2, 0.9)), np.float32)
    white, black = random.uniform(190, 255), random.uniform(0, 50)
    gray = black + (white - black) * light ** np.float32(random.uniform(0.75, 1.35))
    gray += np.linspace(-1, 1, SIZE[1], dtype=np.float32) * random.normal(0, 6)
    gray += random.standard_normal(SIZE, np.float32) * abs(random.normal(0, 3))
    page = np.clip(gray, 0, 255).astype(np.uint8)
    return _jpeg(page, random) if random.random() < 0.3 else page


def unfamiliar(light: Light, random: Random) -> Gray:
    """The family kept back: a swaying feed, motion, sharpening, bands, vignetting, few grays, wavelets."""
    light = _swaying(shifted(light, random, 0.45), random)
    fold(light, random, 0.5)
    if random.random() < 0.3:
        at = int(random.integers(SIZE[0] - 2))
        light[at : at + int(random.integers(1, 3))] *= random.uniform(0.5, 1.1)
    light = np.asarray(cv2.blur(light, (1, int(random.integers(1, 4)))), np.float32)
    if random.random() < 0.5:
        light = light + random.uniform(0.2, 1.0) * (light - cv2.GaussianBlur(light, (0, 0), 1.4))
    x, y = COLUMNS / np.float32(SIZE[1] / 2) - 1, ROWS / np.float32(SIZE[0] / 2) - 1
    light = light * (1 - np.float32(random.uniform(0, 0.06)) * (x * x + y * y))
    gray = np.clip(light, 0, 1) * random.uniform(170, 245) + random.uniform(0, 30)
    gray *= 1 + random.uniform(0, 0.03) * random.standard_normal(SIZE, np.float32)
    gray += random.uniform(0, 3) * np.sin(ROWS * np.float32(random.uniform(0.3, 2)))
    page = np.clip(gray, 0, 255).astype(np.uint8)
    return np.asarray(page // 12 * 12, np.uint8) if random.random() < 0.25 else page


def shifted(light: Light, random: Random, deviation_mm: float) -> Light:
    """The print off its place: up to two millimetres, half a degree, half a percent."""
    skew, scale = float(np.clip(random.normal(0, 0.15), -0.6, 0.6)), 1 + random.normal(0, 0.002)
    turn = np.asarray(cv2.getRotationMatrix2D((SIZE[1] / 2, SIZE[0] / 2), skew, scale), np.float64)
    turn[:, 2] += np.clip(random.normal(0, deviation_mm, 2), -2, 2) * K
    return np.asarray(cv2.warpAffine(light, turn, SIZE[::-1], borderMode=cv2.BORDER_REPLICATE), np.float32)


def fold(light: Light, random: Random, chance: float) -> None:
    """Perhaps a crease across the window, in place."""
    if random.random() >= chance:
        return
    a = random.choice([0.0, np.pi / 2, random.uniform(0, np.pi)], p=[0.6, 0.2, 0.2])
    away = _from_line(a, random)
    crease = np.exp(-((away / np.float32(random.uniform(0.8, 3.5))) ** 2))
    light *= 1 - np.float32(random.uniform(0.02, 0.4)) * crease


def _from_line(angle: float, random: Random) -> Light:
    """How far each pixel lies from a line through some place, px."""
    x, y = np.float32(random.uniform(0, SIZE[1])), np.float32(random.uniform(0, SIZE[0]))
    return np.asarray((COLUMNS - x) * np.float32(np.cos(angle)) + (ROWS - y) * np.float32(np.sin(angle)))


def streaks(random: Random) -> Light:
    """Light left in each column by dust on the glass."""
    kept = np.ones(SIZE[1], np.float32)
    for _ in range(int(random.integers(1, 4))):
        at = int(random.integers(SIZE[1]))
        kept[at : at + int(random.choice([1, 1, 2]))] = random.uniform(0.4, 1.05)
    return kept


def _specks(light: Light, random: Random) -> None:
    for _ in range(int(random.integers(1, 12))):
        x, y = int(random.integers(SIZE[1])), int(random.integers(SIZE[0]))
        cv2.circle(light, (x, y), int(random.choice([0, 1, 1, 2])), random.uniform(0.1, 0.8), -1, cv2.LINE_AA)


def shine_through(light: Light, random: Random) -> None:
    """The inside shines through a little, in place."""
    light *= 1 - np.float32(random.uniform(0.1, 0.4)) * other_face(Rect(0, 0, 1, 1), random)


def tape(light: Light, random: Random) -> None:
    """A strip of tape over the paper: a little darker, with an edge, in place."""
    a, wide = random.uniform(0, np.pi), random.uniform(12, 20) * K
    away = np.abs(_from_line(a, random))
    light *= np.where(away < wide / 2, np.float32(random.uniform(0.82, 0.99)), np.float32(1))
    light *= 1 - np.float32(random.uniform(0, 0.35)) * np.exp(-((away - wide / 2) ** 2))


def _jpeg(page: Gray, random: Random) -> Gray:
    _, packed = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(50, 96))])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)


def _swaying(light: Light, random: Random) -> Light:
    """Rows come early or late as the feed sways."""
    rows = np.arange(SIZE[0], dtype=np.float32)
    sway = random.uniform(0, 1.5) * np.sin(rows * random.uniform(0.02, 0.2) + random.uniform(0, 6))
    y = np.repeat((rows + sway.astype(np.float32))[:, None], SIZE[1], axis=1)
    x = np.repeat(np.arange(SIZE[1], dtype=np.float32)[None], SIZE[0], axis=0)
    return np.asarray(cv2.remap(light, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)
