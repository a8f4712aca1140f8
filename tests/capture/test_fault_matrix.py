"""Every fault of every source, at the front, the back and between sheets: each sheet once, in order."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.capture.events import Fault, ScanSettings
from scanner.capture.imprints import ImprintWatch
from scanner.capture.spool import Spooled, batches
from scanner.capture.talk import Order, Stored, Told
from scanner.simulate import escl_trouble, twain_device
from scanner.simulate.escl_device import EsclDevice
from scanner.simulate.escl_trouble import Trouble
from scanner.simulate.twain_device import When, can_compile, twain_ballot_device
from tests.capture import sane_world, twain_paper
from tests.capture.counting_desk import BRISK, Count, laid
from tests.capture.in_thread import InThread
from tests.capture.paper import sheets
from tests.capture.sane_world import gray_sheets, needs_compiler, sane_ballot_device

pytestmark = pytest.mark.endtoend

Sheets = list[tuple[bytes, bytes]]
SIDES = ("front", "back", "between")
PAPER = sheets(4)


@dataclass(frozen=True)
class Struck:
    """A fault of a device's own kind, at a side of a sheet (1 is the first); "between" is before it."""

    name: str
    sheet: int
    side: str

    @property
    def image(self) -> int:
        return 2 * (self.sheet - 1) + (self.side == "back")


@dataclass(frozen=True)
class Rig:
    """A device under test, its paper, and the operator's hand."""

    spec: str
    paper: Sheets
    put_back: Callable[[int], object]


@contextmanager
def escl(_: Path, *struck: Struck, paper: Sheets = PAPER) -> Iterator[Rig]:
    faults = [
        escl_trouble.Planned.at(Trouble[one.name], one.sheet, escl_trouble.Side(one.side), 0.05)
        for one in struck
    ]
    with EsclDevice(paper, faults=faults) as device:
        yield Rig(f"escl:{device.url}", paper, device.put_back)


@contextmanager
def sane(folder: Path, *struck: Struck) -> Iterator[Rig]:
    paper = gray_sheets(folder, len(PAPER))
    where = {"front": "half", "back": "half", "between": "start"}
    faults = [sane_world.Planned(one.name, one.image, where[one.side]) for one in struck]
    with sane_ballot_device(folder, faults) as device:
        yield Rig(str(device), paper, device.put_back)


@contextmanager
def twain(folder: Path, *struck: Struck) -> Iterator[Rig]:
    """Between two sheets is where the end of the first one's back is told."""
    paper = twain_paper.lay(folder, len(PAPER))
    faults = [
        twain_device.Planned(
            twain_device.Trouble[one.name],
            one.image - (one.side == "between"),
            When.AFTER if one.side == "between" else When.DURING,
        )
        for one in struck
    ]
    with twain_ballot_device(folder, faults=faults) as device:
        yield Rig(device.spec, paper, device.put_back)


@contextmanager
def folder(folder: Path) -> Iterator[Rig]:
    yield Rig(laid(folder, PAPER), PAPER, lambda _: None)


@contextmanager
def hot(folder: Path) -> Iterator[Rig]:
    laid(folder, PAPER)
    (folder / "end.txt").touch()
    yield Rig(f"hot:{folder}", PAPER, lambda _: None)


needs_twain = pytest.mark.skipif(not can_compile(), reason="a C compiler is not installed")
ESCL = [
    *("JAM", "MULTIPICK", "DOOR_OPEN", "HATCH_OPEN", "MISPICK", "TOO_SHORT", "TOO_LONG", "TRAY_FAILED"),
    *("TRAY_OVERLOADED", "TRUNCATED", "CUT_OFF", "LYING_DPI", "LOST_SIDE", "DIE"),
]
SANE = [
    *("jam", "double_feed", "cover", "ink", "io_error", "no_docs", "busy", "no_mem", "inval", "cancelled"),
    *("denied", "unsupported", "unknown", "short", "long", "huge", "endless", "narrow", "odd_form"),
]
TWAIN = [
    *("JAM", "DOUBLE_FEED", "COVER_OPEN", "OFFLINE", "NO_MEDIA", "LOW_MEMORY", "OPERATION_ERROR", "BUMMER"),
    *("SEQUENCE_ERROR", "CANCELLED", "BUSY", "EVENT_JAM", "EVENT_DOUBLE_FEED"),
]
Opened = Callable[..., AbstractContextManager[Rig]]
DEVICES = [
    pytest.param(escl, ESCL, id="escl"),
    pytest.param(sane, SANE, id="sane", marks=needs_compiler),
    pytest.param(twain, TWAIN, id="twain", marks=needs_twain),
]
SOURCES = [
    *(pytest.param(escl, id="escl"), pytest.param(sane, id="sane", marks=needs_compiler)),
    pytest.param(twain, id="twain", marks=needs_twain),
    *(pytest.param(folder, id="folder"), pytest.param(hot, id="hot")),
]


