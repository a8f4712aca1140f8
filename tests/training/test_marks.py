import importlib.util

import numpy as np
import pytest

from scanner.classify.box_eyes import SIDE, OnnxEyes
from scanner.errors import ExitCode, UsageError
from scanner.training import NEEDED, marks_held_out, train_models

HERE = all(importlib.util.find_spec(name) for name in NEEDED)


@pytest.mark.skipif(HERE, reason="the train extra is installed")
def test_without_torch_training_says_what_to_install(tmp_path):
    with pytest.raises(UsageError, match="train extra") as refused:
        train_models(tmp_path, 1)
    assert refused.value.exit_code == ExitCode.USAGE


@pytest.mark.skipif(not HERE, reason="needs the train extra")
def test_a_tiny_training_gives_the_same_bytes_twice(tmp_path, monkeypatch):
    from scanner.training.marks import Plan, train  # noqa: PLC0415 - opens torch

    monkeypatch.setattr(marks_held_out, "BOXES", 200)
    plan = Plan(learn=300, temper=60, test=60, passes=1)
    cards = [train(tmp_path / name, 3, plan) for name in ("one", "two")]
    assert cards[0] == cards[1]
    eyes = OnnxEyes(tmp_path / "one" / "models" / "mark.onnx")
    assert eyes.marks(np.zeros((2, SIDE, SIDE), np.uint8)).shape == (2,)
