import os
from pathlib import Path

import pytest

from scanner.errors import CaptureError
from scanner.simulate import twain_device
from scanner.simulate.twain_device import Planned, Trouble, When, twain_ballot_device


@pytest.fixture
def images(tmp_path: Path) -> Path:
    for number in (1, 2, 3):
        for face in "FB":
            (tmp_path / f"{number:04d}{face}.jpg").write_bytes(b"")
    return tmp_path


needs_compiler = pytest.mark.skipif(not twain_device.can_compile(), reason="a C compiler is not installed")


def test_a_trouble_is_written_as_the_scanner_reads_it() -> None:
    assert Planned(Trouble.JAM, 5, When.DURING).line == "fail 20 5 during 0.1\n"
    assert Planned(Trouble.WAIT, 0, seconds=2).line == "wait 0 0 before 2\n"


@needs_compiler
def test_the_environment_is_as_before_afterwards(images: Path) -> None:
    before = dict(os.environ)
    with twain_ballot_device(images) as one:
        assert os.environ["BALLOT_SOURCE"] == str(one.folder)
        with twain_ballot_device(images) as two:
            assert os.environ["BALLOT_SOURCE"] == f"{one.folder}:{two.folder}"
            assert one.spec != two.spec
    assert dict(os.environ) == before
    assert not one.folder.exists()


@needs_compiler
def test_the_hand_of_the_operator(images: Path) -> None:
    with twain_ballot_device(images) as device:
        assert (device.sheets_out, device.log) == (0, ())
        device.put_back(1)
        with pytest.raises(ValueError, match="sheet 3 is not in the tray, 0 sheets are out"):
            device.put_back(3)
        (device.folder / "position").write_text("3\n")
        assert device.sheets_out == 3
        device.put_back(2)
        assert device.sheets_out == 1
        device.fail(Planned(Trouble.JAM, 2))
        assert (device.folder / "faults").read_text() == "fail 20 2 before 0.1\n"


def test_without_a_compiler_it_says_what_to_install(images: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CaptureError, match="install gcc"), twain_ballot_device(images):
        pass
