import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.capture.escl import EsclSource
from scanner.capture.events import End, Ended, Fault, Faulted, Fed, Feed, ScanSettings
from scanner.simulate.escl_device import Side, Trouble
from scanner.simulate.escl_process import Fault as Wished
from scanner.simulate.escl_process import escl_ballot_device, folder_papers
from tests.capture.paper import sheets

PAPER = sheets(5)
ASKED = ScanSettings()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, (front, back) in enumerate(PAPER, 1):
        (tmp_path / f"{number:04d}F.jpg").write_bytes(front)
        (tmp_path / f"{number:04d}B.jpg").write_bytes(back)
    return tmp_path


def source(spec: str) -> EsclSource:
    return EsclSource(spec.removeprefix("escl:"))


def collect(paper: Feed, put_back: Callable[[int], None], kept: list[tuple[bytes, ...]]) -> Ended:
    """Feed to the end; the operator puts back whatever a fault asks for."""
    while not isinstance(event := paper.next_sheet(5.0), Ended):
        if isinstance(event, Fed):
            kept.append(tuple(one.data for one in event.images))
        elif isinstance(event, Faulted):
            time.sleep(0.05)
            put_back(event.expected)
            paper.resume(event.expected)
    return event


def test_faults_are_written_as_they_are_read() -> None:
    for text in ("jam:3:back:0.5", "pause:1:front:0.1", "die:2:between:2"):
        assert str(Wished.parse(text)) == text
    assert Wished.parse("multipick:7") == Wished(Trouble.MULTIPICK, 7, Side.FRONT)
    assert Wished.parse("jam:7:back") == Wished(Trouble.JAM, 7, Side.BACK)
    for text in ("jam", "flood:3", "jam:x", "jam:3:under"):
        with pytest.raises((ValueError, KeyError)):
            Wished.parse(text)


def test_a_folder_is_paper_byte_for_byte(folder: Path) -> None:
    assert list(folder_papers(folder)) == PAPER
    (folder / "0003B.jpg").unlink()
    with pytest.raises(ValueError, match="are not the two sides of one sheet"):
        list(folder_papers(folder))


def test_paper_stays_where_it_lies_when_host_and_scanner_are_killed(folder: Path, tmp_path: Path) -> None:
    kept: list[tuple[bytes, ...]] = []
    faults = [Wished(Trouble.JAM, 2, Side.BACK), Wished(Trouble.MULTIPICK, 4, Side.BETWEEN)]
    with escl_ballot_device(folder, tmp_path / "tray.json", faults=faults, patience_s=0.2) as device:
        dead = source(device.spec).start(ASKED)
        event = dead.next_sheet(5.0)  # and never another word from this host
        assert isinstance(event, Fed)
        kept.append(tuple(one.data for one in event.images))
        device.kill()
        device.start()
        assert device.sheets_out == 1
        heir = source(device.spec).start(ASKED, first=2)
        ended = collect(heir, device.put_back, kept)
        heir.close()
        dead.close()
        assert (ended.reason, ended.sheets) == (End.HOPPER_EMPTY, 4)
        assert device.sheets_out == 5
        with pytest.raises(ValueError, match="not in the tray"):
            device.put_back(7)
    assert kept == PAPER


def test_a_job_whose_host_died_is_given_up(folder: Path, tmp_path: Path) -> None:
    with escl_ballot_device(folder, tmp_path / "tray.json", look_ahead=0, patience_s=0.3) as device:
        dead = source(device.spec).start(ASKED)
        assert isinstance(dead.next_sheet(5.0), Fed)
        heir = source(device.spec).start(ASKED, first=2)
        kept: list[tuple[bytes, ...]] = []
        assert collect(heir, device.put_back, kept).sheets == 4
        fault = dead.next_sheet(1.0)
        assert isinstance(fault, Faulted | Ended)
        assert not isinstance(fault, Faulted) or fault.fault is Fault.INTERNAL
        heir.close()
        dead.close()
    assert kept == PAPER[1:]
