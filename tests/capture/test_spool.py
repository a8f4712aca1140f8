import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import PageImage
from scanner.capture.events import End, Fed, ScanSettings
from scanner.capture.held import held
from scanner.capture.journal import Closed, Discarded, Opened, Stored
from scanner.capture.mending import ORPHANS
from scanner.capture.spool import Batch, Spooled, SpoolError, batches, lock_of, next_batch, sheets
from scanner.capture.standing import JOURNAL, walk
from scanner.errors import AuditError, CaptureError, StoreError
from tests.capture.paper import jpeg, multipage

ROOT = Path(__file__).parents[2]


def opened(first: int = 1) -> Opened:
    return Opened("K1", "folder:x", first, "folder:/x", "", "", ScanSettings(), ScanSettings())


def begun(folder: Path, first: int = 1) -> Batch:
    batch = Batch(folder)
    batch.write(opened(first))
    return batch


def fed(number: int, *more: PageImage) -> Fed:
    sides = tuple(PageImage(f"{number}{face}", f"{number}{face}".encode() * 99, 200.0) for face in "FB")
    return Fed(sides + more, f"n{number}")


def bytes_of(folder: Path) -> list[tuple[bytes, ...]]:
    return [tuple(side.data for side in one.sheet().images) for one in sheets(folder)]


def expected(*numbers: int) -> list[tuple[bytes, ...]]:
    return [tuple(side.data for side in fed(number).images) for number in numbers]


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


def test_a_sheet_comes_back_as_it_was_fed(tmp_path: Path) -> None:
    batch = begun(tmp_path / "b", first=7)
    image = PageImage("a.jpg", jpeg(1), 200.0)
    batch.store(
        Fed((image, PageImage("b", b"", None, 0, "b is empty.")), "A", ("b is empty.",), "X7", (("k", "v"),))
    )
    batch.close()
    (one,) = sheets(tmp_path / "b")
    sheet = one.sheet()
    assert (sheet.id, sheet.device, sheet.imprint, sheet.name) == ("K1/0007", "folder:/x", "X7", "A")
    assert sheet.images == (image, PageImage("b", b"", None, 0, "b is empty."))
    assert names(tmp_path / "b") == {JOURNAL, "0007-F.jpg", "0007-B.bin"}
    assert (one.entry.notes, one.entry.told) == (("b is empty.",), (("k", "v"),))


@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_pages_of_one_file_are_written_once(tmp_path: Path, kind: str) -> None:
    data = multipage(kind, 4)
    batch = begun(tmp_path)
    for start in (0, 2):
        batch.store(Fed(tuple(PageImage(f"#{n}", data, page=n) for n in (start, start + 1)), f"s{start}"))
    batch.close()
    assert len(names(tmp_path)) == 2
    one, two = sheets(tmp_path)
    assert [side.page for side in two.sheet().images] == [2, 3]
    one.drop(keep=two)
    assert two.sheet().images[0].data == data
    two.drop()
    assert names(tmp_path) == {JOURNAL}


def test_it_goes_on_after_any_stop(tmp_path: Path) -> None:
    for number in range(1, 5):
        batch = Batch(tmp_path) if number > 1 else begun(tmp_path)
        assert batch.standing.next == number
        assert batch.notes == ()
        batch.store(fed(number))
        batch.close()
    assert bytes_of(tmp_path) == expected(1, 2, 3, 4)


def test_a_torn_line_is_cut_off_and_its_sheet_fed_again(tmp_path: Path) -> None:
    batch = begun(tmp_path)
    for number in (1, 2):
        batch.store(fed(number))
    batch.close()
    whole = (tmp_path / JOURNAL).read_bytes()
    (tmp_path / JOURNAL).write_bytes(whole[:-9])
    batch = Batch(tmp_path)
    assert batch.standing.next == 2
    assert len(batch.notes) == 2
    assert batch.notes[0].startswith("0002-B.bin of ")
    assert names(tmp_path / ORPHANS) == {"journal.torn", "0002-F.bin", "0002-B.bin"}
    assert (tmp_path / ORPHANS / "journal.torn").read_bytes() == whole[
        len(whole[:-1]) - len(whole.splitlines()[-1]) : -9
    ]
    batch.store(fed(2))
    batch.close()
    assert bytes_of(tmp_path) == expected(1, 2)
    assert [one.entry for one in walk(tmp_path)][2] == Discarded(2, ("0002-B.bin", "0002-F.bin"))


