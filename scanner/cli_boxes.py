"""The commands about boxes: print their labels, see which are scanned, explain the others."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from scanner.cli_tools import Json, Positive, StoreUrl

labels_app = App(name="labels", help="Labels that lie on top of and under the ballots of each box.")

boxes_app = App(name="boxes", help="Which boxes came, which did not, and what people say of those.")


@labels_app.command(name="print")
def print_labels(
    *,
    out: Path,
    election: Annotated[Path | None, Parameter(name="--election")] = None,
    store: Annotated[str | None, Parameter(name="--store")] = None,
    boxes: Path | None = None,
    krets: str | None = None,
    category: str | None = None,
    count: Positive = 1,
    paper: Literal["a4", "ballot"] = "a4",
) -> int:
    """Write a start and an end label for each box as PDF, and the list of boxes as CSV beside it.

    Parameters
    ----------
    out
        The PDF; print it on one side only, at true size.
    election
        Directory of the election package.
    store
        Instead: labels of all boxes that this store expects.
    boxes
        CSV category,krets,boxes: how many boxes each category and krets has.
    krets
        Krets of the boxes. Default: every krets.
    category
        Vote category of the boxes. Default: every category.
    count
        Boxes of each krets and category.
    paper
        a4, or ballot: paper of the size of the ballots.
    """
    from scanner.commands.labels import print_labels as made

    return made(
        election,
        out,
        store=store,
        boxes=boxes,
        krets=krets,
        category=category,
        count=count,
        ballot_size=paper == "ballot",
    )


@boxes_app.default
def list_boxes(*, store: StoreUrl, expect: Path | None = None, json: Json = False) -> int:
    """List the boxes: expected, scanned, open, missing or explained.

    Parameters
    ----------
    expect
        CSV category,krets,boxes, as labels print writes it: these boxes must come.
    json
        Print one JSON object a box.
    """
    from scanner.commands.boxes import list_boxes as listed

    return listed(store, expect, json=json)


@boxes_app.command
def explain(*, store: StoreUrl, box: str, person: str, words: str) -> int:
    """Say why a box did not come, or came without its end label.

    Parameters
    ----------
    box
        Name of the box, as on its label.
    person
        Name of the person who says it.
    words
        Why.
    """
    from scanner.commands.boxes import explain_box

    return explain_box(store, box, person, words)


@boxes_app.command(name="export")
def export_(*, store: StoreUrl, box: str, out: Path, key: Path) -> int:
    """Write a box with its images and all that is said of it as one signed file, for another store.

    Parameters
    ----------
    box
        Name of the box.
    out
        The file (zip).
    key
        The secret key, as for checkpoints.
    """
    from scanner.commands.parcels import export_box

    return export_box(store, box, out, key)


@boxes_app.command(name="import")
def import_(parcel: Path, /, *, store: StoreUrl, public: Path, json: Json = False) -> int:
    """Take a box that another store sent: once, whole, and only if nothing here contradicts it.

    Parameters
    ----------
    parcel
        A file of boxes export.
    public
        The public key of the sender.
    json
        Print one JSON object.
    """
    from scanner.commands.parcels import import_box

    return import_box(parcel, store, public, json=json)