def fed_whole(count: Count, rig: Rig, start: Callable[[Order], InThread] = InThread) -> None:
    """Feed the stack; the operator does what is asked; each sheet is there once, in order, byte for byte."""
    count.clear_with(rig.put_back, len(rig.paper))
    report = count.scan(rig.spec, start)
    assert report.complete
    count.assert_holds(rig.paper)
    count.assert_spool_is_empty()
    assert len(count.entries) == 1, "one stack is one batch, however often it stopped"


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("opened", "names"), DEVICES)
def test_each_fault_at_each_place(opened: Opened, names: list[str], side: str, tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).mkdir()
        with opened(tmp_path / name, Struck(name, 2, side)) as rig:
            count = Count(tmp_path / name / "spool")
            fed_whole(count, rig)
        passes = {"DIE"} | ({"LOST_SIDE"} if side != "back" else set())  # waited for; nothing is lost
        assert len(count.asked) == 1 or name in passes, (name, side)
        assert all(one.fault is not None for one, _ in count.asked)


@pytest.mark.parametrize(("opened", "names"), DEVICES)
def test_one_fault_after_the_other(opened: Opened, names: list[str], tmp_path: Path) -> None:
    """The first sheet fails, the sheet after a fault fails, a sheet fails again and again, the last fails."""
    one, two, three = names[:3]
    struck = [
        *(Struck(one, 1, "front"), Struck(two, 2, "back"), Struck(three, 2, "front")),
        *(Struck(one, 2, "between"), Struck(two, 4, "back")),
    ]
    with opened(tmp_path, *struck) as rig:
        count = Count(tmp_path / "spool")
        fed_whole(count, rig)
    assert len(count.asked) == len(struck)


@pytest.mark.parametrize(
    ("opened", "jam"),
    [
        pytest.param(sane, "jam", id="sane", marks=needs_compiler),
        pytest.param(twain, "JAM", id="twain", marks=needs_twain),
    ],
)
def test_imprints_follow_the_sheets_over_jams_and_from_scan_to_scan(
    opened: Opened, jam: str, tmp_path: Path
) -> None:
    """The imprinter is told its number anew at each start; the sheets of an earlier scan count on."""
    asked = ScanSettings(imprint="P-")
    with opened(tmp_path, Struck(jam, 2, "back"), Struck(jam, 3, "front")) as rig:
        count, watch = Count(tmp_path / "spool"), ImprintWatch()
        assert not count.scan(rig.spec, InThread, settings=asked).complete, "left at the first jam"
        count.clear_with(rig.put_back, len(rig.paper))
        rig.put_back(count.next)
        assert count.scan(rig.spec, InThread, settings=asked).complete
    count.assert_holds(rig.paper)
    printed = [one.imprint or "" for _, one in sorted(count.kept.items())]
    assert [int(one.removeprefix("P-")) for one in printed] == [1, 2, 3, 4]
    assert not any(watch.see(number, one) for number, one in enumerate(printed, 1))
    assert not [one for one in count.notes if "imprint" in one.lower()]


class Dying(InThread):
    """The first worker dies as it is about to tell of the second sheet, or has just told of it."""

    born = 0
    before = False

    def __init__(self, order: Order) -> None:
        type(self).born += 1
        self._mortal = type(self).born == 1
        super().__init__(order)

    def say(self, word: Told) -> None:
        last = self._mortal and isinstance(word, Stored) and word.number == 2
        if not (last and self.before):
            super().say(word)
        if last:
            raise SystemExit


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("opened", SOURCES)
def test_a_worker_that_dies(opened: Opened, before: bool, tmp_path: Path) -> None:
    (tmp_path / "paper").mkdir()
    with opened(tmp_path / "paper") as rig:
        count = Count(tmp_path / "spool")
        fed_whole(count, rig, type("Dying", (Dying,), {"before": before}))
    assert [one.fault for one, _ in count.asked] == [Fault.INTERNAL]


