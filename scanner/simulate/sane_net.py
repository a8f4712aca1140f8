"""saned on this machine, so that a device is reached over the network as from a desk in the counting hall.

libsane's net driver knows one port only, so one process of a machine at a time has it.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scanner.errors import CaptureError
from scanner.simulate import sane_device

PORT = 6566
_SERVER_CONF = "127.0.0.1\nlocalhost\ndata_portrange = 10000 - 10100\n"
_TRIES, _PAUSE_S = 200, 0.05


def missing() -> str:
    """What this machine lacks to play it, as words; empty if it lacks nothing."""
    if shutil.which("saned") is None:
        return "the package sane-utils is not installed"
    return sane_device.missing()


@contextmanager
def saned() -> Iterator[str]:
    """A running saned with the drivers of our world; the value is what SPECs begin with.

    Waits for whoever else of ours has the port; CaptureError if a stranger has it.
    """
    with tempfile.TemporaryDirectory(prefix="saned-device-") as made, _the_port():
        folder = Path(made)
        (folder / "dll.d").mkdir()
        (folder / "dll.conf").write_text("test\nballot\n")
        (folder / "saned.conf").write_text(_SERVER_CONF)
        shutil.copy(sane_device.world() / "test.conf", folder)
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
    """Wait until no other process of ours on this machine has it."""
    import fcntl  # noqa: PLC0415 - neither it nor saned is there on Windows

    with (Path(tempfile.gettempdir()) / "valgskanner-saned-6566.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _wait_for(server: "subprocess.Popen[bytes]") -> None:
    for _ in range(_TRIES):
        if server.poll() is not None:
            raise CaptureError(f"saned cannot have port {PORT}: stop what listens there.")
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", PORT)) == 0:
                return
        time.sleep(_PAUSE_S)
    raise CaptureError(f"saned does not answer on port {PORT}.")
