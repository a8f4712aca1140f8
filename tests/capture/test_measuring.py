"""Target sheets through scanners whose faults are known: what went in is what is measured."""

from dataclasses import replace

import numpy as np
import pytest

from scanner.ballot import Face
from scanner.capture.measuring import measure
from scanner.layout.raster import render
from scanner.layout.targets import A4, GREYS, target, target_page
from scanner.pixels import Gray
from scanner.simulate.scan import paper, scanned, with_bleed
from scanner.simulate.wear import Scanner, Transport, Wear, scanner, wear

KNOWN = target()


def printed(dpi: float = 200) -> Gray:
    return render([target_page(KNOWN)], dpi)[0]


def fate(level: int, seed: int = 1, **changes: object) -> tuple[Wear, Scanner]:
    rng = np.random.default_rng([seed, level])
    on = replace(scanner(level, rng), transport=Transport.DOWN, margin_mm=(5.0, 5.0), **changes)  # type: ignore[arg-type]
    worn = wear(on, A4, (), rng)
    return replace(worn, corner=None, folds=(), cut_mm=(0.0, 0.0), streaks=((), ())), on


def side(worn: Wear) -> Gray:
    page = printed()
    blank = with_bleed(np.full_like(page, 255), 200)
    faces = paper(with_bleed(page, 200), Face.INSIDE, worn)[0], paper(blank, Face.OUTSIDE, worn)[0]
    return scanned(faces, worn)[0]


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_a_perfect_scanner(turn: int, dpi: int) -> None:
    seen = measure(np.ascontiguousarray(np.rot90(printed(dpi), turn)), dpi, KNOWN)
    assert seen is not None
    assert (seen.scale_across, seen.scale_along) == pytest.approx((1, 1), abs=3e-4)
    assert seen.skew_deg == pytest.approx(0, abs=0.01)
    assert seen.stretch < 5e-4
    assert seen.residual_mm < 0.02
    assert seen.tone == pytest.approx(GREYS, abs=2)
    assert seen.noise < 0.5


@pytest.mark.parametrize("level", range(4))
@pytest.mark.parametrize("turned", [False, True])
def test_known_faults_come_out(level: int, turned: bool) -> None:
    worn, on = fate(level, 2, scale=(1.008, 0.994))
    worn = replace(worn, turned=turned, skew_deg=0.6, waves=())
    seen = measure(side(worn), 200, KNOWN)
    assert seen is not None
    assert seen.scale_across == pytest.approx(1 / 1.008, abs=6e-4)
    assert seen.scale_along == pytest.approx(1 / 0.994, abs=6e-4)
    assert abs(seen.skew_deg) == pytest.approx(0.6, abs=0.03)
    assert list(seen.tone) == sorted(seen.tone)
    assert seen.tone[0] == pytest.approx(on.black, abs=25)


def test_a_feeder_that_pulls_is_told_from_one_that_does_not() -> None:
    worn, _ = fate(1, 3, scale=(1.0, 1.0))
    even = measure(side(replace(worn, waves=())), 200, KNOWN)
    slope = 0.008
    wave = (slope * 120 / (2 * np.pi), 120.0, 0.3)
    pulled = measure(side(replace(worn, waves=(wave,))), 200, KNOWN)
    assert even is not None
    assert pulled is not None
    assert even.stretch < 0.0015
    assert 0.6 * slope < pulled.stretch < 1.3 * slope


def test_noise_is_told() -> None:
    quiet, loud = (measure(side(fate(1, 4, noise=noise, blur_px=0.0)[0]), 200, KNOWN) for noise in (1.0, 8.0))
    assert quiet is not None
    assert loud is not None
    assert loud.noise > quiet.noise + 3


@pytest.mark.parametrize("level", [0, 255])
def test_another_sheet_measures_nothing(level: int) -> None:
    assert measure(np.full((2339, 1654), level, np.uint8), 200, KNOWN) is None


def test_the_wrong_resolution_measures_nothing() -> None:
    assert measure(printed(300), 200, KNOWN) is None
