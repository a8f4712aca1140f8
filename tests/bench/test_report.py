"""The report holds the figures of its record, and pictures of what they say."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scanner.ballot import Category, Face, Reason
from scanner.bench.accuracy import Tally, accuracy, tally
from scanner.bench.agreement import Agreement
from scanner.bench.answers import Answer, Case, Chances, Right, bin_of
from scanner.bench.cases import DeckKind, Pile, Plan
from scanner.bench.chart import COLOURS, Axis, Chart, log_axis, odds_axis
from scanner.bench.figures import doubts, groups, reason_shares, reliability, risk, trades, wilson
from scanner.bench.positions import Position
from scanner.bench.record import Settings, opened
from scanner.bench.report import boxes, rate, table, text, write_report
from scanner.bench.twice import Repeat
from scanner.bench.worst import SHOWN, Shown, Why, Worst

PILE = Pile(DeckKind.RANDOM, "folkeavstemning", 1)
RIGHT, DOUBTFUL, WRONG = Agreement.RIGHT, Agreement.DOUBTFUL, Agreement.WRONG_BUT_SURE


def place(said: Agreement, chance: float = 0.9, how: str = "cross_gel_blue") -> Position:
    where = (10.0, 20.0, 4.0, 4.0)
    return Position(
        "option", how, said, "marked", "marked", Face.INSIDE, where, pen="gel_blue", chance=chance
    )


def read_as(sheet: int, **members: object) -> Answer:
    return Answer(Case(PILE, 7, sheet), "v", **members)  # type: ignore[arg-type]


def some() -> list[Answer]:
    """994 right ballots of two positions, four doubted without cause, one wrong, one disputed and decided."""
    right = (Right("option", "empty_option", "", "", 2),)
    seen = (Chances(bin_of(0.01), 2, 0), Chances(bin_of(0.99), 1, 1))
    twice = (Repeat("same wear", both_sure=True, differs=False, boxes=2, flipped=0),)
    clear = {"said": RIGHT, "category": Category.URETTET, "right": right, "chances": seen, "again": twice}
    reasons = (Reason.MARK_DOUBTFUL,)
    return [
        *(read_as(n, nearest=place(RIGHT, 0.9 + n / 1e5), **clear) for n in range(1, 995)),
        *(read_as(n, reasons=reasons, other=(place(DOUBTFUL, 0.6),)) for n in range(995, 999)),
        read_as(999, said=WRONG, category=Category.RETTET, other=(place(WRONG, 0.999),)),
        read_as(
            1000,
            said=Agreement.DECIDED_DISPUTED,
            needs_person=True,
            other=(place(Agreement.DECIDED_DISPUTED),),
        ),
    ]


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def worst_of(answers: list[Answer]) -> tuple[Shown, ...]:
    worst = Worst()
    for one in answers:
        worst.add(one)
    return worst.chosen()


def test_the_report_tells_what_was_counted() -> None:
    counted = tally(some())
    told = "\n".join(text(accuracy(counted, 7, "v"), counted, worst_of(some()), "9 words"))
    for fact in (
        "version `v`",
        "seed 7",
        "Ink of real writers: 9 words",
        "**1 of 1,993 positions wrong but sure**",
        "**1 of 999 ballots wrong but sure**",
        "A position was wrong on 1 of 999 ballots: at most 0.47 % of ballots",
        "Of 1 marks that people would dispute, 1 were decided silently; so were 1 of 1 disputed ballots.",
        "999 ballots needed no person; 4 (0.4 %) were sent to one all the same, 1 were wrong but sure.",
        "| same wear | 994 | 994 | 0 (at most 0.3 %) | 1,988 | 0 (at most 0.15 %) |",
        "| mark_doubtful | 4 |",
        "bench sheet --deck random --election folkeavstemning --wear 1 --seed 7 --sheet 999 --out again",
    ):
        assert fact in told


def test_a_table_has_a_row_for_each_score_and_none_without() -> None:
    seen = accuracy(tally(some()), 7, "v")
    rows = list(table("What", seen.positions_by["field"]))
    assert rows[-1] == "| option | 1,993 | 1 | 0.24 % | 4 (0.201 %) | 1 | 1 |"
    assert list(table("What", {})) == []
    assert (rate(1.0), rate(0.00123), rate(1e-7)) == ("–", "0.12 %", "1e-05 %")
    assert boxes(seen) == seen.positions_by["field"]["option"].__class__(
        1993, 1, 4, pytest.approx(0.00238, rel=0.01)
    )


def test_the_worst_are_the_wrong_then_the_disputed_the_doubted_and_the_nearest_to_doubt() -> None:
    shown = worst_of(some())
    assert len(shown) == SHOWN
    assert [one.why for one in shown[:7]] == [Why.WRONG, Why.WRONG, Why.DECIDED, *[Why.DOUBTED] * 4]
    assert {one.case.sheet for one in shown[:2]} == {999}
    nearest = [one.position.chance for one in shown[7:]]
    assert nearest[0] == pytest.approx(0.90001)
    assert max(nearest) < 0.901


def test_few_of_the_worst_are_alike() -> None:
    same = [read_as(n, said=RIGHT, nearest=place(RIGHT, 0.6, "dot")) for n in range(2000)]
    other = [read_as(n, said=RIGHT, nearest=place(RIGHT, 0.8, "tick")) for n in range(2)]
    assert [one.position.how for one in worst_of([*same, *other])[:7]] == ["dot"] * 4 + ["tick"] * 2 + ["dot"]


def test_reliability_joins_what_was_said_with_what_was_true() -> None:
    counted = tally(some())
    (low, none, n), (high, all_, m) = groups(counted)
    assert (none, n, all_, m) == (0, 2 * 994, 994, 994)
    assert low == pytest.approx(0.01, abs=0.003)
    assert high == pytest.approx(0.99, abs=0.003)
    assert wilson(5, 10) == (pytest.approx(0.2366, abs=1e-3), pytest.approx(0.7634, abs=1e-3))
    assert wilson(0, 10)[0] == 0.0


def test_more_doubt_means_fewer_errors() -> None:
    counted = Tally()
    counted.chances.update({(bin_of(0.999), True): 90, (bin_of(0.9), False): 1, (bin_of(0.9), True): 9})
    first, *_, last = trades(counted)
    assert (first.doubt, first.errors, first.decided) == (pytest.approx(0.1), 0, 90)
    assert (last.doubt, last.errors, last.decided) == (0.0, 1, 100)


def test_reasons_are_shares_of_ballots_that_need_no_person() -> None:
    seen = accuracy(tally(some()), 7, "v")
    assert reason_shares(seen.reasons, seen.without_cause_by["wear"]) == {"mark_doubtful": {"1": 4 / 999}}


@pytest.mark.parametrize(
    ("axis", "value", "share"),
    [
        (Axis("x", 0.0, 10.0, ()), 2.5, 0.25),
        (Axis("x", 0.0, 10.0, ()), -4.0, 0.0),
        (log_axis("x", -4, 0), 0.01, 0.5),
        (log_axis("x", -4, 0), 0.0, 0.0),
        (odds_axis("x"), 0.5, 0.5),
        (odds_axis("x"), 1.0, 1.0),
    ],
)
def test_an_axis_places_values(axis: Axis, value: float, share: float) -> None:
    assert axis.share(value) == pytest.approx(share)


def test_a_chart_draws_where_it_is_told(tmp_path: Path) -> None:
    axis = Axis("x", 0.0, 1.0, ())
    chart = Chart("t", axis, axis)
    chart.bar((0.0, 0.0), (0.5, 0.5), COLOURS[3])
    chart.png(tmp_path / "c.png")
    with Image.open(tmp_path / "c.png") as picture:
        seen = np.asarray(picture)
    assert tuple(seen[500, 200]) == COLOURS[3], "low on the left"
    assert tuple(seen[200, 200]) == tuple(seen[500, 800]) == (255, 255, 255)


def test_figures_are_drawn_even_of_nothing(tmp_path: Path) -> None:
    for counted in (Tally(), tally(some())):
        seen = accuracy(counted, 7, "v")
        reliability(counted, tmp_path / "a.png")
        risk(counted, boxes(seen), tmp_path / "b.png")
        doubts(seen, tmp_path / "c.png")
        assert {size_of(tmp_path / f"{one}.png") for one in "abc"} == {(1000, 640)}


@pytest.mark.endtoend
def test_a_record_becomes_a_report_with_pictures(tmp_path: Path) -> None:
    with opened(tmp_path, Settings("v", 7, "")) as record:
        for one in (some()[0], some()[-1]):
            record.add(one)
    seen = write_report(tmp_path, Plan(7))
    assert seen.ballots.disputed == 1
    told = (tmp_path / "report.md").read_text("utf-8")
    for name in ("reliability", "doubt_and_error", "doubt_without_cause", "worst"):
        assert f"({name}.png)" in told
        assert size_of(tmp_path / f"{name}.png")[0] >= 1000
