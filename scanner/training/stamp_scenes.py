"""The outside of a ballot as it comes, stamped or not, with all that people and machines leave on it.

A scene depends on (seed, number, family) alone. What is true of it is measured on what was drawn.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from scanner.ballot import Rect
from scanner.classify.stamp_eyes import ACROSS, CELL, DOWN, Sight
from scanner.election import ElectionType
from scanner.pixels import Gray
from scanner.simulate.pens import LUMA
from scanner.simulate.wear import GREEN
from scanner.training.stamp_dies import SIDE, Die, K, Light, Random, die
from scanner.training.stamp_other_dies import other_die
from scanner.training.stamp_other_strays import other_stray
from scanner.training.stamp_papers import EDGE, KEPT_BACK, LEARNT, SIZE, Ground, grounds
from scanner.training.stamp_strays import Stray, Words, placed, stray
from scanner.training.stamp_touch import Manner, Touch, touched
from scanner.training.stamp_wear import Wear, familiar, shine_through, tape, unfamiliar

LAMPS = {"luma": LUMA, "green": GREEN, "neutral": (1 / 3, 1 / 3, 1 / 3), "red": (0.9, 0.08, 0.02)}
_INKS = ((28, 28, 32), (38, 58, 150), (196, 36, 46), (104, 44, 140), (30, 110, 60))
_MANNERS = ((Manner.GOOD, 0.4), (Manner.DRY, 0.12), (Manner.PALE, 0.12), (Manner.PART, 0.12),
            (Manner.TWICE, 0.1), (Manner.SLID, 0.06), (Manner.WET, 0.08))  # fmt: skip
_COMMENTS = [Stray.WORDS, Stray.SIGNATURE, Stray.SCRIBBLE, Stray.DRAWING, Stray.LINES]
IGNORED = 255
Layer = TypeVar("Layer", Gray, npt.NDArray[np.bool_])


class Story(StrEnum):
    """What happened to an outside."""

    CLEAN = "clean"
    DIRT = "dirt"  # tape, what shines through
    STAMP = "stamp"
    STAMP_AND_INK = "stamp_and_ink"  # a comment or a scribble beside or across a stamp
    INK = "ink"  # anything but a stamp
    ELSEWHERE = "elsewhere"  # a window without the field, stamped or not


SHARES = {Story.CLEAN: 0.05, Story.DIRT: 0.05, Story.STAMP: 0.33, Story.STAMP_AND_INK: 0.1,
          Story.INK: 0.41, Story.ELSEWHERE: 0.06}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Family:
    """Dies, other ink, paper and scanners that belong together: those learnt from, or those kept back."""

    dies: Callable[[Random], Die]
    strays: Callable[[Stray, Rect, Words, Random], Light]
    wear: Wear
    kinds: tuple[ElectionType, ...]


KNOWN = Family(die, stray, familiar, LEARNT)
OTHER = Family(other_die, other_stray, unfamiliar, KEPT_BACK)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A window and the truth about it.

    `goal` (5,) sums to 1; `truth` None where people would differ, or no field is in the window;
    `cells` (DOWN, ACROSS) hold a Sight or IGNORED.
    """

    window: Gray
    goal: npt.NDArray[np.float32] | None
    truth: Sight | None
    cells: Gray
    story: Story
    kind: str  # manner of the stamp, or what the other ink is
    lamp: str
    colour: int  # of the stamp: place in the table of inks, -1 for none


def scenes(
    seed: int, numbers: range, family: Family, real: Words, stories: tuple[Story, ...] = tuple(Story)
) -> Iterator[Scene]:
    """The scenes with these numbers."""
    shares = np.array([SHARES[one] for one in stories])
    for number in numbers:
        random = np.random.default_rng([seed, number])
        story = stories[int(random.choice(len(stories), p=shares / shares.sum()))]
        yield scene(story, family, real, random)


@dataclass(slots=True, eq=False)
class _Draft:
    """A scene while it is drawn: light 0..1 (320, 400), and where stamps and other ink lie."""

    light: Light
    stamps: Light
    weak: Light
    other: Light
    lamp: str
    kind: str = ""
    colour: int = -1


