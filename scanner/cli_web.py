"""The commands for the operators' page: serve it, and say who may log in."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from scanner.cli_tools import Json, Positive, StoreUrl, bench
from scanner.people import Language, Role

Port = Annotated[int, Parameter(validator=Number(gte=0, lte=65535))]
Flag = Annotated[bool, Parameter(negative="")]

people_app = App(name="people", help="Who may log in to the operators' page.")


def serve(
    *,
    store: StoreUrl,
    host: str = "127.0.0.1",
    port: Port = 8443,
    certificates: Path | None = None,
    no_tls: Flag = False,
) -> int:
    """Serve the operators' page: doubtful ballots, shown to named people, and what they say.

    Parameters
    ----------
    host
        Address to listen on; stations on the network need this machine's own.
    port
        Port to listen on; 0 for any free one.
    certificates
        Folder of the server's own certificate authority. Default: FILE.tls beside the store.
    no_tls
        Serve without encryption; only where nothing leaves this machine.
    """
    from scanner.commands.serving import serve_pages

    return serve_pages(store, host, port, certificates, tls=not no_tls)


@people_app.command
def add(name: str, /, *, store: StoreUrl, role: Role, language: Language = Language.NB) -> int:
    """Let a person log in; asks for the password, or reads it from a pipe.

    Parameters
    ----------
    name
        The person's full name, as it stands in decisions.
    role
        What the person was asked to do.
    language
        Language of the person's pages.
    """
    from scanner.commands.serving import add_person

    return add_person(store, name, role, language)


@people_app.command
def password(name: str, /, *, store: StoreUrl) -> int:
    """Give a person a new password; ends the sessions and lets a person in who was shut out.

    Parameters
    ----------
    name
        The person's name.
    """
    from scanner.commands.serving import new_password

    return new_password(store, name)


@people_app.command
def remove(name: str, /, *, store: StoreUrl) -> int:
    """Shut a person out, at once; what the person said stays on record.

    Parameters
    ----------
    name
        The person's name.
    """
    from scanner.commands.serving import shut_out

    return shut_out(store, name)


@people_app.command(name="list")
def list_(*, store: StoreUrl, json: Json = False) -> int:
    """List the people and their roles.

    Parameters
    ----------
    json
        Print one JSON object a person.
    """
    from scanner.commands.serving import list_people

    return list_people(store, json=json)


def publish(*, store: StoreUrl, out: Path, json: Json = False) -> int:
    """Write the results page for the public: static HTML in four languages, no ballot-level facts.

    Parameters
    ----------
    out
        Folder of the page; what was written there before is replaced, page by page.
    json
        Print the results as one JSON object.
    """
    from scanner.commands.publishing import publish_results

    return publish_results(store, out, json=json)


@bench.command(name="desk")
def desk_(
    *,
    stations: Positive = 20,
    seconds: Positive = 30,
    rate: Annotated[float, Parameter(validator=Number(gt=0, lte=20))] = 2.0,
    store: str | None = None,
    json: Json = False,
) -> int:
    """Measure the operators' page: many stations at once, how long an act takes and the next ballot.

    Parameters
    ----------
    stations
        People who work at once, each with a connection of their own.
    seconds
        How long they work.
    rate
        Acts a second each person tries.
    store
        URL of a new store, also postgresql://. Default: a temporary file.
    json
        Print one JSON object.
    """
    from scanner.commands.bench_desk import bench_desk

    return bench_desk(store, stations, seconds, rate, json=json)


COMMANDS = (serve, people_app, publish)