@pytest.mark.parametrize("place", ["0003-F.{}.part", "0003-B.{}.part", "0003-F.{}"])
@pytest.mark.parametrize("opened", SOURCES)
def test_a_disk_that_refuses_a_side_or_a_name(opened: Opened, place: str, tmp_path: Path) -> None:
    """Something that cannot be written over lies where the front, the back, or the whole sheet belongs."""

    def block(one: Spooled) -> None:
        if one.entry.number == 2:
            ending = one.files[0].suffix.removeprefix(".")
            (batches(count.spool, "K1")[0] / place.format(ending)).mkdir()

    (tmp_path / "paper").mkdir()
    count = Count(tmp_path / "spool")
    count.while_keeping = block
    bounds = replace(BRISK, sheets_ahead=1)
    with opened(tmp_path / "paper") as rig:
        count.clear_with(rig.put_back, len(rig.paper))
        assert count.scan(rig.spec, InThread, bounds).complete
        count.assert_holds(rig.paper)
    assert [one.fault for one, _ in count.asked] == [Fault.DISK_FULL]
    assert "lies in orphans/" in count.notes[0]


@needs_compiler
def test_a_driver_that_hangs_and_one_that_takes_its_process_along(tmp_path: Path) -> None:
    """A read that never returns cannot be broken off: the watchdog ends the process, nothing else would."""
    count = Count(tmp_path / "spool")
    with sane(tmp_path, Struck("freeze", 2, "back"), Struck("die", 3, "front")) as rig:
        count.clear_with(rig.put_back, len(rig.paper))
        report = count.scan(rig.spec, bounds=replace(BRISK, silence_s=3.0))
    assert report.complete
    count.assert_holds(rig.paper)
    assert {Fault.TIMEOUT, Fault.INTERNAL} <= {one.fault for one in report.faults}


@needs_twain
def test_a_twain_driver_that_does_not_return(tmp_path: Path) -> None:
    count, paper = Count(tmp_path / "spool"), twain_paper.lay(tmp_path, 3)
    hangs = twain_device.Planned(twain_device.Trouble.WAIT, 3, When.DURING, seconds=600)
    with twain_ballot_device(tmp_path, faults=[hangs]) as device:
        count.clear_with(device.put_back, len(paper))
        report = count.scan(device.spec, bounds=replace(BRISK, silence_s=3.0))
    assert report.complete
    count.assert_holds(paper)
    assert Fault.TIMEOUT in {one.fault for one in report.faults}


TROUBLES = st.builds(
    Struck,
    st.sampled_from([*ESCL, "PAUSE", "WARMING", "EARLY_404"]),
    st.integers(1, 3),
    st.sampled_from(SIDES),
)


@pytest.mark.parametrize("quarter", range(4))
@settings(max_examples=50, deadline=None)
@given(
    struck=st.lists(TROUBLES, max_size=2),
    deaths=st.sets(st.integers(1, 5), max_size=1),
    ahead=st.integers(1, 3),
)
def test_two_hundred_random_schedules(
    quarter: int, struck: list[Struck], deaths: set[int], ahead: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Faults anywhere, and workers that die before they tell of the n-th sheet fed: all end well."""
    told = 0

    class Mortal(InThread):
        def say(self, word: Told) -> None:
            nonlocal told
            told += isinstance(word, Stored)
            if isinstance(word, Stored) and told in deaths:
                raise SystemExit
            super().say(word)

    place = tmp_path_factory.mktemp(f"q{quarter}")
    with escl(place, *struck, paper=PAPER[:3]) as rig:
        count = Count(place / "spool")
        count.clear_with(rig.put_back, len(rig.paper))
        assert count.scan(rig.spec, Mortal, replace(BRISK, sheets_ahead=ahead)).complete
    count.assert_holds(rig.paper)
    count.assert_spool_is_empty()
