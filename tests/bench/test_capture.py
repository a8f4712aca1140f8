from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scanner.ballot import PageImage
from scanner.bench.capture import CaptureSpeed, Keep, measure_capture, rss_mb
from scanner.capture.decode import decode
from scanner.capture.spool import Spooled
from scanner.errors import UsageError

pytestmark = pytest.mark.endtoend


def test_sheets_go_through_a_folder_and_a_scanner_and_are_counted(tmp_path: Path) -> None:
    seen: dict[str, list[Spooled]] = {}

    @contextmanager
    def stored(folder: Path) -> Iterator[Keep]:
        seen[folder.name] = []
        yield seen[folder.name].extend

    folder, scanner = measure_capture(("folder", "escl"), 3, tmp_path, stored)
    assert [one.source for one in (folder, scanner)] == ["folder", "escl"]
    assert [one.entry.number for one in seen["escl"]] == [1, 2, 3]
    sides = [[side.sha256 for one in sheets for side in one.entry.sides] for sheets in seen.values()]
    assert sides[0] == sides[1]
    assert len(set(sides[0])) == 6, "no two images are equal"
    for one in (folder, scanner):
        check(one, sum(side.size for sheet in seen["escl"] for side in sheet.entry.sides))
    made = (tmp_path / "paper" / "00001F.jpg").read_bytes()
    assert decode(PageImage("F", made)).gray.size > 10**6


def check(seen: CaptureSpeed, size: int) -> None:
    assert (seen.sheets, seen.images) == (3, 6)
    assert seen.megabytes == round(size / 1e6, 1)
    assert seen.images_per_s == pytest.approx(6 / seen.seconds, rel=0.1)
    assert seen.ratio_to_plain == pytest.approx(seen.plain_images_per_s / seen.images_per_s, rel=0.1)
    assert all(one >= 0 for one in (*seen.host_rss_mb, *seen.worker_rss_mb))


def test_a_scanner_that_cannot_be_played_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No virtual scanner speaks fax"):
        next(measure_capture(("folder", "fax"), 3, tmp_path / "out", lambda _: contextmanager(iter)(())))
    assert not (tmp_path / "out").exists()


def test_a_process_that_is_gone_holds_nothing() -> None:
    assert rss_mb(2**22 + 1) == 0.0
