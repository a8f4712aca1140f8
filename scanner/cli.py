"""The command `valgskanner`. Thin: each command calls one function and prints what it gives back.

What is asked for goes to stdout, everything else to stderr. Exit codes: see `scanner.errors`.
"""

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, CycloptsError, Group, Parameter

from scanner import (
    __version__,
    cli_books,
    cli_boxes,
    cli_export,
    cli_forms,
    cli_reading,
    cli_record,
    cli_sample,
    cli_store,
    cli_tools,
    cli_web,
)
from scanner.cli_answers import Blank, ListCode, NewNumber, Option, Reject, Strike, Tick, Vote, Written
from scanner.cli_tools import Json, Positive, StoreUrl
from scanner.errors import ExitCode, ValgskannerError

app = App(
    name="valgskanner",
    version=__version__,
    help="Reads Norwegian ballots, says what it is not sure of, and fills in the protocol.",
)
election_app = App(name="election", help="Election packages.")
ballots_app = App(name="ballots", help="The ballots as printed.")
_PLACES = (
    cli_forms.form,
    cli_boxes.labels_app,
    cli_boxes.boxes_app,
    *cli_store.COMMANDS,
    *cli_web.COMMANDS,
    *cli_export.COMMANDS,
)
_SENT = (cli_sample.sample, cli_books.book)
for one in (election_app, ballots_app, *_PLACES, *cli_tools.TOOLS, *cli_record.COMMANDS, *_SENT):
    app.command(one)

_counting = Group("Counting")
for reading in cli_reading.COMMANDS:
    app.command(reading, group=_counting)
Folder = Annotated[Path, Parameter(name="--election")]
Flag = Annotated[bool, Parameter(negative="")]
Words = Annotated[tuple[str, ...], Parameter(negative="")]


@election_app.command
def check(folder: Path, /, *, json: Json = False) -> int:
    """Check an election package and name the line of each fault.

    Parameters
    ----------
    folder
        Directory with election.toml and lists.csv.
    json
        Print one JSON object a fault.
    """
    from scanner.commands.package import check_package

    return check_package(folder, json=json)


@ballots_app.command(name="print")
def print_(folder: Path, /, *, out: Path) -> int:
    """Write the ballots of an election as PDF, at true size with fonts embedded.

    Parameters
    ----------
    folder
        Directory of the election package.
    out
        Folder for <list>.pdf, blank.pdf and tick_off.pdf (or referendum.pdf).
    """
    from scanner.commands.package import print_package

    return print_package(folder, out)


@app.command
def layout(folder: Path, /, *, json: Json = False) -> int:
    """Tell where everything is on each ballot, in mm.

    Parameters
    ----------
    folder
        Directory of the election package.
    json
        Print one JSON object a style.
    """
    from scanner.commands.package import print_layout

    return print_layout(folder, json=json)


@app.command(group=_counting)
def classify(
    *,
    election: Folder,
    source: str,
    category: str | None = None,
    workers: Positive | None = None,
    pictures: Path | None = None,
    json: Json = False,
) -> int:
    """Classify ballots without storing anything.

    Parameters
    ----------
    election
        Directory of the election package.
    source
        folder:PATH, escl:HOST, sane:DEVICE or twain:NAME.
    category
        Vote category (FO, VO, ...), which decides the stamp rule. Default: the first of the election.
    workers
        Reading processes. Default: one for each core.
    pictures
        Folder that gets a PNG of each stage of each sheet.
    json
        Print one JSON object a sheet.
    """
    from scanner.commands.reading import classify_source

    return classify_source(election, source, category, workers, pictures, json=json)


@app.command(group=_counting)
def marks(
    *images: Path,
    specimen: Path,
    fields: Path,
    json: Json = False,
) -> int:
    """Read the marks on any paper whose blank form is known.

    Parameters
    ----------
    images
        Scans of marked forms.
    specimen
        A scan of the blank form.
    fields
        CSV name,kind,x,y,w,h in pixels of the specimen; kind is box, line or area.
    json
        Print one JSON object an image.
    """
    from scanner.commands.reading import marks_on

    return marks_on(images, specimen, fields, json=json)