def scene(story: Story, family: Family, real: Words, random: Random) -> Scene:
    """One scene of this story."""
    ground = _ground(story, family, random)
    lamp = str(random.choice(list(LAMPS), p=[0.45, 0.3, 0.15, 0.1]))
    stamps, weak, other = (np.zeros(SIZE, np.float32) for _ in range(3))
    draft = _Draft(_lit(ground, lamp), stamps, weak, other, lamp)
    field = ground.field or Rect(20, 15, 60, 45)
    goal: npt.NDArray[np.float32] = np.eye(len(Sight), dtype=np.float32)[Sight.NOTHING]
    if random.random() < (0.8 if story is Story.DIRT else 0.25):
        shine_through(draft.light, random)
    if story is Story.DIRT and random.random() < 0.6:
        tape(draft.light, random)
    if story in {Story.INK, Story.STAMP_AND_INK} or (story is Story.ELSEWHERE and random.random() < 0.4):
        goal = _inked(draft, field, family, real, random, alone=story is not Story.STAMP_AND_INK)
    if story in {Story.STAMP, Story.STAMP_AND_INK} or (story is Story.ELSEWHERE and random.random() < 0.6):
        goal = _stamped(draft, field, family, random, elsewhere=story is Story.ELSEWHERE)
    page = family.wear(draft.light, random)
    soft = cv2.GaussianBlur(page, (3, 3), 0)
    sure = float(goal.max()) > 0.99 and ground.field is not None
    return Scene(
        _seen(np.asarray(soft, np.uint8)).copy(), None if ground.field is None else goal,
        Sight(int(goal.argmax())) if sure else None, _cells(draft), story, draft.kind, lamp, draft.colour,
    )  # fmt: skip


def _ground(story: Story, family: Family, random: Random) -> Ground:
    every = grounds(family.kinds)
    fit = [one for one in every if (one.field is None) == (story is Story.ELSEWHERE)]
    return fit[int(random.integers(len(fit)))]


def _lit(ground: Ground, lamp: str) -> Light:
    """The paper as a scanner with this lamp sees it, 0..1."""
    weights = np.array([LAMPS[lamp]], np.float32) / 255
    return np.asarray(cv2.transform(ground.picture.astype(np.float32), weights), np.float32)


def _contrast(rgb: tuple[int, int, int], lamp: str, random: Random) -> float:
    """How much light an ink takes where it covers the paper, as this scanner sees it."""
    colour = np.clip(np.asarray(rgb) + random.normal(0, 10, 3), 0, 255) / 255
    return float(1 - colour @ np.asarray(LAMPS[lamp]))


def _stamped(
    draft: _Draft, field: Rect, family: Family, random: Random, *, elsewhere: bool
) -> npt.NDArray[np.float32]:
    """A stamp on the draft, and what the whole window then is."""
    manner = _MANNERS[int(random.choice(len(_MANNERS), p=[p for _, p in _MANNERS]))][0]
    touch = touched(family.dies(random), manner, _turn(random), random)
    draft.colour = int(random.choice(len(_INKS), p=[0.5, 0.2, 0.14, 0.1, 0.06]))
    contrast = _contrast(_INKS[draft.colour], draft.lamp, random)
    inside, middle = _landed(touch, field, random, elsewhere=elsewhere)
    draft.light *= 1 - placed(touch.ink, middle) * np.float32(contrast)
    strength, whole = touch.strength(contrast), placed(touch.whole, middle)
    draft.kind = manner
    if float((whole * (draft.other > 0.15)).sum()) > 0.2 * float(whole.sum()):
        strength = min(strength, 0.5)  # written or scribbled over: people would differ
    if strength > 0:
        draft.stamps = np.maximum(draft.stamps, whole)
    if strength < 1:
        draft.weak = np.maximum(draft.weak, whole)
    return _goal(strength, inside)


def _turn(random: Random) -> float:
    """Most stamps stand upright within 30°; some any way."""
    return float(random.normal(0, 10) if random.random() < 0.6 else random.uniform(-180, 180))


def _landed(
    touch: Touch, field: Rect, random: Random, *, elsewhere: bool
) -> tuple[float, tuple[float, float]]:
    """Where the stamp came down, and how much of its ink lies in the field, 0..1."""
    x, y = field.centre
    luck = random.random()
    if elsewhere or luck < 0.22:
        x, y = x + random.uniform(-45, 45), y + random.uniform(-38, 38)
    elif luck < 0.4:
        x, y = x + random.normal(0, 14), y + random.normal(0, 12)
    else:
        wide, tall = (float(np.ptp(np.flatnonzero(touch.whole.any(axis=n)))) / K for n in (0, 1))
        x += random.normal(0, 0.5) * (max(0.0, field.w - wide) / 2 + 2)
        y += random.normal(0, 0.5) * (max(0.0, field.h - tall) / 2 + 1)
    left, top = (round(SIDE / 2 + (a - b - 1) * K) for a, b in ((field.x, x), (field.y, y)))
    right, low = left + round((field.w + 2) * K), top + round((field.h + 2) * K)
    held = touch.ink[max(top, 0) : max(low, 0), max(left, 0) : max(right, 0)].sum()
    return float(held / max(float(touch.ink.sum()), 1e-3)), (float(x), float(y))


