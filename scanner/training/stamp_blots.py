"""Stains and shadows where a stamp should stand, to learn from: coffee, thumbs, smears, notes, torn paper.

Each gives a layer of darkness 0..1 over a scene at 100 dpi (320, 400).
"""

import cv2
import numpy as np

from scanner.ballot import Rect
from scanner.training.stamp_dies import K, Light, Random
from scanner.training.stamp_papers import COLUMNS, ROWS, SIZE
from scanner.training.stamp_pens import spot

_LETTERS = list("ABDEFGHIKLMNOPRSTUVÆØÅaeiknorstvæøå0123456789 ")


def coffee(about: Rect, random: Random) -> Light:
    """A cup's or a glass's ring, 30–90 mm: dark rim, pale inside, gaps and drops."""
    radius, rim = random.uniform(13, 45), random.uniform(0.3, 2.2)
    x, y = (np.asarray(about.centre) + random.normal(0, 12, 2)).astype(np.float32)
    down, across = ROWS / np.float32(K), COLUMNS / np.float32(K)
    angle = np.arctan2(down - y, across - x)
    swing = (
        1 + 0.03 * np.sin(2 * angle + random.uniform(0, 6)) + 0.01 * np.sin(5 * angle + random.uniform(0, 6))
    )
    away = np.hypot(across - x, (down - y) * random.uniform(0.9, 1.1)) * swing - radius
    gap = np.clip(0.7 + random.uniform(0, 0.8) * np.sin(angle + random.uniform(0, 6)), 0, 1)
    line = np.exp(-((away / rim) ** 2)) + 0.6 * np.exp(-(((away - rim) / 0.3) ** 2))
    inside = random.uniform(0, 0.25) * (away < 0)
    return np.asarray(np.clip((line * gap + inside) * random.uniform(0.1, 0.7), 0, 1), np.float32)


def thumb(about: Rect, random: Random) -> Light:
    """A finger with ink on it: ridges half a millimetre apart in an oval."""
    x, y = (np.asarray(about.centre) + random.normal(0, 8, 2)).astype(np.float32)
    down, across = ROWS / np.float32(K), COLUMNS / np.float32(K)
    a = random.uniform(0, np.pi)
    u, v = (
        (across - x) * np.cos(a) + (down - y) * np.sin(a),
        (down - y) * np.cos(a) - (across - x) * np.sin(a),
    )
    spot = np.exp(-(((u / random.uniform(6, 9)) ** 4) + (v / random.uniform(8, 13)) ** 4))
    bend = random.uniform(0.02, 0.09)
    ridges = 0.5 + 0.5 * np.sin(2 * np.pi * (v + bend * u**2) / random.uniform(0.42, 0.6))
    return np.asarray(spot * (0.25 + 0.75 * ridges) * random.uniform(0.1, 0.6), np.float32)


def smear(about: Rect, random: Random) -> Light:
    """Something wet wiped across."""
    here = spot(about, random, 0.3)
    layer = np.zeros(SIZE, np.float32)
    middle = round(here.centre[0] * K), round(here.centre[1] * K)
    axes = max(2, round(here.w * K / 2)), max(2, round(here.h * K / 4))
    cv2.ellipse(layer, middle, axes, random.uniform(0, 180), 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(layer, (0, 0), random.uniform(2, 12))
    rough = cv2.blur(random.random(SIZE, np.float32), (int(random.integers(5, 41)), 1))
    return np.asarray(soft * np.clip(0.3 + 1.6 * (rough - 0.3), 0, 1) * random.uniform(0.1, 0.7), np.float32)


def note(about: Rect, random: Random) -> Light:
    """A note stuck on: a sheet a little darker or not, with the shadow of its edges."""
    here = spot(about, random, 0.5)
    layer = np.zeros(SIZE, np.float32)
    corners = cv2.boxPoints((
        (here.centre[0] * K, here.centre[1] * K), (here.w * K, here.h * K), random.normal(0, 8)
    ))  # fmt: skip
    cv2.fillConvexPoly(layer, corners.astype(np.int32), 1.0)
    edge = cv2.GaussianBlur(layer, (0, 0), random.uniform(1, 4)) - layer
    tint, shade = random.uniform(0, 0.2), random.uniform(0.1, 0.9)
    return np.asarray(np.clip(tint * layer + shade * np.clip(edge, 0, 1), 0, 1), np.float32)


def torn(about: Rect, random: Random) -> Light:
    """A corner torn off, and what lies behind it: the dark backing, or the shadow of the tear."""
    a, reach = random.uniform(0, 2 * np.pi), random.uniform(0, 25) * K
    x, y = COLUMNS - np.float32(about.centre[0] * K), ROWS - np.float32(about.centre[1] * K)
    rough = cv2.blur(random.standard_normal(SIZE, np.float32), (9, 9)) * np.float32(random.uniform(2, 25))
    away = x * np.float32(np.cos(a)) + y * np.float32(np.sin(a)) - np.float32(reach) + rough
    shadow = np.exp(-np.abs(away) / np.float32(random.uniform(1, 6))) * np.float32(random.uniform(0.1, 0.7))
    behind = (away > 0) * np.float32(random.choice([0.0, random.uniform(0.1, 0.95)]))
    return np.asarray(np.clip(shadow + behind, 0, 1), np.float32)


def other_face(_about: Rect, random: Random) -> Light:
    """The inside shines through, mirrored: rows of names and boxes, and a voter's crosses."""
    back = np.zeros(SIZE, np.uint8)
    pitch, size = random.uniform(14, 28), random.uniform(0.3, 0.6)
    for row in np.arange(random.uniform(0, 20), SIZE[0], pitch):
        y, x = int(row), int(random.integers(0, 60))
        said = "".join(random.choice(_LETTERS, 40))
        bold = int(random.choice([1, 1, 2]))
        cv2.putText(back, said, (x + 24, y + 12), cv2.FONT_HERSHEY_SIMPLEX, size, 255, bold, cv2.LINE_AA)
        cv2.rectangle(back, (x, y), (x + 15, y + 15), 255, 1)
        if random.random() < 0.3:
            cv2.line(back, (x, y), (x + 15, y + 15), 255, 2)
            cv2.line(back, (x, y + 15), (x + 15, y), 255, 2)
    soft = cv2.GaussianBlur(back[:, ::-1], (0, 0), random.uniform(0.6, 2.2)).astype(np.float32) / 255
    return np.asarray(soft * np.float32(random.uniform(0.03, 0.4)), np.float32)
