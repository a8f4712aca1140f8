"""Stikkprøver: what is drawn, what people may see, and what follows from a difference."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Amendment, AmendmentKind, Category, Decision, Rejection
from scanner.election import ElectionType
from scanner.errors import UsageError
from scanner.tally.count import count
from scanner.tally.risk import plurality
from scanner.tally.sampling import (
    Differs,
    Draw,
    Entry,
    Follows,
    FrameBox,
    Purpose,
    Result,
    Seen,
    audit,
    contest,
    control,
    frame,
    picks,
    pile,
    result,
)
from tests.strategies import small_election
from tests.tally.conftest import ballot, option, tick, write_in

SEED = "31415926535897932384"
FRAME = frame({"K2": 300, "K1": 40, "K3": 71, "K0": 0})
URETTET = Seen(Category.URETTET, "A")


def decided(seen: Seen, sheet: str = "K1/0001") -> Decision:
    return Decision(sheet, seen.category, seen.list, seen.amendments, (), seen.rejected)


def test_the_frame_is_the_boxes_with_paper_in_the_order_of_their_names() -> None:
    assert (FrameBox("K1", 40), FrameBox("K2", 300), FrameBox("K3", 71)) == FRAME
    with pytest.raises(UsageError, match="no box holds a sheet"):
        frame({"K1": 0})


def test_seventy_of_each_box_drawn_and_all_of_a_smaller_one() -> None:
    chosen = picks(control(SEED, FRAME, 3, 70))
    by_box = {name: [one.number for one in chosen if one.box == name] for name in ("K1", "K2", "K3")}
    assert {name: len(own) for name, own in by_box.items()} == {"K1": 40, "K2": 70, "K3": 70}
    assert all(own == sorted(set(own)) for own in by_box.values())
    assert by_box["K2"][0] >= 1
    assert by_box["K2"][-1] <= 300


def test_fewer_than_seventy_are_no_control_sample() -> None:
    with pytest.raises(UsageError, match="at least 70"):
        control(SEED, FRAME, 1, 69)


def test_anybody_draws_the_same_and_another_seed_draws_others() -> None:
    assert picks(control(SEED, FRAME, 3, 70)) == picks(control(SEED, FRAME, 3, 70))
    assert picks(control(SEED, FRAME, 3, 70)) != picks(control(SEED[::-1], FRAME, 3, 70))


@settings(max_examples=40)
@given(
    st.dictionaries(st.sampled_from(["K1", "K2", "F1", "F2"]), st.integers(1, 200), min_size=1),
    st.integers(1, 400),
    st.text("0123456789", min_size=20, max_size=24),
)
def test_an_audit_draws_as_often_as_asked_and_only_paper_that_is_there(
    sheets: dict[str, int], ballots: int, seed: str
) -> None:
    chosen = picks(audit(seed, frame(sheets), ballots, 0.05))
    assert sum(one.times for one in chosen) == ballots
    assert len({one.sheet for one in chosen}) == len(chosen)
    assert all(1 <= one.number <= sheets[one.box] for one in chosen)


def read(draw: Draw, machine: Seen = URETTET, **paper: Seen) -> Result:
    """The draw read to the end: what `paper` says of single sheets, else what the machine said."""
    sheets = [one.sheet for one in picks(draw)]
    entries = [Entry(1, one, ("Kari",), paper.get(one, machine)) for one in sheets]
    return result(1, draw, entries, dict.fromkeys(sheets, decided(machine)), plurality({"A": 60, "B": 5}, 71))


TWO_BOXES = control(SEED, frame({"K1": 70, "K2": 70}), 2, 70)


def test_nothing_follows_if_nothing_differs() -> None:
    made = read(TWO_BOXES)
    assert made.follows is Follows.NOTHING
    assert [one.piles for one in made.boxes] == [(("A", 70, 70),)] * 2


@pytest.mark.parametrize(
    ("paper", "how", "follows"),
    [
        (Seen(Category.URETTET, "B"), Differs.PILE, Follows.RECOUNT_BOX),
        (Seen(Category.BLANK), Differs.PILE, Follows.RECOUNT_BOX),
        (Seen(Category.TVILSOM, rejected=Rejection.NO_STAMP), Differs.PILE, Follows.RECOUNT_BOX),
        (Seen(Category.RETTET, "A", (tick(3),)), Differs.CHANGES, Follows.RECOUNT_BOX),
        (Seen(Category.TVILSOM, missing=True), Differs.MISSING, Follows.RECOUNT_ALL),
    ],
    ids=["list", "blank", "rejected", "changes", "missing"],
)
def test_one_ballot_that_differs_is_found_and_its_box_counted_again(
    paper: Seen, how: Differs, follows: Follows
) -> None:
    made = read(TWO_BOXES, **{"K2/0007": paper})
    (found,) = made.boxes[1].differences
    assert (found.sheet, found.how, made.follows) == ("K2/0007", how, follows)
    assert made.boxes[0].differences == ()


def test_differences_in_two_boxes_mean_counting_everything_again() -> None:
    other = Seen(Category.URETTET, "B")
    assert read(TWO_BOXES, **{"K1/0001": other, "K2/0001": other}).follows is Follows.RECOUNT_ALL


def test_how_a_name_is_spelt_and_its_line_are_no_difference() -> None:
    machine = Seen(Category.RETTET, "A", (write_in("B/2", 1), tick(1)))
    paper = Seen(
        Category.RETTET, "A", (tick(1), Amendment(AmendmentKind.WRITE_IN, line=4, text="N", person="B/2"))
    )
    assert read(TWO_BOXES, machine, **{"K1/0001": paper}).follows is Follows.NOTHING


def test_nothing_is_shown_of_a_box_before_all_its_paper_is_read() -> None:
    """Else the second half of a box would be read with the machine's answer in mind."""
    sheets = [one.sheet for one in picks(TWO_BOXES)]
    wrong = Seen(Category.URETTET, "B")
    entries = [Entry(1, one, ("Kari",), wrong) for one in sheets[:-1]]
    made = result(1, TWO_BOXES, entries, dict.fromkeys(sheets, decided(URETTET)))
    assert made.follows is None
    assert (made.boxes[1].read, made.boxes[1].piles, made.boxes[1].differences) == (69, (), ())
    assert len(made.boxes[0].differences) == 70


