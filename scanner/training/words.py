"""Teaches the first reader of names, which sees the ink alone, and chooses the bounds of both readers.

Needs the second reader (`words_gray`), which is therefore taught before it. Data: real words by DHSD's
writers where the folder VALGSKANNER_REAL_DATA holds them, drawn capitals, handwriting fonts.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import msgspec

from scanner.classify.eyes import Card, Metrics, Model
from scanner.classify.handwriting import Beliefs, WordBounds, named
from scanner.confidence import upper
from scanner.training.bound import Bound, write_bounds
from scanner.training.card import write_card
from scanner.training.logistic import write_weights
from scanner.training.real import real_ink_folder
from scanner.training.teaching import silent
from scanner.training.words_belief import tempered
from scanner.training.words_course import FIRST, Course, taught
from scanner.training.words_course import WHOLE as WHOLE_COURSE
from scanner.training.words_held_out import SAID, Both, Case, cases, chosen

BELIEF = "How the evidence of the two readers of names adds up to a chance."


def train(out: Path, seed: int, course: Course = WHOLE_COURSE, say: Callable[[str], None] = silent) -> Card:
    """Write models/words.onnx, its card, calibration/words.toml and words_belief.toml below `out`."""
    card = taught(FIRST, out, seed, course, say)
    return calibrated(out, seed, card, say)


def calibrated(out: Path, seed: int, card: Card, say: Callable[[str], None] = silent) -> Card:
    """Temper the beliefs, choose the bounds and measure both trained networks; the card with its figures."""
    models, numbers, real = out / "models", out / "calibration", real_ink_folder()
    numbers.mkdir(parents=True, exist_ok=True)
    both = Both(Model(models / "words.onnx"), Model(models / "words_gray.onnx"))
    say("Tempering the beliefs …")
    known = list(cases(both, "temper", seed, real))
    by, how = (
        tempered(known),
        f"logistic regression on {len(known)} lines of tempering writers and drawn hands",
    )
    write_weights(numbers / "words_belief.toml", BELIEF, asdict(by), how)
    say("Choosing the bounds …")
    found = chosen(list(cases(both, "calibrate", seed, real)), by)
    write_bounds(numbers / "words.toml", "Above which chance a handwritten name is sure.", found)
    say("Measuring …")
    metrics = measured(list(cases(both, "test", seed, real)), by, within(found))
    return write_card(models / "words.toml", msgspec.structs.replace(card, metrics=metrics), card.sha256)


def within(found: tuple[Bound, ...]) -> WordBounds:
    """The bounds as numbers."""
    return WordBounds(**{one.name: one.value for one in found})


def measured(seen: list[Case], by: Beliefs, bounds: WordBounds) -> dict[str, Metrics]:
    """Per kind of line: right first answers, sure and wrong, doubtful; and names that stand in no list."""
    kinds = list(dict.fromkeys(one.kind for one in seen))
    found = {"all": _inside("all lines whose name stands in the lexicon", seen, by, bounds)}
    for kind in kinds:
        some = [one for one in seen if one.kind == kind]
        if some[0].inside:
            found[kind] = _inside(f"held-out {SAID[kind]}, name in the lexicon of 2,000", some, by, bounds)
        found[f"{kind}_stranger"] = _outside(
            f"held-out {SAID[kind]}, no right name to find", some, by, bounds
        )
    return found


def _inside(what: str, seen: list[Case], by: Beliefs, bounds: WordBounds) -> Metrics:
    got = [(one.text, named(*one.inside, by, one.first[0])) for one in seen if one.inside]
    sure = [(text, one.whom) for text, one in got if one.sure > bounds.sure]
    wrong, n = sum(text != whom for text, whom in sure), len(got)
    right = sum(text == one.whom for text, one in got)
    return Metrics(what, n, n - len(sure), wrong, round(upper(wrong, n), 7), right)


def _outside(what: str, seen: list[Case], by: Beliefs, bounds: WordBounds) -> Metrics:
    some = [named(*one.outside, by, one.first[1]) for one in seen if one.outside]
    wrong, n = sum(one.sure > bounds.sure for one in some), len(some)
    return Metrics(what, n, n - wrong, wrong, round(upper(wrong, n), 7))
