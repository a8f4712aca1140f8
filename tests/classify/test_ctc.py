"""The exact sum over all ways to write a name, held against trying every way."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify import ctc
from scanner.classify.writing import ALPHABET

CLASSES = 1 + len(ALPHABET)


def chances(columns: int, seed: int) -> ctc.Floats:
    return np.random.default_rng(seed).dirichlet(np.full(CLASSES, 0.3), columns).astype(np.float32)


def collapsed(way: tuple[int, ...]) -> str:
    kept = [one for n, one in enumerate(way) if one and (n == 0 or way[n - 1] != one)]
    return "".join(ALPHABET[one - 1] for one in kept)


def by_trying(seen: ctc.Floats, text: str) -> float:
    letters = sorted({0, *(1 + ALPHABET.index(one) for one in text)})
    ways = product(letters, repeat=len(seen))
    held = np.maximum(seen.astype(np.float64), ctc.LEAST)
    total = sum(
        np.prod([held[n, one] for n, one in enumerate(way)]) for way in ways if collapsed(way) == text
    )
    return float(np.log(total)) if total else ctc.NEVER


@pytest.mark.parametrize("text", ["a", "ab", "aa", "aba", "abb", "åb"])
def test_the_likelihood_is_the_sum_over_every_way(text: str) -> None:
    seen = chances(5, 7)
    (found,) = ctc.likelihoods(seen, ctc.ready([text]))
    assert found == pytest.approx(by_trying(seen, text), abs=1e-3)


@given(st.lists(st.text("abø -", min_size=1, max_size=4), min_size=2, max_size=6), st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_texts_scored_together_score_as_alone(texts: list[str], seed: int) -> None:
    seen = chances(9, seed)
    together = ctc.likelihoods(seen, ctc.ready(texts))
    alone = [ctc.likelihoods(seen, ctc.ready([one]))[0] for one in texts]
    assert together == pytest.approx(np.asarray(alone), abs=1e-3)


def test_a_text_with_more_letters_than_columns_is_never_meant() -> None:
    found = ctc.likelihoods(chances(3, 1), ctc.ready(["aa", "aab", "abcd"]))
    assert found[0] > -100
    assert found[1] == ctc.NEVER
    assert found[2] == ctc.NEVER


def test_a_text_as_long_as_the_line_is_meant_where_its_letters_stand() -> None:
    seen = np.full((3, CLASSES), 1e-5, np.float32)
    for column, letter in enumerate("per"):
        seen[column, 1 + ALPHABET.index(letter)] = 1
    assert ctc.likelihoods(seen, ctc.ready(["per", "pal"])).argmax() == 0
    assert ctc.greedy(seen)[0] == "per"


def test_free_reading_joins_columns_of_one_letter_and_parts_them_at_an_empty_one() -> None:
    seen = np.full((6, CLASSES), 1e-5, np.float32)
    for column, letter in enumerate("ll l  "):
        seen[column, 0 if letter == " " else 1 + ALPHABET.index(letter)] = 1
    assert ctc.greedy(seen)[0] == "ll"


def test_the_right_text_is_among_the_near_ones() -> None:
    texts = [*(f"kari {one}{two}" for one in "abcdefghij" for two in "klmnopqrst"), "ola nordmann"]
    seen = np.full((26, CLASSES), 1e-4, np.float32)
    for column, letter in enumerate("o.l.a. .n.o.r.d.m.a.n.n.."):
        seen[column, 0 if letter == "." else 1 + ALPHABET.index(letter)] = 1
    near = ctc.near(seen, ctc.ready(texts), 5)
    assert len(near) == 5
    assert len(texts) - 1 in near


@given(st.text("abcå", max_size=7), st.text("abcå", max_size=7))
@settings(max_examples=40, deadline=None)
def test_how_far_texts_are_apart_is_a_distance(one: str, other: str) -> None:
    away = ctc.apart(one, other)
    assert away == ctc.apart(other, one)
    assert (away == 0) == (one == other)
    assert abs(len(one) - len(other)) <= away <= max(len(one), len(other))
    assert ctc.apart(one + "x", other + "x") == away


def test_known_distances() -> None:
    assert ctc.apart("hansen", "hanson") == 1
    assert ctc.apart("berg", "bergh") == 1
    assert ctc.apart("kitten", "sitting") == 3
