"""A whole store copied into an empty one: backup, restore, and from one database to another.

The copy is of one moment, also while others count; its rows keep their numbers, so that the chain of
acts holds in the copy as it does in the original.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Table, func, insert, select, text

from scanner.errors import StoreError
from scanner.store import acts, schema
from scanner.store.images import Images
from scanner.store.retention import not_erased
from scanner.store.session import PAGE, Session

TABLES = tuple(one for one in schema.metadata.sorted_tables if one is not schema.about)


def copy_rows(source: Session, target: Session, tables: Sequence[Table] = TABLES) -> None:
    """All rows of `source`, as they stand at one moment, into `target`, which must hold none.

    Raises StoreError if it does; then, and if anything fails, nothing is written.
    """
    with source.snapshot() as there, target.write() as here:
        if acts.head(here).number or here.execute(select(schema.boxes.c.seq).limit(1)).first():
            raise StoreError("The store to copy into is not empty: name a new one.")
        for table in tables:
            _copy(table, there, here)
        if here.dialect.name == "postgresql":
            number_on(here, tables)


def _copy(table: Table, there: Connection, here: Connection) -> None:
    rows = there.execution_options(yield_per=PAGE).execute(select(table).order_by(*table.primary_key))
    for page in rows.mappings().partitions(PAGE):
        here.execute(insert(table), [dict(one) for one in page])


def number_on(here: Connection, tables: Sequence[Table] = TABLES) -> None:
    """PostgreSQL counts rows beside the table: the next one must follow those copied."""
    for table in tables:
        if "seq" in table.columns:
            last = here.execute(select(func.max(table.c.seq))).scalar_one()
            if last:
                name = f"{table.name}"
                setval = text("SELECT setval(pg_get_serial_sequence(:name, 'seq'), :last)")
                here.execute(setval, {"name": name, "last": last})


def copy_images(source: Session, images: Images, into: Images, seen: Callable[[], object] = tuple) -> int:
    """Every image on record in `source`, compared with its sha256; how many. Those there already stay.

    Raises StoreError for one that is gone or was changed.
    """
    count, digest = 0, schema.images.c.sha256
    for page in source.pages(select(digest).where(not_erased()), digest):
        for one in page:
            into.put(one.sha256, images.get(one.sha256))
            count += 1
            seen()
    return count
