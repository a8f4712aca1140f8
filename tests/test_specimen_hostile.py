"""Marks that people would dispute, on foreign paper, worn, turned and stretched: only clear ones count."""

import numpy as np
import pytest

from scanner.ballot import MarkState
from scanner.classify.marks import Doubt, Sighting
from scanner.specimen import FieldMark, agreed, calibrated, open_specimen, read_page
from tests.foreign import BOXES, Gray, form, scan, stretched
from tests.hostile import CLEAR, DISPUTED, drawn
from tests.test_specimen import fields, save

LIMITS = calibrated()


def one_bit(page: Gray) -> Gray:
    return np.where(page > 140, 255, 0).astype(np.uint8)


def streaked(page: Gray) -> Gray:
    worn = page.copy()
    worn[:, 500:502] = worn[:, 500:502] // 3  # between the columns of boxes
    return worn


SCANS = {
    "gray": lambda page: scan(page, 0.4),
    "upside down": lambda page: scan(page, 180.3),
    "one bit": lambda page: one_bit(scan(page, -0.3)),
    "stretched": lambda page: scan(stretched(page, 5, 900), 0.2, 1.01),
    "shadow": lambda page: (scan(page) * np.linspace(1, 0.82, 960)[None]).astype(np.uint8),
    "streak": lambda page: streaked(scan(page)),
}


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("form")
    return open_specimen(save(folder / "blank.png", form()), fields(folder), LIMITS)


def read(blank, page: Gray) -> tuple[FieldMark, ...]:
    seen = read_page("scan", page, blank, LIMITS)
    assert seen.registered
    return seen.fields


def sheet(kinds: tuple[str, ...], seed: int) -> tuple[Gray, tuple[str, ...]]:
    """A page with one gesture in every second box, and what lies in each box."""
    page, told = form(), []
    for place, target in enumerate(BOXES):
        kind = "" if place % 2 else kinds[(place // 2 + seed) % len(kinds)]
        page = drawn(page, target, kind, seed) if kind else page
        told.append(kind)
    return page, tuple(told)


@pytest.mark.parametrize("how", SCANS)
@pytest.mark.parametrize("seed", range(2))
def test_no_clear_mark_is_lost_and_no_blank_box_counted(blank, how: str, seed: int) -> None:
    page, told = sheet(CLEAR, seed)
    said = [one.state for one in read(blank, SCANS[how](page))]
    lost = [kind for kind, state in zip(told, said, strict=True) if kind and state is MarkState.UNMARKED]
    counted = [n for n, state in enumerate(said) if not told[n] and state is MarkState.MARKED]
    assert (lost, counted) == ([], [])
    assert said.count(MarkState.DOUBTFUL) <= 3


@pytest.mark.parametrize("how", ["gray", "upside down", "stretched"])
@pytest.mark.parametrize("seed", range(2))
def test_what_people_would_dispute_is_for_people(blank, how: str, seed: int) -> None:
    page, told = sheet(DISPUTED, seed)
    said = read(blank, SCANS[how](page))
    silent = [(kind, one) for kind, one in zip(told, said, strict=True) if kind and one.doubt is None]
    assert silent == []
    assert all(one.state is not MarkState.MARKED for kind, one in zip(told, said, strict=True) if not kind)


@pytest.mark.parametrize("seed", range(2))
def test_a_mark_scanned_again_is_never_blank(blank, seed: int) -> None:
    page, _ = sheet((*CLEAR, *DISPUTED), seed)
    seen = [read(blank, how(page)) for how in SCANS.values()]
    for field in zip(*seen, strict=True):
        assert not {one.state for one in field} >= {MarkState.MARKED, MarkState.UNMARKED}


@pytest.mark.parametrize(
    ("a", "b", "state", "doubt"),
    [
        (MarkState.MARKED, MarkState.MARKED, MarkState.MARKED, None),
        (MarkState.UNMARKED, MarkState.UNMARKED, MarkState.UNMARKED, None),
        (MarkState.MARKED, MarkState.DOUBTFUL, MarkState.DOUBTFUL, Doubt.UNCONFIRMED),
        (MarkState.UNMARKED, MarkState.DOUBTFUL, MarkState.DOUBTFUL, Doubt.UNCONFIRMED),
        (MarkState.MARKED, MarkState.UNMARKED, MarkState.DOUBTFUL, Doubt.CONTRADICTED),
        (MarkState.UNMARKED, MarkState.MARKED, MarkState.DOUBTFUL, Doubt.CONTRADICTED),
    ],
)
def test_sure_is_what_both_readers_say(a, b, state, doubt) -> None:
    seen = agreed(Sighting(a, 0.9, 1.0, 0.3), b)
    assert (seen.state, seen.doubt) == (state, doubt)


def test_the_reason_of_the_first_reader_stands() -> None:
    seen = Sighting(MarkState.DOUBTFUL, 0.4, 1.0, 0.3, Doubt.FAINT)
    assert agreed(seen, MarkState.MARKED) is seen