def test_a_ballot_that_nobody_has_decided_keeps_its_box_open() -> None:
    sheets = [one.sheet for one in picks(TWO_BOXES)]
    entries = [Entry(1, one, ("Kari",), URETTET) for one in sheets]
    decisions = {one: decided(URETTET) for one in sheets} | {"K1/0003": None}
    made = result(1, TWO_BOXES, entries, decisions)
    assert (made.follows, made.boxes[0].undecided, made.boxes[1].undecided) == (None, 1, 0)


def test_the_last_entry_counts_and_entries_of_other_draws_do_not() -> None:
    sheets = [one.sheet for one in picks(TWO_BOXES)]
    wrong, right = Seen(Category.URETTET, "B"), URETTET
    entries = [Entry(1, one, ("Kari",), said) for said in (wrong, right) for one in sheets]
    entries += [Entry(2, sheets[0], ("Ola",), wrong)]
    assert result(1, TWO_BOXES, entries, dict.fromkeys(sheets, decided(right))).follows is Follows.NOTHING


def test_an_audit_confirms_or_asks_for_a_full_count() -> None:
    small = audit(SEED, frame({"K1": 71}), 20, 0.1)
    assert small.purpose is Purpose.RISK
    good = read(small)
    assert (good.confirmed, good.follows) == (True, Follows.NOTHING)
    assert good.p_value is not None
    assert good.p_value < 0.1
    first = picks(small)[0].sheet
    bad = read(small, **{first: Seen(Category.URETTET, "B")})
    assert bad.p_value is not None
    assert bad.p_value > good.p_value
    assert read(replace(small, risk=1e-9)).follows is Follows.RECOUNT_ALL


def test_the_contest_is_what_the_ballots_decide() -> None:
    paper = [ballot(Category.URETTET, code) for code in "AAAB"] + [ballot(Category.BLANK)]
    made = contest(count(paper, small_election()), small_election())
    assert made.ballots == 5
    assert {one.winner for one in made.claims} == {"A", "B"}
    referendum = small_election(ElectionType.FOLKEAVSTEMNING)
    answers = [ballot(Category.URETTET, None, option(code)) for code in ("ja", "ja", "nei")]
    (claim,) = contest(count(answers, referendum), referendum).claims
    assert (claim.winner, claim.loser, claim.margin) == ("ja", "nei", 1)


def test_where_paper_lies() -> None:
    ticked = Seen(Category.URETTET, None, (Amendment(AmendmentKind.PARTY_TICK, list="B"),))
    assert [pile(one) for one in (ticked, Seen(Category.BLANK), Seen(Category.TVILSOM, missing=True))] == [
        "B",
        "blank",
        "missing",
    ]
