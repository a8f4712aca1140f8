"""One conversation with one TWAIN source, as the specification's states 1 to 7.

    1 unloaded → 2 loaded → 3 manager open → 4 source open → 5 enabled → 6 image ready → 7 transferring

Going up may fail and says why. Going down never fails: each step is taken whatever the driver
answers, since a source that is left half open often needs the whole computer to be started again.
"""

import ctypes as c
import time
from collections.abc import Iterator
from contextlib import suppress
from enum import IntEnum
from queue import Empty, SimpleQueue

from scanner.capture.events import Fault
from scanner.capture.twain_dsm import Body, Dsm
from scanner.capture.twain_faults import TwainError, news
from scanner.capture.twain_limits import twain_limits
from scanner.capture.twain_pump import Pump, Said, pump
from scanner.capture.twain_types import (
    Callback,
    CallbackEntry,
    DeviceNews,
    Identity,
    ImageInfo,
    PendingTransfers,
    UserInterface,
    WindowsEvent,
)
from scanner.capture.twain_words import Dat, Msg, Rc

_TRIED_HARD = (Rc.SUCCESS, Rc.CHECKSTATUS)


class State(IntEnum):
    """How far the conversation has come."""

    UNLOADED = 1
    LOADED = 2
    MANAGER_OPEN = 3
    SOURCE_OPEN = 4
    ENABLED = 5
    READY = 6
    TRANSFERRING = 7


