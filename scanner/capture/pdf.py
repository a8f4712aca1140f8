"""PDFs, opened at arm's length: what one does to the library that reads it, it does in another process."""

import atexit
from functools import cache

from scanner.capture.limits import limits
from scanner.capture.pdf_child import PdfChild
from scanner.pixels import Gray


def pages(data: bytes) -> int:
    """Number of pages; ImageError if it is damaged, locked, too slow, or has more than the limit."""
    return _child().pages(data)


def gray(data: bytes, page: int) -> tuple[Gray, float]:
    """One page as gray levels (h, w), its own image where it is just that, and its dpi.

    ImageError with the end of a sentence if it is missing, damaged, too large or too slow.
    """
    return _child().gray(data, page)


@cache
def _child() -> PdfChild:
    child = PdfChild(limits().pdf_s)
    atexit.register(child.close)
    return child
