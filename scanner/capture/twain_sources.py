"""The TWAIN sources of this computer, and what each says it is and can do."""

from scanner.capture.events import Capabilities, Fault
from scanner.capture.twain_containers import Container, Range, current, offers
from scanner.capture.twain_faults import TwainError
from scanner.capture.twain_session import Session, State
from scanner.capture.twain_types import Identity
from scanner.capture.twain_values import get, now, paper, supported
from scanner.capture.twain_words import Cap, Pixel

_USUAL_DPI = (100, 150, 200, 240, 300, 400, 600)  # tried against a device that names a range
_DPI = (50, 1200)
_MAX_NAME = 120


def sources() -> tuple[str, ...]:
    """Names of the sources, each good for `twain:NAME`; empty if there is no TWAIN on this computer."""
    try:
        session = Session()
    except TwainError:
        return ()
    try:
        session.open_manager()
        return tuple(_name(one) for one in session.sources())
    except TwainError:
        return ()
    finally:
        session.unwind(State.UNLOADED)


def opened(name: str) -> Session:
    """A conversation with the source of that name, at state 4; "": the default source.

    TwainError(OFFLINE) if there is none of that name, or the source's own fault.
    """
    session = Session()
    try:
        session.open_manager()
        session.open_source(_found(session, name))
    except BaseException:
        session.unwind(State.UNLOADED)
        raise
    return session


def capabilities(session: Session) -> Capabilities:
    """What the open source says it is and can do."""
    known = {cap: get(session, cap) for cap in (Cap.ICAP_XRESOLUTION, Cap.ICAP_PIXELTYPE)}
    pixels = _numbers(known[Cap.ICAP_PIXELTYPE])
    serial = now(session, Cap.CAP_SERIALNUMBER)
    model = _model(session.source)
    number = _plain(serial) if isinstance(serial, str) else ""
    return Capabilities(
        device=f"twain:{model} {number}".strip()[:_MAX_NAME],
        replayable=False,
        dpis=_dpis(known[Cap.ICAP_XRESOLUTION]),
        colour=Pixel.RGB in pixels,
        gray=Pixel.GRAY in pixels,
        duplex=bool(now(session, Cap.CAP_DUPLEX)),
        max_mm=paper(session),
        model=model,
        serial=number,
        imprinter=bool(_has(session, Cap.CAP_PRINTERENABLED)),
        double_feed=bool(_has(session, Cap.CAP_DOUBLEFEEDDETECTION)),
    )


def _found(session: Session, name: str) -> Identity:
    if not name:
        if (found := session.default_source()) is not None:
            return found
        raise TwainError(
            Fault.OFFLINE, "There is no TWAIN source on this computer: install the scanner's driver."
        )
    there = session.sources()
    exact = [one for one in there if _name(one).casefold() == name.casefold()]
    alike = exact or [one for one in there if name.casefold() in _name(one).casefold()]
    if len(alike) == 1 or exact:
        return alike[0]
    names = ", ".join(map(_name, there)) or "none"
    raise TwainError(Fault.OFFLINE, f"There is no one TWAIN source called {name!r}; there are: {names}.")


def _model(source: Identity | None) -> str:
    if source is None:
        return ""
    maker, name = _plain(source.maker.decode("utf-8", "replace")), _name(source)
    return name if name.casefold().startswith(maker.casefold()) else f"{maker} {name}"


def _name(source: Identity) -> str:
    return _plain(source.name.decode("utf-8", "replace"))


def _plain(text: str) -> str:
    return "".join(one for one in text if one.isprintable()).strip()


def _has(session: Session, cap: Cap) -> bool:
    return cap in supported(session) or get(session, cap) is not None


def _numbers(known: Container | None) -> tuple[float, ...]:
    if known is None:
        return ()
    return offers(known, 0, 2**31) or tuple(one for one in [current(known)] if isinstance(one, int | float))


def _dpis(known: Container | None) -> tuple[int, ...]:
    if known is None:
        return ()
    there = {round(one) for one in offers(known, *_DPI)}
    return tuple(sorted(there & set(_USUAL_DPI) if isinstance(known, Range) else there))
