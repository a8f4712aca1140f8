"""From a typst template and text to PDF: the one door to the typesetter, for ballots and protocols."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from scanner.layout.text import FONTS

_ONE_AT_A_TIME = Lock()  # a compiler keeps state between calls


def typeset(
    template: Path, name: str, text: str, *, standards: Sequence[str] = (), tagged: bool = True
) -> bytes:
    """The PDF that `template` makes of `text`, which it sees as its input `name`: never as markup.

    The same text gives the same bytes: no clock, no random identifier, no fonts but ours.
    `standards` are typst's names ("a-2a", "ua-1"). Raises typst.TypstError for what these forbid.
    """
    with _ONE_AT_A_TIME:
        made: bytes = _compiler().compile(
            input=template.read_bytes(),
            format="pdf",
            sys_inputs={name: text},
            timestamp=0,
            pdf_standards=list(standards),
            pdf_tags=tagged,
        )
    return made


@cache
def _compiler() -> Any:
    return typst.Compiler(font_paths=[str(FONTS)], ignore_system_fonts=True)
