"""Printing the box labels of a count, and the list of boxes that is expected from then on."""

from pathlib import Path

from scanner.box_label import BoxLabel, LabelKind
from scanner.capture.box_list import box_list, boxes_of, read_box_list
from scanner.commands.reading import category_of
from scanner.commands.shell import note
from scanner.election import Election
from scanner.election_package import read_election
from scanner.errors import ExitCode, InputError, UsageError
from scanner.layout.labels import A4, labels_pdf
from scanner.layout.styles import styles
from scanner.store.codec import fingerprint
from scanner.store.opening import open_store


def print_labels(
    folder: Path | None,
    out: Path,
    *,
    store: str | None = None,
    boxes: Path | None,
    krets: str | None,
    category: str | None,
    count: int,
    ballot_size: bool,
) -> int:
    """Write a start and an end label for each box, on A4 or `ballot_size`, and the list beside the PDF.

    The boxes are those of a list, those asked for, or those that a store expects.
    """
    if out.suffix.lower() != ".pdf":
        raise UsageError(f"The labels are a PDF: write --out {out.with_suffix('.pdf')}.")
    if boxes is not None and (krets or category):
        raise UsageError("Give either --boxes, or --krets and --category, not both.")
    if (folder is None) is (store is None):
        raise UsageError("Give either --election or --store: whose boxes are they?")
    if folder is not None:
        election = read_election(folder)
        labels = listed(boxes, election) if boxes else _asked(election, krets, category, count)
    elif boxes is not None or krets or category or count != 1:
        raise UsageError("The boxes of --store are those it expects: give no others beside it.")
    else:
        election, labels = _expected(store or "")
    size = styles(election)[0].page_mm if ballot_size else A4
    sheets = (
        BoxLabel(kind, one.category, one.krets, one.number, one.of) for one in labels for kind in LabelKind
    )
    made = labels_pdf(sheets, election, fingerprint(election), size)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(made)
    out.with_suffix(".csv").write_text(box_list(labels), "utf-8")
    note(f"Wrote {2 * len(labels)} labels of {len(labels)} boxes to {out}, and the list of boxes beside it.")
    return ExitCode.DONE


def _expected(url: str) -> tuple[Election, tuple[BoxLabel, ...]]:
    """The boxes that a store expects, whether they came or not; InputError if it expects none."""
    with open_store(url, create=False) as store:
        election, records = store.election(), store.book.records()
    labels = tuple(
        BoxLabel(LabelKind.START, one.category, one.krets, one.number, one.of)
        for one in records
        if one.number is not None and one.of is not None
    )
    if not labels:
        raise InputError("This store expects no boxes yet: name them with boxes --expect FILE.csv.")
    return election, labels


def listed(path: Path, election: Election) -> tuple[BoxLabel, ...]:
    """The boxes that a list names; InputError names the file and the line of the first fault."""
    try:
        return read_box_list(path.read_text("utf-8-sig"), election)
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not text in UTF-8.") from error
    except InputError as error:
        raise InputError(f"{path} {error}") from error


def _asked(election: Election, krets: str | None, category: str | None, count: int) -> tuple[BoxLabel, ...]:
    """`count` boxes of one krets and category, or of each of them where none is named."""
    codes = [one.code for one in election.kretser]
    if krets is not None and krets not in codes:
        raise UsageError(f"{election.name} has no krets {krets!r}; choose one of {', '.join(codes)}.")
    categories = [category_of(election, category)] if category else election.categories
    return tuple(
        label
        for one in categories
        for code in ([krets] if krets else codes)
        for label in boxes_of(one.code, code, count)
    )
