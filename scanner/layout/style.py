"""A style: one ballot as printed, with its fields and registration marks in mm."""

from dataclasses import dataclass

from scanner.ballot import Face, Field, FieldKind, Rect, StyleKind

# what a voter marks inside a printed box
BOXES = {
    FieldKind.PERSONAL_VOTE,
    FieldKind.RENUMBER,
    FieldKind.STRIKE,
    FieldKind.PARTY_TICK,
    FieldKind.OPTION,
}


@dataclass(frozen=True, slots=True)
class RegistrationMark:
    """A printed styremerke: `rect` is the bounding box of its black ink.

    Inside faces carry five "¬" (bar on top, stem at the right), outside faces five "T" turned
    a quarter (a stem to the right of a vertical bar), as in the official drawings.
    """

    face: Face
    rect: Rect


@dataclass(frozen=True, slots=True)
class Style:
    """One kind of ballot paper of one election."""

    id: str  # file name stem: the list's code, "blank", "tick_off", "referendum"
    kind: StyleKind
    list: str | None  # code of the list, None for blank, tick-off and referendum
    form: str  # two digits printed on the number line: 01 02 19 05 20 ...
    ballot_number: str  # 22 digits
    heading: str  # the bold name in the header
    page_mm: tuple[float, float]
    fields: tuple[Field, ...]
    marks: tuple[RegistrationMark, ...]
    folds_mm: tuple[float, ...]  # x of each fold, on the inside face
    folds_outside_mm: tuple[float, ...]  # x of each fold, on the outside face
    digits: tuple[tuple[Rect, str], ...]  # each printed cell of the OCR-B ballot number: rect, digit
    capacity: int = 0  # candidates the form has room for
    dark: Rect | None = None  # on the inside: the strip's part in the header, a pattern too dark for ink

    def of(self, kind: FieldKind) -> tuple[Field, ...]:
        """The fields of one kind, in printed order."""
        return tuple(one for one in self.fields if one.kind is kind)
