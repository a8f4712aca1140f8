"""Teaches reader B to see stamps: draws outsides, learns, chooses its bounds on what it never met."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import torch

from scanner.classify.eyes import Card, Metrics, Model
from scanner.classify.stamp_eyes import HIGH, WIDE, Sight, StampEyeBounds
from scanner.confidence import upper
from scanner.training.bound import write_bounds
from scanner.training.card import write_card
from scanner.training.real import real_ink_folder
from scanner.training.stamp_held_out import (
    MISSING,
    NONE,
    STAMPED,
    WHAT,
    WRITERS,
    Answers,
    answers,
    bounds,
    cases,
)
from scanner.training.stamp_net import Lessons, StampNet, logits, stamp_bytes, taught
from scanner.training.stamp_scenes import KNOWN, OTHER, Scene, scenes
from scanner.training.stamp_strays import real_words
from scanner.training.teaching import temperature

Flags = npt.NDArray[np.bool_]
CALM = 800_000  # number of the first scene that the temperature is measured on
LICENCES = [
    "Everything drawn: Apache-2.0, this project",
    "DHSD handwritten words (Riaz et al. 2024, DFKI): CC BY 4.0, where the folder of real ink is there",
]
LIMITS = [
    "No real stamp was seen: no data set with a usable licence is known. Print a deck, stamp it and scan it.",
    "A stamp that was printed or photocopied onto the paper looks like one: paper, not ink, must tell.",
    "A stamp drawn with compasses and stencils looks like one: only the package's own prints tell.",
    "Gray only: a red stamp under a red lamp is as pale as a nearly dry black one.",
]


@dataclass(frozen=True, slots=True)
class Plan:
    """How many outsides to learn from, to calm the chances and to test on, and how often to see them."""

    learn: int = 40_000
    calm: int = 1_000
    passes: int = 4
    missing: int = 4_000  # tested on, without a stamp
    stamped: int = 2_000


def train(out: Path, seed: int, say: Callable[[str], None] = print, plan: Plan | None = None) -> Card:
    """Draw, learn, choose the bounds, measure; writes `models/stamp.*` and `calibration/stamp_eyes.toml`.

    Real words, if VALGSKANNER_REAL_DATA names their folder, stand in the field as comments and signatures.
    """
    real, plan = real_ink_folder(), plan or Plan()
    words = real_words(real, WRITERS["learn"]) if real else ()
    say(f"Stamps: drawing {plan.learn} outsides ...")
    lessons = _lessons(scenes(seed, range(plan.learn), KNOWN, words))
    say(f"Stamps: learning from {len(lessons)} windows, {plan.passes} passes ...")
    net = taught(lessons, plan.passes, seed)
    calm = _temperature(net, seed, plan.calm // 2, real)
    card = _card(net, calm, seed, f"learn: {plan.learn} outsides of {', '.join(KNOWN.kinds)}", real)
    path = _written(out, net, card)
    say("Stamps: choosing the bounds on held-out cases ...")
    chosen = bounds(Model(path), seed, real)
    title = "Reader B of the stamp (scanner/classify/stamp_eyes.py): chances up to which it agrees."
    write_bounds(out / "calibration" / "stamp_eyes.toml", title, chosen)
    say("Stamps: measuring ...")
    missing = answers(Model(path), cases(seed, "test", MISSING, plan.missing, real))
    stamped = answers(Model(path), cases(seed, "test", STAMPED, plan.stamped, real))
    metrics = _metrics(missing, stamped, StampEyeBounds(**{one.name: one.value for one in chosen}))
    return write_card(
        path.with_suffix(".toml"), msgspec.structs.replace(card, metrics=metrics), _digest(path)
    )


def _lessons(drawn: Iterable[Scene]) -> Lessons:
    every = list(drawn)
    none = np.zeros(len(Sight), np.float32)
    return Lessons(
        np.stack([one.window for one in every]),
        np.stack([none if one.goal is None else one.goal for one in every]),
        np.stack([one.cells for one in every]),
    )


def _temperature(net: StampNet, seed: int, half: int, real: Path | None) -> float:
    """Calibrated on new scenes of both families, with the calibration's writers."""
    words = real_words(real, WRITERS["calibrate"]) if real else ()
    parts = (range(CALM, CALM + half), KNOWN), (range(CALM + half, CALM + 2 * half), OTHER)
    sure = [
        one for part, family in parts for one in scenes(seed, part, family, words) if one.truth is not None
    ]
    outputs = logits(net, np.stack([one.window for one in sure]))
    return temperature(outputs, np.array([one.truth for one in sure], np.int64))


