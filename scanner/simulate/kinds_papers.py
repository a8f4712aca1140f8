"""Kinds of paper that is no ballot of this election, or not all of one: § 10-3 (1) b and d, (3)."""

from dataclasses import replace
from functools import partial

from scanner.ballot import FieldKind, Reason, StyleKind
from scanner.election import Candidate, Election, ElectionType, PartyList, ReferendumOption
from scanner.layout.style import Style
from scanner.simulate import mishaps
from scanner.simulate.acts import mark_in
from scanner.simulate.intention import Act
from scanner.simulate.kinds_votes import LISTED, party_style
from scanner.simulate.kinds_words import ANYWHERE
from scanner.simulate.recipe import Desk, Kind, Recipe, doubt, press_of

NOT_OURS = frozenset(
    {
        Reason.UNKNOWN_BALLOT,
        Reason.IDENTITY_CONFLICT,
        Reason.IDENTITY_WEAK,
        Reason.NOT_A_BALLOT,
        Reason.PRINTED_TEXT_DIFFERS,
    }
)
COVERED = frozenset({Reason.NOT_A_BALLOT, Reason.BAD_REGISTRATION, Reason.DAMAGED_PAPER})
DIFFERS = frozenset({Reason.PRINTED_TEXT_DIFFERS})


def common_style(desk: Desk) -> Style:
    """The ballot of some list, or the one ballot of a referendum."""
    styles = desk.deck.press.styles
    return styles[0] if desk.election.type is ElectionType.FOLKEAVSTEMNING else party_style(desk)


def common_acts(desk: Desk, style: Style) -> tuple[Act, ...]:
    """Mostly one clear mark: paper that is wrong must not be read for its marks either."""
    kinds = FieldKind.PERSONAL_VOTE, FieldKind.STRIKE, FieldKind.OPTION, FieldKind.PARTY_TICK
    boxes = [field for kind in kinds for field in style.of(kind)]
    return (mark_in(desk.pick(boxes)),) if boxes and desk.rng.random() < 0.6 else ()


# other elections


def _moved(number: str, at: int, by: int) -> str:
    """A ballot number in which one digit is another."""
    return f"{number[:at]}{(int(number[at]) + by) % 10}{number[at + 1 :]}"


def _other_people(election: Election) -> tuple[PartyList, ...]:
    """The same parties with other candidates: each first name with the last name of the next but one."""
    return tuple(replace(one, candidates=_mixed(one.candidates)) for one in election.lists)


