"""A box sent from one store to another: written and signed here, checked and taken there, once."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from scanner.audit.seal import check, sign
from scanner.commands.record import key_password
from scanner.commands.shell import answers, note, progress, say
from scanner.errors import ExitCode, UsageError
from scanner.parcel import Parcel, write_parcel
from scanner.store.box_content import Outline, keep_images, outline, same_elsewhere, take_box
from scanner.store.opening import open_store
from scanner.store.store import Store

MOST = 200  # differences told


class Difference(msgspec.Struct, frozen=True):
    """A sheet that is not the same here and in the parcel."""

    sheet: str
    here: str
    parcel: str


class Arrival(msgspec.Struct, frozen=True):
    """What became of a parcel, as `valgskanner boxes import --json` prints it."""

    box: str
    sheets: int
    taken: bool  # False: it was here already, or is refused
    same_as: str | None  # the box that already holds these very sheets
    differences: tuple[Difference, ...]


def export_box(url: str, box: str, out: Path, key: Path) -> int:
    """Write a box, all that is said of it and its images as one signed file."""
    password = key_password()
    with open_store(url, create=False) as store:
        chosen = next((one for one in store.boxes() if one.id == box), None)
        if chosen is None:
            known = ", ".join(one.id for one in store.boxes()) or "none"
            raise UsageError(f"There is no box {box!r} in this store, only: {known}.")
        manifest = write_parcel(
            store, chosen, out, lambda content, words: sign(content, key, password, words).text
        )
    note(f"Wrote {out}: {manifest.words}.")
    return ExitCode.DONE


def import_box(path: Path, url: str, public: Path, *, json: bool) -> int:
    """Take a box out of a parcel; a second time changes nothing. Exit code 4 if what is here differs."""
    parcel = Parcel(path, lambda content, seal: check(content, seal, public))
    for one in progress(parcel.contents(), "checking", parcel.manifest.sheets):
        parcel.sheet(one)
    with open_store(url) as store:
        store.bind(parcel.election, test=parcel.manifest.test)
        there = parcel.outline()
        arrival = _judged(store, parcel, there)
        if arrival is None:
            for one in progress(parcel.contents(), "images", parcel.manifest.sheets):
                keep_images(store, parcel.sheet(one).images)
            arrival = _take(store, parcel, there)
    return _told(arrival, parcel.manifest.words, json=json)


def _take(store: Store, parcel: Parcel, there: Outline) -> Arrival:
    """Take it in one transaction, unless another process was first."""
    with store.transaction():
        arrival = _judged(store, parcel, there)
        if arrival is not None:
            return arrival
        count = take_box(store, parcel.box, ((parcel.sheet(one), one) for one in parcel.contents()))
    return Arrival(parcel.box.id, count, taken=True, same_as=None, differences=())


def _judged(store: Store, parcel: Parcel, there: Outline) -> Arrival | None:
    """Why the box is not to be taken: it is here, another is here under its name, or it under another's."""
    box = parcel.box.id
    here = outline(store, box)
    if here:
        differences = tuple(islice(_differences(store, parcel, here, there), MOST))
        same = None if differences else box
        return Arrival(box, len(there), taken=False, same_as=same, differences=differences)
    other = same_elsewhere(store, there, box)
    return Arrival(box, len(there), taken=False, same_as=other, differences=()) if other else None


def _differences(store: Store, parcel: Parcel, here: Outline, there: Outline) -> Iterator[Difference]:
    """Sheets that are not the same; then, if all are, ballots that do not count for the same."""
    box, count = parcel.box.id, 0
    for number in sorted(here.keys() | there.keys()):
        if here.get(number) != there.get(number):
            count += 1
            pair = (_short(one.get(number)) for one in (here, there))
            yield Difference(f"{box}/{number:04d}", *pair)
    if not count:
        for one in parcel.contents():
            decided = store.decision_of(one.record.id)
            if decided != one.decision:
                words = (side.category.value if side else "undecided" for side in (decided, one.decision))
                yield Difference(one.record.id, *words)


def _short(images: tuple[str, ...] | None) -> str:
    if images is None:
        return "no such sheet"
    return " ".join(one[:12] for one in images) or "no image"


def _told(arrival: Arrival, words: str, *, json: bool) -> int:
    if json:
        say(arrival)
    for one in () if json else arrival.differences:
        answers.print(f"{one.sheet}: {one.here} here, {one.parcel} in the parcel", markup=False)
    box = arrival.box
    if arrival.taken:
        note(f"Took {words}.")
        return ExitCode.DONE
    if arrival.differences:
        note(f"Refused: another box {box} is here ({len(arrival.differences)} differ). Nothing was added.")
        return ExitCode.DISAGREE
    if arrival.same_as == box:
        note(f"Box {box} is here already, sheet for sheet. Nothing was added.")
        return ExitCode.DONE
    note(f"Refused: its {arrival.sheets} sheets are here already, as box {arrival.same_as}.")
    return ExitCode.DISAGREE
