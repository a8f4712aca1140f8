"""The commands about the møtebøker: which forms there are, fill one in, control it, see its ballots."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from scanner.cli_tools import Json, StoreUrl

form = App(name="form", help="The official forms: filled in, added up and controlled.")

Folder = Annotated[Path | None, Parameter(name="--election")]
MaybeStore = Annotated[str | None, Parameter(name="--store")]
Items = Annotated[Path | None, Parameter(name="--extent")]
FormName = Annotated[str | None, Parameter(name="--form")]
Books = Annotated[tuple[str, ...], Parameter(name="--book", negative="")]
Flag = Annotated[bool, Parameter(negative="")]


@form.command(name="list")
def list_(*, json: Json = False) -> int:
    """List the forms, with the elections and years they are for, their rows and controls.

    Parameters
    ----------
    json
        Print one JSON object a form.
    """
    from scanner.commands.forms import list_forms

    return list_forms(json=json)


@form.command
def template(
    *,
    out: Path,
    election: Folder = None,
    store: MaybeStore = None,
    board: str = "valgstyret",
    named: FormName = None,
    year: int | None = None,
    extent: Items = None,
    language: str = "nb",
) -> int:
    """Write a form to fill in: a workbook with live formulas (.xlsx), or a table (.csv).

    Parameters
    ----------
    out
        The file; its ending says which.
    election
        Directory of the election package.
    store
        Instead: URL of a store, whose machine numbers are then in it.
    board
        valgstyret, stemmestyret, fylkesvalgstyret, distriktsvalgstyret, samevalgstyret …
    named
        A form by its name in `form list`, instead of the board's.
    year
        Year of the election. Default: that of the package.
    extent
        CSV dimension,code,name: places, kommuner and members that the package does not tell.
    language
        nb, nn, se or en.
    """
    from scanner.commands.forms import Wanted, write_template

    return write_template(Wanted(election, store, board, named, year, extent), out, language)


@form.command
def fill(
    file: Path,
    cell: str,
    value: str,
    /,
    *,
    place: str = "",
    election: Folder = None,
    board: str = "valgstyret",
    named: FormName = None,
    year: int | None = None,
    extent: Items = None,
) -> int:
    """Write one number into a form that lies in a file; an empty one takes it out.

    Parameters
    ----------
    file
        The form, .csv or .xlsx.
    cell
        The cell, such as B2.1d.
    value
        What to write.
    place
        List, krets … of the cell, with ; between them.
    election
        Directory of the election package.
    board
        Whose form it is.
    named
        The form by its name.
    year
        Year of the election.
    extent
        CSV dimension,code,name of what the package does not tell.
    """
    from scanner.commands.forms import Wanted, fill_cell

    return fill_cell(Wanted(election, None, board, named, year, extent), file, cell, place, value)


@form.command
def check(
    file: Path | None = None,
    /,
    *,
    election: Folder = None,
    store: MaybeStore = None,
    board: str = "valgstyret",
    named: FormName = None,
    year: int | None = None,
    extent: Items = None,
    second: Annotated[str | None, Parameter(name="--second")] = None,
    book: Books = (),
    out: Path | None = None,
    unguarded: Flag = False,
    json: Json = False,
) -> int:
    """Work out a form, control it, and compare the manual numbers with the machine's.

    Parameters
    ----------
    file
        The form filled in, .csv or .xlsx.
    election
        Directory of the election package.
    store
        Instead: URL of a store, whose machine numbers are compared.
    board
        Whose form it is.
    named
        The form by its name.
    year
        Year of the election.
    extent
        CSV dimension,code,name of what the package does not tell.
    second
        URL of another store that counted the same boxes: two passes, box by box.
    book
        KRETS=FILE: the book of a stemmestyre (KOMMUNE=FILE of a municipality); give several.
    out
        Write the form with every number worked out, .csv or .xlsx.
    unguarded
        Print the numbers that no control guards.
    json
        Print one JSON object a control.
    """
    from scanner.commands.forms import Wanted
    from scanner.commands.forms import check as checked

    wanted = Wanted(election, store, board, named, year, extent, second)
    return checked(wanted, file, books=book, out=out, unguarded=unguarded, json=json)


@form.command
def explain(
    file: Path, control: str, words: str, /, *, person: str, place: str = "", difference: int | None = None
) -> int:
    """Keep why a control does not hold: in words, by a named person.

    Parameters
    ----------
    file
        The form filled in, .csv; the words are kept beside it.
    control
        The control, such as D2.2.
    words
        Why the numbers differ.
    person
        Who says so.
    place
        List, krets … of the control, with ; between them.
    difference
        The difference explained; should it change, the words no longer stand.
    """
    from scanner.commands.forms import explain as explained
    from scanner.tally.motebok.filled import Explanation

    at = tuple(one.strip() for one in place.split(";")) if place.strip() else ()
    return explained(file, Explanation(control, words, person, at, difference))


@form.command
def which(
    cell: str,
    /,
    *,
    store: StoreUrl,
    place: str = "",
    board: str = "valgstyret",
    named: FormName = None,
    year: int | None = None,
    extent: Items = None,
    json: Json = False,
) -> int:
    """List the ballots that a number of the form stands for, by box and number, with their images.

    Parameters
    ----------
    cell
        The cell, such as D2.1.c.
    store
        URL of the store.
    place
        List, krets … of the cell, with ; between them.
    board
        Whose form it is.
    named
        The form by its name.
    year
        Year of the election.
    extent
        CSV dimension,code,name of what the package does not tell.
    json
        Print one JSON object a ballot.
    """
    from scanner.commands.forms import Wanted
    from scanner.commands.forms import which as ballots

    return ballots(Wanted(None, store, board, named, year, extent), cell, place, json=json)
