import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.ballot import Box, PageImage, Sheet
from scanner.store import Store, open_store
from tests.store.conftest import postgresql
from tests.store.server import Server
from tests.strategies import small_election

__all__ = ["postgresql"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def url(postgresql: Server, tmp_path: Path) -> str:
    """A store on a server with a box of no sheets."""
    address = postgresql.database(tmp_path / "images")
    bound(address).close()
    return address


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_store(url) as one:
        yield one


def bound(url: str) -> Store:
    store = open_store(url)
    store.bind(small_election())
    store.add_box(Box("K1", "VO", "0001"))
    return store


def feed(store: Store, first: int, last: int, box: str = "K1", name: str = "") -> None:
    for number in range(first, last + 1):
        images = (PageImage("F", f"{box} {number}".encode()), PageImage("B", b"back"))
        store.add_sheet(Sheet(box, number, images, name=name))


def worker(url: str, reader: str, *more: str) -> "subprocess.Popen[str]":
    """A reading worker in a process of its own."""
    words = [sys.executable, "-m", "tests.county.readers", url, reader, *more]
    return subprocess.Popen(
        words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