def test_what_lies_about_is_put_aside_each_time(tmp_path: Path) -> None:
    begun(tmp_path).close()
    for count in (1, 2):
        (tmp_path / "0001-F.jpg.part").write_bytes(b"half")
        Batch(tmp_path).close()
        assert len(names(tmp_path / ORPHANS)) == count


def test_a_flipped_bit_in_an_image_is_found(tmp_path: Path) -> None:
    batch = begun(tmp_path)
    batch.store(fed(1))
    batch.close()
    path = tmp_path / "0001-B.bin"
    path.write_bytes(bytes([path.read_bytes()[0] ^ 4]) + path.read_bytes()[1:])
    with pytest.raises(StoreError, match=r"0001-B\.bin was changed after it was scanned"):
        bytes_of(tmp_path)
    path.unlink()
    with pytest.raises(StoreError, match=r"0001-B\.bin cannot be read from the spool"):
        bytes_of(tmp_path)


def test_a_changed_journal_stops_the_batch(tmp_path: Path) -> None:
    batch = begun(tmp_path)
    batch.store(fed(1))
    batch.close()
    path = tmp_path / JOURNAL
    path.write_bytes(path.read_bytes().replace(b'"number":1', b'"number":2'))
    with pytest.raises(AuditError, match=r"journal\.jsonl line 2"):
        Batch(tmp_path)
    assert names(tmp_path) == {JOURNAL, "0001-F.bin", "0001-B.bin"}, "nothing was touched"


def test_a_closed_batch_takes_no_more(tmp_path: Path) -> None:
    batch = begun(tmp_path)
    batch.write(Closed(End.HOPPER_EMPTY, 0, None))
    with pytest.raises(AuditError, match="cannot stand here"):
        batch.store(fed(1))
    batch.close()


def test_hostile_names_stay_words(tmp_path: Path) -> None:
    batch = begun(tmp_path / "b")
    batch.store(Fed((PageImage("../../../x\0\ud800", b"\xff\xd8\xffabc", float("inf")),), "../../y" * 999))
    batch.close()
    assert names(tmp_path / "b") == {JOURNAL, "0001-F.jpg"}
    assert names(tmp_path) == {"b"}
    (one,) = sheets(tmp_path / "b")
    assert one.sheet().images[0].dpi is None


BOXES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60) | st.sampled_from(
    ["K1", "k1", "../x", "K1-001", "/etc", ".", "K 1", "K_1", "CON"]
)


@given(one=BOXES, two=BOXES)
def test_each_box_has_a_place_of_its_own(one: str, two: str) -> None:
    root = Path("/nowhere")
    place = next_batch(root, one)
    assert place.parent == root
    assert place.name == os.path.normpath(place.name)
    assert len(place.name) < 80
    same = place.name.casefold() == next_batch(root, two).name.casefold()
    assert same is (one == two)
    assert lock_of(root, one).parent == root


def test_batches_of_a_box_are_counted(tmp_path: Path) -> None:
    assert batches(tmp_path / "none", "K1") == ()
    for box in ("K1", "K1-001", "K1", "k1"):
        Batch(next_batch(tmp_path, box)).close()
    assert [one.name for one in batches(tmp_path, "K1")] == ["K1-001", "K1-002"]
    assert [one.name for one in batches(tmp_path, "K1-001")] == ["K1-001-001"]
    assert len(batches(tmp_path, "k1")) == 1


def test_a_box_has_one_feeder_at_a_time(tmp_path: Path) -> None:
    with (
        held(tmp_path / "lock", 0, "Box K1"),
        pytest.raises(CaptureError, match="Box K1 is being fed by another process"),
        held(tmp_path / "lock", 0.05, "Box K1"),
    ):
        pass
    with held(tmp_path / "lock", 0, "Box K1"):
        pass


# --- a full disk ------------------------------------------------------------------------------


