"""The same devices over the network: saned here, libsane's net driver there."""

import socket
import tempfile
from pathlib import Path

import pytest

from scanner.ballot import Sheet
from scanner.capture.batch import feed
from scanner.capture.events import End, Ended, Fault, Faulted, Fed, ScanSettings
from scanner.capture.source import open_source
from scanner.errors import CaptureError
from scanner.simulate import sane_net
from tests.capture.sane_net import needs_saned, saned
from tests.capture.sane_world import Planned, gray_sheets, sane_ballot_device, world

pytestmark = needs_saned

FAULTS = [
    Planned("jam", 1),
    Planned("double_feed", 2, "start"),
    Planned("cover", 4),
    Planned("io_error", 7),
    Planned("no_docs", 9, "start"),
    Planned("short", 10),
]


def test_stacks_and_faults_over_the_network(tmp_path: Path) -> None:
    """One saned for all, since its port is one."""
    with saned() as at:
        ten_pages(at)
        faults_and_all(at, tmp_path)


def ten_pages(at: str) -> None:
    asked = ScanSettings(duplex=False, page_mm=(60.0, 50.0), options=(("test-picture", "Grid"),))
    paper = open_source(f"{at}test:0").start(asked)
    pages = [paper.next_sheet(10.0) for _ in range(10)]
    assert paper.next_sheet(10.0) == Ended(End.HOPPER_EMPTY, 10)
    paper.close()
    here = open_source("sane:test:0").start(asked)
    first = here.next_sheet(10.0)
    here.close()
    assert isinstance(first, Fed)
    for one in pages:
        assert isinstance(one, Fed)
        assert one.images[0].data == first.images[0].data


def faults_and_all(at: str, folder: Path) -> None:
    paper = gray_sheets(folder, 12)
    kept: list[Sheet] = []
    faults: list[Faulted] = []
    with sane_ballot_device(folder, FAULTS) as device:

        def put_back(fault: Faulted) -> bool:
            faults.append(fault)
            device.put_back(fault.expected)
            return True

        source = open_source(device.replace("sane:", at))
        assert source.describe().duplex
        report = feed(source, "K1", ScanSettings(imprint="N-"), kept.append, put_back)
        assert device.printed[-1] == "N-00000012"
    assert report.ended == Ended(End.HOPPER_EMPTY, 12)
    assert [tuple(one.data for one in sheet.images) for sheet in kept] == paper
    assert [(one.fault, one.expected) for one in faults] == [
        (Fault.JAM, 1),
        (Fault.DOUBLE_FEED, 2),
        (Fault.COVER_OPEN, 3),
        (Fault.OFFLINE, 4),
        (Fault.SHORT_IMAGE, 5),
        (Fault.SHORT_IMAGE, 6),
    ]


def test_a_port_that_a_stranger_has_is_told_and_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        assert f"port {port} is taken" in sane_net.missing(port)
        with pytest.raises(CaptureError, match=f"port {port} is taken"), sane_net.saned(port):
            pass
    assert sane_net.missing(port) == ""


def test_one_of_ours_is_waited_for_but_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # a turn of our own
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with sane_net.saned(port):
        assert sane_net.missing(port) == "", "ours: its end is waited for"
        with pytest.raises(CaptureError, match="Another simulated saned"), sane_net.saned(port, 0.1):
            pass
    with sane_net.saned(port, 0.1) as at:
        assert at.startswith("sane:net:")


def test_nobody_there_is_offline() -> None:
    with pytest.raises(CaptureError, match="cannot be opened"):
        open_source("sane:net:127.0.0.9:test:0").describe()
