"""How evidence adds up to a chance: logistic regression on cases held back for it."""

import datetime
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
CALM = 1.0  # ridge: few writers must not make any weight large
ROUNDS = 30


def fitted(seen: Reals, right: Reals) -> tuple[float, ...]:
    """Weights (k,) for evidence (n, k), whose first column is 1, that explain best what was right (n,).

    By Newton's method; the first weight is free, a ridge holds the others small.
    """
    weights = np.zeros(seen.shape[1])
    calm = np.diag([1e-6, *[CALM] * (seen.shape[1] - 1)])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(seen @ weights, -30, 30)))
        bend = (seen * (chance * (1 - chance))[:, None]).T @ seen + calm
        weights += np.linalg.solve(bend, seen.T @ (right - chance) - calm @ weights)
    return tuple(round(float(one), 6) for one in weights)


def write_weights(path: Path, title: str, weights: Mapping[str, float], how: str) -> None:
    """Write the weights as `calibration/<reader>_belief.toml`, one table each, dated today."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    lines = [f"# {title}"]
    for name, value in weights.items():
        lines += ["", f"[{name}]", f"value = {value}", 'unit = "log odds"']
        lines += [f'date = "{today}"', f'how = "{how}"']
    path.write_text("\n".join(lines) + "\n", "utf-8")
