"""Prints of official stamps in an election package: read as they are, and every fault told by its line."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from scanner.election_package import read_election
from scanner.store.codec import decode, encode, fingerprint
from tests.packages import copy_of, only_fault

TABLE = '\n[[stamps]]\nfile = "stamps/raadhus.png"\ndpi = 200\n'


def stamp(dark: int = 40, paper: int = 245, side: int = 300) -> bytes:
    """A round stamp of 30 mm at 200 dpi."""
    page = np.full((side, side), paper, np.uint8)
    cv2.circle(page, (side // 2, side // 2), 110, dark, 6)
    cv2.putText(page, "VALG", (side // 2 - 60, side // 2), cv2.FONT_HERSHEY_SIMPLEX, 1.6, dark, 4)
    return cv2.imencode(".png", page)[1].tobytes()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package that names one stamp and holds it."""
    folder = copy_of("kommunestyre", tmp_path)
    (folder / "stamps").mkdir()
    (folder / "stamps" / "raadhus.png").write_bytes(stamp())
    toml = folder / "election.toml"
    toml.write_text(toml.read_text("utf-8") + TABLE, "utf-8")
    return folder


def line_of(package: Path, what: str) -> int:
    text = (package / "election.toml").read_text("utf-8")
    return text[: text.index(what)].count("\n") + 1


def test_a_stamp_is_kept_as_it_lies_there(package: Path) -> None:
    election = read_election(package)
    (one,) = election.stamps
    assert (one.file, one.dpi, one.picture) == ("stamps/raadhus.png", 200, stamp())
    assert decode(encode(election), type(election)) == election


def test_another_stamp_is_another_election(package: Path) -> None:
    first = fingerprint(read_election(package))
    (package / "stamps" / "raadhus.png").write_bytes(stamp(dark=60))
    assert fingerprint(read_election(package)) != first


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "a PNG or JPEG picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "a PNG or JPEG picture"),
        (stamp()[:200], "a PNG or JPEG picture"),
        (stamp(paper=40), "a dark stamp on white paper"),
        (stamp(dark=245), "a dark stamp on white paper"),
        (stamp(side=50), "8 to 80 mm"),
        (stamp(side=900), "8 to 80 mm"),
    ],
    ids=["empty", "torn", "cut", "black", "white", "tiny", "vast"],
)
def test_what_is_no_print_of_a_stamp_is_told(package: Path, data: bytes, expected: str) -> None:
    (package / "stamps" / "raadhus.png").write_bytes(data)
    fault = only_fault(package)
    assert (fault.file, fault.line) == ("election.toml", line_of(package, 'file = "stamps'))
    assert "stamps/raadhus.png" in fault.value
    assert expected in fault.expected


def _without(package: Path) -> None:
    (package / "stamps" / "raadhus.png").unlink()


def _folder(package: Path) -> None:
    _without(package)
    (package / "stamps" / "raadhus.png").mkdir()


def _too_large(package: Path) -> None:
    (package / "stamps" / "raadhus.png").write_bytes(stamp() + bytes(5 * 1024 * 1024))


@pytest.mark.parametrize("harm", [_without, _folder, _too_large])
def test_a_file_that_cannot_be_read_is_told(package: Path, harm: Callable[[Path], None]) -> None:
    harm(package)
    fault = only_fault(package)
    assert fault.line == line_of(package, 'file = "stamps')
    assert fault.expected == "a picture of a stamp that can be read (file)"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("stamps/raadhus.png", "../raadhus.png"),
        ("stamps/raadhus.png", "stamps/../x.png"),
        ("stamps/raadhus.png", "stamps/raadhus.gif"),
        ("dpi = 200", "dpi = 20"),
        ("dpi = 200", 'dpi = "200"'),
        ("dpi = 200", "dpi = 200\nname = 1"),
        ("dpi = 200\n", ""),
    ],
)
def test_the_table_says_a_file_in_its_folder_and_a_resolution(package: Path, old: str, new: str) -> None:
    toml = package / "election.toml"
    toml.write_text(toml.read_text("utf-8").replace(old, new), "utf-8")
    assert only_fault(package).file == "election.toml"
