"""Labels through worn scanners: read by both readers or doubted, never another; ballots are none."""

import cv2
import numpy as np
import pytest

from scanner.ballot import Face
from scanner.box_label import BoxLabel, LabelKind, digits
from scanner.capture.jpeg import gray
from scanner.capture.labels import NoLabel, Seen, Unsure, find_label
from scanner.layout.labels import A4, label_pages
from scanner.layout.raster import render
from scanner.layout.styles import styles
from scanner.pixels import Gray
from scanner.simulate.deck import Deck, Press
from scanner.simulate.scan import jpeg, paper, scanned, with_bleed
from scanner.simulate.wear import scanner, wear
from tests.strategies import small_election

ELECTION = small_election()
MARK = "12" * 32
SIZES = [A4, styles(ELECTION)[0].page_mm]


def label(kind: LabelKind = LabelKind.START, number: int = 1) -> BoxLabel:
    return BoxLabel(kind, "VO", "0001", number, 9)


def printed(one: BoxLabel, size: tuple[float, float] = A4) -> Gray:
    return render(list(label_pages(iter([one]), ELECTION, MARK, size)), 200)[0]


def worn(front: Gray, size: tuple[float, float], level: int, seed: int) -> tuple[Gray, Gray]:
    """The sheet through a scanner of this wear, its back white, in the order the scanner gives it."""
    rng = np.random.default_rng([seed, level])
    on = scanner(level, rng)
    fate = wear(on, size, (), rng)
    faces = (with_bleed(front, on.dpi), with_bleed(np.full_like(front, 255), on.dpi))
    sides = scanned((paper(faces[0], Face.INSIDE, fate)[0], paper(faces[1], Face.OUTSIDE, fate)[0]), fate)
    one, other = (gray(jpeg(side, on.jpeg, on.dpi)) for side in sides)
    return (other, one) if fate.outside_first else (one, other)


def look(*sides: Gray) -> object:
    return find_label([(one, 200.0) for one in sides])


@pytest.mark.parametrize("level", range(4))
@pytest.mark.parametrize("size", SIZES, ids=["a4", "ballot"])
def test_worn_labels_are_read_or_doubted(size: tuple[float, float], level: int) -> None:
    wanted = digits(label(), ELECTION, MARK)
    seen = [look(*worn(printed(label(), size), size, level, seed)) for seed in range(5)]
    assert not [one for one in seen if isinstance(one, NoLabel)], "no label is taken for a ballot"
    read = [one.digits for one in seen if isinstance(one, Seen)]
    assert set(read) == {wanted}
    assert len(read) >= (5 if level < 3 else 4)


def test_ballots_are_no_labels() -> None:
    deck = Deck(Press(ELECTION), 5, 2)
    sheets = [deck.sheet(index) for index in range(1, 5)]
    assert {type(look(gray(one.front), gray(one.back))) for one in sheets} == {NoLabel}


def test_dirt_along_the_feed_never_takes_all_codes() -> None:
    """Streaks parallel to the bars spoil codes lying across; those standing along are read."""
    page = printed(label()).copy()
    page[:, 300:1400:23] = 0
    assert isinstance(look(page, np.full_like(page, 250)), Seen)


def test_a_reader_that_sees_nothing_is_doubt() -> None:
    """Noise that zxing still reads through and zbar does not."""
    small = cv2.resize(printed(label()), (827, 1169), interpolation=cv2.INTER_AREA)
    noise = np.random.default_rng(1).normal(0, 20, small.shape)
    noisy = np.clip(small + noise, 0, 255).astype(np.uint8)
    doubt = Unsure("The two readers of bar codes do not agree on a label.")
    assert find_label([(noisy, 100.0), (np.full_like(noisy, 250), 100.0)]) == doubt


def test_two_labels_on_one_sheet_are_doubt() -> None:
    one, other = printed(label()), printed(label(LabelKind.END))
    assert look(one, other) == Unsure("Two labels went through together.")
    assert isinstance(look(one, one), Seen), "printed on both sides it is one label"


def test_a_label_that_took_a_ballot_along_is_doubt() -> None:
    deck = Deck(Press(ELECTION), 6, 1)
    for index in (1, 2, 3):
        ballot = deck.sheet(index)
        for side in (ballot.front, ballot.back):
            assert isinstance(look(printed(label()), gray(side)), Unsure)


def test_a_label_in_a_large_frame_with_a_black_backing() -> None:
    page, back = printed(label()), np.full((2339, 1654), 245, np.uint8)
    frames = []
    for one in (page, back):
        frame = np.full((3300, 2400), 12, np.uint8)
        frame[300 : 300 + one.shape[0], 200 : 200 + one.shape[1]] = one
        frames.append(frame)
    assert isinstance(look(*frames), Seen)


@pytest.mark.parametrize("shape", [(200, 200), (1, 4000), (3000, 30)])
def test_odd_pages_hold_no_label(shape: tuple[int, int]) -> None:
    assert look(np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8)) == NoLabel()
