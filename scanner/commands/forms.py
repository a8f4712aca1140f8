"""The møtebøker: forms out, numbers in, everything worked out and controlled; and a number's ballots."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from scanner.commands.compare import answers_of
from scanner.commands.form_lines import (
    BallotLine,
    CheckLine,
    SwapLine,
    check_table,
    form_line,
    form_table,
    swap_lines,
)
from scanner.commands.record import checkpoint_of
from scanner.commands.shell import answers, note, say
from scanner.election import Election, ElectionType
from scanner.election_package import read_election
from scanner.errors import ExitCode, InputError, StoreError, UsageError
from scanner.store.opening import open_store
from scanner.store.records import SheetRecord
from scanner.store.store import Store
from scanner.tally.comparison import compare
from scanner.tally.count import count_heaps
from scanner.tally.form import Outcome
from scanner.tally.form_json import form_json
from scanner.tally.form_pdf import Printed, form_pdf
from scanner.tally.motebok.catalogue import form_for
from scanner.tally.motebok.entry import entry, key_of
from scanner.tally.motebok.evaluate import Evaluated, evaluate
from scanner.tally.motebok.explained_csv import explained_table, read_explained
from scanner.tally.motebok.extents import extent_of, with_items
from scanner.tally.motebok.facts import Facts
from scanner.tally.motebok.feed import feed
from scanner.tally.motebok.filled import Explanation, Filled, Item
from scanner.tally.motebok.model import Dimension, Form
from scanner.tally.motebok.paper import fed_twice, paper
from scanner.tally.motebok.reading import form, form_file, form_names
from scanner.tally.motebok.reconcile import reconcile
from scanner.tally.motebok.redundancy import guards
from scanner.tally.motebok.table_csv import read_table, template, worked_out
from scanner.tally.motebok.which import which_ballots
from scanner.tally.workbook.reading import read_workbook
from scanner.tally.workbook.writing import workbook


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which book: of the election in a package or a store; the form by name, or that of a board and year."""

    election: Path | None
    store: str | None
    board: str = "valgstyret"
    name: str | None = None
    year: int | None = None
    extent: Path | None = None  # CSV dimension,code,name: places, kommuner … that no package says
    second: str | None = None  # another store that counted the same boxes


def list_forms(*, json: bool) -> int:
    """Print every form with its years, elections, rows and controls."""
    lines = [form_line(name, form_file(name)) for name in form_names()]
    if json:
        for one in lines:
            say(one)
    else:
        answers.print(form_table(lines))
    return ExitCode.DONE


def write_template(wanted: Wanted, out: Path, language: str) -> int:
    """Write the form to fill in: .xlsx with live formulas, or .csv; with the machine's numbers of a store."""
    with blank_book(wanted) as (blank, _, store):
        _write(out, blank, evaluate(blank), language, _seen(store))
    note(f"Wrote {out}: {blank.form.name.nb} ({blank.form.id}).")
    return ExitCode.DONE


def fill_cell(wanted: Wanted, file: Path, cell: str, place: str, written: str) -> int:
    """Write one number into a table, understood and refused as `form check` would."""
    with blank_book(wanted) as (blank, _, _):
        filled = read_book(blank, file)
        key = key_of(blank.form, blank.extent, cell, place)
        value = entry(blank.form.cell(cell), written)
        values = {one: old for one, old in filled.values.items() if one != key}
        if value is not None:
            values[key] = value
        filled = replace(filled, values=values)
        _write(file, filled, evaluate(filled), "nb")
    note(f"{key}: {value if value is not None else 'nothing'}")
    return ExitCode.DONE


def explain(file: Path, said: Explanation) -> int:
    """Keep what a named person says of a difference, in the table beside the numbers."""
    if not said.text.strip() or not said.by.strip():
        raise UsageError("An explanation needs both words and the name of who says them.")
    beside = explanations_of(file)
    before = beside.read_text("utf-8") if beside.exists() else explained_table(())
    beside.write_text(before + explained_table((said,)).split("\n", 1)[1], "utf-8")
    note(f"{said.control}: noted in {beside} that {said.by.strip()} says: {said.text.strip()}")
    return ExitCode.DONE


