"""saned for tests: skipped where a stranger has its port."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from scanner.errors import CaptureError
from scanner.simulate import sane_net
from tests.capture.sane_world import world

needs_saned = pytest.mark.skipif(bool(sane_net.missing()), reason=sane_net.missing() or "all there")


@contextmanager
def saned() -> Iterator[str]:
    """A running saned with the drivers of our world; the value is what SPECs begin with."""
    world()
    with ExitStack() as stack:
        try:
            at = stack.enter_context(sane_net.saned())
        except CaptureError as error:
            pytest.skip(str(error))
        yield at
