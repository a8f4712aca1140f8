"""The process that owns the scanner: it can be killed at any instant without losing a stored sheet.

    python -m scanner.capture.worker

Drivers block for ever, crash and leak; none of that may happen in the process that counts. This
one gets an `Order` on its standard input, feeds sheet by sheet into the spool, and says on its
standard output what happened (`talk`). It ends when the paper stops or when its parent is gone.
Every call to the device comes from the main thread: drivers allow nothing else.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from typing import assert_never

from scanner.capture.batch import Known
from scanner.capture.events import Capabilities, End, Ended, Fault, Faulted, Fed, Feed, Noted, Source
from scanner.capture.journal import Closed, Opened, Paused, Resumed, Stopped, clean
from scanner.capture.source import open_source
from scanner.capture.spool import Batch, SpoolError, occupied
from scanner.capture.talk import (
    Command,
    Failed,
    Finished,
    Go,
    Order,
    Pause,
    Ready,
    Remark,
    Told,
    commands,
    orders,
    said,
)
from scanner.errors import ExitCode, ValgskannerError

Say = Callable[[Told], None]
Inbox = SimpleQueue[Command | None]  # None: nobody is listening any more

_BLOCK = 2**20  # bytes read at once
_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def work(order: Order, source: Source, inbox: Inbox, say: Say) -> None:
    """Feed what `order` asks for until the paper stops; every word of it is said before it returns.

    CaptureError and InputError as the source raises them before the first sheet; AuditError if
    the batch's journal was changed.
    """
    folder = Path(order.folder)
    try:
        with occupied(folder, order.parting_s, order.box), closing(Batch(folder)) as batch:
            _Run(order, batch, inbox, say).through(source)
    except SpoolError as error:
        say(Stopped(Fault.DISK_FULL, str(error), "", order.first))


class _Run:
    """One worker's share of a batch."""

    def __init__(self, order: Order, batch: Batch, inbox: Inbox, say: Say) -> None:
        self._order, self._batch, self._inbox, self._say = order, batch, inbox, say
        self._to = order.to
        self._known: frozenset[str] = frozenset()
        self._device = ""
        self._passed_over = 0
        self._stopping = False

    def through(self, source: Source) -> None:
        """Open the device and feed until the paper stops."""
        for note in self._batch.notes:
            self._say(Remark(note))
        about = source.describe()
        with closing(source.start(self._order.settings, self._order.first)) as feed:
            self._begin(about, feed)
            try:
                while self._may_feed(feed) and self._one(feed):
                    pass
            except SpoolError as error:
                self._full(str(error))

    def _begin(self, about: Capabilities, feed: Feed) -> None:
        self._device = clean(about.device)
        if about.replayable:
            self._known = frozenset(self._order.known)
        if self._batch.standing.opened is None:
            words = clean(about.model), clean(about.serial)
            asked = self._order.settings, feed.settings
            order = self._order
            self._batch.write(Opened(order.box, order.spec, order.first, self._device, *words, *asked))
        else:
            self._batch.write(Resumed(self._batch.standing.next, self._device, feed.settings))
        self._say(Ready(self._device, about.replayable, feed.settings))

    def _may_feed(self, feed: Feed) -> bool:
        """Wait until the next sheet may be fed; False if nobody waits for it any more."""
        while not self._stopping:
            ahead = self._batch.standing.next > self._to
            try:
                command = self._inbox.get(block=ahead)
            except Empty:
                return True
            match command:
                case None:
                    self._end(Ended(End.CLOSED, 0))
                    return False
                case Go(to):
                    self._to = max(self._to, to)
                case Pause():
                    self._stopping = True
                    feed.pause()
                case _:
                    assert_never(command)
        return True

    def _one(self, feed: Feed) -> bool:
        """Feed one sheet; False when the paper stopped."""
        need = self._order.reserve_sheets * self._batch.largest
        if self._batch.room() < need:
            self._full(f"The disk of the spool has less than {need // 2**20 + 1} MiB left.")
            return False
        event = feed.next_sheet(self._order.sheet_s)
        match event:
            case Fed():
                return self._keep(event)
            case Noted(text):
                self._say(Remark(text))
                return True
            case Faulted(fault, text, resumable, _, native):
                number = self._batch.standing.next
                return self._stop(Stopped(fault, clean(text), clean(native), number, resumable))
            case Ended():
                return self._end(event)
            case _:
                assert_never(event)

    def _keep(self, fed: Fed) -> bool:
        hashes = tuple(one.sha256 for one in fed.images) if self._known else ()
        if self._known and Known(self._device, clean(fed.name), hashes).mark in self._known:
            self._passed_over += 1
            return True
        self._say(self._batch.store(fed))
        return True

    def _stop(self, stopped: Stopped) -> bool:
        self._batch.write(stopped)
        self._say(stopped)
        return False

    def _full(self, text: str) -> None:
        """The disk takes no more, perhaps not even the line that says so."""
        stopped = Stopped(Fault.DISK_FULL, text, "", self._batch.standing.next)
        with suppress(SpoolError):
            self._batch.write(stopped)
        self._say(stopped)

    def _end(self, ended: Ended) -> bool:
        """The stack is finished, or somebody asked for a stop."""
        over = ended.reason in {End.HOPPER_EMPTY, End.JOB_COMPLETED}
        standing = self._batch.standing
        words = "The feeder was asked to stop."
        self._batch.write(
            Closed(ended.reason, standing.sheets, ended.counter) if over else Paused(words, standing.next)
        )
        self._say(Finished(ended.reason, ended.sheets, ended.counter, self._passed_over))
        return False


