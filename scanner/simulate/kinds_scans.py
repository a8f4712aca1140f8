"""Kinds of good ballots that came to harm: turned, torn, stained, folded, badly fed, photographed.

What can still be read may be read; what cannot must go to a person. Registration is where readers
fail first, so each of these is a gate that must hold.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scanner.ballot import FieldKind, Reason
from scanner.simulate import mishaps, scan_faults
from scanner.simulate.deck import inked
from scanner.simulate.kinds_papers import COVERED, NOT_OURS, common_acts, common_style
from scanner.simulate.kinds_votes import LISTED
from scanner.simulate.kinds_words import ANYWHERE
from scanner.simulate.recipe import Change, Desk, Kind, Pages, Recipe, Scene, doubt
from scanner.simulate.scan import scanned
from scanner.simulate.wear import Fold, Wear

_BADLY_LAID = COVERED | {Reason.POOR_IMAGE, Reason.PRINTED_TEXT_DIFFERS}


def _clear(desk: Desk, **how: Callable[..., object]) -> Recipe:
    """A ballot that is right to read, with at most one mark."""
    style = common_style(desk)
    return Recipe(style, common_acts(desk, style), needs_person=False, **how)  # type: ignore[arg-type]


def _broken(desk: Desk, scan: Change, reasons: frozenset[Reason] = COVERED) -> Recipe:
    """A ballot of which no sure reading is right."""
    style = common_style(desk)
    return Recipe(style, common_acts(desk, style), reasons, right=doubt(style.list), scan=scan)


# lying otherwise


def _upside_down(desk: Desk) -> Recipe:
    return _clear(desk, fate=lambda worn: replace(worn, turned=True, outside_first=False))


def _inside_out(desk: Desk) -> Recipe:
    return _clear(desk, fate=lambda worn: replace(worn, turned=False, outside_first=True))


def _both_wrong(desk: Desk) -> Recipe:
    return _clear(desk, fate=lambda worn: replace(worn, turned=True, outside_first=True))


def _sideways(desk: Desk) -> Recipe:
    return _clear(desk, scan=scan_faults.sideways)


def _askew(desk: Desk) -> Recipe:
    """3 to 8 degrees: more than a feeder lets pass."""
    skew = float(desk.rng.uniform(3, 8) * desk.rng.choice([-1, 1]))
    return _clear(desk, fate=lambda worn: replace(worn, skew_deg=skew))


# harmed paper


def _torn(desk: Desk) -> Recipe:
    return _clear(desk, paper=mishaps.torn_corner)


def _stained(desk: Desk) -> Recipe:
    return _clear(desk, paper=mishaps.stain)


def _taped(desk: Desk) -> Recipe:
    return _clear(desk, paper=mishaps.tape)


def _crumpled(desk: Desk) -> Recipe:
    def fate(worn: Wear) -> Wear:
        return replace(worn, folds=(*worn.folds, *(_crease(desk, worn) for _ in range(8))))

    return _clear(desk, fate=fate)


def _crease(desk: Desk, worn: Wear) -> Fold:
    """Some fold, anywhere, at any angle."""
    at = desk.rng.uniform((20, 20), (270, 200))
    depth = float(desk.rng.uniform(0.05, 0.35)) * (0.4 + 0.3 * worn.scanner.level)
    return _fold(at, float(desk.rng.uniform(-90, 90)), depth, desk)


def _fold(at: np.ndarray[tuple[int], np.dtype[np.float64]], angle: float, depth: float, desk: Desk) -> Fold:
    wide, bevel = float(desk.rng.uniform(0.25, 0.9)), depth * float(desk.rng.uniform(0, 0.5))
    return Fold((float(at[0]), float(at[1])), angle, depth, bevel, wide, printed=False)


def _folded_boxes(desk: Desk) -> Recipe:
    """A fold right through a column or a row of boxes (Windham, New Hampshire 2020)."""
    style = common_style(desk)
    kinds = FieldKind.PERSONAL_VOTE, FieldKind.RENUMBER, FieldKind.OPTION
    box = desk.pick([one for kind in kinds for one in style.of(kind)]).rect
    at = np.array(box.centre) + desk.rng.uniform(-1.5, 1.5, 2)
    along = float(desk.rng.choice([0.0, 90.0]) + desk.rng.normal(0, 0.6))
    depth = float(desk.rng.uniform(0.1, 0.2)) * (1 + desk.deck.level)
    fold = _fold(at, along, min(depth, 0.5), desk)
    return Recipe(
        style,
        common_acts(desk, style),
        needs_person=False,
        fate=lambda worn: replace(worn, folds=(*worn.folds, fold)),
    )


# badly fed or badly pictured


def _shifted(desk: Desk) -> Recipe:
    """Stretched by the feeder: up to 2.5 mm from where a straight fit puts it."""
    rng = desk.rng
    wave = float(rng.uniform(0.8, 2.5)), float(rng.uniform(220, 500)), float(rng.uniform(0, 2 * np.pi))
    return _clear(desk, fate=lambda worn: replace(worn, waves=(*worn.waves, wave)))


def _slipped(desk: Desk) -> Recipe:
    return _clear(desk, scan=scan_faults.slipped)


def _scaled(desk: Desk) -> Recipe:
    return _clear(desk, scan=scan_faults.scaled)


def _half(desk: Desk) -> Recipe:
    return _broken(desk, scan_faults.half, COVERED | {Reason.UNKNOWN_BALLOT, Reason.IDENTITY_WEAK})


def _photo(desk: Desk) -> Recipe:
    return _broken(desk, scan_faults.photographed, _BADLY_LAID)


def _mirrored(desk: Desk) -> Recipe:
    return _broken(desk, scan_faults.mirrored)


def _overlaid(desk: Desk) -> Recipe:
    """Two different ballots in one picture."""
    style = common_style(desk)
    other = desk.pick([one for one in desk.deck.press.styles if one.id != style.id])

    def over(pages: Pages, scene: Scene) -> Pages:
        moved = replace(scene.worn, skew_deg=scene.worn.skew_deg + float(scene.rng.normal(0, 0.3)))
        bare = replace(scene.meant, style=other.id, acts=(), stamp=None)
        beneath, _ = inked(scene.press, other, bare, moved, scene.rng)
        return scan_faults.overlaid(pages, scanned(beneath, moved), scene)

    reasons = _BADLY_LAID | NOT_OURS | {Reason.STRAY_INK, Reason.WRITING_ON_BLANK}
    acts = common_acts(desk, style)
    return Recipe(style, acts, reasons, right=doubt(style.list), scan=over)


def _inside_twice(desk: Desk) -> Recipe:
    return _broken(desk, scan_faults.inside_twice, frozenset({Reason.SAME_FACE_TWICE}))


def _outside_twice(desk: Desk) -> Recipe:
    return _broken(desk, scan_faults.outside_twice, frozenset({Reason.SAME_FACE_TWICE}))


SCANS = (
    Kind("upside_down", "Fed upside down.", ANYWHERE, _upside_down),
    Kind("inside_out", "Fed with the outside up.", ANYWHERE, _inside_out),
    Kind("upside_down_inside_out", "Fed upside down with the outside up.", ANYWHERE, _both_wrong),
    Kind("sideways", "Fed short edge first.", ANYWHERE, _sideways),
    Kind("askew", "Fed 3 to 8 degrees askew.", ANYWHERE, _askew),
    Kind("torn_corner", "A corner torn off.", ANYWHERE, _torn),
    Kind("stained", "Coffee was spilt on it.", ANYWHERE, _stained),
    Kind("taped", "Torn across and mended with tape.", ANYWHERE, _taped),
    Kind("crumpled", "Crumpled and smoothed out again.", ANYWHERE, _crumpled),
    Kind("fold_through_boxes", "Folded right through a row or column of boxes.", ANYWHERE, _folded_boxes),
    Kind("local_shift", "Stretched by the feeder by up to 2.5 mm.", ANYWHERE, _shifted),
    Kind("feeder_slip", "The feeder slipped: a strip is missing, or there twice.", ANYWHERE, _slipped),
    Kind("scaled", 'Scanned 3 % too large or too small ("fit to page").', ANYWHERE, _scaled),
    Kind("half_a_page", "Only a part of the page is in the picture.", ANYWHERE, _half),
    Kind("photo", "Photographed instead of scanned.", ANYWHERE, _photo),
    Kind("mirrored", "The picture is mirrored.", ANYWHERE, _mirrored),
    Kind("two_overlaid", "Two different ballots in one picture.", LISTED, _overlaid),
    Kind("double_feed_insides", "Two sheets at once; two insides were seen.", ANYWHERE, _inside_twice),
    Kind("double_feed_outsides", "Two sheets at once; two outsides were seen.", ANYWHERE, _outside_twice),
)
