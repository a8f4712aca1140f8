from contextlib import closing
from pathlib import Path

import pytest

from scanner.capture.events import Capabilities, End, Ended
from scanner.capture.source import open_source
from scanner.capture.twain_feed import TwainSource
from scanner.capture.twain_session import Session, State
from scanner.capture.twain_sources import opened, sources
from scanner.errors import CaptureError
from scanner.simulate.twain_device import twain_ballot_device
from tests.capture.twain_paper import GRAY, Box, Paper, assert_unwound, lay, needs_compiler

pytestmark = needs_compiler


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ballots")


@pytest.fixture(scope="module")
def paper(folder: Path) -> Paper:
    return Paper(lay(folder, 3))


def test_describe_and_list(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder, serial="A123") as one, twain_ballot_device(folder) as two:
        assert sources() == (one.name, two.name)
        about = open_source("twain:").describe()
        assert open_source(two.spec.upper().replace("TWAIN", "twain")).describe().serial == "SIM0001"
        with pytest.raises(CaptureError, match="no one TWAIN source called 'Ballot'"):
            open_source("twain:Ballot").describe()
    assert about == Capabilities(
        device=f"twain:Valgskanner {one.name} A123",
        replayable=False,
        dpis=(100, 150, 200, 240, 300, 400, 600),
        colour=True,
        gray=True,
        duplex=True,
        max_mm=(pytest.approx(304.8), pytest.approx(3048)),
        model=f"Valgskanner {one.name}",
        serial="A123",
        imprinter=True,
        double_feed=True,
    )


def test_a_computer_without_twain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VALGSKANNER_TWAIN_DSM", "/nowhere/libtwaindsm.so")
    assert sources() == ()
    with pytest.raises(CaptureError, match="no TWAIN manager on this computer"):
        open_source("twain:").describe()


def test_two_scanners_at_once_are_told_apart(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder, sheets=2) as one, twain_ballot_device(folder, sheets=3) as two:
        first, second = Box(one), Box(two)
        first.feed()
        second.feed()
    first.assert_holds(paper[:2])
    second.assert_holds(paper[:3])


def test_states_go_up_one_by_one_and_down_from_anywhere(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder) as device:
        session = Session()
        assert session.state is State.LOADED
        with pytest.raises(CaptureError, match="state 5 things in state 2"):
            session.await_image(0.0)
        session.open_manager()
        source = session.default_source()
        assert source is not None
        session.open_source(source)
        with pytest.raises(CaptureError, match="state 7 things in state 4"):
            session.end_transfer()
        session.unwind(State.MANAGER_OPEN)
        assert session.state is State.MANAGER_OPEN
        session.unwind(State.SOURCE_OPEN)
        assert session.state is State.MANAGER_OPEN, "never up"
        session.unwind(State.UNLOADED)
        session.unwind(State.UNLOADED)
        assert session.state is State.UNLOADED
        with pytest.raises(CaptureError, match="is over"):
            session.sources()
        assert_unwound(device)


def test_one_source_is_opened_once(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder) as device:
        session = opened(device.name)
        with pytest.raises(CaptureError, match="opening the source"):
            TwainSource(device.name).describe()
        session.unwind(State.UNLOADED)
        assert TwainSource(device.name).describe().duplex


def test_closing_twice_and_asking_after(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder) as device:
        with closing(TwainSource(device.name).start(GRAY)) as stack:
            stack.next_sheet(60)
        stack.close()
        assert stack.next_sheet(60) == Ended(End.CLOSED, 1)
        assert_unwound(device)
