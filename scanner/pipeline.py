"""The whole way of one ballot, on one page: from the bytes of a sheet to the verdict of the law.

decode → quality → upright → identify → register → marks, stamp, stray ink → rules.judge

A ballot that cannot be read is a verdict too: tvilsom, with the reason. What breaks here breaks
the machine, not the ballot.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from scanner.ballot import Face, FieldKind, Identity, PageImage, Reading, Reason, Sheet, StyleKind, Verdict
from scanner.capture.decode import DecodedPage, decode
from scanner.capture.view import view
from scanner.classify import pictures as pictures_of
from scanner.classify.atlas import PER_MM, KnownFace, KnownStyle
from scanner.classify.face import FaceReading, read_face
from scanner.classify.identify import identify
from scanner.classify.number_ink import InkedPage
from scanner.classify.on_canvas import upright_on_canvas
from scanner.classify.pictures import Album, Show
from scanner.classify.printed_names import other_names
from scanner.classify.quality import quality
from scanner.classify.register import align
from scanner.classify.registered import Misfit, Registered
from scanner.classify.renumbered import renumbered
from scanner.classify.rules import judge
from scanner.classify.second_sheet import per_mm, second_sheet, too_large
from scanner.classify.stamp import beyond_stamp
from scanner.classify.stamp_both import find_stamp
from scanner.classify.upright import Affine, Upright, upright
from scanner.classify.woven import faint_ink
from scanner.classify.written_lines import on_blank, written_in
from scanner.config import version
from scanner.election import Election, VoteCategory
from scanner.errors import ImageError
from scanner.heading import read_heading
from scanner.layout.style import BOXES
from scanner.opening import Atlas
from scanner.pixels import INCH_MM, Gray

NOBODY = Identity(ballot_number=None, heading=None, list=None, style=None, kind=None, agree=False)
SIDES = 2  # a sheet has two; more are counted but not opened: memory stays bounded
COMMON_DPI = (100, 150, 200, 240, 300, 400, 600)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sheet, what was seen on it, and what the law makes of that."""

    sheet: str
    reading: Reading
    verdict: Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One image on its way: decoded, found, or in trouble."""

    gray: Gray | None
    found: Upright | None
    trouble: tuple[Reason, ...]


class Clock:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self._ms: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Add the time spent inside to `stage`."""
        start = perf_counter()
        yield
        self._ms[stage] = self._ms.get(stage, 0.0) + 1000 * (perf_counter() - start)

    def stages(self) -> tuple[tuple[str, float], ...]:
        """The stages in the order they were first entered."""
        return tuple(self._ms.items())


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """What goes along with one sheet: what is known, the clock, and who wants pictures."""

    atlas: Atlas
    clock: Clock
    show: Show | None


def read(sheet: Sheet, atlas: Atlas, category: VoteCategory, show: Show | None = None) -> Outcome:
    """Everything the machine can say of one sheet. Never raises for what a sheet may hold.

    `show` gets a picture of each stage; without it none is drawn.
    """
    album = Album(show) if show else None
    work = Work(atlas, Clock(), album)
    sides = tuple(_side(one, work) for one in sheet.images[:SIDES])
    for number, side in enumerate(sides, 1):
        if album and side.gray is not None:
            album(f"{number}-found", pictures_of.found(side.gray, side.found))
    reading = _reading(sheet, sides, work)
    with work.clock("judge"):
        verdict = judge(reading, atlas.election, category)
    if album:
        album.judged(verdict, reading.stamp)
    return Outcome(sheet.id, replace(reading, ms=work.clock.stages()), verdict)


def crashed(sheet: Sheet, election: Election, category: VoteCategory) -> Outcome:
    """The outcome of a sheet on which the reading process died."""
    reading = _reading_of(sheet, NOBODY, (Reason.READER_CRASHED,), version())
    return Outcome(sheet.id, reading, judge(reading, election, category))


def _side(image: PageImage, work: Work) -> Side:
    """Go decode → quality → upright, for one image."""
    with work.clock("decode"):
        page = _decoded(image)
    if page is None:
        return Side(None, None, (Reason.UNREADABLE_IMAGE,))
    with work.clock("quality"):
        trouble = quality(page.gray, work.atlas.bounds.quality)
    with work.clock("upright"):
        found = _upright(page, work.atlas)
        if found is None:
            return Side(page.gray, None, (*trouble, Reason.NOT_A_BALLOT))
        two = _two_sheets(page.gray, found, work.atlas)
    return Side(page.gray, found, (*trouble, Reason.TWO_SHEETS) if two else trouble)


