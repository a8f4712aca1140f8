"""The command `publish`: what the public may see, as a page."""

from pathlib import Path

from scanner.commands.counting import tally_of
from scanner.commands.shell import note, say
from scanner.errors import ExitCode, InputError
from scanner.store.opening import open_store
from scanner.tally.public import public_result
from scanner.web.publishing import publish


def publish_results(url: str, folder: Path, *, json: bool) -> int:
    """Write the pages; exit code 3 as long as ballots are undecided. InputError if they cannot be written."""
    with open_store(url, create=False) as store:
        election = store.election()
        found = public_result(tally_of(store, election), election, test=store.is_test())
    try:
        publish(found, folder)
    except OSError as error:
        raise InputError(f"The results page cannot be written to {folder}: {error.strerror}.") from error
    note(f"Wrote {folder / 'index.html'}")
    if json:
        say(found)
    return ExitCode.DONE if found.whole.decided == found.whole.fed else ExitCode.DOUBTFUL