@contextmanager
def no_more_than(size: int) -> Iterator[None]:
    """The system refuses files larger than `size` bytes, in the middle of a write as a full disk does."""
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, kept[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)


@pytest.mark.parametrize("most", [0, 100, 600, 1500])
def test_a_write_that_fails_leaves_no_trace(tmp_path: Path, most: int) -> None:
    """100 bytes: the front; 600: neither image; 1500: both images, not the journal's line."""
    batch = begun(tmp_path)
    batch.store(fed(1))
    before, length = names(tmp_path), (tmp_path / JOURNAL).stat().st_size
    with no_more_than(most), pytest.raises(SpoolError, match="file too large"):
        batch.store(fed(2))
    assert names(tmp_path) == before
    assert (tmp_path / JOURNAL).stat().st_size == length
    batch.store(fed(2))  # there is room again
    batch.close()
    assert bytes_of(tmp_path) == expected(1, 2)
    assert Batch(tmp_path).notes == ()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 KiB of its own; skipped where the system lets nobody mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)]
    if sys.platform != "linux" or subprocess.run(mounted, check=False, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here: that needs Linux and its superuser")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_takes_back_the_sheet_and_goes_on_when_there_is_room(small_disk: Path) -> None:
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 200_000)
    batch = begun(small_disk / "b")
    big = PageImage("big", b"y" * 60_000)
    sheets_fed = [fed(number, big, PageImage("own", bytes([number]) * 60_000)) for number in range(1, 9)]
    with pytest.raises(SpoolError, match="no space left"):
        [batch.store(one) for one in sheets_fed]
    done = batch.standing.next
    assert 1 < done < 8
    assert batch.room() < 130_000
    filler.unlink()
    batch.store(fed(done))
    batch.close()
    assert [one.entry.number for one in sheets(small_disk / "b")] == list(range(1, done + 1))
    assert names(small_disk / "b") >= {"0001-F.bin", f"{done:04d}-B.bin"}
    assert not any(".part" in one for one in names(small_disk / "b"))


# --- power cuts -------------------------------------------------------------------------------

FEEDER = """
import sys
from pathlib import Path
from scanner.capture.spool import Batch
from tests.capture.test_spool import fed, opened

batch = Batch(Path(sys.argv[1]))
if batch.standing.opened is None:
    batch.write(opened())
print(0, flush=True)
while True:
    print(batch.store(fed(batch.standing.next)).number, flush=True)
"""


def test_kill_9_at_any_instant_loses_nothing_that_was_promised(tmp_path: Path) -> None:
    promised = 0
    for lives in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", FEEDER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as feeder:
            assert feeder.stdout is not None
            said = [feeder.stdout.readline() for _ in range(3 + lives)]
            time.sleep(0.0007 * lives)
            feeder.send_signal(signal.SIGKILL)
            said += feeder.stdout.readlines()
        promised = max(promised, *(int(one) for one in said if one.endswith("\n")))
        batch = Batch(tmp_path)
        assert batch.standing.next - 1 in {promised, promised + 1}
        batch.close()
        assert bytes_of(tmp_path) == expected(*range(1, batch.standing.next))
    assert promised > 5


@settings(max_examples=25, deadline=None)
@given(cut=st.integers(0, 10**6))
def test_a_journal_cut_anywhere_in_its_last_line_keeps_all_others(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    batch = begun(folder)
    for number in (1, 2):
        batch.store(fed(number))
    batch.close()
    path = folder / JOURNAL
    whole = path.read_bytes()
    last = whole[:-1].rfind(b"\n") + 1
    path.write_bytes(whole[: last + cut % (len(whole) - last)])
    batch = Batch(folder)
    assert batch.standing.next == 2
    batch.store(fed(2))
    batch.close()
    assert bytes_of(folder) == expected(1, 2)


def test_the_nouns_are_values(tmp_path: Path) -> None:
    entry = Stored(1, "a", (), None, (), ())
    assert Spooled(tmp_path, "K1", "d", entry) == Spooled(tmp_path, "K1", "d", entry)
    assert Spooled(tmp_path, "K1", "d", entry).files == ()