def _two_sheets(gray: Gray, found: Upright, atlas: Atlas) -> bool:
    """True if more paper is in the picture than the ballot found: the other would go uncounted."""
    bounds = atlas.bounds.second
    if second_sheet(gray, found, atlas.frames, bounds):
        return True
    long, short = (side / per_mm(found) for side in (max(gray.shape), min(gray.shape)))
    if not too_large((long, short), found, bounds):
        return False  # paper is no larger than its picture
    size_mm = view(gray, per_mm(found) * INCH_MM).size_mm
    return size_mm is not None and too_large(size_mm, found, bounds)


def _decoded(image: PageImage) -> DecodedPage | None:
    try:
        return None if image.problem else decode(image)
    except ImageError:
        return None


def _upright(page: DecodedPage, atlas: Atlas) -> Upright | None:
    """The page found at the resolution it claims, else at the common one that its size suggests."""
    by_size = max(page.gray.shape) / max(atlas.frames[0].page_mm) * INCH_MM
    likely = sorted(
        (one for one in COMMON_DPI if 0.85 < by_size / one < 1.18), key=lambda one: abs(by_size - one)
    )
    tries = [page.dpi] if page.dpi else []
    for dpi in (*tries, *(float(one) for one in likely if one != page.dpi), by_size):
        found = upright(page.gray, dpi, atlas.frames, atlas.bounds.upright)
        if found is not None:
            return found
    for dpi in tries:  # and now anywhere in the picture
        found = upright_on_canvas(page.gray, dpi, atlas.frames, atlas.bounds.upright, atlas.bounds.canvas)
        if found is not None:
            return found
    return None


