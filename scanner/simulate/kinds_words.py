"""Kinds of ballots that were written on: names of other lists, parties, comments (§ 7-2 (3), § 10-3)."""

from scanner.ballot import Amendment, AmendmentKind, Category, Face, FieldKind, Reason, Rect, StampState
from scanner.election import Candidate, ElectionType
from scanner.layout.style import Style
from scanner.simulate.acts import around_name, free_place, name_of, party_struck, written_in
from scanner.simulate.intention import Act, ActKind
from scanner.simulate.kinds_votes import AT_NAME, LISTED, party_style, some, votes
from scanner.simulate.recipe import Desk, Kind, Pages, Recipe, Scene, doubt
from scanner.simulate.stamps import impress
from scanner.simulate.truth import Answer

WRITTEN = frozenset({ElectionType.KOMMUNESTYRE})
ANYWHERE = frozenset(ElectionType)
_NAME = frozenset({Reason.WRITE_IN, Reason.MARK_DOUBTFUL})
_LOOSE = AT_NAME | {Reason.STRAY_INK}
_COMMENTS = ("MER SYKKELVEI!", "TAKK", "NEI", "FERGE NÅ!", "JA!", "INGEN ER BRA NOK", "SE BAKSIDEN")


def _others(desk: Desk, style: Style) -> list[tuple[str, Candidate]]:
    """Everyone on the other lists, with the list's code."""
    lists = (one for one in desk.election.lists if one.code != style.list)
    return [(one.code, who) for one in lists for who in one.candidates]


def _strangers(desk: Desk, style: Style, count: int) -> list[tuple[str, Candidate]]:
    """So many different people of other lists."""
    every = _others(desk, style)
    chosen = desk.rng.choice(len(every), size=min(count, len(every)), replace=False)
    return [every[int(n)] for n in chosen]


def _written(desk: Desk, style: Style, people: list[tuple[str, Candidate]]) -> list[Act]:
    """Their names on the first lines of the table, mostly with the list beside them."""
    lines = style.of(FieldKind.WRITE_IN)
    beside = desk.rng.random() < 0.8
    return [
        written_in(style, line, who.name, f"{code}/{who.number}", code if beside else "")
        for line, (code, who) in zip(lines, people, strict=False)
    ]


def _names(desk: Desk) -> Recipe:
    style = party_style(desk)
    count = min(desk.election.max_write_ins, 1 + int(desk.rng.integers(3)))
    return Recipe(style, tuple(_written(desk, style, _strangers(desk, style, count))), _NAME)


def _too_many(desk: Desk) -> Recipe:
    """One to three names more than count; where the table ends, as many as it has lines."""
    style = party_style(desk)
    count = desk.election.max_write_ins + 1 + int(desk.rng.integers(3))
    acts = _written(desk, style, _strangers(desk, style, count))
    return Recipe(style, tuple(acts), _NAME | {Reason.WRITE_IN_TOO_MANY})


def _own(desk: Desk, style: Style) -> Candidate:
    return desk.pick(desk.election.list_of(style.list or "").candidates)


def _own_list(desk: Desk) -> Recipe:
    style = party_style(desk)
    line, who = style.of(FieldKind.WRITE_IN)[0], _own(desk, style)
    act = written_in(style, line, who.name, None, style.list or "")
    return Recipe(style, (act,), _NAME | {Reason.WRITE_IN_OWN_LIST})


def _own_list_ticked(desk: Desk) -> Recipe:
    """Ticked and written is one vote."""
    style = party_style(desk)
    line, who = style.of(FieldKind.WRITE_IN)[0], _own(desk, style)
    acts = (*votes(style, [who.number - 1]), written_in(style, line, who.name, None, style.list or ""))
    vote = Amendment(AmendmentKind.PERSONAL_VOTE, candidate=who.number)
    return Recipe(style, acts, _NAME, right=Answer(Category.RETTET, style.list, (vote,)), needs_person=True)


