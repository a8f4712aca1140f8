"""A digit keeps what it is whatever its size, place, slant (A) or darkness."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.digit_glyphs import FEATURES, PLANE, ROOM, SIDE, pictures
from scanner.classify.digit_glyphs import directions as bare_directions
from scanner.classify.digits import glyph_limits

Ink = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint8]
HOW = glyph_limits()


def upright(ink: Ink) -> Picture:
    return pictures(ink, HOW)[0]


def as_written(ink: Ink) -> Picture:
    return pictures(ink, HOW)[1]


def directions(planes: Picture) -> Ink:
    return bare_directions(planes, HOW)


def seven(size: int = 40, slant: float = 0.0) -> Ink:
    """A barred seven, `size` px high."""
    ink = np.zeros((2 * size, 2 * size), np.float32)
    corners = np.array([[0, 0], [0.6, 0], [0.2, 1]]) * size
    for line in (corners, np.array([[0.15, 0.5], [0.6, 0.48]]) * size):
        leaning = line - [[slant * one, 0] for one in line[:, 1]] + size / 2
        cv2.polylines(
            ink, [np.rint(leaning * 16).astype(np.int32)], False, [1.0], max(1, size // 10), cv2.LINE_8, 4
        )
    return ink


def alike(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    """Correlation of two pictures."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def test_the_longer_side_fills_the_room_and_lies_in_the_middle() -> None:
    seen = as_written(seven())
    rows, columns = np.flatnonzero(seen.max(1) > 40), np.flatnonzero(seen.max(0) > 40)
    assert seen.shape == (SIDE, SIDE)
    assert abs(np.ptp(rows) + 1 - ROOM) <= 1
    assert np.ptp(columns) < np.ptp(rows)
    assert abs(rows.mean() - (SIDE - 1) / 2) <= 1
    assert abs(columns.mean() - (SIDE - 1) / 2) <= 1


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.floats(0.2, 1.0))
def test_place_and_darkness_change_nothing(down: int, right: int, dark: float) -> None:
    there = np.pad(seven(30), ((down, 30 - down), (right, 30 - right))) * np.float32(dark)
    for make in (as_written, upright):
        assert alike(make(there), make(seven(30))) > 0.999


@pytest.mark.parametrize("size", [24, 60])
def test_size_changes_little(size: int) -> None:
    for make in (as_written, upright):
        assert alike(make(seven(size)), make(seven(40))) > 0.9


def test_reader_a_sees_no_slant_and_reader_b_does() -> None:
    straight, leaning = seven(), seven(slant=0.4)
    assert alike(upright(straight), upright(leaning)) > 0.85
    assert alike(as_written(straight), as_written(leaning)) < 0.75


def test_no_ink_is_no_picture() -> None:
    nothing = np.zeros((20, 20), np.float32)
    assert not as_written(nothing).any()
    assert not upright(nothing).any()
    assert directions(np.zeros((0, PLANE, PLANE), np.uint8)).shape == (0, FEATURES)
    assert not directions(upright(nothing)[None]).any()


def test_edges_tell_across_from_down() -> None:
    across = np.zeros((PLANE, PLANE), np.uint8)
    across[14:18, 4:28] = 255
    seen = directions(np.stack([across, across.T])).reshape(2, 8, 49).sum(2)
    assert seen[0, [2, 6]].min() > 3 * seen[0, [0, 4]].max(), "edges of a bar face up and down"
    assert seen[1, [0, 4]].min() > 3 * seen[1, [2, 6]].max()


def test_each_glyph_is_measured_alone() -> None:
    planes = np.stack([upright(seven()), upright(seven(slant=0.3)), upright(seven(25))])
    together = directions(planes)
    assert np.allclose(together, np.concatenate([directions(one[None]) for one in planes]), atol=1e-5)
