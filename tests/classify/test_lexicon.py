"""Every way to write a name, and no way that stands for two people."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.lexicon import folded, forms, lexicon, slips
from scanner.classify.writing import ALPHABET


def texts(name: str, *, whole: bool = True) -> set[str]:
    return {one.text for one in forms(name) if one.whole is whole}


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("OLA NORDMANN", "ola nordmann"), ("Åse Sæther-Bø", "åse sæther-bø"), ("Ánte Čuđi Ŋ", "ante cudi n"),
        ("André O'Hara", "andre ohara"), ("Jörg  Müßig ", "jörg müßig"), ("Per (den eldre)", "per den eldre"),
        ("A\u030ase", "åse"), ("Zoë 2", "zoe"),
    ],
)  # fmt: skip
def test_names_become_letters_that_the_networks_write(printed: str, text: str) -> None:
    assert folded(printed) == text


@given(st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_whatever_is_printed_folds_into_the_alphabet_and_stays_there(text: str) -> None:
    once = folded(text)
    assert set(once) <= set(ALPHABET) - {"#"}
    assert folded(once) == once
    assert all(set(one.text) <= set(ALPHABET) - {"#"} for one in forms(text))


def test_first_or_last_name_first_and_initials() -> None:
    assert {"ola nordmann", "nordmann ola", "nordmann, ola", "o. nordmann", "o nordmann"} <= texts(
        "Ola Nordmann"
    )


def test_one_name_alone_is_not_enough_to_tell_whom_it_means() -> None:
    assert texts("Ola Nordmann", whole=False) == {"ola", "nordmann"}
    assert texts("Nordmann") == {"nordmann"}  # unless it is all that is printed


def test_middle_names_are_left_out_and_double_names_parted_or_halved() -> None:
    found = texts("Kari Anne Berg-Hansen")
    assert {"kari berg-hansen", "kari anne hansen", "kari hansen", "kari berg", "kari berg hansen"} <= found
    assert "anne hansen" not in found


def test_the_printed_name_comes_first() -> None:
    assert forms("Kari Anne Berg-Hansen")[0].text == "kari anne berg-hansen"


def test_a_name_without_letters_is_nobody() -> None:
    assert forms("123 ?") == ()
    assert lexicon([("A/1", "1"), ("A/2", "Per")]).whom == ("A/2",)


def test_slips_cost_and_never_repeat_the_right_spelling() -> None:
    found = slips("kåre hansen", 3.0)
    assert {"kaare hansen", "kåre hanson", "kåre hanssen"} <= {one.text for one in found}
    assert "kåre hansen" not in {one.text for one in found}
    assert {one.cost for one in found} == {3.0}
    assert "pål ole" in {one.text for one in slips("pål olle", 3.0)}


def test_the_lexicon_knows_whose_each_form_is() -> None:
    among = lexicon([("A/1", "Ola Nordmann"), ("B/2", "Kari Lie"), ("A/1", "Ole Nordmann")])
    assert among.whom == ("A/1", "B/2")  # who comes twice has two names
    owned = {one.text: among.whom[owner] for one, owner in zip(among.forms, among.owner, strict=True)}
    assert owned["lie, kari"] == "B/2"
    assert owned["ola nordmann"] == owned["ole nordmann"] == "A/1"
    assert len(among.texts.lengths) == len(among.forms) == len(among.costs)
