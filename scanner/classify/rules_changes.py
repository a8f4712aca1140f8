"""§ 7-2: which changes a voter can make to a list, and which of those on the ballot hold.

(1) Storting, and the Sameting likewise: a new number at a name, a strike of a name.
(2) Fylkesting and kommunestyre: a personal vote, "et merke ved kandidatens navn".
(3) Kommunestyre: names of candidates of other lists. "Andre endringer på stemmeseddelen teller
ikke med ved kandidatkåringen": ink in a field that means nothing in this election is no change, and
doubt about it is no doubt.
"""

from collections import Counter

from scanner.ballot import Amendment, AmendmentKind, FieldKind, Mark, MarkState, Reading, Reason
from scanner.classify.rules_finding import Finding, belief, leans, marks, meant, states, together
from scanner.classify.rules_write_in import write_ins
from scanner.election import Election, ElectionType, PartyList


def changes(reading: Reading, election: Election, own: PartyList) -> Finding:
    """The voter's changes to the list `own`, as the election's type allows them."""
    match election.type:
        case ElectionType.STORTING | ElectionType.SAMETING:
            return _new_order(reading, own)
        case ElectionType.FYLKESTING:
            return _personal_votes(reading)
        case ElectionType.KOMMUNESTYRE:
            votes = _personal_votes(reading)
            return together((votes, write_ins(reading, election, own, votes.sure)))
        case ElectionType.FOLKEAVSTEMNING:
            return Finding()


# (2) personal votes


def _personal_votes(reading: Reading) -> Finding:
    boxes = states(reading, FieldKind.PERSONAL_VOTE)
    inside = (meant(one, _vote(one)) for one in marks(reading, FieldKind.PERSONAL_VOTE))
    beside = (_beside_name(one, boxes) for one in marks(reading, FieldKind.CANDIDATE_LINE))
    return together((*inside, *beside))


def _vote(mark: Mark) -> Amendment:
    return Amendment(AmendmentKind.PERSONAL_VOTE, candidate=mark.field.candidate)


def _beside_name(mark: Mark, boxes: dict[int, MarkState]) -> Finding:
    """Ink at the name: nothing more to gain if the box is marked, else perhaps a "merke ved navnet"."""
    if boxes.get(mark.field.candidate or 0) is MarkState.MARKED:
        return Finding()
    if mark.state is not MarkState.MARKED:
        return meant(mark, _vote(mark))
    return Finding(likely=(_vote(mark),), reasons=(Reason.MARK_OUTSIDE_BOX,), confidence=belief(mark))


# (1) new numbers and strikes


def _new_order(reading: Reading, own: PartyList) -> Finding:
    """Numbers and strikes together, after what they cannot be together."""
    torn, twice = _both_ways(reading), _claimed_twice(reading)
    clash = Finding(reasons=_clashes(reading, twice))
    found = together((_numbers(reading, len(own.candidates)), _strikes(reading), clash))
    undecided = torn | twice | _line_and_number(reading)
    sure = tuple(one for one in found.sure if one.candidate not in undecided)
    likely = tuple(
        one for one in found.likely if one.kind is AmendmentKind.STRIKE or one.candidate not in torn | twice
    )
    return Finding(_moving(sure), _moving(likely), found.reasons, found.confidence)


def _clashes(reading: Reading, twice: set[int]) -> tuple[Reason, ...]:
    marked = (_in_state(reading, kind, {MarkState.MARKED}) for kind in (FieldKind.RENUMBER, FieldKind.STRIKE))
    torn = set.intersection(*marked)
    return (Reason.RENUMBER_AND_STRIKE,) * bool(torn) + (Reason.RENUMBER_DUPLICATE,) * bool(twice)


def _numbers(reading: Reading, names: int) -> Finding:
    return together(_number(one, reading, names) for one in marks(reading, FieldKind.RENUMBER))


