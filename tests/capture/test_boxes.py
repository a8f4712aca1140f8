"""Boxes open and close by their labels; every odd order of sheets stops, and no sheet is ever two things."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.box_label import BoxLabel, LabelKind, digits, written
from scanner.capture.boxes import Ballot, Closed, Desk, LabelTrouble, Opened, Step, Stop
from scanner.capture.labels import NoLabel, Seen, Sighting, Unsure
from scanner.election import Krets
from tests.strategies import small_election

ELECTION = replace(small_election(), kretser=(Krets("1", "Nord"), Krets("2", "Sør")))
MARK, OTHER = "ab" * 32, "cd" * 32
DESK = Desk(ELECTION, MARK)
PAPER = NoLabel()


def label(
    number: int, kind: LabelKind = LabelKind.START, *, of: int = 3, krets: str = "1", mark: str = MARK
) -> Seen:
    text = digits(BoxLabel(kind, "FO", krets, number, of), ELECTION, mark)
    says = written(text)
    assert says is not None
    return Seen(text, says)


def start(number: int, **more: object) -> Seen:
    return label(number, **more)  # type: ignore[arg-type]


def end(number: int, **more: object) -> Seen:
    return label(number, LabelKind.END, **more)  # type: ignore[arg-type]


def fed(*sheets: Sighting, desk: Desk = DESK) -> tuple[Desk, list[Step]]:
    steps = []
    for one in sheets:
        desk, step = desk.take(one)
        steps.append(step)
    return desk, steps


def trouble(step: Step | None) -> LabelTrouble | None:
    return step.trouble if isinstance(step, Stop) else None


def test_two_boxes_in_one_stack() -> None:
    desk, steps = fed(start(1), PAPER, PAPER, end(1), start(2), PAPER, end(2))
    assert [type(one) for one in steps] == [Opened, Ballot, Ballot, Closed, Opened, Ballot, Closed]
    assert [one.label.box.id for one in steps] == ["FO-1-1"] * 4 + ["FO-1-2"] * 3  # type: ignore[union-attr]
    assert desk.finish() is None
    assert desk.done == {"FO-1-1", "FO-1-2"}


@pytest.mark.parametrize(
    ("sheets", "why"),
    [
        ([PAPER], LabelTrouble.NO_START_LABEL),
        ([end(1)], LabelTrouble.NO_START_LABEL),
        ([start(1), end(1), PAPER], LabelTrouble.NO_START_LABEL),
        ([start(1), PAPER, start(2)], LabelTrouble.NO_END_LABEL),
        ([start(1), PAPER, end(2)], LabelTrouble.WRONG_END_LABEL),
        ([start(1), PAPER, end(1, of=4)], LabelTrouble.WRONG_END_LABEL),
        ([start(1), PAPER, end(1, krets="2")], LabelTrouble.WRONG_END_LABEL),
        ([start(1), PAPER, start(1)], LabelTrouble.LABEL_IN_MIDDLE),
        ([start(1), end(1), start(1)], LabelTrouble.BOX_TWICE),
        ([start(1, mark=OTHER)], LabelTrouble.OTHER_ELECTION),
        ([start(1), PAPER, end(1, mark=OTHER)], LabelTrouble.OTHER_ELECTION),
        ([Unsure("two")], LabelTrouble.LABEL_UNSURE),
        ([start(1), Unsure("two")], LabelTrouble.LABEL_UNSURE),
    ],
)
def test_the_last_sheet_stops_the_stack(sheets: list[Sighting], why: LabelTrouble) -> None:
    before, steps = fed(*sheets[:-1])
    assert not [one for one in steps if isinstance(one, Stop)]
    after, step = before.take(sheets[-1])
    assert trouble(step) is why
    assert after == before, "a stop changes nothing: the sheet was not taken"


def test_the_paper_ends_inside_a_box() -> None:
    desk, _ = fed(start(1), PAPER)
    assert trouble(desk.finish()) is LabelTrouble.NO_END_LABEL


def test_a_box_of_another_day() -> None:
    """Closed ones never open again; begun ones only when they are asked for."""
    desk = replace(DESK, begun=frozenset({"FO-1-1", "FO-1-2"}), done=frozenset({"FO-1-1"}))
    assert trouble(desk.take(start(1))[1]) is LabelTrouble.BOX_TWICE
    assert trouble(desk.take(start(2))[1]) is LabelTrouble.BOX_TWICE
    asked = replace(desk, asked="FO-1-2")
    step = asked.take(start(2))[1]
    assert isinstance(step, Opened)
    assert step.again
    assert trouble(asked.take(start(3))[1]) is LabelTrouble.WRONG_BOX
    assert trouble(replace(desk, asked="FO-1-1").take(start(1))[1]) is LabelTrouble.BOX_TWICE


sightings = st.one_of(
    st.just(PAPER),
    st.builds(start, st.integers(1, 3)),
    st.builds(end, st.integers(1, 3)),
    st.just(Unsure("?")),
    st.just(start(1, mark=OTHER)),
)


@given(st.lists(sightings, max_size=30))
def test_whatever_comes_each_sheet_is_one_thing(sheets: list[Sighting]) -> None:
    """Boxes open once, close once, in that order, and ballots lie only between."""
    _, steps = fed(*sheets)
    assert len(steps) == len(sheets)
    opened: list[str] = []
    closed: list[str] = []
    for seen, step in zip(sheets, steps, strict=True):
        match step:
            case Opened(one):
                assert len(opened) == len(closed), "no box opens inside another"
                opened.append(one.box.id)
            case Closed(one):
                closed.append(one.box.id)
                assert closed == opened
            case Ballot(one):
                assert isinstance(seen, NoLabel), "no label is a ballot"
                assert one.box.id == opened[-1]
                assert len(opened) == len(closed) + 1
            case Stop(_, text):
                assert text.endswith(".") or text == "?"
    assert len(set(opened)) == len(opened)


def test_every_trouble_says_what_to_do() -> None:
    assert all(one.instruction.endswith(".") for one in LabelTrouble)
