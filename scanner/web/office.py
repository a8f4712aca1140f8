"""What one server holds: the count, the people, the queue, the pictures."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from scanner.election import Election
from scanner.layout.style import Style
from scanner.layout.styles import styles
from scanner.opening import Atlas
from scanner.people import Person, Right
from scanner.store.desk import Desk, Visit
from scanner.store.store import Store
from scanner.web.limits import DeskLimits
from scanner.web.pictures import Pictures
from scanner.web.queue import Queue


@dataclass(frozen=True, slots=True)
class Office:
    """Opened once, used by every request."""

    store: Store
    desk: Desk
    election: Election
    styles: Mapping[str, Style]  # the election's ballots by id
    queue: Queue
    pictures: Pictures
    limits: DeskLimits
    secure: bool  # the pages come over TLS
    ending: threading.Event = field(default_factory=threading.Event)

    def note(self, what: str, who: str, where: str) -> None:
        """Put on record what was refused, or who came in."""
        self.desk.note(what, who, where, int(time.time()))


def open_office(store: Store, desk: Desk, atlas: Atlas, limits: DeskLimits, *, secure: bool) -> Office:
    """The office of a store whose election the atlas knows."""
    queue, pictures = Queue(store, limits.claim_s), Pictures(store, atlas, limits.pictures)
    paper = {one.id: one for one in styles(atlas.election)}
    return Office(store, desk, atlas.election, paper, queue, pictures, limits, secure)


@dataclass(frozen=True, slots=True)
class Call:
    """What one request asks: who, for which ballot, and what the page sent."""

    visit: Visit
    path: str
    at: Mapping[str, str]  # the parts of the path that vary
    query: Mapping[str, str]
    form: Mapping[str, tuple[str, ...]]

    @property
    def person(self) -> Person:
        """Who asks."""
        return self.visit.person

    def one(self, name: str) -> str:
        """The one value of a field of the form; "" if it was not sent, or sent twice."""
        values = self.form.get(name, ())
        return values[0] if len(values) == 1 else ""


class Refused(Exception):  # noqa: N818 - a person was refused, nothing broke
    """The request is not allowed: what to answer, and what stands in the log."""

    def __init__(self, status: int, key: str, what: str) -> None:
        """`key`: of the text shown; `what`: for the log."""
        super().__init__(what)
        self.status, self.key, self.what = status, key, what


def allowed(call: Call, right: Right | None) -> None:
    """Refused unless the person's role includes the right."""
    if right is not None and not call.person.may(right):
        raise Refused(403, "refused_role", f"no_right {right.value}")
