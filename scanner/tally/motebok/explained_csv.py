"""What people say of differences, as a CSV table beside the numbers: words and a name for each."""

import csv
import io

from scanner.errors import InputError
from scanner.tally.motebok.filled import Explanation, Filled
from scanner.tally.spreadsheet import as_text, as_written

COLUMNS = ("control", "place", "difference", "person", "words")


def explained_table(said: tuple[Explanation, ...]) -> str:
    """The explanations as a table, in the order given."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    for one in said:
        difference = "" if one.difference is None else one.difference
        named = (one.control, ";".join(one.at), one.by, one.text)
        control, place, by, text = map(as_text, named)
        lines.writerow((control, place, difference, by, text))
    return out.getvalue()


def read_explained(filled: Filled, table: str) -> tuple[Explanation, ...]:
    """The explanations of a table. Raises InputError, naming the line, if one cannot be understood."""
    lines = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")))
    if not set(COLUMNS) <= set(lines.fieldnames or ()):
        raise InputError(f"The table of explanations needs the columns {', '.join(COLUMNS)}.")
    return tuple(_read(filled, line, lines.line_num) for line in lines)


def _read(filled: Filled, line: dict[str, str], number: int) -> Explanation:
    line = {name: as_written((value or "").strip()) for name, value in line.items() if name}
    known = {one.id for one in filled.form.controls} | {f"={one.id}" for one in filled.form.cells}
    control, difference = line["control"], line["difference"]
    if control not in known:
        raise InputError(f"Line {number} explains «{control}», which is no control of {filled.form.id}.")
    if difference and not difference.lstrip("-").isdecimal():
        raise InputError(f"Line {number} has the difference «{difference}», which is no whole number.")
    if not line["person"] or not line["words"]:
        raise InputError(f"Line {number} needs both words and the name of who says them.")
    at = tuple(one.strip() for one in line["place"].split(";")) if line["place"] else ()
    said = int(difference) if difference else None
    return Explanation(control, line["words"], line["person"], at, said)
