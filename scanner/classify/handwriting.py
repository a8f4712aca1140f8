"""Reads a handwritten line against the closed lexicon, by two networks that see different pictures.

Each network finds the person whose name explains its picture best, and how sure it may be: how far
behind the next other person lies, how much of what it saw the name explains, and how many letters
differ from what it would have read freely. "None of these" is the answer whenever either is not sure,
or the two do not mean the same person.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from scanner.classify import ctc
from scanner.classify.eyes import Floats, shipped_model
from scanner.classify.lexicon import Form, Lexicon, gathered, slips
from scanner.classify.writing import HIGH, gray_picture, ink_picture
from scanner.config import calibration
from scanner.pixels import Gray


@dataclass(frozen=True, slots=True)
class Belief:
    """How one network's evidence adds up to its chance of being right: `calibration/words_belief.toml`."""

    base: float
    margin: float  # per nat (log) to the next other person, at most `most`
    fit: float  # per nat a letter by which the free reading is likelier than the name
    edits: float  # per letter in which they differ, as a share of the name
    long: float  # per log of the number of letters
    echo: float  # per nat by which it finds what the other network reads freely likelier than the name


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Of both networks, member by member as in the file."""

    ink_base: float
    ink_margin: float
    ink_fit: float
    ink_edits: float
    ink_long: float
    ink_echo: float
    gray_base: float
    gray_margin: float
    gray_fit: float
    gray_edits: float
    gray_long: float
    gray_echo: float

    @property
    def ink(self) -> Belief:
        """Of the network that sees ink alone."""
        return Belief(
            self.ink_base, self.ink_margin, self.ink_fit, self.ink_edits, self.ink_long, self.ink_echo
        )

    @property
    def gray(self) -> Belief:
        """Of the network that sees the bare page."""
        return Belief(
            self.gray_base, self.gray_margin, self.gray_fit, self.gray_edits, self.gray_long, self.gray_echo
        )


@dataclass(frozen=True, slots=True)
class WordBounds:
    """Above which chance a name is sure, both networks agreeing: `calibration/words.toml`."""

    named: float  # another of the lexicon is hardly ever meant
    stranger: float  # hardly ever somebody who stands in no list

    @property
    def sure(self) -> float:
        """The stricter of the two."""
        return max(self.named, self.stranger)


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """Whom of a lexicon a network asks about: `calibration/words_search.toml`."""

    near: int  # forms scored exactly; the letters of all others, counted, lie further away
    rivals: int  # of the likeliest people, those asked whether they are called almost the same
    few: int  # people whose names are also tried with slips of spelling
    slip_cost: float  # nats


@dataclass(frozen=True, slots=True)
class Weighing:
    """How the answers of both networks are found and weighed."""

    beliefs: Beliefs
    search: SearchLimits


@dataclass(frozen=True, slots=True)
class Match:
    """The best name for one picture, and the evidence for it."""

    whom: str
    form: Form
    free: str  # what the network reads without a lexicon
    margin: float  # nats to the best form of any other person
    fit: float  # nats a letter by which the free reading is likelier
    edits: float  # letters that differ between free reading and name, as a share of the name
    echo: float = 0.0  # nats, 0..20, by which the other network's free reading is likelier than the name

    @property
    def evidence(self) -> tuple[float, float, float, float, float]:
        """What the belief is made of: margin, fit, edits, length, echo."""
        return np.log1p(max(self.margin, 0.0)), self.fit, self.edits, np.log(len(self.form.text)), self.echo

    def chance(self, belief: Belief) -> float:
        """Chance 0..1 that this is what the voter wrote; 0 where the name is not enough to tell."""
        if not self.form.whole or self.margin <= 0:
            return 0.0
        weights = (belief.margin, belief.fit, belief.edits, belief.long, belief.echo)
        score = belief.base + float(np.dot(weights, self.evidence))
        return float(1 / (1 + np.exp(-score)))


@dataclass(frozen=True, slots=True)
class Named:
    """What a line says: the person whom both networks mean, or their likeliest guess."""

    whom: str
    sure: float  # smaller of the two chances; 0 if they mean different people
    likely: float  # larger of the two chances that this is right
    exact: bool = False  # both networks read just this without a lexicon


class Readers(Protocol):
    """The two networks. The shipped ones are `OnnxReaders`."""

    def ink(self, picture: Gray) -> Floats:
        """Chances (T, classes) of each letter along the ink of a line (32, w)."""
        ...  # pragma: no cover

    def gray(self, picture: Gray) -> Floats:
        """The same from the bare page."""
        ...  # pragma: no cover


class OnnxReaders:
    """Readers that open both shipped models, once."""

    def __init__(self) -> None:
        """Raises ModelError if a model or its card is missing or they do not belong together."""
        self._ink, self._gray = shipped_model("words"), shipped_model("words_gray")

    def ink(self, picture: Gray) -> Floats:
        """Chances (T, classes) of each letter along the ink of a line (32, w)."""
        return _columns(self._ink(taken(picture)))

    def gray(self, picture: Gray) -> Floats:
        """The same from the bare page."""
        return _columns(self._gray(taken(picture)))


def taken(picture: Gray) -> Floats:
    """A picture (32, w) as the networks take it: (1, 1, 32, w), 0..1."""
    return (picture * np.float32(1 / 255)).reshape(1, 1, HIGH, -1)


def _columns(seen: Floats) -> Floats:
    return np.ascontiguousarray(seen[0, :, 0].T)


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Who may be meant, best first: place in the lexicon's `whom`, the form that fits, its log likelihood."""

    among: Lexicon
    order: tuple[tuple[int, Form, float], ...]
    free: str
    path: float  # log likelihood of the free reading
    rivals: int
    heard: float = ctc.NEVER  # log likelihood of what the other network reads freely

    def best(self, but: str = "") -> Match | None:
        """The best of them and how far the next lies behind, `but` left out; None if nobody is left."""
        left = [one for one in self.order if self.among.whom[one[0]] != but]
        if not left:
            return None
        owner, form, score = left[0]
        behind = score - left[1][2] if len(left) > 1 else -ctc.NEVER
        if any(_alike(form.text, other.text) for _, other, _ in left[1 : self.rivals]):
            behind = 0.0  # whoever is called almost the same may be meant: a slip of the pen decides
        long = len(form.text)
        return Match(
            whom=self.among.whom[owner], form=form, free=self.free, margin=float(min(behind, 200.0)),
            fit=float((self.path - score) / long), edits=ctc.apart(self.free, form.text) / long,
            echo=float(np.clip(self.heard - score, 0, 20)),
        )  # fmt: skip