def _goal(strength: float, inside: float) -> npt.NDArray[np.float32]:
    """Chances of each Sight that a careful person would give."""
    within = float(np.clip((inside - 0.65) / (0.82 - 0.65), 0, 1))
    goal = np.zeros(len(Sight), np.float32)
    goal[Sight.STAMP], goal[Sight.OUTSIDE] = strength * within, strength * (1 - within)
    goal[Sight.WEAK] = 1 - strength
    return goal


def _inked(
    draft: _Draft, field: Rect, family: Family, real: Words, random: Random, *, alone: bool
) -> npt.NDArray[np.float32]:
    """Other ink on the draft, one to three kinds."""
    for _ in range(int(random.choice([1, 2, 3], p=[0.6, 0.25, 0.15]) if alone else random.integers(1, 3))):
        kind = Stray(random.choice(list(Stray) if alone else _COMMENTS))
        about = field.grown(-2) if random.random() < 0.7 else Rect(3, 3, 95, 75)
        if not alone:
            about = _beside(field, random)
        ink = _other(kind, about, family, real, random)
        colour = _INKS[int(random.choice(3, p=[0.5, 0.42, 0.08]))]
        draft.light *= 1 - ink * np.float32(_contrast(colour, draft.lamp, random))
        np.maximum(draft.other, ink, out=draft.other)
        draft.kind = kind
    goal = np.zeros(len(Sight), np.float32)
    goal[Sight.OTHER] = 1
    return goal


def _other(kind: Stray, about: Rect, family: Family, real: Words, random: Random) -> Light:
    if kind is Stray.OFFSET:
        return _offset(about, family, random)
    return family.strays(kind, about, real, random)


def _beside(field: Rect, random: Random) -> Rect:
    """A strip of the field or its surroundings, where a comment beside a stamp may stand."""
    if random.random() < 0.4:
        return Rect(3, 3, 95, 75)
    if random.random() < 0.5:
        return Rect(field.x, field.y + random.choice([0.0, 0.7]) * field.h, field.w, 0.3 * field.h)
    return Rect(field.x + random.choice([0.0, 0.65]) * field.w, field.y, 0.35 * field.w, field.h)


def _offset(field: Rect, family: Family, random: Random) -> Light:
    """The stamp of another ballot, still wet, left its mirror image: faint and soft."""
    touch = touched(family.dies(random), Manner.GOOD, _turn(random), random)
    soft = cv2.GaussianBlur(touch.ink[:, ::-1], (0, 0), random.uniform(0.6, 2.0))
    spot = float(field.centre[0] + random.normal(0, 15)), float(field.centre[1] + random.normal(0, 10))
    return placed(np.asarray(soft, np.float32), spot) * np.float32(random.uniform(0.04, 0.3))


def _cells(draft: _Draft) -> Gray:
    """What each cell shows: a stamp where it spans half of the cell, other ink where there is some."""
    stamps, weak = (_share(one > 0.5) for one in (draft.stamps, draft.weak))
    other = _share(draft.other > 0.15)
    cells = np.full((DOWN, ACROSS), Sight.NOTHING, np.uint8)
    cells[other > 0.03] = Sight.OTHER
    cells[(other > 0.004) & (other <= 0.03)] = IGNORED
    cells[(stamps > 0.15) | (weak > 0.15)] = IGNORED
    cells[weak > 0.6] = Sight.WEAK
    cells[stamps > 0.6] = Sight.STAMP
    cells[(weak > 0.6) & (stamps > 0.6)] = IGNORED
    return cells


def _share(where: npt.NDArray[np.bool_]) -> Light:
    """Share of each cell, (DOWN, ACROSS)."""
    seen = _seen(where).reshape(DOWN, CELL, ACROSS, CELL)
    return np.asarray(seen.mean(axis=(1, 3), dtype=np.float32))


def _seen(scene: Layer) -> Layer:
    """The part of a scene that the reader's window shows."""
    return scene[EDGE[0] : -EDGE[0], EDGE[1] : -EDGE[1]]