def _reading(sheet: Sheet, sides: tuple[Side, ...], work: Work) -> Reading:
    """Go identify → register → marks, stamp and stray ink, as far as the sides allow."""
    trouble = [reason for side in sides for reason in side.trouble]
    trouble += [] if len(sheet.images) == SIDES else [Reason.WRONG_NUMBER_OF_SIDES]
    inside, outside = _face(sides, Face.INSIDE), _face(sides, Face.OUTSIDE)
    if sum(side.found is not None for side in sides) == 2 and not (inside and outside):
        trouble.append(Reason.SAME_FACE_TWICE)
    if inside is None:
        return _reading_of(sheet, NOBODY, tuple(trouble), work.atlas.version)
    with work.clock("identify"):
        identity, reasons = identify(
            inside.gray, inside.to_image, work.atlas.known, work.atlas.bounds.identify
        )
        if identity.style is None:  # for the person who will look; slow, but rare
            rect = work.atlas.known[0].heading_rect
            identity = replace(identity, heading=read_heading(inside.gray, inside.to_image, rect))
    reading = _reading_of(sheet, identity, (*trouble, *reasons), work.atlas.version)
    if identity.style is None:
        return reading
    style = work.atlas.faces.style(identity.style)
    reading = _with_inside(reading, inside, style, work)
    return _with_outside(reading, outside, style, work) if outside else reading


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A face found in an image."""

    gray: Gray
    to_image: Affine  # mm on the face -> px of the image


def _face(sides: tuple[Side, ...], face: Face) -> Laid | None:
    """The one side that shows this face; None if none or several do."""
    having = [one for one in sides if one.found and one.found.face is face]
    if len(having) != 1 or having[0].gray is None or having[0].found is None:
        return None
    return Laid(having[0].gray, having[0].found.to_image)


def _registered(laid: Laid, face: KnownFace, atlas: Atlas) -> Registered:
    """The face laid on its own picture, strip by strip."""
    to_mm = np.array([[1 / PER_MM, 0, 0.5 / PER_MM], [0, 1 / PER_MM, 0.5 / PER_MM], [0, 0, 1]])
    start = np.vstack([laid.to_image, [0, 0, 1]]) @ to_mm
    boxed = any(one.kind in BOXES or one.kind is FieldKind.WRITE_IN for one in face.fields)
    return align(laid.gray, face.template, start, atlas.bounds.register, half_detail=not boxed)


def _looked_at(
    laid: Laid, face: KnownFace, folds_mm: tuple[float, ...], work: Work
) -> tuple[Registered, FaceReading | None]:
    """A face laid on its own picture and read; None instead of the reading if it does not lie there."""
    with work.clock("register"):
        page = _registered(laid, face, work.atlas)
    if not page.ok:
        return page, None
    with work.clock("marks"):
        seen = read_face(page, face, folds_mm, work.atlas.bounds.face, work.atlas.eyes)
        seen = renumbered(InkedPage(page, seen.ink, face.printed), seen, work.atlas.numbers)
    return page, seen


def _with_inside(reading: Reading, laid: Laid, style: KnownStyle, work: Work) -> Reading:
    page, seen = _looked_at(laid, style.inside, style.style.folds_mm, work)
    if seen is None:
        return _doubted(reading, page)
    reading, seen = _with_writing(reading, page, seen, Face.INSIDE, work)
    if work.show:
        work.show("inside-page", pictures_of.page(page))
        work.show("inside-ink", pictures_of.ink(page, seen))
        work.show("inside-read", pictures_of.read(page, seen))
    differ = other_names(page, style.style.of(FieldKind.CANDIDATE_LINE), work.atlas.bounds.names)
    return replace(
        reading,
        trouble=(*reading.trouble, *((Reason.PRINTED_TEXT_DIFFERS,) if differ else ())),
        marks=seen.marks,
        ranks=seen.ranks,
        guessed_ranks=seen.guessed_ranks,
        stray_mm=tuple((Face.INSIDE, one) for one in seen.stray),
        residual_px=round(page.residual_px, 3),
    )


def _with_outside(reading: Reading, laid: Laid, style: KnownStyle, work: Work) -> Reading:
    page, seen = _looked_at(laid, style.outside, style.style.folds_outside_mm, work)
    if seen is None:
        return _doubted(reading, page)
    reading, seen = _with_writing(reading, page, seen, Face.OUTSIDE, work)
    if work.show:
        work.show("outside-page", pictures_of.page(page))
        work.show("outside-ink", pictures_of.ink(page, seen))
        work.show("outside-read", pictures_of.read(page, seen))
    with work.clock("stamp"):
        field = style.style.of(FieldKind.STAMP)[0].rect
        stamp, where = find_stamp(page, seen.ink, field, work.atlas.stamps)
    weave, folds = style.outside.woven, style.style.folds_outside_mm
    faint = faint_ink(page, weave, folds, work.atlas.bounds.woven) if weave else ()
    stray = beyond_stamp((*seen.stray, *faint), where)
    return replace(
        reading,
        marks=reading.marks + seen.marks,
        stamp=stamp,
        stray_mm=reading.stray_mm + tuple((Face.OUTSIDE, one) for one in stray),
    )


def _with_writing(
    reading: Reading, page: Registered, seen: FaceReading, face: Face, work: Work
) -> tuple[Reading, FaceReading]:
    """The names on write-in lines, or what a blank ballot says: looked for only where there is ink."""
    with work.clock("handwriting"):
        if reading.identity.kind is StyleKind.BLANK and face is Face.INSIDE:
            said = on_blank(page.image, seen.ink, seen.stray, work.atlas.hands)
            return replace(reading, guesses=said.guesses, says_blank=said.says_blank), seen
        names = written_in(page.image, seen.ink, seen.marks, work.atlas.hands)
    sure, guesses = reading.write_ins + names.sure, reading.guesses + names.guesses
    return replace(reading, write_ins=sure, guesses=guesses), replace(seen, marks=names.marks)


def _doubted(reading: Reading, page: Registered) -> Reading:
    """The reading with the reason why the page does not lie on its picture."""
    reason = {
        Misfit.INCOMPLETE: Reason.DAMAGED_PAPER,
        Misfit.PRINT_DIFFERS: Reason.PRINTED_TEXT_DIFFERS,
    }.get(page.fault or Misfit.NOT_FOUND, Reason.BAD_REGISTRATION)
    return replace(reading, trouble=(*reading.trouble, reason))


def _reading_of(sheet: Sheet, identity: Identity, trouble: tuple[Reason, ...], eyes: str) -> Reading:
    """A reading on which nothing but the identity is known yet."""
    return Reading(
        sheet=sheet.id,
        identity=identity,
        marks=(),
        stamp=None,
        stray_mm=(),
        trouble=tuple(dict.fromkeys(trouble)),
        version=eyes,
    )
