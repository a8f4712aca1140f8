"""Pictures that are larger than those before: a scanner that follows the paper shows two sheets so.

Pure, by the size alone, so that every sheet can be looked at. A scanner that always sends the same
area tells nothing here.
"""

from collections import deque
from dataclasses import dataclass, field
from statistics import median

Size = tuple[float, float]  # mm: width, length
_KEPT = 15  # pictures that say what is usual
_ENOUGH = 3


@dataclass(slots=True)
class SizeWatch:
    """Looks at the size of one side's pictures as they come. `more_mm`: what paper and feeder differ by."""

    more_mm: float
    _usual: deque[Size] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def see(self, size: Size) -> str:
        """What a person should know of this picture; "" if it is no larger than most before it."""
        if len(self._usual) < _ENOUGH:
            self._usual.append(size)
            return ""
        usual = median(one[0] for one in self._usual), median(one[1] for one in self._usual)
        if all(now - before <= self.more_mm for now, before in zip(size, usual, strict=True)):
            self._usual.append(size)
            return ""
        return f"the picture is {_mm(size)}, those before {_mm(usual)}: were two sheets fed together?"


def _mm(size: Size) -> str:
    return f"{size[0]:.0f} × {size[1]:.0f} mm"
