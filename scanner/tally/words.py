"""The words around a form that are not its own, in four languages."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec

from scanner.tally.form import Outcome

Language = Literal["nb", "nn", "se", "en"]
LANGUAGES: tuple[str, ...] = get_args(Language)


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language's words; each member is a key of `words.toml`."""

    controls: str
    fill_in: str
    id: str
    where: str
    text: str
    left: str
    relation: str
    right: str
    difference: str
    outcome: str
    cause: str
    by: str
    holds: str
    explained: str
    unexplained: str
    missing: str
    year: str
    own: str
    open: str
    blank: str
    place_date: str
    signatures: str
    leader: str
    member: str
    checkpoint: str
    test: str
    page: str
    of: str
    by_hand: str

    def told(self, outcome: Outcome) -> str:
        """An outcome in words."""
        told: str = getattr(self, outcome.value)
        return told


@cache
def words(language: str) -> Words:
    """The words of nb, nn, se or en; KeyError for another language."""
    text = (Path(__file__).parent / "words.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Words])[language]
