"""Box labels as sheets of paper: one laid on top of the ballots of a box, one under them.

They go through the feeder with the ballots, so they come on A4 (narrower than a ballot, fed the
long way) or on paper of the ballot's own size, which lies true between the guides. The same bar code
stands four times, twice along and twice across: dirt on the glass draws along the feed, and never
takes all of them. The back is left empty: that tells a label that took a ballot along with it.
"""

from collections.abc import Iterator

from scanner.ballot import Rect
from scanner.box_label import BoxLabel, LabelKind, digits
from scanner.election import Election
from scanner.layout.barcode import bars
from scanner.layout.ink import BLACK, WHITE, Anchor, Box, Font, Page, Shape, Text
from scanner.layout.pdf import pdf
from scanner.layout.text import fitted

A4 = (210.0, 297.0)
CODE = (156.75, 18.0)  # mm with its quiet zones: 0.75 mm a module, 6 px at 200 dpi
EDGE = 10.0  # white around everything, mm: what a printer and a crooked feed may take

_WORD = {LabelKind.START: "START", LabelKind.END: "SLUTT"}
_PLACE = {
    LabelKind.START: "Legg dette arket øverst i kassens bunke.",
    LabelKind.END: "Legg dette arket nederst i kassens bunke.",
}


def label_pages(
    labels: Iterator[BoxLabel], election: Election, fingerprint: str, paper_mm: tuple[float, float]
) -> Iterator[Page]:
    """A page for each label, `paper_mm` (width, height) at least 200 mm each way; UsageError as `digits`."""
    for one in labels:
        code = digits(one, election, fingerprint)
        yield Page(paper_mm, (*_codes(code, paper_mm), *_words(one, election, code, paper_mm)))


def labels_pdf(
    labels: Iterator[BoxLabel], election: Election, fingerprint: str, paper_mm: tuple[float, float]
) -> bytes:
    """All labels as one PDF, a page each, at true size; the same labels give the same bytes."""
    return pdf(*label_pages(labels, election, fingerprint, paper_mm))


def _codes(code: str, paper: tuple[float, float]) -> Iterator[Box]:
    """The bar code at the top, at the bottom, and along both sides."""
    (wide, high), (long, deep) = paper, CODE
    for y in (EDGE, high - EDGE - deep):
        yield from bars(code, Rect((wide - long) / 2, y, long, deep))
    for x in (EDGE, wide - EDGE - deep):
        yield from bars(code, Rect(x, (high - long) / 2, deep, long), upright=True)


def _words(label: BoxLabel, election: Election, code: str, paper: tuple[float, float]) -> Iterator[Shape]:
    """The same for people: which box, of which krets, category and election, and where it goes."""
    middle, top = paper[0] / 2, (paper[1] - 140) / 2
    room = paper[0] - 2 * (EDGE + CODE[1] + 5)
    category = next(one for one in election.categories if one.code == label.category)
    krets = next(one for one in election.kretser if one.code == label.krets)
    start = label.kind is LabelKind.START
    head = Rect(middle - room / 2, top, room, 26)
    yield Box(head, fill=BLACK if start else None, stroke=BLACK, width=1.5)
    yield Text(middle, top + 19.5, _WORD[label.kind], 54, Font.BOLD, WHITE if start else BLACK, Anchor.MIDDLE)
    where = election.name if election.area in election.name else f"{election.name} i {election.area}"
    lines = (
        (f"Kasse {label.number} av {label.of}", 44, Font.BOLD, 52),
        (f"{category.name} ({category.code})", 28, Font.BOLD, 70),
        (f"Krets {krets.code} {krets.name}", 28, Font.REGULAR, 86),
        (where, 20, Font.REGULAR, 102),
        (label.box.id, 20, Font.OCR_B, 114),
        (_PLACE[label.kind], 14, Font.REGULAR, 128),
        (" ".join(code[i : i + 4] for i in range(0, len(code), 4)), 11, Font.OCR_B, 138),
    )  # fmt: skip
    for words, points, font, y in lines:
        said, size = fitted(words, points, room, font)
        yield Text(middle, top + y, said, size, font, anchor=Anchor.MIDDLE)
