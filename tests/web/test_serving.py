"""The commands `serve` and `people`, as they are called."""

import json
import re
import signal
import subprocess
from pathlib import Path

import httpx2
import pytest

from scanner.store.opening import open_store
from tests.command import COMMAND, valgskanner
from tests.strategies import small_election

PIPED = "et langt nok passord\n"


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:{tmp_path / 'count.db'}"
    with open_store(address) as store:
        store.bind(small_election())
    return address


def people(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(COMMAND), "people", *words],
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_people_come_and_go(url: str) -> None:
    store = ("--store", url)
    assert people("add", "Kari  Prøve", *store, "--role", "operator", given=PIPED).returncode == 0
    twice = people("add", "kari prøve", *store, "--role", "admin", given=PIPED)
    assert (twice.returncode, twice.stdout) == (2, "")
    assert "names must differ" in twice.stderr
    short = people("add", "Ola Prøve", *store, "--role", "operator", given="kort\n")
    assert (short.returncode, "at least 12" in short.stderr) == (2, True)
    assert people("remove", "Kari Prøve", *store).returncode == 0
    (told,) = map(json.loads, people("list", *store, "--json").stdout.splitlines())
    assert told == {"name": "Kari Prøve", "role": "operator", "language": "nb", "revoked": True}
    assert people("password", "Kari Prøve", *store, given=PIPED).returncode == 0
    assert not json.loads(people("list", *store, "--json").stdout)["revoked"]


def test_pages_that_nobody_may_see_or_anybody_could_read_are_not_served(url: str) -> None:
    nobody = valgskanner("serve", "--store", url, "--no-tls")
    assert (nobody.code, nobody.out) == (2, "")
    assert "people add" in nobody.err
    people("add", "Kari Prøve", "--store", url, "--role", "operator", given=PIPED)
    bare = valgskanner("serve", "--store", url, "--no-tls", "--host", "192.0.2.7")
    assert bare.code == 2
    assert "on this machine only" in bare.err


def test_it_serves_until_it_is_told_to_stop(url: str) -> None:
    people("add", "Kari Prøve", "--store", url, "--role", "operator", given=PIPED)
    child = subprocess.Popen(
        [str(COMMAND), "serve", "--store", url, "--port", "0", "--no-tls"], stderr=subprocess.PIPE, text=True
    )
    try:
        assert child.stderr is not None
        found = re.search(r"http://[\d.:]+/", child.stderr.readline())
        assert found
        assert httpx2.get(f"{found[0]}login").status_code == 200
        child.send_signal(signal.SIGTERM)
        _, words = child.communicate(timeout=60)
    finally:
        child.kill()
        child.wait()
    assert (child.returncode, words) == (0, "")
