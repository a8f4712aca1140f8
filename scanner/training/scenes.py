"""One box, one story, one answer: composes print, ink and defects, and says what reader B should see."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt

from scanner.ballot import Rect
from scanner.classify.box_eyes import SIDE, Sight, crop
from scanner.pixels import Gray
from scanner.simulate.pens import LUMA, RGB, Pen, draw, lay
from scanner.simulate.strokes import Stroke
from scanner.training import defects, dispute, ink
from scanner.training.forms import PX, Form, Picture, foreign, norwegian, printed
from scanner.training.ink import Voter, voter
from scanner.training.wear import Wear, scanned

Random = np.random.Generator
Answer = npt.NDArray[np.float32]

ROOM_MM = 1.4  # beyond the window, for a skewed and missed box
SPECK_MM2 = 0.12  # ink of a neighbour in the box up to here is nothing, see `_answer`
SEEN_MM2 = 0.35  # and from here it may be the voter's will
BEYOND_MM2 = 1.2  # ink well outside the box from which a mark over a mark shows as one taken back
OUTSIDE_MM = 0.5  # what counts as well outside
HELD = 0.22  # share of a mark's ink that lies in its box, below which it is unsure
EDGE = 8  # px of the crop that lie outside the box and its frame
MIDDLE = slice(15, 25)  # rows and columns of the crop well within the box
TRACE_PX = 8  # of the crop, on plain paper: 1 mm of a thin line
PLAIN_PX = 14  # from here a mark is plain, below it is unsure
CONTRAST = 0.15  # of the paper's light, that a pixel must have lost to count as inked


class Case(StrEnum):
    """The stories, with the answer that goes with each in `ANSWERS`."""

    CLEAN = "clean"
    DIRTY = "dirty"
    NEIGHBOUR = "neighbour"
    WRITING = "writing"
    FOLD = "fold"
    SHOW_THROUGH = "show_through"
    GHOST = "ghost"  # a mark on the other side of the paper
    SHADE = "shade"  # the shadow of a wave in the paper, a stain
    STREAK_BESIDE = "streak_beside"
    PALE_STREAK = "pale_streak"  # through the box, too pale to hide a mark
    CUT_BESIDE = "cut_beside"
    MARK = "mark"
    RING = "ring"
    BESIDE = "beside"
    FAINT = "faint"
    STRUCK = "struck"
    BLACKENED = "blackened"
    ERASED = "erased"
    STREAK = "streak"
    DARK_FOLD = "dark_fold"
    CUT = "cut"
    NO_BOX = "no_box"
    PASSING = "passing"
    SLIP = "slip"


def _four(nothing: float, mark: float, corrected: float, unclean: float) -> tuple[float, ...]:
    return nothing, mark, corrected, unclean


_NOTHING, _MARK, _UNCLEAN = _four(1, 0, 0, 0), _four(0, 1, 0, 0), _four(0, 0, 0, 1)
_CORRECTED, _UNSURE, _BLACK = _four(0, 0, 1, 0), _four(0.5, 0.5, 0, 0), _four(0, 0.5, 0.5, 0)

STORIES: dict[Case, tuple[float, tuple[float, ...]]] = {  # share in learning, answer
    Case.CLEAN: (0.08, _NOTHING),
    Case.DIRTY: (0.04, _NOTHING),
    Case.NEIGHBOUR: (0.10, _NOTHING),
    Case.WRITING: (0.07, _NOTHING),
    Case.FOLD: (0.04, _NOTHING),
    Case.SHOW_THROUGH: (0.02, _NOTHING),
    Case.GHOST: (0.02, _NOTHING),
    Case.SHADE: (0.02, _NOTHING),
    Case.STREAK_BESIDE: (0.02, _NOTHING),
    Case.PALE_STREAK: (0.025, _NOTHING),
    Case.CUT_BESIDE: (0.02, _NOTHING),
    Case.MARK: (0.34, _MARK),
    Case.RING: (0.01, _UNSURE),
    Case.BESIDE: (0.015, _UNSURE),
    Case.FAINT: (0.015, _UNSURE),
    Case.STRUCK: (0.05, _CORRECTED),
    Case.BLACKENED: (0.04, _CORRECTED),
    Case.ERASED: (0.02, _CORRECTED),
    Case.STREAK: (0.025, _UNCLEAN),
    Case.DARK_FOLD: (0.015, _UNCLEAN),
    Case.CUT: (0.02, _UNCLEAN),
    Case.NO_BOX: (0.01, _UNCLEAN),
    Case.PASSING: (0.02, _UNCLEAN),
    Case.SLIP: (0.045, _UNSURE),
}
_WRITERS: dict[Case, ink.Stroker] = {
    Case.NEIGHBOUR: ink.neighbours,
    Case.WRITING: ink.written,
    Case.PASSING: dispute.passing,
    Case.SLIP: dispute.slipped,
    Case.BESIDE: dispute.beside,
    Case.MARK: ink.meant,
    Case.FAINT: ink.meant,
    Case.ERASED: lambda who, _form, box, random: ink.marked(who, box, random),
    Case.RING: dispute.ringed,
    Case.STRUCK: lambda who, _form, box, random: dispute.struck(who, box, random),
    Case.BLACKENED: lambda who, _form, box, random: dispute.blackened(who, box, random),
}
_SPOILERS: dict[Case, Callable[[Picture, Rect, Random], None]] = {
    Case.DIRTY: lambda scene, _box, random: defects.dirt(scene, random, 0.35),
    Case.FOLD: lambda scene, _box, random: defects.fold(scene, random.uniform(-0.15, 0.28), random),
    Case.SHOW_THROUGH: lambda scene, _box, random: defects.show_through(scene, random),
    Case.SHADE: lambda scene, _box, random: defects.shade(scene, random),
    Case.STREAK_BESIDE: lambda scene, box, random: defects.streak(scene, box, random, through=False),
    Case.PALE_STREAK: lambda scene, box, random: defects.streak(scene, box, random, through=True, pale=True),
    Case.CUT_BESIDE: lambda scene, box, random: defects.cut(scene, box, random, into=False),
    Case.STREAK: lambda scene, box, random: defects.streak(scene, box, random, through=True),
    Case.DARK_FOLD: lambda scene, _box, random: defects.fold(scene, random.uniform(0.4, 0.8), random, 0.12),
    Case.CUT: lambda scene, box, random: defects.cut(scene, box, random, into=True),
}
_VISIBLE = {
    Case.MARK, Case.RING, Case.BESIDE, Case.FAINT, Case.STRUCK, Case.BLACKENED, Case.ERASED, Case.STREAK,
    Case.DARK_FOLD, Case.PASSING, Case.SLIP,
}  # fmt: skip
_ALSO = (Case.DIRTY, Case.FOLD, Case.SHOW_THROUGH, Case.STREAK_BESIDE, Case.CUT_BESIDE, Case.SHADE)
"""May happen to any box."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A crop uint8 (40, 40), the answer (4,) in the order of `Sight`, and where it comes from."""

    crop: Gray
    answer: Answer
    case: Case
    voter: int
    shape: str
    norwegian: bool


