"""How often the reading is wrong but sure, and how often it doubts, on ballots whose truth is known.

Simulated ballots prove the reader against its own generator only; they are the regression test, not
the promise. Positions on one ballot share a voter and a scan, so the claim is made per ballot.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from scanner.ballot import Mark, MarkState, PageImage, Sheet
from scanner.bench.agreement import Agreement, agreement
from scanner.confidence import upper
from scanner.election import Election, StampRule, VoteCategory
from scanner.election_package import read_election
from scanner.engine import processes
from scanner.pipeline import Atlas, Outcome, open_atlas, read
from scanner.simulate.deck import Deck, Press
from scanner.simulate.elections import shipped_election
from scanner.simulate.real_ink import real_ink
from scanner.simulate.truth import Truth


class Score(msgspec.Struct, frozen=True):
    """Counts with their denominator; `upper95` bounds the rate of wrong but sure."""

    n: int
    wrong_but_sure: int
    doubtful: int
    upper95: float


class Accuracy(msgspec.Struct, frozen=True):
    """What `valgskanner bench accuracy --json` prints."""

    election: str
    wear: int
    seed: int
    ballots: Score
    without_cause: Score  # ballots that need no person; `doubtful` are those sent to one all the same
    positions: Score  # boxes
    categories: dict[str, Score]  # by true category
    kinds: dict[str, Score]  # by how the mark was made, positions


@dataclass(frozen=True, slots=True)
class Trial:
    """What decides a pile of ballots."""

    election: str
    wear: int
    seed: int
    ink: Path | None


@dataclass(frozen=True, slots=True)
class Said:
    """One ballot's answers, small enough to send between processes."""

    truth: Truth
    agreement: Agreement
    positions: tuple[tuple[str, Agreement], ...]  # how it was made ("empty"), how it was read


def measure_accuracy(trial: Trial, count: int, workers: int) -> Accuracy:
    """Make, scan and read `count` ballots with `workers` processes."""
    return summed(trial, said_of(trial, count, workers))


def said_of(trial: Trial, count: int, workers: int) -> Iterator[Said]:
    """The answers for ballots 1..count, in order."""
    with processes(workers, _open, trial) as pool:
        yield from pool.map(_ballot, range(1, count + 1), chunksize=8)


def summed(trial: Trial, answers: Iterable[Said]) -> Accuracy:
    """The scores of all answers."""
    ballots, clear, positions = Counter[Agreement](), Counter[Agreement](), Counter[Agreement]()
    categories: dict[str, Counter[Agreement]] = defaultdict(Counter)
    kinds: dict[str, Counter[Agreement]] = defaultdict(Counter)
    for one in answers:
        ballots[one.agreement] += 1
        categories[one.truth.category.value][one.agreement] += 1
        if not one.truth.needs_person:
            clear[one.agreement] += 1
        for kind, how in one.positions:
            positions[how] += 1
            kinds[kind][how] += 1
    return Accuracy(
        election=trial.election,
        wear=trial.wear,
        seed=trial.seed,
        ballots=score(ballots),
        without_cause=score(clear),
        positions=score(positions),
        categories={name: score(categories[name]) for name in sorted(categories)},
        kinds={name: score(kinds[name]) for name in sorted(kinds)},
    )


def score(seen: Counter[Agreement]) -> Score:
    """A score from counted agreements."""
    n, wrong = seen.total(), seen[Agreement.WRONG_BUT_SURE]
    return Score(n, wrong, seen[Agreement.DOUBTFUL], round(upper(wrong, n), 8))


def position(truth: MarkState, mark: Mark) -> Agreement:
    """How one box was read. Where people, too, would have to settle the ink, no reading is wrong."""
    if mark.state is MarkState.DOUBTFUL:
        return Agreement.DOUBTFUL
    right = truth is MarkState.DOUBTFUL or mark.state is truth
    return Agreement.RIGHT if right else Agreement.WRONG_BUT_SURE


def said(truth: Truth, outcome: Outcome) -> Said:
    """The answers for one ballot; boxes are those that both readers looked at."""
    meant = {one.field: one for one in truth.marks}
    boxes = [one for one in outcome.reading.marks if one.b is not None]
    positions = tuple(
        (meant[one.field].how, position(meant[one.field].state, one))
        if one.field in meant
        else ("empty", position(MarkState.UNMARKED, one))
        for one in boxes
    )
    return Said(truth, agreement(truth, outcome.verdict), positions)


@dataclass(frozen=True, slots=True)
class _Bench:
    deck: Deck
    atlas: Atlas
    category: VoteCategory


_bench: _Bench | None = None  # of this process; set once when it starts


def _open(trial: Trial) -> None:
    global _bench  # noqa: PLW0603 - a process pool has no other place for what its workers open once
    election = read_election(shipped_election(trial.election))
    category = _stamped(election)
    ink = real_ink(trial.ink) if trial.ink is not None else None
    deck = Deck(Press(election), trial.seed, trial.wear, ink, category.stamp is StampRule.REQUIRED)
    _bench = _Bench(deck, open_atlas(election), category)


def _stamped(election: Election) -> VoteCategory:
    """The first category that asks for a stamp: the harder case."""
    required = (one for one in election.categories if one.stamp is StampRule.REQUIRED)
    return next(required, election.categories[0])


def _ballot(index: int) -> Said:
    assert _bench is not None  # noqa: S101 - the initializer has run
    made = _bench.deck.sheet(index)
    images = (PageImage("F.jpg", made.front, made.dpi), PageImage("B.jpg", made.back, made.dpi))
    outcome = read(Sheet("bench", index, images), _bench.atlas, _bench.category)
    return said(made.truth, outcome)
