"""Which boxes a count expects: a list that people can write in a spreadsheet.

Three columns, `category,krets,boxes`: how many boxes hold the ballots of that category from that
krets. Pure: text in, labels out.
"""

import csv
from collections.abc import Iterable, Iterator

from scanner.box_label import MOST_BOXES, BoxLabel, LabelKind
from scanner.election import Election
from scanner.errors import InputError

COLUMNS = ("category", "krets", "boxes")


def boxes_of(category: str, krets: str, count: int) -> tuple[BoxLabel, ...]:
    """The start labels of `count` boxes of one category and krets."""
    return tuple(BoxLabel(LabelKind.START, category, krets, n, count) for n in range(1, count + 1))


def read_box_list(text: str, election: Election) -> tuple[BoxLabel, ...]:
    """The start label of every box that is expected.

    InputError names the line of the first fault: a missing column, a category or krets that the
    election does not have, one listed twice, a number of boxes that is none.
    """
    rows = csv.reader(text.splitlines(), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    try:
        header = [one.strip().casefold() for one in next(rows, [])]
        missing = [one for one in COLUMNS if one not in header]
        if missing:
            raise InputError(f"line 1: the column {missing[0]!r} is missing; write {','.join(COLUMNS)}.")
        return tuple(_expected(rows, [header.index(one) for one in COLUMNS], election))
    except csv.Error as error:
        raise InputError(f"line {rows.line_num}: {error}.") from error


def box_list(labels: Iterable[BoxLabel]) -> str:
    """The list again, as `read_box_list` reads it."""
    counts = {(one.category, one.krets): one.of for one in labels}
    return "\n".join([",".join(COLUMNS), *(f"{c},{k},{n}" for (c, k), n in counts.items())]) + "\n"


def _expected(rows: Iterable[list[str]], places: list[int], election: Election) -> Iterator[BoxLabel]:
    seen: set[tuple[str, str]] = set()
    categories, kretser = {one.code for one in election.categories}, {one.code for one in election.kretser}
    for line, row in enumerate(rows, 2):
        if not any(one.strip() for one in row):
            continue
        category, krets, boxes = (row[place].strip() if place < len(row) else "" for place in places)
        if category not in categories:
            raise InputError(f"line {line}: the election has no vote category {category!r}.")
        if krets not in kretser:
            raise InputError(f"line {line}: the election has no krets {krets!r}.")
        if (category, krets) in seen:
            raise InputError(f"line {line}: {category} of krets {krets} is listed twice.")
        if not (boxes.isascii() and boxes.isdigit() and 0 < int(boxes) <= MOST_BOXES):
            raise InputError(f"line {line}: {boxes!r} is no number of boxes from 1 to {MOST_BOXES}.")
        seen.add((category, krets))
        yield from boxes_of(category, krets, int(boxes))
