"""The page is found however it lies, its points where they are, and nothing is found where no page is."""

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scanner.ballot import Face
from scanner.classify.upright import UprightBounds, upright
from scanner.config import calibration
from tests.scans import Lie, Quiet, laid, placed, printed

BOUNDS = calibration("upright", UprightBounds)
NEAR_MM = 0.6


@pytest.fixture(scope="module")
def frames(atlas):
    return Quiet(atlas.frames)


def points_on(page_mm):
    """A grid over the printed part of a face, mm."""
    xs, ys = np.meshgrid(np.linspace(5, page_mm[0] - 5, 7), np.linspace(5, page_mm[1] - 5, 6))
    return np.column_stack([xs.ravel(), ys.ravel()])


def worst_mm(found, truth, dpi):
    points = points_on(found.frame.page_mm)
    seen = placed(np.vstack([found.to_image, [0, 0, 1]]), points)
    return float(np.hypot(*(seen - placed(truth, points)).T).max()) * 25.4 / dpi


def test_the_small_election_has_frames_of_both_faces(frames):
    assert {one.face for one in frames} == set(Face)
    assert all(len(one.marks_mm) == 5 for one in frames)


lies = st.builds(
    Lie,
    quarters=st.integers(0, 3),
    skew_deg=st.floats(-3, 3),
    offset_mm=st.tuples(st.floats(-8, 8), st.floats(-8, 8)),
    scale=st.floats(0.99, 1.01),
    backing=st.sampled_from([0, 128, 255]),
    margin_mm=st.floats(8, 12),
)


@given(lies, st.sampled_from(list(Face)), st.sampled_from("AC"), st.sampled_from([150, 200, 300]))
@example(Lie(1, 3.0, (8.0, -8.0), 0.99, 0), Face.OUTSIDE, "A", 150)
@example(Lie(2, -3.0, (-8.0, 8.0), 1.01, 128), Face.INSIDE, "A", 200)
@settings(max_examples=25, deadline=None)
def test_a_face_is_found_however_it_lies(frames, lie, face, name, dpi):
    image, truth = laid(printed(name, face, dpi), lie, dpi)
    found = upright(image, dpi, frames, BOUNDS)
    assert found is not None
    assert found.face is face
    assert worst_mm(found, truth, dpi) < NEAR_MM


@pytest.mark.parametrize("face", list(Face))
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
@pytest.mark.parametrize("told", [194.0, 206.0])
def test_a_resolution_told_three_percent_wrong_does_not_matter(frames, face, quarters, told):
    image, truth = laid(printed("A", face), Lie(quarters), 200)
    found = upright(image, told, frames, BOUNDS)
    assert found is not None
    assert found.face is face
    assert worst_mm(found, truth, 200) < NEAR_MM


@pytest.mark.parametrize("face", list(Face))
@pytest.mark.parametrize("mark", range(5))
@pytest.mark.parametrize("backing", [0, 255])
def test_one_corner_cut_off_leaves_enough(frames, face, mark, backing):
    (frame,) = (one for one in frames if one.face is face and one.page_mm == frames[0].page_mm)
    page = printed("A", face)
    x, y = frame.marks_mm[mark]
    cv2.circle(page, (round(x * 200 / 25.4), round(y * 200 / 25.4)), 120, backing, -1)  # 15 mm
    image, truth = laid(page, Lie(2, 1.5, (3.0, -4.0), 1.0, backing), 200)
    found = upright(image, 200, frames, BOUNDS)
    assert found is not None
    assert found.face is face
    assert found.marks <= 4
    assert worst_mm(found, truth, 200) < NEAR_MM


def noise(shape, seed, blur):
    seen = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    return cv2.GaussianBlur(seen, (0, 0), blur) if blur else seen


@given(st.integers(0, 10**6), st.sampled_from([0.0, 1.5, 4.0]), st.booleans())
@settings(max_examples=8, deadline=None)
def test_noise_is_no_page(frames, seed, blur, tall):
    shape = (2250, 1750) if tall else (1750, 2250)
    assert upright(noise(shape, seed, blur), 200, frames, BOUNDS) is None


@pytest.mark.parametrize("level", [0, 1, 127, 254, 255])
def test_blank_paper_is_no_page(frames, level):
    assert upright(np.full((1780, 2310), level, np.uint8), 200, frames, BOUNDS) is None


def other_papers():
    """Paper that is no ballot: a letter, a ruled page, a form of frames, a page of dots."""
    white = np.full((1780, 2310), 250, np.uint8)
    letter, ruled, form, dots = (white.copy() for _ in range(4))
    for row in range(200, 1600, 40):
        cv2.putText(letter, "Til valgstyret i kommunen " * 4, (150, row), 0, 0.8, 20, 2)
    for row in range(100, 1700, 56):
        cv2.line(ruled, (0, row), (2310, row), 90, 2)
    for x, y in np.random.default_rng(3).integers(60, 1600, (60, 2)).tolist():
        cv2.rectangle(form, (x, y), (x + 90, y + 40), 0, 4)
    dots[::24, ::24] = 0
    return {"letter": letter, "ruled": ruled, "form": form, "dots": dots}


@pytest.mark.parametrize("name", ["letter", "ruled", "form", "dots"])
def test_other_paper_is_no_page(frames, name):
    assert upright(other_papers()[name], 200, frames, BOUNDS) is None


def test_half_a_ballot_is_no_page(frames):
    page = printed("A", Face.INSIDE)
    assert upright(np.ascontiguousarray(page[: page.shape[0] // 3]), 200, frames, BOUNDS) is None


def test_without_frames_nothing_is_found():
    assert upright(printed("A", Face.INSIDE), 200, (), BOUNDS) is None


sides = st.integers(1, 40) | st.sampled_from([100, 150, 200, 900])
fillings = st.sampled_from(["black", "white", "noise", "ramp"])


shapes = st.tuples(sides, sides | st.sampled_from([4000, 20000]), st.booleans())


@given(shapes, fillings, st.sampled_from([50, 200, 1200]))
@example((1, 1, False), "white", 1200)
@example((200, 20000, True), "noise", 50)
@settings(max_examples=50, deadline=None)
def test_any_shape_is_answered_without_an_error(frames, shape, filling, dpi):
    short, long, tall = shape
    made = {
        "black": lambda: np.zeros((short, long), np.uint8),
        "white": lambda: np.full((short, long), 255, np.uint8),
        "noise": lambda: noise((short, long), 1, 0.0),
        "ramp": lambda: np.tile(np.linspace(0, 255, long).astype(np.uint8), (short, 1)),
    }[filling]()
    image = np.ascontiguousarray(made.T) if tall else made
    assert upright(image, dpi, frames, BOUNDS) is None


@pytest.mark.parametrize("dpi", [0.0, -200.0, 1e-9, 1e9, float("inf"), float("nan"), 20.0, 1200.0])
def test_a_resolution_that_cannot_be_true_finds_nothing_and_costs_nothing(frames, dpi):
    assert upright(printed("A", Face.INSIDE), dpi, frames, BOUNDS) is None