def near_either(seen: tuple[Floats, Floats], among: Lexicon, most: int) -> npt.NDArray[np.intp]:
    """The forms whose letters, counted, lie near what either network saw: both are asked about them all."""
    return np.union1d(*(ctc.near(one, among.texts, most) for one in seen))


def rankings(seen: tuple[Floats, Floats], among: Lexicon, search: SearchLimits) -> tuple[Ranking, Ranking]:
    """What each of the two networks makes of what it saw, and of what the other one read freely."""
    near = near_either(seen, among, search.near)
    ink, gray = (_ranking(one, among, near, search) for one in seen)
    return (
        replace(ink, heard=_likelihood(seen[0], gray.free)),
        replace(gray, heard=_likelihood(seen[1], ink.free)),
    )


def _likelihood(seen: Floats, text: str) -> float:
    return float(ctc.likelihoods(seen, ctc.ready([text]))[0]) if text else ctc.NEVER


def _alike(one: str, other: str) -> bool:
    """True if one letter makes one name the other, or spaces and hyphens alone part them."""
    a, b = (text.replace(" ", "").replace("-", "") for text in (one, other))
    return abs(len(a) - len(b)) <= 1 and ctc.apart(a, b) <= 1


def _ranking(seen: Floats, among: Lexicon, near: npt.NDArray[np.intp], search: SearchLimits) -> Ranking:
    """Everybody who has a form `near` what was seen (T, classes), ranked; the likeliest also with slips."""
    free, path = ctc.greedy(seen)
    scores = ctc.likelihoods(seen, among.texts.of(near)) - among.costs[near]
    found: dict[int, tuple[int, Form, float]] = {}
    for place in np.argsort(-scores, kind="stable"):
        owner, form = int(among.owner[near[place]]), among.forms[near[place]]
        found.setdefault(owner, (owner, form, float(scores[place])))
    for one in _with_slips(seen, list(found.values())[: search.few], search.slip_cost):
        if one[2] > found[one[0]][2]:
            found[one[0]] = one
    return Ranking(among, tuple(sorted(found.values(), key=lambda one: -one[2])), free, path, search.rivals)


