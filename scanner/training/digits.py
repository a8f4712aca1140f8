"""Teaches both readers of written digits and chooses their bounds on writers they never met.

Everything drawn comes from a seed; real digits are added where a folder of them is named by the variable
VALGSKANNER_REAL_DATA. The shipped models learnt from both.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch

from scanner.classify.digit_glyphs import FEATURES, SIDE
from scanner.classify.digits import ANSWERS, A, B
from scanner.classify.eyes import Card, Metrics, Model
from scanner.classify.numbers import DigitBounds
from scanner.training.bound import Bound, write_bounds
from scanner.training.card import write_card
from scanner.training.digits_edges import Edges, Waves, edges_bytes, solved
from scanner.training.digits_glyphs import Amount, Glyphs, glyphs
from scanner.training.digits_held_out import answered, chosen, measured
from scanner.training.digits_ink import DATA, LICENCES, Part
from scanner.training.digits_net import outputs, taught
from scanner.training.export import Graph, onnx_bytes
from scanner.training.real import real_ink_folder
from scanner.training.teaching import Pace, temperature

GRAPH = Graph(B, ("n", 1, SIDE, SIDE), ("n", ANSWERS))
TITLE = "How sure each reader of digits must be of a number, 0..1. Written by training."
LIMITS = (
    "A slash flatter than 42 degrees from upright is no one; a steeper one is.",
    "Sheets, pens and scanners are simulated around real digits; no box here was written in by a voter.",
    "optdigits and pendigits name no writers: held-out blocks may share writers with those learnt from.",
)
NOT_YET = Metrics(what="not measured yet", n=0, doubtful=0, wrong_but_sure=0, upper95=1.0)
ORIGINS = ("mnist", "optdigits", "pendigits")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to draw and to learn."""

    learn: Amount = field(
        default_factory=lambda: Amount(20_000, 3_000, 13_000, dict(zip(ORIGINS, (1, 3, 2), strict=True)), 90)
    )
    calm: Amount = field(default_factory=lambda: Amount(1_500, 300, 1_500, dict.fromkeys(ORIGINS, 1), 6))
    waves: Waves = field(default_factory=Waves)
    passes: int = 6


FULL = Plan()


def _silent(_progress: str) -> None:
    """Say nothing."""


def train(out: Path, seed: int, plan: Plan = FULL, say: Callable[[str], None] = _silent) -> Card:
    """Write both models with their cards and calibration/digits.toml below `out`; the card of reader B.

    The same seed gives the same bytes on the same kind of processor and torch version. The whole plan
    takes about 15 minutes on one core.
    """
    real = real_ink_folder()
    say("Drawing digits to learn from …")
    learn, calm = glyphs(real, Part.LEARN, plan.learn, seed), glyphs(real, Part.CALIBRATE, plan.calm, seed)
    say(f"Reader A solves for {len(learn.answers)} digits …")
    edges = solved(learn.upright, learn.answers, plan.waves, seed)
    first = _written(out, A, edges_bytes(edges, _calm(edges.votes(calm.upright), calm)), _card_a(edges, seed))
    say(f"Reader B learns them, {plan.passes} times over …")
    net = taught(learn, Pace(plan.passes), seed)
    heat = temperature(outputs(net, calm.written), calm.answers)
    count = sum(one.numel() for one in net.parameters())
    second = _written(out, B, onnx_bytes(net, heat, GRAPH), _card_b(count, heat, seed))
    say("Choosing bounds and testing on numbers of other writers …")
    return _measured(out, (first, second), seed, real)


def _calm(votes: np.ndarray[tuple[int, ...], np.dtype[np.float32]], calm: Glyphs) -> float:
    """The temperature of reader A: its votes are about 0 and 1, so that it lies far below 1."""
    return temperature(votes * np.float32(20), calm.answers) / 20


def _measured(out: Path, cards: tuple[Card, Card], seed: int, real: Path | None) -> Card:
    a, b = (Model(out / "models" / one.model) for one in cards)
    found = chosen(answered(b, a, Part.CALIBRATE, seed, real))
    (out / "calibration").mkdir(parents=True, exist_ok=True)
    write_bounds(out / "calibration" / "digits.toml", TITLE, found)
    metrics = measured(answered(b, a, Part.TEST, seed, real), _within(found))
    return [_again(out, one, metrics) for one in cards][-1]


def _within(found: tuple[Bound, ...]) -> DigitBounds:
    named = {one.name: round(one.value, 6) for one in found}
    return DigitBounds(named["a_sure"], named["b_sure"])


def _again(out: Path, card: Card, metrics: dict[str, Metrics]) -> Card:
    """The card once more, with what was measured of both readers together."""
    final = _with_metrics(card, metrics)
    return write_card(out / "models" / card.model.replace(".onnx", ".toml"), final, card.sha256)


def _with_metrics(card: Card, metrics: dict[str, Metrics]) -> Card:
    return Card(card.model, card.sha256, card.made_by, card.seed, card.input, card.outputs, card.parameters,
                card.temperature, card.data, card.licences, card.limits, metrics)  # fmt: skip


def _card_a(edges: Edges, seed: int) -> Card:
    count = edges.waves.size + edges.weights.size + edges.phase.size + edges.mean.size
    return _card(
        A, f"edge directions float32 (n, {FEATURES}) as digit_glyphs.directions makes them", count, 0.0, seed
    )


def _card_b(count: int, heat: float, seed: int) -> Card:
    return _card(
        B, f"pictures float32 (n, 1, {SIDE}, {SIDE}), ink 1, as digits.lit makes them", count, heat, seed
    )


def _card(name: str, takes: str, count: int, heat: float, seed: int) -> Card:
    return Card(
        model=f"{name}.onnx", sha256="", made_by=f"scanner.training.digits, torch {torch.__version__}",
        seed=seed, input=takes, outputs=[*map(str, range(10)), "no digit"], parameters=count,
        temperature=round(heat, 6), data=list(DATA), licences=list(LICENCES), limits=list(LIMITS),
        metrics={"all": NOT_YET},
    )  # fmt: skip


def _written(out: Path, name: str, model: bytes, card: Card) -> Card:
    (out / "models").mkdir(parents=True, exist_ok=True)
    (out / "models" / card.model).write_bytes(model)
    return write_card(out / "models" / f"{name}.toml", card, sha256(model).hexdigest())
