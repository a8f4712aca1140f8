"""Where paper comes from: `folder:PATH`, `escl:URL`, `sane:DEVICE` or `twain:NAME`.

The nouns live in `events` and are offered here as well, so that a caller needs this one door.
"""

from scanner.capture.escl import EsclSource
from scanner.capture.events import (
    Capabilities,
    End,
    Ended,
    Event,
    Fault,
    Faulted,
    Fed,
    Feed,
    Noted,
    ScanSettings,
    Source,
)
from scanner.capture.folder import FolderSource
from scanner.capture.hot_folder import HotFolderSource
from scanner.errors import UsageError

__all__ = [
    "Capabilities",
    "End",
    "Ended",
    "Event",
    "Fault",
    "Faulted",
    "Fed",
    "Feed",
    "Noted",
    "ScanSettings",
    "Source",
    "open_source",
]


def open_source(spec: str) -> Source:
    """The source that `spec` names: `folder:PATH`, `escl:URL`, `sane:DEVICE`, `twain:NAME` or `twain:`.

    UsageError for another kind or a URL that is none, InputError for a path that is not there.
    """
    kind, colon, place = spec.partition(":")
    match kind.lower():
        case "folder" if place:
            return FolderSource(place)
        case "hot" if place:
            return HotFolderSource(place)
        case "escl" if place:
            return EsclSource(place)
        case "sane" if place:
            from scanner.capture.sane_feed import SaneSource  # noqa: PLC0415 - drivers only where asked for

            return SaneSource(place)
        case "twain" if colon:  # without a name: the source the TWAIN manager takes by itself
            from scanner.capture.twain_feed import TwainSource  # noqa: PLC0415 - drivers only where asked for

            return TwainSource(place)
    seen = spec if colon else f"{spec} (no kind before a colon)"
    raise UsageError(
        f"The source {seen!r} is not one this build supports: "
        "write folder:PATH, escl:URL, sane:DEVICE or twain:NAME."
    )
