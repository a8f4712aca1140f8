"""The command `sample`: paper drawn by lot, read by people who do not see the record, and compared."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import msgspec
from rich.table import Table

from scanner.audit.events import Act
from scanner.ballot import Category, Decision, Proposal, Rejection, Verdict
from scanner.commands.shell import answers, note, say
from scanner.errors import ExitCode, InputError, UsageError
from scanner.review.answer import Answer, opinion, ranks
from scanner.store.codec import decode, encode
from scanner.store.opening import open_store
from scanner.store.store import Store
from scanner.tally.count import count_heaps
from scanner.tally.risk import sample_size, sampling
from scanner.tally.sampling import (
    Draw,
    Entry,
    Follows,
    Purpose,
    Result,
    Seen,
    audit,
    contest,
    control,
    entered,
    frame,
    picks,
    result,
)

COLUMNS = (
    "sheet",
    "blank",
    "reject",
    "list",
    "tick",
    "option",
    "vote",
    "strike",
    "number",
    "written",
    "missing",
)
UNSEEN = Verdict(Category.TVILSOM, None, (), (), Proposal(Category.TVILSOM), 0.0)  # the entry is blind
PEOPLE = 2  # who draw; one at least reads


class PickLine(msgspec.Struct, frozen=True):
    """What `sample list --json` prints, a line a ballot: never what the machine made of it."""

    draw: int
    box: str
    number: int
    sheet: str
    times: int
    read: bool


def draw_sample(
    url: str,
    seed: str,
    people: tuple[str, ...],
    *,
    boxes: int,
    ballots: int | None,
    risk: float | None,
    json: bool,
) -> int:
    """Put a draw on record and print the frame, the seed and the ballots drawn."""
    if len({" ".join(one.split()) for one in people} - {""}) < PEOPLE:
        raise UsageError("A sample is drawn by two people: give both names with --by.")
    with open_store(url, create=False) as store:
        made = _drawn(store, seed, boxes, ballots, risk)
        store.record.sample(Act.SAMPLE_DRAWN, people, encode(made))
        number = len(draws(store))
    if json:
        say({"draw": number, "recipe": made, "sheets": [one.sheet for one in picks(made)]})
    else:
        answers.print(_recipe(number, made), markup=False)
        answers.print(_retrieval(number, made, {}))
    return ExitCode.DONE


def _drawn(store: Store, seed: str, boxes: int, ballots: int | None, risk: float | None) -> Draw:
    held = {one.id: store.progress(box=one.id).fed for one in store.boxes()}
    if risk is None:
        return control(seed, frame(held), boxes, ballots or sampling().ballots_a_box)
    election = store.election()
    planned = sample_size(contest(count_heaps(store.heaps(), election), election), risk)
    return audit(seed, frame(held), ballots or planned, risk)


def _recipe(number: int, one: Draw) -> str:
    places = ", ".join(f"{box.box} ({box.sheets})" for box in one.frame)
    what = f"risk limit {one.risk}, {one.ballots} draws" if one.risk else f"{one.boxes} boxes"
    return f"Draw {number}: {what}. Seed {one.seed}. {one.method}. Frame: {places}."


def _retrieval(number: int, one: Draw, seen: dict[str, Seen]) -> Table:
    table = Table(title=f"Draw {number}: ballots to fetch")
    for name in ("box", "number from the top", "drawn", "read"):
        table.add_column(name)
    for pick in picks(one):
        table.add_row(pick.box, str(pick.number), str(pick.times), "read" if pick.sheet in seen else "")
    return table


def draws(store: Store) -> tuple[Draw, ...]:
    """Every draw on record, oldest first."""
    return tuple(decode(body, Draw) for _, body in store.record.samples(Act.SAMPLE_DRAWN))


def entries(store: Store) -> tuple[Entry, ...]:
    """Everything people read on paper, oldest first."""
    return tuple(decode(body, Entry) for _, body in store.record.samples(Act.SAMPLE_ENTERED))


def _draw(store: Store, number: int | None) -> tuple[int, Draw]:
    known = draws(store)
    which = number or len(known)
    if not 0 < which <= len(known):
        raise UsageError(f"There is no draw {number or ''}: valgskanner sample draw makes one.")
    return which, known[which - 1]


def list_sample(url: str, number: int | None, out: Path | None, *, json: bool) -> int:
    """Print the ballots to fetch, and with `out` the form to fill in as CSV; exit code 3 if any is left."""
    with open_store(url, create=False) as store:
        which, one = _draw(store, number)
        seen = entered(which, entries(store))
    if out is not None:
        out.write_text(_blank_form(one), "utf-8")
        note(f"Wrote {out}: one line a ballot, to be filled in by people who look at the paper only.")
    if json:
        for pick in picks(one):
            say(PickLine(which, pick.box, pick.number, pick.sheet, pick.times, pick.sheet in seen))
    else:
        answers.print(_recipe(which, one), markup=False)
        answers.print(_retrieval(which, one, seen))
    return ExitCode.DONE if all(pick.sheet in seen for pick in picks(one)) else ExitCode.DOUBTFUL


def _blank_form(one: Draw) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *([pick.sheet] for pick in picks(one))])
    return text.getvalue()


def enter(
    url: str, number: int | None, people: tuple[str, ...], said: Iterable[tuple[str, Answer | None]]
) -> int:
    """Keep what people read on paper: an answer a sheet, None if the paper is missing. All or nothing."""
    if not any(one.strip() for one in people):
        raise UsageError("Whoever reads the paper says their name: --person NAME.")
    with open_store(url, create=False) as store:
        which, one = _draw(store, number)
        made = [Entry(which, sheet, people, _seen(store, sheet, answer)) for sheet, answer in said]
        _check(store, which, one, made)
        with store.transaction():
            for entry in made:
                store.record.sample(Act.SAMPLE_ENTERED, people, encode(entry))
        left = sum(pick.sheet not in entered(which, entries(store)) for pick in picks(one))
    note(f"Draw {which}: {len(made)} ballots kept; {left} are still to be read.")
    return ExitCode.DOUBTFUL if left else ExitCode.DONE


def _seen(store: Store, sheet: str, answer: Answer | None) -> Seen:
    if answer is None:
        return Seen(Category.TVILSOM, missing=True)
    if answer.accept:
        raise UsageError("A sample is read blind: there is no proposal to accept.")
    read = opinion(sheet, "reader", answer, UNSEEN, store.election())
    return Seen(read.category, read.list, read.amendments, read.rejected)


def _check(store: Store, which: int, one: Draw, made: Iterable[Entry]) -> None:
    """Only sheets of the draw, and of no box that is compared already: that would no longer be blind."""
    drawn = {pick.sheet: pick.box for pick in picks(one)}
    closed = {box.box for box in _compared(store, which, one).boxes if box.done}
    for entry in made:
        if entry.sheet not in drawn:
            raise UsageError(f"Sheet {entry.sheet} is not in draw {which}.")
        if drawn[entry.sheet] in closed:
            raise UsageError(
                f"Box {drawn[entry.sheet]} of draw {which} is read and compared: nothing is added."
            )


def read_form(path: Path) -> list[tuple[str, Answer | None]]:
    """The form filled in. InputError names the line of the first fault; a line left empty is skipped."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as text in UTF-8.") from error
    first = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first else ",", restval="")
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise InputError(f"{path} line 1: the columns must be {','.join(COLUMNS)}.")
    found = []
    for row in rows:
        words = {key: (row[key] or "").strip() for key in COLUMNS}
        if any(value for key, value in words.items() if key != "sheet"):
            found.append((words["sheet"], _line(path, rows.line_num, words)))
    return found


