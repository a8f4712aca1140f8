"""What is dear to make and never changed: the small election's paper, opened once for all tests."""

import pytest

from scanner.election import ElectionType
from scanner.opening import Atlas, open_atlas
from tests.scans import paper


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    """The small kommunestyre election, ready for reading."""
    return open_atlas(paper()[0])


@pytest.fixture(scope="session")
def ranked_atlas() -> Atlas:
    """A small Storting election: numbers to the left, strikes to the right."""
    return open_atlas(paper(ElectionType.STORTING)[0])


@pytest.fixture(scope="session")
def referendum_atlas() -> Atlas:
    """A small referendum: one paper, two options."""
    return open_atlas(paper(ElectionType.FOLKEAVSTEMNING)[0])
