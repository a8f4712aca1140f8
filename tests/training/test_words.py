"""Handwriting to learn from and to be judged by: two honest views, disjoint writers, reproducible lines."""

import numpy as np
import pytest

from scanner.classify.handwriting import Belief, Match, named
from scanner.classify.lexicon import Form
from scanner.classify.writing import HIGH, STEP
from scanner.training.words_belief import fitted, tempered
from scanner.training.words_held_out import LEARN, RISK_NAMED, WRITERS, Case, chosen
from scanner.training.words_ink import Piece, drawn_capitals, plain
from scanner.training.words_lines import STRUCK, Share, fits, glued, line, shown
from scanner.training.words_names import name, written


@pytest.fixture(scope="module")
def pieces() -> list[Piece]:
    return drawn_capitals(np.random.default_rng(5), 6)


def case(text: str, got: str, margin: float, *, outside: float = 0.5) -> Case:
    """A line that says `text`, read as `got` by both networks."""
    inside = Match(got, Form(got), got, margin, 0.1, 0.0)
    stranger = Match("c/1", Form("nobody"), got, outside, 2.0, 0.8)
    return Case("word", text, (inside, inside), (stranger, stranger), (got, "c/1"), text)


def test_no_writer_is_learnt_from_and_judged_by() -> None:
    parts = [set(LEARN), *(set(one) for one in WRITERS.values())]
    assert sum(len(one) for one in parts) == len(set.union(*parts)) == 28


def test_the_same_seed_draws_the_same_lines(pieces: list[Piece]) -> None:
    one, other = (line(pieces, np.random.default_rng(3), Share()) for _ in range(2))
    assert one.text == other.text
    assert np.array_equal(one.ink, other.ink)
    assert np.array_equal(one.gray, other.gray)


def test_both_views_show_the_writing(pieces: list[Piece]) -> None:
    random = np.random.default_rng(1)
    for piece in pieces:
        seen = shown(piece, random, struck=False, bare=0.5, worn=0.5)
        for view in (seen.ink, seen.gray):
            assert view.shape[0] == HIGH
            assert view.shape[1] % STEP == 0
            assert view.max() > 150
            assert fits(seen.text, view)


def test_a_name_struck_out_says_no_name(pieces: list[Piece]) -> None:
    always = Share(glued=0.0, struck=1.0)
    assert line(pieces, np.random.default_rng(2), always).text == STRUCK


def test_two_words_of_one_writer_become_one_line(pieces: list[Piece]) -> None:
    both = glued(pieces[0], pieces[1], np.random.default_rng(4))
    assert both.text.startswith(pieces[0].text)
    assert both.text.endswith(pieces[1].text)
    assert both.ink.shape[1] > pieces[0].ink.shape[1] + pieces[1].ink.shape[1]


def test_only_letters_that_the_networks_know_are_learnt() -> None:
    assert plain("Groß Köris") == "groß köris"
    assert plain("Haus (2)") is None


def test_made_up_names_stand_in_every_order() -> None:
    random = np.random.default_rng(0)
    made = [written(random) for _ in range(200)]
    assert any("," in one for one in made)
    assert any(". " in one for one in made)
    assert all(" " in name(random) for _ in range(20))


def test_beliefs_follow_the_evidence() -> None:
    random = np.random.default_rng(0)
    right = (random.random(400) < 0.5).astype(float)
    seen = np.stack([np.ones(400), right * 3 + random.normal(0, 1, 400)], 1)
    base, weight = fitted(seen, right)
    assert weight > 0.8
    assert base < 0


def test_tempered_beliefs_trust_a_wide_margin_and_no_bad_fit() -> None:
    cases = [case("a/1", "a/1", 20.0 + n % 7) for n in range(40)] + [
        case("a/1", "b/1", 0.3) for _ in range(5)
    ]
    by = tempered(cases)
    wide = Match("a/1", Form("per olsen"), "per olsen", 30.0, 0.1, 0.0)
    narrow = Match("a/1", Form("per olsen"), "geir lie", 0.4, 2.0, 0.8)
    assert wide.chance(by.ink) > 0.9
    assert narrow.chance(by.ink) < 0.2


def test_a_name_that_is_not_whole_is_never_sure() -> None:
    sure = Belief(10.0, 1.0, 0.0, 0.0, 0.0, 0.0)
    assert Match("a/1", Form("olsen", whole=False), "olsen", 50.0, 0.0, 0.0).chance(sure) == 0
    assert Match("a/1", Form("per olsen"), "per olsen", 50.0, 0.0, 0.0).chance(sure) > 0.99
    assert Match("a/1", Form("per olsen"), "per olsen", 0.0, 0.0, 0.0).chance(sure) == 0  # a namesake


def test_networks_that_mean_different_people_are_never_sure() -> None:
    cases = [case("a/1", "a/1", 25.0) for _ in range(30)] + [case("a/1", "b/1", 0.2) for _ in range(5)]
    by = tempered(cases)
    one = Match("a/1", Form("per olsen"), "per olsen", 30.0, 0.1, 0.0)
    other = Match("b/1", Form("pia olsen"), "pia olsen", 30.0, 0.1, 0.0)
    assert named(one, one, by, "a/1").sure > 0.5
    assert named(one, other, by, "a/1").sure == 0
    assert named(one, one, by, "b/1").sure == 0  # together they mean somebody else


def test_bounds_lie_above_every_wrong_name_and_say_on_how_many_cases() -> None:
    cases = [case("a/1", "a/1", 25.0) for _ in range(60)] + [case("a/1", "b/1", 9.0) for _ in range(3)]
    few, stranger = chosen(cases, tempered(cases))
    assert (few.name, stranger.name) == ("named", "stranger")
    assert few.n == stranger.n == 63
    assert few.value == 1.0  # 63 cases cannot show one error in a thousand
    assert few.risk == RISK_NAMED
