"""What befalls paper on its way to the scanner: coffee, tape, tears, other paper over it, copying machines.

Every function changes both faces of a sheet as they lie on the desk, grey (h, w) or RGB (h, w, 3)
uint8, or gives new ones. What goes through the paper comes out mirrored on the outside.
"""

import cv2
import numpy as np
import numpy.typing as npt

from scanner.ballot import Face
from scanner.layout.style import Style
from scanner.pixels import Picture
from scanner.simulate.recipe import Pages, Scene

Mask = npt.NDArray[np.float32]  # 0..1
_WORDS = (
    "og",
    "i",
    "det",
    "er",
    "som",
    "til",
    "en",
    "av",
    "for",
    "at",
    "med",
    "har",
    "ikke",
    "den",
    "kan",
    "skal",
)


def _shade(page: Picture, takes: Mask) -> None:
    """Take a share of the light of each pixel, in place."""
    keeps = (1 - takes)[..., None] if page.ndim == 3 else 1 - takes
    page[...] = (page * keeps).astype(np.uint8)


def _soft(mask: Mask, px: float) -> Mask:
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), max(px, 0.3)), np.float32)


def stain(pages: Pages, scene: Scene) -> Pages:
    """A coffee cup stood here: a ring of 60-85 mm, stronger on the side it was wet, and some drops."""
    rng, k = scene.rng, scene.k
    h, w = pages[0].shape[:2]
    takes = np.zeros((h, w), np.float32)
    for _ in range(int(rng.integers(1, 3))):
        at = (float(rng.uniform(0, w)), float(rng.uniform(0, h)))
        _ring(takes, at, float(rng.uniform(30, 42)) * k, float(rng.uniform(0.7, 2.0)) * k, rng)
    for _ in range(int(rng.integers(0, 6))):
        at_px = int(rng.uniform(0, w)), int(rng.uniform(0, h))
        cv2.circle(takes, at_px, int(rng.uniform(0.5, 4) * k), float(rng.uniform(0.3, 1)), -1, cv2.LINE_AA)
    takes = _soft(takes, 0.25 * k) * np.float32(rng.uniform(0.12, 0.45))
    side = 0 if rng.random() < 0.6 else 1
    _shade(pages[side], takes)
    _shade(pages[1 - side], _soft(np.ascontiguousarray(takes[:, ::-1]), k) * np.float32(0.35))
    return pages


def _ring(takes: Mask, at: tuple[float, float], radius: float, wide: float, rng: np.random.Generator) -> None:
    """A ring whose strength changes along its way, in place."""
    start, bow = rng.uniform(0, 2 * np.pi), rng.uniform(1.5, 2 * np.pi)
    for a in np.linspace(start, start + bow, 160):
        point = round(at[0] + radius * np.cos(a)), round(at[1] + radius * np.sin(a))
        strength = float(0.45 + 0.55 * np.sin((a - start) / bow * np.pi))
        cv2.circle(takes, point, max(1, round(wide / 2)), strength, -1, cv2.LINE_AA)


def tape(pages: Pages, scene: Scene) -> Pages:
    """Torn across and mended: a ragged line, and over it a strip of tape that dulls what it covers."""
    rng, k = scene.rng, scene.k
    h, w = pages[0].shape[:2]
    y0, y1 = rng.uniform(0.2, 0.8, 2) * h
    xs = np.linspace(0, w, 60)
    ys = y0 + (y1 - y0) * xs / w + np.cumsum(rng.normal(0, 0.25, 60)) * k
    line = np.round(np.stack([xs, ys], axis=1) * 16).astype(np.int32)
    torn = np.zeros((h, w), np.float32)
    how, wide = float(rng.uniform(0.15, 0.5)), max(1, round(0.25 * k))
    cv2.polylines(torn, [line], isClosed=False, color=how, thickness=wide, lineType=cv2.LINE_AA, shift=4)
    band = np.zeros((h, w), np.float32)
    half = np.array([0, rng.uniform(6, 10) * k])
    ends = np.array([[0, ys[0]], [w, ys[-1]]])
    around = np.round(np.concatenate([ends - half, (ends + half)[::-1]])).astype(np.int32)
    cv2.fillPoly(band, [around], float(rng.uniform(0.02, 0.10)))
    cv2.polylines(band, [around], isClosed=True, color=float(rng.uniform(0.08, 0.25)), lineType=cv2.LINE_AA)
    taped = 0 if rng.random() < 0.7 else 1
    for n, page in enumerate(pages):
        takes = np.minimum(1, torn + (band if n == taped else 0)).astype(np.float32)
        _shade(page, takes if n == 0 else np.ascontiguousarray(takes[:, ::-1]))
    return pages


def torn_corner(pages: Pages, scene: Scene) -> Pages:
    """A corner torn off raggedly, legs of 12-60 mm: what lies behind the paper shows."""
    rng, k = scene.rng, scene.k
    h, w = pages[0].shape[:2]
    legs = rng.uniform(12, 60, 2) * k
    steps = np.linspace(0, 1, 24)
    edge = np.stack([legs[0] * (1 - steps), legs[1] * steps], axis=1) + rng.normal(0, 0.5 * k, (24, 2))
    shape = np.concatenate([[(-9, -9), (legs[0], -9)], edge, [(-9, legs[1])]])
    right, low = rng.random(2) < 0.5
    shape[:, 0] = w - 1 - shape[:, 0] if right else shape[:, 0]
    shape[:, 1] = h - 1 - shape[:, 1] if low else shape[:, 1]
    behind = [scene.worn.scanner.backing] * 3
    mirrored = shape * (-1, 1) + (w - 1, 0)
    for page, where in zip(pages, (shape, mirrored), strict=True):
        cv2.fillPoly(page, [np.round(where).astype(np.int32)], behind)
    return pages


