"""The shipped readers of digits: plain digits are read by both, scrawls by neither; what their cards say."""

from itertools import islice

import numpy as np
import pytest

from scanner.classify.digits import ANSWERS, NONE, OnnxDigits, number_judge, number_limits
from scanner.classify.numbers import read_number
from scanner.config import shipped
from scanner.training.digits_drawing import Form, rendered
from scanner.training.digits_held_out import seen_boxes
from scanner.training.digits_ink import Digit, Part, Source
from scanner.training.digits_shapes import drawn

LIMITS = number_limits()
PLAIN = Form(tall=32, line=3.5, stretch=1.0, slant=0.05, turn=0.0)
SHAPES = {
    0: "3,0 0.6,2 0,6 2,9.8 4.6,9 5.8,5 5,1 2.8,0",
    1: "0.6,3.4 3,0! 3,10",
    2: "0.3,2.4 2,0 4.6,0.6 5,3.2 2.6,6.8 0,10! 5.6,9.9",
    3: "0.4,1 2.8,0 5,1.6 4,4 1.8,4.8! 5,5.8 5.4,8.4 2.8,10 0,8.8",
    4: "1,0 0.4,6.2! 5.6,6.2;4,2 4,10",
    5: "5,0 1,0! 0.6,4.4! 2.8,3.8 5.2,6 4.2,9.2 1.8,10 0,9",
    6: "4.4,0.2 1.6,2.8 0.2,6.6 1,9.6 3.4,10 5.2,7.8 4,5.4 1.8,5.4 0.3,7.4",
    7: "0,0.2 5.4,0! 2.4,10;1.8,5 5,4.8",
    8: "4.8,1.2 2.4,0 0.6,1.6 1.4,3.8 4.4,6 5.2,8.6 2.6,10 0.2,8.4 1.2,6 4.2,3.6 4.8,1.2",
    9: "4.6,2.6 2.6,0 0.4,2 0.8,4.8 3,5.2 4.6,3 4.8,2! 4.6,7 2.6,10",
}


@pytest.fixture(scope="module")
def eyes() -> OnnxDigits:
    return OnnxDigits()


def glyph(words: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    lines = tuple(points for points, _ in drawn(words))
    wide = max(float(one[:, 0].max()) for one in lines)
    return rendered(Digit(Source.DRAWN, None, lines, wide / 10), PLAIN)


@pytest.mark.parametrize("value", range(10))
def test_a_plain_digit_is_read_by_both(eyes: OnnxDigits, value: int) -> None:
    for chances in eyes.both((glyph(SHAPES[value]),)):
        assert chances.shape == (1, ANSWERS)
        assert chances.sum() == pytest.approx(1, abs=1e-4)
        assert int(chances.argmax()) == value


@pytest.mark.parametrize(
    "words",
    ["0,0 6,10;6,0 0,10", "0,6 2,10! 7,0", "0,5 8,5", "0,10 0,0! 4,7! 8,0! 8,10",
     "0,0 0,10;0,5 6,5;6,0 6,10"],
    ids=["cross", "tick", "dash", "M", "H"],
)  # fmt: skip
def test_what_is_no_digit_is_sure_for_neither(eyes: OnnxDigits, words: str) -> None:
    a, b = eyes.both((glyph(words),))
    assert min(a[0, :NONE].max(), b[0, :NONE].max()) < 0.5


def test_no_glyph_no_answer(eyes: OnnxDigits) -> None:
    assert [one.shape for one in eyes.both(())] == [(0, ANSWERS)] * 2


def test_together_or_alone_a_glyph_has_the_same_chances(eyes: OnnxDigits) -> None:
    glyphs = tuple(glyph(SHAPES[value]) for value in (3, 7, 9))
    for side, together in enumerate(eyes.both(glyphs)):
        alone = np.concatenate([eyes.both((one,))[side] for one in glyphs])
        assert np.allclose(together, alone, atol=1e-4)


def test_numbers_of_unmet_hands_are_read_or_doubted_never_misread(eyes: OnnxDigits) -> None:
    cases = [one for _, one in islice(seen_boxes(Part.CONFIRM, 3, None), 161) if one.number is not None]
    read = [
        (one.number.value, read_number(one.written, eyes, number_judge(), LIMITS))
        for one in cases
        if one.number
    ]
    sure = [(truth, seen.sure) for truth, seen in read if seen is not None and seen.sure is not None]
    assert [(truth, said) for truth, said in sure if truth != said] == []
    assert len(sure) > 0.25 * sum(truth is not None for truth, _ in read)


def test_the_cards_name_what_was_learnt_from_and_its_licences(eyes: OnnxDigits) -> None:
    for one in (eyes.a, eyes.b):
        assert any("CC BY-SA 3.0" in licence for licence in one.card.licences)
        assert any("CC BY 4.0" in licence for licence in one.card.licences)
        assert one.card.metrics["all"].wrong_but_sure == 0
        assert (shipped("models") / one.card.model).stat().st_size < 3_000_000
