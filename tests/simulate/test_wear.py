"""Worn scanners: pictures stay of a size, straight enough, and as dirty as their level says."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from scanner.ballot import Face
from scanner.simulate.scan import frame_px, jpeg, paper, scanned, with_bleed
from scanner.simulate.wear import Corner, Fold, Streak, Transport, levels, scanner, wear

PAGE = (120.0, 90.0)
DPI = 200.0
K = DPI / 25.4


def printed(shade=255):
    page = np.full((round(PAGE[1] * K), round(PAGE[0] * K)), shade, np.uint8)
    page[200:300, 100:180] = 0  # a bar that tells which way is up
    return with_bleed(page, DPI)


def worn(seed=0, level=1, **members):
    rng = np.random.default_rng(seed)
    return replace(wear(scanner(level, rng), PAGE, (60.0,), rng), **members)


def still(level=0, **members):
    """A sheet to which nothing happened, on a dark scanner that adds nothing."""
    calm = {
        "turned": False, "skew_deg": 0.0, "offset_mm": (0.0, 0.0), "waves": (), "folds": (), "corner": None,
        "bleed": 0.0, "print_shift_mm": ((0.0, 0.0), (0.0, 0.0)), "cut_mm": (0.0, 0.0), "dot_gain": 0.0,
        "paper": 255, "streaks": ((), ()), "specks": (0, 0),
    }  # fmt: skip
    one = worn(0, level)
    on = replace(
        one.scanner, transport=Transport.DOWN, backing=10, margin_mm=(0.0, 0.0), scale=(1.0, 1.0),
        blur_px=0.0, noise=0.0, gamma=1.0, black=0.0, white=255.0, shading=(0.0, 0.0),
    )  # fmt: skip
    return replace(one, **{"scanner": on, **calm, **members})


def faces(one, shade=255):
    inside, _ = paper(printed(shade), Face.INSIDE, one)
    outside, _ = paper(with_bleed(np.full_like(inside, 220), DPI), Face.OUTSIDE, replace(one, cut_mm=(0, 0)))
    return scanned((inside, outside[: inside.shape[0], : inside.shape[1]]), one)


def inside_of(one):
    return faces(one)[0]


def test_a_perfect_scanner_gives_the_paper_back():
    seen = inside_of(still())
    inner = seen[5:-5, 5:-5].astype(int)
    page = printed()[24:-24, 24:-24][5:-5, 5:-5].astype(int)
    assert seen.shape == (round(PAGE[1] * K), round(PAGE[0] * K))
    assert np.abs(inner - page).mean() < 0.5


@given(seed=st.integers(0, 10**6), level=st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_pictures_stay_within_bounds(seed, level):
    one = worn(seed, level)
    inside, outside = faces(replace(one, cut_mm=(0.0, 0.0)))
    most = levels()
    assert inside.shape == outside.shape
    for size, mm, other in zip(inside.shape, PAGE[::-1], PAGE, strict=True):
        room = (
            2 * most.margin_mm[level] + most.cut_mm[level] + other * np.sin(np.radians(most.skew_deg[level]))
        )
        assert mm - 1.5 <= size / K <= mm + room + 0.5


@given(seed=st.integers(0, 10**6), level=st.integers(0, 3))
@settings(max_examples=50, deadline=None)
def test_sheets_suffer_no_more_than_their_level_allows(seed, level):
    one, most = worn(seed, level), levels()
    slope = sum(2 * np.pi * a / t for a, t, _ in one.waves)
    assert slope <= most.stretch[level] + 1e-9 <= 0.01 + 1e-9
    assert abs(one.skew_deg) <= most.skew_deg[level] <= 3
    assert max(map(abs, one.cut_mm)) <= 1
    assert max(abs(v) for shift in one.print_shift_mm for v in shift) <= 2
    assert len([f for f in one.folds if f.printed]) == 1
    assert frame_px(PAGE, one)[0] > 0


@given(st.integers(0, 10**6))
@settings(max_examples=8, deadline=None)
def test_the_same_wear_gives_the_same_picture(seed):
    assert all(np.array_equal(a, b) for a, b in zip(faces(worn(seed, 2)), faces(worn(seed, 2)), strict=True))


def test_worse_levels_are_noisier():
    def unrest(level):
        return np.mean([inside_of(worn(seed, level))[-60:-30, 300:400].std() for seed in range(6)])

    assert unrest(0) < unrest(1) < unrest(3)


def test_a_turned_sheet_is_upside_down():
    upright, turned = inside_of(still()), inside_of(still(turned=True))
    assert np.abs(upright.astype(int) - turned[::-1, ::-1]).mean() < 0.5


def test_both_faces_lie_on_the_same_paper():
    # a hole through the paper would be mirrored: skew and offset change their sign on the back
    one = still(skew_deg=2.0, offset_mm=(0.4, 0.0), scanner=replace(still().scanner, margin_mm=(8.0, 8.0)))
    inside, outside = faces(replace(one))
    paper_inside, paper_outside = inside > 100, outside[:, ::-1] > 100
    paper_inside |= inside == 0  # the printed bar
    assert (paper_inside == paper_outside).mean() > 0.99


def test_feed_waves_move_print_by_no_more_than_their_amplitude():
    flat, waved = inside_of(still()), inside_of(still(waves=((0.5, 80.0, 0.3),)))
    top = [np.flatnonzero(seen[:, 140] < 100)[5] for seen in (flat, waved)]
    assert 0 < abs(top[0] - top[1]) <= np.ceil(0.5 * K)


def test_a_fold_is_a_dark_line_where_it_is_made():
    bare, folded = inside_of(still()), inside_of(still(folds=(Fold((60.0, 45.0), 0.0, 0.4, 0.1, 0.6),)))
    loss = (bare.astype(int) - folded)[400:600].mean(axis=0)
    assert abs(int(np.argmax(loss)) - 60 * K) < 2
    assert loss.max() > 60
    assert np.abs(loss[: round(50 * K)]).max() < 3


def test_the_outside_shows_the_same_fold_mirrored():
    _, folded = faces(still(folds=(Fold((40.0, 45.0), 0.0, 0.4, 0.0, 0.6),)))
    assert abs(int(np.argmin(folded[400:600].mean(axis=0))) - 80 * K) < 2


@pytest.mark.parametrize("angle", [90.0, 45.0, -30.0])
def test_a_second_fold_can_run_any_way(angle):
    bare, folded = inside_of(still()), inside_of(still(folds=(Fold((60.0, 45.0), angle, 0.3, 0.0, 0.6),)))
    darker = bare.astype(int) - folded > 30
    assert darker.sum() > 200
    assert darker[round(45 * K), round(60 * K)]


@pytest.mark.parametrize("which", range(4))
def test_a_cut_corner_shows_what_lies_behind(which):
    one = still(corner=Corner(which, (12.0, 12.0), cut=True))
    inside, outside = faces(one)
    y, x = (-20 if which in {2, 3} else 20), (-20 if which in {1, 2} else 20)
    assert inside[y, x] == 10
    assert outside[:, ::-1][y, x] == 10
    assert inside[-y, -x] > 100


def test_a_dog_ear_lies_on_the_inside_and_is_missing_outside():
    inside, outside = faces(still(corner=Corner(0, (14.0, 14.0), cut=False)))
    spot = round(9 * K)
    assert 150 < inside[spot, spot] < 255
    assert outside[:, ::-1][20, 20] == 10
    assert still(corner=Corner(0, (14.0, 14.0), cut=False)).kinds == ("dog_ear",)


def test_the_other_face_shines_through_mirrored():
    one = still(bleed=0.08)
    inside, _ = paper(with_bleed(np.full((709, 945), 255, np.uint8), DPI), Face.INSIDE, one)
    behind = inside.copy()
    behind[300:400, 100:200] = 0
    seen = scanned((inside, behind), one)[0]
    assert 225 < seen[350, 945 - 150] < 240
    assert seen[350, 300] > 250


def test_a_streak_runs_along_the_transport():
    streak = Streak(0.25, 2, 0.4, 0.0, 1.0)
    down = still(streaks=((streak,), ()))
    across = replace(down, scanner=replace(down.scanner, transport=Transport.ACROSS))
    assert (inside_of(down)[20:-20, round(0.25 * 945)] < 110).all()
    assert (inside_of(across)[round(0.25 * 709), 200:-20] < 110).all()
    assert down.kinds == ("streak",)


def test_specks_and_dot_gain_darken():
    bare = inside_of(still()).astype(int)
    assert inside_of(still(specks=(30, 0))).sum() < bare.sum()
    assert (inside_of(still(dot_gain=0.9)) < 200).sum() > (bare < 200).sum()


def test_print_lies_shifted_on_its_paper():
    _, at = paper(printed(), Face.INSIDE, still(print_shift_mm=((1.5, -0.8), (0.0, 0.0))))
    assert at == pytest.approx((1.5, -0.8), abs=0.07)


def test_colour_goes_through_as_well():
    one = replace(worn(3, 2), cut_mm=(0.0, 0.0))
    page, _ = paper(np.dstack([printed()] * 3), Face.INSIDE, one)
    inside, outside = scanned((page, page.copy()), one)
    assert inside.shape[2] == outside.shape[2] == 3
    assert Image.open(BytesIO(jpeg(inside, 80, DPI))).mode == "RGB"


def test_the_jpeg_says_its_resolution():
    seen = inside_of(worn(1, 1))
    read = Image.open(BytesIO(jpeg(seen, 85, DPI)))
    assert read.info["dpi"] == (200, 200)
    assert read.size == seen.shape[::-1]
    assert np.abs(np.asarray(read).astype(int) - seen).mean() < 6
