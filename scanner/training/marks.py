"""Teaches reader B to see marks: draws boxes, learns, calibrates on voters it never met, writes the card.

Everything is drawn from a seed; no scan of a real ballot and no downloaded picture is used.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from torch import nn

from scanner.classify.box_eyes import SIDE, Bounds, Sight, chance
from scanner.classify.eyes import Card, Floats, Metrics
from scanner.training.card import write_bounds, write_card
from scanner.training.evidence import Beyond, Risk, Truth, beyond, bounds, measured
from scanner.training.export import Graph, onnx_bytes
from scanner.training.net import Pace, learned, logits, temperature
from scanner.training.real import real_crops, real_folder
from scanner.training.scenes import STORIES, Case, Sample, arrays, drawn, hard
from scanner.training.wear import familiar, unfamiliar

PARTS = ("learn", "calibrate", "test")
VOTERS = {"learn": range(20_000), "calibrate": range(20_000, 26_000), "test": range(26_000, 32_000)}
"""Disjoint people. Calibration and test also see the other family of scanners (`wear.unfamiliar`)."""
RISK = Risk(rate=2e-3, edge=0.05)
"""Reader B alone; a wrong ballot needs reader A to fail in the same box as well (DESIGN § 2)."""

UNMARKED = (Case.STREAK, Case.DARK_FOLD, Case.CUT, Case.NO_BOX, Case.ERASED)
"""Boxes that are not clean but bear no mark: to call them unmarked is no error, to call them marked is."""

DATA = ["drawn: print, pens, hands, scanners (scanner.simulate.pens, marks, strokes; scanner.training)"]
LICENCES = ["Apache-2.0 (all data is drawn by the project's own code)"]
LIMITS = [
    "Held-out voters and scanners are simulated: the figures prove the plumbing, not the tail of real pens.",
    "A mark with fewer than 14 dark pixels on plain paper (2 mm of a thin line) counts as unsure.",
    "A ring around a box counts as marked; dots, hair lines and passing strokes as doubtful.",
]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to draw and to learn: samples for learning, calibration and test, passes over the first."""

    learn: int = 70_000
    calibrate: int = 24_000
    test: int = 16_000
    passes: int = 10


FULL = Plan()
GRAPH = Graph("mark", ("n", 1, SIDE, SIDE), ("n", len(Sight)))


def _silent(_progress: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A net with its calibration, and the held-out boxes on which that rests."""

    net: nn.Sequential
    calm: float  # temperature
    within: Bounds
    seen: Beyond


def train(out: Path, seed: int, plan: Plan = FULL, say: Callable[[str], None] = _silent) -> Card:
    """Write models/mark.onnx, models/mark.toml and calibration/mark_model.toml below `out`; the card.

    The same seed gives the same bytes on the same kind of processor and torch version. The whole
    plan takes about 8 minutes on one core.
    """
    say(f"Drawing {plan.learn} boxes to learn from …")
    crops, answers = arrays(drawn(seed, VOTERS["learn"], familiar, plan.learn))
    say(f"Learning, {plan.passes} times over …")
    net = learned(crops, answers, Pace(plan.passes), seed)
    say(f"Calibrating and testing on {plan.calibrate} and {plan.test} boxes of other voters …")
    trained = _calibrated(net, _both(seed, "calibrate", plan.calibrate))
    card = _card(trained, seed, plan, _metrics(trained, _both(seed, "test", plan.test)))
    return _written(out, trained, card)


def _calibrated(net: nn.Sequential, held: list[Sample]) -> Trained:
    crops, answers = arrays(held)
    outputs, truth = logits(net, crops), hard(answers)
    calm = temperature(outputs[truth >= 0], truth[truth >= 0])
    chances = chance(_soft(outputs / calm))
    yes, no = chances[truth == Sight.MARK], chances[truth == Sight.NOTHING]
    within = bounds(yes, no, RISK)
    return Trained(net, calm, within, beyond(yes, no, within))


def _both(seed: int, part: str, n: int) -> list[Sample]:
    """Held-out voters through both families of scanners, half each."""
    return [one for wear in (familiar, unfamiliar) for one in drawn(seed, VOTERS[part], wear, n // 2)]


def _soft(outputs: Floats) -> Floats:
    raised = np.exp(outputs - outputs.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True), np.float32)


def _metrics(trained: Trained, test: list[Sample]) -> dict[str, Metrics]:
    """The test set as a whole, story by story, and mark by mark."""
    crops, answers = arrays(test)
    chances, sight = chance(_soft(logits(trained.net, crops) / trained.calm)), hard(answers)
    cases, shapes = (
        np.asarray(names) for names in zip(*((one.case, one.shape) for one in test), strict=True)
    )
    truth = Truth(sight == Sight.MARK, (sight == Sight.NOTHING) | np.isin(cases, UNMARKED))
    sets = {"all": (sight == Sight.MARK) | (sight == Sight.NOTHING)}
    sets |= {f"case_{case}": (cases == case) & (sight == np.argmax(STORIES[case][1])) for case in Case}
    sets |= {
        f"mark_{name}": (cases == Case.MARK) & truth.marked & (shapes == name) for name in np.unique(shapes)
    }
    found = {
        name: measured(f"held-out drawn voters: {name}", chances[here], truth.of(here), trained.within)
        for name, here in sets.items()
    }
    return found | _real_metrics(trained)


def _real_metrics(trained: Trained) -> dict[str, Metrics]:
    """Real ballots, where they are there: never learnt from, nothing tuned to them."""
    folder = real_folder()
    if folder is None:
        return {}
    real = real_crops(folder)
    chances = chance(_soft(logits(trained.net, real.crops) / trained.calm))
    truth = Truth(real.marked, ~real.marked)
    sets = {"real": np.ones(len(real.marked), bool)}
    sets |= {f"real_{name}": real.group == name for name in np.unique(real.group)}
    what = "measured only, hand-marked US ballots (OpenCount), registered crops"
    return {
        name: measured(f"{what}: {name}", chances[here], truth.of(here), trained.within)
        for name, here in sets.items()
    }


def _card(trained: Trained, seed: int, plan: Plan, metrics: dict[str, Metrics]) -> Card:
    data = [*DATA, *(f"{part}: {getattr(plan, part)} boxes by voters {VOTERS[part]}" for part in PARTS)]
    return Card(
        model="mark.onnx", sha256="", made_by=f"scanner.training.marks, torch {torch.__version__}", seed=seed,
        input=f"crops float32 (n, 1, {SIDE}, {SIDE}), paper 1, as eyes.levelled makes them",
        outputs=[one.name.lower() for one in Sight],
        parameters=sum(one.numel() for one in trained.net.parameters()), temperature=round(trained.calm, 6),
        data=data, licences=LICENCES, limits=LIMITS, metrics=metrics,
    )  # fmt: skip


def _written(out: Path, trained: Trained, card: Card) -> Card:
    for folder in ("models", "calibration"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    model = onnx_bytes(trained.net, trained.calm, GRAPH)
    (out / "models" / card.model).write_bytes(model)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    write_bounds(out / "calibration" / "mark_model.toml", trained.within, RISK, trained.seen, today)
    return write_card(out / "models" / "mark.toml", card, sha256(model).hexdigest())