def _number(mark: Mark, reading: Reading, names: int) -> Finding:
    """One number box: marked and read, 1 to the number of names on the list."""
    rank = _rank(reading, mark.field.candidate)
    if mark.state is MarkState.UNMARKED:
        # A number read where the readers saw no ink: they contradict each other.
        read = any(number == mark.field.candidate for number, _ in reading.ranks)
        return Finding(reasons=(Reason.MARK_DOUBTFUL,) * read, confidence=belief(mark))
    if rank is None:
        unread = Reason.RENUMBER_UNREAD if mark.state is MarkState.MARKED else Reason.MARK_DOUBTFUL
        return Finding(likely=_guessed(mark, reading, names), reasons=(unread,), confidence=belief(mark))
    if not 1 <= rank <= names:
        return Finding(reasons=(Reason.RENUMBER_OUT_OF_RANGE,), confidence=belief(mark))
    return meant(mark, Amendment(AmendmentKind.RENUMBER, candidate=mark.field.candidate, rank=rank))


def _guessed(mark: Mark, reading: Reading, names: int) -> tuple[Amendment, ...]:
    """What the unread number most likely says, if that could be a number of this list."""
    name = mark.field.candidate
    guesses = {rank for number, rank in reading.guessed_ranks if number == name and 1 <= rank <= names}
    return tuple(Amendment(AmendmentKind.RENUMBER, candidate=name, rank=one) for one in sorted(guesses)[:1])


def _rank(reading: Reading, candidate: int | None) -> int | None:
    """The number read at a name, None if none was read or two different ones were."""
    read = {rank for number, rank in reading.ranks if number == candidate}
    return read.pop() if len(read) == 1 else None


def _strikes(reading: Reading) -> Finding:
    boxes, numbers = states(reading, FieldKind.STRIKE), states(reading, FieldKind.RENUMBER)
    inside = (meant(one, _strike(one)) for one in marks(reading, FieldKind.STRIKE))
    through = (_through_name(one, boxes, numbers) for one in marks(reading, FieldKind.CANDIDATE_LINE))
    return together((*inside, *through))


def _strike(mark: Mark) -> Amendment:
    return Amendment(AmendmentKind.STRIKE, candidate=mark.field.candidate)


def _through_name(mark: Mark, boxes: dict[int, MarkState], numbers: dict[int, MarkState]) -> Finding:
    """A line through the name strikes it (§ 7-2 (1), 2003), but ink at a name need not be a line.

    Beside a marked number box it is more likely the number's own tail.
    """
    name = mark.field.candidate or 0
    if boxes.get(name) is MarkState.MARKED:
        return Finding()
    if mark.state is MarkState.UNMARKED:
        return Finding(confidence=belief(mark))
    numbered = numbers.get(name) is MarkState.MARKED
    likely = (_strike(mark),) if leans(mark) and not numbered else ()
    reason = Reason.MARK_OUTSIDE_BOX if mark.state is MarkState.MARKED else Reason.MARK_DOUBTFUL
    return Finding(likely=likely, reasons=(reason,), confidence=belief(mark))


def _in_state(reading: Reading, kind: FieldKind, wanted: set[MarkState]) -> set[int]:
    return {name for name, state in states(reading, kind).items() if state in wanted}


def _touched(reading: Reading, kind: FieldKind) -> set[int]:
    return _in_state(reading, kind, {MarkState.MARKED, MarkState.DOUBTFUL})


def _both_ways(reading: Reading) -> set[int]:
    """Names that are numbered and struck, or may be: the two contradict each other."""
    return _touched(reading, FieldKind.RENUMBER) & _touched(reading, FieldKind.STRIKE)


def _line_and_number(reading: Reading) -> set[int]:
    """Numbered names with ink across them, which may be struck after all."""
    return _touched(reading, FieldKind.RENUMBER) & _touched(reading, FieldKind.CANDIDATE_LINE)


def _claimed_twice(reading: Reading) -> set[int]:
    """Names that share a new number with another name."""
    ranks = {name: _rank(reading, name) for name in _touched(reading, FieldKind.RENUMBER)}
    claims = Counter(rank for rank in ranks.values() if rank is not None)
    return {name for name, rank in ranks.items() if rank is not None and claims[rank] > 1}


def _moving(made: tuple[Amendment, ...]) -> tuple[Amendment, ...]:
    """Nothing, if every name was only given the number it has.

    Our reading of § 7-2 (1) "endre rekkefølgen": a name that keeps its printed number is no change by
    itself. Beside another change it is kept, for it pins the name to its place while others move.
    """
    still = all(one.kind is AmendmentKind.RENUMBER and one.rank == one.candidate for one in made)
    return () if still else made
