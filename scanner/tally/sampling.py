"""Sample control (stikkprøve): paper drawn by lot is read by people and compared with the record.

A draw is its recipe: purpose, seed, frame and size. Anybody who has the recipe draws the same
ballots again. Whoever reads the paper does not see what the machine made of it; a comparison is
shown only for boxes that are read to the end.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scanner.ballot import Amendment, AmendmentKind, Category, Decision, Rejection
from scanner.election import Election
from scanner.errors import UsageError
from scanner.tally.risk import MISSING, Contest, p_value, plurality, proportional, sampling
from scanner.tally.sampler import checked_seed, distinct, numbers
from scanner.tally.tally import Tally

METHOD = "SHA-256 of SEED,i (Rivest 2011)"


class Purpose(StrEnum):
    """Why a sample is drawn."""

    CONTROL = "control"  # stikkprøve: some boxes, at least 70 ballots of each
    RISK = "risk"  # risk-limiting audit: ballots of all boxes, with replacement


@dataclass(frozen=True, slots=True)
class FrameBox:
    """A box that can be drawn, and how many sheets it holds."""

    box: str
    sheets: int


@dataclass(frozen=True, slots=True)
class Draw:
    """A sample as it is put on record.

    `boxes`: boxes drawn (control). `ballots`: of each box (control), or draws in all (risk).
    """

    purpose: Purpose
    seed: str
    frame: tuple[FrameBox, ...]  # in the order of their names
    boxes: int
    ballots: int
    risk: float | None = None  # the limit, 0..1
    method: str = METHOD


@dataclass(frozen=True, slots=True)
class Pick:
    """A ballot drawn: where the paper lies, and how often it was drawn (more than once only for risk)."""

    box: str
    number: int  # in the box, 1.. from the top as fed
    times: int = 1

    @property
    def sheet(self) -> str:
        """Id of the sheet."""
        return f"{self.box}/{self.number:04d}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a ballot is, said by people who hold the paper or decided for the machine."""

    category: Category
    list: str | None = None
    amendments: tuple[Amendment, ...] = ()
    rejected: Rejection | None = None
    missing: bool = False  # the paper is not where it should be


@dataclass(frozen=True, slots=True)
class Entry:
    """What named people read on one ballot of a draw."""

    draw: int  # 1.. in the order drawn
    sheet: str
    people: tuple[str, ...]
    seen: Seen


class Differs(StrEnum):
    """How paper and record differ."""

    PILE = "pile"  # list, blank, rejected: the ballot lies in another pile
    CHANGES = "changes"  # the same pile, other changes by the voter
    MISSING = "missing"  # no such paper


@dataclass(frozen=True, slots=True)
class Difference:
    """A ballot that people and machine take differently."""

    sheet: str
    how: Differs
    paper: str
    machine: str


class Follows(StrEnum):
    """What is to be done, by a rule stated before the draw."""

    NOTHING = "nothing"  # no ballot differs
    RECOUNT_BOX = "recount_box"  # one box differs: it is counted again, at another station by others
    RECOUNT_ALL = "recount_all"  # several boxes differ, or paper is missing: everything is counted again


@dataclass(frozen=True, slots=True)
class BoxControl:
    """A box of the sample. Differences are shown only once all its ballots are read (`done`)."""

    box: str
    drawn: int
    read: int
    undecided: int  # drawn ballots that the count itself has not decided yet
    piles: tuple[tuple[str, int, int], ...] = ()  # pile, on paper, by the machine
    differences: tuple[Difference, ...] = ()

    @property
    def done(self) -> bool:
        """True if people have read every ballot drawn and each is decided."""
        return self.read == self.drawn and not self.undecided


@dataclass(frozen=True, slots=True)
class Result:
    """What a sample shows. `p_value` and `limit` only for a risk-limiting audit that is read to the end."""

    number: int
    draw: Draw
    boxes: tuple[BoxControl, ...]
    follows: Follows | None  # None: not read to the end
    p_value: float | None = None
    confirmed: bool | None = None


