"""Writes what is known of a model beside it: its card, as TOML."""

import json
from pathlib import Path

import msgspec

from scanner.classify.eyes import Card


def write_card(path: Path, card: Card, digest: str) -> Card:
    """Write the card of a model with this sha256 and give it back complete."""
    final = msgspec.structs.replace(card, sha256=digest)
    plain = msgspec.to_builtins(final)
    metrics = plain.pop("metrics")
    lines = ["# What this model is, what it learnt from and how far it can be trusted. Written by training."]
    lines += [f"{name} = {_toml(value)}" for name, value in plain.items()]
    lines += [] if metrics else ["metrics = {}"]
    for name, one in metrics.items():
        lines += ["", f"[metrics.{name}]", *_rows(one)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return final


def _rows(metrics: dict[str, object]) -> list[str]:
    """One line a figure; what does not apply is left out."""
    return [f"{key} = {_toml(value)}" for key, value in metrics.items() if value is not None]


def _toml(value: object) -> str:
    """Strings, numbers and lists of strings, as TOML writes them (they read like JSON)."""
    if isinstance(value, list):
        return "[" + "".join(f"\n  {_toml(one)}," for one in value) + "\n]"
    return json.dumps(value, ensure_ascii=False)
