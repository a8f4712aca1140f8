import tomllib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.confidence import upper
from scanner.training.bound import Bound, loosest, write_bounds


@given(
    scores=st.lists(st.floats(0, 1), max_size=40),
    n=st.integers(40, 20_000),
    risk=st.sampled_from([0.0005, 0.001, 0.01]),
)
@settings(deadline=None)
def test_what_passes_the_chosen_bound_stays_within_the_risk(scores, n, risk):
    value, errors = loosest(scores, n, risk)
    assert errors == sum(one > value for one in scores)
    assert value == 1.0 or upper(errors, n) <= risk


def test_too_few_cases_justify_nothing():
    assert loosest([], 100, 0.001) == (1.0, 0)


def test_the_bound_is_no_stricter_than_the_risk_asks():
    value, errors = loosest(np.linspace(0.5, 0.9, 50), 10_000, 0.001)
    assert errors >= 1
    assert upper(errors + 2, 10_000) > 0.001
    assert value < 0.9


def test_a_bound_is_written_with_its_evidence(tmp_path):
    write_bounds(tmp_path / "x.toml", "Bounds.", [Bound("sure", 0.9, "probability", 3000, 0, 0.001, "drawn")])
    entry = tomllib.loads((tmp_path / "x.toml").read_text("utf-8"))["sure"]
    assert entry["value"] == pytest.approx(0.9)
    assert "0 of 3000 failed (drawn)" in entry["how"]
    assert "0.001" in entry["how"]