def frame(sheets: Mapping[str, int]) -> tuple[FrameBox, ...]:
    """The boxes that hold paper, in the order of their names. UsageError if there is none."""
    found = tuple(FrameBox(box, count) for box, count in sorted(sheets.items()) if count)
    if not found:
        raise UsageError("There is nothing to draw from: no box holds a sheet.")
    return found


def control(seed: str, boxes: tuple[FrameBox, ...], wanted: int, ballots: int) -> Draw:
    """A stikkprøve of `wanted` boxes. UsageError for a bad seed or fewer ballots than the guide asks for."""
    least = sampling().ballots_a_box
    if ballots < least:
        raise UsageError(f"A control sample takes at least {least} ballots of each box.")
    return Draw(Purpose.CONTROL, checked_seed(seed), boxes, min(wanted, len(boxes)), ballots)


def audit(seed: str, boxes: tuple[FrameBox, ...], ballots: int, risk: float) -> Draw:
    """A risk-limiting audit of `ballots` draws."""
    return Draw(Purpose.RISK, checked_seed(seed), boxes, len(boxes), ballots, risk)


def picks(draw: Draw) -> tuple[Pick, ...]:
    """The ballots drawn, box by box and in the order of the stack: the list to fetch them by.

    Control: box i is the i-th different number of `SEED:boxes`, its ballots those of `SEED:BOX`.
    Risk: number n of `SEED` is the n-th sheet of all boxes laid one after another.
    """
    found = _of_boxes(draw) if draw.purpose is Purpose.CONTROL else _of_all(draw)
    return tuple(sorted(found, key=lambda one: (one.box, one.number)))


def _of_boxes(draw: Draw) -> Iterator[Pick]:
    for place in distinct(f"{draw.seed}:boxes", len(draw.frame), draw.boxes):
        one = draw.frame[place - 1]
        for number in distinct(f"{draw.seed}:{one.box}", one.sheets, draw.ballots):
            yield Pick(one.box, number)


def _of_all(draw: Draw) -> Iterator[Pick]:
    lot = numbers(draw.seed, sum(one.sheets for one in draw.frame))
    times = Counter(next(lot) for _ in range(draw.ballots))
    before = 0
    for one in draw.frame:
        for number in range(1, one.sheets + 1):
            if times[before + number]:
                yield Pick(one.box, number, times[before + number])
        before += one.sheets


def entered(draw: int, entries: Iterable[Entry]) -> dict[str, Seen]:
    """What people read, by sheet; of several entries the last counts, and all stay on record."""
    return {one.sheet: one.seen for one in entries if one.draw == draw}


def result(
    number: int,
    draw: Draw,
    entries: Iterable[Entry],
    decisions: Mapping[str, Decision | None],
    contest: Contest | None = None,
) -> Result:
    """Paper against record, box by box, and what follows. `contest` is needed for a risk-limiting audit."""
    chosen, seen = picks(draw), entered(number, entries)
    boxes = tuple(_box(name, own, seen, decisions) for name, own in _by_box(chosen).items())
    if not all(one.done for one in boxes):
        return Result(number, draw, boxes, None)
    if draw.purpose is Purpose.CONTROL or contest is None:
        return Result(number, draw, boxes, _follows(boxes))
    value = p_value(contest, _looked_at(chosen, seen, decisions))
    confirmed = value <= (draw.risk or 0)
    return Result(
        number, draw, boxes, Follows.NOTHING if confirmed else Follows.RECOUNT_ALL, value, confirmed
    )


def _by_box(chosen: Iterable[Pick]) -> dict[str, list[Pick]]:
    found: dict[str, list[Pick]] = {}
    for one in chosen:
        found.setdefault(one.box, []).append(one)
    return found


