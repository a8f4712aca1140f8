"""Lays a scanned page on its own printed picture, strip by strip, and says so when it does not fit.

Frames: `template` is the page as printed (gray, any dpi, normally 200), `scan` the page as fed.
A `Matrix` is 3×3 and takes template pixels (x, y, 1) to scan pixels; pixel centres are integers.
Feeders stretch paper by up to 2.5 mm inside a page (OpenCount and VotingWorks scans), so one
matrix is never enough: `align` adds a field of local shifts measured on patches of print.
No file, clock or randomness here; limits come in as `Limits` (calibration/registration.toml).
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.classify.patches import (
    Flags,
    Patches,
    Points,
    field_of_shifts,
    find_shifts,
    lay_patches,
    trusted,
)
from scanner.classify.raster import darkest, halved, inside, shrunk_to, square
from scanner.classify.registered import Limits, Misfit, Registered, Template
from scanner.classify.start import landmarks, match_landmarks
from scanner.classify.warp import (
    EDGE,
    Matrix,
    nodes_over,
    on_paper,
    pyramid,
    pyramid_of_laid,
    shrunk,
    through,
    warped,
    warped_half,
)
from scanner.pixels import INCH_MM, Gray


def prepare(gray: Gray, dpi: float, limits: Limits) -> Template:
    """Make a printed page ready: `gray` (H, W) uint8, white paper about 255, at `dpi`."""
    even = np.ascontiguousarray(gray[: gray.shape[0] // 8 * 8, : gray.shape[1] // 8 * 8])
    half, quarter = pyramid(even)
    unit = dpi / INCH_MM
    dark = inside(half, 0, limits.solid)
    reach, lookalike = limits.search_mm * unit, limits.lookalike
    return Template(
        gray=even,
        dpi=dpi,
        limits=limits,
        half=half,
        dark=dark,
        cells=_per_cell(dark, limits.cell_mm * unit),
        coarse=lay_patches(
            quarter,
            (4, round(limits.coarse_pitch_mm * unit / 4), 24),
            texture=limits.coarse_texture,
            reach=round(reach / 4),
            lookalike=lookalike,
        ),
        fine=lay_patches(
            half,
            (2, round(limits.fine_pitch_mm * unit / 2), 32),
            texture=limits.fine_texture,
            reach=round(reach / 2),
            lookalike=lookalike,
        ),
        landmarks=landmarks(even, limits.features, limits.corners_px),
    )


def find_page(scan: Gray, template: Template, limits: Limits) -> Matrix | None:
    """Where the form lies on `scan` (h, w) uint8, any dpi, any turn: a Matrix, or None if nowhere."""
    seen = landmarks(scan, limits.features, limits.corners_px)
    finer = max(scan.shape) / max(template.gray.shape)
    tolerance = limits.start_tolerance_mm * template.unit * finer
    return match_landmarks(template.landmarks, seen, tolerance, limits.start_inliers, limits.start_stretch)


def align(
    scan: Gray, template: Template, start: Matrix, limits: Limits, *, half_detail: bool = False
) -> Registered:
    """Lay `scan` (h, w) on `template`, starting from `start`, and judge how well it lies.

    `start` may be off by `limits.search_mm` anywhere on the page. Never raises on a bad page: it
    comes back with `ok` False and a `Misfit`. `half_detail` lays the picture from the scan at half
    its resolution, 6 ms faster: enough for a stamp and for writing, not for a small box.
    """
    scan, start = shrunk(scan, start)
    half_scan = halved(scan)
    found = _moved(half_scan, template, start, limits)
    if found is None:
        return _lost(template, start)
    return _laid((half_scan if half_detail else scan, half_scan), template, start, found, limits)


def _moved(half_scan: Gray, template: Template, start: Matrix, limits: Limits) -> tuple[Points, Flags] | None:
    """Shifts of the fine patches and which of them are trusted; None if too few were found."""
    half, quarter = pyramid_of_laid(half_scan, start, template.gray.shape)
    unit = template.unit
    coarse, fine = template.coarse, template.fine
    if len(coarse) < limits.least_patches or len(fine) < limits.least_patches:
        return None
    guess = _rough(quarter, coarse, fine.centre, unit, limits)
    if guess is None:
        return None
    shifts, scores = find_shifts(half, fine, guess, round(limits.fine_search_mm * unit / 2))
    good = trusted(fine, shifts - guess, scores, limits.patch_score, limits.outlier_mm * unit)
    return (shifts, good) if good.sum() >= limits.least_patches else None


def _rough(quarter: Gray, coarse: Patches, wanted: Points, unit: float, limits: Limits) -> Points | None:
    """Shifts at `wanted` points from the coarse patches, grown outwards from where the start was right."""
    guess, wide = np.zeros_like(coarse.centre), limits.smooth_wide_mm * unit
    for _ in range(limits.rounds):
        moved, scores = find_shifts(quarter, coarse, guess, round(limits.search_mm * unit / 4))
        near = trusted(coarse, moved - guess, scores, limits.patch_score, limits.coarse_outlier_mm * unit)
        if near.sum() < limits.least_patches:
            return None
        if near.mean() > limits.enough:
            break
        guess, _ = field_of_shifts(coarse.centre[near], moved[near], coarse.centre, (wide,))
    return field_of_shifts(coarse.centre[near], moved[near], wanted, (wide, wide / 2))[0]


def _laid(
    scans: tuple[Gray, Gray],
    template: Template,
    start: Matrix,
    found: tuple[Points, Flags],
    limits: Limits,
) -> Registered:
    """The page warped by the trusted shifts, with its measures and its verdict.

    `scans`: the scan to lay, at full or at half size, and the scan at half size.
    """
    shifts, good = found
    unit = template.unit
    widths = (limits.smooth_wide_mm * unit, limits.smooth_mm * unit)
    at, by = template.fine.centre[good], shifts[good]
    nodes, shape = nodes_over(template.gray.shape)
    field, rest = field_of_shifts(at, by, nodes, widths)
    to_scan, left = through(start, nodes + field).reshape(*shape, 2), np.hypot(*rest.T)
    seen = on_paper(scans[1], to_scan, template.gray.shape)
    lay = warped_half if scans[0] is scans[1] else warped
    image, half = lay(scans[0], to_scan, template.gray.shape)
    paper, black = _page_levels(half, template)
    visible = _looked_up(seen, template.fine.centre)
    measured = Registered(
        image=image,
        half=half,
        paper=paper,
        black=black,
        seen=seen,
        template=template,
        to_scan=to_scan,
        ok=True,
        fault=None,
        page_ncc=_ncc(half, template.half),
        matched=float(good[visible].mean()) if visible.any() else 0.0,
        residual_px=float(np.median(left)),
        residual_p95_px=float(np.percentile(left, 95)),
        gone_print=(gone := _gone(half, template, pale_from(paper, black, limits))),
        missing=_missing(gone, seen, template),
    )
    fault = _fault(measured, limits)
    return replace(measured, ok=fault is None, fault=fault)


def _fault(page: Registered, limits: Limits) -> Misfit | None:
    """The first gate the page does not pass."""
    unit = page.template.unit
    if page.page_ncc < limits.page_ncc:
        return Misfit.NOT_FOUND
    if float((page.seen > 0).mean()) < limits.seen:
        return Misfit.INCOMPLETE
    if page.matched < limits.matched or page.residual_p95_px > limits.residual_p95_mm * unit:
        return Misfit.STRETCHED
    differs = page.differing > limits.missing_cells and page.gone.sum() >= limits.few_cells
    return Misfit.PRINT_DIFFERS if differs else None


def _lost(template: Template, start: Matrix) -> Registered:
    """A page on which too little print was found to lay it anywhere."""
    nodes, shape = nodes_over(template.gray.shape)
    return Registered(
        image=np.full_like(template.gray, 255),
        half=np.full_like(template.half, 255),
        paper=255.0,
        black=0.0,
        seen=np.zeros((template.gray.shape[0] // EDGE, template.gray.shape[1] // EDGE), np.uint8),
        template=template,
        to_scan=through(start, nodes).reshape(*shape, 2),
        ok=False,
        fault=Misfit.NOT_FOUND,
        page_ncc=0.0,
        matched=0.0,
        residual_px=float("inf"),
        residual_p95_px=float("inf"),
        gone_print=template.dark,
        missing=np.ones_like(template.cells),
    )


def _looked_up(seen: Gray, centre: NDArray[np.float32]) -> NDArray[np.bool_]:
    """True for the points (n, 2) in template px that lie on paper."""
    x, y = np.clip((centre / EDGE).astype(np.intp), 0, np.array(seen.shape[::-1]) - 1).T
    found: NDArray[np.bool_] = seen[y, x] > 0
    return found


def _gone(half: Gray, template: Template, level: float) -> Gray:
    """255 where the scan does not show solid print within 2 px of where it should be."""
    pale = inside(darkest(half, square(3)), level, 255)
    return pale & template.dark


def _missing(gone: Gray, seen: Gray, template: Template) -> NDArray[np.float32]:
    """Per cell the share of solid print that the scan does not show.

    Ink can only add, so a voter's marks do not count; cells partly off the scan count as 0.
    """
    count = _per_cell(gone, template.limits.cell_mm * template.unit)
    share = (count / np.maximum(template.cells, 1)).astype(np.float32)
    hidden = shrunk_to(255 - seen, count.shape[::-1]) > 12  # more than 5 % of the cell
    return np.where(hidden, np.float32(0), share)


def pale_from(paper: float, black: float, limits: Limits) -> float:
    """The level from which on a place is not printed."""
    return black + limits.pale * (paper - black)


def _page_levels(half: Gray, template: Template) -> tuple[float, float]:
    """Grey of bare paper and of solid print on the laid scan (half size), 0..255."""
    some = np.s_[::5, ::5]
    paper = half[some][template.half[some] > 235]
    ink = half[some][template.dark[some] > 0]
    return (
        float(np.median(paper)) if paper.size else 255.0,
        float(np.percentile(ink, 10)) if ink.size else 0.0,
    )


def _ncc(half: Gray, ours: Gray) -> float:
    """Likeness of two half-size pages at 1/8 size, -1..1."""
    a, b = (halved(one, 2).astype(np.float32).ravel() for one in (half, ours))
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size > 0 else 0.0


def _per_cell(mask: Gray, cell: float) -> NDArray[np.float32]:
    """Marked pixels of a half-size mask in each cell of `cell` template px."""
    side = cell / 2
    shape = (max(1, round(mask.shape[1] / side)), max(1, round(mask.shape[0] / side)))
    mean = cv2.resize(halved(mask, 2).astype(np.float32), shape, interpolation=cv2.INTER_AREA)
    return np.asarray(mean * (mask.size / (shape[0] * shape[1]) / 255), np.float32)
