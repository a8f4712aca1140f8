"""§ 7-2 (3): candidates of other lists, written by hand on a kommunestyre ballot.

One personal vote to each, at most `max_write_ins` of them, and only the first ones count. A line that
has ink and is not settled by `Reading.write_ins` needs a person, unless enough names stand above it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scanner.ballot import Amendment, AmendmentKind, FieldKind, Mark, MarkState, Reading, Reason
from scanner.classify.rules_finding import Finding, belief, leans, together
from scanner.election import Election, PartyList

FIELDS = {FieldKind.WRITE_IN, FieldKind.WRITE_IN_PARTY}


@dataclass(frozen=True, slots=True)
class Line:
    """One handwritten line: its ink (name and party field together) and the name read there, if any."""

    number: int
    inks: tuple[Mark, ...]
    read: Amendment | None
    guess: Amendment | None = None  # for people

    @property
    def state(self) -> MarkState:
        """Marked if either field is; in doubt if ink and reading contradict each other."""
        seen = {one.state for one in self.inks}
        if MarkState.MARKED in seen:
            return MarkState.MARKED
        return MarkState.DOUBTFUL if self.read or MarkState.DOUBTFUL in seen else MarkState.UNMARKED

    @property
    def belief(self) -> float:
        """Smallest probability of what was seen in its fields."""
        return min((belief(one) for one in self.inks), default=1.0)


def write_ins(reading: Reading, election: Election, own: PartyList, ticked: tuple[Amendment, ...]) -> Finding:
    """The handwritten names that count, in the order of the lines; `ticked` are the sure personal votes."""
    if not election.max_write_ins:
        return Finding()
    lines = tuple(_lines(reading))
    used = [one for one in lines if one.state is not MarkState.UNMARKED]
    votes = {one.candidate for one in ticked}
    first = [_written(one, election, own, votes) for one in used[: election.max_write_ins]]
    crowd = used[election.max_write_ins :]
    confidence = Finding(confidence=min((one.belief for one in lines), default=1.0))
    counted = _one_vote_each(together((*first, confidence)))
    if crowd and len(counted.sure) < election.max_write_ins:
        # Does a name that gives no vote use up a place? The law is silent, a person decides.
        return together((counted, Finding(reasons=(Reason.WRITE_IN_TOO_MANY,))))
    return counted


def _one_vote_each(found: Finding) -> Finding:
    """The same person written twice is one vote, on the first line."""
    return replace(found, sure=_first_of_each(found.sure), likely=_first_of_each(found.likely))


def _first_of_each(made: tuple[Amendment, ...]) -> tuple[Amendment, ...]:
    first: dict[str | int | None, Amendment] = {}
    for one in made:
        first.setdefault(one.person or one.line, one)
    return tuple(first.values())


def _lines(reading: Reading) -> Iterator[Line]:
    inks = [one for one in reading.marks if one.field.kind in FIELDS]
    read = {one.line: one for one in reading.write_ins}
    guess = {one.line: one for one in reading.guesses if one.kind is AmendmentKind.WRITE_IN}
    numbers = {one.field.line or 0 for one in inks} | {number or 0 for number in read}
    for number in sorted(numbers):
        mine = tuple(one for one in inks if (one.field.line or 0) == number)
        yield Line(number, mine, read.get(number), guess.get(number))


def _written(line: Line, election: Election, own: PartyList, ticked: set[int | None]) -> Finding:
    """One used line: settled, or a reason why not."""
    name = line.read or line.guess or Amendment(AmendmentKind.WRITE_IN, line=line.number)
    if line.state is MarkState.DOUBTFUL:
        likely = (name,) if line.read or any(leans(one) for one in line.inks) else ()
        return Finding(likely=likely, reasons=(Reason.MARK_DOUBTFUL,))
    if line.read is None:
        return Finding(likely=(name,), reasons=(Reason.WRITE_IN,))
    return _named(line.read, election, own, ticked)


def _named(name: Amendment, election: Election, own: PartyList, ticked: set[int | None]) -> Finding:
    code, _, number = (name.person or "").rpartition("/")
    standing = {(one.code, str(each.number)) for one in election.lists for each in one.candidates}
    if (code, number) not in standing:
        return Finding(reasons=(Reason.WRITE_IN_UNKNOWN,))
    if code == own.code:
        # Ticked and written is one vote. Written alone: rejected in Odda, accepted in Voss (2007).
        return Finding() if int(number) in ticked else Finding(reasons=(Reason.WRITE_IN_OWN_LIST,))
    return Finding((name,), (name,))
