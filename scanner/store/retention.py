"""Images erased when law and user say so, while counts, verdicts and the chain stay as they are.

What is erased is on record before the first byte goes: a power cut leaves images that `verify` names,
and erasing again removes them. Anybody can check the list of an erasure: lines of sha256, a space and
the number of bytes, in order, have the sha256 that stands in the chain.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    except_,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union,
)

from scanner.audit.chain import Flaw
from scanner.audit.events import Act
from scanner.errors import StoreError
from scanner.store import acts, rows, schema
from scanner.store.codec import decode, encode, plain
from scanner.store.images import Images
from scanner.store.session import PAGE, Session

_LISTED = schema.erased.c.sha256


@dataclass(frozen=True, slots=True)
class Erasure:
    """Images that two people erased, and why. `day` as 2027-10-01; `boxes` (and ballots) empty for all."""

    people: tuple[str, ...]
    reason: str
    day: str
    boxes: tuple[str, ...]
    images: int
    root: str

    @property
    def words(self) -> str:
        """By whom, when and why."""
        return f"erased by {' and '.join(self.people)} on {self.day}: {self.reason}"


class Retention:
    """Part of a `Store`, as `store.retention`. Raises StoreError if the database cannot do it."""

    def __init__(self, session: Session, images: Images) -> None:
        self._session, self._images = session, images

    def erase(
        self,
        people: tuple[str, ...],
        reason: str,
        day: str,
        boxes: Sequence[str] = (),
        ballots: Sequence[str] = (),
    ) -> int:
        """Erase the images of these boxes and ballots, or of all; how many that were not erased before.

        An image that another sheet shows as well stays. Images put aside from a stack go with all
        only. Again erases what a power cut left. StoreError unless the count is closed, two people
        say so with a reason, and the boxes and ballots are known.
        """
        with self._session.write() as connection:
            _check_allowed(connection, reason, boxes, ballots)
            row = {
                "people": encode(rows.two_people(people, "erase the images of")),
                "reason": plain(reason.strip()),
                "day": day,
                "boxes": encode((*boxes, *ballots)),
            }
            count = _put_on_record(connection, row, _wanted(boxes, ballots))
        self._forget()
        return count

    def erasures(self) -> tuple[Erasure, ...]:
        """All there were, oldest first."""
        with self._session.read() as connection:
            found = list(connection.execute(select(schema.erasures).order_by(schema.erasures.c.seq)))
        return tuple(map(_erasure, found))

    def image(self, digest: str) -> bytes:
        """The bytes, checked. StoreError if they were erased, are gone or were changed."""
        try:
            return self._images.get(digest)
        except StoreError as error:
            with self._session.read() as connection:
                words = words_of(connection, digest)
            if words is None:
                raise
            raise StoreError(f"The image {digest} was {words}.") from error

    def keep_erased(self, digests: Sequence[str]) -> None:
        """Remove again what came back with a sheet that was sent twice."""
        with self._session.read() as connection:
            gone = list(connection.execute(select(_LISTED).where(_LISTED.in_(digests))).scalars())
        if gone:
            self._images.forget(*gone)

    def _forget(self) -> None:
        for page in self._session.pages(select(_LISTED), _LISTED):
            self._images.forget(*(one.sha256 for one in page))


def _check_allowed(connection: Connection, reason: str, boxes: Sequence[str], ballots: Sequence[str]) -> None:
    if rows.state(connection) is not Act.COUNT_CLOSED:
        raise StoreError("Images are erased only after the count: close it first.")
    if not reason.strip():
        raise StoreError("Images are erased only for a reason: say it with --reason.")
    if unknown := sorted({*boxes} - {one.id for one in rows.read_boxes(connection)}):
        raise StoreError(f"There is no box {unknown[0]!r} in the store.")
    for one in ballots:
        rows.check_known(connection, one)


def _put_on_record(connection: Connection, row: dict[str, str], wanted: Select[Any]) -> int:
    """Add the erasure with its list; how many images, 0 and nothing is added if none is left."""
    count, root = _digest(connection, wanted)
    if count:
        images = {"images": count, "root": root}
        of = ", ".join(decode(row["boxes"], tuple[str, ...])) or "the count"
        by = decode(row["people"], tuple[str, ...])
        seq = acts.add(connection, Act.IMAGES_ERASED, of, row | images, by=by)
        listed = wanted.add_columns(literal(seq).label("erasure"))
        connection.execute(insert(schema.erased).from_select(["sha256", "bytes", "erasure"], listed))
    return count


def _digest(connection: Connection, listed: Select[Any]) -> tuple[int, str]:
    """How many images a list has, and the sha256 of it. Memory does not grow with the list."""
    count, digest = 0, sha256()
    found = connection.execute(listed, execution_options={"yield_per": PAGE})
    for one in found:
        digest.update(f"{one.sha256} {one.bytes}\n".encode())
        count += 1
    return count, digest.hexdigest()


def _wanted(boxes: Sequence[str], ballots: Sequence[str]) -> Select[Any]:
    """Images of the boxes and ballots that nothing else shows, or all; without those erased before."""
    asked, elsewhere = [select(schema.images.c.sha256), select(schema.stack_sides.c.sha256)], []
    if boxes or ballots:
        chosen = or_(schema.sheets.c.box.in_(boxes), schema.sheets.c.id.in_(ballots))
        label = schema.labels.c.box.in_(boxes)
        asked, elsewhere = _shown(chosen, label), _shown(~chosen, ~label)
    named = union(*asked).subquery()
    left = except_(select(named.c.sha256), *elsewhere, select(_LISTED)).subquery()
    images = schema.images
    size = func.coalesce(images.c.bytes, 0).label("bytes")  # one put aside is in no list with its size
    joined = left.outerjoin(images, images.c.sha256 == left.c.sha256)
    return select(left.c.sha256, size).select_from(joined).order_by(left.c.sha256)


def _shown(ballot: ColumnElement[bool], label: ColumnElement[bool]) -> list[Select[Any]]:
    """Images of some ballots and of some labels."""
    ballots = schema.sides.join(schema.sheets, schema.sheets.c.id == schema.sides.c.sheet)
    labels = schema.label_sides.join(schema.labels, schema.labels.c.id == schema.label_sides.c.label)
    return [
        select(schema.sides.c.sha256).select_from(ballots).where(ballot),
        select(schema.label_sides.c.sha256).select_from(labels).where(label),
    ]


def _erasure(row: Row[Any]) -> Erasure:
    people, boxes = decode(row.people, tuple[str, ...]), decode(row.boxes, tuple[str, ...])
    return Erasure(people, row.reason, row.day, boxes, row.images, row.root)


def words_of(connection: Connection, digest: str) -> str | None:
    """By whom, when and why an image was erased; None if it was not."""
    joined = schema.erased.join(schema.erasures, schema.erasures.c.seq == schema.erased.c.erasure)
    query = select(schema.erasures).select_from(joined).where(_LISTED.in_((digest,)))
    row = connection.execute(query).one_or_none()
    return None if row is None else _erasure(row).words


def not_erased() -> Any:
    """A condition: the image of this row of `images` is still to be there."""
    return ~exists().where(schema.images.c.sha256 == _LISTED)


def list_flaws(session: Session) -> Iterator[Flaw]:
    """Lists of erasures that are not those the chain vouches for."""
    table = schema.erased
    with session.read() as connection:
        for one in list(connection.execute(select(schema.erasures))):
            listed = select(table).where(table.c.erasure == one.seq).order_by(table.c.sha256)
            if _digest(connection, listed) != (one.images, one.root):
                yield Flaw(f"erasure {one.seq}", "the list of what was erased was changed")
        known = exists().where(schema.erasures.c.seq == table.c.erasure)
        for digest in connection.execute(select(table.c.sha256).where(~known)).scalars():
            yield Flaw(f"image {digest[:12]}", "is listed as erased, but nobody erased it")
        sizes = table.join(schema.images, schema.images.c.sha256 == table.c.sha256)
        other = select(_LISTED).select_from(sizes).where(schema.images.c.bytes != table.c.bytes)
        for digest in connection.execute(other).scalars():
            yield Flaw(f"image {digest[:12]}", "had another size on record when it was erased")


def left_over(session: Session, images: Images) -> Iterator[Flaw]:
    """Images that were erased and are there."""
    for page in session.pages(select(_LISTED), _LISTED):
        for one in page:
            if images.holds(one.sha256):
                with session.read() as connection:
                    words = words_of(connection, one.sha256)
                again = "run valgskanner retention erase again"
                yield Flaw(f"image {one.sha256[:12]}", f"is still there, though {words}; {again}")
