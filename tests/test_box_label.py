"""The digits of a box label: they come back as written, and no other digits pass for them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.box_label import DIGITS, MOST_BOXES, BoxLabel, LabelKind, digits, label_of, written
from scanner.election import Krets
from scanner.errors import UsageError
from tests.strategies import small_election

ELECTION = replace(small_election(), kretser=(Krets("0001", "Sæterbukta"), Krets("Å-2", "Øyene")))
MARK = "ab" * 32
OTHER = "cd" * 32


@st.composite
def labels(draw: st.DrawFn) -> BoxLabel:
    of = draw(st.integers(1, MOST_BOXES))
    return BoxLabel(
        draw(st.sampled_from(LabelKind)),
        draw(st.sampled_from([one.code for one in ELECTION.categories])),
        draw(st.sampled_from([one.code for one in ELECTION.kretser])),
        draw(st.integers(1, of)),
        of,
    )


@given(labels())
def test_what_is_written_is_read(label: BoxLabel) -> None:
    text = digits(label, ELECTION, MARK)
    assert len(text) == DIGITS
    seen = written(text)
    assert seen is not None
    assert label_of(seen, ELECTION, MARK) == label
    assert label_of(seen, ELECTION, OTHER) is None, "a label of another election is no label of this one"


@given(labels(), st.integers(0, DIGITS - 1), st.integers(1, 9))
def test_a_digit_misread_is_seen(label: BoxLabel, place: int, by: int) -> None:
    """A check of four digits lets one wrong label in 10,000 pass; single digits never."""
    text = digits(label, ELECTION, MARK)
    wrong = text[:place] + str((int(text[place]) + by) % 10) + text[place + 1 :]
    assert written(wrong) is None


@given(st.text(max_size=40) | st.from_regex(rf"\A[0-9]{{{DIGITS}}}\Z"))
def test_other_codes_are_no_labels(text: str) -> None:
    seen = written(text)
    assert seen is None or label_of(seen, ELECTION, MARK) is None


@pytest.mark.parametrize(
    "label",
    [
        BoxLabel(LabelKind.START, "FO", "0001", 0, 1),
        BoxLabel(LabelKind.START, "FO", "0001", 2, 1),
        BoxLabel(LabelKind.START, "FO", "0001", 1, MOST_BOXES + 1),
        BoxLabel(LabelKind.START, "VB", "0001", 1, 1),
        BoxLabel(LabelKind.START, "FO", "0009", 1, 1),
    ],
)
def test_labels_that_cannot_be_written(label: BoxLabel) -> None:
    with pytest.raises(UsageError):
        digits(label, ELECTION, MARK)


def test_boxes_have_names_of_their_own() -> None:
    boxes = {
        BoxLabel(LabelKind.END, one.code, krets.code, n, 30).box.id
        for one in ELECTION.categories
        for krets in ELECTION.kretser
        for n in range(1, 31)
    }
    assert len(boxes) == 30 * len(ELECTION.categories) * len(ELECTION.kretser)
    assert "FO-Å-2-7" in boxes