def _line(path: Path, line: int, words: dict[str, str]) -> Answer | None:
    if words["missing"]:
        return None
    try:
        return Answer(
            blank=bool(words["blank"]),
            reject=Rejection(words["reject"]) if words["reject"] else None,
            list=words["list"] or None,
            tick=words["tick"] or None,
            option=words["option"] or None,
            votes=tuple(map(int, words["vote"].split())),
            strikes=tuple(map(int, words["strike"].split())),
            ranks=ranks(words["number"].split()),
            written=tuple(words["written"].split()),
        )
    except (ValueError, UsageError) as error:
        raise InputError(f"{path} line {line}: {error}") from error


def compared(store: Store) -> tuple[Result, ...]:
    """Every sample of a store as it stands, for the protocol."""
    return tuple(_compared(store, number, one) for number, one in enumerate(draws(store), 1))


def _compared(store: Store, which: int, one: Draw) -> Result:
    decisions: dict[str, Decision | None] = {pick.sheet: store.decision_of(pick.sheet) for pick in picks(one)}
    election = store.election()
    audited = None
    if one.purpose is Purpose.RISK:
        audited = contest(count_heaps(store.heaps(), election), election)
    return result(which, one, entries(store), decisions, audited)


def show_result(url: str, number: int | None, *, json: bool) -> int:
    """Print paper against record; exit code 3 if ballots are still to be read, 4 if any differs."""
    with open_store(url, create=False) as store:
        which, one = _draw(store, number)
        made = _compared(store, which, one)
    if json:
        say(made)
    else:
        answers.print(_differences(made))
        answers.print(_verdict(made), markup=False)
    if made.follows is None:
        return ExitCode.DOUBTFUL
    return ExitCode.DONE if made.follows is Follows.NOTHING else ExitCode.DISAGREE


def _differences(made: Result) -> Table:
    table = Table(title=f"Draw {made.number}: paper against record")
    for name in ("box", "drawn", "read", "ballot", "paper", "machine"):
        table.add_column(name)
    for box in made.boxes:
        table.add_row(box.box, str(box.drawn), str(box.read), "" if box.done else "not read to the end")
        for one in box.differences:
            table.add_row("", "", "", one.sheet, one.paper, one.machine)
    return table


def _verdict(made: Result) -> str:
    if made.follows is None:
        return "Not read to the end: nothing is compared yet."
    words = {
        Follows.NOTHING: "No more is to be done.",
        Follows.RECOUNT_BOX: "Count the box that differs again, at another station and by other people.",
        Follows.RECOUNT_ALL: "Count everything again.",
    }[made.follows]
    chance = f"p = {made.p_value:.5f}, limit {made.draw.risk}. " if made.p_value is not None else ""
    return f"{chance}{words}"
