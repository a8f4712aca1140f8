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


def print_labels(
    folder: Path,
    out: Path,
    *,
    boxes: Path | None,
    krets: str | None,
    category: str | None,
    count: int,
    ballot_size: bool,
) -> int:
    """Write a start and an end label for each box, on A4 or `ballot_size`, and the list beside the PDF."""
    if out.suffix.lower() != ".pdf":
        raise UsageError(f"The labels are a PDF: write --out {out.with_suffix('.pdf')}.")
    if boxes is not None and (krets or category):
        raise UsageError("Give either --boxes, or --krets and --category, not both.")
    election = read_election(folder)
    labels = listed(boxes, election) if boxes else _asked(election, krets, category, count)
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
