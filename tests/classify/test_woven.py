"""Faint ink on the pattern: light letters are seen, folds, streaks, light and the bare pattern are not."""

from functools import cache

import cv2
import numpy as np
import pytest

from scanner.ballot import Face
from scanner.classify.atlas import DPI, PER_MM
from scanner.classify.ink import InkLimits, printed
from scanner.classify.register import align, prepare
from scanner.classify.registered import Limits, Template
from scanner.classify.woven import Woven, WovenBounds, faint_ink, woven
from scanner.config import calibration
from tests import foreign, scans

BOUNDS = calibration("woven", WovenBounds)
LIMITS = calibration("registration", Limits)
FOLD = 145.0  # mm
AT = (195, 165)  # mm: nothing but pattern


@cache
def ready() -> tuple[Template, Woven]:
    template = prepare(scans.printed("A", Face.OUTSIDE), DPI, LIMITS)
    pattern = woven(template, printed(template, calibration("ink", InkLimits)))
    assert pattern is not None
    return template, pattern


def found(page: np.ndarray) -> list[tuple[float, float]]:
    template, pattern = ready()
    laid = align(page.astype(np.uint8), template, np.eye(3), LIMITS)
    return [one.centre for one in faint_ink(laid, pattern, (FOLD,), BOUNDS)]


def outside() -> np.ndarray:
    return scans.printed("A", Face.OUTSIDE).astype(float)


def letters(light: float) -> np.ndarray:
    """The outside with a word of a pen that leaves so much of the light."""
    page, word = outside(), np.zeros(outside().shape, np.uint8)
    at = round(AT[0] * PER_MM), round(AT[1] * PER_MM)
    cv2.putText(word, "NAVN", at, cv2.FONT_HERSHEY_SIMPLEX, 1.4, 1, 3, cv2.LINE_8)
    return np.where(word > 0, page * light, page)


@pytest.mark.parametrize("light", [0.4, 0.6, 0.7])
def test_a_lightly_written_word_is_seen_where_it_stands(light: float) -> None:
    spots = found(letters(light))
    assert spots
    assert all(abs(x - AT[0] - 8) < 14 and abs(y - AT[1]) < 8 for x, y in spots)


def test_the_bare_pattern_holds_nothing() -> None:
    assert found(outside()) == []
    noise = np.random.default_rng(3).normal(0, 6, outside().shape)
    assert found(np.clip(outside() * 0.85 + noise, 0, 255)) == []


def test_uneven_light_is_no_ink() -> None:
    page = outside()
    assert found(page * np.linspace(1, 0.8, page.shape[1])[None, :]) == []


@pytest.mark.parametrize("across", [False, True])
def test_streaks_and_second_folds_are_narrow(across: bool) -> None:
    page = outside()
    at = round(70 * PER_MM) if across else round(210 * PER_MM)
    strip = np.s_[at : at + 4, :] if across else np.s_[:, at : at + 4]
    for dark in (0.8, 0.6, 0.55, 0.5):
        page[strip] = outside()[strip] * dark
        assert found(page) == []


def test_the_printed_fold_is_left_out() -> None:
    page = outside()
    left, right = round((FOLD - 1.5) * PER_MM), round((FOLD + 1.5) * PER_MM)
    page[:, left:right] *= 0.7
    assert found(page) == []


def test_a_form_without_pattern_has_none() -> None:
    assert woven(foreign.template(), foreign.prints()) is None


@pytest.mark.parametrize("gamma", [0.7, 1.5])
def test_a_scanner_that_shows_dark_print_otherwise_writes_nothing_on_it(gamma: float) -> None:
    """Specks of the strip's dark head once passed for pattern: every ballot of such a scanner was doubted."""
    assert found(255 * (outside() / 255) ** gamma) == []


def test_the_pattern_is_known_by_large_pieces_only() -> None:
    """Where hardly any of it is left between other print, its grey is not known."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ready()[1].where.astype(np.uint8), connectivity=8)
    assert labels.max() >= 1
    assert stats[1:, cv2.CC_STAT_AREA].min() >= 100
