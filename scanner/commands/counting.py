"""The count: read what is fed, tally what is decided, write the protocol."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from rich.table import Table

from scanner.ballot import Sheet
from scanner.commands.boxes import box_check, missing_line
from scanner.commands.sample import compared
from scanner.commands.shell import answers, note, progress, say
from scanner.config import version
from scanner.durable import sync_folder, write_part
from scanner.election import Election
from scanner.engine import engine
from scanner.errors import ElectionError, ExitCode, UsageError
from scanner.lines import verdict_line
from scanner.pipeline import Outcome as Read
from scanner.recording import read_unread
from scanner.store.codec import fingerprint
from scanner.store.opening import open_store
from scanner.store.store import Store
from scanner.tally.count import count, count_heaps
from scanner.tally.counts import Counts, counts
from scanner.tally.course import course_table
from scanner.tally.form import Outcome, Protocol
from scanner.tally.pdf import protocol_json, protocol_pdf
from scanner.tally.protocol import protocol
from scanner.tally.sample_tables import sample_tables
from scanner.tally.tally import Tally


def read_store(url: str, workers: int | None, *, json: bool) -> int:
    """Read every sheet these eyes have not read; exit code 3 if doubtful ballots remain."""
    with open_store(url, create=False) as store:
        election = store.election()
        outcomes = read_all(store, election, workers)
        for sheet, outcome in progress(outcomes, "reading", _unread(store)):
            if json:
                say(verdict_line(sheet, outcome.reading, outcome.verdict))
        return told_after_reading(store)


def told_after_reading(store: Store) -> int:
    """Say how far the count has come; exit code 3 if doubtful ballots remain."""
    done = store.progress()
    told = f"{done.decided} decided, {done.doubtful} for people to settle"
    note(f"{done.read} of {done.fed} sheets read, {told}.")
    return ExitCode.DOUBTFUL if done.doubtful else ExitCode.DONE


def _unread(store: Store) -> int:
    return sum(1 for _ in store.unread(version()))


def read_all(store: Store, election: Election, workers: int | None = None) -> Iterator[tuple[Sheet, Read]]:
    """Read what is unread and keep each verdict as it comes; a sheet read twice is kept once."""
    return read_unread(store, engine(election, workers), version())


def tally_of(store: Store, election: Election) -> Tally:
    """All that the store holds, added up. ElectionError names the sheet that does not fit the election."""
    try:
        return count_heaps(store.heaps(), election)
    except ElectionError:  # of a heap: one by one they have names
        return count(store.ballots(), election)


def tally_store(url: str, *, json: bool) -> int:
    """Print the counts; exit code 3 if ballots are still undecided, 4 if a box never came."""
    with open_store(url, create=False) as store:
        election = store.election()
        document = counts(tally_of(store, election), election, test=store.is_test())
        boxes = box_check(store.book.records())
    if json:
        say(document)
    else:
        answers.print(_table(document))
    if boxes and boxes.missing:
        note(missing_line(boxes))
    if document.undecided:
        return ExitCode.DOUBTFUL
    return ExitCode.DISAGREE if boxes and boxes.missing else ExitCode.DONE


def _table(document: Counts) -> Table:
    """Lists and options with their votes, and where all the paper went."""
    kind = "TEST COUNT, no result: " if document.test else ""
    table = Table(title=f"{kind}{document.election}, {document.area}")
    for column in ("", "urettet", "rettet", "total"):
        table.add_column(column, justify="left" if not column else "right")
    for one in document.lists:
        table.add_row(f"{one.list} {one.party}", str(one.urettet), str(one.rettet), str(one.total))
    for option in document.options:
        table.add_row(option.text, "", "", str(option.total))
    table.add_section()
    for words, number in (("blank", document.blank), ("rejected", document.rejected)):
        table.add_row(words, "", "", str(number))
    table.add_row("undecided", "", "", str(document.undecided))
    table.add_row("sheets fed", "", "", str(document.fed))
    return table


def write_protocol(url: str, out: Path, *, json: bool) -> int:
    """Write the protocol; exit code 3 if ballots are undecided, 4 if a control does not hold."""
    with open_store(url, create=False) as store:
        form = protocol_of(store)
        save_protocol(form, out)
        store.record.protocol_written(sha256(protocol_json(form)).hexdigest())
    note(f"Wrote {out} and {out.with_suffix('.json')}")
    if json:
        say(form)
    if form.undecided:
        return ExitCode.DOUBTFUL
    broken = any(one.outcome is Outcome.UNEXPLAINED for one in form.controls)
    return ExitCode.DISAGREE if broken else ExitCode.DONE


def protocol_of(store: Store) -> Protocol:
    """The protocol of all that the store holds."""
    election = store.election()
    tally = tally_of(store, election)
    basis = store.record.basis()
    return protocol(
        tally,
        election,
        sheets=store.progress().fed,
        boxes=box_check(store.book.records()),
        package=fingerprint(election),
        version=version(),
        test=store.is_test(),
        record=f"{basis.number} {basis.hash}",
        more=(course_table(store.record.course()), *sample_tables(compared(store))),
    )


def save_protocol(form: Protocol, out: Path) -> None:
    """The PDF at `out` and the JSON beside it, each whole whenever the power goes."""
    if out.suffix.lower() != ".pdf":
        raise UsageError(f"The protocol is a PDF: write --out {out.with_suffix('.pdf')}.")
    out.parent.mkdir(parents=True, exist_ok=True)
    for path, content in ((out, protocol_pdf(form)), (out.with_suffix(".json"), protocol_json(form))):
        part = path.with_name(f"{path.name}.part")
        write_part(part, content)
        part.replace(path)
    sync_folder(out.parent)
