"""kill -9 at random instants of a whole count: begun again, it ends like one that nobody disturbed.

A small count (two boxes, six sheets: fed into the spool, kept, read, settled by two people, closed,
protocol) runs in a process that dies at a random moment, or at its n-th write, fsync, rename, link or
message to the server, half-way through a write if need be (`killer.c`, loaded before the C library). It is
begun again, perhaps killed again, and in the end compared with a count that was left in peace: each sheet
once with its images, the same decisions, tally, chain and protocol, and `verify` finds nothing.

The suite kills 20 times on each database. VALGSKANNER_INSTANTS=500 in the environment kills 500 times;
VALGSKANNER_SEED names other instants. `-o log_cli=true --log-cli-level=INFO` tells how far it is.
"""

import logging
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import psycopg
import pytest

from scanner.audit.chain import Head
from scanner.audit.events import Event
from scanner.capture.mending import ORPHANS
from scanner.commands.counting import protocol_of
from scanner.commands.evidence import decision_flaws
from scanner.store import Store, open_store
from scanner.tally.count import count
from scanner.tally.pdf import protocol_json
from scanner.tally.tally import Tally
from tests.store.server import Server
from tests.store.small_count import BOXES, ELECTION, SHEETS, hopper
from tests.store.test_verification import flaws

INSTANTS = int(os.environ.get("VALGSKANNER_INSTANTS", "20"))
SEED = int(os.environ.get("VALGSKANNER_SEED", "1"))
ROOT = Path(__file__).parents[2]
log = logging.getLogger(__name__)
Place = Callable[[], tuple[str, Path]]  # the address of a new store, and a folder beside the hopper


@dataclass(frozen=True)
class Instant:
    """When to die: at the act of this number, torn or not, or after so many seconds; never if all are 0."""

    at: int = 0
    torn: bool = False
    after_s: float = 0.0


@dataclass(frozen=True)
class Ended:
    code: int
    acts: int
    seconds: float


class Mother:
    """A process that has loaded everything, and bears one that counts for each order."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def count(self, url: str, folder: Path, instant: Instant) -> Ended:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(
            url, folder, instant.at, int(instant.torn), instant.after_s, file=self._process.stdin, flush=True
        )
        code, acts, seconds = self._process.stdout.readline().split()
        return Ended(int(code), int(acts), float(seconds))


@pytest.fixture(scope="module")
def mother(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mother]:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs a C compiler on Linux")
    library = tmp_path_factory.mktemp("killer") / "killer.so"
    source = Path(__file__).with_name("killer.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    command = [sys.executable, "-m", "tests.store.small_count", str(library)]
    env = os.environ | {"LD_PRELOAD": str(library)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Mother(process)
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Makes a new, empty place for a count; the one before it is thrown away."""
    hopper(tmp_path / "hopper")
    folder = tmp_path / "count"
    server: Server | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")

    def new() -> tuple[str, Path]:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        if server is None:
            return f"sqlite:{folder / 'count.db'}", folder
        with psycopg.connect(
            host=str(server.folder), user="valg", dbname="postgres", autocommit=True
        ) as link:
            link.execute("DROP DATABASE IF EXISTS killed_count WITH (FORCE)")
            link.execute("CREATE DATABASE killed_count")
        images = folder / "count.images"
        return f"postgresql://valg@/killed_count?host={server.folder}&images={images}", folder

    return new


@dataclass(frozen=True)
class Said:
    """All that a finished count says."""

    sheets: tuple[tuple[str, tuple[str, ...]], ...]
    tally: Tally
    chain: tuple[tuple[object, ...], ...]
    protocol: bytes
    images: frozenset[str]


