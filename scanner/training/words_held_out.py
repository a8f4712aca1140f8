"""The handwriting both readers of names are judged by: writers and drawn hands they never met.

Every case is a line and a lexicon of 2,000 names in which its name stands once. It is read twice: as it
is, and with its name taken out of the lexicon, when no answer may be sure. Real words of held-out
writers are used alone and in pairs, as first and last name; names struck out may not be sure either.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scanner.classify.eyes import Floats, Model
from scanner.classify.handwriting import (
    Beliefs,
    Match,
    beliefs,
    likeliest,
    named,
    rankings,
    search,
    taken,
)
from scanner.classify.lexicon import Lexicon, folded, forms, lexicon
from scanner.training.bound import Bound, loosest
from scanner.training.words_ink import Piece, all_texts, capitals, real_words
from scanner.training.words_lines import Line, glued, shown
from scanner.training.words_names import name

LEARN = (1, 4, 6, 8, 10, 12, 13, 15, 18, 19, 21, 23, 26, 27, 28, 31, 32, 35)
WRITERS = {"temper": (25, 37), "calibrate": (2, 5, 9, 17, 30), "test": (14, 22, 34)}
"""Of DHSD, disjoint: those learnt from, those whose beliefs are tempered, bounds chosen, figures told."""
HANDS = {"temper": 1, "calibrate": 2, "test": 3}
"""Drawn hands: each part has a crowd of its own."""
NAMES = 2_000
DRAWN = {"temper": 300, "calibrate": 1_800, "test": 800}
STRUCK_KIND = "struck"
SAID = {
    "word": "real words",
    "pair": "pairs of real words",
    "drawn": "drawn names in capitals",
    "struck": "names struck out",
}
REAL_KINDS = {"word", "pair"}
STRUCK_OUT = {"temper": 60, "calibrate": 300, "test": 150}
RISK_NAMED, RISK_STRANGER = 1e-3, 2e-3
WORN = 0.4  # 0..1, how hard pen and paper of the held-out cases are: moderately
LEAST_MM = 3.2  # writing smaller than this, tails and all, is not asked of anyone


@dataclass(frozen=True, slots=True)
class Case:
    """A held-out line as both networks read it: with its name in the lexicon, and without."""

    kind: str  # "word", "pair", "drawn", "struck"
    text: str  # whom it means: the name as in the lexicon
    inside: tuple[Match, Match] | None  # None: struck out, no name is right
    outside: tuple[Match, Match] | None  # None: it is also a way to write another name of the lexicon
    first: tuple[str, str]  # whom both together find likeliest, inside and outside
    said: str  # what is written


@dataclass(frozen=True, slots=True, eq=False)
class Both:
    """The two networks, opened."""

    ink: Model
    gray: Model

    def see(self, line: Line) -> tuple[Floats, Floats]:
        """Chances (T, classes) by ink and by gray."""
        return tuple(  # type: ignore[return-value]
            np.ascontiguousarray(net(taken(picture))[0, :, 0].T)
            for net, picture in ((self.ink, line.ink), (self.gray, line.gray))
        )


def bounds(model: Model, seed: int, real: Path | None) -> tuple[Bound, ...]:
    """The bounds that the held-out cases justify; `model` is the network of ink, the other lies beside it."""
    both = Both(model, Model(model.path.with_name("words_gray.onnx")))
    return chosen(list(cases(both, "calibrate", seed, real)), beliefs())


def chosen(seen: list[Case], by: Beliefs) -> tuple[Bound, ...]:
    """The loosest bounds for which failures among these cases stay within the stated risks."""
    inside = [(one.text, named(*one.inside, by, one.first[0])) for one in seen if one.inside]
    outside = [named(*one.outside, by, one.first[1]) for one in seen if one.outside]
    wrong = [got.sure for text, got in inside if got.whom != text]
    value, errors = loosest(wrong, len(inside), RISK_NAMED)
    least, strangers = loosest([got.sure for got in outside], len(outside), RISK_STRANGER)
    kinds = ", ".join(f"{sum(one.kind == kind for one in seen)} {SAID[kind]}" for kind in _kinds(seen))
    what = f"{kinds} of writers and drawn hands not learnt from, a lexicon of {NAMES} names"
    return (
        Bound("named", value, "probability", len(inside), errors, RISK_NAMED, f"another name sure: {what}"),
        Bound("stranger", least, "probability", len(outside), strangers, RISK_STRANGER,
              f"a name in no list, or one struck out, sure: {what}, its name taken out"),
    )  # fmt: skip


def _kinds(seen: list[Case]) -> list[str]:
    return list(dict.fromkeys(one.kind for one in seen))


def cases(both: Both, part: str, seed: int, real: Path | None) -> Iterator[Case]:
    """All held-out cases of a part, read; real words only where there is a folder of them."""
    random = np.random.default_rng([seed, 4_711, HANDS[part]])
    for kind, some in _pieces(part, random, real).items():
        among = _lexicon([_whom(one) for one in some], random, real if kind in REAL_KINDS else None)
        for one in some:
            line = shown(one, random, struck=kind == "struck", bare=0.3, worn=WORN, least_mm=LEAST_MM)
            yield _case(both.see(line), kind, one, among)


def _whom(piece: Piece) -> str:
    return folded(piece.name or piece.text)


def _pieces(part: str, random: np.random.Generator, real: Path | None) -> dict[str, list[Piece]]:
    words = real_words(real / "words", WRITERS[part]) if real else []
    pairs = [_pair(one, words, random) for one in words]
    drawn = _drawn(random, DRAWN[part])
    every = words + drawn
    struck = [every[int(one)] for one in random.integers(len(every), size=STRUCK_OUT[part])]
    made = {"word": words, "pair": [one for one in pairs if one], "drawn": drawn, "struck": struck}
    return {kind: some for kind, some in made.items() if some}


def _drawn(random: np.random.Generator, count: int) -> list[Piece]:
    """Made-up people whose names stand there in capitals: half of them as printed, half in another form."""
    found: list[Piece] = []
    while len(found) < count:
        printed = name(random)
        ways = [one.text for one in forms(printed) if one.whole]
        said = ways[0] if random.random() < 0.5 else ways[int(random.integers(len(ways)))]
        ink = capitals(said, random)
        found += [Piece(ink, said, 0, printed)] if ink is not None else []
    return found


def _pair(one: Piece, words: list[Piece], random: np.random.Generator) -> Piece | None:
    """This word and another short one of the same writer, as first and last name."""
    fitting = [
        other for other in words if other.writer == one.writer and len(other.text) + len(one.text) < 26
    ]
    return glued(one, fitting[int(random.integers(len(fitting)))], random) if fitting else None


def _lexicon(texts: list[str], random: np.random.Generator, real: Path | None) -> Lexicon:
    """These names, then names of streets and places of everybody else, then made-up names: 2,000."""
    names = dict.fromkeys(texts)
    if real:
        other = [folded(one) for one in all_texts(real / "words")]
        for one in random.permutation(len(other))[: max(0, NAMES - len(names)) // 2]:
            names.setdefault(other[int(one)])
    while len(names) < NAMES:
        names.setdefault(folded(name(random)))
    return lexicon((one, one) for one in names)


def _case(seen: tuple[Floats, Floats], kind: str, piece: Piece, among: Lexicon) -> Case:
    ink, gray = rankings(seen, among, search())
    text, inside, first = _whom(piece), _both(ink.best(), gray.best()), likeliest(ink, gray)
    if kind == STRUCK_KIND:
        return Case(kind, text, None, inside, (first, first), piece.text)
    outside, other = _both(ink.best(text), gray.best(text)), likeliest(ink, gray, text)
    if listed(piece.text, text, among):
        return Case(kind, text, inside, None, (first, other), piece.text)
    return Case(kind, text, inside, outside, (first, other), piece.text)


def listed(said: str, whom: str, among: Lexicon) -> bool:
    """True if what is written is also a way to write somebody else's name: then nobody is a stranger."""
    bare = _bare(said)
    return any(
        _bare(form.text) == bare and among.whom[owner] != whom
        for form, owner in zip(among.forms, among.owner.tolist(), strict=True)
        if form.whole and abs(len(form.text) - len(said)) <= 3 and form.text[0] == said[0]
    )


def _bare(text: str) -> str:
    return "".join(one for one in text if one not in " -.,")


def _both(ink: Match | None, gray: Match | None) -> tuple[Match, Match]:
    """Both answers; a lexicon of 2,000 names always has one."""
    if ink is None or gray is None:
        raise ValueError
    return ink, gray
