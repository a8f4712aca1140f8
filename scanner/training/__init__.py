"""The only place that knows torch: drawn data in, `models/*.onnx` and their cards out (DESIGN § 3)."""

from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from scanner.config import shipped
from scanner.errors import ExitCode, UsageError

NEEDED = ("torch", "onnx")


def train_models(out: Path | None, seed: int) -> int:
    """Teach every model from a seed (about 8 minutes on one core) and say what came of it; exit code 0.

    Writes `models/` and `calibration/` below `out`, by default those of this checkout. Raises
    UsageError if the `train` extra is not installed: counting never needs it.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        names = " and ".join(missing)
        raise UsageError(
            f"Training needs {names}: install the train extra, pip install 'valgskanner[train]'."
        )
    from scanner.training import marks  # noqa: PLC0415 - torch is opened only when it is there

    say = Console(stderr=True)
    card = marks.train(out or shipped("models").parent, seed, say=say.print)
    every = card.metrics["all"]
    say.print(
        f"{card.model} {card.sha256[:16]}: of {every.n} held-out boxes "
        f"{every.wrong_but_sure} wrong but sure, {every.doubtful} doubtful."
    )
    return ExitCode.DONE
