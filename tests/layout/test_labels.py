"""Label sheets: bars as the standard asks for, everything on the paper, read by both readers as printed."""

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Rect
from scanner.box_label import BoxLabel, LabelKind, digits
from scanner.capture.labels import Seen, find_label
from scanner.layout.barcode import QUIET, bars, modules
from scanner.layout.ink import Box, Text
from scanner.layout.labels import A4, label_pages, labels_pdf
from scanner.layout.raster import render
from scanner.layout.styles import styles
from scanner.layout.text import start, width
from tests.strategies import small_election

ELECTION = small_election()
MARK = "12" * 32
LABELS = [BoxLabel(kind, "FO", "0001", 3, 12) for kind in LabelKind]
PAPERS = [A4, styles(ELECTION)[0].page_mm, (415.0, 222.9)]


@given(st.from_regex(r"\A[0-9]{28}\Z"))
def test_a_code_has_the_modules_of_code_128(text: str) -> None:
    """ISO/IEC 15417: start, 14 pairs of digits and check of 11 modules each, stop of 13."""
    assert len(modules(text)) == 11 * 16 + 13
    assert modules(text)[-13:] == tuple(one == "1" for one in "1100011101011")


@given(st.from_regex(r"\A[0-9]{28}\Z"), st.booleans())
def test_bars_lie_in_their_place(text: str, upright: bool) -> None:
    place = Rect(20, 30, 18, 156.75) if upright else Rect(20, 30, 156.75, 18)
    quiet = QUIET * 0.75
    ends = [
        (one.rect.y, one.rect.h) if upright else (one.rect.x, one.rect.w)
        for one in bars(text, place, upright=upright)
    ]
    first, last = (30, 186.75) if upright else (20, 176.75)
    assert ends[0][0] == pytest.approx(first + quiet)
    assert sum(ends[-1]) == pytest.approx(last - quiet)
    assert all(w / 0.75 == pytest.approx(round(w / 0.75)) for _, w in ends)


@pytest.mark.parametrize("paper", PAPERS)
def test_everything_lies_on_the_paper_and_nothing_over_a_code(paper: tuple[float, float]) -> None:
    for page in label_pages(iter(LABELS), ELECTION, MARK, paper):
        boxes = [one.rect for one in page.shapes if isinstance(one, Box)]
        texts = [
            (*start(one), width(one.words, one.size, one.font), one.size * 25.4 / 72)
            for one in page.shapes
            if isinstance(one, Text)
        ]
        texts = [Rect(x, y - high, wide, high) for x, y, wide, high in texts]
        for one in (*boxes, *texts):
            assert one.x >= 10
            assert one.y >= 10
            assert one.x + one.w <= paper[0] - 9.99
            assert one.y + one.h <= paper[1] - 9.99
        codes = [one for one in boxes if min(one.w, one.h) <= 3.01]
        assert not [
            1
            for a in texts
            for b in codes
            if a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h
        ]


def test_a_label_says_in_words_what_its_code_says() -> None:
    long = small_election()
    with pypdfium2.PdfDocument(labels_pdf(iter(LABELS), long, MARK, A4)) as document:
        first, last = (page.get_textpage().get_text_range() for page in document)
    for words in (
        "Kasse 3 av 12",
        "forhånd (FO)",
        "Krets 0001 Sæterbukta",
        "Øvingsvalget 2027 i Ålmøy",
        "FO-0001-3",
    ):
        assert words in first
        assert words in last
    assert "START" in first
    assert "øverst" in first
    assert "SLUTT" in last
    assert "nederst" in last
    assert digits(LABELS[0], ELECTION, MARK) in first.replace(" ", "")


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 99), st.integers(0, 3), st.sampled_from(PAPERS), st.sampled_from([100, 200, 300]))
def test_both_readers_read_what_is_printed(
    number: int, turn: int, paper: tuple[float, float], dpi: int
) -> None:
    label = BoxLabel(LabelKind.START, "FS", "0001", number + 1, 100)
    (page,) = render(list(label_pages(iter([label]), ELECTION, MARK, paper)), dpi)
    turned = np.ascontiguousarray(np.rot90(page, turn))
    seen = find_label([(np.full_like(turned, 255), float(dpi)), (turned, float(dpi))])
    assert isinstance(seen, Seen)
    assert seen.digits == digits(label, ELECTION, MARK)


def test_the_same_labels_give_the_same_bytes() -> None:
    assert labels_pdf(iter(LABELS), ELECTION, MARK, A4) == labels_pdf(iter(LABELS), ELECTION, MARK, A4)