@dataclass(frozen=True, slots=True)
class Inked:
    """What the strokes of a scene cover, mm² of ink clearly darker than the print: how much, and where."""

    inside: float
    share: float  # of all ink, that lies in the box
    beyond: float  # further than OUTSIDE_MM from the box


Words = tuple[npt.NDArray[np.float32], ...]
"""Writing of real people as ink 0..1 at `PX` px/mm; none when there is no folder of it."""


def samples(
    who: Voter, case: Case, wear: Wear, random: Random, *, words: Words = (), views: int = 1
) -> list[Sample]:
    """A box with this story, scanned `views` times, less the scans in which the story cannot be seen."""
    native = bool(random.random() < 0.6)
    form = norwegian(random) if native else foreign(random)
    size = (form.width + 1.3 * max(form.width, form.height / 2) + 2 * ROOM_MM,
            form.height + 1.3 * max(form.height, form.width / 2) + 2 * ROOM_MM)  # fmt: skip
    box = Rect((size[0] - form.width) / 2, (size[1] - form.height) / 2, form.width, form.height)
    scene = printed(form, size, random) if case is not Case.NO_BOX else _bare(size, random)
    before = scene.copy()
    if case in {Case.WRITING, Case.PASSING} and words and random.random() < 0.5:
        _paste(scene, words[int(random.integers(len(words)))], who, box, random, over=case is Case.PASSING)
    elif case in _WRITERS:
        _draw(scene, _WRITERS[case](who, form, box, random), _held(who, case, random), random)
    inked = _inked(before, scene, box, form)
    if case is Case.ERASED:
        defects.smudge(scene, before, random)
    if case is Case.GHOST:
        _haunt(scene, who, box, random)
    luck = int(random.integers(2**62))
    for one in (scene, before) if case in _WRITERS else (scene,):  # what is compared then is ink alone
        _spoil(one, case, box, np.random.default_rng(luck))
    found = []
    for _ in range(views):
        seen, changed, burnt = _seen(scene, before, box, wear, random, compare=case in _VISIBLE)
        answer = None if burnt and case is not Case.NO_BOX else _answer(case, inked, changed)
        if answer is not None and not (answer[Sight.NOTHING] == 1 and _drowned(seen)):
            found.append(Sample(seen, answer, case, who.number, str(who.shape), native))
    return found


