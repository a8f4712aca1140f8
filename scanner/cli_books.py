"""The commands that send a board's book to the board above."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from scanner.cli_tools import Json

StoreUrl = Annotated[str, Parameter(name="--store")]
Flag = Annotated[bool, Parameter(negative="")]
People = Annotated[tuple[str, ...], Parameter(name="--by", negative="")]

book = App(name="book", help="A board's book sent to the board above, signed, and taken once.")


@book.command
def send(
    file: Path | None = None,
    /,
    *,
    out: Path,
    key: Path,
    store: str | None = None,
    election: Path | None = None,
    board: str = "valgstyret",
    named: Annotated[str | None, Parameter(name="--form")] = None,
    year: int | None = None,
) -> int:
    """Write a book, filled in or as the machine counted it, as one signed file.

    Parameters
    ----------
    file
        The form, .csv or .xlsx. Default: only the machine's numbers.
    out
        The file; its signature lies beside it with .minisig at the end.
    key
        The secret key.
    store
        URL of the store that counted.
    election
        Directory of the election package, for a book counted by hand.
    board
        Whose form it is.
    named
        The form by its name.
    year
        Year of the election.
    """
    from scanner.commands.books import export_results
    from scanner.commands.forms import Wanted

    return export_results(Wanted(election, store, board, named, year), file, out, key)


@book.command
def take(
    file: Path,
    /,
    *,
    store: StoreUrl,
    public: Path,
    replace: Flag = False,
    by: People = (),
    reason: str = "",
    json: Json = False,
) -> int:
    """Take a signed book, once; another version of one that is here is shown and refused.

    Parameters
    ----------
    file
        The file that book send wrote.
    store
        URL of the county's store.
    public
        The public key it was signed with.
    replace
        Take a corrected version in place of the one that is here; both stay on record.
    by
        Name of a person who lets a corrected version in; give two.
    reason
        Why it was corrected.
    json
        Print one JSON object.
    """
    from scanner.commands.books import import_results

    return import_results(file, store, public, replace=replace, people=by, reason=reason, json=json)


@book.command(name="list")
def list_(*, store: StoreUrl, out: Path | None = None, json: Json = False) -> int:
    """List the books that have come.

    Parameters
    ----------
    store
        URL of the county's store.
    out
        Folder that gets each book as the tables that form check --book takes.
    json
        Print one JSON object a book.
    """
    from scanner.commands.books import list_results

    return list_results(store, out, json=json)
