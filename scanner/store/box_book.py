"""Which boxes there are: those expected, their label sheets on record, and what people say of the rest.

Label sheets are kept with their images, but in tables of their own: they are no ballots and are
never counted.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from itertools import groupby

from sqlalchemy import Connection, func, select

from scanner.audit.events import Act
from scanner.ballot import Sheet
from scanner.box_label import BoxLabel, LabelKind
from scanner.errors import StoreError
from scanner.store import acts, dialect, rows, schema
from scanner.store.codec import plain
from scanner.store.images import Images
from scanner.store.records import Became, BoxRecord, Explanation, LabelRecord, StackRecord

Door = Callable[[], AbstractContextManager[Connection]]


class BoxBook:
    """Part of a `Store`, as `store.book`. Raises StoreError if the database cannot do it."""

    def __init__(self, read: Door, write: Door, images: Images) -> None:
        self._read, self._write, self._images = read, write, images

    def expect(self, labels: Iterable[BoxLabel]) -> None:
        """Remember that these boxes must come; those expected already stay as they are."""
        new = [
            {
                "id": one.box.id,
                "category": one.category,
                "krets": one.krets,
                "number": one.number,
                "of": one.of,
            }
            for one in labels
        ]
        with self._write() as connection:
            for row in new:
                acts.add(connection, Act.BOX_EXPECTED, str(row["id"]), row, new=True)

    def keep_label(self, label: BoxLabel, digits: str, sheet: Sheet) -> None:
        """Keep a label sheet with its images; durable on return. The box must be registered.

        StoreError if the box has such a label on record: no two processes open one box.
        """
        for one in sheet.images:
            self._images.put(one.sha256, one.data)
        name = f"{label.box.id}/{label.kind}"
        with self._write() as connection:
            row, hashes = _row(name, label, digits, sheet), tuple(one.sha256 for one in sheet.images)
            if acts.add(connection, Act.LABEL_KEPT, name, row, also=hashes, new=True) is None:
                raise StoreError(
                    f"Box {label.box.id} has its {label.kind} label already: it is being scanned, or was, "
                    "elsewhere."
                )
            _add_sides(connection, name, sheet)

    def labels(self) -> tuple[LabelRecord, ...]:
        """Every label sheet, in the order they came."""
        boxes = schema.boxes
        query = select(schema.labels, boxes.c.category, boxes.c.krets)
        query = query.join(boxes, boxes.c.id == schema.labels.c.box).order_by(schema.labels.c.seq)
        with self._read() as connection:
            return tuple(
                LabelRecord(
                    BoxLabel(LabelKind(one.kind), one.category, one.krets, one.number, one.of),
                    one.device,
                    one.name,
                    _sides_of(connection, one.id),
                )
                for one in list(connection.execute(query))
            )

    def add_to_stack(self, stack: str, number: int, became: Became, of: str, sheet: Sheet) -> None:
        """Remember what a sheet of a labelled stack turned out to be; images put aside are kept as well.

        The caller adds the ballot or the label in the same transaction. StoreError if the stack has
        a sheet of this number.
        """
        if became is Became.ASIDE:
            for one in sheet.images:
                self._images.put(one.sha256, one.data)
        name = f"{stack}/{number}"
        about = {"name": plain(sheet.name), "device": plain(sheet.device)}
        row = {"id": name, "stack": stack, "number": number, "became": became.value, "of": of, **about}
        sides = [
            {"sheet": name, "position": position, "sha256": one.sha256}
            for position, one in enumerate(sheet.images)
        ]
        with self._write() as connection:
            also = tuple(one.sha256 for one in sheet.images)
            acts.add(connection, Act.STACK_SHEET_TOLD, name, row, also=also)
            if sides:
                connection.execute(schema.stack_sides.insert(), sides)

    def stack(self, stack: str) -> tuple[StackRecord, ...]:
        """Every sheet of a labelled stack, in the order they were fed."""
        table, sides = schema.stack_sheets, schema.stack_sides
        query = select(table, sides.c.sha256).where(table.c.stack == stack)
        query = query.outerjoin(sides, sides.c.sheet == table.c.id).order_by(table.c.number, sides.c.position)
        with self._read() as connection:
            found = list(connection.execute(query))
        return tuple(
            StackRecord(
                number,
                Became(group[0].became),
                group[0].of,
                group[0].name,
                group[0].device,
                tuple(one.sha256 for one in group if one.sha256),
            )
            for number, group in ((n, list(g)) for n, g in groupby(found, key=lambda one: one.number))
        )

    def explain(self, box: str, person: str, words: str) -> None:
        """Add what a person says of a box. StoreError for a box nobody knows, or no words, or no name."""
        if not person.strip() or not words.strip():
            raise StoreError("An explanation needs words and the name of the person who gives it.")
        row = {"box": box, "person": plain(person.strip()), "words": plain(words.strip())}
        with self._write() as connection:
            if box not in {one.id for one in _records(connection)}:
                raise StoreError(f"There is no box {box!r}, neither expected nor scanned.")
            acts.add(connection, Act.BOX_EXPLAINED, box, row, by=(row["person"],))

    def records(self) -> tuple[BoxRecord, ...]:
        """Every box expected or scanned: first the expected ones as they were listed, then the others."""
        with self._read() as connection:
            return _records(connection)


def _row(name: str, label: BoxLabel, digits: str, sheet: Sheet) -> dict[str, object]:
    return {
        "id": name,
        "box": label.box.id,
        "kind": label.kind.value,
        "number": label.number,
        "of": label.of,
        "digits": digits,
        "name": plain(sheet.name),
        "device": plain(sheet.device),
    }


def _records(connection: Connection) -> tuple[BoxRecord, ...]:
    table = schema.expected
    listed = {
        one.id: (one.category, one.krets, one.number, one.of)
        for one in connection.execute(select(table).order_by(table.c.seq))
    }
    known = {one.id: (one.category, one.krets, None, None) for one in rows.read_boxes(connection)}
    sheets = _sheets(connection)
    seen = {(one.box, one.kind) for one in connection.execute(select(schema.labels))}
    said = _said(connection)
    return tuple(
        BoxRecord(
            box,
            *about,
            sheets=sheets.get(box, 0),
            started=(box, LabelKind.START.value) in seen,
            ended=(box, LabelKind.END.value) in seen,
            explained=said.get(box, ()),
        )
        for box, about in (listed | {box: about for box, about in known.items() if box not in listed}).items()
    )


def _sheets(connection: Connection) -> dict[str, int]:
    """Sheets of each box that has any."""
    box = schema.sheets.c.box
    return {one.box: one.n for one in connection.execute(select(box, func.count().label("n")).group_by(box))}


def _said(connection: Connection) -> dict[str, tuple[Explanation, ...]]:
    """What people said of each box, oldest first."""
    said: dict[str, tuple[Explanation, ...]] = {}
    for one in connection.execute(select(schema.explanations).order_by(schema.explanations.c.seq)):
        said[one.box] = (*said.get(one.box, ()), Explanation(one.person, one.words))
    return said


def _add_sides(connection: Connection, label: str, sheet: Sheet) -> None:
    if not sheet.images:
        return
    pixels = [{"sha256": one.sha256, "bytes": len(one.data)} for one in sheet.images]
    connection.execute(dialect.insert_new(connection, schema.images), pixels)
    sides = [
        {"label": label, "position": position, "sha256": one.sha256}
        for position, one in enumerate(sheet.images)
    ]
    connection.execute(schema.label_sides.insert(), sides)


def _sides_of(connection: Connection, label: str) -> tuple[str, ...]:
    sides = schema.label_sides
    query = select(sides.c.sha256).where(sides.c.label == label).order_by(sides.c.position)
    return tuple(connection.execute(query).scalars())
