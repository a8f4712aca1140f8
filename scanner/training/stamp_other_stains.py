"""Stains, tears and shine-through to choose bounds and to test on: noise, and real print of the other face.

Each gives a layer of darkness 0..1 over a scene at 100 dpi (320, 400).
"""

from functools import cache

import cv2
import numpy as np

from scanner.ballot import Face, Rect
from scanner.election import ElectionType
from scanner.layout.drawing import draw
from scanner.layout.raster import render
from scanner.layout.styles import styles
from scanner.pixels import Gray
from scanner.training.stamp_dies import DPI, K, Light, Random
from scanner.training.stamp_papers import COLUMNS, ROWS, SIZE, an_election


def part_of(about: Rect, random: Random, least: float) -> Rect:
    """Some part of a rectangle, at least this share of it each way."""
    w, h = random.uniform(least, 1, 2) * (about.w, about.h)
    x, y = about.x + random.random() * (about.w - w), about.y + random.random() * (about.h - h)
    return Rect(float(x), float(y), float(w), float(h))


def cloud(random: Random, softness: float) -> Light:
    """Smooth noise over the scene, deviation about 1."""
    soft = cv2.GaussianBlur(random.standard_normal(SIZE, np.float32), (0, 0), softness)
    return np.asarray(soft / max(float(soft.std()), 1e-6), np.float32)


def offset(about: Rect, random: Random) -> tuple[Light, Light]:
    """How far each pixel lies (mm, right and down) from a place near the middle."""
    x, y = (np.asarray(about.centre) + random.normal(0, 8, 2)).astype(np.float32)
    return np.asarray(COLUMNS / np.float32(K) - x, np.float32), np.asarray(
        ROWS / np.float32(K) - y, np.float32
    )


def wet_ring(about: Rect, random: Random) -> Light:
    """One or two rings of a wet cup, broken and running out."""
    out = np.zeros(SIZE, np.float32)
    for _ in range(int(random.integers(1, 3))):
        x, y = offset(about, random)
        away = np.hypot(x, y) - random.uniform(12, 42) + 0.5 * cloud(random, 14)
        wet = np.clip(0.6 + 0.5 * cloud(random, 18), 0, 1)
        soft = np.where(away > 0, random.uniform(0.2, 1.2), random.uniform(0.5, 3))
        out = np.maximum(
            out,
            (np.exp(-np.abs(away) / soft) * wet).astype(np.float32) * np.float32(random.uniform(0.1, 0.75)),
        )
    return np.asarray(np.clip(out, 0, 1), np.float32)


def whorl(about: Rect, random: Random) -> Light:
    """A finger: ridges around a whorl."""
    x, y = offset(about, random)
    far = np.hypot(x, y * random.uniform(0.6, 0.9)) + 0.25 * cloud(random, 10)
    ridges = 0.5 + 0.5 * np.sin(2 * np.pi * far / random.uniform(0.45, 0.65))
    inside = 1 / (1 + np.exp(np.clip((far - random.uniform(6, 10)) * 2, -30, 30)))
    return np.asarray(inside * ridges * np.clip(0.7 + 0.4 * cloud(random, 12), 0, 1) * 0.6, np.float32)


def wiped(about: Rect, random: Random) -> Light:
    """Drops wiped to one side."""
    drops = np.zeros(SIZE, np.float32)
    here = part_of(about, random, 0.3)
    for _ in range(int(random.integers(1, 9))):
        spot = (np.asarray([here.x, here.y]) + random.random(2) * (here.w, here.h)) * K
        cv2.circle(drops, np.round(spot).astype(int).tolist(), int(random.integers(2, 22)), 1.0, -1)
    long = int(random.integers(5, 90))
    swept = cv2.blur(drops, (long, 1 + int(random.integers(0, 4)))) * np.float32(long**0.5 / 2)
    return np.asarray(
        np.clip(swept * (0.8 + 0.2 * cloud(random, 2)), 0, 1) * random.uniform(0.1, 0.8), np.float32
    )


def gone(about: Rect, random: Random) -> Light:
    """A piece torn out: the backing, jagged, and its shadow."""
    x, y = offset(about, random)
    corner = np.maximum(x * random.choice([-1, 1]), y * random.choice([-1, 1]))
    away = corner - random.uniform(5, 35) + random.uniform(0.3, 2) * cloud(random, random.uniform(3, 9))
    behind = random.choice([random.uniform(0, 0.2), random.uniform(0.6, 1.0)])
    shadow = random.uniform(0, 0.5) * np.exp(-np.abs(away) / random.uniform(0.3, 2))
    return np.asarray(np.clip(behind * (away > 0) + shadow, 0, 1), np.float32)


def through(_about: Rect, random: Random) -> Light:
    """The inside of a real ballot, mirrored and soft."""
    page, part = _insides()[int(random.integers(len(_insides())))], np.full(SIZE, 255, np.uint8)
    for _ in range(8):  # not where the form is empty
        if (part < 128).mean() < 0.02:
            top, left = (int(random.integers(0, a - b)) for a, b in zip(page.shape, SIZE, strict=True))
            part = page[top : top + SIZE[0], left : left + SIZE[1]][:, ::-1]
    soft = cv2.GaussianBlur(255 - part, (0, 0), random.uniform(0.5, 2.5)).astype(np.float32) / 255
    return np.asarray(soft * np.float32(random.uniform(0.03, 0.45)), np.float32)


@cache
def _insides() -> tuple[Gray, ...]:
    """Insides of two kinds of ballots at 100 dpi."""
    pages = []
    for kind in (ElectionType.SAMETING, ElectionType.KOMMUNESTYRE):
        election = an_election(kind, 11)
        for style in styles(election)[:2]:
            (page,) = render([draw(style, election).face(Face.INSIDE)], DPI)
            pages.append(np.asarray(page, np.uint8))
    return tuple(pages)
