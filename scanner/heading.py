"""What a ballot that is none of ours says in its header, read by Tesseract for the person who looks at it.

Never decides anything: a ballot whose identity is in doubt is tvilsom whatever this reads.
"""

import numpy as np
import pytesseract
from PIL import Image

from scanner.ballot import Rect
from scanner.classify.identify import crop_mm
from scanner.classify.upright import Affine
from scanner.pixels import Gray

DPI = 200  # Tesseract reads 26 of 28 header lines right at 200 dpi (2026-11-22)
SECONDS = 5.0
LANGUAGE = "nor"


def read_heading(image: Gray, to_image: Affine, rect: Rect) -> str | None:
    """The text in `rect` (mm) of a face found in `image`; None without Tesseract or without text."""
    picture = Image.fromarray(np.ascontiguousarray(crop_mm(image, to_image, rect, DPI)))
    try:
        text = pytesseract.image_to_string(picture, lang=LANGUAGE, config="--psm 6", timeout=SECONDS)
    except (pytesseract.TesseractError, pytesseract.TesseractNotFoundError, RuntimeError, OSError):
        return None
    words = " ".join(str(text).split())
    return words[:200] or None
