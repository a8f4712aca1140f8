"""Serving the pages with uvicorn, until somebody says stop."""

import asyncio
import socket
from collections.abc import Callable

import uvicorn

from scanner.errors import UsageError
from scanner.web.app import pages
from scanner.web.certificate import Certificate
from scanner.web.office import Office

_PARTING_S = 5  # answers under way get this long


def run_pages(
    office: Office, host: str, port: int, shown: Certificate | None, said: Callable[[str], None]
) -> None:
    """Serve until Ctrl-C or SIGTERM; `said` gets the address once it is listened on.

    UsageError if the address cannot be listened on.
    """
    listener = _listening(host, port)
    scheme, real = ("https" if shown else "http"), listener.getsockname()[1]
    config = uvicorn.Config(
        pages(office),
        log_config=None,
        access_log=False,  # an address log beside a ballot log would tell who saw what
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_PARTING_S,
        ssl_certfile=str(shown.chain) if shown else None,
        ssl_keyfile=str(shown.key) if shown else None,
    )
    shown_host = f"[{host}]" if ":" in host else host
    said(f"{scheme}://{shown_host}:{real}/")
    try:
        asyncio.run(uvicorn.Server(config).serve([listener]))
    finally:
        office.ending.set()
        listener.close()


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        why = error.strerror or error
        raise UsageError(f"The pages cannot be served on {host} port {port}: {why}.") from error
