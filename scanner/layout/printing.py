"""The print files of an election: one PDF for each ballot, page 1 inside, page 2 outside."""

from pathlib import Path

from scanner.election import Election
from scanner.errors import InputError
from scanner.layout.drawing import Drawing, draw
from scanner.layout.pdf import pdf
from scanner.layout.styles import styles


def print_ballots(election: Election, folder: Path) -> tuple[Path, ...]:
    """Writes `<list>.pdf` for each list, `blank.pdf` and `tick_off.pdf`, or `referendum.pdf`; true size.

    Makes the folder if it is missing and replaces files of the same name. Raises InputError when
    the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_write(folder, draw(one, election)) for one in styles(election))
    except OSError as error:
        raise InputError(f"{folder}: the ballots cannot be written there ({error.strerror}).") from error


def _write(folder: Path, drawing: Drawing) -> Path:
    path = folder / f"{drawing.style}.pdf"
    path.write_bytes(pdf(drawing.inside, drawing.outside))
    return path
