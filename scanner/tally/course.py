"""The course of a count, as the protocol tells it: the zero report, closing, reopening, by whom and why."""

from collections.abc import Iterable

from scanner.audit.events import Act
from scanner.store.records import Statement
from scanner.tally.form import Row, Table

_WORDS = {
    Act.COUNT_OPENED: "Åpnet, nullrapport: ingen kasse var lagt inn",
    Act.COUNT_CLOSED: "Lukket",
    Act.COUNT_REOPENED: "Gjenåpnet",
}
_NONE = Row("Nullrapport", ("ikke gitt før første kasse", ""))


def course_table(said: Iterable[Statement]) -> Table:
    """A row for each time the count was opened, closed or reopened; one more if it never was opened."""
    found = tuple(said)
    opened = any(one.act is Act.COUNT_OPENED for one in found)
    rows = tuple(Row(_WORDS[one.act], (" og ".join(one.people), one.reason)) for one in found)
    return Table(
        id="tellingens gang",
        title="Tellingens gang",
        label="",
        columns=("Av", "Grunn"),
        rows=rows if opened else (_NONE, *rows),
    )
