"""From tally to protocol: the official form filled in, with every printed control worked out."""

from collections.abc import Iterable, Iterator

from scanner.ballot import Category, Rejection
from scanner.election import Election, ElectionType
from scanner.tally.appendices import appendices
from scanner.tally.channels import Channel, Channels
from scanner.tally.form import (
    BoxCheck,
    Cell,
    Control,
    Explanation,
    Outcome,
    Preliminary,
    Protocol,
    Row,
    Table,
    Words,
)
from scanner.tally.forms import Form, RowForm, motebok_2009
from scanner.tally.tally import Tally

MANUAL = "foreløpig manuell opptelling"
MACHINE = "alle matede stemmesedler"
NEW_BLANK = "nye i maskinell opptelling"
COUNTED = "maskinell opptelling"
NO_MANUAL = "Rad a og b er alle matede stemmesedler, fordi ingen foreløpig manuell opptelling er oppgitt."
WITH_MANUAL = "Rad a og b er godkjente stemmesedler fra foreløpig manuell opptelling."
BOARD = "valgstyrets avgjørelser"
WAITING = "venter på avgjørelse"


def protocol(
    tally: Tally,
    election: Election,
    *,
    preliminary: Preliminary | None = None,
    explanations: Iterable[Explanation] = (),
    sheets: int | None = None,
    boxes: BoxCheck | None = None,
    package: str = "",
    version: str = "",
    test: bool = False,
    record: str = "",
    more: tuple[Table, ...] = (),
) -> Protocol:
    """Part D of the 2009 møtebok for this tally.

    `preliminary` fills D1.a and D1.b with the manual count; without it they are all ballots fed.
    `sheets` is how many the store holds, to be compared with those in the tally; `boxes` those
    expected, to be compared with those scanned. `package`, `version` and `record` are printed at
    the foot; `test` marks every page; `more` are tables printed last (samples). Pure: the same
    arguments, the same protocol.
    """
    form = motebok_2009()
    channels = Channels(tally, election)
    d1 = _d1(form, tally, channels, preliminary)
    heading = form.headings[election.type]
    said = tuple(explanations)
    compared = _compared(form, d1[-1].value, tally, channels, sheets)
    return Protocol(
        form=form.id,
        words=_words(form, heading.remarks),
        kind=heading.election,
        election=election.name,
        year=election.year,
        area_label=heading.area,
        area=election.area,
        d1=d1,
        basis=NO_MANUAL if preliminary is None else WITH_MANUAL,
        d21=_d21(form, election, channels),
        controls=(*(_control(*one, said) for one in compared), *([_boxes(boxes)] if boxes else ())),
        undecided=tally.undecided.total(),
        appendices=(*appendices(tally, election, channels, preliminary), *more),
        package=package,
        version=version,
        test=test,
        record=record,
    )


def _words(form: Form, remarks: str) -> Words:
    return Words(
        form.name,
        form.record,
        form.part,
        form.d1_title,
        form.d2_title,
        form.d22_title,
        form.d22_cause,
        remarks,
        form.signatures,
        form.leader,
        form.members,
    )


def _d1(form: Form, tally: Tally, channels: Channels, preliminary: Preliminary | None) -> tuple[Cell, ...]:
    cells: dict[str, Cell] = {}
    for row in form.d1:
        if row.sum:
            value = sum(int(f"{one[0]}1") * cells[one[1:]].value for one in row.sum)
            cells[row.id] = Cell(row.id, row.label, value, " ".join(row.sum), "", row.own)
        else:
            value, source = _fact(row, tally, channels, preliminary)
            cells[row.id] = Cell(row.id, row.label, value, "", source, row.own)
    return tuple(cells.values())