class Session:
    """A conversation, begun at state 2. Leave it by `unwind`, from wherever it stands."""

    def __init__(self) -> None:
        self._dsm: Dsm | None = Dsm()
        self.state = State.LOADED
        self._pump: Pump = pump()
        self._said: Said = SimpleQueue()
        self._callback = Callback(self._hear)
        self.source: Identity | None = None
        self._interface = UserInterface(show=0, modal=0, parent=self._pump.window)
        self._parent = c.c_void_p(self._pump.window)

    @property
    def dsm(self) -> Dsm:
        """The manager; TwainError once it is unloaded."""
        if self._dsm is None:
            raise TwainError(Fault.INTERNAL, "The conversation with the scanner is over.")
        return self._dsm

    def open_manager(self) -> None:
        """2 → 3."""
        self._expect(State.LOADED)
        self.dsm.call("opening the manager", Dat.PARENT, Msg.OPENDSM, self._parent)
        self.state = State.MANAGER_OPEN
        self.dsm.fetch_memory()

    def sources(self) -> tuple[Identity, ...]:
        """All sources on this computer, in state 3 or above."""
        return tuple(self._listed())

    def default_source(self) -> Identity | None:
        """The source the manager takes if none is named; None if it knows none."""
        found = Identity()
        code = self.dsm.ask(Dat.IDENTITY, Msg.GETDEFAULT, found)
        return found if code == Rc.SUCCESS else next(self._listed(), None)

    def open_source(self, source: Identity) -> None:
        """3 → 4."""
        self._expect(State.MANAGER_OPEN)
        self.dsm.call("opening the source", Dat.IDENTITY, Msg.OPENDS, source)
        self.source, self.state = source, State.SOURCE_OPEN
        entry = CallbackEntry(c.cast(self._callback, c.c_void_p).value, 0, 0)
        if self.dsm.second:
            self.dsm.call("asking to be called", Dat.CALLBACK, Msg.REGISTER_CALLBACK, entry, to=source)

    def enable(self) -> None:
        """4 → 5: the feeder may start. TwainError(HOPPER_EMPTY) if there is no paper."""
        self._expect(State.SOURCE_OPEN)
        self._forget()
        self.call("starting the feeder", Dat.USERINTERFACE, Msg.ENABLEDS, self._interface, _TRIED_HARD)
        self.state = State.ENABLED

    def await_image(self, until: float) -> None:
        """5 → 6, by `until` (monotonic s); TwainError(TIMEOUT), or what the device says by itself."""
        self._expect(State.ENABLED)
        while self.state is State.ENABLED:
            word = self._pump.wait(self._said, self._offer, until - time.monotonic())
            if word is None:
                raise TwainError(Fault.TIMEOUT, "The scanner sends no image and names no fault.")
            self._heed(word)

    def image_info(self) -> ImageInfo:
        """What the source says of the image that is ready (6) or was sent (7)."""
        info = ImageInfo()
        self.hear_news()
        self.call("the next image", Dat.IMAGEINFO, Msg.GET, info)
        return info

    def begun(self) -> None:
        """6 → 7: the first bytes of an image are here."""
        self.state = State.TRANSFERRING

    def end_transfer(self) -> int:
        """7 → 6, or 5 when there are no more: how many images are still to come (65535: some)."""
        self._expect(State.TRANSFERRING)
        left = PendingTransfers()
        self.call("the end of an image", Dat.PENDINGXFERS, Msg.ENDXFER, left)
        self.state = State.READY if left.count else State.ENABLED
        return left.count

    def stop_feeder(self) -> bool:
        """In 6: feed no more, but keep what is in the paper path; False if the source cannot."""
        self._expect(State.READY)
        return self.ask(Dat.PENDINGXFERS, Msg.STOPFEEDER, PendingTransfers()) == Rc.SUCCESS

    def hear_news(self) -> None:
        """What the device said by itself in the meantime; TwainError if it is a fault."""
        while True:
            try:
                word = self._said.get_nowait()
            except Empty:
                return
            if word != Msg.XFERREADY:
                self._heed(word)

    def unwind(self, to: State) -> None:
        """Down to state `to`, step by step, whatever the driver answers."""
        while self.state > to:
            before = self.state
            with suppress(TwainError):
                self._step_down()
            self.state = min(self.state, State(before - 1))

    def call(
        self, what: str, about: Dat, message: Msg, body: Body, good: tuple[Rc, ...] = (Rc.SUCCESS,)
    ) -> Rc:
        """One call to the source; its return code if that is among `good`, else TwainError."""
        return self.dsm.call(what, about, message, body, to=self.source, good=good)

    def ask(self, about: Dat, message: Msg, body: Body) -> int:
        """One call to the source and its bare return code."""
        return self.dsm.ask(about, message, body, to=self.source)

    def _expect(self, state: State) -> None:
        if self.state is not state:
            text = f"The driver was asked for state {state + 0} things in state {self.state + 0}."
            raise TwainError(Fault.INTERNAL, text)

    def _listed(self) -> Iterator[Identity]:
        message = Msg.GETFIRST
        for _ in range(twain_limits().max_sources):
            found = Identity()
            if self.dsm.ask(Dat.IDENTITY, message, found) != Rc.SUCCESS:
                return
            yield found
            message = Msg.GETNEXT

    def _step_down(self) -> None:
        match self.state:
            case State.TRANSFERRING:
                with suppress(TwainError):
                    self.end_transfer()
                if self.state is State.TRANSFERRING:  # it told of a fault instead: once more
                    self.end_transfer()
            case State.READY:
                self._drop_images()
            case State.ENABLED:
                self.call("stopping the feeder", Dat.USERINTERFACE, Msg.DISABLEDS, self._interface)
            case State.SOURCE_OPEN:
                self.dsm.call("closing the source", Dat.IDENTITY, Msg.CLOSEDS, self.source)
            case State.MANAGER_OPEN:
                self.source = None
                self.dsm.call("closing the manager", Dat.PARENT, Msg.CLOSEDSM, self._parent)
            case _:
                self._pump.close()
                self._dsm = None

    def _drop_images(self) -> None:
        """All that is still to come; a driver that thinks it is in mid image is told first that it is not."""
        if self.ask(Dat.PENDINGXFERS, Msg.RESET, PendingTransfers()) != Rc.SUCCESS:
            self.ask(Dat.PENDINGXFERS, Msg.ENDXFER, PendingTransfers())
            self.ask(Dat.PENDINGXFERS, Msg.RESET, PendingTransfers())

    def _hear(self, *said: int) -> int:
        """The source speaks, from any thread of its own: from, to, group, about, message, body."""
        self._said.put(said[4])
        return Rc.SUCCESS

    def _offer(self, event: int) -> int:
        """Offer a window message to the source: what it says by it, -1 if the message is not its own."""
        body = WindowsEvent(event, Msg.NULL)
        mine = self.ask(Dat.EVENT, Msg.PROCESSEVENT, body) == Rc.DSEVENT
        return body.message if mine else -1

    def _heed(self, word: int) -> None:
        match word:
            case Msg.XFERREADY:
                self.state = State.READY
            case Msg.CLOSEDSREQ | Msg.CLOSEDSOK:
                raise TwainError(Fault.BUSY, "The scanner's driver asks to be closed.", f"MSG {word:#x}")
            case Msg.DEVICEEVENT:
                self._news()

    def _news(self) -> None:
        told = DeviceNews()
        if self.ask(Dat.DEVICEEVENT, Msg.GET, told) == Rc.SUCCESS and (fault := news(told.event)):
            raise fault

    def _forget(self) -> None:
        """Words from before the feeder starts mean nothing now."""
        while not self._said.empty():
            self._said.get_nowait()
