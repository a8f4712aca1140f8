"""Where paper comes from: folders, recorded batches, and scanners by eSCL, SANE or TWAIN.

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
from scanner.capture.replay import ReplaySource
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
    """The source that `spec` names.

    `folder:PATH` (or a file, or a zip), `hot:PATH` (a folder still being filled), `replay:PATH` (a
    batch in the spool), `escl:HOST` or a URL, `sane:DEVICE`, `twain:NAME` or `twain:` alone.
    UsageError for another kind or a URL that is none, InputError for a path that is not there.
    """
    kind, colon, place = spec.partition(":")
    match kind.lower():
        case "folder" if place:
            return FolderSource(place)
        case "hot" if place:
            return HotFolderSource(place)
        case "replay" if place:
            return ReplaySource(place)
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
        "write folder:PATH, hot:PATH, replay:PATH, escl:HOST, sane:DEVICE or twain:NAME."
    )
