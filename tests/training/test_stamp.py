"""Teaching the stamp reader: the same bytes from the same seed, and bounds that their cases justify."""

import importlib.util

import numpy as np
import pytest

from scanner.classify.eyes import Model, shipped_model
from scanner.classify.stamp_eyes import HIGH, WIDE, Sight, StampEyes
from scanner.classify.stamp_eyes import bounds as shipped_bounds
from scanner.training import NEEDED, stamp_held_out
from scanner.training.bound import loosest
from scanner.training.stamp_held_out import MISSING, STAMPED, answers, bounds, cases

HERE = all(importlib.util.find_spec(name) for name in NEEDED)


@pytest.mark.skipif(not HERE, reason="needs the train extra")
def test_a_tiny_training_gives_the_same_bytes_twice(tmp_path, monkeypatch):
    from scanner.training.stamp import Plan, train  # noqa: PLC0415 - opens torch

    monkeypatch.setattr(stamp_held_out, "CASES", 80)
    plan = Plan(learn=64, calm=20, passes=1, missing=30, stamped=30)
    first, second = (train(tmp_path / name, 3, str, plan) for name in ("one", "two"))
    assert first == second
    assert first.metrics["missing"].n == 30
    eyes = StampEyes(Model(tmp_path / "one" / "models" / "stamp.onnx"))
    seen = eyes.look(np.full((2 * HIGH, 2 * WIDE), 255, np.uint8), (50.0, 40.0))
    assert seen.chances.sum() == pytest.approx(1, abs=1e-5)


def test_the_shipped_reader_tells_held_out_stamps_from_other_ink():
    model, card = shipped_model("stamp"), shipped_model("stamp").card
    missing = answers(model, cases(card.seed + 1, "test", MISSING, 60, None))
    stamped = answers(model, cases(card.seed + 1, "test", STAMPED, 60, None))
    within = shipped_bounds()
    assert np.median(missing.none) > 0.9
    good = (stamped.truth == Sight.STAMP) & ~stamped.faint
    assert (stamped.none[good] <= within.no_stamp).mean() > 0.95
    assert (stamped.chances[good].argmax(axis=1) == Sight.STAMP).mean() > 0.6


def test_bounds_are_those_of_the_worst_cases(monkeypatch):
    monkeypatch.setattr(stamp_held_out, "CASES", 80)
    monkeypatch.setattr(stamp_held_out, "RISK", 0.5)
    found, again = (bounds(shipped_model("stamp"), 5, None) for _ in range(2))
    assert [one.name for one in found] == ["no_stamp", "weak"]
    assert found == again
    assert all(one.upper95 <= 0.5 and one.n >= 10 for one in found)


def test_too_few_cases_make_the_reader_never_sure():
    assert loosest([], 20, 5e-4) == (1.0, 0)
