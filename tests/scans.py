"""Scans made with exactly known geometry: a printed face laid into an image, and whole sheets of two."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from scanner.ballot import Face, PageImage, Rect, Sheet
from scanner.election import Election, ElectionType
from scanner.layout.raster import picture
from scanner.layout.style import Style
from scanner.layout.styles import styles
from scanner.simulate.pens import InkColour
from scanner.simulate.scan import jpeg
from scanner.simulate.stamps import Die, DieShape, Impression, impress
from tests.strategies import small_election

Gray = npt.NDArray[np.uint8]
MM = 25.4


class Quiet(tuple):  # type: ignore[type-arg]
    """A tuple of things with pictures in them, which no failing test should print."""

    def __repr__(self) -> str:
        """Short."""
        return f"<{len(self)} pictures>"


@cache
def paper(kind: ElectionType = ElectionType.KOMMUNESTYRE) -> tuple[Election, dict[str, Style]]:
    """The small election of this type and its ballots by style id."""
    election = small_election(kind)
    return election, {one.id: one for one in styles(election)}


def printed(name: str, face: Face, dpi: float = 200, kind: ElectionType = ElectionType.KOMMUNESTYRE) -> Gray:
    """One face of the small election as printed, for drawing on."""
    election, by_name = paper(kind)
    return picture(election, by_name[name], face, dpi).copy()


@dataclass(frozen=True)
class Lie:
    """How a sheet lies under the scanner: turned by quarters and degrees, shifted and scaled."""

    quarters: int = 0  # counterclockwise
    skew_deg: float = 0.0
    offset_mm: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    backing: int = 255
    margin_mm: float = 10.0


def laid(page: Gray, lie: Lie, dpi: float) -> tuple[Gray, npt.NDArray[np.float64]]:
    """The image, and the matrix (3, 3) from mm on the face to px of the image (pixel centres)."""
    k = dpi / MM
    h, w = page.shape
    margin = 2 * round(lie.margin_mm * k)
    wide, tall = w + margin, h + margin
    a = np.radians(lie.skew_deg)
    turn = lie.scale * np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    middle, there = np.array([w - 1, h - 1]) / 2, np.array([wide - 1, tall - 1]) / 2
    matrix = np.eye(3)
    matrix[:2, :2] = turn
    matrix[:2, 2] = there + np.array(lie.offset_mm) * k - turn @ middle
    image = cv2.warpAffine(
        page, matrix[:2], (wide, tall), flags=cv2.INTER_LINEAR, borderValue=[lie.backing] * 3
    )
    to_px = np.array([[k, 0, -0.5], [0, k, -0.5], [0, 0, 1]])
    matrix = matrix @ to_px
    for _ in range(lie.quarters % 4):  # np.rot90: (x, y) goes to (y, wide - 1 - x)
        matrix = np.array([[0, 1, 0], [-1, 0, image.shape[1] - 1], [0, 0, 1]]) @ matrix
        image = np.rot90(image)
    return np.ascontiguousarray(image, np.uint8), matrix


def placed(matrix: npt.NDArray[np.float64], points_mm: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Points (n, 2) in mm as px of an image."""
    return points_mm @ matrix[:2, :2].T + matrix[:2, 2]


def as_scanned(page: Gray, lie: Lie | None = None, dpi: float = 200) -> bytes:
    """A page out of a tolerable scanner: laid, a little blurred and noisy, and a JPEG."""
    image, _ = laid(page, lie or Lie(margin_mm=3), dpi)
    image = cv2.GaussianBlur(image, (3, 3), 0.5).astype(np.int16)
    noise = np.random.default_rng(image.shape[0]).normal(0, 2, image.shape)
    return jpeg(np.clip(image + noise, 0, 250).astype(np.uint8), 85, dpi)


def sheet(*pages: bytes, dpi: float | None = 200, number: int = 1) -> Sheet:
    """A sheet of images as received."""
    images = tuple(PageImage(f"{n}.jpg", one, dpi) for n, one in enumerate(pages, 1))
    return Sheet("K1", number, images)


DIE = Die(DieShape.ROUND, (30.0, 30.0), 2, ("ÅLMØY", "VALGSTYRET"), "4 SEP 2027", 0.5, InkColour.BLACK)


def stamped(page: Gray, at_mm: tuple[float, float], *, cover: float = 0.9, dpi: float = 200) -> Gray:
    """The outside with an even stamp, in place and returned."""
    impress(page, Impression(DIE, at_mm, 5.0, cover, 0.1), dpi / MM, np.random.default_rng(1))
    return page


def cross(page: Gray, box: Rect, *, pen_mm: float = 0.5, gray: int = 40, dpi: float = 200) -> Gray:
    """A cross over nine tenths of a rectangle (mm), in place and returned."""
    inner = box.grown(-0.05 * min(box.w, box.h))
    ends = (inner.x, inner.y), (inner.x + inner.w, inner.y + inner.h)
    line(page, *ends, pen_mm=pen_mm, gray=gray, dpi=dpi)
    return line(page, (ends[0][0], ends[1][1]), (ends[1][0], ends[0][1]), pen_mm=pen_mm, gray=gray, dpi=dpi)


def line(
    page: Gray,
    start_mm: tuple[float, float],
    end_mm: tuple[float, float],
    *,
    pen_mm: float = 0.5,
    gray: int = 40,
    dpi: float = 200,
) -> Gray:
    """A straight pen stroke, in place and returned."""
    k = dpi / MM
    ends = [tuple(round((one * k - 0.5) * 16) for one in point) for point in (start_mm, end_mm)]
    cv2.line(page, ends[0], ends[1], gray, max(1, round(pen_mm * k)), cv2.LINE_AA, 4)
    return page


def blotted(page: Gray, rect: Rect, gray: int = 90, dpi: float = 200) -> Gray:
    """A rectangle (mm) covered with one grey, in place and returned."""
    x, y, right, low = (round(v * dpi / MM) for v in (rect.x, rect.y, rect.x + rect.w, rect.y + rect.h))
    page[max(0, y) : low, max(0, x) : right] = gray
    return page