def check(
    wanted: Wanted,
    file: Path | None,
    *,
    books: Iterable[str] = (),
    out: Path | None = None,
    unguarded: bool = False,
    json: bool = False,
) -> int:
    """Work out a book and print its controls; exit code 4 while it cannot be closed, 3 while ballots wait."""
    with blank_book(wanted) as (blank, _, store):
        filled = blank if file is None else read_book(blank, file)
        told, seen = _books(blank.form, filled, books), _seen(store)
    filled, conflicts = feed(filled, told)
    for one in conflicts:
        note(f"{one.key}: {one.written} is written, the other book says {one.told}.")
    made = evaluate(filled)
    if out is not None:
        _write(out, filled, made, "nb", seen)
    _tell(made, json=json)
    if unguarded:
        _tell_unguarded(filled)
    if made.undecided:
        note(f"{made.undecided} ballots wait for people.")
        return ExitCode.DOUBTFUL
    return ExitCode.DONE if made.closed and not conflicts else ExitCode.DISAGREE


def which(wanted: Wanted, cell: str, place: str, *, json: bool) -> int:
    """Print the ballots that a number of the machine stands for, down to their images."""
    with blank_book(wanted) as (blank, election, store):
        if store is None:
            raise UsageError("Which ballots: give the --store they are in.")
        key = key_of(blank.form, blank.extent, cell, place)
        times = {one.ballot.sheet: one.times for one in which_ballots(blank, key, store.ballots(), election)}
        for record in store.sheets():
            if record.id in times:
                _tell_ballot(record, times[record.id], json=json)
    note(f"{key}: {sum(times.values())} of {len(times)} ballots on record.")
    return ExitCode.DONE


def explanations_of(file: Path) -> Path:
    """Where the explanations of a table lie: beside it."""
    return file.with_name(f"{file.stem}.explained.csv")


@contextmanager
def blank_book(wanted: Wanted) -> Iterator[tuple[Filled, Election, Store | None]]:
    """The empty book; with a store, with the machine's numbers, while the store is open."""
    if wanted.store is not None:
        with open_store(wanted.store, create=False) as store:
            election = store.election()
            empty = _empty(wanted, election)
            yield _counted(empty, election, store, wanted.second), election, store
    elif wanted.election is not None:
        election = read_election(wanted.election)
        yield _empty(wanted, election), election, None
    else:
        raise UsageError("Which election: give --election DIR, or --store URL of a count.")


def _empty(wanted: Wanted, election: Election) -> Filled:
    year = wanted.year or election.year
    if wanted.name is not None:
        blank = form(wanted.name, election.type, year)
    else:
        blank = form_for(wanted.board, election.type, year)
    extent = extent_of(election)
    if wanted.extent is not None:
        extent = with_items(extent, _text(wanted.extent, _content(wanted.extent)))
    return Filled(blank, election.area, extent)


def _counted(blank: Filled, election: Election, store: Store, second: str | None) -> Filled:
    facts = Facts(blank.form, blank.extent, election).of(count_heaps(store.heaps(), election))
    filled = replace(blank, facts=facts, counted=True)
    filled = filled.with_values(paper(blank, election, store.book.records()))
    return filled if second is None else _twice(filled, store, second)


def _twice(filled: Filled, store: Store, url: str) -> Filled:
    """With the boxes that another store has counted too."""
    with open_store(url, create=False) as other:
        if other.election() != store.election():
            raise StoreError("These stores belong to different elections: their boxes are not compared.")
        both = [one.id for one in store.boxes() if one in other.boxes()]
        passes = {box: compare(answers_of(store, (box,)), answers_of(other, (box,))) for box in both}
    extent = filled.extent.having(Dimension.BOX, tuple(Item(one, one) for one in both))
    return replace(filled, extent=extent).with_values(fed_twice(passes))


