from pathlib import Path

import pytest

from scanner.simulate import sane_device, sane_net
from tests.capture.sane_world import Planned, needs_compiler, sane_ballot_device


def lay(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_bytes(b"P5\n1 1\n255\n\0")


@needs_compiler
def test_front_and_back_lie_in_the_hopper_by_name_whatever_their_kinds(tmp_path: Path) -> None:
    lay(tmp_path, "0002B.pgm", "0002F.pgm", "0001B.ppm", "0001F.pgm", "manifest.csv")
    with sane_ballot_device(tmp_path, [Planned("jam", 3, "start")]) as device:
        assert device == f"sane:ballot:{device.folder}"
        paper = (device.folder / "paper").read_text().splitlines()
        assert (device.folder / "faults").read_text() == "jam 3 start\n"
        device.put_back(2)
        assert device.left_hopper == 1
    assert [Path(one).name for one in paper] == ["0001F.pgm", "0001B.ppm", "0002F.pgm", "0002B.pgm"]
    assert not device.folder.exists()


@needs_compiler
def test_a_front_without_its_back_is_refused(tmp_path: Path) -> None:
    lay(tmp_path, "0001F.pgm", "0001B.pgm", "0002F.pgm")
    with pytest.raises(ValueError, match=r"0002F.pgm has 0 other sides"), sane_ballot_device(tmp_path):
        pass


def test_what_a_machine_lacks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert sane_device.missing() == "a C compiler is not installed"
    assert sane_net.missing() == "the package sane-utils is not installed"
