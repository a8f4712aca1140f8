"""Kinds of ballots that choose without a list: blank in its four variants, tick-off and referendum ballots.

Blank, as the guidance to the møtebok has it: (1) the blank ballot without a party's name, (2) the ballot
with the registered parties without a cross, (3) plain paper without a party's name, (4) plain paper
with words like "blank stemme". A party named on a blank ballot gets the vote if it stands.
"""

import numpy as np

from scanner.ballot import Amendment, AmendmentKind, Category, Face, FieldKind, Reason, Rect, StyleKind
from scanner.election import ElectionType
from scanner.layout.style import Style
from scanner.simulate.acts import mark_in, party_named
from scanner.simulate.intention import Act, ActKind
from scanner.simulate.kinds_votes import IN_BOX, LISTED, some
from scanner.simulate.marking import mark_up
from scanner.simulate.recipe import Desk, Kind, Pages, Recipe, Scene, doubt
from scanner.simulate.truth import Answer

ASKED = frozenset({ElectionType.FOLKEAVSTEMNING})
_WRITTEN_ON = frozenset({Reason.WRITING_ON_BLANK, Reason.STRAY_INK})
NO_FORM = frozenset({Reason.NOT_A_BALLOT})
_BLANKS = ("BLANK", "BLANK STEMME", "BLANKT", "INGEN")
_NOBODY = ("PARTIET SOM IKKE FINNES", "FOLKETS FISKELISTE", "DET NYE LAGET")
_BLANK = Answer(Category.BLANK)


def _style(desk: Desk, kind: StyleKind) -> Style:
    return next(one for one in desk.deck.press.styles if one.kind is kind)


def _preprinted(desk: Desk) -> Recipe:
    return Recipe(_style(desk, StyleKind.BLANK), right=_BLANK)


def _naming(desk: Desk) -> Recipe:
    """Valid for the party if it stands here."""
    style, party = _style(desk, StyleKind.BLANK), desk.pick(desk.election.lists)
    right = Answer(Category.URETTET, party.code)
    also = Answer(Category.URETTET, party.code, (Amendment(AmendmentKind.PARTY_TICK, list=party.code),))
    named = party_named(style, party.party, desk.rng)
    return Recipe(style, (named,), _WRITTEN_ON, right=right, also=(also,), needs_person=True)


def _naming_nobody(desk: Desk) -> Recipe:
    """§ 10-3 (1) d: a party that does not stand is no blank vote either."""
    style = _style(desk, StyleKind.BLANK)
    return Recipe(style, (party_named(style, desk.pick(_NOBODY), desk.rng),), _WRITTEN_ON, right=doubt())


def _saying_blank(desk: Desk) -> Recipe:
    style = _style(desk, StyleKind.BLANK)
    words = party_named(style, desk.pick(_BLANKS), desk.rng)
    return Recipe(style, (words,), _WRITTEN_ON, right=_BLANK, needs_person=True)


def plain(pages: Pages, scene: Scene) -> Pages:
    """Unprinted paper of the same size with the voter's ink and the stamp on it."""
    sheets = np.full_like(pages[0], 255), np.full_like(pages[1], 255)
    weights = scene.worn.scanner.weights
    mark_up(sheets, scene.meant, scene.k, scene.rng, origins_mm=scene.origins_mm, weights=weights)
    return sheets


def _paper(desk: Desk) -> Recipe:
    style = desk.deck.press.styles[0]
    return Recipe(style, (), NO_FORM, right=_BLANK, needs_person=True, paper=plain)


def _on_plain(desk: Desk, words: str, right: Answer) -> Recipe:
    style = desk.deck.press.styles[0]
    aim = Rect(30, 60, float(desk.rng.uniform(40, 90)), 12)
    act = Act(ActKind.PARTY_NAMED, Face.INSIDE, aim, text=words)
    return Recipe(style, (act,), NO_FORM, right=right, needs_person=True, paper=plain)


def _paper_saying_blank(desk: Desk) -> Recipe:
    return _on_plain(desk, desk.pick(_BLANKS), _BLANK)


def _paper_naming(desk: Desk) -> Recipe:
    """Whether a home-made ballot is approved is for the board."""
    return _on_plain(desk, desk.pick(desk.election.lists).party, doubt())


# a tick for a party, or for an answer