def _metrics(missing: Answers, stamped: Answers, within: StampEyeBounds) -> dict[str, Metrics]:
    """What the model says of other held-out cases, by state, by manner and by kind of ink."""
    found: dict[str, Metrics] = {}
    none = np.isin(missing.truth, NONE)
    found["missing"] = _counted("no stamp", missing, none, within)
    for sight in (Sight.STAMP, Sight.WEAK, Sight.OUTSIDE):
        here, name = stamped.truth == sight, sight.name.lower()
        found[name] = _counted(f"state {name}", stamped, here & ~stamped.faint, within)
    good = stamped.truth == Sight.STAMP
    faint = _counted("good, coloured ink under a red lamp", stamped, good & stamped.faint, within)
    kinds = _by_kind("missing", missing, none, within) | _by_kind("stamp", stamped, good, within)
    return {"all": _all([*found.values(), faint]), **found, "stamp_faint": faint, **kinds}


def _by_kind(name: str, of: Answers, here: Flags, within: StampEyeBounds) -> dict[str, Metrics]:
    """One set for each manner of stamping or kind of other ink."""
    kinds = [str(one) for one in np.unique(of.kind[here])]
    return {
        f"{name}_{kind or 'clean'}": _counted(
            f"{name}: {kind or 'clean'}", of, here & (of.kind == kind), within
        )
        for kind in kinds
    }


def _counted(what: str, of: Answers, here: Flags, within: StampEyeBounds) -> Metrics:
    """Counts of one set: to agree where there is no stamp is wrong, not to agree to one is doubt."""
    chances, truth = of.chances[here], of.truth[here]
    objected = (of.none[here] > within.no_stamp) | (chances[:, Sight.WEAK] > within.weak)
    none = np.isin(truth, NONE)
    wrong = int((none & ~objected).sum())
    return Metrics(
        what=f"{WHAT}, reader B alone: {what}",
        n=len(truth), doubtful=int((~none & objected).sum()),
        wrong_but_sure=wrong, upper95=round(upper(wrong, len(truth)), 7) if len(truth) else 1.0,
        right=int((chances.argmax(axis=1) == truth).sum()),
        said_marked=int((~objected).sum()), said_unmarked=int(objected.sum()),
    )  # fmt: skip


def _all(states: list[Metrics]) -> Metrics:
    """Sets without overlap together."""
    n, wrong = sum(one.n for one in states), sum(one.wrong_but_sure for one in states)
    return Metrics(
        what="held-out drawn outsides, reader B alone; reader A must be wrong too",
        n=n, doubtful=sum(one.doubtful for one in states),
        wrong_but_sure=wrong, upper95=round(upper(wrong, n), 7),
    )  # fmt: skip


def _card(net: StampNet, calm: float, seed: int, learnt: str, real: Path | None) -> Card:
    data = [
        learnt,
        f"bounds and test: {WHAT}",
        f"words of real writers {WRITERS if real else 'were not at hand: drawn ones instead'}",
    ]
    return Card(
        model="stamp.onnx", sha256="", seed=seed,
        made_by=f"scanner.training.stamp, torch {torch.__version__}",
        input=f"crops float32 (n, 1, {HIGH}, {WIDE}) at 100 dpi, as stamp_eyes.levelled makes them",
        outputs=[one.name.lower() for one in Sight], parameters=sum(one.numel() for one in net.parameters()),
        temperature=round(calm, 6), data=data, licences=LICENCES, limits=LIMITS, metrics={},
    )  # fmt: skip


def _written(out: Path, net: StampNet, card: Card) -> Path:
    """The model with a card that says nothing of its worth yet: the bounds are chosen through it."""
    for folder in ("models", "calibration"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    path = out / "models" / card.model
    path.write_bytes(stamp_bytes(net, card.temperature))
    write_card(path.with_suffix(".toml"), card, _digest(path))
    return path


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
