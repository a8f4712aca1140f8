"""What the scanner printed on each sheet: numbers that come twice, or that jump, are told at once.

The imprint is put on the paper after the vote is cast, in the order of the stack: it finds a sheet
again and ties it to no voter. It is kept with the sheet and stands in no export. An id that is
printed on the ballot itself is never read.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

_COUNTED = re.compile(r"(.*?)([0-9]{1,18})(\D*)", re.DOTALL)


class Imprint(NamedTuple):
    """An imprint taken apart: the words around its counter are the same on each sheet of a stack."""

    before: str
    counter: int
    after: str


def counted(text: str) -> Imprint | None:
    """The imprint with its last number as the counter; None if it has none."""
    match = _COUNTED.fullmatch(text)
    return Imprint(match[1], int(match[2]), match[3]) if match else None


@dataclass(slots=True)
class ImprintWatch:
    """Looks at the imprints of one box as its sheets come: the counter must run with the sheets.

    After a stop the sheets kept before are shown to it first, so that a counter that was set anew,
    or not set back, is told at the first sheet that shows it.
    """

    _seen: dict[str, int] = field(default_factory=dict)  # imprint -> number of the sheet
    _last: tuple[int, Imprint] | None = None  # number of the last sheet with a counter, and its imprint

    def see(self, number: int, text: str | None) -> tuple[str, ...]:
        """What a person should know of the imprint of sheet `number`; nothing if all is well.

        A scanner that prints nothing is silent too, until it has printed once.
        """
        if text is None or not text.strip():
            silent = bool(self._seen)
            return (f"Sheet {number} came without an imprint: look whether the imprinter has ink.",) * silent
        notes = self._twice(number, text) or self._jumped(number, counted(text))
        self._seen.setdefault(text, number)
        now = counted(text)
        self._last = (number, now) if now else None
        return notes

    def _twice(self, number: int, text: str) -> tuple[str, ...]:
        if self._seen.get(text, number) == number:
            return ()
        other = self._seen[text]
        return (
            f"Sheet {number} is printed {text}, and so is sheet {other}: was it fed twice? Count the paper.",
        )

    def _jumped(self, number: int, now: Imprint | None) -> tuple[str, ...]:
        """The counter against the sheets since the last imprint: a sheet more is a number more."""
        if now is None or self._last is None:
            return ()
        before, last = self._last
        if (now.before, now.after) != (last.before, last.after):
            return ()
        missing = (now.counter - last.counter) - (number - before)
        if missing > 0:
            between = f"{missing} sheet{'s' if missing > 1 else ''}"
            jump = f"The imprint jumps from {last.counter} to {now.counter} at sheet {number}"
            return (f"{jump}: {between} may have gone through without being scanned. Count the paper.",)
        if missing < 0:
            back = f"The imprint goes from {last.counter} to {now.counter} at sheet {number}"
            return (f"{back}: the imprinter's counter was set anew, or sheets lie in another order.",)
        return ()
