"""What is true of a simulated ballot: the law's answer to what its voter did."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations

from scanner.ballot import (
    Amendment,
    AmendmentKind,
    Category,
    Face,
    Field,
    FieldKind,
    MarkState,
    Reason,
    Rect,
    StampState,
    StyleKind,
)
from scanner.election import Election, ElectionType
from scanner.layout.style import Style
from scanner.simulate.intention import Act, ActKind, Intention


@dataclass(frozen=True, slots=True)
class Meant:
    """One printed place with ink meant for it. Every field not named so is unmarked.

    `state` is doubtful where people, too, would have to settle what the ink means.
    """

    field: Field
    state: MarkState
    how: str  # "cross_ballpoint_blue"
    pen: str = ""  # "ballpoint_blue"
    strength: str = ""  # minimal, light, normal, bold
    rank: int | None = None  # the number written, of a RENUMBER box
    person: str | None = None  # "LIST/NR" of the name written; None: in no list, or no name


@dataclass(frozen=True, slots=True)
class Answer:
    """What a ballot counts as: the part of a verdict that can be right or wrong."""

    category: Category
    list: str | None = None
    amendments: tuple[Amendment, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """The right answer for one sheet.

    `category` is tvilsom only if a human board would have to decide too; `needs_person` also when
    the law is clear but a machine ought to show the ballot: handwriting, drawings, a weak stamp.
    `kinds` names every generator used on this sheet. `also` are other sure answers that are right, and
    if the ballot goes to a person one of `reasons` must be among those given (empty: any will do).
    """

    index: int
    style: str
    list: str | None
    category: Category
    amendments: tuple[Amendment, ...]
    stamp: StampState
    kinds: tuple[str, ...]
    marks: tuple[Meant, ...]
    wear: int
    handwriting: bool
    needs_person: bool
    turned: bool = False
    outside_first: bool = False
    kind: str = ""  # name in `simulate.kinds`, empty for a ballot of a common pile
    also: tuple[Answer, ...] = ()
    reasons: tuple[Reason, ...] = ()
    beside: tuple[tuple[Face, Rect], ...] = ()  # mm, where ink may lie that no field there was meant to get


# the acts whose meaning a board must settle, and those that mean nothing
_DOUBTFUL = {
    ActKind.CORRECTION,
    ActKind.BESIDE,
    ActKind.RING,
    ActKind.BRACE,
    ActKind.PARTY_STRUCK,
    ActKind.PARTY_NAMED,
}
_WRITTEN = {ActKind.NUMBER, ActKind.WRITE_IN, ActKind.COMMENT, ActKind.PARTY_STRUCK, ActKind.PARTY_NAMED}
_SHOWN = {*_WRITTEN, *_DOUBTFUL, ActKind.LINE, ActKind.UNDERLINE, ActKind.DRAWING} - {ActKind.NUMBER}


def judged(
    election: Election,
    style: Style,
    meant: Intention,
    *,
    index: int = 0,
    wear: int = 0,
    more_kinds: tuple[str, ...] = (),
    stamp_required: bool = True,
) -> Truth:
    """The law's answer to an intention (§ 7-2, § 10-3)."""
    amendments = tuple(_amendments(election, meant.acts))
    ticked = [one.list for one in amendments if one.kind is AmendmentKind.PARTY_TICK]
    doubtful = _doubtful(election, style, meant.acts, amendments)
    unstamped = stamp_required and meant.stamp_state is StampState.ABSENT
    category = Category.TVILSOM if doubtful or unstamped else _category(style, amendments)
    kinds = {act.kind for act in meant.acts}
    stamp_seen = not stamp_required or meant.stamp_state is StampState.PRESENT
    return Truth(
        index=index,
        style=style.id,
        list=ticked[0] if len(ticked) == 1 else style.list,
        category=category,
        amendments=amendments,
        stamp=meant.stamp_state,
        kinds=(*sorted({_named(meant, act) for act in meant.acts}), *_stamp_kinds(meant), *more_kinds),
        marks=tuple(one for act in meant.acts if act.field is not None for one in _meant(meant, act, style)),
        wear=wear,
        handwriting=bool(kinds & _WRITTEN),
        needs_person=category is Category.TVILSOM or bool(kinds & _SHOWN) or not stamp_seen,
        also=() if unstamped else _either_way(election, style, meant.acts),
        beside=tuple(_beside(meant)),
    )


