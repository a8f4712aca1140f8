"""Pictures of a sheet for people: made from the stored bytes when they are looked at, kept a while in memory.

The bytes as scanned stay untouched: these pictures are evidence of nothing.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import cv2

from scanner.ballot import Face
from scanner.classify.atlas import px
from scanner.classify.pictures import Colour
from scanner.opening import Atlas
from scanner.pipeline import read
from scanner.recording import Categories
from scanner.store.store import Store
from scanner.web.places import AROUND_MM, Place

QUALITY = 82  # of the JPEG shown: pencil dots stay visible, a page is about 400 kB
DRAWN, FOUND = ("page", "ink", "read"), ("1-found", "2-found")
STAGES = (*(f"{face}-{what}" for face in Face for what in DRAWN), *FOUND)


@dataclass(frozen=True, slots=True)
class Shown:
    """The pictures of one sheet, JPEG by stage."""

    pages: dict[str, bytes]
    crops: tuple[bytes | None, ...]  # one for each place, None if its face was not registered


class Pictures:
    """Reads a sheet again to draw it, one sheet at a time: what the reader opened is made for one thread."""

    def __init__(self, store: Store, atlas: Atlas, most: int) -> None:
        """`most`: sheets whose pictures stay in memory."""
        self._store, self._atlas, self._most = store, atlas, most
        self._categories = Categories(store, atlas.election)
        self._kept: OrderedDict[str, Shown] = OrderedDict()
        self._turn = threading.Lock()

    def of(self, sheet: str, at: Callable[[], tuple[Place, ...]]) -> Shown:
        """The pictures of a sheet, with a crop of each place. StoreError if its images are gone.

        `at` is asked only when they are drawn.
        """
        kept = self._kept.get(sheet)
        if kept is not None:
            return kept
        with self._turn:
            kept = self._kept.get(sheet)
            if kept is None:
                kept = self._kept[sheet] = self._drawn(sheet, at())
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return kept

    def _drawn(self, name: str, at: tuple[Place, ...]) -> Shown:
        sheet = self._store.sheet(name)
        stages: dict[str, Colour] = {}
        read(sheet, self._atlas, self._categories.of(sheet.box), stages.__setitem__)
        crops = tuple(_crop(stages.get(f"{one.face}-page"), one) for one in at)
        return Shown({stage: _jpeg(stages[stage]) for stage in STAGES if stage in stages}, crops)


def _crop(page: Colour | None, place: Place) -> bytes | None:
    if page is None:
        return None
    x, y, w, h = px(place.rect.grown(AROUND_MM))
    left, top = max(x, 0), max(y, 0)
    part = page[top : y + h, left : x + w]
    return _jpeg(part) if part.size else None


def _jpeg(picture: Colour) -> bytes:
    _, data = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, QUALITY))
    return data.tobytes()
