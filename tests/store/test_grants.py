"""A role that counts may look and add; whatever else it tries, the server itself refuses."""

from contextlib import closing

import psycopg
import pytest
from psycopg import sql

from scanner.ballot import Box, Category, Decision
from scanner.errors import ExitCode, StoreError
from scanner.store import open_store, schema
from scanner.store.address import place_of
from scanner.store.grants import grant_at, renew
from scanner.store.session import Session
from tests.command import Here
from tests.store.conftest import sheet
from tests.store.server import Server
from tests.store.test_store import READING, URETTET
from tests.store.test_verification import filled, flaws

TABLES = sorted(schema.metadata.tables)


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


@pytest.fixture(scope="module")
def owner(postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a filled store, as its owner reaches it."""
    url = postgresql.database(tmp_path_factory.mktemp("grants") / "images")
    with filled(url):
        return url


@pytest.fixture(scope="module")
def station(owner: str) -> str:
    """The same store, as a role that counts reaches it. No test of these can change it."""
    with psycopg.connect(plain(owner), autocommit=True) as link:
        link.execute("CREATE ROLE station LOGIN")
    grant_at(owner, "station")
    return owner.replace("//valg@", "//station@")


def plain(url: str) -> str:
    return url.partition("&images=")[0]


def test_a_station_counts_and_verifies(station):
    with open_store(station, create=False) as store:
        store.add_box(Box("K2", "VO", "0001"))
        store.add_sheet(sheet(1, "K2"))
        store.add_verdict("K2/0001", URETTET, READING, "v1", Decision("K2/0001", Category.URETTET, "A", ()))
        store.add_decision(Decision("K1/0006", Category.URETTET, "A", (), ("Kari", "Ola")))
        store.record.close_count(("Kari", "Ola"))
        gone = store.retention.erase(("Kari", "Ola"), "archived", "2027-10-01", ["K2"])
        store.record.reopen_count(("Kari", "Ola"), "for the other tests")
        assert gone == 1
        assert flaws(store) == ""


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE {0} SET {1} = {1}",
        "DELETE FROM {0}",
        "TRUNCATE {0} CASCADE",
        "ALTER TABLE {0} DISABLE TRIGGER ALL",
        "ALTER TABLE {0} DISABLE TRIGGER append_only",
        "DROP TRIGGER append_only ON {0}",
        "DROP TABLE {0} CASCADE",
        "ALTER TABLE {0} OWNER TO station",
        "CREATE RULE quiet AS ON INSERT TO {0} DO INSTEAD NOTHING",
        "CREATE TRIGGER mine BEFORE INSERT ON {0} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "ALTER TABLE {0} ENABLE ROW LEVEL SECURITY",
    ],
)
def test_a_station_changes_nothing_in_any_table(station, act):
    with psycopg.connect(plain(station), autocommit=True) as link:
        for name in TABLES:
            column = next(iter(schema.metadata.tables[name].primary_key)).name
            words = sql.SQL(act).format(sql.Identifier(name), sql.Identifier(column))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                link.execute(words)


@pytest.mark.parametrize(
    "act",
    [
        "SET session_replication_role = replica",
        "SET ROLE valg",
        "CREATE TABLE sheets_too (a int)",
        "ALTER FUNCTION valgskanner_append_only() RENAME TO nothing",
        "CREATE OR REPLACE FUNCTION valgskanner_append_only() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER SEQUENCE sheets_seq_seq RESTART",
        "SELECT setval('sheets_seq_seq', 1)",
    ],
)
def test_a_station_finds_no_way_around(station, act):
    with (
        psycopg.connect(plain(station), autocommit=True) as link,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        link.execute(act)


@pytest.mark.parametrize("act", ["UPDATE {} SET seq = seq", "DELETE FROM {}", "TRUNCATE {}"])
def test_without_triggers_the_grants_alone_hold(owner, station, act):
    with psycopg.connect(plain(owner), autocommit=True) as link:
        link.execute("ALTER TABLE opinions DISABLE TRIGGER ALL")
    try:
        _refused(station, act)
    finally:
        with psycopg.connect(plain(owner), autocommit=True) as link:
            link.execute("ALTER TABLE opinions ENABLE TRIGGER ALL")


def _refused(station, act):
    with (
        psycopg.connect(plain(station), autocommit=True) as link,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        link.execute(sql.SQL(act).format(sql.Identifier("opinions")))


@pytest.mark.parametrize("act", ["UPDATE {} SET seq = seq", "DELETE FROM {}", "TRUNCATE {}"])
def test_without_grants_the_triggers_alone_hold(owner, act):
    with (
        psycopg.connect(plain(owner), autocommit=True) as link,
        pytest.raises(psycopg.errors.RaiseException, match="opinions is append only"),
    ):
        link.execute(sql.SQL(act).format(sql.Identifier("opinions")))


def test_nobody_without_a_grant_sees_anything(owner):
    with psycopg.connect(plain(owner), autocommit=True) as link:
        link.execute("DROP ROLE IF EXISTS passer_by")
        link.execute("CREATE ROLE passer_by LOGIN")
    with pytest.raises(StoreError, match="permission denied"):
        open_store(owner.replace("//valg@", "//passer_by@"), create=False)


def test_a_role_with_a_way_around_is_refused(owner, here):
    ran = here("store", "grant", "--store", owner, "--to", "valg")
    assert ran.code == ExitCode.STORE
    assert "owns the store or the server" in ran.err
    ran = here("store", "grant", "--store", owner, "--to", 'nobody"; DROP TABLE sheets; --')
    assert "has no role" in ran.err


def test_a_file_has_no_roles(tmp_path):
    url = f"sqlite:{tmp_path / 'a.db'}"
    open_store(url).close()
    with pytest.raises(StoreError, match="a file has the rights of its folder"):
        grant_at(url, "station")


def test_new_tables_are_granted_to_those_who_counted_before(owner):
    with psycopg.connect(plain(owner), autocommit=True) as link:
        link.execute("CREATE ROLE older_station LOGIN")
        link.execute("GRANT SELECT, INSERT ON sheets TO older_station")
        link.execute("GRANT SELECT ON boxes TO PUBLIC")
    with closing(Session(place_of(owner).engine)) as session, session.write() as connection:
        renew(connection)
    may = "SELECT has_table_privilege('older_station', 'erased', %s)"
    with psycopg.connect(plain(owner), autocommit=True) as link:
        held = [
            link.execute(may, [one]).fetchone()
            for one in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
        ]
        link.execute("REVOKE SELECT ON boxes FROM PUBLIC")
    assert held == [(True,), (True,), (False,), (False,), (False,)]