def main() -> None:
    """Speak with the parent on the standard channels; drivers that chatter do it on stderr."""
    speech = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what a Ctrl-C means
    lines = _lines(0)
    first = next(lines, None)
    if first is None:
        return  # the parent was gone before we began
    order = orders.decode(first)
    inbox: Inbox = SimpleQueue()
    Thread(target=_listen, args=(lines, inbox, order.parting_s), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: inbox.put(None))
    _wake_when_orphaned()

    def say(message: Told) -> None:
        speech.write(said(message))

    with suppress(BrokenPipeError):  # the parent is gone; what is stored is stored
        obey(order, inbox, say)


def obey(order: Order, inbox: Inbox, say: Say) -> None:
    """Do what the order says; whatever goes wrong is said as well, and nothing but a dead parent raised."""
    try:
        work(order, open_source(order.spec), inbox, say)
    except ValgskannerError as error:
        say(Failed(error.exit_code, str(error), getattr(error, "fault", None)))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - a driver's odd end must reach the operator as a sentence
        say(Failed(ExitCode.CAPTURE, f"The source broke: {type(error).__name__}: {error}.", Fault.INTERNAL))


def _lines(handle: int) -> Iterator[bytes]:
    """Whole lines from an open file. Without Python's buffer, whose lock a sleeping reader would keep."""
    rest = b""
    while part := os.read(handle, _BLOCK):
        *whole, rest = (rest + part).split(b"\n")
        yield from whole


def _listen(lines: Iterator[bytes], inbox: Inbox, parting_s: float) -> None:
    """Pass commands on. When the parent is gone, a driver that hangs may not keep the device."""
    for line in lines:
        inbox.put(commands.decode(line))
    inbox.put(None)
    last = Timer(parting_s, os._exit, (ExitCode.CAPTURE,))
    last.daemon = True
    last.start()


def _wake_when_orphaned() -> None:
    """A frozen process would sleep for ever on the device: let the kernel wake it when its parent dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, int(signal.SIGCONT), 0, 0, 0)


if __name__ == "__main__":
    main()
    os._exit(0)  # all is closed and said; half a second of tidying up would keep the next worker waiting