def _twice(desk: Desk) -> Recipe:
    style = party_style(desk)
    one = _strangers(desk, style, 1)
    return Recipe(style, tuple(_written(desk, style, one + one)), _NAME)


def _unknown(desk: Desk) -> Recipe:
    """Nobody who stands anywhere: the first name of one candidate and the last of another."""
    style = party_style(desk)
    names = {who.name for one in desk.election.lists for who in one.candidates}
    (code, first), (_, last) = _strangers(desk, style, 2)
    mixed = f"{first.name.split()[0]} {last.name.split()[-1]}"
    name = mixed if mixed not in names else f"{mixed.split(maxsplit=1)[0]} IKKEOPPSTILT"
    act = written_in(style, style.of(FieldKind.WRITE_IN)[0], name, None, code)
    return Recipe(style, (act,), _NAME | {Reason.WRITE_IN_UNKNOWN})


def _descender(desk: Desk) -> Recipe:
    """The tail of a j or g of the last name reaches into the next line, which stays empty."""
    style = party_style(desk)
    lines = style.of(FieldKind.WRITE_IN)
    count = min(desk.election.max_write_ins, len(lines) - 1, 1 + int(desk.rng.integers(2)))
    acts = _written(desk, style, _strangers(desk, style, count))
    line = lines[count - 1].rect
    left, reach = line.x + float(desk.rng.uniform(4, 45)), float(desk.rng.uniform(2.5, 6.5))
    tail = Act(ActKind.TAIL, lines[0].face, Rect(left, line.y + 0.7 * line.h, 3.0, reach))
    return Recipe(style, (*acts, tail), _NAME)


def _outside_field(desk: Desk) -> Recipe:
    """A name of another list where there is room for it: below the table, behind a name, on the back."""
    style = party_style(desk)
    ((code, who),) = _strangers(desk, style, 1)
    text = f"{who.name} {code}" if desk.rng.random() < 0.5 else who.name
    size = Rect(0, 0, 4.0 * len(text), 7.0)
    faces = desk.pick([(Face.INSIDE, Face.OUTSIDE), (Face.INSIDE, Face.OUTSIDE), (Face.OUTSIDE, Face.INSIDE)])
    tries = (free_place(style, ActKind.COMMENT, size, desk.rng, text=text, face=face) for face in faces)
    act = next((one for one in tries if one is not None), None) or _behind_name(desk, style, text)
    reasons = _LOOSE | {Reason.WRITE_IN}
    return Recipe(style, (act,), reasons, right=doubt(style.list))


def _behind_name(desk: Desk, style: Style, text: str) -> Act:
    name = name_of(style, int(desk.rng.integers(len(style.of(FieldKind.CANDIDATE_LINE)))))
    return Act(ActKind.COMMENT, Face.INSIDE, Rect(name.x + 0.7 * name.w, name.y, 55.0, name.h), text=text)


# the party's name


def _struck(desk: Desk) -> Recipe:
    style = party_style(desk)
    return Recipe(style, (party_struck(style),), frozenset({Reason.PARTY_STRUCK_OUT}))


def _replaced(desk: Desk) -> Recipe:
    """The party struck out, and another written beside, under or over it."""
    style = party_style(desk)
    other = desk.pick([one for one in desk.election.lists if one.code != style.list])
    head = style.of(FieldKind.HEADING)[0].rect
    where = desk.pick(
        [
            Rect(head.x + head.w + 2, head.y, 60, 8),
            Rect(head.x, head.y + head.h, 60, 6),
            Rect(head.x, max(0.5, head.y - 5), 60, 6),
        ]
    )
    named = Act(ActKind.PARTY_NAMED, Face.INSIDE, where, text=other.party)
    return Recipe(style, (party_struck(style), named), frozenset({Reason.PARTY_STRUCK_OUT}))


# what means nothing