def said(url: str, folder: Path) -> Said:
    with open_store(url, create=False) as store:
        assert flaws(store) == ""
        assert list(decision_flaws(store)) == []
        assert [len(store.sheet(one.id).images) for one in store.sheets()] == [2] * SHEETS * len(BOXES)
        written = (folder / "protocol.json").read_bytes()
        assert written == protocol_json(protocol_of(store))
        sqlite = url.startswith("sqlite:")
        return Said(
            tuple((one.id, tuple(side.sha256 for side in one.sides)) for one in store.sheets()),
            count(store.ballots(), ELECTION),
            tuple(
                _event(msgspec.json.decode(one.text, type=Event), whole=sqlite)
                for one in store.record.chain()
            ),
            written if sqlite else _without_head(store, written),
            frozenset(images_in(folder)),
        )


def _event(one: Event, *, whole: bool) -> tuple[object, ...]:
    """A server numbers rows with gaps where a transaction was cut off: there the numbers may differ."""
    return (one.act, one.of, one.by, one.number, *((one.row, one.at, one.before) if whole else ()))


def _without_head(store: Store, protocol: bytes) -> bytes:
    """The protocol without where the chain ends, which those numbers go into."""
    basis: Head = store.record.basis()
    assert basis.hash.encode() in protocol
    return protocol.replace(basis.hash.encode(), b"")


def images_in(folder: Path) -> Iterator[str]:
    """Every image that is kept; one that was being written when the power went is not."""
    for path in folder.glob("count*.images/*/*"):
        if path.suffix != ".part":
            yield path.name


def instants(dice: random.Random, peace: Ended) -> Iterator[Instant]:
    """Three in four at an act, the others at a time, anywhere in a count of that length."""
    while True:
        if peace.acts and dice.random() < 0.75:
            yield Instant(at=dice.randint(1, peace.acts), torn=dice.random() < 0.4)
        else:
            yield Instant(after_s=dice.uniform(0.001, peace.seconds))


def test_a_count_killed_at_any_instant_ends_as_if_nothing_had_happened(mother: Mother, place: Place) -> None:
    url, folder = place()
    peace = mother.count(url, folder, Instant())
    assert peace.code == 0
    assert peace.acts > 300, "the killer sees what a count does"
    whole = said(url, folder)
    assert len(whole.sheets) == whole.tally.fed == whole.tally.decided == SHEETS * len(BOXES)
    dice = random.Random(SEED)
    killed, turns = 0, instants(dice, peace)
    while killed < INSTANTS:
        url, folder = place()
        tried: list[Instant] = []
        while True:
            instant = next(turns) if not tried or dice.random() < 0.4 else Instant()
            tried.append(instant)
            ended = mother.count(url, folder, instant)
            assert ended.code in {0, -9}, (tried, "a count begun again goes on")
            if ended.code == 0:
                break
            killed += 1
        assert said(url, folder) == whole, tried
        left = [one for one in (folder / "spool").rglob("*.jpg") if one.parent.name != ORPHANS]
        assert not left, (tried, "what the store has leaves the spool")
        log.info("killed %d times so far, now at %s", killed, tried[:-1])


def test_the_comparison_sees_a_sheet_that_is_missing_or_other(mother: Mother, place: Place) -> None:
    """The oracle itself: a count of other paper is another count."""
    url, folder = place()
    mother.count(url, folder, Instant())
    whole = said(url, folder)
    stack = folder.parent / "hopper" / BOXES[0].id
    first, second = stack / "0001F.jpg", stack / "0002F.jpg"
    pages = first.read_bytes(), second.read_bytes()
    first.write_bytes(pages[1])
    second.write_bytes(pages[0])
    url, folder = place()
    mother.count(url, folder, Instant())
    other = said(url, folder)
    assert other != whole
    assert other.tally == whole.tally
    for name in BOXES:
        (folder.parent / "hopper" / name.id / "0003F.jpg").unlink()
        (folder.parent / "hopper" / name.id / "0003B.jpg").unlink()
    url, folder = place()
    mother.count(url, folder, Instant())
    with open_store(url) as store:
        assert store.progress().fed == (SHEETS - 1) * len(BOXES)
        assert replace(whole, tally=count(store.ballots(), ELECTION)) != whole
