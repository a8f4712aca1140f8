"""Reads the marks on any paper whose blank form is known: the whole way of one image.

Everything is measured in the frame of the specimen brought to WORKING_DPI, and given back in the
specimen's own pixels. A page that does not lie on the specimen says so and all its fields are
doubtful: nothing is guessed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from scanner.ballot import MarkState, PageImage
from scanner.capture.decode import decode, inspect
from scanner.capture.files import printable, read_whole
from scanner.capture.limits import limits as capture_limits
from scanner.classify.box_eyes import Bounds, Eyes, OnnxEyes, crop, foreign_bounds
from scanner.classify.field_ink import stray
from scanner.classify.ink import InkLimits, Printed, Stroke, find_ink, printed
from scanner.classify.marks import Doubt, FieldShape, MarkLimits, Sighting, Target, read_fields
from scanner.classify.register import align, find_page, prepare
from scanner.classify.registered import Limits, Registered, Template
from scanner.classify.streaks import StreakLimits, find_streaks, part_streaks
from scanner.config import calibration
from scanner.errors import ImageError, InputError
from scanner.pixels import INCH_MM, Gray
from scanner.specimen_fields import SpecimenField, read_field_list

WORKING_DPI = 200.0
PAPERS_MM = (
    (210, 297),
    (148, 210),
    (297, 420),
    (290, 223),
    (215.9, 279.4),
    (215.9, 330.2),
    (215.9, 355.6),
    (215.9, 431.8),
    (215.9, 482.6),
    (215.9, 558.8),
    (279.4, 431.8),
)
LARGEST_MM, SMALLEST_MM = 700.0, 80.0  # longer side of a ballot
RESOLUTIONS = (200, 300, 240, 150, 400, 600, 100)  # the likeliest first
NO_CLAIM = (72, 96)  # dpi that programs write without knowing


@dataclass(frozen=True, slots=True)
class FieldMark:
    """What is said of one field. `doubt` gives the reason in one word, None when the state is sure."""

    name: str
    state: MarkState
    probability: float  # 0..1 that it is marked
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """One image read against the specimen."""

    image: str
    registered: bool
    residual_px: float | None  # median disagreement of print after alignment, px of the specimen
    fields: tuple[FieldMark, ...]
    stray_ink: tuple[tuple[int, int, int, int], ...]  # x, y, w, h in px of the specimen
    reason: str | None = None  # why the page is not registered or not an image


@dataclass(frozen=True, slots=True, eq=False)
class Specimen:
    """A blank form and its fields, ready for reading."""

    fields: tuple[SpecimenField, ...]
    targets: tuple[Target, ...]
    template: Template
    printed: Printed
    scale: float  # working px per specimen px


@dataclass(frozen=True, slots=True)
class Calibrated:
    """All limits of the way of one page, and reader B."""

    register: Limits
    ink: InkLimits
    marks: MarkLimits
    streaks: StreakLimits
    eyes: Eyes
    sure: Bounds


def calibrated() -> Calibrated:
    """The shipped limits and the shipped eyes; ModelError if one of them is missing or not what it claims."""
    return Calibrated(
        calibration("registration", Limits),
        calibration("ink", InkLimits),
        calibration("marks", MarkLimits),
        calibration("streaks", StreakLimits),
        OnnxEyes(),
        foreign_bounds(),
    )


def read_marks(specimen: Path, fields_csv: Path, images: Iterable[Path]) -> Iterator[MarkedPage]:
    """One MarkedPage per page of each image, in order; an image that cannot be read is doubt, not an error.

    InputError if the specimen or the list of fields cannot be used.
    """
    limits = calibrated()
    form = open_specimen(specimen, fields_csv, limits)
    for path in images:
        yield from _file(path, form, limits)


def open_specimen(path: Path, fields_csv: Path, limits: Calibrated) -> Specimen:
    """The blank form at WORKING_DPI with its fields; InputError if either is unusable."""
    page = decode(_bytes(path))
    height, width = page.gray.shape
    fields = read_field_list(fields_csv, (width, height))
    scale = WORKING_DPI / likely_dpi(width, height, page.dpi)
    template = prepare(scaled(page.gray, scale), WORKING_DPI, limits.register)
    if min(len(template.fine), len(template.coarse)) < limits.register.least_patches:
        raise InputError(f"{printable(path.name)} has too little print to recognise other pages by.")
    targets = tuple(_target(one, scale) for one in fields)
    return Specimen(fields, targets, template, printed(template, limits.ink), scale)


def _file(path: Path, form: Specimen, limits: Calibrated) -> Iterator[MarkedPage]:
    """Every page of one file."""
    try:
        image = _bytes(path)
        pages = inspect(printable(path.name), image.data).pages
    except InputError as error:
        yield _unread(printable(path.name), form, str(error))
        return
    for number in range(min(pages, capture_limits().max_pages)):
        name = printable(path.name) if pages == 1 else f"{printable(path.name)}#{number + 1}"
        try:
            page = decode(PageImage(printable(path.name), image.data, page=number))
        except ImageError as error:
            yield _unread(name, form, str(error))
        else:
            yield read_page(name, page.gray, form, limits)


def read_page(name: str, page: Gray, form: Specimen, limits: Calibrated) -> MarkedPage:
    """One page, gray (h, w), any way up; one that does not lie on the form has only doubtful fields."""
    start = find_page(page, form.template, limits.register)
    if start is None:
        return _unread(name, form, "not_found")
    laid = align(page, form.template, start, limits.register)
    if not laid.ok:
        return _unread(name, form, laid.fault.value if laid.fault else "not_found")
    return _read(name, laid, form, limits)


def _read(name: str, laid: Registered, form: Specimen, limits: Calibrated) -> MarkedPage:
    unit = WORKING_DPI / INCH_MM
    ink = find_ink(laid, form.printed, limits.ink)
    streaks = find_streaks(ink, unit, limits.streaks)
    ink = part_streaks(ink, streaks, unit, limits.ink)
    seen = read_fields(laid, ink, form.printed, form.targets, limits.marks, streaks=streaks)
    seen = _second_opinion(laid, form, seen, limits)
    boxes = tuple(one.box for one in form.targets)
    loose = stray(ink, boxes, limits.marks.stray_mm2, limits.marks.edge_mm, unit)
    return MarkedPage(
        image=name,
        registered=True,
        residual_px=round(laid.residual_px / form.scale, 2),
        fields=tuple(_said(field, one) for field, one in zip(form.fields, seen, strict=True)),
        stray_ink=tuple(_box(one, form.scale) for one in loose),
    )


def _box(one: Stroke, scale: float) -> tuple[int, int, int, int]:
    """Where a stroke lies, in px of the specimen."""
    return round(one.x / scale), round(one.y / scale), round(one.w / scale), round(one.h / scale)


def _second_opinion(
    laid: Registered, form: Specimen, seen: tuple[Sighting, ...], limits: Calibrated
) -> tuple[Sighting, ...]:
    """Reader A's sightings, made doubtful where reader B is sure of the opposite, or of a mark taken back.

    On paper the eyes were not trained for they often abstain; only a contradiction is a reason to doubt.
    """
    boxes = [place for place, one in enumerate(form.targets) if one.shape is FieldShape.BOX]
    chances = limits.eyes.marks(crop(laid.image, [form.targets[one].box for one in boxes])).tolist()
    out = list(seen)
    for place, chance in zip(boxes, chances, strict=True):
        other = limits.sure.state(chance)
        undone = seen[place].state is MarkState.MARKED and chance <= limits.marks.undone
        abstains = other is MarkState.DOUBTFUL and not undone
        out[place] = seen[place] if abstains else agreed(seen[place], other)
    return tuple(out)


def agreed(seen: Sighting, other: MarkState) -> Sighting:
    """Reader A's sighting if reader B's state is the same, else a doubt that says which of them doubts."""
    if seen.state is MarkState.DOUBTFUL or seen.state is other:
        return seen
    doubt = Doubt.UNCONFIRMED if other is MarkState.DOUBTFUL else Doubt.CONTRADICTED
    return replace(seen, state=MarkState.DOUBTFUL, probability=0.5, doubt=doubt)


def _said(field: SpecimenField, seen: Sighting) -> FieldMark:
    return FieldMark(
        field.name, seen.state, round(seen.probability, 4), seen.doubt.value if seen.doubt else None
    )


def _unread(name: str, form: Specimen, reason: str) -> MarkedPage:
    """A page nothing can be said of."""
    fields = tuple(FieldMark(one.name, MarkState.DOUBTFUL, 0.5, Doubt.NOT_SEEN.value) for one in form.fields)
    return MarkedPage(name, registered=False, residual_px=None, fields=fields, stray_ink=(), reason=reason)


def _bytes(path: Path) -> PageImage:
    """A file as it lies there; InputError if it cannot be read or is larger than any scan."""
    name = printable(path.name)
    try:
        return PageImage(name, read_whole(path))
    except ImageError as error:
        raise InputError(f"{name} {error}.") from error


def _target(field: SpecimenField, scale: float) -> Target:
    left, top = round(field.x * scale), round(field.y * scale)
    right, low = round((field.x + field.w) * scale), round((field.y + field.h) * scale)
    return Target((left, top, max(right - left, 1), max(low - top, 1)), field.shape)


def likely_dpi(width: int, height: int, claimed: float | None) -> float:
    """The resolution of a page of `width` × `height` px: the claimed one if it makes a ballot.

    Many programs write 72 or 96 dpi into whatever they save: those count only when no other usual
    resolution makes a usual paper. Without any clue the page is as long as A4.
    """
    long = max(width, height) * INCH_MM
    credible = claimed is not None and SMALLEST_MM <= long / claimed <= LARGEST_MM
    if claimed and credible and round(claimed) not in NO_CLAIM:
        return claimed
    usual = [one for one in RESOLUTIONS if _off_paper(width, height, one) < 0.04]
    if usual:
        return float(usual[0])
    return claimed if claimed and credible else long / 297


def _off_paper(width: int, height: int, dpi: float) -> float:
    """By how much, as a share, a page is off the nearest usual paper."""
    w, h = (side / dpi * INCH_MM for side in (width, height))
    return min(max(abs(w / x - 1), abs(h / y - 1)) for a, b in PAPERS_MM for x, y in ((a, b), (b, a)))


def scaled(page: Gray, scale: float) -> Gray:
    """The page `scale` times as large; averaged when smaller, left alone when nearly the same."""
    if abs(scale - 1) < 0.005:
        return page
    size = (max(round(page.shape[1] * scale), 1), max(round(page.shape[0] * scale), 1))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(page, size, interpolation=how), np.uint8)
