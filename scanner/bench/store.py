"""How a store bears many sheets: what one more costs to keep, to add up, to verify and in bytes.

No paper and no images: the database alone, filled through the same calls as a count, each row with its
link of the chain. The aim is cost that does not grow with the count, and a tally of a million in 5 s.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import fmean
from time import perf_counter, process_time

import msgspec

from scanner.audit.chain import Flaw
from scanner.bench.chart import COLOURS, Axis, Chart
from scanner.bench.store_ballots import ballots, boxes
from scanner.election_package import read_election
from scanner.errors import StoreError
from scanner.simulate.elections import shipped_election
from scanner.store.address import place_of
from scanner.store.bulk import Told, fill
from scanner.store.codec import encode
from scanner.store.opening import open_store
from scanner.store.session import Session
from scanner.store.store import Store
from scanner.store.verification import first
from scanner.tally.count import count_heaps

BATCH = 500  # sheets a transaction; while counting each is durable before the next is fed
TIMED = 1000  # sheets kept one by one at each size


class StoreSpeed(msgspec.Struct, frozen=True):
    """One line of `valgskanner bench store --json`: a store of so many sheets."""

    database: str  # sqlite or postgresql
    sheets: int
    reading_bytes: float  # mean of what the machine saw of a sheet, as it is kept
    inserts_per_s: float  # sheets a second at this size: fed, read, decided, with their events
    tally_s: float  # the quickest of three
    verify_s_per_10000: float
    cpu_ms_per_insert: float  # of this process, however busy the machine is; a server's is not in it
    tally_cpu_s: float
    verify_cpu_s_per_10000: float
    bytes_per_sheet: float
    events: int
    flaws: int


class NoImages:
    """Takes the bytes of images and forgets them: only the database is measured."""

    def put(self, digest: str, data: bytes, file: Path | None = None) -> None:
        """Keep nothing."""

    def get(self, digest: str) -> bytes:
        """StoreError: there are none."""
        raise StoreError(f"The bench keeps no images, also not {digest}.")

    def holds(self, digest: str) -> bool:  # noqa: ARG002 - there is none
        """None is there."""
        return False

    def forget(self, *digests: str) -> None:
        """Nothing to forget."""


def measure_store(count: int, url: str, marks: int, seed: int) -> Iterator[StoreSpeed]:
    """Fill an empty store with `count` sheets; figures at a sixteenth, an eighth … and all of them.

    The last of each part go through the store's own calls, and are timed; those before them get the
    same rows and links in bulk. `marks`: fields on a ballot, which is what makes a reading long.
    StoreError if the store holds something.
    """
    election = read_election(shipped_election("kommunestyre"))
    open_store(url).close()
    engine = place_of(url).engine
    with Store(engine, NoImages()) as store:
        if store.record.head().number:
            raise StoreError("The store to measure is not empty: name a new one.")
        store.bind(election, test=True)
        with store.transaction():
            for box in boxes(election, count):
                store.add_box(box)
        supply, done = ballots(election, marks, seed), 0
        for goal in sorted({max(1, count >> halved) for halved in range(5)}):
            timed = min(TIMED, goal - done)
            bulk(Session(engine), islice(supply, goal - done - timed))
            some = list(islice(supply, timed))
            took = timing(partial(keep, store, some))
            yield _measured(store, goal, took, some)
            done = goal


def bulk(session: Session, supply: Iterator[Told]) -> None:
    """Keep these sheets quickly."""
    while batch := list(islice(supply, 10 * BATCH)):
        fill(session, batch)


def keep(store: Store, some: Iterable[Told]) -> None:
    """Keep these sheets as a count does, but `BATCH` of them durable at once."""
    supply = iter(some)
    while batch := list(islice(supply, BATCH)):
        with store.transaction():
            for one in batch:
                store.add_sheet(one.sheet)
                store.add_verdict(one.sheet.id, one.verdict, one.reading, one.version, one.machine)
                for said in one.opinions:
                    store.add_opinion(said)
                if one.people is not None:
                    store.add_decision(one.people)


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the clock, and of them those that this process worked."""

    wall: float
    cpu: float


def timing(act: Callable[[], object]) -> Took:
    """How long something takes."""
    wall, cpu = perf_counter(), process_time()
    act()
    return Took(perf_counter() - wall, process_time() - cpu)


def _measured(store: Store, sheets: int, kept: Took, last: Sequence[Told]) -> StoreSpeed:
    election = store.election()
    fed = count_heaps(store.heaps(), election).fed
    if fed != sheets:
        raise StoreError(f"The store lost paper: {sheets} sheets were fed, {fed} are in the tally.")
    tallies = [timing(lambda: count_heaps(store.heaps(), election)) for _ in range(3)]
    flaws: list[Flaw] = []
    verified = timing(lambda: flaws.extend(first(store.verification().flaws(images=False), 10)))
    name, size = store.record.size()
    return StoreSpeed(
        database=name,
        sheets=sheets,
        reading_bytes=round(fmean(len(encode(one.reading)) for one in last), 1),
        inserts_per_s=round(len(last) / kept.wall, 1),
        tally_s=round(min(one.wall for one in tallies), 3),
        verify_s_per_10000=round(10_000 * verified.wall / sheets, 3),
        cpu_ms_per_insert=round(1000 * kept.cpu / len(last), 3),
        tally_cpu_s=round(min(one.cpu for one in tallies), 3),
        verify_cpu_s_per_10000=round(10_000 * verified.cpu / sheets, 3),
        bytes_per_sheet=round(size / sheets, 1),
        events=store.record.head().number,
        flaws=len(flaws),
    )


def draw(seen: list[StoreSpeed], path: Path) -> None:
    """Cost of a sheet against that in the smallest store, as a picture: flat lines are linear growth.

    Of SQLite the time this process worked, which a busy machine does not stretch; of a server that waited.
    """
    cpu = seen[-1].database == "sqlite"
    costs = {
        "kept": [one.cpu_ms_per_insert if cpu else 1 / one.inserts_per_s for one in seen],
        "added up": [(one.tally_cpu_s if cpu else one.tally_s) / one.sheets for one in seen],
        "verified": [one.verify_cpu_s_per_10000 if cpu else one.verify_s_per_10000 for one in seen],
        "bytes": [one.bytes_per_sheet for one in seen],
    }
    most = max(value / values[0] for values in costs.values() for value in values)
    top = max(2.0, 0.5 * (int(2 * most) + 1))
    ticks = tuple(0.5 * step for step in range(int(2 * top) + 1))
    last = seen[-1].sheets
    chart = Chart(
        f"Cost of one more sheet, {seen[-1].database}",
        Axis(
            "sheets in the store", 0, last, tuple(last * part / 4 for part in range(5)), told="{:,.0f}".format
        ),
        Axis("1: as in the smallest store", 0, top, ticks),
    )
    for (name, values), colour in zip(costs.items(), COLOURS, strict=True):
        points = [(one.sheets, value / values[0]) for one, value in zip(seen, values, strict=True)]
        chart.line(points, colour)
        for point in points:
            chart.dot(point, colour)
        chart.legend(name, colour, low=True)
    chart.png(path)
