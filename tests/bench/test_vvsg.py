"""The test deck leaves no position of any ballot out, and says what is disputed."""

from collections import defaultdict

import numpy as np
import pytest

from scanner.ballot import Category, Field, FieldKind, MarkState, StampState
from scanner.bench.cases import election_of, press_of
from scanner.bench.vvsg import Role, TestDeck, ways
from scanner.layout.style import BOXES
from scanner.simulate.deck import Deck, Press
from scanner.simulate.elections import shipped_names
from scanner.simulate.intention import ActKind, Intention, Strength
from scanner.simulate.marks import MarkShape
from scanner.simulate.truth import judged
from scanner.simulate.voters import voter

MARKABLE = {*BOXES, FieldKind.CANDIDATE_LINE, FieldKind.WRITE_IN}


def deck(name: str, seed: int = 1) -> TestDeck:
    return TestDeck(Deck(Press(election_of(name)), seed))


def meant(pile: TestDeck, index: int) -> Intention:
    return pile.meant(index, np.random.default_rng([1, index]))


def inked(pile: TestDeck, rounds: range, roles: set[Role]) -> dict[str, set[Field]]:
    """The fields of each style with ink meant for them in some rounds."""
    found = defaultdict(set)
    n = len(pile.parts)
    for turn in rounds:
        for place, part in enumerate(pile.parts):
            if part.role in roles:
                acts = meant(pile, turn * n + place + 1).acts
                found[part.style.id] |= {one.field for one in acts if one.field is not None}
    return found


@pytest.mark.parametrize("name", shipped_names())
def test_three_rounds_mark_every_position_of_every_style(name: str) -> None:
    pile = deck(name)
    surely = {*Role} - {Role.DISPUTED}
    found = inked(pile, range(3), surely)
    for style in pile.deck.press.styles:
        every = {one for one in style.fields if one.kind in MARKABLE}
        assert every - found[style.id] == set(), style.id


def test_one_round_marks_every_box() -> None:
    pile = deck("storting")
    found = inked(pile, range(5, 6), {Role.MARKED, Role.NUMBERED, Role.TICKED})
    for style in pile.deck.press.styles:
        assert {one for one in style.fields if one.kind in BOXES} <= found[style.id]


def test_in_the_whole_deck_every_position_is_marked_in_every_way() -> None:
    pile = deck("folkeavstemning")
    n = len(pile.parts)
    pens = {
        (place, held.pen.kind, held.pen.colour, held.shape, held.strength)
        for turn in range(len(pile.ways))
        for place, part in enumerate(pile.parts)
        if part.role is Role.TICKED
        for held in [meant(pile, turn * n + place + 1).voter]
    }
    assert len(pens) == 2 * len(ways()), "each option with each way"
    assert pile.size == n * len(ways())


def test_ways_are_all_pens_shapes_and_strengths_but_a_dot_hardly_pressed() -> None:
    every = ways()
    assert len(every) == len(set(every)) == 9 * (len(MarkShape) * len(Strength) - 2)
    assert {one.strength for one in every if one.shape is MarkShape.DOT} == {Strength.NORMAL, Strength.BOLD}


@pytest.mark.parametrize("place", range(0, len(ways()), 7))
def test_the_voter_marks_as_strongly_as_the_way_says(place: int) -> None:
    way = ways()[place]
    who = way.voter(np.random.default_rng(place), voter(np.random.default_rng(0)).strike)
    assert (who.strength, who.shape, who.pen.kind) == (way.strength, way.shape, way.kind)


def test_a_sheet_depends_on_its_number_alone() -> None:
    assert meant(deck("sameting"), 40) == meant(deck("sameting"), 40)
    assert deck("folkeavstemning").sheet(3) == deck("folkeavstemning").sheet(3)
    assert deck("folkeavstemning").sheet(3).front != deck("folkeavstemning", seed=2).sheet(3).front


def test_disputed_marks_leave_the_ballot_to_people_and_either_answer_is_right() -> None:
    pile = deck("kommunestyre")
    n = len(pile.parts)
    kinds = set()
    for turn in range(3):
        for place, part in enumerate(pile.parts):
            if part.role is not Role.DISPUTED:
                continue
            one = meant(pile, turn * n + place + 1)
            truth = judged(pile.deck.press.election, part.style, one)
            assert truth.category is Category.TVILSOM
            assert {mark.state for mark in truth.marks} == {MarkState.DOUBTFUL}
            likely = {answer.category for answer in truth.also}
            assert likely <= {Category.RETTET, Category.URETTET, Category.BLANK}
            assert len(likely) == 2
            kinds |= {(act.aim == act.field.rect, act.aim.w == act.field.rect.w) for act in one.acts}
    assert kinds == {(True, True), (False, True), (False, False)}, "light dots, moved marks, touches"


def test_numbers_differ_and_in_time_every_name_gets_every_rank() -> None:
    pile = deck("sameting")
    n, ranks = len(pile.parts), defaultdict(set)
    style = pile.deck.press.styles[0]
    names = len(style.of(FieldKind.RENUMBER))
    for turn in range(names):
        for place, part in enumerate(pile.parts):
            if part.role is Role.NUMBERED and part.style is style:
                acts = meant(pile, turn * n + place + 1).acts
                assert all(one.kind is ActKind.NUMBER for one in acts)
                assert len({one.rank for one in acts}) == len(acts)
                for one in acts:
                    ranks[one.field.candidate].add(one.rank)
    assert set(map(frozenset, ranks.values())) == {frozenset(range(1, names + 1))}


def test_stamps_of_every_state_come_where_nothing_else_is_done() -> None:
    pile = deck("storting")
    n, seen = len(pile.parts), set()
    for turn in range(4):
        for place, part in enumerate(pile.parts):
            one = meant(pile, turn * n + place + 1)
            assert (one.stamp is None) is (one.stamp_state is StampState.ABSENT)
            assert one.stamp_state is StampState.PRESENT or part.role is Role.STAMP
            assert not (one.acts and part.role in {Role.STAMP, Role.CLEAN})
            seen.add(one.stamp_state)
    assert seen == {*StampState}


def test_presses_are_kept_one_election_at_a_time() -> None:
    first = press_of("sameting")
    assert press_of("sameting") is first
    press_of("storting")
    assert press_of("sameting") is not first
