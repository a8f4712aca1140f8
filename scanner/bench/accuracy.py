"""How often the reading is wrong but sure, and how often it doubts, on ballots whose truth is known.

Simulated ballots prove the reader against its own generator only; they are the regression test, not
the promise. Positions on one ballot share a voter and a scan, so the claim is made per ballot.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from scanner.bench.agreement import Agreement
from scanner.bench.answers import Answer
from scanner.bench.cases import Pile
from scanner.bench.positions import Position
from scanner.bench.spread import Spread
from scanner.confidence import upper

Seen = Counter[Agreement]


class Score(msgspec.Struct, frozen=True):
    """Counts with their denominator; `upper95` bounds the rate of wrong but sure.

    `n` leaves out what careful people would dispute: `disputed` counts that, `decided_disputed` how
    often the machine was sure of it all the same.
    """

    n: int
    wrong_but_sure: int
    doubtful: int
    upper95: float
    disputed: int = 0
    decided_disputed: int = 0

    @property
    def doubt(self) -> float:
        """Share 0..1 that was doubted; 0 of nothing."""
        return self.doubtful / self.n if self.n else 0.0


class Claim(msgspec.Struct, frozen=True):
    """What may be said although positions on one ballot are not independent.

    `design_effect` is how much more doubts vary from ballot to ballot than if positions were; positions
    are worth `worth` independent ones. `ballots` with a wrong position, of all with positions.
    """

    ballots: Score
    design_effect: float
    worth: int
    upper95: float


class Repeated(msgspec.Struct, frozen=True):
    """Papers scanned twice: `differs` of those sure both times, `flipped` of the boxes decided both times."""

    papers: int
    both_sure: int
    differs: int
    differs_upper95: float
    boxes: int
    flipped: int
    flipped_upper95: float


class Accuracy(msgspec.Struct, frozen=True):
    """What `valgskanner bench accuracy --json` prints."""

    election: str
    wear: int | str
    seed: int
    ballots: Score
    without_cause: Score  # ballots that need no person; `doubtful` are those sent to one all the same
    positions: Score
    categories: dict[str, Score]  # by true category
    kinds: dict[str, Score]  # positions by how the mark was made
    deck: str = ""
    version: str = ""
    claim: Claim | None = None
    positions_by: dict[str, dict[str, Score]] = {}
    ballots_by: dict[str, dict[str, Score]] = {}
    without_cause_by: dict[str, dict[str, Score]] = {}
    reasons: dict[str, dict[str, int]] = {}  # of doubt without cause, by wear
    repeats: dict[str, Repeated] = {}
    misled: int = 0  # doubtful ballots, no reason of which tells where to look
    misled_by: dict[str, int] = {}  # by odd kind of ballot, else by deck
    crashed: int = 0


def _table() -> defaultdict[str, defaultdict[str, Seen]]:
    return defaultdict(lambda: defaultdict(Counter))


@dataclass(slots=True)
class Tally:
    """Everything counted, as answers come; its size does not grow with their number."""

    ballots: Seen = field(default_factory=Counter)
    clear: Seen = field(default_factory=Counter)
    positions: Seen = field(default_factory=Counter)
    of_positions: defaultdict[str, defaultdict[str, Seen]] = field(default_factory=_table)
    of_ballots: defaultdict[str, defaultdict[str, Seen]] = field(default_factory=_table)
    of_clear: defaultdict[str, defaultdict[str, Seen]] = field(default_factory=_table)
    reasons: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    piles: Counter[Pile] = field(default_factory=Counter)
    chances: Counter[tuple[int, bool]] = field(default_factory=Counter)
    spread: Spread = field(default_factory=Spread)
    wrong_ballots: Seen = field(default_factory=Counter)
    repeats: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    misled: Counter[str] = field(default_factory=Counter)
    crashed: int = 0

    def add(self, one: Answer) -> None:
        """Count one ballot."""
        self.piles[one.case.pile] += 1
        self.misled.update([one.kind or one.case.pile.deck.value] if one.misled else [])
        self.crashed += one.crashed
        self._ballot(one)
        self._positions(one)
        for pair in one.again:
            told = {"papers": 1, "both_sure": pair.both_sure, "differs": pair.differs}
            self.repeats[pair.scan].update(told, boxes=pair.boxes, flipped=pair.flipped)
        for seen in one.chances:
            self.chances[seen.bin, True] += seen.marked
            self.chances[seen.bin, False] += seen.n - seen.marked

    def _ballot(self, one: Answer) -> None:
        self.ballots[one.said] += 1
        for name, value in _ballot_sorts(one):
            self.of_ballots[name][value][one.said] += 1
        if one.needs_person or one.crashed:
            return
        self.clear[one.said] += 1
        for name, value in _clear_sorts(one):
            self.of_clear[name][value][one.said] += 1
        if one.said is Agreement.DOUBTFUL:
            self.reasons[f"{one.case.pile.wear}"].update(reason.value for reason in one.reasons)

    def _positions(self, one: Answer) -> None:
        here: Seen = Counter()
        pile = one.case.pile
        where = (("election", pile.election), ("wear", f"{pile.wear}"), ("deck", pile.deck.value))
        for said, n, sorts in _position_sorts(one):
            here[said] += n
            for name, value in sorts:
                self.of_positions[name][value][said] += n
        for name, value in where:
            self.of_positions[name][value].update(here)
        self.positions.update(here)
        settled = here[Agreement.RIGHT] + here[Agreement.DOUBTFUL] + here[Agreement.WRONG_BUT_SURE]
        if settled:
            self.spread.add(here[Agreement.DOUBTFUL], settled)
            wrong = here[Agreement.WRONG_BUT_SURE] > 0
            self.wrong_ballots[Agreement.WRONG_BUT_SURE if wrong else Agreement.RIGHT] += 1


Sorts = tuple[tuple[str, str], ...]  # breakdown, its value


def _ballot_sorts(one: Answer) -> Sorts:
    pile = one.case.pile
    writes = "handwriting" if one.handwriting else "no handwriting"
    stamp = (("stamp", one.stamp),) if one.stamp else ()
    kind = (("kind", one.kind),) if one.kind else ()
    pen = (("pen", one.pen), ("strength", one.strength)) if one.pen else ()
    return (
        ("category", one.category.value),
        ("election", pile.election),
        ("wear", f"{pile.wear}"),
        ("deck", pile.deck.value),
        ("handwriting", writes),
        ("needs_person", "yes" if one.needs_person else "no"),
        *stamp,
        *kind,
        *pen,
    )


def _clear_sorts(one: Answer) -> Sorts:
    writes = "handwriting" if one.handwriting else "no handwriting"
    wear = f"{one.case.pile.wear}"
    pen = (("pen", one.pen), ("strength", one.strength)) if one.pen else ()
    kind = (("kind", one.kind),) if one.kind else ()
    return (
        ("election", one.case.pile.election),
        ("deck", one.case.pile.deck.value),
        ("wear", wear),
        ("handwriting", writes),
        ("wear, handwriting", f"{wear}, {writes}"),
        *pen,
        *kind,
    )


def _position_sorts(one: Answer) -> Iterator[tuple[Agreement, int, Sorts]]:
    for right in one.right:
        yield Agreement.RIGHT, right.n, _sorts(right.field, right.how, right.pen, right.strength)
    for other in one.other:
        yield other.said, 1, _sorts_of(other)


def _sorts_of(one: Position) -> Sorts:
    return _sorts(one.field, one.how, one.pen, one.strength)


def _sorts(place: str, how: str, pen: str, strength: str) -> Sorts:
    if not pen:
        return (("field", place), ("kind", how), ("shape", how))
    shape = how.removesuffix(f"_{pen}")
    return (("field", place), ("kind", how), ("shape", shape), ("pen", pen), ("strength", strength))


def tally(answers: Iterable[Answer]) -> Tally:
    """Everything counted of all answers."""
    counted = Tally()
    for one in answers:
        counted.add(one)
    return counted


def score(seen: Seen) -> Score:
    """A score from counted agreements."""
    disputed = seen[Agreement.LEFT_OPEN] + seen[Agreement.DECIDED_DISPUTED]
    n, wrong = seen.total() - disputed, seen[Agreement.WRONG_BUT_SURE]
    return Score(
        n=n,
        wrong_but_sure=wrong,
        doubtful=seen[Agreement.DOUBTFUL],
        upper95=round(upper(wrong, n), 8),
        disputed=disputed,
        decided_disputed=seen[Agreement.DECIDED_DISPUTED],
    )


def accuracy(counted: Tally, seed: int, version: str) -> Accuracy:
    """The scores of everything counted."""
    by_position, by_ballot = _scores(counted.of_positions), _scores(counted.of_ballots)
    wears = sorted({one.wear for one in counted.piles})
    return Accuracy(
        election=",".join(sorted({one.election for one in counted.piles})),
        wear=wears[0] if len(wears) == 1 else ",".join(map(str, wears)),
        seed=seed,
        ballots=score(counted.ballots),
        without_cause=score(counted.clear),
        positions=score(counted.positions),
        categories=by_ballot.pop("category", {}),
        kinds=by_position.pop("kind", {}),
        deck=",".join(sorted({one.deck.value for one in counted.piles})),
        version=version,
        claim=claim(counted),
        positions_by=by_position,
        ballots_by=by_ballot,
        without_cause_by=_scores(counted.of_clear),
        reasons={wear: dict(seen.most_common()) for wear, seen in sorted(counted.reasons.items())},
        repeats={name: _repeated(one) for name, one in sorted(counted.repeats.items())},
        misled=counted.misled.total(),
        misled_by=dict(counted.misled.most_common()),
        crashed=counted.crashed,
    )


def _repeated(seen: Counter[str]) -> Repeated:
    differs, flipped = upper(seen["differs"], seen["both_sure"]), upper(seen["flipped"], seen["boxes"])
    return Repeated(
        papers=seen["papers"],
        both_sure=seen["both_sure"],
        differs=seen["differs"],
        differs_upper95=round(differs, 8),
        boxes=seen["boxes"],
        flipped=seen["flipped"],
        flipped_upper95=round(flipped, 8),
    )


def claim(counted: Tally) -> Claim:
    """What the positions prove, and what their ballots do."""
    positions, effect = score(counted.positions), counted.spread.design_effect
    worth = int(positions.n / effect)
    wrong = min(worth, round(positions.wrong_but_sure / effect + 0.5)) if positions.wrong_but_sure else 0
    return Claim(score(counted.wrong_ballots), round(effect, 2), worth, round(upper(wrong, worth), 8))


def _scores(table: defaultdict[str, defaultdict[str, Seen]]) -> dict[str, dict[str, Score]]:
    return {name: {value: score(rows[value]) for value in sorted(rows)} for name, rows in table.items()}