@app.command(group=_counting)
def scan(
    *,
    election: Folder,
    store: StoreUrl,
    source: str,
    box: str | None = None,
    category: str | None = None,
    krets: str | None = None,
    dpi: Positive = 200,
    colour: bool = False,
    profile: str | None = None,
    imprint: str | None = None,
    option: Words = (),
    spool: Path | None = None,
    test: Flag = False,
) -> int:
    """Feed a box of ballots into the store; run again after a stop, it goes on where it ended.

    Parameters
    ----------
    election
        Directory of the election package.
    box
        Name of the box, as on its label. Default: the label sheets in the stack tell the boxes.
    source
        folder:PATH, hot:PATH, replay:PATH, escl:HOST, sane:DEVICE or twain:NAME.
    category
        Vote category of the box. Default: the first of the election.
    krets
        Krets of the box. Default: the first of the election.
    dpi
        Resolution asked of a scanner.
    colour
        Ask a scanner for colour.
    profile
        What is known of the scanner: a name in calibration/devices/, or a file that calibrate device
        wrote. Default: found by its name.
    imprint
        Text to print on each sheet before its number in the box, where the scanner can.
    option
        NAME=VALUE of a setting by the scanner's own name; may be given several times.
    spool
        Folder where sheets wait, durable, until the store has them. Default: FILE.spool beside the store.
    test
        A trial count: marked on all that comes out of it, and never in one store with a real one.
    """
    from scanner.commands.scanning import asked_of, scan_box

    return scan_box(
        folder=election,
        url=store,
        box=box,
        spec=source,
        category=category,
        krets=krets,
        settings=asked_of(dpi, colour=colour, profile=profile, imprint=imprint, options=option),
        spool=spool,
        test=test,
    )


@app.command(group=_counting)
def review(
    *,
    store: StoreUrl,
    sheet: str | None = None,
    person: str = "",
    accept: Flag = False,
    blank: Blank = False,
    reject: Reject = None,
    list: ListCode = None,  # noqa: A002 - the option is called --list
    tick: Tick = None,
    option: Option = None,
    vote: Vote = (),
    strike: Strike = (),
    number: NewNumber = (),
    written: Written = (),
    note: str = "",
    json: Json = False,
) -> int:
    """List the ballots that wait for people, or say what one of them is; two people must agree.

    Parameters
    ----------
    sheet
        The ballot, BOX/NUMBER. Without it the waiting ballots are listed.
    person
        Name of the person whose opinion this is.
    accept
        The machine's proposal is right.
    note
        Anything to remember.
    json
        Print one JSON object for each waiting ballot.
    """
    from scanner.commands.review import give_opinion, list_waiting
    from scanner.review.answer import Answer, ranks

    if sheet is None:
        return list_waiting(store, json=json)
    answer = Answer(accept, blank, reject, list, tick, option, vote, strike, ranks(number), written, note)
    return give_opinion(store, sheet, person, answer)


@app.command(group=_counting)
def tally(*, store: StoreUrl, json: Json = False) -> int:
    """Count what is decided, per list and category, and say what is not.

    Parameters
    ----------
    json
        Print the counts as one JSON object.
    """
    from scanner.commands.counting import tally_store

    return tally_store(store, json=json)


@app.command(group=_counting)
def protocol(*, store: StoreUrl, out: Path, json: Json = False) -> int:
    """Write the protocol (møtebok D1, D2.1, D2.2) as PDF and JSON.

    Parameters
    ----------
    out
        The PDF; the JSON is written beside it.
    json
        Print the protocol as one JSON object too.
    """
    from scanner.commands.counting import write_protocol

    return write_protocol(store, out, json=json)


def main(words: Sequence[str] | None = None) -> None:
    """Run the command line, `words` or what the shell gave; known trouble ends in a sentence and a code."""
    _speak_utf8()
    try:
        code = app(
            sys.argv[1:] if words is None else words, exit_on_error=False, result_action="return_value"
        )
    except CycloptsError:
        code = ExitCode.USAGE  # cyclopts has printed what it did not understand
    except ValgskannerError as error:
        print(f"valgskanner: {error}", file=sys.stderr)  # noqa: T201 - the shell's own channel
        code = error.exit_code
    except BrokenPipeError:
        code = ExitCode.DONE  # whoever read our output has seen enough
        sys.stderr.close()
    except OSError as error:  # a full disk, a folder that may not be written
        where = f"{error.filename}: " if error.filename else ""
        print(f"valgskanner: {where}{error.strerror or error}.", file=sys.stderr)  # noqa: T201 - same
        code = ExitCode.INPUT
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    sys.exit(int(code or 0))


def _speak_utf8() -> None:
    """JSON is UTF-8 whatever the terminal says, and no letter a file name may hold stops a count."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
