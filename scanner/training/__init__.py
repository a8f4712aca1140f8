"""The only place that knows torch: drawn data and real ink in, `models/*.onnx` and their cards out.

One module a model, each with `train(out, seed, say) -> Card` (DESIGN § 3).
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from scanner.config import shipped
from scanner.errors import ExitCode, UsageError

NEEDED = ("torch", "onnx")
MODELS = ("marks", "words_gray", "words", "digits", "stamp")
"""The modules that make a model, in the order they are taught."""


def train_models(out: Path | None, seed: int, only: str | None = None) -> int:
    """Teach every model, or `only` one, from a seed and say what came of it; exit code 0.

    Writes `models/` and `calibration/` below `out`, by default those of this checkout. Raises
    UsageError if the `train` extra is not installed (counting never needs it) or no model is called so.
    """
    if only is not None and only not in MODELS:
        raise UsageError(f"No model is made by {only}; choose one of {', '.join(MODELS)}.")
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        names = " and ".join(missing)
        raise UsageError(
            f"Training needs {names}: install the train extra, pip install 'valgskanner[train]'."
        )
    say = Console(stderr=True)
    for name in MODELS if only is None else (only,):
        _taught(name, out or shipped("models").parent, seed, say)
    return ExitCode.DONE


def _taught(name: str, out: Path, seed: int, say: Console) -> None:
    """One model; its module is opened only when torch is there."""
    card = import_module(f"scanner.training.{name}").train(out, seed, say=say.print)
    told = "its figures stand on the card of its companion"
    if every := card.metrics.get("all"):
        told = f"of {every.n} held-out cases {every.wrong_but_sure} wrong but sure, {every.doubtful} doubtful"
    say.print(f"{card.model} {card.sha256[:16]}: {told}.")
