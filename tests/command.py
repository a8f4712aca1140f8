"""Calling `valgskanner` as its users do, in a process of its own, or inside this one where that is enough."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main
from scanner.election import Election
from scanner.election_package import read_election
from scanner.simulate.deck import SimulatedSheet
from scanner.simulate.elections import shipped_election

COMMAND = Path(sys.executable).with_name("valgskanner")
MOST_KIB = 8 * 2**20  # address space a command may claim: a runaway dies before the machine does

Json = dict[str, Any]


@dataclass(frozen=True)
class Ran:
    """How a command ended; `peak_mb` and `seconds` only when it had a process of its own."""

    code: int
    out: str
    err: str
    peak_mb: float = 0.0
    seconds: float = 0.0

    @property
    def lines(self) -> list[Json]:
        """stdout, which must be one JSON object a line and nothing else."""
        found = [json.loads(one) for one in self.out.splitlines()]
        assert all(isinstance(one, dict) for one in found), self.out
        return found


def valgskanner(*words: object, env: dict[str, str] | None = None, timeout: float = 120) -> Ran:
    """The installed command in its own process, without an operator and with bounded memory."""
    line = ["sh", "-c", f'ulimit -v {MOST_KIB}; exec "$@"', "sh", str(COMMAND), *map(str, words)]
    start = time.monotonic()
    child = subprocess.Popen(
        line,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | (env or {}),
    )
    try:
        out, err = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        raise
    return Ran(child.returncode, out.decode(), err.decode(), seconds=time.monotonic() - start)


def measured(*words: object, env: dict[str, str] | None = None) -> Ran:
    """The same under a small watcher that says how much memory the largest process held."""
    watcher = (
        "import resource, subprocess, sys\n"
        "code = subprocess.run(sys.argv[1:]).returncode\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)\n"
        "sys.exit(code)"
    )
    line = [sys.executable, "-c", watcher, "sh", "-c", f'ulimit -v {MOST_KIB}; exec "$@"', "sh"]
    start = time.monotonic()
    done = subprocess.run(
        [*line, str(COMMAND), *map(str, words)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=os.environ | (env or {}),
        timeout=120,
        check=False,
    )
    *told, peak = done.stderr.decode().splitlines()
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Ran(
        done.returncode,
        done.stdout.decode(),
        "\n".join(told),
        peak_mb=int(peak) / unit,
        seconds=time.monotonic() - start,
    )


@dataclass(frozen=True)
class Here:
    """`valgskanner` inside this process: as the shell calls it, half a second sooner."""

    capture: pytest.CaptureFixture[str]

    def __call__(self, *words: object) -> Ran:
        self.capture.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(one) for one in words])
        seen = self.capture.readouterr()
        return Ran(int(left.value.code or 0), seen.out, seen.err)


def lay(sheets: Iterable[SimulatedSheet], folder: Path) -> Path:
    """The sheets as NAMEF.jpg and NAMEB.jpg in a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in sheets:
        (folder / f"{one.name}F.jpg").write_bytes(one.front)
        (folder / f"{one.name}B.jpg").write_bytes(one.back)
    return folder


def election(kind: str) -> Election:
    """A shipped election."""
    return read_election(package(kind))


def package(kind: str) -> Path:
    """Folder of a shipped election package."""
    return shipped_election(kind)