def _any_style(desk: Desk) -> Style:
    styles = desk.deck.press.styles
    return styles[0] if desk.election.type is ElectionType.FOLKEAVSTEMNING else party_style(desk)


def _comment(desk: Desk) -> Recipe:
    style, text = _any_style(desk), str(desk.pick(_COMMENTS))
    face = Face.INSIDE if desk.rng.random() < 0.7 else Face.OUTSIDE
    size = Rect(0, 0, 5.0 * len(text), 8.0)
    tries = (
        free_place(style, ActKind.COMMENT, size, desk.rng, text=text, face=one)
        for one in (face, Face.OUTSIDE)
    )
    acts = [one for one in tries if one is not None][:1]
    return Recipe(style, tuple(acts), _LOOSE, needs_person=True)


def _drawing(desk: Desk) -> Recipe:
    style = _any_style(desk)
    faces = (Face.INSIDE, Face.OUTSIDE)
    tries = (free_place(style, ActKind.DRAWING, Rect(0, 0, 14, 14), desk.rng, face=one) for one in faces)
    acts = [one for one in tries if one is not None][:1]
    return Recipe(style, tuple(acts), _LOOSE, needs_person=True)


def _about_a_name(desk: Desk) -> Recipe:
    """Underlined, ringed, braced or ticked behind."""
    style = party_style(desk)
    return Recipe(style, (around_name(style, desk.rng),), _LOOSE, needs_person=True)


def _slips(desk: Desk) -> Recipe:
    style = _any_style(desk)
    acts = [free_place(style, ActKind.SLIP, Rect(0, 0, 1, 1), desk.rng) for _ in some(desk, 3, 3)]
    return Recipe(style, tuple(one for one in acts if one is not None))


def _stamp_inside(desk: Desk) -> Recipe:
    """The stamp on the names: a stamp all the same, but not where the law and the machine look for it."""
    style = _any_style(desk)
    stamp = desk.stamp(style)

    def press_down(pages: Pages, scene: Scene) -> Pages:
        weights = scene.worn.scanner.weights
        impress(pages[0], stamp, scene.k, scene.rng, origin_mm=scene.origins_mm[0], weights=weights)
        return pages

    reasons = frozenset({Reason.STAMP_ABSENT, Reason.STAMP_OUTSIDE})
    unstamped = None, StampState.ABSENT
    return Recipe(style, (), reasons, right=doubt(style.list), stamp=unstamped, paper=press_down)


WORDS = (
    Kind("write_in_valid", "Names of other lists in the table, no more than count.", WRITTEN, _names),
    Kind("write_in_over_maximum", "More names than count; only the first ones do.", WRITTEN, _too_many),
    Kind("write_in_own_list", "A name of the ballot's own list written in the table.", WRITTEN, _own_list),
    Kind("write_in_ticked_too", "A name of the own list, ticked and written.", WRITTEN, _own_list_ticked),
    Kind("write_in_twice", "The same name written on two lines.", WRITTEN, _twice),
    Kind("write_in_unknown", "A name that stands on no list.", WRITTEN, _unknown),
    Kind(
        "write_in_descender", "The tail of a j or g reaches into the next, empty line.", WRITTEN, _descender
    ),
    Kind("write_in_outside_field", "A name of another list outside the table.", WRITTEN, _outside_field),
    Kind("party_struck_out", "The party's name struck out.", LISTED, _struck),
    Kind("party_replaced", "The party struck out and another written.", LISTED, _replaced),
    Kind("comment", "A few words to whom it may concern.", ANYWHERE, _comment),
    Kind("drawing", "A drawing where there was room.", ANYWHERE, _drawing),
    Kind("name_dressed_up", "A name underlined, ringed, braced or ticked behind.", LISTED, _about_a_name),
    Kind("slip_of_the_pen", "Dots and hair lines that mean nothing.", ANYWHERE, _slips),
    Kind("stamp_on_inside", "The stamp on the wrong face of the ballot.", ANYWHERE, _stamp_inside),
)
