"""The words of the pages: the same keys in every language, one for each member of every closed set shown."""

import re
from pathlib import Path

import pytest

from scanner.ballot import AmendmentKind, FieldKind, Reason, Rejection
from scanner.locale import words
from scanner.people import Language, Role
from scanner.store.records import BoxStanding
from scanner.tally.forms import reason_texts
from scanner.web.pictures import STAGES

PAGES = Path(__file__).parents[1] / "scanner" / "web" / "pages"
SETS = {
    "reason": Reason,
    "place": FieldKind,
    "change": AmendmentKind,
    "ground": Rejection,
    "role": Role,
    "language": Language,
    "box": BoxStanding,
    "view": STAGES,
}


@pytest.mark.parametrize("language", Language)
def test_every_language_says_everything(language: Language) -> None:
    said = words(language)
    assert said.keys() == words(Language.NB).keys()
    assert all(one.strip() for one in said.values())


@pytest.mark.parametrize("prefix", SETS)
def test_every_member_of_a_closed_set_has_its_words(prefix: str) -> None:
    assert {f"{prefix}_{one}" for one in SETS[prefix]} <= words(Language.NB).keys()


def test_every_word_of_a_page_is_there_and_no_word_is_idle() -> None:
    code = "".join(one.read_text("utf-8") for one in PAGES.glob("*.html"))
    code += "".join(one.read_text("utf-8") for one in PAGES.parent.glob("*.py"))
    asked = set(re.findall(r'(?<![\w.])t\("(\w+)"\)', code))
    known = words(Language.NB).keys()
    assert asked <= known
    begun = (*re.findall(r't\("(\w+_)" ~', code), "change_", "refused_", "box_")
    assert {one for one in known - asked if not one.startswith(begun)} == set()


def test_doubt_is_told_in_the_same_words_as_in_the_protocol() -> None:
    assert {one: words(Language.NB)[f"reason_{one}"] for one in Reason} == reason_texts()
