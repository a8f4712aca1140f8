from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.ballot import Box, PageImage, Sheet
from scanner.store import Store, open_store
from tests.store.server import Server, available, server
from tests.strategies import small_election


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A real PostgreSQL server for the whole run."""
    if why := available():
        pytest.skip(why)
    with server() as one:
        yield one


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new store can be made, in either database."""
    return new_address(request, tmp_path)


def new_address(request: pytest.FixtureRequest, folder: Path) -> str:
    """A new store in the database that the fixture's parameter names."""
    if request.param == "sqlite":
        return f"sqlite:{folder / 'count.db'}"
    one: Server = request.getfixturevalue("postgresql")
    return one.database(folder / "images")


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """An empty store, bound to a small election, with the boxes K1 (VO) and F1 (FO)."""
    with open_store(address) as one:
        one.bind(small_election())
        one.add_box(Box("K1", "VO", "0001"))
        one.add_box(Box("F1", "FO", "0001"))
        yield one


def sheet(number: int = 1, box: str = "K1", front: bytes = b"front", back: bytes = b"back") -> Sheet:
    images = (PageImage(f"{number}F.jpg", front, 200.0), PageImage(f"{number}B.jpg", back, 200.0))
    return Sheet(box, number, images, "virtual", None, f"{number:04d}")
