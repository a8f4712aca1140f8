"""The commands of sample control: draw, list, enter, compare."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from scanner.cli_answers import Blank, ListCode, NewNumber, Option, Reject, Strike, Tick, Vote, Written
from scanner.cli_tools import Json, Positive, StoreUrl

People = Annotated[tuple[str, ...], Parameter(name="--by", negative="")]
Readers = Annotated[tuple[str, ...], Parameter(name="--person", negative="")]
Limit = Annotated[float, Parameter(validator=Number(gt=0, lt=1))]
Flag = Annotated[bool, Parameter(negative="")]

sample = App(name="sample", help="Sample control (stikkprøve): paper drawn by lot, read blind, compared.")


@sample.command
def draw(
    *,
    store: StoreUrl,
    seed: str,
    by: People,
    boxes: Positive = 1,
    ballots: Positive | None = None,
    risk: Limit | None = None,
    json: Json = False,
) -> int:
    """Draw boxes and ballots by a public seed, and put seed and frame on record.

    Parameters
    ----------
    seed
        At least 20 digits, thrown with dice in public.
    by
        Name of a person; give two.
    boxes
        How many boxes a control sample takes.
    ballots
        Ballots of each box, at least 70; with --risk, draws in all (default: as many as are needed).
    risk
        A risk-limiting audit of all boxes instead, with this limit, for example 0.05.
    json
        Print one JSON object.
    """
    from scanner.commands.sample import draw_sample

    return draw_sample(store, seed, by, boxes=boxes, ballots=ballots, risk=risk, json=json)


@sample.command(name="list")
def list_(
    *, store: StoreUrl, draw: Positive | None = None, out: Path | None = None, json: Json = False
) -> int:
    """List the ballots to fetch: box and number from the top.

    Parameters
    ----------
    draw
        Number of the draw. Default: the last.
    out
        CSV to fill in, one line a ballot.
    json
        Print one JSON object a ballot.
    """
    from scanner.commands.sample import list_sample

    return list_sample(store, draw, out, json=json)


@sample.command
def enter(
    *,
    store: StoreUrl,
    person: Readers,
    draw: Positive | None = None,
    file: Path | None = None,
    sheet: str | None = None,
    missing: Flag = False,
    blank: Blank = False,
    reject: Reject = None,
    list: ListCode = None,  # noqa: A002 - the option is called --list
    tick: Tick = None,
    option: Option = None,
    vote: Vote = (),
    strike: Strike = (),
    number: NewNumber = (),
    written: Written = (),
) -> int:
    """Keep what people read on the paper; what the machine made of it is not shown.

    Parameters
    ----------
    person
        Name of a person who reads; may be given several times.
    draw
        Number of the draw. Default: the last.
    file
        The CSV of sample list, filled in.
    sheet
        One ballot, BOX/NUMBER.
    missing
        The paper is not where it should be.
    """
    from scanner.commands.sample import enter as entered
    from scanner.commands.sample import read_form
    from scanner.errors import UsageError
    from scanner.review.answer import Answer, ranks

    if (file is None) == (sheet is None):
        raise UsageError("Say what was read: either --file with many ballots, or --sheet with one.")
    if file is not None:
        return entered(store, draw, person, read_form(file))
    said = Answer(
        blank=blank,
        reject=reject,
        list=list,
        tick=tick,
        option=option,
        votes=vote,
        strikes=strike,
        ranks=ranks(number),
        written=written,
    )
    return entered(store, draw, person, [(sheet or "", None if missing else said)])


@sample.command
def result(*, store: StoreUrl, draw: Positive | None = None, json: Json = False) -> int:
    """Compare paper and record, box by box, and say what follows.

    Parameters
    ----------
    draw
        Number of the draw. Default: the last.
    json
        Print one JSON object.
    """
    from scanner.commands.sample import show_result

    return show_result(store, draw, json=json)