def other_over(pages: Pages, scene: Scene, other: Style, *, depth: tuple[float, float]) -> Pages:
    """Another ballot lies over a corner of this one, `depth` of the page wide and high (shares)."""
    rng = scene.rng
    h, w = pages[0].shape[:2]
    face = Face.INSIDE if rng.random() < 0.5 else Face.OUTSIDE
    on = scene.worn.scanner
    over = scene.press.face(other, face, on.dpi, on.weights)[: h + 8, : w + 8]
    share = rng.uniform(*depth, 2)
    right, low = rng.random(2) < 0.5
    turn = cv2.getRotationMatrix2D((over.shape[1] / 2, over.shape[0] / 2), float(rng.normal(0, 2.5)), 1)
    away = (1 - share[0]) * w * (1 if right else -1), (1 - share[1]) * h * (1 if low else -1)
    turn[:, 2] = turn[:, 2] + away
    size = (w, h)
    covers = cv2.warpAffine(np.full(over.shape[:2], 255, np.uint8), turn, size) > 127
    laid = cv2.warpAffine(np.ascontiguousarray(over), turn, size)
    page = pages[0 if rng.random() < 0.7 else 1]
    shadow = _soft(covers.astype(np.float32), 0.4 * scene.k) * np.float32(0.35)
    _shade(page, np.where(covers, 0, shadow).astype(np.float32))
    page[covers] = laid[covers]
    return pages


def copied(pages: Pages, scene: Scene, scale: float) -> Pages:
    """Out of a copying machine: toner or nothing, tints as dots, another size, dirt of the glass."""
    return _copied(pages[0], scene, scale), _copied(pages[1], scene, scale)


def _copied(page: Picture, scene: Scene, scale: float) -> Picture:
    rng, k = scene.rng, scene.k
    h, w = page.shape[:2]
    turn = cv2.getRotationMatrix2D((w / 2, h / 2), float(rng.normal(0, 0.4)), scale)
    turn[:, 2] = turn[:, 2] + rng.normal(0, 1.0 * k, 2)
    moved = cv2.warpAffine(page, turn, (w, h), borderValue=[int(rng.choice([255, 255, 90]))] * 3)
    grey = moved if moved.ndim == 2 else cv2.cvtColor(np.asarray(moved, np.uint8), cv2.COLOR_RGB2GRAY)
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32) * np.float32(2 * np.pi / (k / rng.uniform(2.2, 3.4)))
    screen = 60 * np.sin((xs + ys) * 0.7071) * np.sin((xs - ys) * 0.7071)
    toner = (grey + screen < rng.uniform(150, 190)).astype(np.float32)
    dirt = rng.random((h // 4 + 1, w // 4 + 1)) < rng.uniform(0, 0.0006)
    toner = np.maximum(toner, cv2.resize(dirt.astype(np.float32), (w, h), interpolation=cv2.INTER_NEAREST))
    light = 250 - _soft(toner, 0.07 * k) * np.float32(rng.uniform(190, 225))
    made = np.clip(light, 0, 255).astype(np.uint8)
    return made if page.ndim == 2 else np.asarray(cv2.merge([made] * 3), np.uint8)


def embossed(pages: Pages, scene: Scene) -> Pages:
    """Braille pressed through thick white paper: lines of dots, light on one side and dark on the other."""
    rng, k = scene.rng, scene.k
    h, w = pages[0].shape[:2]
    raised = np.zeros((h, w), np.float32)
    dots = [(c, r) for c in (0, 2.5) for r in (0, 2.5, 5.0)]  # mm, of a cell
    for top in np.arange(30, h / k - 15, 11.8):
        for left in np.arange(70, min(150, w / k - 10), 6.0):
            for dx, dy in dots:
                if rng.random() < 0.5:
                    at = round((left + dx) * k), round((top + dy) * k)
                    cv2.circle(raised, at, max(1, round(0.75 * k)), 1.0, -1, cv2.LINE_AA)
    relief = np.gradient(_soft(raised, 0.3 * k))
    light = (relief[0] + relief[1]) * np.float32(rng.uniform(120, 300))
    for page, sign, lit in ((pages[0], 1, light), (pages[1], -1, light[:, ::-1])):
        made = page + sign * (lit[..., None] if page.ndim == 3 else lit)
        page[...] = np.clip(made, 0, 255).astype(np.uint8)
    return pages


def foreign_form(pages: Pages, scene: Scene) -> Pages:
    """A printed letter or another form that came between the ballots: lines of text, rules, boxes."""
    made = tuple(_typed(page, scene.rng, scene.k) for page in pages)
    return made[0], made[1]


def _typed(page: Picture, rng: np.random.Generator, k: float) -> Picture:
    paper = np.full_like(page, 255)
    h, w = page.shape[:2]
    left, size = round(rng.uniform(15, 35) * k), float(rng.uniform(0.45, 0.8)) * k / 7.87
    for y in np.arange(rng.uniform(15, 40), h / k - 15, rng.uniform(5, 9)):
        line = " ".join(rng.choice(_WORDS, size=int(rng.integers(2, 16))))
        cv2.putText(
            paper, line, (left, round(y * k)), cv2.FONT_HERSHEY_SIMPLEX, size, [20] * 3, 1, cv2.LINE_AA
        )
        if rng.random() < 0.15:
            cv2.rectangle(
                paper, (round(8 * k), round((y - 3) * k)), (round(12 * k), round((y + 1) * k)), [30] * 3, 2
            )
    cv2.rectangle(paper, (left - 40, round(8 * k)), (w - left, h - round(8 * k)), [60] * 3, 2)
    return paper
