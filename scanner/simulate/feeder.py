"""The paper inside the virtual scanner: a hopper, a path, an exit tray, and an operator's hand.

As in a real feeder, paper that has left the hopper does not return by itself: when a job stops,
sheets already in the path lie in the exit tray, delivered or not, until somebody puts them back.
"""

from collections import deque
from collections.abc import Callable, Iterable
from itertools import chain, islice

Paper = tuple[bytes, bytes]  # front and back, as the bytes that are sent


class Feeder:
    """Sheets on their way through, drawn from `pages` only as they are fed.

    `look_ahead`: sheets fed beyond the one being delivered. `memory`: sheets that can be put back.
    `out`: how many of `pages` lie in the tray from the beginning. `on_move` hears of every change.
    """

    def __init__(
        self,
        pages: Iterable[Paper],
        look_ahead: int,
        memory: int,
        out: int = 0,
        on_move: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._hopper = iter(pages)
        self._returned: deque[Paper] = deque()  # put back on top of the hopper
        self._path: deque[Paper] = deque()
        self._tray: deque[Paper] = deque(maxlen=memory + look_ahead + 1)
        self._look_ahead = look_ahead
        self._side = 0
        self._on_move = on_move
        self._tray.extend(islice(self._hopper, out))
        self.out = out  # sheets in the tray, since the beginning

    @property
    def position(self) -> int:
        """The image that comes next: 0 is the front of the first sheet, 1 its back, and so on."""
        return 2 * self.out + self._side

    def empty(self) -> bool:
        """True if neither the hopper nor the path holds paper. May draw one sheet to find out."""
        return not self._path and not self._peek()

    def next_image(self, *, duplex: bool) -> bytes | None:
        """The next side, fed if need be; None when the paper is finished."""
        self._feed()
        if not self._path:
            return None
        image = self._path[0][self._side]
        if duplex and self._side == 0:
            self._side = 1
        else:
            self._drop()
        return image

    def stop(self) -> None:
        """The job stops: what is in the path ends in the tray."""
        while self._path:
            self._drop()

    def put_back(self, sheet: int) -> None:
        """Lay sheet number `sheet` (1 is the first ever fed) and all after it on top of the hopper again."""
        count = self.out - (sheet - 1)
        if self._path or not 0 <= count <= len(self._tray):
            raise ValueError(f"sheet {sheet} is not in the tray, {self.out} sheets are out")
        for _ in range(count):
            self._returned.appendleft(self._tray.pop())
        self.out = sheet - 1
        self._on_move(self.out)

    def draw_in(self, count: int) -> None:
        """At least `count` sheets leave the hopper, if it has them."""
        while len(self._path) < count and self._peek():
            self._path.append(self._returned.popleft())

    def load(self, pages: Iterable[Paper]) -> None:
        """More paper under what is in the hopper."""
        self._hopper = chain(self._hopper, pages)

    def _feed(self) -> None:
        self.draw_in(self._look_ahead + 1)

    def _drop(self) -> None:
        self._tray.append(self._path.popleft())
        self._side = 0
        self.out += 1
        self._on_move(self.out)

    def _peek(self) -> bool:
        if not self._returned:
            self._returned.extend(one for one in [next(self._hopper, None)] if one is not None)
        return bool(self._returned)
