import msgspec
import pytest

from scanner.ballot import Category, Face, Reason
from scanner.bench.accuracy import Tally, accuracy, claim, score, tally
from scanner.bench.agreement import Agreement
from scanner.bench.answers import Answer, Case, Chances, Right
from scanner.bench.campaign import Campaign, run
from scanner.bench.cases import DeckKind, Pile, Plan
from scanner.bench.positions import Position
from scanner.confidence import upper

PILE = Pile(DeckKind.RANDOM, "storting", 2)
RIGHT, DOUBTFUL, WRONG = Agreement.RIGHT, Agreement.DOUBTFUL, Agreement.WRONG_BUT_SURE
OPEN, DECIDED = Agreement.LEFT_OPEN, Agreement.DECIDED_DISPUTED


def place(said: Agreement, how: str = "cross_gel_blue", **members: object) -> Position:
    basic = {"field": "strike", "truth": "marked", "seen": "marked", "face": Face.INSIDE}
    return Position(
        how=how, said=said, rect=(1, 1, 4, 4), pen="gel_blue", strength="light", **basic, **members
    )


def read_as(sheet: int = 1, pile: Pile = PILE, **members: object) -> Answer:
    return Answer(Case(pile, 3, sheet), "v", **members)


# two ballots need no person: one is right, one doubted; one needs a person, one is wrong but sure
HAND_MADE = (
    read_as(1, said=RIGHT, category=Category.RETTET,
            right=(Right("strike", "cross_gel_blue", "gel_blue", "light", 3),)),
    read_as(2, said=DOUBTFUL, category=Category.URETTET, reasons=(Reason.STRAY_INK, Reason.MARK_DOUBTFUL),
            right=(Right("strike", "empty_strike", "", "", 5),), other=(place(DOUBTFUL),)),
    read_as(3, said=DOUBTFUL, needs_person=True, reasons=(Reason.STAMP_ABSENT,), stamp="absent", misled=True,
            other=(place(OPEN, "dot_gel_blue"), place(DECIDED, "dot_gel_blue"))),
    read_as(4, said=WRONG, needs_person=True, handwriting=True, category=Category.RETTET,
            other=(place(WRONG), place(RIGHT)), chances=(Chances(10, 4, 1), Chances(70, 2, 2))),
)  # fmt: skip


def test_a_score_carries_its_denominator_and_bound() -> None:
    seen = score(Tally().ballots)
    assert (seen.n, seen.upper95, seen.doubt) == (0, 1.0, 0.0)
    many = Tally().ballots
    many.update({RIGHT: 297, DOUBTFUL: 2, OPEN: 5, DECIDED: 1})
    seen = score(many)
    assert (seen.n, seen.wrong_but_sure, seen.doubtful) == (299, 0, 2)
    assert (seen.disputed, seen.decided_disputed) == (6, 1)
    assert seen.upper95 == pytest.approx(0.01, abs=1e-4)  # 299 without a failure: at most 1 %


def test_the_bound_rises_with_failures_and_falls_with_trials() -> None:
    assert upper(0, 1000) < upper(1, 1000) < upper(2, 1000)
    assert upper(1, 10_000) < upper(1, 1000)


def test_hand_made_answers_are_counted_where_they_belong() -> None:
    seen = accuracy(tally(HAND_MADE), 3, "v")
    assert (seen.election, seen.wear, seen.seed, seen.deck, seen.version) == ("storting", 2, 3, "random", "v")
    assert (seen.ballots.n, seen.ballots.wrong_but_sure, seen.ballots.doubtful) == (4, 1, 2)
    assert (seen.without_cause.n, seen.without_cause.doubtful) == (2, 1)
    assert seen.positions == score(_positions(right=9, doubtful=1, wrong=1, left=1, decided=1))
    assert {name: one.n for name, one in seen.categories.items()} == {"rettet": 2, "tvilsom": 1, "urettet": 1}
    assert seen.kinds["cross_gel_blue"] == score(_positions(right=4, doubtful=1, wrong=1))
    assert seen.kinds["dot_gel_blue"] == score(_positions(left=1, decided=1))
    assert seen.positions_by["shape"]["cross"].n == seen.positions_by["pen"]["gel_blue"].n == 6
    assert seen.positions_by["strength"]["light"].decided_disputed == 1
    assert seen.positions_by["wear"]["2"] == seen.positions
    assert seen.ballots_by["handwriting"]["handwriting"].wrong_but_sure == 1
    assert seen.ballots_by["stamp"]["absent"].doubtful == 1
    assert seen.without_cause_by["wear, handwriting"]["2, no handwriting"].doubtful == 1
    assert seen.reasons == {"2": {"stray_ink": 1, "mark_doubtful": 1}}, "a person's own ballot is no reason"
    assert (seen.misled, seen.misled_by, seen.crashed) == (1, {"random": 1}, 0)


def _positions(right: int = 0, doubtful: int = 0, wrong: int = 0, left: int = 0, decided: int = 0):
    seen = Tally().positions
    seen.update({RIGHT: right, DOUBTFUL: doubtful, WRONG: wrong, OPEN: left, DECIDED: decided})
    return seen


def test_probabilities_are_kept_by_what_was_true() -> None:
    counted = tally(HAND_MADE)
    assert counted.chances == {(10, True): 1, (10, False): 3, (70, True): 2, (70, False): 0}


def test_the_claim_is_made_by_ballot() -> None:
    """Doubts that come ten to a ballot prove a tenth of what they would prove alone."""
    doubted = [read_as(n, other=(place(DOUBTFUL),) * 10) for n in range(20)]
    clear = [read_as(n, right=(Right("strike", "empty_strike", "", "", 10),)) for n in range(20, 40)]
    made = claim(tally([*doubted, *clear]))
    assert made.design_effect == pytest.approx(10.3, abs=0.2)
    assert made.worth == pytest.approx(400 / 10.3, abs=1)
    assert made.ballots.n == 40
    assert made.upper95 == pytest.approx(upper(0, made.worth), rel=1e-3)


def test_where_nothing_was_doubted_a_ballot_counts_for_one() -> None:
    clear = [read_as(n, right=(Right("strike", "empty_strike", "", "", 25),)) for n in range(40)]
    made = claim(tally(clear))
    assert (made.design_effect, made.worth) == (25.0, 40)


def test_json_keeps_the_fixed_names() -> None:
    told = msgspec.json.decode(msgspec.json.encode(accuracy(tally(HAND_MADE), 3, "v")))
    assert {"ballots", "without_cause", "positions", "categories", "kinds"} <= set(told)
    assert {"n", "wrong_but_sure", "doubtful", "upper95"} <= set(told["kinds"]["cross_gel_blue"])


@pytest.mark.endtoend
def test_simulated_ballots_are_answered_the_same_whoever_reads_them() -> None:
    campaign = Campaign((Pile(DeckKind.RANDOM, "folkeavstemning", 0),), 6, Plan(5))
    alone, together = (list(run(campaign, workers)) for workers in (1, 2))
    assert alone == together
    seen = accuracy(tally(alone), 5, alone[0].version)
    assert seen.ballots.n == 6
    assert seen.positions_by["field"]["option"].n == 2 * seen.ballots.n  # ja and nei
    assert seen.ballots.wrong_but_sure == seen.positions.wrong_but_sure == 0
    assert sum(one.n for one in seen.kinds.values()) == seen.positions.n
    assert list(run(campaign, 1, {campaign.piles[0]: 4})) == alone[4:], "what is done is not done again"