def _either_way(election: Election, style: Style, acts: tuple[Act, ...]) -> tuple[Answer, ...]:
    """What the ballot counts as if each disputed mark is taken for a mark, or for none."""
    open_ = [one for one in acts if one.disputed]
    if not open_:
        return ()
    every = chain.from_iterable(combinations(open_, n) for n in range(len(open_) + 1))
    dropped = ({id(one) for one in some} for some in every)
    settled = [tuple(replace(one, disputed=False) for one in acts if id(one) not in out) for out in dropped]
    return tuple(one for some in settled if (one := _answer(election, style, some)) is not None)


def _answer(election: Election, style: Style, acts: tuple[Act, ...]) -> Answer | None:
    """What these acts count as; None if a board must decide."""
    amendments = tuple(_amendments(election, acts))
    if _doubtful(election, style, acts, amendments):
        return None
    ticked = [one.list for one in amendments if one.kind is AmendmentKind.PARTY_TICK]
    return Answer(_category(style, amendments), ticked[0] if ticked else style.list, amendments)


_LOOSE_MM = 2.5  # rings, braces and tilted words reach so far beyond where they were aimed at
_SLIP_MM = 4.0  # the longest hair line of a pen that slipped


def _beside(meant: Intention) -> Iterator[tuple[Face, Rect]]:
    """Where ink may lie in fields it was not meant for: gestures at names, words, lines, the stamp."""
    for act in meant.acts:
        if act.kind is ActKind.SLIP:
            yield act.face, act.aim.grown(_SLIP_MM)
        elif act.field is None:
            yield act.face, act.aim.grown(_LOOSE_MM)
        elif act.kind in {ActKind.LINE, ActKind.PARTY_STRUCK}:
            x, y, w, h = act.aim.x, act.aim.y, act.aim.w, act.aim.h
            yield act.face, Rect(x - 1.5, y + 0.1 * h, w + 3, 0.8 * h)  # beyond its ends, never other lines
    if meant.stamp is not None:
        x, y = meant.stamp.at
        reach = max(meant.stamp.die.size_mm) / 2 + 1
        yield Face.OUTSIDE, Rect(x - reach, y - reach, 2 * reach, 2 * reach)


def _stamp_kinds(meant: Intention) -> tuple[str, ...]:
    """The names of the stamp's generators: `stamp_round_black`, and `stamp_doubled` if it was."""
    if meant.stamp is None:
        return ()
    doubled = ("stamp_doubled",) if meant.stamp.doubled_mm is not None else ()
    return (f"stamp_{meant.stamp.die.shape}_{meant.stamp.die.colour}", *doubled)


def _category(style: Style, amendments: tuple[Amendment, ...]) -> Category:
    """Rettet: at least one valid change. A ballot that names no list is blank unless one is ticked."""
    match style.kind:
        case StyleKind.PARTY:
            return Category.RETTET if amendments else Category.URETTET
        case StyleKind.BLANK | StyleKind.TICK_OFF | StyleKind.REFERENDUM:
            return Category.URETTET if amendments else Category.BLANK


def _doubtful(
    election: Election, style: Style, acts: tuple[Act, ...], amendments: tuple[Amendment, ...]
) -> bool:
    """Whether a board would have to decide: also on a written name of the own list or of none (Voss 2007)."""
    nobody = any(act.kind is ActKind.WRITE_IN and act.person is None for act in acts)
    if nobody or {act.kind for act in acts} & _DOUBTFUL or any(act.disputed for act in acts):
        return True
    kinds = Counter(one.kind for one in amendments)
    if kinds[AmendmentKind.PARTY_TICK] > 1 or kinds[AmendmentKind.OPTION] > 1:
        return True
    ranks = [one.rank for one in amendments if one.kind is AmendmentKind.RENUMBER]
    renumbered = {one.candidate for one in amendments if one.kind is AmendmentKind.RENUMBER}
    struck = {one.candidate for one in amendments if one.kind is AmendmentKind.STRIKE}
    names = 0 if style.list is None else len(election.list_of(style.list).candidates)
    beyond = any(rank is None or not 1 <= rank <= names for rank in ranks)
    return beyond or len(set(ranks)) < len(ranks) or bool(renumbered & struck)


