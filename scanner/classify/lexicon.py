"""Everybody a voter may mean, and every way in which people write a name: the closed lexicon.

First or last name first, initials, middle names left out, double names with a hyphen, a space or one
half; capitals and small letters alike. Common slips of spelling are tried for the few names that fit
best, at a cost, so that a name spelt right always wins over one spelt wrong.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from scanner.classify.ctc import Texts, ready
from scanner.classify.writing import ALPHABET

KEPT = set("åæøäöüß")  # letters of their own; every other accent is left out
STROKED = str.maketrans("đŋŧłðþ", "dntldt")
LETTERS = set(ALPHABET) - {"#", ","}
SLIPS = (
    ("æ", "ae"), ("æ", "ä"), ("æ", "e"), ("ø", "ö"), ("ø", "o"), ("ø", "oe"), ("å", "aa"), ("å", "a"),
    ("aa", "å"), ("ä", "æ"), ("ä", "a"), ("ä", "ae"), ("ö", "ø"), ("ö", "o"), ("ö", "oe"), ("ü", "u"),
    ("ü", "y"), ("ü", "ue"), ("ß", "ss"), ("th", "t"), ("ph", "f"), ("ch", "k"), ("c", "k"), ("k", "c"),
    ("w", "v"), ("z", "s"), ("x", "ks"), ("sen", "son"), ("son", "sen"), ("i", "y"), ("y", "i"), ("ie", "i"),
    ("gaard", "gård"), ("hj", "j"), ("gj", "j"),
)  # fmt: skip
DOUBLE = set("bdfgklmnprst")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a name. `whole`: enough of it to tell whom it means, if only one is called so."""

    text: str
    whole: bool = True
    cost: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Forms of all whom a line may mean; `owner` is the place in `whom` of each form's person."""

    whom: tuple[str, ...]
    forms: tuple[Form, ...]
    owner: npt.NDArray[np.int64]
    texts: Texts
    costs: npt.NDArray[np.float64]  # (n,) of each form, nats


def folded(text: str) -> str:
    """A text in the networks' alphabet: small letters, accents left out save those of å æ ø ä ö ü."""
    out = []
    for letter in unicodedata.normalize("NFC", text.lower()).translate(STROKED):
        plain = letter if letter in KEPT else unicodedata.normalize("NFD", letter)[0]
        out.append(plain if plain in LETTERS else "" if plain in "'’`´" else " ")
    return " ".join("".join(out).split())


def lexicon(named: Iterable[tuple[str, str]]) -> Lexicon:
    """Everybody of (whom, name as printed), in every form; whoever has no letter in the name is left out.

    Who comes twice has two names. Two people of one name are told apart by nothing: neither is ever sure.
    """
    made: dict[str, tuple[Form, ...]] = {}
    for whom, name in named:
        made[whom] = made.get(whom, ()) + forms(name)
    return gathered([(whom, ways) for whom, ways in made.items() if ways])


def gathered(made: list[tuple[str, tuple[Form, ...]]]) -> Lexicon:
    """A lexicon of (whom, forms)."""
    every = tuple(one for _, ways in made for one in ways)
    owner = np.repeat(np.arange(len(made)), [len(ways) for _, ways in made]).astype(np.int64)
    costs = np.asarray([one.cost for one in every], np.float64)
    return Lexicon(tuple(whom for whom, _ in made), every, owner, ready([one.text for one in every]), costs)


@lru_cache(maxsize=20_000)
def forms(name: str) -> tuple[Form, ...]:
    """Every way to write a printed name, the printed one first; () if no letter is left of it."""
    words = folded(name).split()
    if not words:
        return ()
    found: dict[str, bool] = {}
    for some in _shortened(words):
        for one in _ordered(some):
            found.setdefault(one, True)
    if len(words) > 1:
        for part in (words[-1], words[0]):
            found.setdefault(part, False)
    return tuple(Form(text, whole) for text, whole in found.items())


def _shortened(words: list[str]) -> list[list[str]]:
    """The name with middle names left out, and double names in one piece, two pieces or half."""
    found = [words]
    if len(words) > 2:
        for count in range(len(words) - 2):
            found += [[words[0], *kept, words[-1]] for kept in combinations(words[1:-1], count)]
        found = found[:5]
    for some in list(found):
        for place, word in enumerate(some):
            halves = [one for one in word.split("-") if one]
            if len(halves) == 2:
                other = (
                    [*halves],
                    ["".join(halves)],
                    *([[half] for half in halves] if len(some) > 1 else []),
                )
                found += [[*some[:place], *one, *some[place + 1 :]] for one in other]
    return found


def _ordered(words: list[str]) -> list[str]:
    """First name first, last name first, first names as initials."""
    if len(words) == 1:
        return words
    first, last = " ".join(words[:-1]), words[-1]
    initials = [one[0] for one in words[:-1]]
    found = [f"{first} {last}", f"{last} {first}", f"{last}, {first}"]
    found += [f"{' '.join(one + '.' for one in initials)} {last}", f"{' '.join(initials)} {last}"]
    if len(words) > 2:
        given, family = words[0], " ".join(words[1:])
        found += [f"{family} {given}", f"{family}, {given}"]
        found += [f"{given} {' '.join(one + '.' for one in initials[1:])} {last}"]
        found += [f"{given} {' '.join(initials[1:])} {last}"]
    return found


@lru_cache(maxsize=4_000)
def slips(text: str, cost: float) -> tuple[Form, ...]:
    """The text with one common slip of spelling each at `cost` nats, without those that leave it as it is."""
    found: dict[str, None] = {}
    for right, wrong in SLIPS:
        start = text.find(right)
        while start >= 0:
            found.setdefault(text[:start] + wrong + text[start + len(right) :])
            start = text.find(right, start + 1)
    for place, letter in enumerate(text):
        if letter in DOUBLE:
            twice = text[place + 1 : place + 2] == letter
            found.setdefault(
                text[:place] + text[place + 1 :] if twice else text[:place] + letter + text[place:]
            )
    return tuple(Form(one, cost=cost) for one in found if one != text)
