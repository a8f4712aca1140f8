"""The stamp reader's eyes look at the right place of the page, and at its light, not at the lamp's."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Face
from scanner.classify.stamp_eyes import (
    DPI,
    HIGH,
    WIDE,
    Sight,
    StampEyeBounds,
    StampEyes,
    StampSight,
    levelled,
)
from tests.scans import printed


def half(page):
    """A page at 200 dpi as the pipeline keeps it: at 100."""
    even = page[: page.shape[0] // 2 * 2, : page.shape[1] // 2 * 2].astype(np.float32)
    small = even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2).mean(axis=(1, 3)).astype(np.uint8)
    return cv2.GaussianBlur(small, (3, 3), 0)


@given(st.floats(0.5, 1.0))
@settings(max_examples=20, deadline=None)
def test_a_darker_lamp_shows_the_same(keeps):
    window = half(printed("A", Face.OUTSIDE))[20 : 20 + HIGH, 300 : 300 + WIDE]
    darker = (window * keeps).astype(np.uint8)
    assert np.abs(levelled(window[None]) - levelled(darker[None])).max() < 0.02


def test_paper_is_one_and_ink_is_less():
    window = np.full((1, HIGH, WIDE), 200, np.uint8)
    window[0, 50:80, 50:80] = 50
    seen = levelled(window)
    assert seen.shape == (1, 1, HIGH, WIDE)
    assert seen[0, 0, 0, 0] == pytest.approx(1)
    assert seen[0, 0, 60, 60] == pytest.approx(0.25)


def test_a_black_scan_is_no_division_by_nothing():
    assert levelled(np.zeros((2, HIGH, WIDE), np.uint8)).max() == 0


def test_reader_b_agrees_only_within_its_bounds():
    within = StampEyeBounds(no_stamp=0.6, weak=0.8)
    for none, weak, agrees in ((0.59, 0.0, True), (0.61, 0.0, False), (0.1, 0.79, True), (0.1, 0.81, False)):
        chances = np.zeros(len(Sight), np.float32)
        chances[[Sight.NOTHING, Sight.OTHER, Sight.WEAK]] = none / 2, none / 2, weak
        assert StampSight(chances).agrees(within) is agrees


@pytest.mark.parametrize("middle_mm", [(120.0, 60.0), (3.0, 3.0), (250.0, 170.0)])
def test_the_window_lies_about_its_place_and_repeats_the_edge_of_the_page(middle_mm):
    page = np.arange(700 * 1000, dtype=np.uint32).reshape(700, 1000)
    middle, seen = np.round(np.array(middle_mm)[::-1] * DPI / 25.4).astype(int), []

    def model(windows):
        seen.append(windows)
        return np.zeros((1, len(Sight), 2), np.float32)

    dark = (page % 251).astype(np.uint8)
    StampEyes(model).look(dark, middle_mm)
    rows, columns = (np.arange(n) + m - n // 2 for n, m in zip((HIGH, WIDE), middle, strict=True))
    expected = dark[rows.clip(0, 699)][:, columns.clip(0, 999)]
    assert np.array_equal(seen[0], levelled(expected[None]))
