"""The nouns of registration: a printed page made ready, a scan laid on it, and by which limits it fits."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scanner.classify.patches import Flags, Patches
from scanner.classify.start import Landmarks
from scanner.classify.warp import EDGE
from scanner.pixels import INCH_MM, Gray

Rect = tuple[int, int, int, int]  # x, y, w, h in template px


@dataclass(frozen=True, slots=True)
class Limits:
    """Gates and sizes of the registration; members, units and reasons as in calibration/registration.toml."""

    features: int
    start_inliers: int
    start_tolerance_mm: float
    start_stretch: float
    coarse_pitch_mm: float
    fine_pitch_mm: float
    search_mm: float
    fine_search_mm: float
    enough: float
    patch_score: float
    coarse_outlier_mm: float
    outlier_mm: float
    smooth_wide_mm: float
    smooth_mm: float
    page_ncc: float
    matched: float
    residual_p95_mm: float
    missing_cells: float
    few_cells: int
    cell_mm: float
    cell_print: int
    cell_gone: float
    seen: float
    corners_px: int
    coarse_texture: float
    fine_texture: float
    lookalike: float
    least_patches: int
    rounds: int
    solid: int
    pale: float


class Misfit(StrEnum):
    """Why a page does not lie on the picture it was compared with."""

    NOT_FOUND = "not_found"  # no place on the scan looks like this form
    STRETCHED = "stretched"  # patches disagree with each other: creased, torn or another form
    INCOMPLETE = "incomplete"  # part of the page lies outside the scan
    PRINT_DIFFERS = "print_differs"  # print that must be there is missing: another form, or damage


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A printed page made ready for comparing: do it once per form, it costs about 0.1 s."""

    gray: Gray  # (H, W)
    dpi: float
    limits: Limits
    half: Gray  # (H//2, W//2), slightly blurred
    dark: Gray  # (H//2, W//2) 255 where print is solid and dark
    cells: NDArray[np.float32]  # dark pixels per cell of `cell_mm`
    coarse: Patches  # at a quarter of the size
    fine: Patches  # at half the size
    landmarks: Landmarks

    @property
    def unit(self) -> float:
        """Template px to the millimetre."""
        return self.dpi / INCH_MM

    @property
    def printed_cells(self) -> Flags:
        """True for the cells with print enough to tell whether it is there."""
        return self.cells >= self.limits.cell_print


@dataclass(frozen=True, slots=True, eq=False)
class Registered:
    """A scan lying in the template's frame, and how well it lies there."""

    image: Gray  # (H, W) in the template's frame; 255 where the scan has no page
    half: Gray  # (H//2, W//2) the same, slightly blurred
    paper: float  # level 0..255 of bare paper on this scan
    black: float  # level of solid print on this scan
    seen: Gray  # (H//8, W//8) 255 where the scan shows paper
    template: Template
    to_scan: NDArray[np.float32]  # (nodes y, nodes x, 2): scan pixel for a grid over the template
    ok: bool
    fault: Misfit | None
    page_ncc: float  # -1..1 at 1/8 size
    matched: float  # 0..1 share of patches that were found where their neighbours say
    residual_px: float  # median disagreement of patches after the local shifts, template px
    residual_p95_px: float
    gone_print: Gray  # (H//2, W//2) 255 where solid print should be and is not
    missing: NDArray[np.float32]  # per cell of `cell_mm`: share 0..1 of its print that is not there

    @property
    def differing(self) -> float:
        """Share of the printed cells whose print is not there, 0..1."""
        printed = self.template.printed_cells
        return float(self.gone[printed].mean()) if printed.any() else 0.0

    @property
    def gone(self) -> Flags:
        """True for the printed cells whose print is not there."""
        return self.template.printed_cells & (self.missing > self.template.limits.cell_gone)

    def shows(self, rect: Rect) -> bool:
        """True if the scan shows paper everywhere in a rectangle."""
        x, y, w, h = rect
        window = self.seen[max(y, 0) // EDGE : (y + h) // EDGE + 1, max(x, 0) // EDGE : (x + w) // EDGE + 1]
        return bool(window.size and window.min() == 255)

    def gone_near(self, rect: Rect, mm: float) -> bool:
        """True if print is gone within `mm` of a rectangle (x, y, w, h in template px)."""
        more = mm * self.template.unit
        gone = self.gone
        down, across = self.image.shape[0] / gone.shape[0], self.image.shape[1] / gone.shape[1]
        left, right = int(max(rect[0] - more, 0) / across), int((rect[0] + rect[2] + more) / across) + 1
        top, low = int(max(rect[1] - more, 0) / down), int((rect[1] + rect[3] + more) / down) + 1
        return bool(gone[top:low, left:right].any())
