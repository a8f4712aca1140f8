"""What the two readers of names are taught with, and how a taught network becomes a model and a card."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from torch import nn

from scanner.classify.eyes import Card
from scanner.classify.writing import ALPHABET, HIGH
from scanner.pixels import Gray
from scanner.training.card import write_card
from scanner.training.export import Graph, onnx_bytes
from scanner.training.real import real_ink_folder
from scanner.training.teaching import Pace
from scanner.training.words_held_out import LEARN, WRITERS
from scanner.training.words_ink import MISLABELLED, Piece, drawn_capitals, font_words, real_words, set_fonts
from scanner.training.words_lines import Line, Share, fits, line
from scanner.training.words_net import CLASSES, Pool, gray_net, ink_net, learned

PACE = Pace(5, batch=32, rate=2e-3, warm=0.2, most=5.0)


@dataclass(frozen=True, slots=True)
class Course:
    """How many lines to learn from, at which pace, made of how many drawn capitals and names set in fonts."""

    lines: int = 30_000
    pace: Pace = PACE
    pieces: int = 2_500


WHOLE = Course()


@dataclass(frozen=True, slots=True)
class Subject:
    """One of the two readers: its model, its network, its view, and what of the pool it learns from."""

    model: str
    make: Callable[[], nn.Sequential]
    view: Callable[[Line], Gray]
    every: int  # of the lines that are not real ink, one in so many: the two have other mixes
    seed: int  # added to the seed: another beginning, another order
    takes: str


FIRST = Subject("words", ink_net, lambda one: one.ink, 1, 0, "ink alone, set upright")
SECOND = Subject("words_gray", gray_net, lambda one: one.gray, 2, 1, "the bare gray page")
REAL, DRAWN = 0.66, 0.17  # of all lines; the rest is set in handwriting fonts

LICENCES = [
    "words (DHSD): Riaz et al. 2024, CC BY 4.0",
    "fonts Breip, Because We, Humor Sans, Kristi, Dancing Script, dkg, Comic Neue: SIL Open Font License",
    "Apache-2.0: capitals, paper and scanners are drawn by the project's own code",
]
LIMITS = [
    "Real handwriting: German street and place names by 28 writers. Capitals, å, æ, ø: drawn and fonts only.",
    "Bounds rest on 5 held-out writers, each word used alone and in a pair: cases are not independent.",
    "No real write-in was ever scanned for it.",
]


def taught(subject: Subject, out: Path, seed: int, course: Course, say: Callable[[str], None]) -> Card:
    """Teach one reader and write its model and card below `out`; the card has no figures yet."""
    say(f"Drawing {course.lines} lines of handwriting, then learning …")
    pool = pool_of(subject, drawn_lines(seed, course.lines, course.pieces))
    net = learned(subject.make, pool, course.pace, seed + subject.seed, say)
    return written(subject, net, out, seed, course)


def pool_of(subject: Subject, lines: list[Line]) -> Pool:
    """What this reader learns from: its view of all real lines and of its part of the others."""
    return [
        (subject.view(one), one.text)
        for place, one in enumerate(lines)
        if one.writer or place % subject.every == subject.every - 1
    ]


def drawn_lines(seed: int, count: int, few: int) -> list[Line]:
    """Lines to learn from, the same for both readers; `few` drawn capitals and as many names set in fonts."""
    random = np.random.default_rng([seed, 77])
    writers = _by_writer()
    drawn = drawn_capitals(random, few)
    fonts = font_words(set_fonts(), random, few) or drawn
    real = REAL if writers else 0.0
    found: list[Line] = []
    while len(found) < count:
        kind = random.random()
        mine = writers[int(random.integers(len(writers)))] if kind < real else []
        pieces = mine or (drawn if kind < real + DRAWN else fonts)
        one = line(pieces, random, Share(glued=0.3 if mine else 0.0))
        if fits(one.text, one.ink) and fits(one.text, one.gray):
            found.append(one)
    return found


def _by_writer() -> list[list[Piece]]:
    """The real words to learn from, writer by writer; none without the folder."""
    folder = real_ink_folder()
    words = real_words(folder / "words", LEARN) if folder else []
    return [[one for one in words if one.writer == writer] for writer in LEARN if words]


def written(subject: Subject, net: nn.Sequential, out: Path, seed: int, course: Course) -> Card:
    """Write the model and its card below `out`."""
    folder = out / "models"
    folder.mkdir(parents=True, exist_ok=True)
    graph = Graph(subject.model, ("n", 1, HIGH, "w"), ("n", CLASSES, 1, "t"))
    model = onnx_bytes(net, 1.0, graph)
    (folder / f"{subject.model}.onnx").write_bytes(model)
    return write_card(
        folder / f"{subject.model}.toml", _card(subject, net, seed, course), sha256(model).hexdigest()
    )


def _card(subject: Subject, net: nn.Sequential, seed: int, course: Course) -> Card:
    return Card(
        model=f"{subject.model}.onnx", sha256="", made_by=f"scanner.training, torch {torch.__version__}",
        seed=seed, input=f"crops float32 (n, 1, {HIGH}, w), ink light on 0: {subject.takes}",
        outputs=["none", *ALPHABET], parameters=sum(one.numel() for one in net.parameters()),
        temperature=1.0, licences=LICENCES, limits=LIMITS, metrics={},
        data=[
            f"real words (DHSD): writers {', '.join(map(str, LEARN))} learnt from, share {REAL:g}",
            *(f"real words: writers {some} held out to {part}" for part, some in WRITERS.items()),
            f"{len(MISLABELLED)} held-out pictures left out: their label names another word than one sees",
            f"drawn capitals (scanner.simulate.letters), share {DRAWN:g}; the rest handwriting fonts",
            f"of what is not real ink one line in {subject.every}",
            f"{course.lines} lines, seen {course.pace.passes} times",
        ],
    )  # fmt: skip
