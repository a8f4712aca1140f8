"""The queue of one server: what waits, who has what before them, kept true by what the record says anew."""

import secrets
import threading
import time

from scanner.ballot import Opinion, Reason
from scanner.people import Person
from scanner.review.queue import Claims, Waiting, asked, in_order
from scanner.store.news import Seen, news
from scanner.store.store import Store

KEPT = 20  # own acts that a person can look at again
_WHOLE = 5000  # rows of news at a time


class Queue:
    """Safe to use from many threads."""

    def __init__(self, store: Store, claim_s: float) -> None:
        """`claim_s`: after so long a silent station's ballot goes to others."""
        self._store = store
        self._claims = Claims(claim_s)
        self._waiting: dict[str, Waiting] = {}
        self._doubtful: dict[str, tuple[Reason, ...] | None] = {}
        self._said: dict[str, tuple[Opinion, ...]] = {}
        self._decided: set[str] = set()
        self._turns: dict[tuple[str, str], str] = {}  # sheet, person -> what their next act must bring
        self._done: dict[str, list[str]] = {}  # by person, latest last
        self._seen = Seen()
        self._lock = threading.RLock()

    def refresh(self) -> None:
        """Take in what the record says since last time."""
        with self._lock:
            while True:
                new = news(self._store, self._seen, _WHOLE)
                if new.seen == self._seen:
                    return
                self._seen = new.seen
                for one in new.opinions:
                    self._said[one.sheet] = (*self._said.get(one.sheet, ()), one)
                self._decided.update(new.decided)
                touched = {*(one.sheet for one in new.opinions), *new.decided}
                self._doubtful |= {sheet: None if one.sure else one.reasons for sheet, one in new.verdicts}
                for sheet in touched.union(sheet for sheet, _ in new.verdicts):
                    self._place(sheet)

    def _place(self, sheet: str) -> None:
        """A sheet waits if its last verdict is doubtful and no people have decided."""
        reasons = self._doubtful.get(sheet)
        if reasons is None or sheet in self._decided:
            self._waiting.pop(sheet, None)
            self._doubtful.pop(sheet, None)
        else:
            self._waiting[sheet] = Waiting(sheet, reasons, self._said.get(sheet, ()))

    def wanted(self, person: Person, most: int) -> list[Waiting]:
        """What the person is asked next, first to last, without what lies before others."""
        self.refresh()
        now = time.monotonic()
        with self._lock:
            free = (one for one in self._waiting.values() if self._claims.free(one.sheet, person, now))
            return in_order(person, free)[:most]

    def offer(self, person: Person) -> str | None:
        """The next ballot of the person, laid before them at once: two who ask together get two."""
        with self._lock:
            first = self.wanted(person, 1)
            if not first:
                return None
            self.take(person, [first[0].sheet])
            return first[0].sheet

    def may_see(self, person: Person, sheet: str) -> bool:
        """True if the person is asked about the ballot, or has said what it is and may say it anew."""
        with self._lock:
            one = self._waiting.get(sheet)
            return one is not None and (asked(person, one) or one.has_spoken(person))

    def take(self, person: Person, sheets: list[str]) -> dict[str, str]:
        """Lay these before the person instead of what lay there: each with the turn its act must bring.

        A ballot that another took in the meantime is missing from the answer.
        """
        now = time.monotonic()
        with self._lock:
            self._claims.drop(person)
            got = [one for one in sheets if self._claims.take(one, person, now)]
            turns = {one: secrets.token_urlsafe(16) for one in got}
            for key in [one for one in self._turns if one[1] == person.key]:
                del self._turns[key]
            self._turns |= {(sheet, person.key): turn for sheet, turn in turns.items()}
            return turns

    def use(self, person: Person, sheet: str, turn: str) -> bool:
        """True if the ballot lies before the person and this is its turn, which is used up then."""
        with self._lock:
            known = self._turns.get((sheet, person.key), "")
            fits = secrets.compare_digest(known.encode(), turn.encode()) and bool(known)
            if not fits or not self._claims.holds(sheet, person, time.monotonic()):
                return False
            del self._turns[sheet, person.key]
            return True

    def did(self, person: Person, sheet: str) -> None:
        """Remember the person's act, to be looked at again."""
        with self._lock:
            mine = [one for one in self._done.get(person.key, []) if one != sheet]
            self._done[person.key] = [*mine, sheet][-KEPT:]

    def done(self, person: Person) -> tuple[str, ...]:
        """The person's last acts that are not settled yet, latest first."""
        with self._lock:
            return tuple(one for one in reversed(self._done.get(person.key, [])) if one in self._waiting)

    def renew(self, person: Person) -> None:
        """The person's station is still there."""
        with self._lock:
            self._claims.renew(person, time.monotonic())

    def leave(self, person: Person) -> None:
        """The person gives back what lies before them."""
        with self._lock:
            self._claims.drop(person)

    def standing(self) -> tuple[int, int, int]:
        """How many ballots wait, how many of them for the valgstyre, how many lie before people."""
        self.refresh()
        with self._lock:
            board = sum(one.for_board for one in self._waiting.values())
            return len(self._waiting), board, self._claims.held(time.monotonic())
