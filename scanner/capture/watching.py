"""Which files in a folder have come to rest: pure, sizes and times in, names out.

Scanners and copying programs make a file early, append to it, close it and open it again. A file
is at rest when its size and time have been the same for a while by our own clock: the clock of
the machine that writes may be wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Look = tuple[int, int]  # size in bytes, time of the last change in ns


@dataclass(slots=True)
class _Seen:
    """One file as it was seen last."""

    look: Look
    since: float  # s, when it first looked so
    tried: Look | None = None  # how it looked when it was found not to be whole
    named: bool = False  # a person has been told that it does not become whole


@dataclass(slots=True)
class Watch:
    """Files that have been seen and not been taken yet. `stable_s`, `overdue_s`: seconds."""

    stable_s: float
    overdue_s: float
    _files: dict[str, _Seen] = field(default_factory=dict)

    def look(self, entries: Mapping[str, Look], now: float) -> None:
        """What lies there at `now` (s, monotonic), files that were taken already left out."""
        for gone in self._files.keys() - entries.keys():
            del self._files[gone]
        for name, look in entries.items():
            seen = self._files.get(name)
            if seen is None:
                self._files[name] = _Seen(look, now)
            elif seen.look != look:
                seen.look, seen.since = look, now

    def at_rest(self, now: float) -> list[str]:
        """Files that have not changed for `stable_s`; an empty one may still be filled."""
        return [name for name, seen in self._files.items() if seen.look[0] and self._calm(seen, now)]

    def fresh(self, name: str) -> bool:
        """True if the file was never tried, or has changed since it was found not to be whole."""
        seen = self._files.get(name)
        return seen is not None and seen.tried != seen.look

    def moving(self, now: float) -> bool:
        """True if any file changed within `stable_s`."""
        return not all(self._calm(seen, now) for seen in self._files.values())

    def not_whole(self, name: str) -> None:
        """The file was tried in vain: wait for it to change."""
        if name in self._files:
            self._files[name].tried = self._files[name].look

    def look_of(self, name: str) -> Look | None:
        """How it looked last; None if it was not there."""
        seen = self._files.get(name)
        return seen.look if seen else None

    def taken(self, name: str) -> None:
        """The file is fed: it is not watched any more."""
        self._files.pop(name, None)

    def overdue(self, now: float) -> list[str]:
        """Files that have lain here unchanged for `overdue_s` and were not taken; each is named once."""
        late = [name for name, seen in self._files.items() if not seen.named and self._late(seen, now)]
        for name in late:
            self._files[name].named = True
        return late

    def _late(self, seen: _Seen, now: float) -> bool:
        return now - seen.since >= self.overdue_s

    def _calm(self, seen: _Seen, now: float) -> bool:
        return now - seen.since >= self.stable_s
