"""All that is said of one box: its sheets, what the eyes made of them, what people said, what counts.

So that a box can go from one store to another, and be known there if it comes again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from scanner.ballot import Box, Decision, Opinion, PageImage, Reading, Sheet, Verdict
from scanner.store import schema
from scanner.store.codec import decode
from scanner.store.records import SheetRecord
from scanner.store.store import Store

Outline = Mapping[int, tuple[str, ...]]  # number of each sheet, and the sha256 of its images


@dataclass(frozen=True, slots=True)
class SaidByEyes:
    """What the eyes of one version made of a sheet."""

    version: str
    verdict: Verdict
    reading: Reading


@dataclass(frozen=True, slots=True)
class SheetContent:
    """A sheet without the bytes of its images, and all that is said of it; the last reading is current."""

    record: SheetRecord
    readings: tuple[SaidByEyes, ...]
    opinions: tuple[Opinion, ...]
    decision: Decision | None


def outline(store: Store, box: str) -> Outline:
    """The sheets of a box by their images: two boxes with one outline are the same paper, fed once."""
    return {one.number: tuple(side.sha256 for side in one.sides) for one in store.sheets(box)}


def same_elsewhere(store: Store, seen: Outline, box: str) -> str | None:
    """Another box that holds just these sheets under the same numbers; None if there is none."""
    if not seen:
        return None
    for one in store.boxes():
        if one.id != box and store.next_number(one.id) == max(seen) + 1 and outline(store, one.id) == seen:
            return one.id
    return None


def contents(store: Store, box: str) -> Iterator[SheetContent]:
    """Every sheet of a box, in the order stored."""
    for record in store.sheets(box):
        said = tuple(_readings(store, record.id))
        yield SheetContent(record, said, store.opinions(record.id), store.decision_of(record.id))


def _readings(store: Store, sheet: str) -> Iterator[SaidByEyes]:
    table = schema.verdicts
    query = select(table.c.version, table.c.verdict, table.c.reading).where(table.c.sheet == sheet)
    with store._read() as connection:  # noqa: SLF001 - the same room
        found = list(connection.execute(query.order_by(table.c.seq)))
    for one in found:
        yield SaidByEyes(one.version, decode(one.verdict, Verdict), decode(one.reading, Reading))


def keep_images(store: Store, images: Iterable[PageImage]) -> None:
    """Make images durable before the transaction in which their sheets come, which is short then."""
    for one in images:
        store._images.put(one.sha256, one.data)  # noqa: SLF001 - same


def take_box(store: Store, box: Box, sheets: Iterable[tuple[Sheet, SheetContent]]) -> int:
    """Add a box with all that is said of it, in one transaction: the whole box or nothing; how many sheets.

    What people decided comes as it stands; the opinions it replaced stay with the sender.
    Raises StoreError for what no store takes (`Store.add_sheet`, `Store.add_decision`).
    """
    count = 0
    with store.transaction():
        store.add_box(box)
        for sheet, said in sheets:
            store.add_sheet(sheet)
            _say(store, said)
            count += 1
    return count


def _say(store: Store, said: SheetContent) -> None:
    for one in said.readings:
        store.add_verdict(said.record.id, one.verdict, one.reading, one.version)
    for opinion in said.opinions:
        store.add_opinion(opinion)
    if said.decision is not None:
        store.add_decision(said.decision)
