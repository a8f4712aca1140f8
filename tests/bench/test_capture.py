import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from scanner.ballot import PageImage, Sheet
from scanner.bench.capture import Absent, CaptureSpeed, Keep, measure_capture, peak_mb, rss_mb
from scanner.bench.capture_devices import SOURCES, lacking
from scanner.capture.decode import decode
from scanner.capture.spool import Spooled
from scanner.errors import UsageError
from scanner.simulate import sane_device
from tests.capture.sane_world import world

pytestmark = pytest.mark.endtoend


SHEETS = 6


def test_the_same_sheets_come_from_every_source_in_the_same_order(tmp_path: Path) -> None:
    if not sane_device.missing():
        world()  # in time: another test of this process may load libsane for itself
    seen: dict[str, list[Sheet]] = {}

    @contextmanager
    def stored(folder: Path) -> Iterator[Keep]:
        kept = seen[folder.name] = []

        def keep(sheets: Sequence[Spooled]) -> None:
            kept.extend(one.sheet() for one in sheets)

        yield keep

    lines = list(measure_capture(SOURCES, SHEETS, tmp_path, stored))
    assert [one.source for one in lines] == list(SOURCES)
    files, pixels = as_laid(tmp_path / "paper", "jpg"), as_laid(tmp_path / "pixels", "pgm")
    assert len(set(files)) == len(set(map(levels, files))) == 2 * SHEETS, "no two pictures are equal"
    for one in lines:
        if isinstance(one, Absent):
            assert (one.source not in seen, lacking(one.source)) == (True, one.absent)
            continue
        sheets = seen[one.source]
        assert [sheet.number for sheet in sheets] == list(range(1, SHEETS + 1))
        came = [side.data for sheet in sheets for side in sheet.images]
        if one.source in {"sane", "saned"}:
            assert came == pixels
            assert list(map(levels, came)) == list(map(levels, files))
        else:
            assert came == files
        check(one, sum(map(len, came)))


def as_laid(folder: Path, ending: str) -> list[bytes]:
    """What lies in the hopper: front, back, front, back, ..."""
    numbers = range(1, SHEETS + 1)
    return [(folder / f"{one:05d}{face}.{ending}").read_bytes() for one in numbers for face in "FB"]


def levels(data: bytes) -> bytes:
    gray = decode(PageImage("side", data)).gray
    assert gray.size > 10**6
    return bytes(str(gray.shape), "ascii") + gray.tobytes()


def check(seen: CaptureSpeed, size: int) -> None:
    assert (seen.sheets, seen.images) == (SHEETS, 2 * SHEETS)
    assert seen.megabytes == round(size / 1e6, 1)
    assert seen.images_per_s == pytest.approx(2 * SHEETS / seen.seconds, rel=0.1)
    assert seen.ratio_to_plain == pytest.approx(seen.plain_images_per_s / seen.images_per_s, rel=0.1)
    assert all(one >= 0 for one in (*seen.host_rss_mb, *seen.worker_rss_mb))
    assert seen.cpu_ms_per_image > 0
    if sys.platform == "linux":
        assert seen.host_peak_mb >= seen.host_rss_mb[1] > 0
        assert seen.worker_peak_mb >= max(seen.worker_rss_mb) - 1 > 0  # the kernel counts in lots


def test_a_scanner_that_cannot_be_played_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No virtual scanner speaks fax"):
        next(measure_capture(("folder", "fax"), 3, tmp_path / "out", lambda _: contextmanager(iter)(())))
    assert not (tmp_path / "out").exists()


def test_a_source_whose_programs_are_not_installed_is_named_as_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    lines = list(measure_capture(("twain", "sane", "saned"), 1, tmp_path, lambda _: contextmanager(iter)(())))
    assert lines == [
        Absent("twain", "a C compiler is not installed"),
        Absent("sane", "a C compiler is not installed"),
        Absent("saned", "the package sane-utils is not installed"),
    ]
    assert not list((tmp_path / "pixels").iterdir()), "nothing is decoded for nobody"


def test_the_peak_of_a_process_is_at_least_what_it_holds() -> None:
    if sys.platform == "linux":
        assert peak_mb(os.getpid()) > 1
    assert peak_mb(2**22 + 1) == 0.0


def test_a_process_that_is_gone_holds_nothing() -> None:
    assert rss_mb(2**22 + 1) == 0.0
