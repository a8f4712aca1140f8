import numpy as np
import pytest

from scanner.classify.box_eyes import Sight
from scanner.classify.eyes import shipped_model
from scanner.confidence import upper
from scanner.training import marks_held_out
from scanner.training.bound import Bound
from scanner.training.marks_held_out import (
    RISKS,
    VOTERS,
    bounds,
    chances,
    held_out,
    justified,
    truths,
    within,
)
from scanner.training.scenes import Case, Sample

MODEL = shipped_model("mark")


def boxes(case: Case, answer: tuple[float, ...], n: int = 1) -> list[Sample]:
    crop, told = np.full((40, 40), 255, np.uint8), np.asarray(answer, np.float32)
    return [Sample(crop, told, case, 1, "cross", norwegian=place % 2 == 0) for place in range(n)]


def test_learners_and_judges_are_different_people():
    ranges = [range(20_000), *VOTERS.values()]
    assert sum(len(one) for one in ranges) == len({number for one in ranges for number in one})


def test_too_few_boxes_justify_nothing(monkeypatch):
    monkeypatch.setattr(marks_held_out, "BOXES", 24)
    values = {one.name: one.value for one in bounds(MODEL, 5, None)}
    assert values == {"lo": 0.0, "hi": 1.0, "foreign_lo": 0.0, "foreign_hi": 1.0}


def test_half_of_the_boxes_come_through_a_scanner_never_learnt_from():
    once, again = (held_out(7, "calibrate", 8, None) for _ in range(2))
    assert [one.voter for one in once] == [one.voter for one in again]
    assert len(once) == 8
    assert all(one.voter in VOTERS["calibrate"] for one in once)


@pytest.mark.parametrize(
    ("case", "answer", "which"),
    [
        (Case.MARK, (0, 1, 0, 0), "marked"),
        (Case.CLEAN, (1, 0, 0, 0), "unmarked"),
        (Case.STREAK, (0, 0, 0, 1), "unmarked"),
        (Case.BLACKENED, (0, 0, 1, 0), "undone"),
        (Case.ERASED, (0, 0, 1, 0), "undone"),
        (Case.SLIP, (0.5, 0.5, 0, 0), "disputed"),
        (Case.RING, (0.5, 0.5, 0, 0), "disputed"),
        (Case.BLACKENED, (0, 0.5, 0.5, 0), None),
        (Case.PASSING, (0, 0, 0, 1), None),
    ],
)
def test_every_box_is_in_the_class_that_people_would_put_it_in(case, answer, which):
    truth = truths(boxes(case, answer))
    flags = {name: bool(getattr(truth, name)[0]) for name in ("marked", "unmarked", "undone", "disputed")}
    assert [name for name, here in flags.items() if here] == ([which] if which else [])


def test_no_class_of_boxes_passes_a_bound_more_often_than_its_risk():
    random = np.random.default_rng(3)
    samples = [
        *boxes(Case.MARK, (0, 1, 0, 0), 9000),
        *boxes(Case.CLEAN, (1, 0, 0, 0), 12_000),
        *boxes(Case.STRUCK, (0, 0, 1, 0), 3000),
        *boxes(Case.SLIP, (0.5, 0.5, 0, 0), 1200),
    ]
    cases = np.asarray([one.case for one in samples])
    seen = np.select(
        [cases == Case.MARK, cases == Case.CLEAN],
        [random.beta(60, 1, len(cases)), random.beta(1, 60, len(cases))],
        random.beta(4, 4, len(cases)),
    ).astype(np.float32)  # fmt: skip
    truth = truths(samples)
    chosen = justified(seen, truth)
    for norwegian in (True, False):
        pair, here = within(chosen, norwegian=norwegian), truth.norwegian == norwegian
        risks = RISKS[norwegian]
        classes = (
            (truth.unmarked, risks.unmarked),
            (truth.undone, risks.undone),
            (truth.disputed, risks.disputed),
        )
        for flags, risk in classes:
            n = int((here & flags).sum())
            assert upper(int((seen[here & flags] >= pair.hi).sum()), n) <= risk
        n = int((here & truth.marked).sum())
        assert upper(int((seen[here & truth.marked] <= pair.lo).sum()), n) <= risks.marked
        assert pair.lo > 0
        assert pair.hi < 1
    assert all(isinstance(one, Bound) and one.upper95 <= one.risk for one in chosen)


def test_chances_are_those_of_the_model_however_many_boxes():
    crops = np.random.default_rng(1).integers(0, 256, (3, 40, 40), dtype=np.uint8)
    assert chances(MODEL, crops).shape == (3,)
    assert chances(MODEL, crops[:0]).shape == (0,)
    assert len(Sight) == 4
