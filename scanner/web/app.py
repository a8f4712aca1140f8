"""The pages put together: routes, what each asks of a role, and the headers that every answer carries."""

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from scanner.people import Right
from scanner.web import ballots, door, grid, leader
from scanner.web.gate import Answer, gated
from scanner.web.office import Office

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

READS: tuple[tuple[str, Answer, Right | None], ...] = (
    ("/", ballots.home, None),
    ("/next", ballots.next_ballot, Right.SAY),
    ("/ballot/{box}/{number}", ballots.show, Right.SAY),
    ("/picture/{box}/{number}/{stage}", ballots.picture, Right.SEE_BALLOTS),
    ("/crop/{box}/{number}/{place:int}", ballots.crop, Right.SEE_BALLOTS),
    ("/grid/{kind}", grid.show, Right.SAY),
    ("/leader", leader.show, Right.LEAD),
    ("/leader/live", leader.live, Right.LEAD),
)
CHANGES: tuple[tuple[str, Answer, Right | None], ...] = (
    ("/ballot/{box}/{number}", ballots.act, Right.SAY),
    ("/grid/{kind}", grid.confirm, Right.SAY),
    ("/stay", ballots.stay, Right.SAY),
    ("/language", door.speak, None),
    ("/logout", door.logout, None),
)


def pages(office: Office) -> Starlette:
    """The application of one office."""
    routes: list[Route | Mount] = [
        Route("/login", door.login_page(office), methods=["GET"]),
        Route("/login", door.login(office), methods=["POST"]),
    ]
    routes += [Route(path, gated(office, answer, right), methods=["GET"]) for path, answer, right in READS]
    routes += [
        Route(path, gated(office, answer, right, changes=True), methods=["POST"])
        for path, answer, right in CHANGES
    ]
    routes.append(Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")))
    return Starlette(routes=routes, middleware=[Middleware(Headers, secure=office.secure)])


class Headers:
    """Every answer says what a browser may do with it: nothing from elsewhere, no frames, no keeping."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], *, secure: bool) -> None:
        self._app = app
        self._always = {
            b"content-security-policy": b"default-src 'none'; script-src 'self'; style-src 'self'; "
            b"img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
            b"frame-ancestors 'none'",
            b"x-content-type-options": b"nosniff",
            b"x-frame-options": b"DENY",
            b"referrer-policy": b"same-origin",
            b"cross-origin-opener-policy": b"same-origin",
            b"cross-origin-resource-policy": b"same-origin",
            b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
        }
        if secure:
            self._always[b"strict-transport-security"] = b"max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""

        async def answered(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", []))
                names = {name.lower() for name, _ in given}
                kept = [] if b"cache-control" in names else [(b"cache-control", b"no-store")]
                message["headers"] = [*given, *self._always.items(), *kept]
            await send(message)

        await self._app(scope, receive, answered if scope["type"] == "http" else send)
