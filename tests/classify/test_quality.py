"""An image too dark, too pale or empty is poor; a normal scan is not; any image is answered."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Face, Reason
from scanner.classify.quality import QualityBounds, quality
from scanner.config import calibration
from tests.scans import printed

BOUNDS = calibration("quality", QualityBounds)
POOR = (Reason.POOR_IMAGE,)


@pytest.mark.parametrize("face", list(Face))
@pytest.mark.parametrize(("black", "white"), [(0, 255), (60, 210), (90, 190)])
def test_a_normal_scan_is_good_enough(face, black, white):
    page = black + printed("A", face).astype(float) * (white - black) / 255
    assert quality(page.astype(np.uint8), BOUNDS) == ()


@pytest.mark.parametrize(("black", "white"), [(0, 90), (0, 0), (220, 255), (110, 160)])
def test_a_scan_too_dark_or_too_pale_is_poor(black, white):
    page = black + printed("A", Face.INSIDE).astype(float) * (white - black) / 255
    assert quality(page.astype(np.uint8), BOUNDS) == POOR


@pytest.mark.parametrize("level", [0, 127, 255])
def test_an_even_image_is_poor(level):
    assert quality(np.full((1756, 2283), level, np.uint8), BOUNDS) == POOR


def test_a_little_dirt_on_the_glass_does_not_matter():
    page = printed("A", Face.INSIDE)
    for x in range(100, 2000, 300):
        cv2.line(page, (x, 0), (x, page.shape[0]), 120, 2)
    assert quality(page, BOUNDS) == ()


@given(st.tuples(st.integers(1, 900), st.integers(1, 900)), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_any_image_is_answered(shape, seed):
    image = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    assert quality(image, BOUNDS) in {(), POOR}


@given(st.integers(-100, 100))
@settings(max_examples=30, deadline=None)
def test_darker_paper_never_makes_a_poor_image_good(shift):
    page = np.clip(printed("A", Face.INSIDE)[::4, ::4] * 0.6 + 50, 0, 255)
    seen = quality(np.clip(page + shift, 0, 255).astype(np.uint8), BOUNDS)
    darker = quality(np.clip(page + shift - 60, 0, 255).astype(np.uint8), BOUNDS)
    assert seen == () or darker == POOR or shift > 40  # above: too bright, not too dark
