"""Reading without storing: `classify` over a source, `marks` on any paper."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from scanner.ballot import Category, MarkState, Sheet
from scanner.capture.events import Ended, Faulted, Fed, Noted, ScanSettings, Source
from scanner.capture.limits import limits
from scanner.capture.source import open_source
from scanner.commands.shell import answers, note, progress, say
from scanner.election import Election, VoteCategory
from scanner.election_package import read_election
from scanner.engine import engine
from scanner.errors import CaptureError, ExitCode, UsageError
from scanner.lines import amendment_text, verdict_line
from scanner.pipeline import Outcome
from scanner.specimen import MarkedPage, read_marks

BOX = "classify"  # sheets that are not stored still have a box and a number


def classify_source(
    folder: Path, spec: str, category: str | None, workers: int | None, pictures: Path | None, *, json: bool
) -> int:
    """Print a verdict for every sheet of a source; exit code 3 if any is doubtful."""
    election = read_election(folder)
    counted_in = category_of(election, category)
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    waiting: dict[str, Sheet] = {}

    def jobs() -> Iterator[tuple[Sheet, VoteCategory]]:
        for sheet in sheets(open_source(spec)):
            waiting[sheet.id] = sheet
            yield sheet, counted_in

    doubtful = 0
    for outcome in progress(engine(election, workers, pictures).read(jobs()), "reading"):
        doubtful += outcome.verdict.category is Category.TVILSOM
        _show(waiting.pop(outcome.sheet), outcome, json=json)
    return ExitCode.DOUBTFUL if doubtful else ExitCode.DONE


def category_of(election: Election, code: str | None) -> VoteCategory:
    """The vote category asked for, or the election's first."""
    if code is None:
        return election.categories[0]
    try:
        return election.category(code)
    except KeyError:
        known = ", ".join(one.code for one in election.categories)
        raise UsageError(f"{election.name} has no vote category {code!r}; choose one of {known}.") from None


def sheets(source: Source) -> Iterator[Sheet]:
    """Every sheet of a source, numbered from 1; a fault ends it with CaptureError."""
    about = source.describe()
    number = 0
    with closing(source.start(ScanSettings())) as feed:
        while True:
            match feed.next_sheet(limits().sheet_s):
                case Fed() as fed:
                    number += 1
                    for one in fed.notes:
                        note(one)
                    yield Sheet(BOX, number, fed.images, about.device, name=fed.name)
                case Noted(text):
                    note(text)
                case Faulted() as fault:
                    raise CaptureError(f"{fault.text} {fault.fault.instruction}")
                case Ended():
                    return


def _show(sheet: Sheet, outcome: Outcome, *, json: bool) -> None:
    if json:
        say(verdict_line(sheet, outcome.reading, outcome.verdict))
        return
    verdict = outcome.verdict
    made = verdict.amendments or verdict.proposed.amendments
    words = [verdict.category.value, verdict.list or "–", ", ".join(map(amendment_text, made))]
    words += [", ".join(verdict.reasons)] if verdict.reasons else []
    answers.print(f"{sheet.name or sheet.id}: {' · '.join(one for one in words if one)}", markup=False)


def marks_on(images: Iterable[Path], specimen: Path, fields: Path, *, json: bool) -> int:
    """Print the state of every field on every image; exit code 3 if any is doubtful."""
    doubtful = 0
    for page in read_marks(specimen, fields, images):
        doubtful += sum(one.state is MarkState.DOUBTFUL for one in page.fields)
        if json:
            say(page)
        else:
            _show_page(page)
    return ExitCode.DOUBTFUL if doubtful else ExitCode.DONE


def _show_page(page: MarkedPage) -> None:
    by_state = {
        state: [one.name for one in page.fields if one.state is state]
        for state in (MarkState.MARKED, MarkState.DOUBTFUL)
    }
    seen = f"marked: {', '.join(by_state[MarkState.MARKED]) or 'none'}"
    doubt = f"doubtful: {', '.join(by_state[MarkState.DOUBTFUL]) or 'none'}"
    text = (
        f"{seen} · {doubt}"
        if page.registered
        else f"not registered ({page.reason}), nothing is said of its marks"
    )
    answers.print(f"{page.image}: {text}", markup=False)
