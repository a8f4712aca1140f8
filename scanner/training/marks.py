"""Teaches reader B to see marks: draws boxes, learns, calibrates on voters it never met, writes the card.

Everything is drawn from a seed, but for handwritten words of real people beside and across the boxes
where a folder of them is at hand. No scan of a real ballot is learnt from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from scanner.classify.box_eyes import SIDE, Sight
from scanner.classify.eyes import Card, Floats, Metrics, Model
from scanner.training.bound import Bound, write_bounds
from scanner.training.card import write_card
from scanner.training.evidence import Flags, Said, Truth, measured
from scanner.training.export import Graph, onnx_bytes
from scanner.training.marks_held_out import VOTERS, bounds, chances, held_out, truths, within
from scanner.training.marks_net import learned, logits
from scanner.training.real import real_crops, real_folder, real_ink_folder, real_words
from scanner.training.scenes import STORIES, Case, arrays, drawn, hard
from scanner.training.teaching import Pace, silent, temperature
from scanner.training.wear import familiar

LEARNERS, WRITERS = range(20_000), range(1, 19)
VIEWS = 3  # scans of each box to learn from: drawing costs more than scanning
TITLE = "Reader B's bounds: at or above hi surely marked, at or below lo surely unmarked."

DATA = ["drawn: print, pens, hands, scanners (scanner.simulate.pens, marks, strokes; scanner.training)"]
LICENCES = [
    "Apache-2.0 (drawn data)",
    "CC BY 4.0 (handwritten words beside and across boxes: DHSD, Riaz et al. 2024; if the folder was there)",
]
LIMITS = [
    "Held-out voters and scanners are simulated: the figures prove the plumbing, not the tail of real pens.",
    "A mark with fewer than 14 dark pixels on plain paper (2 mm of a thin line) counts as unsure.",
    "Rings around a box, marks beside it, dots, hooks, hair lines and passing strokes count as doubtful.",
]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to draw and to learn: boxes for learning, temperature and test, passes over the first."""

    learn: int = 400_000
    temper: int = 1_500
    test: int = 6_000
    passes: int = 16


FULL = Plan()
GRAPH = Graph("mark", ("n", 1, SIDE, SIDE), ("n", len(Sight)))


def train(out: Path, seed: int, plan: Plan = FULL, say: Callable[[str], None] = silent) -> Card:
    """Write models/mark.onnx, models/mark.toml and calibration/mark_model.toml below `out`; the card.

    The same seed gives the same bytes on the same kind of processor and torch version, with and without
    the folder of real words. The whole plan takes about 40 minutes on one core.
    """
    real = real_ink_folder()
    say(f"Drawing {plan.learn} boxes to learn from …")
    words = real_words(real, WRITERS, 600)
    crops, answers = arrays(drawn(seed, LEARNERS, familiar, plan.learn, words=words, views=VIEWS))
    say(f"Learning, {plan.passes} times over …")
    net = learned(crops, answers, Pace(plan.passes), seed, say)
    calm = _temperature(net, seed, plan.temper, real)
    card = _written(out, net, calm, _card(net, calm, seed, plan, real))
    say("Choosing bounds and testing on boxes of other voters …")
    model = Model(out / "models" / card.model)
    chosen = bounds(model, seed, real)
    write_bounds(out / "calibration" / "mark_model.toml", TITLE, chosen)
    metrics = _metrics(model, seed, plan.test, chosen, real) | _real_metrics(model, chosen)
    return write_card(
        out / "models" / "mark.toml", msgspec.structs.replace(card, metrics=metrics), card.sha256
    )


def _temperature(net: nn.Sequential, seed: int, n: int, real: Path | None) -> float:
    crops, answers = arrays(held_out(seed, "temper", n, real))
    outputs, truth = logits(net, crops), hard(answers)
    return temperature(outputs[truth >= 0], truth[truth >= 0])


