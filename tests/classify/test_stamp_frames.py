"""Frames cut by a machine are parallel all round; what a hand draws, and letters alone, are not."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.atlas import PER_MM
from scanner.classify.stamp_frames import FrameBounds, exact_frames
from scanner.config import calibration

BOUNDS = calibration("stamp_frames", FrameBounds)
SIDE = 400


def paper():
    return np.zeros((SIDE, SIDE), np.uint8)


def worded(page):
    for n, said in enumerate(("VALGSTYRET", "14 SEP")):
        cv2.putText(page, said, (130, 190 + 40 * n), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 3)
    return page


def rims(half, gap_mm, *, boxed=False, turned=0.0, wobble_mm=0.0, seed=1):
    """Two rims about the middle; `wobble_mm`: how far each leaves its way, as a careful hand does."""
    rng, page = np.random.default_rng(seed), paper()
    for n in range(2):
        a, b = (one - n * gap_mm * PER_MM for one in half)
        if boxed:
            way = np.array([(-a, -b), (a, -b), (a, b), (-a, b), (-a, -b)])
            way = np.concatenate([np.linspace(p, q, 60) for p, q in pairwise(way)])
        else:
            turn = np.linspace(0, 2 * np.pi, 240)
            way = np.stack([a * np.cos(turn), b * np.sin(turn)], axis=1)
        t = np.linspace(0, 2 * np.pi, len(way))
        slow = [np.sin(k * t[:, None] + rng.uniform(0, 6, 2)) for k in (2, 3, 4)]
        way = way + wobble_mm * PER_MM * sum(slow) / 1.2
        c, s = np.cos(turned), np.sin(turned)
        places = way @ np.array([[c, s], [-s, c]]) + SIDE / 2
        cv2.polylines(page, [np.round(places * 16).astype(np.int32)], False, 255, 4, cv2.LINE_AA, 4)
    return worded(page)


@given(st.floats(90, 160), st.floats(0.6, 1.0), st.floats(1.3, 1.8), st.booleans(), st.floats(-0.5, 0.5))
@settings(max_examples=20, deadline=None)
def test_two_parallel_rims_are_a_machines(half, flat, gap, boxed, turned):
    assert exact_frames(rims((half, max(flat * half, 70)), gap, boxed=boxed, turned=turned), BOUNDS)


@pytest.mark.parametrize("boxed", [False, True])
@pytest.mark.parametrize("wobble", [0.25, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(6))
def test_two_rims_drawn_by_hand_are_not(boxed, wobble, seed):
    assert not exact_frames(rims((140, 110), 1.5, boxed=boxed, wobble_mm=wobble, seed=seed), BOUNDS)


def test_one_rim_letters_and_no_ink_are_not():
    one = worded(paper())
    assert not exact_frames(one, BOUNDS)
    cv2.circle(one, (200, 200), 140, 255, 4)
    assert not exact_frames(one, BOUNDS)
    assert not exact_frames(paper(), BOUNDS)
