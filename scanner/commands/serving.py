"""The commands `serve` and `people`: the operators' page, and who may log in to it."""

import getpass
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from rich.table import Table

from scanner.commands.shell import answers, note, say
from scanner.errors import ExitCode, UsageError
from scanner.opening import open_atlas
from scanner.people import Language, Person, Role
from scanner.store.desk import Desk, open_desk
from scanner.store.opening import beside, open_store
from scanner.web.certificate import certificate
from scanner.web.limits import desk_limits
from scanner.web.office import open_office
from scanner.web.passwords import kept
from scanner.web.server import serving

BESIDE = "tls"
HERE = {"127.0.0.1", "::1", "localhost"}


def serve_pages(url: str, host: str, port: int, certificates: Path | None, *, tls: bool) -> int:
    """Serve until Ctrl-C. UsageError for no encryption on an address that others reach."""
    if not tls and host not in HERE:
        raise UsageError(f"Without encryption the pages are served on this machine only, not on {host}.")
    with open_store(url, create=False) as store, closing(open_desk(url)) as desk:
        if not desk.accounts():
            raise UsageError("Nobody may log in yet: valgskanner people add NAME --role ROLE --store URL.")
        shown = None
        if tls:
            shown = certificate(certificates or beside(url, BESIDE) or Path(BESIDE), host)
            note(f"Stations trust {shown.ca} when its fingerprint is {shown.fingerprint}.")
        office = open_office(store, desk, open_atlas(store.election()), desk_limits(), secure=tls)
        with serving(office, host, port, shown) as address:
            note(f"The pages are at {address} until Ctrl-C.")
            _until_told()
    return ExitCode.DONE


def _until_told() -> None:
    """Wait for Ctrl-C or SIGTERM; answers under way are still given."""
    told = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: told.set())
    told.wait()


def _on_desk(url: str, act: Callable[[Desk], None], what: str, name: str) -> int:
    """Do something with the people of a store that is there, and put it on record."""
    with open_store(url, create=False), closing(open_desk(url)) as desk:
        act(desk)
        desk.note(what, name, "command line", int(time.time()))
    return ExitCode.DONE


def add_person(url: str, name: str, role: Role, language: Language) -> int:
    """A new person. UsageError for a name that is taken or says nothing, or a short password."""
    if not name.strip() or not name.isprintable():
        raise UsageError("A person is known by a name of letters.")
    person = Person(" ".join(name.split()), role, language)
    return _on_desk(url, lambda desk: desk.add(person, _asked()), "person_added", person.name)


def new_password(url: str, name: str) -> int:
    """Another password; the person may log in again."""

    def change(desk: Desk) -> None:
        desk.change(name, password=_asked(), revoked=False)

    return _on_desk(url, change, "password_changed", name)


def shut_out(url: str, name: str) -> int:
    """The person logs in no more, and every session ends."""
    return _on_desk(url, lambda desk: desk.change(name, revoked=True), "person_removed", name)


def list_people(url: str, *, json: bool) -> int:
    """Print who may log in."""
    with open_store(url, create=False), closing(open_desk(url)) as desk:
        accounts = desk.accounts()
    table = Table(title="people")
    for column in ("name", "role", "language", "may log in"):
        table.add_column(column)
    for one in accounts:
        person = one.person
        if json:
            words = {"name": person.name, "role": person.role, "language": person.language}
            say({**words, "revoked": one.revoked})
        else:
            table.add_row(person.name, person.role, person.language, "no" if one.revoked else "yes")
    if not json:
        answers.print(table)
    return ExitCode.DONE


def _asked() -> str:
    """The password as it is kept: typed twice without being shown, or one line from a pipe."""
    letters = desk_limits().password_letters
    if not sys.stdin.isatty():
        return kept(sys.stdin.readline().rstrip("\n"), letters)
    first = getpass.getpass(f"Password, at least {letters} letters: ")
    if getpass.getpass("Once more: ") != first:
        raise UsageError("The two passwords are not the same.")
    return kept(first, letters)
