"""The command `book`: a book sent to the county, signed, and taken there once."""

from pathlib import Path

import msgspec

from scanner.audit.events import Act
from scanner.audit.seal import check, sign
from scanner.commands.forms import Wanted, blank_book, read_book
from scanner.commands.record import checkpoint_of, key_password
from scanner.commands.shell import answers, note, say
from scanner.errors import ExitCode, InputError, StoreError, UsageError
from scanner.store.codec import decode, encode
from scanner.store.opening import open_store
from scanner.store.store import Store
from scanner.tally.motebok.evaluate import evaluate
from scanner.tally.motebok.explained_csv import explained_table
from scanner.tally.motebok.table_csv import worked_out
from scanner.tally.results import FORMAT, Changed, Results, changed, read_results, results_bytes

PEOPLE = 2  # who let a corrected book take the place of one that came before


class Taken(msgspec.Struct, frozen=True):
    """A book as the county keeps it."""

    results: Results
    reason: str = ""  # why it took the place of the one before


class Arrival(msgspec.Struct, frozen=True):
    """What became of results, as `valgskanner book take --json` prints it."""

    id: str
    taken: bool  # False: they were here already, or are refused
    same: bool
    differences: tuple[Changed, ...]


def export_results(wanted: Wanted, file: Path | None, out: Path, key: Path) -> int:
    """Write a book as signed results; exit code 4 if it is not closed: it goes out and says so."""
    password = key_password()
    with blank_book(wanted) as (blank, election, store):
        filled = blank if file is None else read_book(blank, file)
        last = checkpoint_of(store) if store is not None else None
    made = evaluate(filled)
    results = Results(
        format=FORMAT,
        form=filled.form.id,
        type=filled.form.type.value,
        year=filled.form.year,
        election=election.name,
        area=filled.area,
        test=last.test if last else False,
        checkpoint=last.words if last else "",
        closed=made.closed,
        table=worked_out(made),
        explained=explained_table(filled.explanations),
    )
    content = results_bytes(results)
    out.write_bytes(content)
    _seal_of(out).write_bytes(sign(content, key, password, results.words).text)
    note(f"Wrote {out} and {_seal_of(out)}: {results.words}.")
    return ExitCode.DONE if made.closed else ExitCode.DISAGREE


def import_results(
    file: Path,
    url: str,
    public: Path,
    *,
    replace: bool,
    people: tuple[str, ...],
    reason: str,
    json: bool,
) -> int:
    """Take a board's book, once; exit code 4 if another version is here, which is shown number by number."""
    results = _checked(file, public)
    with open_store(url, create=False) as store:
        _fits(store, results)
        with store.transaction():
            arrival = _arrival(store, results)
            if not arrival.same and (replace or not arrival.differences):
                _keep(store, results, arrival, people, reason)
                arrival = msgspec.structs.replace(arrival, taken=True)
    if json:
        say(arrival)
    else:
        _tell(arrival)
    return ExitCode.DONE if arrival.taken or arrival.same else ExitCode.DISAGREE


def _checked(file: Path, public: Path) -> Results:
    """The results in a file, once the signature holds. InputError or AuditError if it does not."""
    try:
        content, seal = file.read_bytes(), _seal_of(file).read_bytes()
    except OSError as error:
        raise InputError(f"{error.filename} cannot be read: {error.strerror}.") from error
    signed = check(content, seal, public)
    results = read_results(content)
    if signed != results.words:
        raise InputError(f"The signature is of other results: {signed}.")
    return results


def _fits(store: Store, results: Results) -> None:
    election = store.election()
    if (results.type, results.year) != (election.type.value, election.year):
        raise StoreError(
            f"These are results of {results.type} {results.year}; the store is of {election.name}."
        )
    if results.test is not store.is_test():
        kinds = ("a test", "a real count") if results.test else ("a real count", "a test")
        raise StoreError(f"These are results of {kinds[0]}; the store holds {kinds[1]}.")


def _arrival(store: Store, results: Results) -> Arrival:
    before = books(store).get(results.id)
    if before is None:
        return Arrival(results.id, taken=False, same=False, differences=())
    differences = tuple(changed(before, results))
    return Arrival(results.id, taken=False, same=before == results, differences=differences)


def _keep(store: Store, results: Results, arrival: Arrival, people: tuple[str, ...], reason: str) -> None:
    if arrival.differences:
        names = {" ".join(one.split()) for one in people} - {""}
        if len(names) < PEOPLE or not reason.strip():
            raise UsageError("A corrected book takes two people (--by twice) and a --reason.")
    store.record.sample(Act.RESULTS_TAKEN, people, encode(Taken(results, reason.strip())))


def books(store: Store) -> dict[str, Results]:
    """The books of other boards that stand, by id; a corrected one has taken the place of the one before."""
    taken = (decode(body, Taken).results for _, body in store.record.samples(Act.RESULTS_TAKEN))
    return {one.id: one for one in taken}


def _tell(arrival: Arrival) -> None:
    if arrival.taken:
        note(f"{arrival.id}: taken.")
    elif arrival.same:
        note(f"{arrival.id}: the same is here already, nothing changed.")
    else:
        for one in arrival.differences:
            where = f"{one.cell}[{one.place}]" if one.place else one.cell
            answers.print(f"{where}: {one.before or '–'} here, {one.now or '–'} in the file", markup=False)
        note(f"{arrival.id}: refused, another version is here. If it is corrected, say --replace.")


def list_results(url: str, out: Path | None, *, json: bool) -> int:
    """Print the books that have come; with `out` write each as tables that `form check --book` takes."""
    with open_store(url, create=False) as store:
        found = books(store)
    for one in found.values():
        state = "closed" if one.closed else "not closed"
        if json:
            say({"id": one.id, "area": one.area, "form": one.form, "closed": one.closed})
        else:
            answers.print(f"{one.id}: {state}. {one.checkpoint or 'counted by hand'}", markup=False)
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            name = "".join(letter if letter.isalnum() else "_" for letter in one.area)
            (out / f"{name}.csv").write_text(one.table, "utf-8")
            (out / f"{name}.explained.csv").write_text(one.explained, "utf-8")
    return ExitCode.DONE


def _seal_of(path: Path) -> Path:
    return path.with_name(path.name + ".minisig")
