"""Bounds are chosen again as training chose them, and compared with the shipped ones."""

from pathlib import Path

import pytest

from scanner.classify.eyes import Model
from scanner.errors import UsageError
from scanner.training.bound import Bound
from scanner.training.recheck import READERS, Reader, Recheck, readers, recheck, title
from tests.command import valgskanner

FEW = Reader("few", "mark", "mark_model", "tests.training.test_recheck")


def bounds(model: Model, seed: int, real: Path | None) -> tuple[Bound, ...]:
    """A module of held-out cases: this test's own, whose evidence tells what it was given."""
    what = f"{model.card.model} {seed} {real}"
    return Bound("lo", 0.123456, "probability", 3000, 0, 0.001, what), Bound("new", 0.5, "", 10, 0, 1.0, what)


def test_held_out_cases_are_drawn_with_the_seed_on_the_card_and_seen_through_the_shipped_model() -> None:
    lo, new = recheck((FEW,), Path("ink"))
    assert lo.bound.what == new.bound.what == "mark.onnx 2026 ink"
    assert lo.reader == "few"


def test_a_bound_that_is_not_the_shipped_one_is_told() -> None:
    lo, new = recheck((FEW,), None)
    assert lo.shipped is not None
    assert not lo.same
    assert new.shipped is None
    assert not new.same


@pytest.mark.parametrize(("shipped", "same"), [(0.5, True), (0.5015, True), (0.503, False), (None, False)])
def test_only_the_last_bits_may_differ(shipped: float | None, same: bool) -> None:
    assert Recheck("few", Bound("sure", 0.5, "", 10, 0, 1.0, ""), shipped).same is same


def test_every_reader_has_its_model_its_numbers_and_its_cases() -> None:
    for one in READERS:
        assert (Path("models") / f"{one.model}.onnx").is_file()
        assert (Path("calibration") / f"{one.numbers}.toml").is_file()
        assert callable(one.held_out.bounds)


def test_an_unknown_reader_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match=r"No reader is called nobody; choose one of marks"):
        readers("nobody")


def test_the_command_refuses_it_too() -> None:
    said = valgskanner("calibrate", "nobody")
    assert said.code == 2
    assert "No reader is called nobody" in said.err


def test_chosen_again_the_numbers_stand_under_the_shipped_title() -> None:
    for one in READERS:
        first = (Path("calibration") / f"{one.numbers}.toml").read_text("utf-8").splitlines()[0]
        assert first == f"# {title(one)}"
