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
_TURN_S = 120.0  # others of ours may feed a stack meanwhile


def missing(port: int = PORT) -> str:
    """What this machine lacks to play it, as words; empty if it lacks nothing."""
    if shutil.which("saned") is None:
        return "the package sane-utils is not installed"
    return sane_device.missing() or (_taken(port) if _strangers(port) else "")


@contextmanager
def saned(port: int = PORT, turn_s: float = _TURN_S) -> Iterator[str]:
    """A running saned with the drivers of our world; the value is what SPECs begin with.

    Waits `turn_s` seconds for whoever else of ours has the port; CaptureError if a stranger has it,
    or the turn does not come.
    """
    with tempfile.TemporaryDirectory(prefix="saned-device-") as made, _the_port(port, turn_s):
        if _answers(port):
            raise CaptureError(f"The simulated saned cannot start: {_taken(port)}.")
        folder = Path(made)
        (folder / "dll.d").mkdir()
        (folder / "dll.conf").write_text("test\nballot\n")
        (folder / "saned.conf").write_text(_SERVER_CONF)
        shutil.copy(sane_device.world() / "test.conf", folder)
        command = ["saned", "-l", "-b", "127.0.0.1", "-p", str(port), "-e", "-d", "1"]
        environment = {**os.environ, "SANE_CONFIG_DIR": str(folder)}
        server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            _wait_for(server, port)
            yield "sane:net:127.0.0.1:"
        finally:
            server.terminate()
            server.wait(10)


def _taken(port: int) -> str:
    return f"port {port} is taken by another program, perhaps a saned that runs already"


def _answers(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(1.0)
        return one.connect_ex(("127.0.0.1", port)) == 0


def _strangers(port: int) -> bool:
    """True if somebody has the port who is none of ours: for one of ours one waits."""
    if not _answers(port):
        return False
    try:
        with _the_port(port, 0.0):
            return _answers(port)
    except CaptureError:
        return False


@contextmanager
def _the_port(port: int, turn_s: float) -> Iterator[None]:
    """Hold the port among the processes of ours on this machine; CaptureError after `turn_s` s."""
    import fcntl  # noqa: PLC0415 - neither it nor saned is there on Windows

    until = time.monotonic() + turn_s
    with (Path(tempfile.gettempdir()) / f"valgskanner-saned-{port}.lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise CaptureError(f"Another simulated saned has port {port}: wait for it.") from None
            time.sleep(_PAUSE_S)
        yield


def _wait_for(server: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(_TRIES):
        if server.poll() is not None:
            raise CaptureError(f"saned ended by itself: perhaps {_taken(port)}.")
        if _answers(port):
            return
        time.sleep(_PAUSE_S)
    raise CaptureError(f"saned does not answer on port {port}.")