def read_book(blank: Filled, file: Path) -> Filled:
    """The book in a file, .xlsx or .csv, with the explanations beside it; every wrong cell is printed."""
    content = _content(file)
    if file.suffix.lower() == ".xlsx":
        read = read_workbook(content, blank)
        _refuse(file, read.faults)
        return read.filled
    values, refused = read_table(blank, _text(file, content))
    _refuse(file, refused)
    beside = explanations_of(file)
    said = read_explained(blank, _text(beside, beside.read_bytes())) if beside.exists() else ()
    return blank.with_values(values).explained(*said)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error


def _text(file: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8; save it as «CSV UTF-8».") from error


def _refuse(file: Path, refused: Iterable[object]) -> None:
    wrong = [str(one) for one in refused]
    for one in wrong:
        note(f"{file}: {one}")
    if wrong:
        raise InputError(f"{len(wrong)} cells of {file} cannot be used; nothing was taken.")


def _write(out: Path, filled: Filled, made: Evaluated, language: str, seen: Printed | None = None) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix.lower() == ".xlsx":
        out.write_bytes(workbook(made, language))
    elif out.suffix.lower() == ".pdf":
        out.write_bytes(form_pdf(made, language, **(seen or {})))
    elif out.suffix.lower() == ".json":
        last = seen or Printed()
        out.write_bytes(form_json(made, checkpoint=last.get("checkpoint", ""), test=last.get("test", False)))
    elif out.suffix.lower() == ".csv":
        shown = worked_out(made, language) if filled.counted else template(filled, language)
        out.write_text(shown, "utf-8")
    else:
        raise UsageError(f"A form is a .csv, .xlsx, .pdf or .json: not {out.name}.")


def _seen(store: Store | None) -> Printed:
    """What a printed form says of the count its numbers come from."""
    if store is None:
        return Printed()
    last = checkpoint_of(store)
    return Printed(election=last.election, checkpoint=last.words, test=last.test)


def _books(ours: Form, filled: Filled, named: Iterable[str]) -> Mapping[str, Evaluated]:
    """Other boards' books: KRETS=FILE each."""
    found = {}
    for one in named:
        place, sign, path = one.partition("=")
        if not sign:
            raise UsageError(f"«{one}»: write KRETS=FILE.csv.")
        blank = Filled(_fed(ours), place, filled.extent)
        found[place] = evaluate(read_book(blank, Path(path)))
    return found


def _fed(ours: Form) -> Form:
    """The form of the boards that this one takes numbers from."""
    if not ours.fed_by:
        raise UsageError(f"The form {ours.id} takes no other board's book.")
    return form(ours.fed_by[0], ElectionType(ours.type), ours.year)


def _tell(made: Evaluated, *, json: bool) -> None:
    compared = reconcile(made)
    if json:
        for one in made.checked:
            say(CheckLine.of(one))
        for line in swap_lines(compared):
            say(line)
    else:
        answers.print(check_table(made))
        for line in swap_lines(compared):
            answers.print(_swap(line), markup=False)
    if made.missing:
        first = ", ".join(map(str, made.missing[:8]))
        note(f"{len(made.missing)} numbers are not written yet: {first}{' …' if made.missing[8:] else ''}")
    held = sum(one.outcome is Outcome.HOLDS for one in made.checked)
    note(f"{held} of {len(made.checked)} controls hold; {len(made.unexplained)} stand unexplained.")


def _swap(line: SwapLine) -> str:
    where = f" ({'; '.join(line.place)})" if line.place else ""
    return (
        f"{line.count}{where}: {line.loser} {line.loser_difference:+}, {line.gainer} "
        f"{line.gainer_difference:+}: looks like a bundle of {line.ballots} on the wrong list."
    )


def _tell_unguarded(filled: Filled) -> None:
    for one in guards(filled):
        if not one.controls:
            answers.print(f"{one.key} can be one more without any control seeing it.", markup=False)


def _tell_ballot(record: SheetRecord, times: int, *, json: bool) -> None:
    line = BallotLine(record.id, record.box, record.number, times, tuple(one.sha256 for one in record.sides))
    if json:
        say(line)
    else:
        answers.print(f"{line.sheet}  {times:+}  {' '.join(line.images)}", markup=False)
