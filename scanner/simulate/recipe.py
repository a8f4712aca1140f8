"""How one odd ballot comes about: what the voter does, what befalls the paper, and what is true of it.

A kind of ballot is a recipe drawn from a seed. The law's answer comes from `truth.judged`; where the
paper itself makes another answer right, the recipe says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeVar
from zlib import crc32

import numpy as np

from scanner.ballot import Amendment, Category, Reason, StampState
from scanner.election import Election, ElectionType
from scanner.layout.style import Style
from scanner.pixels import INCH_MM, Picture
from scanner.simulate.deck import Deck, Press, SimulatedSheet, deliver, inked
from scanner.simulate.intention import Act, Intention, Voter
from scanner.simulate.scan import scanned
from scanner.simulate.shares import shares
from scanner.simulate.stamps import Impression
from scanner.simulate.truth import Answer, judged
from scanner.simulate.voters import impression, voter
from scanner.simulate.wear import Wear, wear

T = TypeVar("T")
Pages = tuple[Picture, Picture]  # inside, outside


@dataclass(frozen=True, slots=True)
class Scene:
    """What a mishap needs to know of the sheet it befalls."""

    press: Press
    style: Style
    meant: Intention
    worn: Wear
    origins_mm: tuple[tuple[float, float], tuple[float, float]]  # of the print, on inside and outside
    rng: np.random.Generator

    @property
    def k(self) -> float:
        """Pixels to the millimetre."""
        return self.worn.scanner.dpi / INCH_MM


Change = Callable[[Pages, Scene], Pages]


def _same(worn: Wear) -> Wear:
    return worn


def _kept(pages: Pages, _scene: Scene) -> Pages:
    return pages


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a ballot of some kind is made: the pile it belongs to, its voter and its luck."""

    deck: Deck
    index: int
    voter: Voter
    rng: np.random.Generator

    @property
    def election(self) -> Election:
        """The election this pile is counted in."""
        return self.deck.press.election

    def stamp(self, style: Style, *, inside: bool = True) -> Impression:
        """A good impression of the polling station's stamp, in its field or beside it."""
        return impression(style, self.deck.die(self.index), self.rng, shares(), inside=inside)

    def pick(self, among: Sequence[T]) -> T:
        """One of several, all equally likely."""
        return among[int(self.rng.integers(len(among)))]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One ballot in the making.

    `stamp` None: a good stamp in its field. `right` replaces the law's answer to `acts`, `also` are
    other answers that are right as well; `reasons` are those of which at least one must be given
    when the ballot goes to a person, empty where no reason is better than another.
    """

    style: Style
    acts: tuple[Act, ...] = ()
    reasons: frozenset[Reason] = frozenset()
    right: Answer | None = None
    also: tuple[Answer, ...] = ()
    needs_person: bool | None = None  # None: as the acts say
    stamp: tuple[Impression | None, StampState] | None = None
    press: Press | None = None  # None: the pile's own
    voter: Voter | None = None  # None: whoever came
    fate: Callable[[Wear], Wear] = _same  # how the sheet passes through the scanner
    paper: Change = _kept  # what befalls the paper before the scanner
    scan: Change = _kept  # what the scanner makes of it


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of ballot: its name, what it is in words for a poll worker, where it occurs, how it is made."""

    name: str
    told: str
    types: frozenset[ElectionType]
    make: Callable[[Desk], Recipe] = field(repr=False)

    def sheet(self, deck: Deck, index: int) -> SimulatedSheet:
        """The ballot with this number (1..) of this kind as the pile's scanner delivers it.

        Depends on the deck's election, seed and wear, on the kind and the number alone. ValueError if
        the kind does not occur in elections of the deck's type.
        """
        if deck.press.election.type not in self.types:
            raise ValueError(f"There is no {self.name} in a {deck.press.election.type} election.")
        rng = np.random.default_rng([deck.seed, crc32(self.name.encode()), index])
        desk = Desk(deck, index, voter(rng), rng)
        return _sheet(self.name, self.make(desk), desk)


def _sheet(name: str, recipe: Recipe, desk: Desk) -> SimulatedSheet:
    """The recipe carried out."""
    deck, rng, style = desk.deck, desk.rng, recipe.style
    press = recipe.press or deck.press
    stamp, state = recipe.stamp or (desk.stamp(style), StampState.PRESENT)
    meant = Intention(style.id, recipe.voter or desk.voter, recipe.acts, stamp, state)
    worn = recipe.fate(wear(deck.scanner(desk.index), style.page_mm, style.folds_mm, rng))
    pages, origins = inked(press, style, meant, worn, rng, real=deck.real)
    scene = Scene(press, style, meant, worn, origins, rng)
    faces = recipe.scan(scanned(recipe.paper(pages, scene), worn), scene)
    truth = judged(
        press.election,
        style,
        meant,
        index=desk.index,
        wear=deck.level,
        more_kinds=worn.kinds,
        stamp_required=deck.stamp_required,
    )
    right = recipe.right or Answer(truth.category, truth.list, truth.amendments)
    shown = truth.needs_person if recipe.needs_person is None else recipe.needs_person
    told = replace(
        truth,
        kind=name,
        category=right.category,
        list=right.list,
        amendments=right.amendments,
        also=recipe.also,
        reasons=tuple(sorted(recipe.reasons)),
        needs_person=shown or right.category is Category.TVILSOM,
    )
    return deliver(faces, worn, told)


def doubt(code: str | None = None, amendments: tuple[Amendment, ...] = ()) -> Answer:
    """The answer of a board that must decide."""
    return Answer(Category.TVILSOM, code, amendments)


@lru_cache(maxsize=4)
def press_of(election: Election, *, colour: bool) -> Press:
    """A press for another election's ballots, kept because drawing them is dear."""
    return Press(election, colour)
