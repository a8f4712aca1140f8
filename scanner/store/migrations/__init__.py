"""The history of the tables: one file a version, each frozen once a store was made with it.

A new store goes the whole way, so that the way is walked in every test; an older one goes the rest
of it when people say so (`scanner.store.upgrading`). The versions a store has had stay in the table
`valgskanner`, one row each: Alembic's own table would have to be changed.
"""

from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text

FIRST = 3  # versions 1 and 2 had no chain of acts, and none can be made up afterwards


@cache
def _history() -> tuple[Script, ...]:
    """Every step, oldest first."""
    folder = str(Path(__file__).parent)
    return tuple(reversed(list(ScriptDirectory(folder, version_locations=[folder]).walk_revisions())))


def migrate(connection: Connection, since: int, to: int) -> None:
    """Take the tables from one version to a later one, inside the caller's transaction; 0 is no table."""
    with Operations.context(MigrationContext.configure(connection)):
        for step in _history():
            if since < int(step.revision) <= to:
                step.module.upgrade()
    connection.execute(text("INSERT INTO valgskanner (version) VALUES (:version)"), {"version": to})
