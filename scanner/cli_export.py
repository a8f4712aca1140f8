"""The command that hands a count to other programs."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from scanner.commands.export_kinds import Format

Flag = Annotated[bool, Parameter(negative="")]


def export(
    *,
    store: Annotated[str, Parameter(name="--store")],
    out: Path,
    format: Annotated[tuple[Format, ...], Parameter(name="--format", negative="")],  # noqa: A002 - the option's name
    key: Path | None = None,
    images: Flag = False,
) -> int:
    """Write a count for other programs, for auditors, and for those who pack the paper.

    Parameters
    ----------
    store
        URL of the store.
    out
        Folder for the files.
    format
        counts, eml, cvr or bundles; may be given several times.
    key
        The secret key that signs the EML package.
    images
        Put a TIFF of each ballot that people decided into the EML package.
    """
    from scanner.commands.export import export as written

    return written(store, out, format, key, images=images)


COMMANDS = (export,)
