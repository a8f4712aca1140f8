"""The picture of a ballot is its print file as pixels, and the fields lie on what is printed."""

import cv2
import numpy as np
import pypdfium2
import pytest

from scanner.ballot import Face, FieldKind, Rect
from scanner.layout.drawing import draw
from scanner.layout.pdf import pdf
from scanner.layout.raster import picture, pictures
from scanner.layout.style import Style
from scanner.layout.styles import styles
from tests.layout.papers import every, full

DPI = 200
PER_MM = DPI / 25.4


def part(gray: np.ndarray, rect: Rect) -> np.ndarray:
    x0, y0 = round(rect.x * PER_MM), round(rect.y * PER_MM)
    return gray[y0 : round((rect.y + rect.h) * PER_MM), x0 : round((rect.x + rect.w) * PER_MM)]


@pytest.mark.parametrize("dpi", [72, 150, 200, 300])
def test_pictures_have_the_size_of_the_paper(dpi: int) -> None:
    election = full("02")
    style = styles(election)[0]
    high, wide = (round(one * dpi / 25.4) for one in reversed(style.page_mm))
    gray = picture(election, style, Face.INSIDE, dpi)
    colour = picture(election, style, Face.INSIDE, dpi, colour=True)
    assert (gray.shape, gray.dtype) == ((high, wide), np.uint8)
    assert (colour.shape, colour.dtype) == ((high, wide, 3), np.uint8)


@pytest.mark.parametrize("face", Face)
def test_a_picture_is_the_print_file(face: Face) -> None:
    election = full("01")
    style = styles(election)[0]
    drawing = draw(style, election)
    with pypdfium2.PdfDocument(pdf(drawing.inside, drawing.outside)) as document:
        fine = document[0 if face is Face.INSIDE else 1].render(scale=3 * DPI / 72).to_numpy()
    gray = picture(election, style, face, DPI)
    page = cv2.resize(cv2.cvtColor(fine, cv2.COLOR_BGR2GRAY), gray.shape[::-1], interpolation=cv2.INTER_AREA)
    assert abs(page.mean() - gray.mean()) < 2
    assert np.corrcoef(page.ravel(), gray.ravel())[0, 1] > 0.9


def test_equal_faces_are_one_picture_and_come_from_the_shelf_again() -> None:
    election = full("01")
    every_style = styles(election)
    first = pictures(election, every_style, 100)
    assert set(first) == {(one.id, face) for one in every_style for face in Face}
    assert first["A", Face.OUTSIDE] is first["B", Face.OUTSIDE]
    assert first["A", Face.INSIDE] is not first["B", Face.INSIDE]
    assert first["A", Face.OUTSIDE] is not first["blank", Face.OUTSIDE]
    assert picture(election, every_style[0], Face.INSIDE, 100) is first["A", Face.INSIDE]


def test_a_shared_picture_cannot_be_written_to() -> None:
    election = full("01")
    seen = picture(election, styles(election)[0], Face.INSIDE, 72)
    with pytest.raises(ValueError, match="read-only"):
        seen[0, 0] = 0


def check_marks(style: Style, gray: np.ndarray, face: Face) -> None:
    for mark in (one for one in style.marks if one.face is face):
        dark = part(gray, mark.rect.grown(1.0)) < 90
        rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
        seen = (columns[0], rows[0], columns[-1] + 1 - columns[0], rows[-1] + 1 - rows[0])
        assert [one / PER_MM for one in seen] == pytest.approx([1.0, 1.0, mark.rect.w, mark.rect.h], abs=0.2)


@pytest.mark.parametrize("election", every(), ids=lambda one: f"{one.type}-{one.seats}")
def test_marks_boxes_stamp_and_digits_are_where_the_style_says(election) -> None:
    style = styles(election)[0]
    inside, outside = (picture(election, style, face, DPI) for face in Face)
    check_marks(style, inside, Face.INSIDE)
    check_marks(style, outside, Face.OUTSIDE)
    squares = (FieldKind.PERSONAL_VOTE, FieldKind.RENUMBER, FieldKind.STRIKE, FieldKind.OPTION)
    for field in (one for one in style.fields if one.kind in squares):
        assert part(inside, field.rect.grown(-0.6)).min() == 255
        edge = part(inside, field.rect.grown(0.3))
        assert all(side.min() < 90 for side in (edge[:5], edge[-5:], edge[:, :5], edge[:, -5:]))
    (stamp,) = style.of(FieldKind.STAMP)
    assert part(outside, stamp.rect.grown(-0.3)).min() == 255
    assert all((part(inside, cell) < 128).sum() > 12 for cell, _ in style.digits)


def test_the_pattern_has_texture_and_the_same_measure_at_every_resolution() -> None:
    election = full("01")
    style = styles(election)[0]
    coarse, fine = (picture(election, style, Face.OUTSIDE, dpi).astype(float) for dpi in (100, 200))
    halved = fine[: 2 * (fine.shape[0] // 2), : 2 * (fine.shape[1] // 2)]
    halved = halved.reshape(halved.shape[0] // 2, 2, -1, 2).mean((1, 3))
    corner = np.s_[400:800, 700:1100]  # far from where both patterns begin
    assert coarse[corner].std() > 10
    assert np.corrcoef(coarse[corner].ravel(), halved[corner].ravel())[0, 1] > 0.75


def test_the_inside_shows_the_pattern_only_on_its_strip() -> None:
    election = full("01")
    gray = picture(election, styles(election)[-2], Face.INSIDE, DPI)  # the blank ballot
    assert part(gray, Rect(10, 40, 125, 160)).min() == 255
    assert part(gray, Rect(281, 40, 9, 160)).std() > 10
