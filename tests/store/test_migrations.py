"""The tables as this version knows them are what the history of versions makes, in both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text

from scanner.errors import StoreError
from scanner.store import open_store, schema
from scanner.store.address import place_of
from scanner.store.migrations import FIRST, migrate


def test_a_new_store_has_the_tables_that_this_version_knows(store):
    with store._read() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(found, schema.metadata) == [], "write a migration, and raise schema.VERSION"


def test_every_table_of_every_version_only_grows(store):
    with store._read() as connection:
        if connection.dialect.name == "sqlite":
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            expected = {f"no_{act}_{one}" for one in schema.metadata.tables for act in ("update", "delete")}
        else:
            query = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgtype & 56 = 56"
            expected = {*schema.metadata.tables}
        assert {*connection.execute(text(query)).scalars()} == expected


def test_the_last_step_of_the_history_is_this_version(store):
    with store._read() as connection:
        assert list(connection.execute(select(schema.about.c.version)).scalars()) == [schema.VERSION]


@pytest.mark.parametrize("version", range(FIRST, schema.VERSION))
def test_a_store_stopped_at_an_older_version_has_what_that_version_had(address, version):
    place = place_of(address)
    with place.engine.connect() as connection, connection.begin():
        migrate(connection, 0, version)
    tables = {*inspect(place.engine).get_table_names()}
    assert "acts" in tables
    assert ("erased" in tables) == (version >= 4)
    place.engine.dispose()
    with pytest.raises(StoreError, match=rf"\(schema {version}\); run valgskanner store upgrade"):
        open_store(address)
