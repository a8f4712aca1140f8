"""However many processes read, the outcomes are the same, in order, and one deadly sheet is one doubt."""

import multiprocessing
import os
from dataclasses import replace
from itertools import count

import pytest

from scanner.ballot import Category, Face, Reason
from scanner.election import ElectionType
from scanner.engine import AHEAD, ProcessEngine, SerialEngine, engine, processes, read_here
from scanner.errors import ModelError
from tests.scans import as_scanned, cross, paper, printed, sheet

KIND = ElectionType.FOLKEAVSTEMNING
ELECTION, STYLES = paper(KIND)
CATEGORY = next(one for one in ELECTION.categories if one.code == "FS")  # needs no stamp
BOXES = [one.rect for one in STYLES["referendum"].fields if one.option]


@pytest.fixture(scope="module")
def pages():
    """The two faces of three ballots, as scanned: ja, nei, none ticked; and one that is no ballot."""
    outside = as_scanned(printed("referendum", Face.OUTSIDE, kind=KIND))
    insides = [printed("referendum", Face.INSIDE, kind=KIND) for _ in range(3)]
    for page, box in zip(insides, BOXES, strict=False):
        cross(page, box)
    return [*((as_scanned(one), outside) for one in insides), (b"no image", outside)]


def jobs(pages, count):
    return [(sheet(*pages[n % len(pages)], number=n + 1), CATEGORY) for n in range(count)]


def without_time(outcome):
    return replace(outcome, reading=replace(outcome.reading, ms=()))


def deadly(job):
    """Kills the process that reads a sheet called so."""
    if job[0].name == "deadly":
        os._exit(1)
    return read_here(job)


def named(job, name):
    return replace(job[0], name=name), job[1]


def test_one_process_or_several_read_the_same_in_the_same_order(pages):
    pile = jobs(pages, 7)
    serial = [without_time(one) for one in SerialEngine(ELECTION).read(pile)]
    assert [one.sheet for one in serial] == [one.id for one, _ in pile]
    assert [one.reading.identity.style for one in serial[:4]] == [*3 * ["referendum"], None]
    assert serial[3].verdict.reasons[0] is Reason.UNREADABLE_IMAGE
    assert [without_time(one) for one in ProcessEngine(ELECTION, 2).read(pile)] == serial


@pytest.mark.parametrize("guilty", [{0}, {2, 5}])
def test_a_sheet_that_kills_its_reader_is_doubtful_and_the_rest_are_read(pages, guilty):
    pile = [named(one, "deadly") if n in guilty else one for n, one in enumerate(jobs(pages[:3], 6))]
    outcomes = list(ProcessEngine(ELECTION, 2, deadly).read(pile))
    assert [one.sheet for one in outcomes] == [one.id for one, _ in pile]
    for n, one in enumerate(outcomes):
        if n in guilty:
            assert one.verdict.reasons == (Reason.READER_CRASHED,)
            assert (one.verdict.category, one.verdict.sure) == (Category.TVILSOM, False)
            assert one.verdict.proposed.category is Category.TVILSOM
        else:
            assert Reason.READER_CRASHED not in one.verdict.reasons
            assert one.reading.identity.agree
            assert one.reading.marks


def test_a_reader_that_dies_while_nobody_waits_loses_no_sheet(pages):
    """The next sheet is then handed to a pool that is broken already."""
    pile = jobs(pages[:1], AHEAD + 2)
    pile[1] = named(pile[1], "deadly")
    outcomes = ProcessEngine(ELECTION, 1, deadly).read(pile)
    seen = [next(outcomes)]
    for process in multiprocessing.active_children():
        process.join(30)  # the next sheet kills it
    seen += outcomes
    assert [one.sheet for one in seen] == [one.id for one, _ in pile]
    assert [Reason.READER_CRASHED in one.verdict.reasons for one in seen] == [
        n == 1 for n in range(len(pile))
    ]


def test_no_more_sheets_are_fetched_than_can_wait(pages):
    fetched = []

    def endless():
        for n in count(1):
            fetched.append(n)
            yield sheet(b"no image", b"nor this", number=n), CATEGORY

    outcomes = ProcessEngine(ELECTION, 2).read(endless())
    seen = [next(outcomes) for _ in range(20)]
    assert [one.sheet for one in seen] == [f"K1/{n:04d}" for n in range(1, 21)]
    assert len(fetched) <= 20 + 2 * AHEAD
    outcomes.close()  # leaves without reading on
    assert len(fetched) <= 20 + 2 * AHEAD


def test_one_process_fetches_a_sheet_when_it_is_asked_for():
    fetched = []

    def endless():
        for n in count(1):
            fetched.append(n)
            yield sheet(b"no image", number=n), CATEGORY

    outcomes = SerialEngine(ELECTION).read(endless())
    next(outcomes)
    assert fetched == [1]


def test_no_sheets_are_no_outcomes():
    assert list(SerialEngine(ELECTION).read(())) == []
    assert list(ProcessEngine(ELECTION, 2).read(())) == []


def unopened(_job):
    raise ModelError("mark.onnx is not the model on its card.")


def test_a_process_that_cannot_open_its_models_is_an_error_not_a_doubtful_ballot(pages):
    with pytest.raises(ModelError, match=r"mark\.onnx"):
        list(ProcessEngine(ELECTION, 1, unopened).read(jobs(pages, 2)))


def test_the_engine_fits_the_machine():
    assert isinstance(engine(ELECTION, 1), SerialEngine)
    assert isinstance(engine(ELECTION, 3), ProcessEngine)
    assert isinstance(engine(ELECTION), ProcessEngine if (os.cpu_count() or 1) > 1 else SerialEngine)


@pytest.mark.skipif(not hasattr(os, "nice"), reason="this system has no nice(2)")
def test_reading_gives_way_to_what_drives_a_scanner():
    here = os.nice(0)
    with processes(1, str, "") as pool:
        assert pool.submit(os.nice, 0).result() > here
    assert os.nice(0) == here
