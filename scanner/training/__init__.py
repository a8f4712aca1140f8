"""The only place that knows torch: drawn data in, `models/*.onnx` and their cards out (DESIGN § 3)."""

from importlib.util import find_spec
from pathlib import Path

from scanner.classify.eyes import Card
from scanner.errors import UsageError

NEEDED = ("torch", "onnx")


def train_models(out: Path, seed: int) -> list[Card]:
    """Teach every model from a seed; writes `models/` and `calibration/` below `out` (about 8 minutes).

    Raises UsageError if the `train` extra is not installed: counting never needs it.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        names = " and ".join(missing)
        raise UsageError(
            f"Training needs {names}: install the train extra, pip install 'valgskanner[train]'."
        )
    from scanner.training import marks  # noqa: PLC0415 - torch is opened only when it is there

    return [marks.train(out, seed)]
