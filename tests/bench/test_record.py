"""A record survives whatever kills its run, and never mixes what different readers said."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.bench.agreement import Agreement
from scanner.bench.answers import Answer, Case, Right
from scanner.bench.campaign import Campaign, crashed
from scanner.bench.cases import DeckKind, Pile, Plan, piles
from scanner.bench.record import NAME, Settings, answers, opened, settings_of
from scanner.errors import InputError, UsageError

PILE, OTHER = Pile(DeckKind.RANDOM, "storting", 2), Pile(DeckKind.VVSG, "sameting", 0)
NOW = Settings("v1", 3, "")


def made(sheet: int, pile: Pile = PILE) -> Answer:
    right = (Right("strike", "empty_strike", "", "", sheet),)
    return Answer(Case(pile, 3, sheet), "v1", Agreement.RIGHT, right=right)


def written(folder: Path, *some: Answer) -> bytes:
    with opened(folder, NOW) as record:
        for one in some:
            record.add(one)
    return (folder / NAME).read_bytes()


def test_what_was_added_is_there_and_counted_by_pile(tmp_path: Path) -> None:
    some = [made(1), made(2), made(1, OTHER)]
    written(tmp_path, *some)
    assert list(answers(tmp_path / NAME)) == some
    with opened(tmp_path, NOW) as record:
        assert record.done == {PILE: 2, OTHER: 1}
        record.add(made(3))
        assert record.done[PILE] == 3
    assert [one.case.sheet for one in answers(tmp_path / NAME)] == [1, 2, 1, 3]
    assert settings_of(tmp_path) == NOW


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_record_cut_off_anywhere_goes_on(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    whole = written(folder, made(1), made(2), made(3))
    end = data.draw(st.integers(0, len(whole)))
    (folder / NAME).write_bytes(whole[:end])
    with opened(folder, NOW) as record:
        done = record.done[PILE]
        assert done == max(0, whole[:end].count(b"\n") - 1)
        for sheet in range(done + 1, 4):
            record.add(made(sheet))
    assert (folder / NAME).read_bytes() == whole


@pytest.mark.parametrize(
    "other", [Settings("v2", 3, ""), Settings("v1", 4, ""), Settings("v1", 3, "9 words")]
)
def test_what_other_readers_or_seeds_said_is_not_mixed(tmp_path: Path, other: Settings) -> None:
    before = written(tmp_path, made(1))
    with pytest.raises(UsageError, match=r"was begun with (version|seed|ink)"), opened(tmp_path, other):
        pass
    assert (tmp_path / NAME).read_bytes() == before


def test_two_runs_do_not_write_to_one_record(tmp_path: Path) -> None:
    with opened(tmp_path, NOW), pytest.raises(UsageError, match="Another run"), opened(tmp_path, NOW):
        pass


def test_damage_before_the_end_is_named(tmp_path: Path) -> None:
    whole = written(tmp_path, made(1), made(2), made(3)).split(b"\n")
    (tmp_path / NAME).write_bytes(b"\n".join([whole[0], whole[1][:20], *whole[2:]]))
    with pytest.raises(InputError, match="line 2"):
        list(answers(tmp_path / NAME))
    (tmp_path / NAME).write_bytes(b"nothing\n")
    with pytest.raises(InputError, match="no record"):
        settings_of(tmp_path)
    with pytest.raises(InputError, match="no record"):
        settings_of(tmp_path / "nowhere")


def test_a_sheet_out_of_turn_is_named(tmp_path: Path) -> None:
    written(tmp_path, made(1), made(3))
    with pytest.raises(InputError, match="sheet 3 of random, storting, wear 2"), opened(tmp_path, NOW):
        pass


def test_a_campaign_goes_on_pile_by_pile() -> None:
    campaign = Campaign((PILE, OTHER), 150, Plan(3))
    cases = list(campaign.cases({PILE: 60, OTHER: 120}))
    numbers = {pile: [one.sheet for one in cases if one.pile == pile] for pile in (PILE, OTHER)}
    assert numbers == {PILE: list(range(61, 151)), OTHER: list(range(121, 151))}
    assert len(cases) == campaign.left({PILE: 60, OTHER: 120}) == 120
    assert [one.pile for one in cases[:41]] == [PILE] * 40 + [PILE], "a hundred of a pile, then the next"
    assert list(campaign.cases({PILE: 150, OTHER: 150})) == []
    assert campaign.left({PILE: 999, OTHER: 150}) == 0


def test_a_test_deck_ends_where_it_begins_again() -> None:
    pile = Pile(DeckKind.VVSG, "folkeavstemning", 0)
    (size,) = Campaign((pile,), 10**6, Plan(3)).sizes().values()
    assert 1000 < size < 10_000


def test_piles_are_chosen_by_name_or_all() -> None:
    assert piles("random", "storting", "2") == (PILE,)
    some = piles("random,vvsg", "sameting,storting", "0,3")
    assert len(some) == 8
    assert [one.election for one in some] == ["sameting"] * 4 + ["storting"] * 4
    assert len(piles("all", "all", "all")) == len(DeckKind) * 7 * 4
    for wrong in (("cards", "storting", "1"), ("vvsg", "nowhere", "1"), ("vvsg", "storting", "4")):
        with pytest.raises(UsageError, match="There is no"):
            piles(*wrong)


def test_a_sheet_that_kills_its_process_is_kept_as_such() -> None:
    one = crashed(Case(PILE, 3, 7), "v1")
    assert (one.crashed, one.said, one.reasons) == (True, Agreement.DOUBTFUL, ("reader_crashed",))
