"""From a typst template and text to PDF: the one door to the typesetter, for ballots and protocols."""

from functools import cache
from pathlib import Path
from threading import Lock
from typing import cast

import typst

from scanner.layout.text import FONTS

_ONE_AT_A_TIME = Lock()  # a compiler keeps state between calls


def typeset(template: Path, name: str, text: str, *, lasting: bool = False, tagged: bool = True) -> bytes:
    """The PDF that `template` makes of `text`, which it sees as its input `name`: never as markup.

    The same text gives the same bytes: no clock, no random identifier, no fonts but ours. `lasting`
    asks for PDF/A-2a and PDF/UA-1; raises typst.TypstError for what these forbid.
    """
    with _ONE_AT_A_TIME:
        made = _compiler().compile(
            input=template.read_bytes(),
            format="pdf",
            sys_inputs={name: text},
            timestamp=0,
            pdf_standards=["a-2a", "ua-1"] if lasting else [],
            pdf_tags=tagged,
        )
    return cast("bytes", made)  # a PDF is one document, whatever other formats are


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=[str(FONTS)], ignore_system_fonts=True)
