"""Words stay within their places, whatever a list is called and however long its names are."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Face, FieldKind, Rect
from scanner.election import Election
from scanner.layout.drawing import draw
from scanner.layout.ink import Font, Text
from scanner.layout.style import BOXES, Style
from scanner.layout.styles import styles
from scanner.layout.text import clean, fitted, width
from tests.layout.papers import LETTERS, elections, every, extent, inside_of, meet, names


def touching(style: Style, election: Election, face: Face) -> list[Text]:
    """Texts that lie off the page, on a box or on another text."""
    texts = [one for one in draw(style, election).face(face).shapes if isinstance(one, Text) and one.words]
    level = [(one, extent(one)) for one in texts if one.turn == 0]
    boxes = [one.rect for one in style.fields if one.face is face and one.kind in BOXES]
    page = Rect(0, 0, *style.page_mm)
    off = [
        text for text, place in level if not inside_of(place, page) or any(meet(place, box) for box in boxes)
    ]
    return off + [text for (text, a), (_, b) in combinations(level, 2) if meet(a, b)]


@pytest.mark.parametrize("election", every(), ids=lambda one: f"{one.type}-{one.seats}")
@pytest.mark.parametrize("face", Face)
def test_no_words_touch_on_any_ballot(election: Election, face: Face) -> None:
    for style in styles(election):
        assert touching(style, election, face) == []


@settings(max_examples=20, deadline=None)
@given(elections())
def test_no_words_touch_however_long_the_names_are(election: Election) -> None:
    for style in styles(election):
        assert touching(style, election, Face.INSIDE) == []


@given(elections())
@settings(max_examples=20, deadline=None)
def test_a_candidate_keeps_to_the_row_and_the_name_to_its_box(election: Election) -> None:
    style = styles(election)[0]
    words = [one for one in draw(style, election).inside.shapes if isinstance(one, Text)]
    lines = [one.rect for one in style.of(FieldKind.CANDIDATE_LINE)]
    bold = [extent(one) for one in words if one.font is Font.BOLD and one.size >= 9 and one.y < 10]
    assert all(any(inside_of(one, box.rect) for box in style.of(FieldKind.HEADING)) for one in bold)
    for one in words:
        place = extent(one)
        for line in lines:
            if one.turn == 0 and line.y < place.centre[1] < line.y + line.h and meet(place, line):
                assert place.x + place.w <= line.x + line.w + 0.01


@given(names, st.floats(6, 20), st.floats(0, 150), st.sampled_from(Font))
def test_fitted_words_fit_and_start_like_the_words(words: str, size: float, room: float, font: Font) -> None:
    said, points = fitted(words, size, room, font, least=6.0)
    assert width(said, points, font) <= room + 1e-9
    assert 6.0 <= points <= size
    assert clean(words).startswith(said.removesuffix("…"))


@given(st.text(LETTERS, max_size=30))
def test_words_that_fit_are_left_alone(words: str) -> None:
    assert fitted(words, 12.0, 500.0) == (clean(words), 12.0)


def test_a_name_with_a_line_break_stays_on_its_line() -> None:
    assert clean(" Ærlig\n\tØd\x00egård ") == "Ærlig Ød egård"


def test_width_is_the_sum_of_advances() -> None:
    assert width("0", 72.0) == pytest.approx(0.556 * 25.4, abs=0.01)  # Arial's digit is 0.556 em
    assert width("00", 10.0, Font.OCR_B, tracking=1.0) == pytest.approx(
        2 * (0.723 * 10 * 25.4 / 72 + 1), abs=0.01
    )
