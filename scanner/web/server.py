"""Serving the pages with uvicorn, until somebody says stop."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from scanner.errors import UsageError
from scanner.web.app import pages
from scanner.web.certificate import Certificate
from scanner.web.office import Office

_PARTING_S = 5  # answers under way get this long


@contextmanager
def serving(office: Office, host: str, port: int, shown: Certificate | None) -> Iterator[str]:
    """Serve in a thread of its own as long as the context lasts: the address, ready to be asked.

    `port` 0: any free one. `shown`: with encryption. UsageError if it cannot be listened on.
    """
    listener = _listening(host, port)
    server = uvicorn.Server(
        uvicorn.Config(
            pages(office),
            log_config=None,
            access_log=False,  # a log of addresses beside that of ballots would tell who saw what
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=_PARTING_S,
            ssl_certfile=str(shown.chain) if shown else None,
            ssl_keyfile=str(shown.key) if shown else None,
        )
    )
    thread = threading.Thread(target=lambda: asyncio.run(_serve(server, listener)), name="pages")
    thread.start()
    try:
        yield _address(listener, host, secure=shown is not None)
    finally:
        office.ending.set()
        server.should_exit = True
        thread.join()
        listener.close()


async def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    """Serve; in the end hang up on browsers that keep a connection in reserve, or answer no farewell of TLS.

    Nobody else knows of those: the loop does, and has no public word for it before
    `Server.abort_clients` of Python 3.13.
    """
    await server.serve([listener])
    for one in list(getattr(asyncio.get_running_loop(), "_transports", {}).values()):
        one.abort()
    await asyncio.sleep(0.1)  # the loop closes what was hung up on


def _address(listener: socket.socket, host: str, *, secure: bool) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if secure else 'http'}://{shown}:{listener.getsockname()[1]}/"


def _listening(host: str, port: int) -> socket.socket:
    """Connections are taken from now on, and answered once the server runs."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        why = error.strerror or error
        raise UsageError(f"The pages cannot be served on {host} port {port}: {why}.") from error
