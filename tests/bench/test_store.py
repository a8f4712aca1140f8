"""The bench of a store measures a store that holds, and its shortcut makes the same store as a count."""

from itertools import islice
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from sqlalchemy import select

from scanner.bench.store import NoImages, StoreSpeed, keep
from scanner.bench.store_ballots import ballots, boxes
from scanner.commands import bench_store
from scanner.election_package import read_election
from scanner.errors import ExitCode
from scanner.simulate.elections import shipped_election
from scanner.store import open_store, schema
from scanner.store.bulk import fill
from scanner.store.session import Session
from scanner.store.store import Store
from tests.command import Here
from tests.store.conftest import address, postgresql  # noqa: F401 - fixtures

ELECTION = read_election(shipped_election("kommunestyre"))


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def rows_of(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store._read() as connection:
        return {
            table.name: [tuple(one) for one in connection.execute(select(table).order_by(*table.primary_key))]
            for table in schema.metadata.sorted_tables
        }


def test_in_bulk_or_one_by_one_the_store_is_the_same(address: str, tmp_path: Path) -> None:  # noqa: F811
    some = list(islice(ballots(ELECTION, marks=3, seed=5), 150))
    assert {bool(one.machine) for one in some} == {bool(one.people) for one in some} == {True, False}
    seen = []
    for url, bulk in ((address, True), (f"sqlite:{tmp_path / 'other.db'}", False)):
        with open_store(url) as opened:
            engine = opened._session._engine
            with Store(engine, NoImages()) as store:
                store.bind(ELECTION)
                for box in boxes(ELECTION, 150):
                    store.add_box(box)
                if bulk:
                    fill(Session(engine), some[:100])
                    fill(Session(engine), some[100:140])
                    keep(store, some[140:])  # and it goes on where the shortcut ended
                else:
                    keep(store, some)
                seen.append(rows_of(store))
    assert seen[0] == seen[1]
    assert len(seen[0]["sheets"]) == 150


def test_bench_store_leaves_lines_and_a_picture(here: Here, tmp_path: Path) -> None:
    ran = here("bench", "store", "--sheets", 48, "--marks", 2, "--out", tmp_path, "--json")
    assert ran.code == ExitCode.DONE
    seen = msgspec.json.decode("[" + ran.out.strip().replace("\n", ",") + "]", type=list[StoreSpeed])
    assert [one.sheets for one in seen] == [3, 6, 12, 24, 48]
    assert all(one.flaws == 0 and one.database == "sqlite" for one in seen)
    assert seen[-1].events > 3 * 48
    assert seen[-1].bytes_per_sheet < seen[0].bytes_per_sheet
    assert len((tmp_path / "store.jsonl").read_text().splitlines()) == 5
    with Image.open(tmp_path / "store.png") as picture:
        assert picture.size == (1000, 640)


def test_bench_store_does_not_fill_a_disk(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_store, "SQLITE_BYTES", (10**12, 0))
    ran = here("bench", "store", "--sheets", 1_000_000, "--out", tmp_path)
    assert ran.code == ExitCode.STORE
    assert "GB free" in ran.err


def test_bench_store_keeps_off_a_store_in_use(here: Here, tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path / 'a.db'}"
    with open_store(url) as store:
        store.bind(ELECTION)
    assert here("bench", "store", "--sheets", 4, "--store", url).code == ExitCode.STORE
