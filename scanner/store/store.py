"""The store: one election, its boxes, every sheet, and what became of it. Nothing is ever changed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from sqlalchemy import ColumnElement, Engine, case, func, select, true

from scanner.audit.events import Act
from scanner.ballot import Ballot, Box, Decision, Opinion, PageImage, Reading, Sheet, Verdict
from scanner.election import Election
from scanner.errors import StoreError
from scanner.store import acts, current, rows, schema
from scanner.store.box_book import BoxBook
from scanner.store.codec import decode, encode, fingerprint, plain
from scanner.store.heaps import Heap, heaps
from scanner.store.images import Images, put_all
from scanner.store.moving import copy_images, copy_rows
from scanner.store.record import Record
from scanner.store.records import Progress, SheetRecord
from scanner.store.retention import Retention
from scanner.store.session import Session
from scanner.store.verification import Verification


class Store:
    """Made by `open_store`. Every method raises StoreError if the database cannot do it.

    Safe to use from several processes at once, each with its own Store. What a method has
    written is durable when it returns, inside `transaction` when that ends. `record` is the chain
    of acts, and what is said of the count as a whole.
    """

    def __init__(self, engine: Engine, images: Images) -> None:
        session = Session(engine)
        self._close, self._images = session.close, images
        self._read, self._write, self._pages = session.read, session.write, session.pages
        self.record, self.retention = Record(session), Retention(session, images)
        self._session = session
        self.book = BoxBook(self._read, self._write, images)

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is added inside becomes durable together, or not at all."""
        with self._write():
            yield

    def copy_into(self, other: "Store", seen: Callable[[], object] = tuple) -> int:
        """All of it into an empty store, as it stands now; how many images. `seen` is called for each.

        Images come last but are on record first: each row that was copied has its images here.
        StoreError if the other store is not empty, or an image here is gone or was changed.
        """
        copy_rows(self._session, other._session)  # noqa: SLF001 - the same class
        return copy_images(other._session, self._images, other._images, seen)  # noqa: SLF001

    def verification(self, seen: Callable[[], object] = tuple) -> Verification:
        """What finds every flaw of the store; `seen` is called for each event and image looked at."""
        return Verification(self._session, self._images, seen)

    # the election and its boxes

    def bind(self, election: Election, *, test: bool = False) -> None:
        """Say which election the store belongs to; again with the same package changes nothing.

        `test`: a trial count, marked on all that comes out of it. Raises StoreError for another
        election, and for a real count in a store of tests or the other way: they would be added up.
        """
        mark = fingerprint(election)
        with self._write() as connection:
            row = {"one": 1, "fingerprint": mark, "test": test, "election": encode(election)}
            acts.add(connection, Act.ELECTION_BOUND, election.name, row, new=True)
            bound = connection.execute(select(schema.binding)).one()
        if bound.fingerprint != mark:
            raise StoreError(
                f"This store belongs to another election (package {bound.fingerprint[:12]}, "
                f"not {mark[:12]}); use one store for each."
            )
        if bound.test is not test:
            kinds = ("a test count", "the real one") if bound.test else ("a real count", "a test")
            raise StoreError(f"This store holds {kinds[0]}, not {kinds[1]}; use one store for each.")

    def is_test(self) -> bool:
        """True for a trial count, whose numbers must never be taken for a result."""
        with self._read() as connection:
            return bool(connection.execute(select(schema.binding.c.test)).scalar_one_or_none())

    def election(self) -> Election:
        """The election the store belongs to. Raises StoreError if it was never bound to one."""
        with self._read() as connection:
            text = connection.execute(select(schema.binding.c.election)).scalar_one_or_none()
        if text is None:
            raise StoreError("The store belongs to no election yet; scan with --election first.")
        return decode(text, Election)

    def add_box(self, box: Box) -> None:
        """Register a box before its first sheet; again with the same words changes nothing.

        Raises StoreError for a box already known with another category or krets, and for a
        category or krets that the election does not have.
        """
        self._check_box(box)
        with self._write() as connection:
            row = {"id": box.id, "category": box.category, "krets": box.krets}
            rows.check_open(connection)
            acts.add(connection, Act.BOX_ADDED, box.id, row, new=True)
            known = rows.read_boxes(connection, box.id)[0]
        if known != box:
            raise StoreError(
                f"Box {box.id} is already known as {known.category} in krets {known.krets}, "
                f"not {box.category} in krets {box.krets}."
            )

    def _check_box(self, box: Box) -> None:
        election = self.election()
        if not box.id or box.id != plain(box.id) or not box.id.isprintable():
            raise StoreError(f"A box cannot be called {box.id!r}; use the letters and digits on its label.")
        if box.category not in {one.code for one in election.categories}:
            raise StoreError(f"Box {box.id}: {election.name} has no vote category {box.category!r}.")
        if box.krets not in {one.code for one in election.kretser}:
            raise StoreError(f"Box {box.id}: {election.name} has no krets {box.krets!r}.")

    def boxes(self) -> tuple[Box, ...]:
        """All boxes, in the order they were registered."""
        with self._read() as connection:
            return rows.read_boxes(connection)

    # sheets

    def add_sheet(self, sheet: Sheet, files: Sequence[Path] = (), *, kept: bool = False) -> bool:
        """Keep a sheet and its images; on return both survive a power cut.

        `files`: where the bytes of each image lie durably already; they are linked instead of
        written again where the file system can. `kept`: `keep_images` has kept them.
        True if it is new, False if the same sheet with the same images was there already.
        Raises StoreError if its box is unknown or its number is taken by other images.
        """
        hashes = [one.sha256 for one in sheet.images] if kept else self.keep_images(sheet, files)
        with self._write() as connection:
            known = rows.read_sheet(connection, sheet.id)
            if known is not None:
                rows.check_same(known, sheet, hashes)
                self.retention.keep_erased(hashes)
                return False
            rows.check_open(connection)
            rows.check_not_erased(connection, hashes)
            if not rows.read_boxes(connection, sheet.box):
                raise StoreError(f"Sheet {sheet.id}: box {sheet.box} is not registered.")
            rows.insert_sheet(connection, sheet, hashes)
        return True

    def keep_images(self, sheet: Sheet, files: Sequence[Path] = ()) -> list[str]:
        """Only the images, before a transaction in which others would wait for them; their sha256."""
        return put_all(self._images, sheet.images, files)

    def next_number(self, box: str) -> int:
        """The number the next sheet of the box gets: one more than the highest, 1 for an empty box."""
        with self._read() as connection:
            highest = select(func.max(schema.sheets.c.number)).where(schema.sheets.c.box == box)
            return (connection.execute(highest).scalar_one() or 0) + 1

    def sheets(self, box: str | None = None) -> Iterator[SheetRecord]:
        """Every sheet without its pixels, in the order stored."""
        query = select(schema.sheets)
        if box is not None:
            query = query.where(schema.sheets.c.box == box)
        for page in self._pages(query):
            with self._read() as connection:
                found = rows.with_sides(connection, page)
            yield from found

    def sheet(self, sheet: str) -> Sheet:
        """One sheet with its images, each compared with its sha256.

        Raises StoreError if there is no such sheet, or an image is gone, was changed or erased.
        """
        with self._read() as connection:
            one = rows.read_sheet(connection, sheet)
        if one is None:
            raise StoreError(f"There is no sheet {sheet} in the store.")
        images = tuple(
            PageImage(side.name, self.retention.image(side.sha256), side.dpi, side.page, side.problem)
            for side in one.sides
        )
        return Sheet(one.box, one.number, images, one.device, one.imprint, one.name)

    # readings and verdicts

    def add_verdict(
        self, sheet: str, verdict: Verdict, reading: Reading, version: str, decision: Decision | None = None
    ) -> bool:
        """Add what the eyes of this version made of a sheet, and the decision that follows, if any.

        False, and nothing is added, if these eyes have read the sheet before.
        """
        row = {
            "sheet": sheet,
            "version": version,
            "category": verdict.category.value,
            "verdict": encode(verdict),
            "reading": encode(reading),
        }
        with self._write() as connection:
            rows.check_open(connection)
            rows.check_known(connection, sheet)
            added = acts.add(connection, Act.SHEET_READ, sheet, row, new=True) is not None
            if added and decision is not None:
                rows.insert_decision(connection, decision)
        return added

    def unread(self, version: str, box: str | None = None) -> Iterator[str]:
        """Ids of the sheets that the eyes of this version have not read, in the order stored."""
        seen = select(schema.verdicts.c.seq).where(
            schema.verdicts.c.sheet == schema.sheets.c.id, schema.verdicts.c.version == version
        )
        query = select(schema.sheets.c.seq, schema.sheets.c.id).where(~seen.exists())
        if box is not None:
            query = query.where(schema.sheets.c.box == box)
        for page in self._pages(query):
            yield from (row.id for row in page)

    def versions(self) -> tuple[str, ...]:
        """The eyes that have read sheets of this store, in the order they first did."""
        table = schema.verdicts
        query = select(table.c.version).group_by(table.c.version).order_by(func.min(table.c.seq))
        with self._read() as connection:
            return tuple(connection.execute(query).scalars())

    def verdicts(self, version: str | None = None, box: str | None = None) -> Iterator[tuple[str, Verdict]]:
        """Every sheet with its verdict by the eyes of one version, or by the last that read it."""
        seen = schema.verdicts.alias("seen")
        mine = seen.c.sheet == schema.sheets.c.id
        which = seen.c.version == version if version else true()
        last = select(func.max(seen.c.seq)).where(mine, which).scalar_subquery()
        joined = schema.sheets.join(schema.verdicts, schema.verdicts.c.seq == last)
        query = select(schema.sheets.c.seq, schema.sheets.c.id, schema.verdicts.c.verdict).select_from(joined)
        if box is not None:
            query = query.where(schema.sheets.c.box == box)
        for page in self._pages(query):
            yield from ((row.id, decode(row.verdict, Verdict)) for row in page)

    def verdict_of(self, sheet: str) -> Verdict | None:
        """The current verdict, None if the sheet is unread."""
        text = self._newest(schema.verdicts.c.verdict, sheet)
        return None if text is None else decode(text, Verdict)

    def reading_of(self, sheet: str) -> Reading | None:
        """What the machine saw when it reached the current verdict, None if the sheet is unread."""
        text = self._newest(schema.verdicts.c.reading, sheet)
        return None if text is None else decode(text, Reading)

    # people and what counts

    def add_opinion(self, opinion: Opinion) -> None:
        """Add what one person says of one ballot; the earlier ones stay on record."""
        row = {"sheet": opinion.sheet, "opinion": encode(opinion)}
        with self._write() as connection:
            rows.check_open(connection)
            rows.check_known(connection, opinion.sheet)
            acts.add(connection, Act.OPINION_GIVEN, opinion.sheet, row, by=(opinion.person,))

    def opinions(self, sheet: str) -> tuple[Opinion, ...]:
        """All opinions of one ballot, oldest first."""
        mine = schema.opinions.c.sheet == sheet
        query = select(schema.opinions.c.opinion).where(mine).order_by(schema.opinions.c.seq)
        with self._read() as connection:
            return tuple(decode(text, Opinion) for text in connection.execute(query).scalars())

    def add_decision(self, decision: Decision) -> None:
        """Add what counts for a ballot; the same as the current one again changes nothing.

        Raises StoreError for a decision on one person's word, and for one by the machine on a
        sheet it is not sure of: neither may ever be counted.
        """
        with self._write() as connection:
            rows.check_open(connection)
            rows.check_known(connection, decision.sheet)
            rows.insert_decision(connection, decision)

    def decision_of(self, sheet: str) -> Decision | None:
        """The current decision, None if nothing is decided."""
        query = current.standing(current.decided).where(schema.sheets.c.id == sheet)
        with self._read() as connection:
            text = connection.execute(query).scalar_one_or_none()
        return None if text is None else decode(str(text), Decision)

    def decisions(
        self, box: str | None = None, krets: str | None = None, category: str | None = None
    ) -> Iterator[Decision]:
        """The current decisions of a box, krets or vote category, in the order the sheets were stored."""
        for one in self.ballots(box, krets, category):
            if one.decision is not None:
                yield one.decision

    def ballots(
        self, box: str | None = None, krets: str | None = None, category: str | None = None
    ) -> Iterator[Ballot]:
        """Every sheet as it stands in the count, decided or not, in the order stored."""
        columns = (
            schema.sheets.c.seq,
            schema.sheets.c.id,
            schema.verdicts.c.verdict,
            current.decided.label("decision"),
        )
        query = current.standing(*columns, *(schema.boxes.c[name] for name in ("category", "krets")))
        query = query.add_columns(schema.sheets.c.box)
        for page in self._pages(rows.narrowed(query, box, krets, category)):
            yield from map(rows.ballot, page)

    def heaps(self) -> tuple[Heap, ...]:
        """The same for adding up: equal decided ballots together, nameless, with how many they are."""
        return heaps(self._session)

    def progress(
        self, box: str | None = None, krets: str | None = None, category: str | None = None
    ) -> Progress:
        """How many sheets are fed, read, decided and doubtful."""
        waiting = func.coalesce(func.sum(case((current.doubtful(), 1), else_=0)), 0)
        query = current.standing(
            func.count(schema.sheets.c.seq),
            func.count(schema.verdicts.c.seq),
            func.count(current.decided),
            waiting,
        )
        with self._read() as connection:
            fed, read, decided, doubtful = connection.execute(
                rows.narrowed(query, box, krets, category)
            ).one()
        return Progress(int(fed), int(read), int(decided), int(doubtful))

    # inside

    def _newest(self, column: ColumnElement[str], sheet: str) -> str | None:
        mine = schema.verdicts.c.sheet == sheet
        query = select(column).where(mine).order_by(schema.verdicts.c.seq.desc()).limit(1)
        with self._read() as connection:
            return connection.execute(query).scalar_one_or_none()
