"""The pictures show what was seen, where it was seen, and change nothing of what they show."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from scanner.ballot import Category, Face, Field, FieldKind, Mark, MarkState, Proposal, Reason, Rect, Verdict
from scanner.classify.atlas import px
from scanner.classify.face import FaceReading
from scanner.classify.ink import find_ink
from scanner.classify.pictures import BLUE, GREEN, ORANGE, PALE, RED, Album, Colour, found, ink, judged, read
from scanner.classify.register import align
from scanner.classify.registered import Registered
from scanner.classify.upright import Frame, Upright
from tests.foreign import INK, LIMITS, Gray, form, pen, prints, template

BOX = Rect(40.0, 130.0, 6.0, 6.0)  # mm, where nothing is printed
STRAY = Rect(70.0, 140.0, 8.0, 5.0)
MARKS_MM = ((20.0, 15.0), (60.0, 15.0), (20.0, 45.0), (40.0, 45.0), (60.0, 45.0))
PAGE_MM = (80.0, 60.0)


@cache
def page() -> Registered:
    """The blank form with one stroke of a pen, laid."""
    written = pen(form(), [(600, 1140), (680, 1150)], 5)
    return align(written, template(), np.eye(3), LIMITS)


def seen(*marks: Mark, stray: tuple[Rect, ...] = ()) -> FaceReading:
    return FaceReading(marks, stray, find_ink(page(), prints(), INK))


def mark(
    state: MarkState,
    kind: FieldKind = FieldKind.PERSONAL_VOTE,
    second: MarkState | None = None,
    at: Rect = BOX,
) -> Mark:
    return Mark(Field(Face.INSIDE, kind, at), state, second, 1.0)


def where(picture: Colour, colour: tuple[int, int, int]) -> NDArray[np.bool_]:
    return np.asarray((picture == colour).all(axis=2), np.bool_)


def extent(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    y, x = np.nonzero(mask)
    return int(x.min()), int(y.min()), int(x.max()), int(y.max())


def lies_around(mask: NDArray[np.bool_], rect: Rect, more_px: int) -> bool:
    """True if what is drawn outlines a rectangle (mm), and leaves its middle as it was."""
    x, y, w, h = px(rect)
    wanted = (x, y, x + w, y + h)
    middle = mask[y + h // 2, x + w // 2]
    return bool(np.abs(np.subtract(extent(mask), wanted)).max() <= more_px and not middle)


def test_the_face_is_shown_as_it_was_laid() -> None:
    picture = read(page(), seen())
    ink = seen().ink.mask > 0
    assert picture.shape == (*page().image.shape, 3)
    assert picture.dtype == np.uint8
    assert (picture[~ink] == page().image[~ink][:, None]).all()


def test_ink_is_red() -> None:
    reading = seen()
    assert reading.ink.mask.any()
    assert np.array_equal(where(read(page(), reading), RED), reading.ink.mask > 0)


@pytest.mark.parametrize(
    ("one", "colour"),
    [
        (mark(MarkState.MARKED), GREEN),
        (mark(MarkState.DOUBTFUL), ORANGE),
        (mark(MarkState.MARKED, second=MarkState.UNMARKED), ORANGE),
        (mark(MarkState.MARKED, second=MarkState.MARKED), GREEN),
        (mark(MarkState.UNMARKED), PALE),
        (mark(MarkState.MARKED, FieldKind.CANDIDATE_LINE), GREEN),
    ],
    ids=["marked", "doubtful", "contradicted", "agreed", "unmarked", "a line"],
)
def test_a_field_is_outlined_in_the_colour_of_its_state(one: Mark, colour: tuple[int, int, int]) -> None:
    picture = read(page(), seen(one))
    for other in (GREEN, ORANGE, PALE):
        drawn = where(picture, other)
        assert drawn.any() == (other == colour)
    x, y, w, h = px(BOX)
    drawn = where(picture, colour)
    drawn[:, x + w + 12 :] = False  # the words beside it
    assert lies_around(drawn, BOX, 10)
    assert colour == PALE or not drawn[y : y + h, x : x + w].any()  # what is in the field stays to be seen


def test_an_unmarked_line_is_not_drawn_at_all() -> None:
    bare, lined = (
        read(page(), seen(*marks)) for marks in ((), (mark(MarkState.UNMARKED, FieldKind.CANDIDATE_LINE),))
    )
    assert np.array_equal(bare, lined)


def test_stray_ink_is_framed_in_blue() -> None:
    picture = read(page(), seen(mark(MarkState.MARKED), stray=(STRAY,)))
    assert lies_around(where(picture, BLUE), STRAY, 4)
    assert where(picture, GREEN).any()


def test_what_lies_beside_the_page_is_drawn_as_far_as_there_is_a_page() -> None:
    edge = Rect(110.0, 148.0, 30.0, 30.0)
    picture = read(page(), seen(mark(MarkState.MARKED, at=edge), stray=(Rect(-50.0, -50.0, 5.0, 5.0),)))
    assert where(picture, GREEN).any()
    assert not where(picture, BLUE).any()


def test_reading_a_picture_changes_nothing_of_the_page() -> None:
    reading = seen(mark(MarkState.MARKED), stray=(STRAY,))
    before = [one.copy() for one in (page().image, page().half, reading.ink.mask, reading.ink.depth)]
    first = read(page(), reading)
    first[:] = 0
    after = (page().image, page().half, reading.ink.mask, reading.ink.depth)
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))
    assert read(page(), reading).any()


def paper() -> Gray:
    return np.full((600, 800), 200, np.uint8)


def lying(scale: float = 8.0, degrees: float = 0.0, shift: tuple[float, float] = (60.0, 50.0)) -> Upright:
    a = np.radians(degrees)
    to_image = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0]]) * scale
    to_image[:, 2] = shift
    return Upright(Frame(Face.INSIDE, PAGE_MM, MARKS_MM, (), ()), to_image, 5, 0.9, 0.1)


def on_image(upright: Upright, *points: tuple[float, float]) -> NDArray[np.int64]:
    there = np.array(points) @ upright.to_image[:, :2].T + upright.to_image[:, 2]
    return np.rint(there).astype(np.int64)


@pytest.mark.parametrize("degrees", [0.0, 4.0, -3.0])
def test_the_paper_is_outlined_and_its_marks_framed_where_they_lie(degrees: float) -> None:
    upright = lying(degrees=degrees)
    picture = found(paper(), upright)
    blue, red = where(picture, BLUE), where(picture, RED)
    wide, tall = PAGE_MM
    for x, y in on_image(upright, (wide / 2, 0), (wide, tall / 2), (wide / 2, tall), (0, tall / 2)):
        assert blue[y - 3 : y + 4, x - 3 : x + 4].any()
    for mx, my in MARKS_MM:
        around = [(mx - 4, my), (mx + 4, my), (mx, my - 4), (mx, my + 4)]
        for x, y in on_image(upright, *around):
            assert red[y - 3 : y + 4, x - 3 : x + 4].any()
        ((x, y),) = on_image(upright, (mx, my))
        assert not red[y - 10 : y + 11, x - 10 : x + 11].any()


def test_apart_from_what_is_drawn_the_image_is_as_received() -> None:
    image = np.random.default_rng(8).integers(0, 256, (600, 800), dtype=np.uint8)
    kept = image.copy()
    picture = found(image, lying())
    rest = ~(where(picture, BLUE) | where(picture, RED))
    assert picture.shape == (600, 800, 3)
    assert (picture[rest] == kept[rest][:, None]).all()
    assert rest.mean() > 0.8
    assert np.array_equal(image, kept)


def test_without_a_page_the_image_is_shown_bare() -> None:
    picture = found(paper(), None)
    assert picture.shape == (600, 800, 3)
    assert (picture == 200).all()
    picture[:] = 0
    assert (paper() == 200).all()


def test_a_page_found_far_off_the_image_draws_nothing_on_it() -> None:
    picture = found(paper(), replace(lying(), to_image=lying(shift=(1e5, -1e5)).to_image))
    assert (picture == 200).all()


def test_the_ink_alone_is_shown_the_darker_the_redder() -> None:
    picture = ink(page(), seen())
    mask = seen().ink.mask > 0
    red, green = picture[mask][:, 2].astype(int), picture[mask][:, 1].astype(int)
    assert (red == 230).all()
    dark = page().image[mask]
    assert green[dark <= np.percentile(dark, 10)].mean() < green[dark >= np.percentile(dark, 90)].mean()
    assert (picture[~mask] >= 220).all()


VERDICT = Verdict(
    Category.TVILSOM, "A", (), (Reason.MARK_DOUBTFUL,), Proposal(Category.URETTET), confidence=0.61
)


def test_the_verdict_stands_above_the_page_with_one_row_a_reason() -> None:
    below = read(page(), seen())
    once = judged(below, VERDICT, None)
    twice = judged(below, replace(VERDICT, reasons=(Reason.MARK_DOUBTFUL, Reason.STRAY_INK)), None)
    assert np.array_equal(once[-below.shape[0] :], below)
    assert 20 <= twice.shape[0] - once.shape[0] <= 60
    assert where(once[: -below.shape[0]], RED).any()


def test_a_sure_verdict_has_no_red_row() -> None:
    below = read(page(), seen())
    sure = replace(VERDICT, category=Category.URETTET, reasons=())
    assert not where(judged(below, sure, None)[: -below.shape[0]], RED).any()


def test_beside_a_field_stands_what_the_readers_said() -> None:
    silent = replace(mark(MarkState.UNMARKED))
    assert not where(read(page(), seen(silent)), ORANGE).any()
    x, y, w, _ = px(BOX)
    drawn = where(read(page(), seen(mark(MarkState.DOUBTFUL))), ORANGE)
    assert drawn[y - 30 : y, x + w + 12 :].any()


def test_an_album_writes_the_verdict_on_the_inside() -> None:
    shown: list[tuple[str, Colour]] = []
    album = Album(lambda name, picture: shown.append((name, picture)))
    inside = read(page(), seen())
    for name, picture in (
        ("1-found", found(paper(), None)),
        ("inside-read", inside),
        ("outside-read", inside + 1),
    ):
        album(name, picture)
    album.judged(VERDICT, None)
    assert [name for name, _ in shown] == ["1-found", "inside-read", "outside-read", "verdict"]
    assert np.array_equal(shown[-1][1][-inside.shape[0] :], inside)


def test_an_album_without_a_page_shows_no_verdict() -> None:
    shown: list[str] = []
    Album(lambda name, _: shown.append(name)).judged(VERDICT, None)
    assert shown == []
