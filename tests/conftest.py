"""What is dear to make and never changed: the small election's paper, opened once for all tests."""

import signal

import pytest

from scanner.election import ElectionType
from scanner.opening import Atlas, open_atlas
from scanner.simulate import sane_device
from tests.scans import paper


def pytest_configure() -> None:
    """What a process has once, before any test, in whatever order they come.

    libsane looks for its settings once; and a shell that runs us in the background has Ctrl-C ignored,
    which the commands we start would inherit.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not sane_device.missing():
        sane_device.world()


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
