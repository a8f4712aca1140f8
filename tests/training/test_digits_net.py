"""Both readers of digits learn what they are shown, the same every time."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the train extra")

from scanner.classify.digits import ANSWERS, lit
from scanner.training.digits_edges import Waves, edges_bytes, solved
from scanner.training.digits_glyphs import Amount, Glyphs, glyphs
from scanner.training.digits_ink import Part
from scanner.training.digits_net import _varied, outputs, taught
from scanner.training.teaching import Pace

FEW = Amount(drawn=160, font=0, scribbles=0, times={}, sheets=0)


@pytest.fixture(scope="module")
def known() -> Glyphs:
    return glyphs(None, Part.LEARN, FEW, 3)


def test_reader_a_learns_what_it_is_shown(known: Glyphs) -> None:
    how = Waves(count=200, pace=Pace(8, batch=16, rate=2e-2))
    once, again = (solved(known.upright, known.answers, how, 4) for _ in range(2))
    assert (once.weights == again.weights).all()
    assert (once.votes(known.upright).argmax(1) == known.answers).mean() > 0.9
    assert edges_bytes(once, 1.0) == edges_bytes(again, 1.0)


def test_reader_b_learns_what_it_is_shown(known: Glyphs) -> None:
    nets = [taught(known, Pace(12, batch=16, rate=4e-3), 4) for _ in range(2)]
    once, again = (outputs(net, known.written) for net in nets)
    assert once.shape == (160, ANSWERS)
    assert (once == again).all()
    assert (once.argmax(1) == known.answers).mean() > 0.9


def test_a_varied_picture_is_still_that_picture(known: Glyphs) -> None:
    seen = _varied(known.written, np.random.default_rng(1)).numpy()
    before = lit(known.written)
    assert seen.shape == before.shape
    assert 0 <= seen.min() <= seen.max() <= 1
    assert np.allclose(seen.sum((1, 2, 3)), before.sum((1, 2, 3)), rtol=0.5, atol=4)
    assert not np.allclose(seen, before, atol=0.05)
