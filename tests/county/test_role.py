"""Workers count under a role that may look and add, and use the queue that the owner made."""

from pathlib import Path

import psycopg
import pytest

from scanner.errors import StoreError
from scanner.store import open_store
from scanner.store.grants import grant_at
from tests.county.conftest import feed
from tests.county.test_worker import read_here
from tests.store.server import Server


def test_a_worker_under_a_role_that_may_change_nothing(postgresql: Server, url: str, tmp_path: Path) -> None:
    role = f"leser_{tmp_path.name.replace('-', '_')}"
    address = {"host": str(postgresql.folder), "user": "valg", "dbname": "postgres"}
    with psycopg.connect(**address, autocommit=True) as link:
        link.execute(f'CREATE ROLE "{role}" LOGIN')
    with open_store(url) as store:
        feed(store, 1, 3)
    theirs = url.replace("valg@", f"{role}@")
    grant_at(url, role)
    with pytest.raises(StoreError, match="The owner of the store makes it"):
        read_here(theirs)
    assert read_here(url) == 3
    grant_at(url, role)
    with open_store(url) as store:
        feed(store, 4, 8)
    assert read_here(theirs) == 5
