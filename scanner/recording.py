"""What the eyes make of a sheet enters the record, in one transaction with the decision that follows."""

from collections.abc import Iterator

from scanner.ballot import Sheet
from scanner.election import Election, VoteCategory
from scanner.engine import Engine
from scanner.pipeline import Outcome
from scanner.review.agree import settle
from scanner.store.store import Store


def keep(store: Store, one: Outcome, eyes: str) -> bool:
    """Keep a verdict and what it decides; False, and nothing is kept, if these eyes have read the sheet."""
    decision = settle(one.sheet, one.verdict, store.opinions(one.sheet))
    return store.add_verdict(one.sheet, one.verdict, one.reading, eyes, decision)


class Categories:
    """The vote category of each box, also of boxes that come while others are read."""

    def __init__(self, store: Store, election: Election) -> None:
        self._store, self._election = store, election
        self._known: dict[str, VoteCategory] = {}

    def of(self, box: str) -> VoteCategory:
        """KeyError for a box that the store does not have."""
        if box not in self._known:
            boxes = self._store.boxes()
            self._known = {one.id: self._election.category(one.category) for one in boxes}
        return self._known[box]


def read_unread(store: Store, engine: Engine, eyes: str) -> Iterator[tuple[Sheet, Outcome]]:
    """Read what these eyes have not read and keep each verdict as it comes."""
    categories = Categories(store, store.election())
    waiting: dict[str, Sheet] = {}

    def jobs() -> Iterator[tuple[Sheet, VoteCategory]]:
        for name in store.unread(eyes):
            sheet = waiting[name] = store.sheet(name)
            yield sheet, categories.of(sheet.box)

    for one in engine.read(jobs()):
        keep(store, one, eyes)
        yield waiting.pop(one.sheet), one
