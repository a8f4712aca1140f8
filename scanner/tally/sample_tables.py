"""Samples as tables of the protocol: what was drawn, by which seed, what differed and what follows."""

from collections.abc import Iterable

from scanner.tally.form import Row, Table
from scanner.tally.sampling import BoxControl, Differs, Follows, Purpose, Result

_FOLLOWS = {
    Follows.NOTHING: "ingen avvik som krever mer",
    Follows.RECOUNT_BOX: "kassen med avvik telles på nytt, på en annen stasjon og av andre",
    Follows.RECOUNT_ALL: "alle kasser telles på nytt",
}
_HOW = {Differs.PILE: "annen bunke", Differs.CHANGES: "andre rettelser", Differs.MISSING: "mangler"}
_TITLE = {
    Purpose.CONTROL: "Stikkprøve",
    Purpose.RISK: "Risikobegrensende kontroll (Kaplan–Markov, Stark 2010)",
}


def sample_tables(results: Iterable[Result]) -> tuple[Table, ...]:
    """A table for each draw on record, in the order drawn."""
    return tuple(_table(one) for one in results)


def _table(one: Result) -> Table:
    rows = tuple(row for box in one.boxes for row in _rows(box))
    return Table(
        id=f"stikkprøve {one.number}",
        title=f"{_TITLE[one.draw.purpose]} {one.number}",
        label="Kasse",
        columns=("Trukket", "Lest", "På papiret", "I opptellingen"),
        rows=rows,
        note=" ".join(_note(one)),
    )


def _rows(box: BoxControl) -> Iterable[Row]:
    state = "" if box.done else "ikke lest ferdig"
    yield Row(box.box, (str(box.drawn), str(box.read), state, ""))
    for pile, paper, machine in box.piles:
        if paper != machine:
            yield Row(f"– {pile}", ("", "", str(paper), str(machine)))
    for one in box.differences:
        yield Row(f"– {one.sheet}", ("", _HOW[one.how], one.paper, one.machine))


def _note(one: Result) -> Iterable[str]:
    draw = one.draw
    sheets = sum(box.sheets for box in draw.frame)
    yield f"Trukket med frø {draw.seed} ({draw.method}) av {len(draw.frame)} kasser med {sheets} ark."
    if one.follows is None:
        yield "Kontrollen er ikke ferdig."
        return
    if one.p_value is not None:
        yield f"p = {one.p_value:.5f} mot risikogrense {draw.risk}, {draw.ballots} trekninger."
    yield f"Følge: {_FOLLOWS[one.follows]}."
