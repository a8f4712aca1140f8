"""The official forms as data: labels word for word, how rows add up, and the texts of doubt."""

import tomllib
from functools import cache
from pathlib import Path

import msgspec

from scanner.ballot import Reason
from scanner.election import ElectionType
from scanner.locale import words
from scanner.people import Language

FOLDER = Path(__file__).parent


class RowForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of D1 as printed: filled in with a fact, or the sum of other rows, each with its sign."""

    id: str
    label: str
    fact: str = ""
    sum: tuple[str, ...] = ()  # "+D1.a", "-D1.d"
    own: bool = False  # not in the official form; the program needs it so that no paper disappears


class Heading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the form calls the election, its area, and the remarks to whoever counts next."""

    election: str
    area: str
    remarks: str


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Part D of a møtebok."""

    id: str
    name: str
    record: str
    part: str
    d1_title: str
    d2_title: str
    d21_title: str
    d21_referendum_title: str
    d21_total: str
    d22_title: str
    d22_control: str
    d22_cause: str
    signatures: str
    leader: str
    members: str
    headings: dict[ElectionType, Heading]
    d1: tuple[RowForm, ...]


@cache
def motebok_2009() -> Form:
    """Part D of the møtebok for valgstyret as it was in 2009, the last with urettede and rettede."""
    return msgspec.convert(tomllib.loads(_text("motebok_2009.toml")), Form)


@cache
def reason_texts() -> dict[Reason, str]:
    """Why a ballot needs a person, in bokmål, for every reason there is."""
    return {one: words(Language.NB)[f"reason_{one}"] for one in Reason}


def _text(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")
