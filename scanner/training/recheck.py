"""Does every bound of a learned reader still follow from its held-out cases? Asked by an auditor.

The held-out cases are made again from the seed on the model's card and looked at through the shipped
model, then the bounds are chosen as training chose them. Needs no PyTorch.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from scanner.classify.eyes import Model, shipped_model
from scanner.config import shipped
from scanner.errors import UsageError
from scanner.training.bound import Bound

CLOSE = 2e-3  # another processor may round the last bits of a probability differently


class HeldOut(Protocol):
    """What a module of held-out cases offers."""

    def bounds(self, model: Model, seed: int, real: Path | None) -> tuple[Bound, ...]:
        """The bounds that the held-out cases justify."""
        ...  # pragma: no cover


@dataclass(frozen=True, slots=True)
class Reader:
    """A learned reader: its model, the file of its bounds and where its held-out cases are made."""

    name: str
    model: str
    numbers: str
    module: str = ""  # default: `<name>_held_out` beside this one

    @property
    def held_out(self) -> HeldOut:
        """Its held-out cases."""
        return cast("HeldOut", import_module(self.module or f"scanner.training.{self.name}_held_out"))


READERS: tuple[Reader, ...] = (
    Reader("marks", "mark", "mark_model"),
    Reader("words", "words", "words"),
    Reader("digits", "digits", "digits"),
    Reader("stamp", "stamp", "stamp_eyes"),
)
"""Every learned reader whose bounds can be chosen again."""


@dataclass(frozen=True, slots=True)
class Recheck:
    """One bound as it was shipped and as the held-out cases give it now."""

    reader: str
    bound: Bound
    shipped: float | None  # None: no such number is shipped

    @property
    def same(self) -> bool:
        """True if the shipped number follows from the cases."""
        return self.shipped is not None and abs(self.shipped - self.bound.value) <= CLOSE


def readers(only: str | None = None) -> tuple[Reader, ...]:
    """All readers, or the one called `only`. Raises UsageError if there is none."""
    chosen = tuple(one for one in READERS if only in {None, one.name})
    if not chosen:
        names = ", ".join(one.name for one in READERS)
        raise UsageError(f"No reader is called {only}; choose one of {names}.")
    return chosen


def recheck(chosen: tuple[Reader, ...], real: Path | None) -> Iterator[Recheck]:
    """Choose every bound again, reader by reader; `real` is a folder of real ink, as training used.

    Raises ModelError if a model is damaged.
    """
    for reader in chosen:
        model = shipped_model(reader.model)
        numbers = _shipped_numbers(reader.numbers)
        for bound in reader.held_out.bounds(model, model.card.seed, real):
            yield Recheck(reader.name, bound, numbers.get(bound.name))


def title(reader: Reader) -> str:
    """The first line of the shipped numbers of a reader, which says what they are."""
    return (shipped("calibration") / f"{reader.numbers}.toml").read_text("utf-8").splitlines()[0].lstrip("# ")


def _shipped_numbers(name: str) -> dict[str, float]:
    entries = tomllib.loads((shipped("calibration") / f"{name}.toml").read_text("utf-8"))
    return {key: float(entry["value"]) for key, entry in entries.items()}