def _amendments(election: Election, acts: tuple[Act, ...]) -> list[Amendment]:
    """The changes that count in this election, in the order of the kinds and candidates.

    Of the names written only the first `max_write_ins` count, and nobody twice. A name given the
    number it has is no change by itself (our reading of "endre rekkefølgen").
    """
    ranked = election.type in {ElectionType.STORTING, ElectionType.SAMETING}
    found = [one for act in acts if (one := _change(act, ranked=ranked)) is not None]
    written = [one for one in found if one.kind is AmendmentKind.WRITE_IN][: election.max_write_ins]
    counted = {one.person: one for one in reversed(written)}.values()
    others = {one for one in found if one.kind is not AmendmentKind.WRITE_IN}
    if all(one.kind is AmendmentKind.RENUMBER and one.rank == one.candidate for one in others):
        others = set()
    order = list(AmendmentKind)
    plain = sorted(others, key=lambda a: (order.index(a.kind), a.candidate or 0, a.list or a.option or ""))
    return [*plain, *sorted(counted, key=lambda a: a.line or 0)]


def _change(act: Act, *, ranked: bool) -> Amendment | None:  # noqa: PLR0911
    """What one act changes, or None: other changes are not counted (§ 7-2 (3))."""
    place = None if act.disputed else act.field
    if act.kind is ActKind.LINE and ranked and place is not None:
        return Amendment(AmendmentKind.STRIKE, candidate=place.candidate)
    if act.kind is ActKind.NUMBER and place is not None:
        return Amendment(AmendmentKind.RENUMBER, candidate=place.candidate, rank=act.rank)
    if act.kind is ActKind.WRITE_IN and place is not None and act.person is not None:
        return Amendment(AmendmentKind.WRITE_IN, line=place.line, text=act.text, person=act.person)
    if act.kind is not ActKind.MARK or place is None:
        return None
    match place.kind:
        case FieldKind.PERSONAL_VOTE:
            return Amendment(AmendmentKind.PERSONAL_VOTE, candidate=place.candidate)
        case FieldKind.STRIKE:
            return Amendment(AmendmentKind.STRIKE, candidate=place.candidate)
        case FieldKind.PARTY_TICK:
            return Amendment(AmendmentKind.PARTY_TICK, list=place.list)
        case FieldKind.OPTION:
            return Amendment(AmendmentKind.OPTION, option=place.option)
        case _:
            return None


def _named(meant: Intention, act: Act) -> str:
    """The name of the generator behind one act."""
    match act.kind:
        case ActKind.MARK:
            return f"{meant.voter.shape}_{meant.voter.pen.name}"
        case ActKind.LINE:
            return f"line_{meant.voter.strike}_{meant.voter.pen.name}"
        case _:
            return act.kind.value


def _meant(meant: Intention, act: Act, style: Style) -> Iterator[Meant]:
    """The state of the places an act was meant for: a name may have its party in the column beside it."""
    if act.field is None:
        raise ValueError("This act was not meant for any printed place.")
    state = MarkState.DOUBTFUL if act.kind in _DOUBTFUL or act.disputed else MarkState.MARKED
    pen, strength = meant.voter.pen.name, meant.voter.strength.value
    yield Meant(act.field, state, _named(meant, act), pen, strength, act.rank, act.person)
    for beside in style.of(FieldKind.WRITE_IN_PARTY) if act.kind is ActKind.WRITE_IN and act.party else ():
        if beside.line == act.field.line:
            yield Meant(beside, state, "written_party", pen, strength)
