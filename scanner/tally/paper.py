"""Documents on paper that last and can be read aloud."""

from pathlib import Path

import typst

from scanner.layout.typeset import typeset


def lasting(template: Path, name: str, text: str) -> bytes:
    """PDF/A-2a and PDF/UA-1, fonts inside; the same text gives the same bytes.

    A name with letters that the fonts lack shows boxes for them, in a plain PDF: both standards
    forbid that.
    """
    try:
        return typeset(template, name, text, lasting=True)
    except typst.TypstError:
        return typeset(template, name, text)
