"""Whole lines through both shipped networks: right names, strangers, namesakes, names struck out."""

import cv2
import numpy as np
import pytest

from scanner.ballot import Face, Field, FieldKind, Mark, MarkState, Rect
from scanner.classify.atlas import PER_MM
from scanner.classify.hands import BLANK, Hands, open_hands
from scanner.classify.handwriting import Named, read_line
from scanner.classify.ink import Ink, InkLimits, label_strokes
from scanner.classify.lexicon import Lexicon, lexicon
from scanner.classify.writing import without_rules
from scanner.classify.written_lines import OnBlank, WrittenIn, on_blank, written_in
from scanner.config import calibration
from scanner.pixels import Gray
from scanner.simulate.letters import write
from scanner.simulate.marks import hand
from scanner.simulate.pens import InkColour, PenKind, draw, pen
from tests.strategies import small_election

ROWS = (Rect(10.0, 20.0, 103.0, 7.1), Rect(10.0, 27.1, 103.0, 7.1), Rect(10.0, 34.2, 103.0, 7.1))
NAMES = [
    "Kari Solberg", "Ola Nordmann", "Åse Bråten", "Bjørn Sæther", "Ingrid Moe Lunde", "Per Ødegård",
    "Nils Utsi", "Märta Lindström", "Tor Hagen", "Anne Vik", "Hilde Strand", "Geir Fjørtoft",
    "Liv Haugen", "Jon Berg",
]  # fmt: skip


@pytest.fixture(scope="module")
def hands() -> Hands:
    return open_hands(small_election())


@pytest.fixture(scope="module")
def among() -> Lexicon:
    return lexicon((f"B/{n}", name) for n, name in enumerate(NAMES, 1))


def page(*said: tuple[str, int], tall: float = 3.8, seed: int = 1, strike: int = 0) -> Gray:
    """A page of 130 x 50 mm on which these names stand in capitals on lines 1 to 3."""
    random = np.random.default_rng(seed)
    gray = np.full((round(50 * PER_MM) // 4 * 4, round(130 * PER_MM) // 4 * 4), 240, np.uint8)
    by, held = hand(random), pen(PenKind.GEL, InkColour.BLACK, random)
    for text, line in said:
        row = ROWS[line - 1]
        draw(gray, write(text, (row.x + 2, row.y + 6), tall, by, random), held, PER_MM, random)
    if strike:
        y = round((ROWS[strike - 1].y + 4) * PER_MM)
        gray[y - 2 : y + 2, round(10 * PER_MM) : round(110 * PER_MM)] = 40
    return gray


def ink_of(gray: Gray) -> Ink:
    mask = np.where(gray < 190, 255, 0).astype(np.uint8)
    none = np.zeros((gray.shape[0] // 4, gray.shape[1] // 4), np.uint8)
    depth = 240 - np.minimum(gray, 240)
    labels, strokes = label_strokes(mask, depth, 200.0, PER_MM, calibration("ink", InkLimits), bridge=none)
    return Ink(mask, depth, labels, strokes, 200.0, none)


def line(gray: Gray, hands: Hands, among: Lexicon) -> Named:
    mask = without_rules(np.where(gray < 190, 255, 0).astype(np.uint8), PER_MM)
    found = read_line(gray, mask, hands.readers, among, hands.weighing)
    assert found is not None
    return found


def table(gray: Gray, hands: Hands, *inked: int) -> WrittenIn:
    marks = tuple(
        Mark(
            Field(Face.INSIDE, FieldKind.WRITE_IN, row, line=n),
            MarkState.MARKED if n in inked else MarkState.UNMARKED, None, 3.0 if n in inked else 0.0,
        )
        for n, row in enumerate(ROWS, 1)
    )  # fmt: skip
    return written_in(gray, ink_of(gray), marks, hands)


@pytest.mark.parametrize(
    "text", ["OLA NORDMANN", "NORDMANN OLA", "ÅSE BRÅTEN", "BJØRN SÆTHER", "INGRID LUNDE"]
)
def test_drawn_capitals_are_read_in_any_order(text: str, hands: Hands, among: Lexicon) -> None:
    found = [line(page((text, 1), seed=seed), hands, among) for seed in range(3)]
    right = {one.split()[0].upper() for one in NAMES} & set(text.split())
    assert sum(NAMES[int(one.whom[2:]) - 1].split()[0].upper() in right for one in found) >= 2


def test_who_stands_in_no_list_is_never_sure(hands: Hands, among: Lexicon) -> None:
    for seed, text in enumerate(
        ["GUDRUN XENAKIS", "OLE NORMAN", "KARIN SOLVANG", "ANNA VIKEN", "TORE HAUGLAND"]
    ):
        assert line(page((text, 1), seed=seed), hands, among).sure <= hands.bounds.sure


def test_namesakes_are_never_sure(hands: Hands) -> None:
    twice = lexicon([("B/1", "Ola Nordmann"), ("C/4", "Ola Nordmann"), ("C/5", "Kari Lie")])
    assert line(page(("OLA NORDMANN", 1)), hands, twice).sure == 0


def test_a_name_struck_out_is_no_name(hands: Hands) -> None:
    assert table(page(("ÆRLIG", 1), strike=1), hands, 1).sure == ()


def test_a_tail_from_the_line_above_is_neither_name_nor_writing(hands: Hands) -> None:
    gray = page(("ÆRLIG", 1))
    cv2.line(gray, (200, round(24 * PER_MM)), (190, round(29.5 * PER_MM)), (40,), 4)
    said = table(gray, hands, 1, 2)
    assert [one.state for one in said.marks] == [MarkState.MARKED, MarkState.UNMARKED, MarkState.UNMARKED]
    assert {one.line for one in (*said.sure, *said.guesses)} <= {1}


def test_where_little_is_written_nothing_is_proposed(hands: Hands) -> None:
    gray = np.full((392, 1024), 240, np.uint8)
    cv2.line(gray, (200, round(29 * PER_MM)), (215, round(31 * PER_MM)), (40,), 4)
    said = table(gray, hands, 2)
    assert said.sure == said.guesses == ()
    assert said.marks[1].state is MarkState.MARKED  # a person looks


def test_lines_without_ink_cost_nothing_and_say_nothing(hands: Hands) -> None:
    assert table(page(), hands).sure == ()


def test_writing_on_a_blank_ballot_is_a_proposal_or_blank(hands: Hands) -> None:
    said = on_blank(page(("BLANK", 2)), ink_of(page(("BLANK", 2))), (ROWS[1],), hands)
    assert said.guesses == ()
    assert on_blank(page(), ink_of(page()), (), hands) == OnBlank()
    high = Rect(5, 5, 100, 60)
    assert on_blank(page(("BLANK", 2)), ink_of(page(("BLANK", 2))), (high,), hands) == OnBlank()


def test_the_lexicons_hold_every_candidate_and_every_list(hands: Hands) -> None:
    assert set(hands.parties.whom) == {"A", "B", "C", BLANK}
    assert len(hands.names.whom) == 15
    assert hands.printed("B/2") == "Ærlig B2"
