"""Whether an image is good enough to be read: reasons as data, never an exception."""

from dataclasses import dataclass

import numpy as np

from scanner.ballot import Reason
from scanner.pixels import Gray


@dataclass(frozen=True, slots=True)
class QualityBounds:
    """Numbers of `calibration/quality.toml`."""

    min_paper: float  # grey level of the paper, 0..255
    min_contrast: float  # paper minus the darkest print, grey levels


def quality(image: Gray, bounds: QualityBounds) -> tuple[Reason, ...]:
    """POOR_IMAGE when the paper is too dark or the print too light to tell ink from paper."""
    step = max(1, min(image.shape) // 150)
    thumb = image[::step, ::step]
    dark, paper = np.percentile(thumb, (0.3, 90))
    poor = paper < bounds.min_paper or paper - dark < bounds.min_contrast
    return (Reason.POOR_IMAGE,) if poor else ()
