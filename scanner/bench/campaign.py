"""Makes, scans and reads the ballots of many piles on all cores, and can go on where it stopped."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from scanner.ballot import PageImage, Reason, Sheet
from scanner.bench.agreement import Agreement
from scanner.bench.answers import Answer, Case, answer
from scanner.bench.cases import Pile, Plan, Sheets, election_of, sheets_of, size_of, stamped
from scanner.bench.record import Settings
from scanner.bench.twice import TwiceDeck, compared
from scanner.bench.workers import each
from scanner.classify.pictures import Show
from scanner.config import version
from scanner.errors import UsageError
from scanner.opening import Atlas, open_atlas
from scanner.pipeline import Outcome, read
from scanner.simulate.deck import SimulatedSheet
from scanner.simulate.real_ink import real_ink

TOGETHER = 100  # sheets of a pile before the next pile: forms and models of one election are open at a time


@dataclass(frozen=True, slots=True)
class Campaign:
    """Which piles, how many sheets of each, and what decides them."""

    piles: tuple[Pile, ...]
    sheets: int
    plan: Plan

    def settings(self) -> Settings:
        """What a record of this campaign must agree with."""
        ink = None if self.plan.ink is None else real_ink(self.plan.ink)
        told = "" if ink is None else f"{len(ink.tracks)} tracks, {len(ink.words)} words"
        return Settings(version(), self.plan.seed, told)

    def sizes(self) -> dict[Pile, int]:
        """Sheets of each pile: as many as asked for, or as many as it has."""
        return {one: min(self.sheets, size_of(one) or self.sheets) for one in self.piles}

    def cases(self, done: Mapping[Pile, int]) -> Iterator[Case]:
        """The sheets still to be read, a hundred of each pile at a time; `done`: how many are."""
        sizes = self.sizes()
        for begin in range(0, max(sizes.values(), default=0), TOGETHER):
            for pile, size in sizes.items():
                numbers = range(max(begin, done.get(pile, 0)) + 1, min(begin + TOGETHER, size) + 1)
                yield from (Case(pile, self.plan.seed, n) for n in numbers)

    def left(self, done: Mapping[Pile, int]) -> int:
        """How many sheets are still to be read."""
        return sum(max(0, size - done.get(pile, 0)) for pile, size in self.sizes().items())


def run(campaign: Campaign, workers: int, done: Mapping[Pile, int] | None = None) -> Iterator[Answer]:
    """The answers for all sheets still to be read, in order.

    Raises UsageError when the code, a model or a threshold changes while it runs.
    """
    now = version()
    for case, said in each(campaign.cases(done or Counter()), read_here, _open, campaign.plan, workers):
        if said is not None and said.version != now:
            raise UsageError(
                f"The readers changed while the campaign ran (from {now} to {said.version}); "
                "run it on a copy that nobody edits."
            )
        yield said or crashed(case, now)


def crashed(case: Case, now: str) -> Answer:
    """The answer for a sheet on which the process died."""
    return Answer(case, now, Agreement.DOUBTFUL, reasons=(Reason.READER_CRASHED,), crashed=True)


_plan = Plan(0)  # of this process; set once when it starts


def _open(plan: Plan) -> None:
    global _plan  # noqa: PLW0603 - a process pool has no other place for what its workers open once
    _plan = plan


def read_here(case: Case) -> Answer:
    """What a process of the pool does with a case."""
    made = sheet(case, _plan)
    seen = outcome(case, made)
    pile = sheets(case.pile, _plan)
    more = pile.again(case.sheet) if isinstance(pile, TwiceDeck) else ()
    again = tuple(compared(name, seen, outcome(case, other)) for name, other in more)
    return answer(case, made.truth, seen, again)


def sheet(case: Case, plan: Plan) -> SimulatedSheet:
    """The sheet of a case, made again the same wherever it is asked for."""
    return sheets(case.pile, plan).sheet(case.sheet)


def sheets(pile: Pile, plan: Plan) -> Sheets:
    """A pile, kept ready in this process while its election is open."""
    ready = _opened(pile.election).piles
    if (pile, plan) not in ready:
        ready[pile, plan] = sheets_of(pile, plan)
    return ready[pile, plan]


def outcome(case: Case, made: SimulatedSheet, show: Show | None = None) -> Outcome:
    """The sheet as the machine reads it, in a category that asks for a stamp."""
    images = (PageImage("F.jpg", made.front, made.dpi), PageImage("B.jpg", made.back, made.dpi))
    atlas = opened(case.pile.election)
    return read(Sheet("bench", case.sheet, images), atlas, stamped(atlas.election), show)


def opened(election: str) -> Atlas:
    """Forms and models of a shipped election, open in this process."""
    return _opened(election).atlas


@dataclass(frozen=True, slots=True)
class _Opened:
    """What one election needs in this process."""

    atlas: Atlas
    piles: dict[tuple[Pile, Plan], Sheets] = field(default_factory=dict)


@lru_cache(maxsize=1)  # forms and models are large; cases come election by election
def _opened(election: str) -> _Opened:
    return _Opened(open_atlas(election_of(election)))


def ink_folder(folder: Path | None) -> Path | None:
    """The folder with ink, absolute, so that every process finds it."""
    return None if folder is None else folder.resolve()
