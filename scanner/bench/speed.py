"""How fast this machine reads: milliseconds a side by stage, against merely decoding the images.

Machines are noisy, so each sheet is read several times and the best time of each stage counts, and
the ratio to the decoding floor is taken in the same run (the aim: at most 1.5).
"""

import resource
import sys
from collections.abc import Iterable, Iterator
from itertools import repeat
from pathlib import Path
from statistics import fmean
from time import perf_counter

import cv2
import msgspec

from scanner.ballot import PageImage, Sheet
from scanner.capture.decode import decode
from scanner.election import Election, VoteCategory
from scanner.election_package import read_election
from scanner.engine import ProcessEngine
from scanner.opening import Atlas, open_atlas
from scanner.pipeline import read
from scanner.simulate.deck import deck
from scanner.simulate.elections import shipped_election

SEED = 1
ROUNDS = 3  # readings of each sheet that are timed, after one that only warms up


class Speed(msgspec.Struct, frozen=True):
    """What `valgskanner bench speed --json` prints."""

    sides_per_s: float
    ms_per_side: dict[str, float]
    total_ms_per_side: float
    decode_floor_ms: float
    ratio_to_floor: float
    workers: int
    sheets: int
    peak_rss_mb: float


def measure_speed(count: int, workers: int, folder: Path | None) -> Speed:
    """Read `count` simulated sheets (wear level 1, 200 dpi grey JPEG) with `workers` processes."""
    cv2.setNumThreads(1)
    election = read_election(folder or shipped_election("kommunestyre"))
    sheets = tuple(_sheets(election, count))
    atlas = open_atlas(election)
    category = election.categories[0]
    stages = _stages(sheets, atlas, category)
    floor = _floor(sheets)
    total = sum(stages.values())
    rate = 1000 / total if workers == 1 else _rate(sheets, election, category, workers)
    return Speed(
        sides_per_s=round(rate, 1),
        ms_per_side={stage: round(ms, 2) for stage, ms in stages.items()},
        total_ms_per_side=round(total, 2),
        decode_floor_ms=round(floor, 2),
        ratio_to_floor=round(total / floor, 2),
        workers=workers,
        sheets=len(sheets),
        peak_rss_mb=round(peak_rss_mb(), 1),
    )


def _sheets(election: Election, count: int) -> Iterator[Sheet]:
    for number, one in enumerate(deck(election, count, SEED), 1):
        images = (
            PageImage(f"{one.name}F.jpg", one.front, one.dpi),
            PageImage(f"{one.name}B.jpg", one.back, one.dpi),
        )
        yield Sheet("bench", number, images)


def _stages(sheets: Iterable[Sheet], atlas: Atlas, category: VoteCategory) -> dict[str, float]:
    """Mean over the sheets of the best milliseconds a side in each stage."""
    best: list[dict[str, float]] = []
    for sheet in sheets:
        read(sheet, atlas, category)
        rounds = [dict(read(sheet, atlas, category).reading.ms) for _ in range(ROUNDS)]
        best.append({stage: min(one[stage] for one in rounds) / len(sheet.images) for stage in rounds[0]})
    names = dict.fromkeys(stage for one in best for stage in one)
    return {stage: fmean(one.get(stage, 0.0) for one in best) for stage in names}


def _floor(sheets: Iterable[Sheet]) -> float:
    """Mean over all images of the best milliseconds that decoding alone takes."""
    return fmean(min(_timed(image) for _ in range(ROUNDS)) for sheet in sheets for image in sheet.images)


def _timed(image: PageImage) -> float:
    start = perf_counter()
    decode(image)
    return 1000 * (perf_counter() - start)


def _rate(sheets: tuple[Sheet, ...], election: Election, category: VoteCategory, workers: int) -> float:
    """Sides a second of a running pool: started and warm before the clock starts."""
    engine = ProcessEngine(election, workers)
    jobs = list(zip(sheets, repeat(category), strict=False))
    warm = len(jobs)
    done = 0
    start = perf_counter()
    for done, _ in enumerate(engine.read(jobs * (1 + ROUNDS)), 1):
        if done == warm:
            start = perf_counter()
    return 2 * (done - warm) / (perf_counter() - start)


def peak_rss_mb() -> float:
    """The most memory this process or any reading process has held, MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return most * unit / 1e6
