from collections.abc import Iterator

import pytest

from scanner.ballot import Box, PageImage, Sheet
from scanner.store import Store, open_store
from tests.strategies import small_election


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store in memory, bound to a small election, with the boxes K1 (VO) and F1 (FO)."""
    with open_store("sqlite::memory:") as one:
        one.bind(small_election())
        one.add_box(Box("K1", "VO", "0001"))
        one.add_box(Box("F1", "FO", "0001"))
        yield one


def sheet(number: int = 1, box: str = "K1", front: bytes = b"front", back: bytes = b"back") -> Sheet:
    images = (PageImage(f"{number}F.jpg", front, 200.0), PageImage(f"{number}B.jpg", back, 200.0))
    return Sheet(box, number, images, "virtual", None, f"{number:04d}")
