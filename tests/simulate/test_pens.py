"""Ink looks like ink: dark where the pen went, nowhere else, the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.simulate.pens import RGB, InkColour, PenKind, draw, lay, pen
from scanner.simulate.strokes import Stroke, smooth, stroke, wander
from tests.simulate.papers import length_mm

K = 200 / 25.4


def white(mm=20.0, colour=False):
    n = round(mm * K)
    return np.full((n, n, 3) if colour else (n, n), 255, np.uint8)


def a_line(rng, length=10.0):
    return stroke([(5, 10), (5 + length, 10)], rng, tremble_mm=0.0)


@pytest.mark.parametrize("kind", list(PenKind))
@pytest.mark.parametrize("colour", [InkColour.BLUE, InkColour.BLACK, InkColour.RED])
@pytest.mark.parametrize("press", ["light", "normal", "heavy"])
def test_every_pen_draws_a_visible_line_of_its_width(kind, colour, press):
    rng = np.random.default_rng(1)
    one = pen(kind, colour, rng, light=press == "light", heavy=press == "heavy")
    picture = white()
    area = draw(picture, [a_line(rng)], one, K, rng)
    assert 0.3 <= one.width_mm <= 1.0
    assert 0.1 * 10 * one.width_mm < area < 1.5 * 10 * one.width_mm
    on_line = picture[round(10 * K), round(6 * K) : round(14 * K)]
    assert 15 <= np.median(on_line) <= 215
    assert (picture[: round(8 * K)] == 255).all()
    assert (picture[round(12 * K) :] == 255).all()


def test_a_heavy_hand_is_darker_than_a_light_one():
    def darkness(**how):
        rng = np.random.default_rng(5)
        picture = white()
        draw(picture, [a_line(rng)], pen(PenKind.BALLPOINT, InkColour.BLUE, rng, **how), K, rng)
        return 255 * picture.size - int(picture.sum())

    assert darkness(light=True) < darkness() < darkness(heavy=True)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_the_same_seed_gives_the_same_ink(seed):
    def once():
        rng = np.random.default_rng(seed)
        picture = white()
        draw(picture, [a_line(rng)], pen(PenKind.PENCIL, InkColour.GREY, rng), K, rng)
        return picture

    assert np.array_equal(once(), once())


def test_ink_darkens_print_and_never_lightens_it():
    rng = np.random.default_rng(2)
    picture = rng.integers(0, 256, white().shape).astype(np.uint8)
    before = picture.copy()
    draw(picture, [a_line(rng)], pen(PenKind.FELT, InkColour.BLACK, rng), K, rng)
    assert (picture <= before).all()
    assert (picture < before).any()


def test_colour_is_kept_on_a_colour_picture():
    rng = np.random.default_rng(3)
    picture = white(colour=True)
    draw(picture, [a_line(rng)], pen(PenKind.GEL, InkColour.RED, rng), K, rng)
    red, green, _ = picture[round(10 * K), round(10 * K)].astype(int)
    assert red - green > 80


def test_a_green_scanner_sees_red_ink_darker_than_the_eye():
    cover = np.ones((1, 1), np.float32)
    eye, green = white(1), white(1)
    lay(eye, cover, (0, 0), RGB[InkColour.RED])
    lay(green, cover, (0, 0), RGB[InkColour.RED], (0.0, 1.0, 0.0))
    assert green[0, 0] < eye[0, 0]


@pytest.mark.parametrize("origin", [(-30.0, 0.0), (0.0, 40.0), (12.0, -12.0)])
def test_ink_beyond_the_edges_is_lost(origin):
    rng = np.random.default_rng(4)
    picture = white()
    draw(picture, [a_line(rng)], pen(PenKind.GEL, InkColour.BLUE, rng), K, rng, origin_mm=origin)
    assert picture.shape == white().shape


def test_drawing_nothing_changes_nothing():
    rng = np.random.default_rng(4)
    picture = white()
    assert draw(picture, [], pen(PenKind.GEL, InkColour.BLUE, rng), K, rng) == 0.0
    assert (picture == 255).all()


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=2, max_size=8, unique=True))
@settings(max_examples=30, deadline=None)
def test_a_smooth_curve_passes_through_its_points(points):
    control = np.array(points, np.float32)
    curve = smooth(control)
    gaps = np.hypot(*(curve[None] - control[:, None]).transpose(2, 0, 1)).min(axis=1)
    assert gaps.max() < 1e-3


def test_strokes_move_turn_and_know_their_length():
    one = Stroke(np.array([(0, 0), (3, 4)], np.float32), np.ones(2, np.float32))
    assert length_mm(one) == pytest.approx(5)
    assert one.moved(1, 2).points.tolist() == [[1, 2], [4, 6]]
    assert one.turned(90).points[1] == pytest.approx([-4, 3], abs=1e-5)


def test_wandering_stays_about_zero():
    values = wander(5000, 10, np.random.default_rng(0))
    assert abs(values.mean()) < 0.15
    assert 0.5 < values.std() < 1.2
