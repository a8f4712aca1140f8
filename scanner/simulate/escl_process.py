"""The virtual scanner as a process of its own: a counting machine may die, the paper stays where it lies.

    python -m scanner.simulate.escl_process FOLDER --port 8089 --state tray.json --fault jam:3:back

FOLDER holds `NAMEF.ext`/`NAMEB.ext`; the bytes are sent as they are. The state file remembers how
many sheets are out and which faults have struck, so that the scanner itself may be killed too.
The operator's hand is HTTP as well: `POST /sim/put_back/SHEET`, `GET /sim`.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scanner.simulate.escl_device import EsclDevice, Planned, Reply, Side, Trouble
from scanner.simulate.feeder import Paper

_PATIENCE_S = 2.0  # a host killed in mid job must not hold the scanner for a minute
_START_S = 20.0
_TRAY = 64  # sheets the operator can put back; each is held in memory


@dataclass(frozen=True, slots=True)
class Fault:
    """`trouble` at `side` of `sheet` (1 is the first), for `seconds` if it passes by itself."""

    trouble: Trouble
    sheet: int
    side: Side = Side.FRONT
    seconds: float = 0.1

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """From `jam:3:back:0.5`; the side and the seconds may be left out. ValueError for anything else."""
        trouble, sheet, *rest = text.split(":")
        side, seconds, *_ = (*rest, "front", "0.1") if not rest else (*rest, "0.1")
        return cls(Trouble[trouble.upper()], int(sheet), Side(side), float(seconds))

    def __str__(self) -> str:
        return f"{self.trouble.name.lower()}:{self.sheet}:{self.side}:{self.seconds:g}"

    def planned(self) -> Planned:
        """The same, as the device wants it."""
        return Planned.at(self.trouble, self.sheet, self.side, self.seconds)


def folder_papers(folder: Path) -> Iterator[Paper]:
    """The sheets of a folder of `NAMEF.ext`/`NAMEB.ext` in the order of their names, byte for byte.

    ValueError if a file has no other side.
    """
    names = sorted(one for one in folder.iterdir() if one.is_file() and one.stem[-1:] in {"F", "B"})
    for back, front in zip(names[::2], names[1::2], strict=False):  # B sorts before F
        if (back.stem[:-1], back.stem[-1] + front.stem[-1]) != (front.stem[:-1], "BF"):
            raise ValueError(f"{back.name} and {front.name} are not the two sides of one sheet")
        yield front.read_bytes(), back.read_bytes()


class _Kept(EsclDevice):
    """A device whose tray and whose faults are remembered in a file, with the operator's hand on the wire."""

    def __init__(self, folder: Path, port: int, state: Path, faults: Sequence[Fault], **more: float) -> None:
        self._state = state
        out, struck = _remembered(state)
        inorder = sorted((one.planned() for one in faults), key=lambda one: one.image)
        self._faults = len(faults)
        super().__init__(
            folder_papers(folder),
            port=port,
            out=out,
            memory=_TRAY,
            faults=inorder[struck:],
            on_move=self._remember,
            look_ahead=int(more["look_ahead"]),
            pages_per_minute=more["pages_per_minute"],
            patience_s=more["patience_s"],
        )

    def answer(self, method: str, path: str, body: bytes) -> Reply:
        match method, path.removeprefix("/sim").split("/"):
            case "GET", [""] if path == "/sim":
                told = {"out": self.sheets_out, "jobs": len(self.jobs), "faults_left": len(self.planned)}
                return Reply(200, json.dumps(told).encode(), "application/json")
            case "POST", ["", "put_back", sheet] if path.startswith("/sim/"):
                try:
                    self.put_back(int(sheet))
                except ValueError as error:
                    return Reply(409, str(error).encode(), "text/plain")
                return Reply(200)
        return super().answer(method, path, body)

    def _remember(self, out: int) -> None:
        part = self._state.with_suffix(".part")
        part.write_text(json.dumps({"out": out, "struck": self._faults - len(self.planned)}))
        part.replace(self._state)


def _remembered(state: Path) -> tuple[int, int]:
    if not state.exists():
        return 0, 0
    told = json.loads(state.read_text())
    return int(told["out"]), int(told["struck"])


@dataclass(slots=True)
class Running:
    """A virtual scanner in a process of its own, and its operator's hand."""

    port: int
    _command: tuple[str, ...]
    _process: subprocess.Popen[bytes] | None = None

    @property
    def spec(self) -> str:
        """What to give `open_source`."""
        return f"escl:http://127.0.0.1:{self.port}/eSCL"

    @property
    def sheets_out(self) -> int:
        """Sheets in the exit tray."""
        return int(json.loads(self._ask("GET", "/sim"))["out"])

    def put_back(self, sheet: int) -> None:
        """Clear the fault, lay `sheet` and all after it back; ValueError if it is not in the tray."""
        try:
            self._ask("POST", f"/sim/put_back/{sheet}")
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(error.read().decode()) from error

    def kill(self) -> None:
        """Off without a word (kill -9): what was in the path lies in the tray when it comes back."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def start(self) -> None:
        """Switch it on (again): it answers when this returns; OSError if it does not come up."""
        command = [*self._command, "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None  # noqa: S101 - asked for one line above
        with self._process.stdout as out:
            told = out.readline()
        if not told:
            raise OSError("the virtual scanner did not start")
        self.port = int(told)

    def _ask(self, method: str, path: str) -> bytes:
        wanted = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        with urllib.request.urlopen(wanted, timeout=_START_S) as answer:  # noqa: S310 - our own address
            return bytes(answer.read())


@contextmanager
def escl_ballot_device(
    folder: Path,
    state: Path,
    *,
    faults: Iterable[Fault] = (),
    look_ahead: int = 2,
    pages_per_minute: float = 0,
    patience_s: float = _PATIENCE_S,
) -> Iterator[Running]:
    """A virtual scanner with the sheets of `folder` in its hopper, in a process of its own.

    `state`: file in which the paper's position outlives it. Its `spec` is what `open_source` takes.
    """
    command = [sys.executable, "-m", "scanner.simulate.escl_process", str(folder), "--state", str(state)]
    command += [word for one in faults for word in ("--fault", str(one))]
    command += ["--look-ahead", str(look_ahead), "--ppm", str(pages_per_minute)]
    device = Running(0, (*command, "--patience", str(patience_s)))
    try:
        device.start()
        yield device
    finally:
        device.kill()


def main(words: Sequence[str] | None = None) -> None:
    """Run until stopped; the first line written is the port."""
    parser = argparse.ArgumentParser(description="A virtual eSCL scanner with paper in its hopper.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--fault", type=Fault.parse, action="append", default=[])
    parser.add_argument("--look-ahead", type=int, default=2)
    parser.add_argument("--ppm", type=float, default=0.0)
    parser.add_argument("--patience", type=float, default=_PATIENCE_S)
    asked = parser.parse_args(words)
    parent = os.getppid()
    with _Kept(
        asked.folder,
        asked.port,
        asked.state,
        asked.fault,
        look_ahead=asked.look_ahead,
        pages_per_minute=asked.ppm,
        patience_s=asked.patience,
    ) as device:
        sys.stdout.write(f"{device.url.rpartition(':')[2].partition('/')[0]}\n")
        sys.stdout.flush()
        while os.getppid() == parent:  # nobody is left to stop us
            time.sleep(0.2)


if __name__ == "__main__":
    main()