def _held(who: Voter, case: Case, random: Random) -> Pen:
    """The voter's pen; for a faint mark one that is nearly dry."""
    return replace(who.pen, cover=random.uniform(0.08, 0.24)) if case is Case.FAINT else who.pen


def _paste(
    scene: Picture, word: npt.NDArray[np.float32], who: Voter, box: Rect, random: Random, *, over: bool
) -> None:
    """Real handwriting to the right of the box or on the next line, or `over` the box."""
    start = random.uniform(0.1, 0.8) * word.shape[1] if over else 0
    x = box.centre[0] * PX - start if over else (box.x + box.w + random.uniform(-0.3, 2)) * PX
    y = box.centre[1] * PX - word.shape[0] * random.uniform(0.3, 0.7)
    if not over:
        y += random.choice([-1, 0, 0, 1]) * 1.4 * box.h * PX
    lay(scene, word * np.float32(who.pen.cover), (round(x), round(y)), RGB[who.pen.colour])


def _seen(
    scene: Picture, before: Picture, box: Rect, wear: Wear, random: Random, *, compare: bool
) -> tuple[Gray, int, bool]:
    """The crop, how many of its pixels are dark that are plain paper on bare print, and if that is burnt."""
    luck = int(random.integers(2**62))
    looked_at = [scene, before] if compare else [scene]
    scans = [scanned(one, box, wear, np.random.default_rng(luck)) for one in looked_at]
    crops = [crop(one.image, [one.box])[0] for one in scans]
    now, then = (one.astype(np.float32) for one in (crops[0], crops[-1]))
    paper = np.float32(np.percentile(then, 80))
    plain = cv2.erode(then, np.ones((3, 3), np.uint8)) > 0.75 * paper  # no print within a pixel
    inked = (plain & (then - now > CONTRAST * paper)).astype(np.float32)
    joined = cv2.boxFilter(inked, -1, (3, 3), normalize=False) >= 2.5  # a lone pixel is noise
    return crops[0], int((joined & (inked > 0)).sum()), _burnt(crops[-1])


def _bare(size: tuple[float, float], random: Random) -> Picture:
    """Paper without a box: the page lies wrong."""
    return np.full((round(size[1] * PX), round(size[0] * PX)), int(random.integers(180, 256)), np.uint8)


def _draw(scene: Picture, strokes: list[Stroke], held: Pen, random: Random) -> None:
    """Gray as most scanners weigh colours, now and then as one with a green lamp."""
    weights = LUMA if random.random() < 0.85 else (0.0, 1.0, 0.0)
    draw(scene, strokes, held, PX, random, weights=weights)


def _haunt(scene: Picture, who: Voter, box: Rect, random: Random) -> None:
    """What the same voter marked on the other side, mirrored by chance anyway."""
    behind = np.full_like(scene, 255)
    off = random.normal(0, 1, 2)
    there = Rect(box.x + off[0], box.y + off[1], box.w, box.h)
    draw(behind, ink.marked(who, there, random), who.pen, PX, random)
    defects.shine(scene, behind, random.uniform(0.03, 0.14), random)


