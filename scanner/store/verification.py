"""Does the store say what was said when it was said: every link, every row, every image.

Nothing here trusts the database: triggers and grants keep honest programs from changing a row, the
chain shows when somebody went around them. Each flaw names the event, row or file, and what is wrong.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, except_, exists, func, or_, select

from scanner.audit.chain import Flaw, Value, checked, row_digest
from scanner.audit.events import Act, Event
from scanner.errors import StoreError
from scanner.store import acts, rows, schema
from scanner.store.acts import TABLE, key_of
from scanner.store.codec import decode
from scanner.store.foundations import foundation_flaws
from scanner.store.images import Images, OutOfReachError
from scanner.store.record import Record
from scanner.store.retention import left_over, list_flaws, not_erased
from scanner.store.session import PAGE, Session

Seen = Callable[[], object]
AT_ONCE = 4  # images fetched side by side: a network makes each wait, hashing them lets others run
_SIDES = (schema.sides, schema.label_sides, schema.stack_sides)
_NAMED_SIDES = {  # sides that say nothing but their image, and the column that names their owner
    schema.labels: (schema.label_sides, "label"),
    schema.stack_sheets: (schema.stack_sides, "sheet"),
}


@dataclass(frozen=True, slots=True)
class Verification:
    """Walks over a whole store; memory does not grow with it. `seen` is called for each event and image."""

    session: Session
    images: Images
    seen: Seen

    def flaws(self, *, images: bool = True) -> Iterator[Flaw]:
        """Everything that does not hold, in the order: database, chain and rows, rows outside it, images."""
        yield from self._database()
        yield from foundation_flaws(self.session)
        yield from self._events()
        yield from self._rows_beside()
        yield from self._sides_beside()
        yield from self._versions()
        yield from list_flaws(self.session)
        if images:
            yield from self._images()
            yield from left_over(self.session, self.images)

    def _database(self) -> Iterator[Flaw]:
        """SQLite's own check of its file: pages, indices and types."""
        try:
            with self.session.read() as connection:
                sqlite = connection.dialect.name == "sqlite"
                said = connection.exec_driver_sql("PRAGMA integrity_check").fetchmany(20) if sqlite else []
        except StoreError as error:
            yield Flaw("the database file", str(error))
            return
        for (line,) in said:
            if line != "ok":
                yield Flaw("the database file", line.replace("\n", " "))

    def _events(self) -> Iterator[Flaw]:
        """The chain, and each event against the row it is about."""
        page: list[Event] = []
        for one in checked(Record(self.session).chain()):
            if isinstance(one, Flaw):
                yield one
                continue
            self.seen()
            page.append(one)
            if len(page) == PAGE:
                yield from self._rows(page)
                page = []
        yield from self._rows(page)

    def _rows(self, events: list[Event]) -> Iterator[Flaw]:
        """Each of these events against its row."""
        by_table = sorted(events, key=lambda one: TABLE[one.act].name)
        for _, group in groupby(by_table, key=lambda one: TABLE[one.act].name):
            some = list(group)
            table = TABLE[some[0].act]
            with self.session.read() as connection:
                found = _found(connection, table, [one.at for one in some])
            for one in some:
                if one.at not in found:
                    yield Flaw(
                        f"event {one.number}", f"{one.act} of {one.of}: its row is gone from {table.name}"
                    )
                elif found[one.at] != one.row:
                    yield Flaw(
                        f"event {one.number}",
                        f"{one.act} of {one.of}: row {one.at} of {table.name} was changed",
                    )

    def _rows_beside(self) -> Iterator[Flaw]:
        """Rows that no event put there, and rows that two events claim."""
        for table in sorted(set(TABLE.values()), key=lambda one: str(one.name)):
            names = [act.value for act, one in TABLE.items() if one is table]
            number = table.c[key_of(table)]
            told = exists().where(schema.acts.c.at == number, schema.acts.c.act.in_(names))
            yield from self._each(select(number).where(~told), f"{table.name}: row {{}} has no event")
            at = schema.acts.c.at
            twice = select(at).where(schema.acts.c.act.in_(names)).group_by(at).having(func.count() > 1)
            yield from self._each(twice, f"{table.name}: row {{}} has several events")

    def _sides_beside(self) -> Iterator[Flaw]:
        """Images that no sheet shows, sides of no sheet, and sides whose image is unknown."""
        # EXCEPT walks each table once; asking for each image would walk all sides, that no index helps
        nowhere = except_(select(schema.images.c.sha256), *(select(one.c.sha256) for one in _SIDES))
        yield from self._each(nowhere, "images: {} belongs to no sheet")
        for shown, of in ((schema.sides, "sheet"), (schema.label_sides, "label")):
            on_record = exists().where(schema.images.c.sha256 == shown.c.sha256)
            lost = select(shown.c[of]).where(~on_record)
            yield from self._each(lost, f"{shown.name}: an image of {{}} is not on record")
        fed = exists().where(schema.sheets.c.id == schema.sides.c.sheet)
        yield from self._each(select(schema.sides.c.sheet).where(~fed), "sides: {} is no sheet")
        for owners, (sides, of) in _NAMED_SIDES.items():
            owned = exists().where(owners.c.id == sides.c[of])
            lone = select(sides.c[of]).where(~owned)
            yield from self._each(lone, f"{sides.name}: {{}} is not in {owners.name}")
            at = sides.c.position
            odd = (
                select(sides.c[of])
                .group_by(sides.c[of])
                .having(or_(func.min(at) != 0, func.max(at) != func.count() - 1))
            )
            yield from self._each(odd, f"{sides.name}: the sides of {{}} are not numbered from 0 on")

    def _versions(self) -> Iterator[Flaw]:
        """The versions the store has had against what the chain says of them."""
        table = schema.statements
        query = select(table.c.body).where(table.c.act == Act.STORE_UPGRADED.value)
        with self.session.read() as connection:
            had = sorted(connection.execute(select(schema.about.c.version)).scalars())
            told = {schema.VERSION}.union(
                *(decode(one, tuple[int, int]) for one in connection.execute(query).scalars())
            )
        if had[-1:] != [schema.VERSION] or not told.issuperset(had):
            yield Flaw("the store", f"says that it had versions {had}, and its chain says otherwise")

    def _each(self, query: Any, words: str) -> Iterator[Flaw]:
        with self.session.read() as connection:
            for (one,) in connection.execute(query):
                yield Flaw("the store", words.format(one))

    def _images(self) -> Iterator[Flaw]:
        """Every image that was not erased against its sha256; several are on their way at once."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for page in self.session.pages(select(schema.images).where(not_erased()), schema.images.c.sha256):
                for one, found in zip(page, pool.map(self._size, (one.sha256 for one in page)), strict=True):
                    self.seen()
                    yield from self._image(one, found)

    def _size(self, digest: str) -> int | StoreError:
        """Bytes of an image, or why it cannot be believed. StoreError if its place does not answer."""
        try:
            return len(self.images.get(digest))
        except OutOfReachError:
            raise
        except StoreError as error:
            return error

    def _image(self, one: Row[Any], found: int | StoreError) -> Iterator[Flaw]:
        if isinstance(found, StoreError):
            yield Flaw(f"image {one.sha256[:12]} of {self._sheet_of(one.sha256)}", str(found))
        elif found != one.bytes:
            yield Flaw(f"image {one.sha256[:12]}", f"has {found} bytes, on record are {one.bytes}")

    def _sheet_of(self, sha256: str) -> str:
        with self.session.read() as connection:
            query = select(schema.sides.c.sheet).where(schema.sides.c.sha256 == sha256).limit(1)
            return str(connection.execute(query).scalar_one_or_none())


def _found(connection: Connection, table: Table, numbers: list[int]) -> dict[int, str]:
    """Row number and digest of these rows, as they are now."""
    key = table.c[key_of(table)]
    some = list(connection.execute(select(table).where(key.in_(numbers))).mappings())
    sides = _beside(connection, table, [str(one.get("id")) for one in some])
    return {
        one[key.name]: row_digest(
            f"{table.name}", (*acts.said(table, one), *sides.get(one.get("id", ""), ()))
        )
        for one in some
    }


def _beside(connection: Connection, table: Table, names: list[str]) -> dict[str, tuple[Value, ...]]:
    """What the sides of these sheets or labels say."""
    if table in _NAMED_SIDES:
        sides, of = _NAMED_SIDES[table]
        query = select(sides).where(sides.c[of].in_(names)).order_by(sides.c[of], sides.c.position)
        groups = groupby(connection.execute(query).mappings(), key=lambda one: one[of])
        return {str(name): tuple(one["sha256"] for one in group) for name, group in groups}
    return _sides(connection, names) if table is schema.sheets else {}


def _sides(connection: Connection, sheets: list[str]) -> dict[str, tuple[Value, ...]]:
    query = select(schema.sides).where(schema.sides.c.sheet.in_(sheets))
    order: tuple[ColumnElement[Any], ...] = (schema.sides.c.sheet, schema.sides.c.position)
    found = connection.execute(query.order_by(*order)).mappings()
    return {
        sheet: tuple(rows.said_of_sides(group))
        for sheet, group in groupby(found, key=lambda one: one["sheet"])
    }


def first(flaws: Iterable[Flaw], most: int) -> tuple[Flaw, ...]:
    """The first `most` flaws; a database too damaged to be walked over is one more.

    StoreError if the place of the images does not answer: that is no flaw.
    """
    found: list[Flaw] = []
    try:
        for one in flaws:
            found.append(one)
            if len(found) >= most:
                break
    except OutOfReachError:
        raise  # it says nothing of the store
    except Exception as error:  # noqa: BLE001 - whatever damage does to the code that reads it is a flaw
        found.append(Flaw("the store", f"cannot be walked over any further: {error}"))
    return tuple(found)