def _with_slips(
    seen: Floats, best: list[tuple[int, Form, float]], cost: float
) -> list[tuple[int, Form, float]]:
    """The likeliest people again, their names spelt a little otherwise."""
    made = [(str(place), slips(form.text, cost)) for place, (_, form, _) in enumerate(best)]
    wrong = gathered([(place, ways) for place, ways in made if ways])
    if not wrong.forms:
        return []
    scores = ctc.likelihoods(seen, wrong.texts) - wrong.costs
    found = []
    for one, form, score in zip(wrong.owner.tolist(), wrong.forms, scores.tolist(), strict=True):
        owner, right, _ = best[int(wrong.whom[one])]
        found.append((owner, Form(form.text, right.whole, form.cost), score))
    return found


def likeliest(ink: Ranking, gray: Ranking, but: str = "") -> str:
    """Whom both networks together find likeliest, whatever each of them says alone; "" for nobody."""
    score = {owner: one for owner, _, one in gray.order}
    whom = ink.among.whom
    found = [(one + score[owner], whom[owner]) for owner, _, one in ink.order if whom[owner] != but]
    return max(found, default=(0.0, ""))[1]


def read_line(gray: Gray, mask: Gray, readers: Readers, among: Lexicon, how: Weighing) -> Named | None:
    """The name on a line, from the bare page (h, w) and its ink; None where nothing can be guessed."""
    if not among.forms:
        return None
    seen = readers.ink(ink_picture(mask)), readers.gray(gray_picture(gray, mask))
    ink, other = rankings(seen, among, how.search)
    by_ink, by_gray = ink.best(), other.best()
    if by_ink is None or by_gray is None:
        return None
    return named(by_ink, by_gray, how.beliefs, likeliest(ink, other))


def named(by_ink: Match, by_gray: Match, beliefs: Beliefs, first: str) -> Named:
    """Both networks together: sure only of a person whom both mean; else the guess is `first`.

    A name that fits only when spelt otherwise is a guess: Carlsen and Karlsen may be two people, one of
    whom stands in no list.
    """
    chances = by_ink.chance(beliefs.ink), by_gray.chance(beliefs.gray)
    if by_ink.whom == by_gray.whom == first:
        spelt = not by_ink.form.cost and not by_gray.form.cost
        exact = by_ink.edits == by_gray.edits == 0
        return Named(first, min(chances) if spelt else 0.0, max(chances), exact=exact)
    agreed = [chance for one, chance in zip((by_ink, by_gray), chances, strict=True) if one.whom == first]
    return Named(first, 0.0, max(agreed, default=0.0))


def beliefs() -> Beliefs:
    """The shipped beliefs, from `calibration/words_belief.toml`."""
    return calibration("words_belief", Beliefs)


def search() -> SearchLimits:
    """The shipped limits of the search, from `calibration/words_search.toml`."""
    return calibration("words_search", SearchLimits)


def bounds() -> WordBounds:
    """The shipped bounds, from `calibration/words.toml`."""
    return calibration("words", WordBounds)
