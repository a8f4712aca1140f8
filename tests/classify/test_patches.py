"""Pieces of print that cannot slide are found again to a fraction of a pixel and vouch for each other."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scanner.classify.patches import Patches, Points, field_of_shifts, find_shifts, lay_patches, peak, trusted
from scanner.pixels import Gray
from tests.foreign import LIMITS

SIDE = 24
PITCH = 60
SCALE = 2
SHAPE = (320, 440)
EVERY = tuple((x, y) for y in range(0, SHAPE[0], 40) for x in range(0, SHAPE[1], 40))


def blobs() -> Gray:
    """Soft dark spots at random: well fixed in both directions everywhere."""
    noise = np.random.default_rng(11).normal(0, 1, SHAPE)
    soft = cv2.GaussianBlur(noise, (0, 0), 2.5)
    return np.asarray(np.clip(140 + soft * (120 / np.abs(soft).max()), 0, 255), np.uint8)


def lay(small: Gray, lookalike: float = LIMITS.lookalike) -> Patches:
    return lay_patches(
        small, (SCALE, PITCH, SIDE), texture=LIMITS.fine_texture, reach=20, lookalike=lookalike
    )


BLOBS = blobs()
PATCHES = lay(BLOBS)
STILL = np.zeros_like(PATCHES.centre)
INNER = ((PATCHES.corner > 20) & (PATCHES.corner + SIDE + 20 < SHAPE[::-1])).all(axis=1)  # never off the page


def moved(page: Gray, dx: float, dy: float) -> Gray:
    """The page, at 1/scale, with all its print (dx, dy) full-size px to the right and down."""
    matrix = np.array([[1, 0, dx / SCALE], [0, 1, dy / SCALE]])
    size = page.shape[::-1]
    laid = cv2.warpAffine(page, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(laid, np.uint8)


def by(dx: float, dy: float) -> Points:
    """The same shift for all."""
    return STILL + np.array([dx, dy], np.float32)


def test_each_cell_gives_one_piece_cut_where_it_says() -> None:
    across, down = -(-(SHAPE[1] - SIDE) // PITCH), -(-(SHAPE[0] - SIDE) // PITCH)
    assert across * down >= len(PATCHES) == len(PATCHES.pieces) > 0.8 * across * down
    assert len({(x // PITCH, y // PITCH) for x, y in PATCHES.corner.tolist()}) == len(PATCHES)
    assert PATCHES.corner.shape == PATCHES.centre.shape == (len(PATCHES), 2)
    for (x, y), piece in zip(PATCHES.corner.tolist(), PATCHES.pieces, strict=True):
        assert np.array_equal(piece, BLOBS[y : y + SIDE, x : x + SIDE])
        assert piece.shape == (SIDE, SIDE)


def test_a_centre_is_the_middle_of_the_piece_on_the_full_page() -> None:
    first, last = PATCHES.corner * SCALE, (PATCHES.corner + SIDE) * SCALE - 1
    assert PATCHES.centre == pytest.approx((first + last) / 2)


def test_neighbours_are_the_nearest_others() -> None:
    apart = np.hypot(*(PATCHES.centre[:, None] - PATCHES.centre[None]).transpose(2, 0, 1))
    for own, others in enumerate(PATCHES.neighbours.tolist()):
        assert own not in others
        rest = [one for one in range(len(PATCHES)) if one not in {own, *others}]
        assert apart[own, others].max() <= apart[own, rest].min() + 1e-3


def test_bare_paper_and_bare_rules_have_nothing_to_hold_on_to() -> None:
    page = np.full(SHAPE, 255, np.uint8)
    assert len(lay(page)) == 0
    for y in range(30, SHAPE[0], 50):
        page[y : y + 3] = 0
    assert len(lay(page)) == len(lay(page, lookalike=2)) == 0
    assert lay(page).centre.shape == (0, 2)


def test_a_woven_pattern_is_left_out_and_the_print_on_it_is_not() -> None:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    woven = np.where((x // 3 + y // 3) % 2, 255, 190).astype(np.uint8)
    assert len(lay(woven, lookalike=2)) > 20  # it has texture enough
    assert len(lay(woven)) == 0
    woven[100:220, 140:300] = BLOBS[100:220, 140:300]
    corners = lay(woven).corner.tolist()
    assert corners
    assert all(140 - SIDE < x < 300 and 100 - SIDE < y < 220 for x, y in corners)


@settings(max_examples=15, deadline=None)
@given(st.floats(-12, 12), st.floats(-12, 12))
def test_known_shifts_are_found_to_a_third_of_a_pixel(dx: float, dy: float) -> None:
    shifts, scores = find_shifts(moved(BLOBS, dx, dy), PATCHES, STILL, 8)
    seen = scores > LIMITS.patch_score
    assert seen.mean() > 0.8
    assert seen[INNER].all()
    assert np.abs(shifts[INNER] - (dx, dy)).max() < 0.3
    assert np.median(np.abs(shifts - (dx, dy))) < 0.15


def test_a_guess_brings_what_lies_far_into_reach() -> None:
    page = moved(BLOBS, 30, -25)
    near, scores = find_shifts(page, PATCHES, by(28, -26), 4)
    assert (scores[INNER] > 0.9).all()
    assert np.abs(near[INNER] - (30, -25)).max() < 0.3
    _, lost = find_shifts(page, PATCHES, STILL, 4)
    assert (lost[INNER] < 0.9).all()


def test_what_would_leave_the_page_is_not_looked_for() -> None:
    guess = STILL.copy()
    guess[0] = (-4000, 0)
    guess[1] = (0, 4000)
    shifts, scores = find_shifts(BLOBS, PATCHES, guess, 4)
    assert scores[:2].tolist() == [-1, -1]
    assert np.array_equal(shifts[:2], guess[:2])
    assert (scores[2:] > 0.99).all()
    assert np.array_equal(guess[2:], STILL[2:])


def test_bare_paper_scores_low_and_no_score_is_nan() -> None:
    _, scores = find_shifts(np.full(SHAPE, 255, np.uint8), PATCHES, STILL, 6)
    assert np.isfinite(scores).all()
    assert (np.abs(scores) <= 1.001).all()


@settings(max_examples=15, deadline=None)
@given(st.sets(st.integers(0, len(PATCHES) - 1), max_size=3), st.floats(-50, 50), st.floats(-50, 50))
def test_who_moves_unlike_the_neighbours_is_not_trusted(wrong: set[int], dx: float, dy: float) -> None:
    shifts = by(dx, dy)
    for one in wrong:
        shifts[one] += (9, -9)
    scores = np.full(len(PATCHES), 0.9, np.float32)
    good = trusted(PATCHES, shifts, scores, 0.5, 4.0)
    assert set(np.flatnonzero(~good).tolist()) == wrong


def test_who_scores_low_is_neither_trusted_nor_heard() -> None:
    shifts, scores = STILL.copy(), np.full(len(PATCHES), 0.2, np.float32)
    shifts += 100
    heard = [5, 6, *PATCHES.neighbours[5].tolist()]
    shifts[heard], scores[heard] = 3, 0.8
    good = trusted(PATCHES, shifts, scores, 0.5, 4.0)
    assert good[5]
    assert set(np.flatnonzero(good).tolist()) <= set(heard)
    assert not trusted(PATCHES, shifts, scores, 0.85, 4.0).any()


def test_alone_a_patch_is_measured_by_all_that_were_found() -> None:
    scores = np.zeros(len(PATCHES), np.float32)
    scores[3] = 0.9
    assert trusted(PATCHES, STILL + 7, scores, 0.5, 4.0).tolist() == [one == 3 for one in range(len(PATCHES))]


def points(*pairs: tuple[float, float]) -> Points:
    return np.array(pairs, np.float32)


@settings(max_examples=25, deadline=None)
@given(
    plane=st.lists(st.floats(-0.02, 0.02), min_size=4, max_size=4),
    shift=st.tuples(st.floats(-30, 30), st.floats(-30, 30)),
    widths=st.sampled_from([(), (300.0,), (300.0, 100.0)]),
)
def test_an_even_stretch_turn_and_shift_is_spread_as_it_is(
    plane: list[float], shift: tuple[float, float], widths: tuple[float, ...]
) -> None:
    def truth(at: Points) -> NDArray[np.float64]:
        there: NDArray[np.float64] = at @ np.array(plane).reshape(2, 2) + shift
        return there

    at, wanted = PATCHES.centre, points((-40, -40), (1000, 700), (300, 200))
    field, left = field_of_shifts(at, truth(at).astype(np.float32), wanted, widths)
    assert np.abs(field - truth(wanted)).max() < 0.02
    assert np.abs(left).max() < 0.02
    assert field.shape == wanted.shape
    assert left.shape == at.shape


def test_a_wave_is_followed_by_finer_widths() -> None:
    at = points(*EVERY)
    wave = np.column_stack([np.zeros(len(at)), 5 * np.sin(at[:, 1] / 60)]).astype(np.float32)
    coarse, fine = (np.abs(field_of_shifts(at, wave, at, some)[1]).mean() for some in ((), (100.0, 40.0)))
    assert fine < coarse / 3


def test_a_single_wrong_patch_does_not_bend_the_field() -> None:
    at, shifts = points(*EVERY), np.zeros((len(EVERY), 2), np.float32)
    shifts[len(EVERY) // 2] = (10, 0)
    field, left = field_of_shifts(at, shifts, at, (120.0,))
    assert np.abs(field).max() < 2
    assert left[len(EVERY) // 2, 0] > 8


@settings(max_examples=30)
@given(st.integers(1, 7), st.floats(-0.49, 0.49), st.floats(0.1, 5))
def test_the_top_of_a_parabola_is_found_exactly(index: int, off: float, bend: float) -> None:
    line = np.asarray(10 - bend * (np.arange(9) - index - off) ** 2, np.float32)
    assert peak(line, index) == pytest.approx(off, abs=0.01)


@pytest.mark.parametrize(("line", "index"), [([3, 2, 1], 0), ([1, 2, 3], 2), ([2, 2, 2], 1), ([5], 0)])
def test_without_a_top_between_neighbours_the_place_is_kept(line: list[float], index: int) -> None:
    assert peak(np.array(line, np.float32), index) == 0
