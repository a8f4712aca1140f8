"""What an operator should hear while the stack is still on the table: dirt, odd paper, imprints that jump."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from scanner.ballot import Sheet
from scanner.capture.decode import decode, size_mm
from scanner.capture.glass import GlassWatch, streaks
from scanner.capture.imprints import ImprintWatch
from scanner.capture.odd_size import SizeWatch
from scanner.capture.quality import Sizes, look, quality_limits
from scanner.election import Election
from scanner.errors import ImageError
from scanner.layout.styles import styles

SIDES = ("front", "back")
_OFTEN = 3  # times that the very same words are told


class Noticing:
    """Looks at the sheets of one scan as they come.

    Imprints and sizes of all; pictures of every few, and of each that is larger than the others.
    """

    def __init__(self, sizes: Sizes, folds_mm: tuple[float, ...]) -> None:
        self._sizes, self._folds = sizes, folds_mm
        self._glass = tuple(GlassWatch(one) for one in SIDES)
        self._larger = tuple(SizeWatch(quality_limits().size_mm) for _ in SIDES)
        self._imprints: defaultdict[str, ImprintWatch] = defaultdict(ImprintWatch)
        self._told: Counter[str] = Counter()
        self._count = 0

    def remember(self, device: str, number: int, imprint: str | None) -> None:
        """A sheet that an earlier scan has kept: imprints go on from there."""
        self._imprints[device].see(number, imprint)

    def see(self, sheet: Sheet) -> Iterator[str]:
        """Sentences for the operator about this sheet; nothing if all is well."""
        yield from self._imprints[sheet.device].see(sheet.number, sheet.imprint)
        larger = [f"Sheet {sheet.number}, {text}" for text in self._sized(sheet)]
        yield from larger
        self._count += 1
        if larger or self._count % quality_limits().every == 1:
            yield from self._looked(sheet)

    def _sized(self, sheet: Sheet) -> Iterator[str]:
        for side, image, watch in zip(SIDES, sheet.images, self._larger, strict=False):
            size = size_mm(image)
            if size is not None and (text := watch.see(size)):
                yield f"{side}: {text}"

    def _looked(self, sheet: Sheet) -> Iterator[str]:
        for side, image, glass in zip(SIDES, sheet.images, self._glass, strict=False):
            try:
                page = decode(image)
            except ImageError:
                continue  # the reading will say so of this sheet
            if not page.dpi:
                continue
            for one in look(page.gray, page.dpi, self._sizes):
                self._told[one.text] += 1
                if self._told[one.text] <= _OFTEN:  # what every sheet has is how this scanner is
                    yield f"Sheet {sheet.number}, {side}: {one.text}"
            yield from glass.see(streaks(page.gray, page.dpi, self._folds))


def noticing(election: Election) -> Noticing:
    """What to look for in a scan of this election's ballots."""
    known = styles(election)
    sizes = tuple(dict.fromkeys(one.page_mm for one in known))
    folds = tuple(dict.fromkeys(fold for one in known for fold in (*one.folds_mm, *one.folds_outside_mm)))
    return Noticing(sizes, folds)