def _fact(row: RowForm, tally: Tally, channels: Channels, preliminary: Preliminary | None) -> tuple[int, str]:
    """The value of a row that is filled in, and where it comes from."""
    match row.fact:
        case "advance" | "election_day":
            if preliminary is None:
                return channels.fed(Channel(row.fact)), MACHINE
            return sum(getattr(one, row.fact) for one in preliminary.lists), MANUAL
        case "blank":
            aside = 0 if preliminary is None else preliminary.blank
            return tally.blank.total() - aside, NEW_BLANK if aside else COUNTED
        case "undecided":
            return tally.undecided.total(), WAITING
        case ground:
            wanted = Rejection(ground)
            return tally.rejected.total(lambda one: one.ground is wanted), BOARD


def _d21(form: Form, election: Election, channels: Channels) -> Table:
    if election.type is ElectionType.FOLKEAVSTEMNING:
        return _d21_referendum(form, election, channels)
    sorts = (Category.URETTET, Category.RETTET)
    rows = []
    for party in election.lists:
        cells = [channels.votes(party.code, channel, sort) for channel in Channel for sort in sorts]
        rows.append(Row(party.party, (*cells, sum(cells))))
    return Table(
        id="D2.1",
        title=form.d21_title,
        label="Valglistens navn",
        columns=("Urettede", "Rettede", "Urettede", "Rettede", ""),
        rows=tuple(rows),
        total=_sums(form.d21_total, rows, 5),
        groups=(("a. Forhåndsstemmer", 2), ("b. Valgtingsstemmer", 2), ("c. Stemmetall totalt", 1)),
    )


def _d21_referendum(form: Form, election: Election, channels: Channels) -> Table:
    rows = []
    for option in election.options:
        cells = [channels.answers(option.code, channel) for channel in Channel]
        rows.append(Row(option.text, (*cells, sum(cells))))
    return Table(
        id="D2.1",
        title=form.d21_referendum_title,
        label="Svaralternativ",
        columns=("a. Forhåndsstemmer", "b. Valgtingsstemmer", "c. Stemmetall totalt"),
        rows=tuple(rows),
        total=_sums(form.d21_total, rows, 3),
    )


def _sums(label: str, rows: Iterable[Row], columns: int) -> Row:
    sums = [0] * columns
    for row in rows:
        sums = [one + int(cell or 0) for one, cell in zip(sums, row.values, strict=True)]
    return Row(label, tuple(sums))


def _compared(
    form: Form, final: int, tally: Tally, channels: Channels, sheets: int | None
) -> Iterator[tuple[str, str, int, int]]:
    """D2.2 as printed, and two of our own: the columns of D2.1 add up, no paper is lost."""
    yield "D2.2", form.d22_control, final, tally.approved
    columns = sum(channels.approved(channel) for channel in Channel)
    yield "D2.1", "Sum av kolonnene a og b i D2.1 er lik sum D2.1c", columns, tally.approved
    if sheets is not None:
        text = "Alle ark i lageret er med: fordelt, blanke, forkastede og ikke avgjorte"
        yield "Papir", text, sheets, tally.fed


def _boxes(boxes: BoxCheck) -> Control:
    """Every box that was expected came, or somebody has said why not: a box is never just forgotten."""
    text = "Alle ventede kasser er skannet"
    if boxes.missing:
        text += f"; uten forklaring mangler {', '.join(boxes.missing)}"
    said = " ".join(boxes.explained)
    whole = boxes.expected == boxes.scanned and not boxes.missing
    outcome = Outcome.UNEXPLAINED if boxes.missing else Outcome.EXPLAINED
    return Control("Kasser", text, boxes.expected, boxes.scanned, Outcome.HOLDS if whole else outcome, said)


def _control(name: str, text: str, left: int, right: int, explanations: tuple[Explanation, ...]) -> Control:
    said = " ".join(one.text.strip() for one in explanations if one.control == name)
    if left == right:
        return Control(name, text, left, right, Outcome.HOLDS, said)
    return Control(name, text, left, right, Outcome.EXPLAINED if said else Outcome.UNEXPLAINED, said)
