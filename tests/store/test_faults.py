"""What goes wrong around a store, each fault by its name: nothing is lost, and a sentence says what to do."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest

from scanner.ballot import PageImage, Sheet
from scanner.errors import ExitCode
from scanner.store import open_store
from tests.command import Here
from tests.store.conftest import sheet
from tests.store.test_verification import filled, flaws

ROOT = Path(__file__).parents[2]
BEGIN = """
import os, signal, sys
from pathlib import Path
from scanner.ballot import Box, PageImage, Sheet
from scanner.errors import StoreError
from scanner.store import open_store
from tests.strategies import small_election

def fed(number):
    return Sheet("K1", number, tuple(PageImage(face, f"{number}{face}".encode() * 3000) for face in "FB"))

"""
FILL = """
disk, url = Path(sys.argv[1]), sys.argv[2]
(disk / "ballast").write_bytes(b"x" * 100_000)
with open_store(url) as store:
    store.bind(small_election())
    store.add_box(Box("K1", "VO", "0001"))
    try:
        while True:
            store.add_sheet(fed(store.next_number("K1")))
    except StoreError as error:
        print(store.next_number("K1") - 1, error, flush=True)
    (disk / "ballast").unlink()
    store.add_sheet(fed(store.next_number("K1")))
    faults = list(store.verification().flaws())
    print(store.next_number("K1") - 1, faults, [one.name for one in disk.rglob("*.part")])
"""
LOOK = """
from scanner.commands.record import verify_store
url = sys.argv[2]
how = dict(checkpoint=None, public=None, protocol=None, readings=0, workers=None, json=False)
print(int(verify_store(url, **how)))
with open_store(url, create=False) as store:
    print(store.progress().fed, store.sheet("K1/0003").images[0].data)
    for attempt in (lambda: store.add_sheet(fed(99)), lambda: store.add_box(Box("K9", "VO", "0001"))):
        try:
            attempt()
        except StoreError as error:
            print(error)
try:
    open_store(f"sqlite:{sys.argv[1]}/another.db")
except StoreError as error:
    print(error)
"""
FEED = """
with open_store(sys.argv[1]) as store:
    store.bind(small_election())
    store.add_box(Box("K1", "VO", "0001"))
    while True:
        store.add_sheet(fed(store.next_number("K1")))
        print(store.next_number("K1") - 1, flush=True)
"""
DIE = """
from sqlalchemy import Engine, event

left = int(sys.argv[2])

@event.listens_for(Engine, "after_cursor_execute")
def die(connection, cursor, statement, *more):
    global left
    left -= statement.lstrip().startswith(("CREATE", "INSERT"))
    if left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)

open_store(sys.argv[1]).close()
"""
OPEN = """
print("ready", flush=True)
sys.stdin.readline()
with open_store(sys.argv[1]) as store:
    store.bind(small_election())
    store.add_box(Box(sys.argv[2], "VO", "0001"))
"""


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def python(code: str, *words: object) -> list[str]:
    return [sys.executable, "-c", BEGIN + code, *map(str, words)]


def namespace() -> bool:
    """True if this machine lets us mount a disk of our own that nobody else sees."""
    if shutil.which("unshare") is None:
        return False
    done = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    return done.returncode == 0


def on_a_disk(disk: Path, mount: str, code: str, *words: object) -> list[str]:
    """Run Python where `mount`, said by a shell, has made a disk of this folder; the lines that it prints."""
    shell = [
        "unshare",
        "-rm",
        "sh",
        "-ec",
        f'cd "$1"; {mount}; cd "$2"; shift 2; exec "$@"',
        "sh",
        disk,
        ROOT,
    ]
    done = subprocess.run(
        [*shell, *python(code, disk, *words)], capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


needs_disks = pytest.mark.skipif(not namespace(), reason="needs a mount namespace (unshare -rm)")


@needs_disks
@pytest.mark.parametrize("full", ["database and images", "images"])
def test_disk_full(tmp_path, full):
    """It says so, what was acknowledged is there, and with room again it goes on."""
    (disk := tmp_path / "disk").mkdir()
    database = disk if full != "images" else tmp_path
    url = f"sqlite:{database / 'count.db'}?images={disk / 'images'}"
    first, second = on_a_disk(disk, 'mount -t tmpfs -o size=1000k tmpfs "$PWD"; cd "$PWD"', FILL, url)
    fed, _, words = first.partition(" ")
    assert int(fed) > 0
    assert any(one in words for one in ("disk is full", "No space left on device")), words
    assert second == f"{int(fed) + 1} [] []", "one sheet more, no flaw, nothing half written"


@needs_disks
def test_disk_of_the_images_of_a_server_full(postgresql, tmp_path):
    (disk := tmp_path / "disk").mkdir()
    url = postgresql.database(disk / "images")
    first, second = on_a_disk(disk, 'mount -t tmpfs -o size=500k tmpfs "$PWD"; cd "$PWD"', FILL, url)
    fed, _, words = first.partition(" ")
    assert "No space left on device" in words
    assert second == f"{int(fed) + 1} [] []"


@needs_disks
def test_disk_read_only(tmp_path):
    """An auditor's copy is read and verified; whatever would write says that it cannot."""
    (disk := tmp_path / "disk").mkdir()
    url = f"sqlite:{disk / 'count.db'}"
    filled(url).close()
    settled = 'mount --bind "$PWD" "$PWD"; mount -o remount,bind,ro "$PWD"; cd "$PWD"'
    *verified, fed, added, made = on_a_disk(disk, settled, LOOK, url)
    assert verified[-1] == "6 b'front 3'"
    assert "count.db.images cannot be written: Read-only file system" in fed
    assert "attempt to write a readonly database" in added
    assert made.endswith(f"{disk} cannot be written; copy it elsewhere.")


