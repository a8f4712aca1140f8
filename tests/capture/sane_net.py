"""saned on this machine, so that a device is reached over the network as from a desk in the counting hall.

libsane's net driver knows one port only, so one process of a machine at a time has it.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.capture.sane_world import needs_compiler, world

PORT = 6566
_SERVER_CONF = "127.0.0.1\nlocalhost\ndata_portrange = 10000 - 10100\n"

needs_saned = pytest.mark.skipif(
    needs_compiler.args[0] or shutil.which("saned") is None, reason="the package sane-utils is not installed"
)


@contextmanager
def saned() -> Iterator[str]:
    """A running saned with the drivers of our world; the value is what SPECs begin with."""
    with tempfile.TemporaryDirectory(prefix="valgskanner-saned-") as made, _the_port():
        folder = Path(made)
        (folder / "dll.d").mkdir()
        (folder / "dll.conf").write_text("test\nballot\n")
        (folder / "saned.conf").write_text(_SERVER_CONF)
        shutil.copy(world() / "test.conf", folder)
        command = ["saned", "-l", "-b", "127.0.0.1", "-p", str(PORT), "-e", "-d", "1"]
        environment = {**os.environ, "SANE_CONFIG_DIR": str(folder)}
        server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            _wait_for(server)
            yield "sane:net:127.0.0.1:"
        finally:
            server.terminate()
            server.wait(10)


@contextmanager
def _the_port() -> Iterator[None]:
    """Wait until no other test of this machine has it."""
    with (Path(tempfile.gettempdir()) / "valgskanner-saned-6566.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _wait_for(server: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        if server.poll() is not None:
            pytest.skip(f"saned cannot have port {PORT}")
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", PORT)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("saned does not answer")
