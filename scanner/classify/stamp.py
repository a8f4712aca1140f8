"""The official stamp: ink the printer did not put on the outside, lying together, of a stamp's size.

§ 10-3 (1) a: a ballot is approved if it has an official stamp. A machine only says what it sees;
a weak, misplaced or missing stamp goes to a person and never rejects by itself.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.ballot import Rect, Stamp, StampState

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class StampBounds:
    """Numbers of `calibration/stamp.toml`."""

    together_mm: float  # strokes nearer than this belong to one stamp
    present_mm2: float  # ink of a stamp that is surely one
    trace_mm2: float  # ink under which nothing was stamped
    spread_mm: float  # a stamp is at least this wide and this high
    min_contrast: float  # 0..1, darkness of the ink between paper (0) and black (1)
    inside_share: float  # share of its ink that must lie in the field


@dataclass(frozen=True, slots=True)
class InkCluster:
    """Strokes lying together on the outside."""

    area_mm2: float
    rect: Rect
    inside_share: float  # of the ink, in the stamp field
    contrast: float  # mean darkness, 0..1


def read_stamp(
    ink: Mask, darkness: NDArray[np.float32], field: Rect, per_mm: float, bounds: StampBounds
) -> Stamp:
    """What stands in or near the stamp field.

    `ink` (h, w) is the residual mask of the registered outside and `darkness` (h, w) says how
    black it is, 0..1. `probability` is the belief in the state, from how far the measures lie
    from their bounds.
    """
    clusters = ink_clusters(ink, darkness, field, per_mm, bounds.together_mm)
    chosen = max(clusters, key=lambda one: one.area_mm2 * (1 + one.inside_share), default=None)
    if chosen is None or chosen.area_mm2 < bounds.trace_mm2:
        missing = chosen.area_mm2 / bounds.trace_mm2 if chosen else 0.0
        return Stamp(StampState.ABSENT, 1 - 0.5 * missing)
    clear = chosen.area_mm2 >= bounds.present_mm2 and min(chosen.rect.w, chosen.rect.h) >= bounds.spread_mm
    if not clear or chosen.contrast < bounds.min_contrast:
        return Stamp(StampState.WEAK, 0.5)
    belief = 1 - 0.5 * min(1.0, (bounds.present_mm2 / chosen.area_mm2) ** 2)
    return Stamp(
        StampState.PRESENT if chosen.inside_share >= bounds.inside_share else StampState.OUTSIDE, belief
    )


def ink_clusters(
    ink: Mask, darkness: NDArray[np.float32], field: Rect, per_mm: float, together_mm: float
) -> tuple[InkCluster, ...]:
    """Strokes no farther apart than `together_mm`, each with its measures. At a quarter of the px."""
    small = cv2.resize(ink.astype(np.float32), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = max(1, round(together_mm * per_mm / 8))
    joined = cv2.dilate((small > 0.02).astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    if count == 1:
        return ()
    black = cv2.resize(darkness * ink, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    left, top = (round(one * per_mm / 4) for one in (field.x, field.y))
    right, bottom = (round(one * per_mm / 4) for one in (field.x + field.w, field.y + field.h))
    flat = labels.ravel()
    areas = np.bincount(flat, small.ravel(), count)
    depth = np.bincount(flat, black.ravel(), count)
    within = np.bincount(labels[top:bottom, left:right].ravel(), small[top:bottom, left:right].ravel(), count)
    scale = 4 / per_mm
    return tuple(
        InkCluster(
            float(areas[n] * scale * scale),
            _trimmed(stats[n], reach, scale),
            float(within[n] / areas[n]),
            float(depth[n] / areas[n]),
        )
        for n in range(1, count)
        if areas[n] > 0
    )


def _trimmed(stats: NDArray[np.int32], reach: int, scale: float) -> Rect:
    """Bounding box in mm without the rim that joining the strokes added."""
    x, y, w, h = (int(one) for one in stats[:4])
    return Rect(
        (x + reach) * scale, (y + reach) * scale, max(1, w - 2 * reach) * scale, max(1, h - 2 * reach) * scale
    )