def _spoil(scene: Picture, case: Case, box: Rect, random: Random) -> None:
    if case in _SPOILERS:
        _SPOILERS[case](scene, box, random)
    for also in _ALSO:
        if also is not case and case is not Case.CLEAN and random.random() < 0.06:
            _SPOILERS[also](scene, box, random)
    if random.random() < 0.02:
        defects.pale_streak(scene, box, random)


def _inked(before: Picture, after: Picture, box: Rect, form: Form) -> Inked:
    """Where the ink lies that strokes have left."""
    inked = before.astype(np.int16) - after > 30
    whole, inside = int(inked.sum()), int(inked[_cells(box.grown(-form.line - 0.1))].sum())
    near = int(inked[_cells(box.grown(OUTSIDE_MM))].sum())
    return Inked(inside / PX**2, inside / max(whole, 1), (whole - near) / PX**2)


def _cells(rect: Rect) -> tuple[slice, slice]:
    """Rows and columns of a rectangle in mm."""
    low, left = max(round(rect.y * PX), 0), max(round(rect.x * PX), 0)
    return slice(low, round((rect.y + rect.h) * PX)), slice(left, round((rect.x + rect.w) * PX))


def _burnt(seen: Gray) -> bool:
    """The scan burnt the printed box out: a ring there would look like another paper's printed oval."""
    inside = seen[EDGE : SIDE - EDGE, EDGE : SIDE - EDGE]
    return int((inside < (1 - CONTRAST) * np.percentile(seen, 80)).sum()) < TRACE_PX


def _drowned(seen: Gray) -> bool:
    """The scan drowned the box in black: there is nothing to learn of it."""
    return float((seen[MIDDLE, MIDDLE] < 0.6 * np.percentile(seen, 80)).mean()) > 0.5


def _answer(case: Case, inked: Inked, changed: int) -> Answer | None:
    """The story's answer, unless the paper or the scan says otherwise.

    A neighbour's stroke that fills the box may be the voter's will, and a mark that hardly touches
    the box may not: both are unsure. So is a mark over a mark that stays in the box: it looks like one
    that was only made strong. What the scan burnt out cannot be learnt: None, but a mark erased without
    a trace is nothing.
    """
    answer = STORIES[case][1]
    if case in {Case.NEIGHBOUR, Case.WRITING} and inked.inside > SPECK_MM2:
        answer = _UNSURE if inked.inside < 4 * SEEN_MM2 else _UNCLEAN
    weak = inked.inside < SEEN_MM2 or inked.share < HELD or changed < PLAIN_PX
    if case is Case.MARK and weak:
        answer = _UNSURE
    if case in {Case.STRUCK, Case.BLACKENED} and inked.beyond < BEYOND_MM2:
        answer = _BLACK
    if case is Case.ERASED and changed < TRACE_PX:
        answer = _NOTHING
    elif case in _VISIBLE and changed < TRACE_PX:
        return None
    return np.asarray(answer, np.float32)


def drawn(
    seed: int,
    voters: range,
    wear: Wear,
    n: int,
    stories: dict[Case, float] | None = None,
    *,
    words: Words = (),
    views: int = 1,
) -> list[Sample]:
    """`n` samples by these voters through this wear, the same for the same seed.

    `stories`: shares of the cases, those of learning when not given; `views`: scans of each box.
    """
    random = np.random.default_rng([seed, voters.start, n])
    shares = stories or {case: share for case, (share, _) in STORIES.items()}
    cases, weights = list(shares), np.asarray(list(shares.values()))
    found: list[Sample] = []
    while len(found) < n:
        who = voter(seed, int(random.integers(voters.start, voters.stop)))
        case = cases[random.choice(len(cases), p=weights / weights.sum())]
        found += samples(who, case, wear, random, words=words, views=views)
    return found[:n]


def arrays(samples: list[Sample]) -> tuple[Gray, Answer]:
    """Crops (n, 40, 40) and answers (n, 4)."""
    return np.stack([one.crop for one in samples]), np.stack([one.answer for one in samples])


def hard(answers: Answer) -> npt.NDArray[np.int64]:
    """The answer as one `Sight`, -1 where nobody can say."""
    return np.where(answers.max(1) > 0.9, answers.argmax(1), -1)


__all__ = ["STORIES", "Case", "Sample", "Sight", "arrays", "drawn", "hard", "samples"]