@needs_disks
def test_disk_read_only_before_the_store_was_closed_there(tmp_path):
    """What the database file itself does not hold yet lies beside it: no half a count is shown."""
    (disk := tmp_path / "disk").mkdir()
    filled(f"sqlite:{disk / 'open.db'}").close()
    with closing(sqlite3.connect(disk / "open.db")) as station:
        station.execute("CREATE TABLE not_yet_in_the_file (a)")
        for ending in ("", "-wal"):
            shutil.copy(disk / f"open.db{ending}", disk / f"count.db{ending}")
    settled = 'mount --bind "$PWD" "$PWD"; mount -o remount,bind,ro "$PWD"; cd "$PWD"'
    code = "try:\n    open_store(sys.argv[2], create=False)\nexcept StoreError as error:\n    print(error)"
    (told,) = on_a_disk(disk, settled, code, f"sqlite:{disk / 'count.db'}")
    assert told.endswith("cannot be written; copy it elsewhere.")


def test_clock_stepping_back(address, monkeypatch):
    """Nothing in the record knows the time, so nothing of it is out of order."""
    seconds = count(2_000_000_000, -1_000)
    with monkeypatch.context() as clock:
        clock.setattr(time, "time", lambda: float(next(seconds)))
        clock.setattr(time, "time_ns", lambda: next(seconds) * 10**9)
        with filled(address) as store:
            store.add_sheet(sheet(7))
            assert [one.number for one in store.sheets()] == [1, 2, 3, 4, 5, 6, 7]
            assert [one.number for one in store.record.chain()] == [*range(1, store.record.head().number + 1)]
            assert flaws(store) == ""


def test_two_processes_opening_one_new_store(address):
    """At the same moment: one makes the tables, the other finds them, each adds its box."""
    both = [
        subprocess.Popen(
            python(OPEN, address, box), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        for box in ("B0", "B1")
    ]
    assert [one.stdout.readline() for one in both if one.stdout] == ["ready\n"] * 2
    for one in both:
        assert one.stdin is not None
        one.stdin.write("now\n")
        one.stdin.flush()
    for one in both:
        one.communicate(timeout=60)
    assert [one.returncode for one in both] == [0, 0]
    with open_store(address, create=False) as store:
        assert sorted(one.id for one in store.boxes()) == ["B0", "B1"]
        assert flaws(store) == ""


@pytest.mark.parametrize("after", [20, 55])
def test_crash_while_the_store_is_made(address, after):
    """A store is whole or not there: opening it again makes it."""
    died = subprocess.run(python(DIE, address, after), cwd=ROOT, check=False, timeout=60)
    assert died.returncode == -signal.SIGKILL
    with filled(address) as store:
        assert flaws(store) == ""


def test_crash_only_start(address):
    """Killed in the middle of a sheet, with half an image left behind: opening is all the repair there is."""
    with feeding(address) as said:
        last = [said() for _ in range(5)][-1]
    with open_store(address, create=False) as store:
        half = next(store._images.folder.glob("??")) / "tmpx.part"
        half.write_bytes(b"half a side")
        assert store.next_number("K1") - 1 in {last, last + 1}
        assert store.add_sheet(Sheet("K1", 500, (PageImage("F", b"goes on"),)))
        assert flaws(store) == ""


def test_backup_while_counting(address, here, tmp_path):
    """Every backup is of one moment: no gap, no flaw, and each holds what was there when it began."""
    before = []
    with feeding(address) as said:
        for turn in range(3):
            before.append([said() for _ in range(3)][-1])
            assert here("backup", "--store", address, "--out", tmp_path / f"{turn}").code == ExitCode.DONE
    for turn, least in enumerate(before):
        again = f"sqlite:{tmp_path / f'again{turn}.db'}"
        assert here("restore", tmp_path / f"{turn}", "--store", again).code == ExitCode.DONE
        with open_store(again, create=False) as store:
            numbers = [store.sheet(one.id).number for one in store.sheets()]
        assert numbers == [*range(1, len(numbers) + 1)]
        assert len(numbers) >= least


@contextmanager
def feeding(url: str) -> Iterator[object]:
    """A station that feeds until it is killed; call what is given for the number of its next sheet."""
    with subprocess.Popen(python(FEED, url), stdout=subprocess.PIPE, text=True, cwd=ROOT) as feeder:
        assert feeder.stdout is not None
        out = feeder.stdout
        try:
            yield lambda: int(out.readline())
        finally:
            os.kill(feeder.pid, signal.SIGKILL)


def test_crash_in_the_middle_of_a_backup(address, here, tmp_path):
    """The last backup stays, and the next is made as if nothing had been."""
    filled(address).close()
    assert here("backup", "--store", address, "--out", tmp_path / "copy").code == ExitCode.DONE
    whole = (tmp_path / "copy" / "count.db").read_bytes()
    (tmp_path / "copy" / "count.db.part").write_bytes(b"half a backup")
    (tmp_path / "copy" / "count.db.part-wal").write_bytes(b"half of it")
    kept = f"sqlite:{tmp_path / 'kept.db'}"
    assert here("restore", tmp_path / "copy", "--store", kept).code == ExitCode.DONE
    assert (tmp_path / "copy" / "count.db").read_bytes() == whole
    assert here("backup", "--store", address, "--out", tmp_path / "copy").code == ExitCode.DONE
    assert sorted(one.name for one in (tmp_path / "copy").iterdir()) == ["count.db", "count.db.images"]
