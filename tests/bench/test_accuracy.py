from collections import Counter

import pytest

from scanner.ballot import Face, Field, FieldKind, Mark, MarkState, Rect
from scanner.bench.accuracy import Trial, position, said_of, score, summed
from scanner.bench.agreement import Agreement
from scanner.confidence import upper

BOX = Field(Face.INSIDE, FieldKind.PERSONAL_VOTE, Rect(1, 1, 4, 4), candidate=1)
MARKED, UNMARKED, DOUBTFUL = MarkState.MARKED, MarkState.UNMARKED, MarkState.DOUBTFUL


@pytest.mark.parametrize(
    ("truth", "a", "b", "expected"),
    [
        (MARKED, MARKED, MARKED, Agreement.RIGHT),
        (MARKED, UNMARKED, UNMARKED, Agreement.WRONG_BUT_SURE),
        (UNMARKED, MARKED, MARKED, Agreement.WRONG_BUT_SURE),
        (UNMARKED, MARKED, UNMARKED, Agreement.DOUBTFUL),
        (DOUBTFUL, MARKED, MARKED, Agreement.RIGHT),
        (DOUBTFUL, MARKED, DOUBTFUL, Agreement.DOUBTFUL),
    ],
)
def test_a_box_is_right_doubtful_or_wrong(
    truth: MarkState, a: MarkState, b: MarkState, expected: Agreement
) -> None:
    assert position(truth, Mark(BOX, a, b, 1.0, 0.5)) is expected


def test_a_score_carries_its_denominator_and_bound() -> None:
    seen = score(Counter({Agreement.RIGHT: 297, Agreement.DOUBTFUL: 2}))
    assert (seen.n, seen.wrong_but_sure, seen.doubtful) == (299, 0, 2)
    assert seen.upper95 == pytest.approx(0.01, abs=1e-4)  # 299 without a failure: at most 1 %
    assert score(Counter()).upper95 == 1.0


def test_the_bound_rises_with_failures_and_falls_with_trials() -> None:
    assert upper(0, 1000) < upper(1, 1000) < upper(2, 1000)
    assert upper(1, 10_000) < upper(1, 1000)


@pytest.mark.endtoend
def test_simulated_ballots_are_scored_the_same_whoever_reads_them() -> None:
    trial = Trial("folkeavstemning", wear=0, seed=5, ink=None)
    alone, together = (list(said_of(trial, 6, workers)) for workers in (1, 2))
    assert alone == together
    seen = summed(trial, alone)
    assert seen.ballots.n == 6
    assert seen.positions.n == 2 * seen.ballots.n  # ja and nei
    assert seen.ballots.wrong_but_sure == seen.positions.wrong_but_sure == 0
    assert sum(one.n for one in seen.kinds.values()) == seen.positions.n
