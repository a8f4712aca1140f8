"""Links and how to check them: canonical JSON, each with the sha256 of the one before.

Anybody can check the chain with a JSON library that follows RFC 8785 and sha256; nothing of
valgskanner is needed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from scanner.audit.events import START, Act, Event

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: how many events there are and the sha256 of the last."""

    number: int = 0
    hash: str = START


@dataclass(frozen=True, slots=True)
class Link:
    """One event as it is stored: its text, and the sha256 of that."""

    event: Event
    text: str
    hash: str

    @property
    def head(self) -> Head:
        """The chain's end if this is the last link."""
        return Head(self.event.number, self.hash)


@dataclass(frozen=True, slots=True)
class Kept:
    """A link as found in a store: nothing in it is believed yet. `act` and `at` stand beside the text."""

    number: int
    act: str
    at: int
    text: str
    hash: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that does not hold: where, and what."""

    where: str
    what: str


_encoder = msgspec.json.Encoder(order="sorted")  # members in alphabetical order: RFC 8785 for such events


def row_digest(table: str, values: Iterable[Value]) -> str:
    """sha256 of all that a row says: the table's name and its values as a JSON array, numbers as text."""
    plain = [table, *(repr(one) if isinstance(one, float) else one for one in values)]
    return sha256(_encoder.encode(plain)).hexdigest()


def following(head: Head, act: Act, of: str, *, at: int, row: str, by: tuple[str, ...] = ()) -> Link:
    """The next link after `head`."""
    event = Event(act=act, at=at, before=head.hash, by=by, number=head.number + 1, of=of, row=row)
    text = _encoder.encode(event)
    return Link(event, text.decode(), sha256(text).hexdigest())


def checked(kept: Iterable[Kept]) -> Iterator[Event | Flaw]:
    """Every event of a chain in order, and a flaw for each link that does not hold.

    After a flaw the chain is taken up again at the link as it is found, so that one changed
    link is named once and not every link after it.
    """
    head = Head()
    for one in kept:
        try:
            event = msgspec.json.decode(one.text, type=Event)
        except msgspec.MsgspecError:
            yield Flaw(f"event {one.number}", "is damaged")
            head = Head(one.number, one.hash)
            continue
        yield from _flaws(one, event, head)
        yield event
        head = Head(one.number, one.hash)


def _flaws(kept: Kept, event: Event, head: Head) -> Iterator[Flaw]:
    where = f"event {kept.number}"
    if kept.number != head.number + 1:
        yield Flaw(where, f"follows event {head.number}: {_gap(head.number, kept.number)}")
    if (event.number, event.act, event.at) != (kept.number, kept.act, kept.at):
        yield Flaw(where, "is not the event that its row names")
    if sha256(kept.text.encode()).hexdigest() != kept.hash or _encoder.encode(event) != kept.text.encode():
        yield Flaw(where, f"({event.act} of {event.of}) was changed: its sha256 is another")
    if event.before != head.hash:
        yield Flaw(where, "does not follow from the one before it")


def _gap(last: int, found: int) -> str:
    missing = found - last - 1
    return f"{missing} events are missing" if missing > 0 else "the order is not that of their numbers"
