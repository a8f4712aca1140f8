"""Folders somebody filled to harm us: bounded memory, one sentence each, and never a sheet that vanishes."""

import os
import socket
import tracemalloc
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.capture import limits as bounds
from scanner.capture.decode import decode
from scanner.capture.events import Ended, Fed, ScanSettings
from scanner.capture.folder import FolderSource
from scanner.errors import ImageError, InputError
from tests.capture.paper import jpeg, lying_png


def fed(folder: Path) -> dict[str, Fed]:
    feed = FolderSource(str(folder)).start(ScanSettings())
    sheets: dict[str, Fed] = {}
    while not isinstance(event := feed.next_sheet(1.0), Ended):
        if isinstance(event, Fed):
            sheets[event.name] = event
    return sheets


def refusal(sheet: Fed) -> str:
    """Why its first image cannot be read: said when it was fed, or when it is decoded."""
    if sheet.images[0].problem:
        return sheet.images[0].problem
    with pytest.raises(ImageError) as told:
        decode(sheet.images[0])
    return str(told.value)


def hollow(path: Path, size: int, begins: bytes) -> None:
    """A file of that size that takes no room on the disk."""
    with path.open("wb") as file:
        file.write(begins)
        file.truncate(size)


def test_nothing_takes_memory_nor_time_nor_vanishes(tmp_path: Path) -> None:
    hollow(tmp_path / "two_gigabytes.jpg", 2**31, jpeg(1)[:300])
    hollow(tmp_path / "all_zero.jpg", 2**20, b"")
    (tmp_path / "tall.png").write_bytes(lying_png(2**31 - 1, 2**31 - 1))
    (tmp_path / "bomb.png").write_bytes(lying_png(8000, 8000, zlib.compress(bytes(10**6))))
    (tmp_path / "scans.jpg").write_bytes(jpeg(1)[:-2] + b"\xff\xda" * 5000 + b"\xff\xd9")
    (tmp_path / "half.tif").write_bytes(b"II*\0" + bytes(4))
    (tmp_path / "locked.pdf").write_bytes(b"%PDF-1.7\n" + os.urandom(5000))
    (tmp_path / "good.jpg").write_bytes(jpeg(2))
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "endless.jpg").symlink_to("/dev/zero")
    (tmp_path / "dangling.jpg").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.jpg").mkdir()
    tracemalloc.start()
    sheets = fed(tmp_path)
    told = {name: refusal(sheet) for name, sheet in sheets.items() if name != "good"}
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert set(sheets) == {one.stem for one in tmp_path.iterdir()}
    assert sheets["good"].images[0].problem is None
    assert all(text.count("\n") == 0 and text.endswith(".") for text in told.values())
    assert peak < 60 * 2**20
    assert "more than 512 MiB" in told["two_gigabytes"]
    assert "is not a file" in told["pipe"]
    assert "is not a file" in told["endless"]


def test_a_socket_and_names_that_are_no_text(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfeF.jpg"))).write_bytes(jpeg(1))
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfeB.jpg"))).write_bytes(jpeg(2))
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "s.jpg"))
        sheets = fed(tmp_path)
    assert sorted(len(one.images) for one in sheets.values()) == [1, 2]
    assert all(name.isprintable() for name in sheets)
    assert sorted(one.problem is None for sheet in sheets.values() for one in sheet.images) == [
        False,
        True,
        True,
    ]


def test_too_many_files_are_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(bounds.limits(), max_files=3)
    monkeypatch.setattr("scanner.capture.shelf.limits", lambda: few)
    for number in range(4):
        (tmp_path / f"{number}.jpg").write_bytes(b"")
    with pytest.raises(InputError, match="more than 3 files"):
        fed(tmp_path)
