"""Crops for learning readers: each kind shows what it says."""

import numpy as np
import pytest

from scanner.ballot import Rect
from scanner.simulate.crops import CropKind, mark_crop
from scanner.simulate.wear import scanner

K = 200 / 25.4
BOX = Rect(4, 2, 4, 4)


def printed():
    """A bare box on 12 x 8 mm of paper."""
    page = np.full((64, 96), 250, np.uint8)
    x, y, right, low = (round(v * K) for v in (4, 2, 8, 6))
    page[y:low, x:right] = 20
    page[y + 3 : low - 3, x + 3 : right - 3] = 250
    return page


def inner(crop):
    """Inside of the box."""
    return crop[22:42, 38:58]


def crops(kind, level=0, count=12):
    return [
        mark_crop(printed(), BOX, K, kind, np.random.default_rng([n, 5]), level=level) for n in range(count)
    ]


@pytest.mark.parametrize("kind", list(CropKind))
@pytest.mark.parametrize("level", [0, 3])
def test_crops_have_the_shape_of_their_print_and_repeat(kind, level):
    one, again = (mark_crop(printed(), BOX, K, kind, np.random.default_rng(3), level=level) for _ in range(2))
    assert one.shape == printed().shape
    assert one.dtype == np.uint8
    assert np.array_equal(one, again)


@pytest.mark.parametrize("kind", [CropKind.MARK, CropKind.CORRECTION])
def test_marks_darken_the_inside_of_the_box(kind):
    empty = np.mean([inner(one).mean() for one in crops(CropKind.EMPTY)])
    assert all(inner(one).mean() < empty - 2 for one in crops(kind))


def test_an_empty_box_stays_light():
    assert min(inner(one).min() for one in crops(CropKind.EMPTY)) > 200


@pytest.mark.parametrize("kind", [CropKind.BESIDE, CropKind.TAIL])
def test_ink_beside_the_box_leaves_most_of_it_clean(kind):
    clean = [(inner(one) > 200).mean() for one in crops(kind)]
    assert np.mean(clean) > 0.8
    assert any(
        (one[:, :28] < 200).any() or (one[:, 66:] < 200).any() or (one[52:] < 200).any()
        for one in crops(kind)
    )


@pytest.mark.parametrize("kind", [CropKind.FOLD, CropKind.STREAK, CropKind.GHOST, CropKind.SLIP])
def test_faults_are_visible(kind):
    plain = mark_crop(printed(), BOX, K, CropKind.EMPTY, np.random.default_rng(1), level=0).astype(int)
    assert max(np.abs(one - plain).max() for one in crops(kind)) > 15


def test_a_given_scanner_is_used():
    noisy = scanner(3, np.random.default_rng(1), dpi=200.0)
    one = mark_crop(printed(), BOX, K, CropKind.EMPTY, np.random.default_rng(1), on=noisy)
    calm = mark_crop(printed(), BOX, K, CropKind.EMPTY, np.random.default_rng(1), level=0)
    assert one[:12].std() > calm[:12].std()