def _ticked(desk: Desk, kind: StyleKind, count: int) -> Recipe:
    style = _style(desk, kind)
    field = FieldKind.PARTY_TICK if kind is StyleKind.TICK_OFF else FieldKind.OPTION
    places = style.of(field)
    chosen = desk.rng.choice(len(places), size=min(count, len(places)), replace=False)
    reasons = IN_BOX | {Reason.SEVERAL_TICKED} if count > 1 else frozenset[Reason]()
    return Recipe(style, tuple(mark_in(places[int(n)]) for n in sorted(chosen)), reasons)


def _regretted(desk: Desk, kind: StyleKind) -> Recipe:
    """One tick scribbled over and another made: surely meant for the other, but a person looks."""
    style = _style(desk, kind)
    field = FieldKind.PARTY_TICK if kind is StyleKind.TICK_OFF else FieldKind.OPTION
    wrong, right = desk.rng.choice(len(style.of(field)), size=2, replace=False)
    places = style.of(field)
    acts = mark_in(places[int(wrong)], ActKind.CORRECTION), mark_in(places[int(right)])
    return Recipe(style, acts, IN_BOX | {Reason.SEVERAL_TICKED})


def _no_tick(desk: Desk) -> Recipe:
    return _ticked(desk, StyleKind.TICK_OFF, 0)


def _one_tick(desk: Desk) -> Recipe:
    return _ticked(desk, StyleKind.TICK_OFF, 1)


def _several_ticks(desk: Desk) -> Recipe:
    return _ticked(desk, StyleKind.TICK_OFF, 2 + len(some(desk, 2, 2)) - 1)


def _tick_regretted(desk: Desk) -> Recipe:
    return _regretted(desk, StyleKind.TICK_OFF)


def _local_list(desk: Desk) -> Recipe:
    """A local list written on the line kept for it."""
    style = _style(desk, StyleKind.TICK_OFF)
    places = style.of(FieldKind.WRITE_IN_PARTY) or style.of(FieldKind.WRITE_IN)
    words = Act(
        ActKind.PARTY_NAMED, places[0].face, places[0].rect, text=desk.pick(desk.election.lists).party
    )
    reasons = frozenset({Reason.WRITE_IN, Reason.MARK_DOUBTFUL})
    return Recipe(style, (words,), reasons, right=doubt())


def _no_option(desk: Desk) -> Recipe:
    return _ticked(desk, StyleKind.REFERENDUM, 0)


def _one_option(desk: Desk) -> Recipe:
    return _ticked(desk, StyleKind.REFERENDUM, 1)


def _both_options(desk: Desk) -> Recipe:
    return _ticked(desk, StyleKind.REFERENDUM, 2)


def _option_regretted(desk: Desk) -> Recipe:
    return _regretted(desk, StyleKind.REFERENDUM)


CHOICES = (
    Kind("blank_preprinted", "The blank ballot with nothing on it.", LISTED, _preprinted),
    Kind("blank_naming_party", "The blank ballot with a party's name written on it.", LISTED, _naming),
    Kind(
        "blank_naming_no_list", "The blank ballot with a party that does not stand.", LISTED, _naming_nobody
    ),
    Kind("blank_saying_blank", 'The blank ballot with "blank stemme" written on it.', LISTED, _saying_blank),
    Kind("blank_paper", "Plain paper with nothing on it but the stamp.", LISTED, _paper),
    Kind("blank_paper_saying_blank", 'Plain paper with "blank stemme" on it.', LISTED, _paper_saying_blank),
    Kind("blank_paper_naming_party", "Plain paper with a party's name on it.", LISTED, _paper_naming),
    Kind("tick_none", "The ballot with all parties, and no cross.", LISTED, _no_tick),
    Kind("tick_one", "The ballot with all parties, one of them crossed.", LISTED, _one_tick),
    Kind("tick_several", "The ballot with all parties, several of them crossed.", LISTED, _several_ticks),
    Kind("tick_regretted", "A party's cross scribbled over, another crossed.", LISTED, _tick_regretted),
    Kind("tick_local_list", "A local list written where the parties end.", LISTED, _local_list),
    Kind("option_none", "A referendum ballot without a cross.", ASKED, _no_option),
    Kind("option_one", "A referendum ballot with one answer crossed.", ASKED, _one_option),
    Kind("option_both", "A referendum ballot with both answers crossed.", ASKED, _both_options),
    Kind("option_regretted", "One answer scribbled over, the other crossed.", ASKED, _option_regretted),
)
