"""A worker process as its supervisor sees it: what it says, that it says nothing, that it is gone."""

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Protocol

from msgspec import MsgspecError

import scanner
from scanner.capture.files import printable
from scanner.capture.talk import Command, Order, Pause, Remark, Told, said, told

_LINE = 2000  # bytes of a driver's chatter that are shown
_PARTING_WORDS_S = 0.5  # a driver's last line may come after its process
_WAITING = 256  # words that may wait to be heard; more hold the worker up


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing was said in time."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The process ended. `code`: its exit status, negative for a signal."""

    code: int


class Hand(Protocol):
    """Whoever obeys an order: a process, or a thread where a device may be trusted."""

    def tell(self, command: Command) -> None:
        """Say something; one that is gone does not hear it."""
        ...

    def hear(self, timeout: float) -> "Told | Silent | Gone":
        """The next word, waiting at most `timeout` s."""
        ...

    @property
    def quiet(self) -> bool:
        """True if nothing waits to be heard."""
        ...

    def part(self, parting_s: float) -> tuple[str, ...]:
        """End it: politely, then firmly, then by force. What it still remarked."""
        ...


class Child:
    """One worker process. Always spawned, never forked: drivers hold threads, locks and devices."""

    def __init__(self, order: Order) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "scanner.capture.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,  # a Ctrl-C is the supervisor's to hear
        )
        self._heard: Queue[Told | None] = Queue(_WAITING)  # None: no more words will come
        self._over = False
        out, err = self._process.stdout, self._process.stderr
        Thread(target=_words, args=(out, self._heard), daemon=True).start()
        self._chatter = Thread(target=_chatter, args=(err, self._heard), daemon=True)
        self._chatter.start()
        self._say(said(order))

    def tell(self, command: Command) -> None:
        """Say something to the worker; one that is gone does not hear it."""
        self._say(said(command))

    def hear(self, timeout: float) -> Told | Silent | Gone:
        """The next word, waiting at most `timeout` s."""
        if not self._over:
            try:
                word = self._heard.get(timeout=timeout)
            except Empty:
                return Silent()
            if word is not None:
                return word
            self._over = True
        return Gone(self._process.wait())

    @property
    def quiet(self) -> bool:
        """True if nothing waits to be heard."""
        return self._heard.empty()

    @property
    def pid(self) -> int:
        """Of the process, for those who measure it."""
        return self._process.pid

    def part(self, parting_s: float) -> tuple[str, ...]:
        """End the process: politely, then firmly, then by force. What it still remarked."""
        self.tell(Pause())
        with suppress(OSError):
            self._process.stdin.close() if self._process.stdin else None
        remarks: list[str] = []
        if not self._ended(parting_s, remarks):
            self._process.terminate()
            if not self._ended(parting_s, remarks):
                self._process.kill()
        self._process.wait()
        self._chatter.join(_PARTING_WORDS_S)
        while not self._heard.empty():
            word = self._heard.get_nowait()
            remarks += [word.text] if isinstance(word, Remark) else []
        return tuple(remarks)

    def _ended(self, parting_s: float, remarks: list[str]) -> bool:
        """True once the process is gone; silence for `parting_s` s is a no."""
        while True:
            match self.hear(parting_s):
                case Gone():
                    return True
                case Silent():
                    return False
                case Remark(text):
                    remarks.append(text)
                case _:
                    pass  # it is in the journal, which is read next

    def _say(self, line: bytes) -> None:
        with suppress(OSError, ValueError):
            if self._process.stdin:
                self._process.stdin.write(line)
                self._process.stdin.flush()


def _environment() -> dict[str, str]:
    """The worker runs the very code that its supervisor runs."""
    here = str(Path(scanner.__file__).parents[1])
    found = os.environ.get("PYTHONPATH")
    return os.environ | {"PYTHONPATH": os.pathsep.join([here, *([found] if found else [])])}


def _words(channel: IO[bytes], heard: "Queue[Told | None]") -> None:
    with channel, suppress(OSError, MsgspecError):  # killed in the middle of a word
        for line in channel:
            heard.put(told.decode(line))
    heard.put(None)


def _chatter(channel: IO[bytes], heard: "Queue[Told | None]") -> None:
    with channel, suppress(OSError):
        for line in iter(lambda: channel.readline(_LINE), b""):
            if text := printable(os.fsdecode(line).strip()):
                heard.put(Remark(text))
