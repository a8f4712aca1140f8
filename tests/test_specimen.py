"""The way of one image on foreign paper: files in, states and reasons out, never a traceback."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from scanner.ballot import MarkState
from scanner.classify.marks import FieldShape
from scanner.errors import InputError
from scanner.specimen import MarkedPage, likely_dpi, read_marks
from scanner.specimen_fields import SpecimenField, read_field_list
from tests.foreign import BOXES, SIZE, Gray, cross, form, pen, scan

CSV = "name,kind,x,y,w,h\n"


def save(path: Path, page: Gray, dpi: float = 200) -> Path:
    Image.fromarray(page).save(path, dpi=(dpi, dpi))
    return path


def fields(folder: Path, scale: float = 1.0) -> Path:
    lines = [f"{n},box," + ",".join(f"{side * scale:g}" for side in one) for n, one in enumerate(BOXES)]
    path = folder / "fields.csv"
    path.write_text(CSV + "\n".join(lines) + "\n", "utf-8")
    return path


def read(folder: Path, page: Gray, name: str = "scan.jpg", scale: float = 1.0) -> MarkedPage:
    size = (round(SIZE[0] * scale), round(SIZE[1] * scale))
    blank = np.asarray(cv2.resize(form(), size, interpolation=cv2.INTER_AREA), np.uint8)
    specimen = save(folder / "blank.png", blank, 200 * scale)
    (one,) = read_marks(specimen, fields(folder, scale), [save(folder / name, page)])
    return one


@pytest.mark.parametrize("name", ["scan.png", "scan.jpg", "scan.tif"])
def test_marks_are_named_and_stray_ink_is_placed(tmp_path: Path, name: str) -> None:
    image = cross(cross(form(), BOXES[3]), BOXES[10])
    page = read(tmp_path, scan(pen(image, [(300, 1140), (380, 1140)], 5), 181), name)
    assert page.registered
    assert page.reason is None
    assert page.residual_px is not None
    assert page.residual_px < 0.6
    assert [one.name for one in page.fields if one.state is MarkState.MARKED] == ["3", "10"]
    assert {one.state for one in page.fields} == {MarkState.MARKED, MarkState.UNMARKED}
    (stray,) = page.stray_ink
    assert abs(stray[0] - 298) < 8
    assert abs(stray[1] - 1137) < 8


@pytest.mark.parametrize("scale", [0.75, 1.5])
def test_fields_and_stray_ink_are_in_pixels_of_the_specimen(tmp_path: Path, scale: float) -> None:
    image = scan(pen(cross(form(), BOXES[3]), [(300, 1140), (380, 1140)], 5))
    page = read(tmp_path, image, scale=scale)
    assert page.registered
    assert [one.name for one in page.fields if one.state is MarkState.MARKED] == ["3"]
    ((x, y, w, _),) = page.stray_ink
    assert x == pytest.approx(298 * scale, abs=9)
    assert y == pytest.approx(1137 * scale, abs=9)
    assert w == pytest.approx(84 * scale, abs=12)


def test_a_page_that_is_not_the_form_says_so_and_nothing_else(tmp_path: Path) -> None:
    page = read(tmp_path, np.full((1260, 960), 240, np.uint8))
    assert not page.registered
    assert page.reason == "not_found"
    assert page.residual_px is None
    assert {(one.state, one.probability) for one in page.fields} == {(MarkState.DOUBTFUL, 0.5)}
    assert page.stray_ink == ()


def test_files_that_are_no_images_are_doubt_with_a_sentence(tmp_path: Path) -> None:
    specimen, listed = save(tmp_path / "blank.png", form()), fields(tmp_path)
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "text.jpg").write_text("no image", "utf-8")
    whole = save(tmp_path / "whole.jpg", scan(form())).read_bytes()
    (tmp_path / "cut.png").write_bytes(specimen.read_bytes()[:900])
    names = ["empty.jpg", "text.jpg", "cut.png", "missing.jpg", "", "whole.jpg"]
    pages = list(read_marks(specimen, listed, [tmp_path / one for one in names]))
    assert [one.registered for one in pages] == [False] * 5 + [True]
    assert all(one.reason and one.reason.endswith(".") for one in pages[:5])
    assert len(whole) > 1000


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "line 1"),
        ("name,kind,x,y\n", "line 1"),
        (CSV, "no fields"),
        (CSV + "a,box,1,2,30\n", "line 2"),
        (CSV + "a,circle,1,2,30,30\n", "line 2"),
        (CSV + "a,box,1,2,30,thirty\n", "line 2"),
        (CSV + "a,box,1,2,nan,30\n", "line 2"),
        (CSV + "a,box,1,2,1e99,30\n", "line 2"),
        (CSV + "a,box,1,2,30,30\na,box,50,2,30,30\n", "line 3"),
        (CSV + "a,box,1,2,30,30\n,box,50,2,30,30\n", "line 3"),
        (CSV + "a,box,890,2,30,30\n", "line 2"),
        (CSV + "a,box,-1,2,30,30\n", "line 2"),
        (CSV + "a,box,1,2,1,30\n", "line 2"),
        (CSV + '"a,box,1,2,30,30\n', "line"),
    ],
)
def test_a_fault_in_the_list_of_fields_names_its_line(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "fields.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=line) as caught:
        read_field_list(path, SIZE)
    assert "fields.csv" in str(caught.value)


def test_a_list_in_another_encoding_or_missing_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(CSV.encode() + "blåbær,box,1,2,30,30\n".encode("latin-1"))
    for name in ("latin.csv", "missing.csv"):
        with pytest.raises(InputError, match=name):
            read_field_list(tmp_path / name, SIZE)


def test_columns_may_come_in_any_order_with_others_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "fields.csv"
    path.write_text("\ufeffw,h,note,x,y,kind,name\n30,20,mine,1.5,2,line,a\n", "utf-8")
    (field,) = read_field_list(path, SIZE)
    assert field == SpecimenField("a", FieldShape.LINE, 1.5, 2, 30, 20)


def test_a_specimen_without_print_is_refused(tmp_path: Path) -> None:
    specimen = save(tmp_path / "white.png", np.full((1200, 900), 255, np.uint8))
    with pytest.raises(InputError, match="too little print"):
        list(read_marks(specimen, fields(tmp_path), []))


@pytest.mark.parametrize(
    ("size", "claimed", "dpi"),
    [
        ((1700, 2200), None, 200),
        ((2550, 3300), 72.0, 300),
        ((1700, 2800), 96.0, 200),
        ((1654, 2339), 200.0, 200),
        ((2480, 3508), None, 300),
        ((900, 1200), 200.0, 200),
        ((4000, 100), None, 342),
        ((900, 1200), 1.0, 150),
    ],
)
def test_the_resolution_is_that_of_a_usual_paper(
    size: tuple[int, int], claimed: float | None, dpi: float
) -> None:
    assert likely_dpi(*size, claimed) == pytest.approx(dpi, rel=0.01)
