"""Who may do what on a PostgreSQL server: a role that counts may look and add, never change.

The owner makes the store, upgrades it and restores into it; stations, workers and the web count under a
role that owns nothing. Triggers stop honest programs; these grants stop whoever holds the password of
a station, who can neither change a row nor switch a trigger off.
"""

from contextlib import closing

from sqlalchemy import Connection, text

from scanner.errors import StoreError
from scanner.store import schema
from scanner.store.address import place_of
from scanner.store.opening import open_store
from scanner.store.session import Session

QUEUE = "valgskanner_queue%"  # schemas of the task queue: its rows change, for they say nothing of the count
_TABLES = tuple(f"{one.name}" for one in schema.metadata.sorted_tables)


def grant_at(url: str, role: str) -> None:
    """Let a role of the server count in the store at an address. StoreError as `grant` and `open_store`."""
    with open_store(url, create=False):
        pass  # of this version
    with closing(Session(place_of(url).engine)) as session, session.write() as connection:
        grant(connection, role)


def grant(connection: Connection, role: str) -> None:
    """Let a role of the server count. StoreError unless it is there and has no way around its grants."""
    if connection.dialect.name != "postgresql":
        raise StoreError("Grants are for a store on a server; a file has the rights of its folder.")
    _check(connection, role)
    for line in _lines(connection, connection.dialect.identifier_preparer.quote(role)):
        connection.exec_driver_sql(line)


def renew(connection: Connection) -> None:
    """Let those who count do so in new tables too."""
    held = text(
        "SELECT DISTINCT grantee FROM information_schema.role_table_grants "
        "WHERE table_schema = current_schema AND table_name = 'sheets' AND privilege_type = 'INSERT' "
        "AND grantee <> grantor"
    )
    for role in list(connection.execute(held).scalars()):
        grant(connection, str(role))


def _check(connection: Connection, role: str) -> None:
    known = text("SELECT rolsuper FROM pg_roles WHERE rolname = :role")
    almighty = connection.execute(known, {"role": role}).scalar_one_or_none()
    if almighty is None:
        raise StoreError(f"The server has no role {role!r}: make it with CREATE ROLE first.")
    owners = text(
        "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema AND tablename = ANY(:tables) "
        "AND pg_has_role(:role, tableowner, 'MEMBER')"
    )
    if almighty or connection.execute(owners, {"role": role, "tables": list(_TABLES)}).scalar_one():
        raise StoreError(f"The role {role!r} owns the store or the server, so nothing can be kept from it.")


def _lines(connection: Connection, role: str) -> list[str]:
    tables = ", ".join(_TABLES)
    numbers = ", ".join(
        f"{one.name}_seq_seq" for one in schema.metadata.sorted_tables if "seq" in one.columns
    )
    schema_name = connection.execute(text("SELECT quote_ident(current_schema)")).scalar_one()
    lines = [
        f"REVOKE ALL ON {tables} FROM {role}",
        f"GRANT USAGE ON SCHEMA {schema_name} TO {role}",
        f"REVOKE CREATE ON SCHEMA {schema_name} FROM {role}",
        f"GRANT SELECT, INSERT ON {tables} TO {role}",
        f"GRANT USAGE ON SEQUENCE {numbers} TO {role}",
    ]
    queues = text("SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname LIKE :like")
    for queue in connection.execute(queues, {"like": QUEUE}).scalars():
        lines += [
            f"GRANT USAGE ON SCHEMA {queue} TO {role}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {queue} TO {role}",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {queue} TO {role}",
        ]
    return lines
