"""Which form a workbook is, so that numbers never land in another one."""

from collections.abc import Iterator
from hashlib import sha256

import msgspec

from scanner.tally.motebok.filled import Filled
from scanner.tally.motebok.formula import written

MARK = "valgskanner form 1"


def identity(filled: Filled, language: str) -> Iterator[str]:
    """The lines of the hidden sheet: mark, form, language, area, and the sha256 of form and extent."""
    form = filled.form
    yield MARK
    yield f"{form.id} {form.type.value} {form.year}"
    yield language
    yield filled.area
    yield fingerprint(filled)


def fingerprint(filled: Filled) -> str:
    """sha256 of all that decides where a number stands and what it is: the form, its lists and kretser."""
    cells = [(one.id, one.source.value, one.formula and written(one.formula)) for one in filled.form.cells]
    controls = [(one.id, written(one.left), written(one.right)) for one in filled.form.controls]
    parts = [filled.form.id, filled.form.type, filled.form.year, cells, controls, filled.extent]
    return sha256(msgspec.json.encode(parts)).hexdigest()