def _mixed(names: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    n = len(names)
    return tuple(
        replace(who, name=f"{who.name.split()[0]} {names[(i + 2) % n].name.split()[-1]}")
        for i, who in enumerate(names)
    )


def elsewhere(election: Election) -> Election:
    """The same kind of election in another district: other area, numbers and names, the same parties."""
    lists = tuple(
        replace(one, ballot_number=_moved(one.ballot_number, 6, 3)) for one in _other_people(election)
    )
    return replace(
        election,
        area=f"Nedre {election.area}",
        lists=lists,
        blank_number=_moved(election.blank_number, 6, 3),
        tick_off_number=_moved(election.tick_off_number, 6, 3),
        question=election.question.replace("?", ", eller ikke?"),
    )


def years_ago(election: Election) -> Election:
    """The election four years before: other year and candidates, mostly the same parties."""
    then = election.year - 4
    lists = tuple(
        replace(one, ballot_number=f"{then}{one.ballot_number[4:]}") for one in _other_people(election)
    )
    return replace(
        election,
        year=then,
        name=election.name.replace(str(election.year), str(then)),
        lists=lists,
        blank_number=f"{then}{election.blank_number[4:]}",
        tick_off_number=f"{then}{election.tick_off_number[4:]}",
    )


_SISTER = {
    ElectionType.KOMMUNESTYRE: (ElectionType.FYLKESTING, "Fylkestingsvalget"),
    ElectionType.FYLKESTING: (ElectionType.KOMMUNESTYRE, "Kommunestyrevalget"),
    ElectionType.STORTING: (ElectionType.SAMETING, "Sametingsvalget"),
    ElectionType.SAMETING: (ElectionType.STORTING, "Stortingsvalget"),
}


def same_day(election: Election) -> Election:
    """The other election held on the same day, whose ballots fall into the wrong urn."""
    if election.type not in _SISTER:
        options = (ReferendumOption("for", "For"), ReferendumOption("mot", "Mot"))
        number = _moved(election.tick_off_number, 8, 5)
        return replace(election, question="Bør det bygges bru?", options=options, tick_off_number=number)
    kind, name = _SISTER[election.type]
    writes = 5 if kind is ElectionType.KOMMUNESTYRE else 0
    moved = replace(elsewhere(election), type=kind, name=f"{name} {election.year}", max_write_ins=writes)
    return replace(moved, area=election.area)


def _of(desk: Desk, other: Election) -> Recipe:
    press = press_of(other, colour=desk.deck.press.colour)
    styles = [one for one in press.styles if one.kind in {StyleKind.PARTY, StyleKind.REFERENDUM}]
    style = desk.pick(styles)
    return Recipe(style, common_acts(desk, style), NOT_OURS, right=doubt(), press=press)


def _elsewhere(desk: Desk) -> Recipe:
    return _of(desk, elsewhere(desk.election))


def _years_ago(desk: Desk) -> Recipe:
    return _of(desk, years_ago(desk.election))


def _same_day(desk: Desk) -> Recipe:
    return _of(desk, same_day(desk.election))


# forms that are not quite ours


LETTERS = 3  # in which another name differs at least


def one_name_differs(election: Election, code: str, number: int, name: str) -> Election:
    """The election with one candidate called otherwise."""
    lists = tuple(
        replace(
            one,
            candidates=tuple(
                replace(who, name=name) if who.number == number and one.code == code else who
                for who in one.candidates
            ),
        )
        for one in election.lists
    )
    return replace(election, lists=lists)


def _one_name(desk: Desk) -> Recipe:
    """Another person in one place, or another last name."""
    election = desk.election
    party = desk.pick(election.lists[:3])
    who = desk.pick(party.candidates)
    others = [one.name for one in party.candidates if one.name != who.name]
    stranger = desk.pick(others)
    name = f"{desk.pick(others).split()[0]} {stranger.split()[-1]}"
    if desk.rng.random() < 0.4:
        name = f"{who.name.rsplit(' ', 1)[0]} {stranger.split()[-1]}"
    if sum(a != b for a, b in zip(name, who.name, strict=False)) < LETTERS:
        name = f"{election.area.split()[0]} {name}"  # where all are called nearly the same
    press = press_of(one_name_differs(election, party.code, who.number, name), colour=desk.deck.press.colour)
    style = press.style(party.code)
    return Recipe(style, common_acts(desk, style), DIFFERS, right=doubt(party.code), press=press)


def _one_missing(desk: Desk) -> Recipe:
    """The last candidate is not on this form: printed before the list was final."""
    election = desk.election
    party = desk.pick([one for one in election.lists[:3] if len(one.candidates) > 1])
    shorter = replace(party, candidates=party.candidates[:-1])
    lists = tuple(shorter if one.code == party.code else one for one in election.lists)
    press = press_of(replace(election, lists=lists), colour=desk.deck.press.colour)
    style = press.style(party.code)
    return Recipe(style, common_acts(desk, style), DIFFERS, right=doubt(party.code), press=press)


def _number_and_name(desk: Desk) -> Recipe:
    """The number of one list under the names of another: a misprint, or a forgery."""
    a, b = desk.election.lists[:2]
    swapped = (replace(a, ballot_number=b.ballot_number), replace(b, ballot_number=a.ballot_number))
    mixed = replace(desk.election, lists=(*swapped, *desk.election.lists[2:]))
    press = press_of(mixed, colour=desk.deck.press.colour)
    style = press.style(desk.pick(swapped).code)
    return Recipe(style, common_acts(desk, style), NOT_OURS, right=doubt(), press=press)


def _photocopy(desk: Desk) -> Recipe:
    style = common_style(desk)
    scale = desk.pick([0.9, 0.96, 0.98, 1.0, 1.02, 1.04])
    copied = partial(mishaps.copied, scale=scale)
    return Recipe(style, common_acts(desk, style), right=doubt(style.list), paper=copied)


def _form(desk: Desk) -> Recipe:
    reasons = frozenset({Reason.NOT_A_BALLOT})
    return Recipe(common_style(desk), (), reasons, right=doubt(), paper=mishaps.foreign_form)


# more paper than one ballot


def _corner_over(desk: Desk) -> Recipe:
    """Another ballot sticks to this one and hides a corner or a side of it."""
    style = common_style(desk)
    other = desk.pick(desk.deck.press.styles)
    over = partial(mishaps.other_over, other=other, depth=(0.12, 0.6))
    seen = {Reason.STRAY_INK, Reason.STAMP_OUTSIDE, Reason.STAMP_ABSENT, Reason.STAMP_WEAK}
    reasons = COVERED | NOT_OURS | seen
    return Recipe(style, common_acts(desk, style), reasons, right=doubt(style.list), paper=over)


def _braille(desk: Desk) -> Recipe:
    """The ballot with all parties, pressed for blind voters (Moss 2013)."""
    style = next(one for one in desk.deck.press.styles if one.kind is StyleKind.TICK_OFF)
    tick = mark_in(desk.pick(style.of(FieldKind.PARTY_TICK)))
    return Recipe(style, (tick,), needs_person=True, paper=mishaps.embossed)


PAPERS = (
    Kind("other_district", "A ballot of another district, with the same parties.", ANYWHERE, _elsewhere),
    Kind("other_year", "A ballot left over from the last election.", LISTED, _years_ago),
    Kind("other_election", "A ballot of the other election held that day.", ANYWHERE, _same_day),
    Kind("one_name_differs", "A ballot on which one name is not that of the list.", LISTED, _one_name),
    Kind("one_name_missing", "A ballot without the last name of the list.", LISTED, _one_missing),
    Kind("number_of_other_list", "The number of one list under another's names.", LISTED, _number_and_name),
    Kind("photocopy", "A ballot out of a copying machine.", ANYWHERE, _photocopy),
    Kind("foreign_form", "A letter or a form among the ballots.", ANYWHERE, _form),
    Kind("two_stuck_together", "A corner of another ballot hides part of this one.", ANYWHERE, _corner_over),
    Kind("braille", "The ballot with all parties, with braille pressed into it.", LISTED, _braille),
)
