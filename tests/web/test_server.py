"""The server ends, whatever browsers hold open."""

import gc
import socket
import ssl
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.web.certificate import certificate
from scanner.web.server import serving
from tests.web.day import Day, day


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Day]:
    with day(tmp_path) as made:
        yield made


def test_it_hangs_up_on_connections_in_reserve_and_on_those_that_say_no_farewell(
    here: Day, tmp_path: Path
) -> None:
    shown = certificate(tmp_path / "tls", "127.0.0.1")
    trusting = ssl.create_default_context(cafile=str(shown.ca))
    with warnings.catch_warnings(record=True) as complaints:
        warnings.simplefilter("always")
        with serving(here.office, "127.0.0.1", 0, shown) as address:
            there = ("127.0.0.1", int(address.rstrip("/").rpartition(":")[2]))
            silent = socket.create_connection(there)
            idle = trusting.wrap_socket(socket.create_connection(there), server_hostname="127.0.0.1")
            idle.sendall(b"GET /login HTTP/1.1\r\nHost: x\r\n\r\n")
            assert idle.recv(100_000).startswith(b"HTTP/1.1 200 OK")
        gc.collect()
    assert [str(one.message) for one in complaints if one.category is ResourceWarning] == []
    for one in (silent, idle):
        one.settimeout(10)
        with one, suppress(ConnectionError, ssl.SSLError):
            while one.recv(100_000):
                pass  # what was sent before it hung up; a server that did not would run into the time-out


def test_a_port_that_is_taken_is_one_sentence(here: Day) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(UsageError, match=f"port {port}"),
            serving(here.office, "127.0.0.1", port, None),
        ):
            pass  # pragma: no cover
