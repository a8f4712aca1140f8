"""What scanners make of paper, in two families: one to learn from, another to be tested on.

They share no code for noise, sharpness or thresholds, so that a test on the second says something
about scanners that were not foreseen. Scenes are gray at `forms.PX` px/mm.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scanner.ballot import Rect
from scanner.training.forms import PX, Picture

Random = np.random.Generator
Light = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scan:
    """A small piece of a scanned page, and where the reader believes the box to be: x, y, w, h in px."""

    image: Picture
    box: tuple[float, float, float, float]


Wear = Callable[[Light, Random], Picture]


def scanned(scene: Picture, box: Rect, wear: Wear, random: Random, *, off_mm: float = 0.7) -> Scan:
    """A scene through a scanner: 100–300 dpi, skewed up to 3°, the box missed by up to `off_mm`."""
    dpi = float(random.choice([100, 120, 150, 200, 200, 200, 240, 300]))
    scale, turn = dpi / 25.4 / PX, random.normal(0, 0.8)
    size = np.rint(np.asarray(scene.shape[::-1]) * scale).astype(int)
    middle = np.asarray(box.centre) * PX
    turned = cv2.getRotationMatrix2D((float(middle[0]), float(middle[1])), float(np.clip(turn, -3, 3)), scale)
    turned[:, 2] += size / 2 - middle + random.uniform(-0.5, 0.5, 2)
    soft = cv2.GaussianBlur(scene, (0, 0), 0.3 / scale)
    light = cv2.warpAffine(soft, turned, tuple(size.tolist()), borderMode=cv2.BORDER_REPLICATE)
    missed = size / 2 + np.clip(random.normal(0, off_mm / 2.5, 2), -off_mm, off_mm) * dpi / 25.4
    w, h = np.asarray([box.w, box.h]) * dpi / 25.4 * random.uniform(0.95, 1.05)
    at = (float(missed[0] - w / 2), float(missed[1] - h / 2), float(w), float(h))
    return Scan(wear(light.astype(np.float32), random), at)


def familiar(light: Light, random: Random) -> Picture:
    """The family to learn from: Gaussian blur and noise, a slope of light, gamma, JPEG or one bit."""
    light = np.asarray(cv2.GaussianBlur(light, (0, 0), random.uniform(0.2, 0.9)) / 255, np.float32)
    white, black = random.uniform(165, 252), random.uniform(5, 80)
    gray = black + (white - black) * light ** np.float32(random.uniform(0.7, 1.5))
    slope = np.linspace(-1, 1, light.shape[1], dtype=np.float32) * random.normal(0, 6)
    gray = gray + slope + random.standard_normal(light.shape, np.float32) * abs(random.normal(0, 5))
    if random.random() < 0.3:
        return np.where(gray > black + (white - black) * random.uniform(0.4, 0.8), 255, 0).astype(np.uint8)
    return _jpeg(gray, random) if random.random() < 0.7 else np.clip(gray, 0, 255).astype(np.uint8)


def _jpeg(gray: Light, random: Random) -> Picture:
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(35, 96))]
    _, packed = cv2.imencode(".jpg", np.clip(gray, 0, 255).astype(np.uint8), quality)
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)


def unfamiliar(light: Light, random: Random) -> Picture:
    """The family kept back: motion blur, sharpening, feed jitter, speckle, bands, dithering, local bits."""
    light = _motion(_jitter(light, random), random)
    if random.random() < 0.5:
        light = light + random.uniform(0.3, 1.2) * (light - cv2.GaussianBlur(light, (0, 0), 1.2))
    gray = np.clip(light, 0, 255) * random.uniform(0.7, 1.0) + random.uniform(0, 45)
    gray = gray * (1 + random.uniform(0, 0.06) * random.standard_normal(light.shape, np.float32))
    gray = gray + 4 * np.sin(np.arange(light.shape[0], dtype=np.float32) * random.uniform(0.3, 2))[:, None]
    page = np.clip(gray, 0, 255).astype(np.uint8)
    kind = random.random()
    if kind < 0.15:
        local = cv2.adaptiveThreshold(page, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 41, 14)
        return np.asarray(local, np.uint8)
    if kind < 0.2:
        return _dithered(page)
    return _salted(page // 16 * 17 if kind < 0.45 else page, random)


def _motion(light: Light, random: Random) -> Light:
    """Blur along the feed: a box as long as the paper moved while the sensor looked."""
    long = int(random.integers(1, 4))
    return np.asarray(cv2.blur(light, (1, long)), np.float32)


def _jitter(light: Light, random: Random) -> Light:
    """The feeder's speed sways: rows come up to a pixel early or late."""
    rows, columns = light.shape
    sway = random.uniform(0, 1.0) * np.sin(np.arange(rows) * random.uniform(0.05, 0.4) + random.uniform(0, 6))
    y = (np.arange(rows) + sway).astype(np.float32)[:, None].repeat(columns, 1)
    x = np.arange(columns, dtype=np.float32)[None, :].repeat(rows, 0)
    return np.asarray(cv2.remap(light, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) * 16 + 8


def _dithered(page: Picture) -> Picture:
    """One bit by an ordered screen, as fax machines and old drivers send gray."""
    rows, columns = page.shape
    screen = np.tile(_BAYER, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns]
    return np.where(np.minimum(page * 1.25, 255) > screen, 255, 0).astype(np.uint8)


def _salted(page: Picture, random: Random) -> Picture:
    """Single wrong pixels."""
    wrong = random.random(page.shape) < random.uniform(0, 0.003)
    return np.where(wrong, 255 - page, page).astype(np.uint8)
