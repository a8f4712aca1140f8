"""Real paper, real ink: 852 labelled ovals on 73 scanned American ballots (not part of the project).

The folder is named by VALGSKANNER_REAL_DATA, or lies beside the checkout; without it the test is
skipped. Nothing is tuned to these ballots beyond what calibration/*.toml says.
"""

import csv
import os
from collections import defaultdict
from pathlib import Path

import pytest

from scanner.ballot import MarkState
from scanner.specimen import FieldMark, read_marks

DATA = Path(
    os.environ.get("VALGSKANNER_REAL_DATA") or Path(__file__).parents[2] / "shared" / "data"
) / "ballots_us"  # fmt: skip
Rows = list[dict[str, str]]


def by_form() -> dict[tuple[str, str], dict[str, Rows]]:
    """(set, blank form) → voted page → its labelled targets."""
    found: dict[tuple[str, str], dict[str, Rows]] = defaultdict(lambda: defaultdict(list))
    with (DATA / "targets.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["set"], row["blank"]][row["voted"]].append(row)
    return found


def read(
    folder: Path, blank: str, voted: str, rows: Rows, work: Path
) -> list[tuple[dict[str, str], FieldMark]]:
    """Each target of one page with what the machine says of it."""
    fields = work / "fields.csv"
    lines = [f"{index},box,{row['x']},{row['y']},{row['w']},{row['h']}" for index, row in enumerate(rows)]
    fields.write_text("name,kind,x,y,w,h\n" + "\n".join(lines) + "\n", "utf-8")
    (page,) = read_marks(folder / blank, fields, [folder / voted])
    return list(zip(rows, page.fields, strict=True))


@pytest.mark.skipif(not (DATA / "targets.csv").is_file(), reason=f"no real ballots in {DATA.name}/")
def test_no_labelled_target_is_wrong_but_sure(tmp_path: Path) -> None:
    said = [
        one
        for (group, blank), pages in sorted(by_form().items())
        for voted, rows in sorted(pages.items())
        for one in read(DATA / group, blank, voted, rows, tmp_path)
    ]
    truth = {"0": MarkState.UNMARKED, "1": MarkState.MARKED}
    doubtful = [row for row, mark in said if mark.state is MarkState.DOUBTFUL]
    wrong = [
        (row, mark) for row, mark in said if mark.state not in {truth[row["marked"]], MarkState.DOUBTFUL}
    ]
    print(  # noqa: T201 - the figure is what the test is run for
        f"\n{len(said)} targets: {len(wrong)} wrong but sure, {len(doubtful)} doubtful"
    )
    assert len(said) == 852
    assert wrong == []
    assert len(doubtful) <= 0.006 * len(said)