def _box(
    name: str, own: list[Pick], seen: Mapping[str, Seen], decisions: Mapping[str, Decision | None]
) -> BoxControl:
    read = sum(one.sheet in seen for one in own)
    undecided = sum(decisions.get(one.sheet) is None for one in own)
    if read < len(own) or undecided:
        return BoxControl(name, len(own), read, undecided)
    pairs = [(one.sheet, seen[one.sheet], of_decision(decisions[one.sheet])) for one in own]
    paper, machine = Counter(pile(one[1]) for one in pairs), Counter(pile(one[2]) for one in pairs)
    piles = tuple((one, paper[one], machine[one]) for one in sorted({*paper, *machine}))
    found = (_difference(*one) for one in pairs)
    return BoxControl(name, len(own), read, 0, piles, tuple(one for one in found if one))


def of_decision(decision: Decision | None) -> Seen:
    """What the count takes a ballot for."""
    if decision is None:
        return Seen(Category.TVILSOM)
    return Seen(decision.category, decision.list, decision.amendments, decision.rejected)


def pile(one: Seen) -> str:
    """Where the paper lies after counting: a list, an option, blank, or a ground of rejection."""
    if one.missing:
        return MISSING
    if one.rejected is not None:
        return f"rejected {one.rejected.value}"
    return choice(one) or Category.BLANK.value


def choice(one: Seen) -> str | None:
    """What the ballot adds a vote to: the ticked list, the option, its own list; None for none."""
    if one.missing:
        return MISSING
    if one.rejected is not None or one.category in {Category.BLANK, Category.TVILSOM}:
        return None
    said = (who.option or who.list for who in one.amendments if who.kind in _CHOICES)
    return next((word for word in said if word), one.list)


_CHOICES = {AmendmentKind.OPTION, AmendmentKind.PARTY_TICK}


def changes(one: Seen) -> frozenset[tuple[str, ...]]:
    """The changes that count, without how a name is spelt or on which line it stands."""
    return frozenset(
        (who.kind.value, str(who.candidate), str(who.rank), who.person or "")
        for who in one.amendments
        if who.kind not in _CHOICES
    )


def _difference(sheet: str, paper: Seen, machine: Seen) -> Difference | None:
    if paper.missing:
        return Difference(sheet, Differs.MISSING, MISSING, pile(machine))
    if pile(paper) != pile(machine):
        return Difference(sheet, Differs.PILE, pile(paper), pile(machine))
    if changes(paper) != changes(machine):
        return Difference(sheet, Differs.CHANGES, _told(paper), _told(machine))
    return None


def _told(one: Seen) -> str:
    words = (" ".join(word for word in who if word not in {"", "None"}) for who in sorted(changes(one)))
    return "; ".join(words) or Category.URETTET.value


def _follows(boxes: tuple[BoxControl, ...]) -> Follows:
    """Stated beforehand: one box with a difference is counted again; two, or paper gone, and all are."""
    differing = [one for one in boxes if one.differences]
    gone = any(one.how is Differs.MISSING for box in boxes for one in box.differences)
    if gone or len(differing) > 1:
        return Follows.RECOUNT_ALL
    return Follows.RECOUNT_BOX if differing else Follows.NOTHING


def _looked_at(
    chosen: Iterable[Pick], seen: Mapping[str, Seen], decisions: Mapping[str, Decision | None]
) -> Iterator[tuple[str | None, str | None]]:
    for one in chosen:
        for _ in range(one.times):
            yield choice(of_decision(decisions[one.sheet])), choice(seen[one.sheet])


def contest(tally: Tally, election: Election) -> Contest:
    """What the ballots counted so far decide: seats by lists, or which option has most votes."""
    codes = [one.code for one in election.lists] or [one.code for one in election.options]
    votes = dict.fromkeys(codes, 0)
    for vote, count in tally.votes.items():
        votes[vote.list] += count
    for answer, count in tally.answers.items():
        votes[answer.option] += count
    if election.options:
        return plurality(votes, tally.fed)
    return proportional(votes, max(election.seats, 1), tally.fed)