def _said(seen: Floats, norwegian: Flags, chosen: tuple[Bound, ...]) -> Said:
    """What the bounds make of probabilities."""
    here, abroad = (within(chosen, norwegian=one) for one in (True, False))
    low, high = np.where(norwegian, here.lo, abroad.lo), np.where(norwegian, here.hi, abroad.hi)
    return Said(seen >= high, seen <= low)


def _metrics(
    model: Model, seed: int, n: int, chosen: tuple[Bound, ...], real: Path | None
) -> dict[str, Metrics]:
    """The test set as a whole, story by story, and mark by mark."""
    samples = held_out(seed, "test", n, real)
    crops, answers = arrays(samples)
    known, sight = truths(samples), hard(answers)
    cases, shapes = (
        np.asarray(names) for names in zip(*((one.case, one.shape) for one in samples), strict=True)
    )
    truth, said = Truth(known.marked, known.unmarked), _said(chances(model, crops), known.norwegian, chosen)
    sets = {"all": (sight == Sight.MARK) | (sight == Sight.NOTHING)}
    sets |= {f"case_{case}": _told(case, cases, sight, answers) for case in Case}
    sets |= {
        f"mark_{name}{where}": (cases == Case.MARK)
        & known.marked
        & (shapes == name)
        & (known.norwegian == home)
        for name in np.unique(shapes)
        for where, home in (("", True), ("_foreign", False))
    }
    return {
        name: measured(f"held-out drawn voters: {name}", said, truth, here) for name, here in sets.items()
    }


def _told(case: Case, cases: npt.NDArray[np.str_], sight: npt.NDArray[np.int64], answers: Floats) -> Flags:
    """The boxes with a story, and with the answer that belongs to it."""
    wanted = STORIES[case][1]
    plain = (
        sight == np.argmax(wanted)
        if max(wanted) > 0.9
        else np.all(answers == np.asarray(wanted, np.float32), axis=1)
    )
    return np.asarray((cases == case) & plain)


def _real_metrics(model: Model, chosen: tuple[Bound, ...]) -> dict[str, Metrics]:
    """Real ballots, where they are there: never learnt from, nothing tuned to them."""
    folder = real_folder()
    if folder is None:
        return {}
    real = real_crops(folder)
    said = _said(chances(model, real.crops), np.zeros(len(real.marked), bool), chosen)
    truth = Truth(real.marked, ~real.marked)
    sets = {"real": np.ones(len(real.marked), bool)}
    sets |= {f"real_{name}": real.group == name for name in np.unique(real.group)}
    what = "measured only, hand-marked US ballots (OpenCount), registered crops"
    return {name: measured(f"{what}: {name}", said, truth, here) for name, here in sets.items()}


def _card(net: nn.Sequential, calm: float, seed: int, plan: Plan, real: Path | None) -> Card:
    people = {"learn": LEARNERS} | VOTERS
    parts = [f"{part}: boxes by voters {voters}" for part, voters in people.items()]
    parts += [f"learn: {plan.learn} scans of a third as many boxes"]
    parts += [f"words of real writers {WRITERS} beside and across boxes (DHSD)"] if real else []
    return Card(
        model="mark.onnx", sha256="", made_by=f"scanner.training.marks, torch {torch.__version__}", seed=seed,
        input=f"crops float32 (n, 1, {SIDE}, {SIDE}), paper 1, as box_eyes.levelled makes them",
        outputs=[one.name.lower() for one in Sight],
        parameters=sum(one.numel() for one in net.parameters()), temperature=round(calm, 6),
        data=[*DATA, *parts], licences=LICENCES if real else LICENCES[:1], limits=LIMITS, metrics={},
    )  # fmt: skip


def _written(out: Path, net: nn.Sequential, calm: float, card: Card) -> Card:
    """The model with a card that has no figures yet."""
    for folder in ("models", "calibration"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    model = onnx_bytes(net, calm, GRAPH)
    (out / "models" / card.model).write_bytes(model)
    return write_card(out / "models" / "mark.toml", card, sha256(model).hexdigest())
