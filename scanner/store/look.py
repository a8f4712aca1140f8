"""Everything on record of one sheet, in one view of the store: what a page shows of it."""

from dataclasses import dataclass

from sqlalchemy import select

from scanner.ballot import Decision, Reading, Verdict
from scanner.errors import UsageError
from scanner.store import current, rows, schema
from scanner.store.codec import decode
from scanner.store.records import SheetRecord
from scanner.store.store import Store


@dataclass(frozen=True, slots=True)
class Look:
    """A sheet that was read, without its pixels. `decision` is None while nothing is decided."""

    record: SheetRecord
    verdict: Verdict
    reading: Reading
    decision: Decision | None

    @property
    def waits(self) -> bool:
        """True if people must settle it."""
        return not self.verdict.sure and self.decision is None


def look(store: Store, sheet: str) -> Look:
    """UsageError if there is no such sheet, or no machine has read it."""
    newest = select(schema.verdicts.c.verdict, schema.verdicts.c.reading)
    newest = newest.where(schema.verdicts.c.sheet == sheet).order_by(schema.verdicts.c.seq.desc()).limit(1)
    decided = current.standing(current.decided).where(schema.sheets.c.id == sheet)
    with store._read() as connection:  # noqa: SLF001 - the same room
        record = rows.read_sheet(connection, sheet)
        seen = connection.execute(newest).one_or_none()
        decision = connection.execute(decided).scalar_one_or_none()
    if record is None or seen is None:
        raise UsageError(f"Sheet {sheet[:80]} is not in the store or not read yet.")
    return Look(
        record,
        decode(seen.verdict, Verdict),
        decode(seen.reading, Reading),
        None if decision is None else decode(str(decision), Decision),
    )
