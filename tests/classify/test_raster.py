"""Pixels keep their type and their meaning whatever is done to them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.raster import (
    as_gray,
    darkest,
    disc,
    grown_to,
    halved,
    inside,
    lightest,
    shrunk_to,
    square,
)
from scanner.pixels import Gray

some_size = st.tuples(st.integers(8, 40), st.integers(8, 40))


def speckled(shape: tuple[int, int], seed: int = 3) -> Gray:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


@settings(max_examples=30, deadline=None)
@given(some_size, st.integers(1, 3))
def test_halving_cuts_odd_edges_and_keeps_the_mean(shape: tuple[int, int], times: int) -> None:
    page = speckled(shape)
    small, side = halved(page, times), 2**times
    assert small.dtype == np.uint8
    assert small.shape == (shape[0] // side, shape[1] // side)
    used = page[: small.shape[0] * side, : small.shape[1] * side].astype(float)
    mean = used.reshape(small.shape[0], side, small.shape[1], side).mean(axis=(1, 3))
    assert np.abs(mean - small).max() <= times  # each halving rounds once


def test_not_halving_changes_nothing() -> None:
    page = speckled((9, 11))
    assert np.array_equal(halved(page, 0), page)


@settings(max_examples=30, deadline=None)
@given(some_size, st.integers(0, 255), st.integers(0, 255))
def test_inside_is_a_mask_that_includes_both_ends(shape: tuple[int, int], low: int, high: int) -> None:
    page = speckled(shape)
    wanted = (page >= low) & (page <= high)
    assert np.array_equal(inside(page, low, high), np.where(wanted, 255, 0))


def test_inside_asks_for_fractions_of_a_level_too() -> None:
    page = np.array([[9, 10, 11]], np.uint8)
    assert inside(page, 9.5, 10.5).tolist() == [[0, 255, 0]]


@settings(max_examples=20, deadline=None)
@given(some_size, st.sampled_from([1, 3, 5]))
def test_darkest_and_lightest_hold_every_pixel_between_them(shape: tuple[int, int], side: int) -> None:
    page = speckled(shape)
    low, high = darkest(page, square(side)), lightest(page, square(side))
    assert (low <= page).all()
    assert (page <= high).all()
    assert np.array_equal(255 - lightest(255 - page, square(side)), low)


def test_a_grown_mask_covers_the_kernel_around_a_pixel() -> None:
    mask = np.zeros((21, 21), np.uint8)
    mask[10, 10] = 255
    grown = lightest(mask, disc(4))
    y, x = np.nonzero(grown)
    assert np.hypot(y - 10, x - 10).max() <= 4.3
    assert (grown[10, 6:15] == 255).all()
    assert lightest(mask, square(5)).sum() == 25 * 255


@pytest.mark.parametrize("radius", [0.5, 1.0, 2.4, 6.0])
def test_a_disc_is_round_odd_and_looks_the_same_from_all_sides(radius: float) -> None:
    kernel = disc(radius)
    assert kernel.shape[0] == kernel.shape[1]
    assert kernel.shape[0] % 2 == 1
    assert set(np.unique(kernel).tolist()) <= {0, 1}
    assert kernel[kernel.shape[0] // 2, kernel.shape[0] // 2] == 1
    assert np.array_equal(kernel, kernel.T)
    assert np.array_equal(kernel, kernel[::-1])


def test_shrinking_averages_and_growing_goes_straight() -> None:
    page = np.zeros((40, 60), np.uint8)
    page[:, 30:] = 200
    assert shrunk_to(page, (2, 1)).tolist() == [[0, 200]]
    ramp = grown_to(shrunk_to(page, (2, 1)), (60, 1)).astype(int)[0]
    assert (np.diff(ramp) >= 0).all()
    assert ramp[0] == 0
    assert ramp[-1] == 200
    assert abs(int(ramp[29]) + int(ramp[30]) - 200) <= 2


def test_gray_is_bytes_and_shares_its_pixels_when_it_can() -> None:
    page = speckled((5, 6))
    assert as_gray(page) is page
    assert as_gray(page.astype(np.float32)).dtype == np.uint8
