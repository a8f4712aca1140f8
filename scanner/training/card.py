"""Writes what is known of a model beside it: the card, and the bounds with their evidence, as TOML."""

import json
from pathlib import Path

import msgspec

from scanner.classify.box_eyes import Bounds
from scanner.classify.eyes import Card
from scanner.training.evidence import Beyond, Risk


def write_card(path: Path, card: Card, digest: str) -> Card:
    """Write the card of a model with this sha256 and give it back complete."""
    final = msgspec.structs.replace(card, sha256=digest)
    plain = msgspec.to_builtins(final)
    metrics = plain.pop("metrics")
    lines = ["# What this model is, what it learnt from and how far it can be trusted. Written by training."]
    lines += [f"{name} = {_toml(value)}" for name, value in plain.items()]
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


def write_bounds(path: Path, within: Bounds, risk: Risk, seen: Beyond, date: str) -> None:
    """Write the bounds of reader B with what was `seen` of them on the boxes that they were chosen on."""
    how = (
        "{wrong} of {n} {kind} held-out boxes lay beyond (voters not learnt from, half of them through a "
        f"scanner family not learnt from); Clopper-Pearson 95 %: the rate is at most {risk.rate:g}. No bound "
        f"lies further than {risk.edge:g} from the edge, and reader A must agree"
    )
    lines = ["# Reader B's bounds: at or above hi surely marked, at or below lo surely unmarked."]
    for name, value, wrong, n, kind in (
        ("lo", within.lo, seen.missed, seen.marked, "marked"),
        ("hi", within.hi, seen.invented, seen.unmarked, "unmarked"),
    ):
        lines += ["", f"[{name}]", f"value = {value:.6f}", 'unit = "probability"']
        lines += [f'date = "{date}"', f"how = {_toml(how.format(wrong=wrong, n=n, kind=kind))}"]
    path.write_text("\n".join(lines) + "\n", "utf-8")
