"""What follows from the images and opinions in a store: readings, decisions and protocols, made again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scanner.audit.chain import Flaw
from scanner.ballot import Ballot, Category, Reading, Sheet
from scanner.commands.counting import protocol_of
from scanner.config import version
from scanner.election import VoteCategory
from scanner.engine import engine
from scanner.errors import InputError
from scanner.review.agree import settle
from scanner.store.store import Store
from scanner.tally.pdf import protocol_json, protocol_pdf


def decision_flaws(store: Store) -> Iterator[Flaw]:
    """Every decision must follow from the verdict, or from the opinions of named people, on record."""
    for one in store.ballots():
        if one.decision is not None and not _follows(store, one):
            by = " and ".join(one.decision.decided_by) or "the machine"
            yield Flaw(f"sheet {one.sheet}", f"its decision by {by} does not follow from what is on record")


def _follows(store: Store, ballot: Ballot) -> bool:
    decision, verdict = ballot.decision, ballot.verdict
    if decision is None or verdict is None:
        return False
    if not decision.decided_by:
        return settle(ballot.sheet, verdict) == decision
    doubted = replace(verdict, category=Category.TVILSOM)  # people spoke when it was doubtful
    spoken = store.opinions(ballot.sheet)
    said = (settle(ballot.sheet, doubted, spoken[:count]) for count in range(1, len(spoken) + 1))
    return decision in said


def reading_flaws(store: Store, most: int, workers: int | None) -> Iterator[Flaw]:
    """Sheets whose images, read again with the eyes on record, say something else; the first `most`.

    Sheets read by other eyes than these are named: they need the version that read them.
    """
    election, eyes = store.election(), version()
    categories = {box.id: election.category(box.category) for box in store.boxes()}
    others = 0

    def jobs() -> Iterator[tuple[Sheet, VoteCategory]]:
        nonlocal others
        left = most
        for record in store.sheets():
            reading = store.reading_of(record.id)
            if reading is not None and reading.version != eyes:
                others += 1
            elif reading is not None and left:
                left -= 1
                yield store.sheet(record.id), categories[record.box]

    for one in engine(election, workers).read(jobs()):
        before = store.reading_of(one.sheet)
        if before is None or _timeless(before) != _timeless(one.reading):
            yield Flaw(f"sheet {one.sheet}", "its images read again say something else")
        elif store.verdict_of(one.sheet) != one.verdict:
            yield Flaw(f"sheet {one.sheet}", "its verdict is not the one that follows from its reading")
    if others:
        yield Flaw("readings", f"{others} sheets were read by another version; verify them with that one")


def _timeless(reading: Reading) -> Reading:
    return replace(reading, ms=())


def protocol_flaws(store: Store, path: Path) -> Iterator[Flaw]:
    """The JSON of a protocol, and the PDF beside it if there is one, must be what the store gives now."""
    form, paper = protocol_of(store), path.with_suffix(".pdf")
    if _content(path) != protocol_json(form):
        yield Flaw(f"protocol {path.name}", "is not what the decisions in the store add up to")
    if paper != path and paper.exists() and _content(paper) != protocol_pdf(form):
        yield Flaw(f"protocol {paper.name}", "is not the page that the decisions in the store give")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
