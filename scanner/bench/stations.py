"""Many stations at the operators' page at once: how long an act takes, how long the next ballot.

Each station is a person in a thread with a connection of its own, who acts at a steady rate, as a hand
does: what the server takes longer, the next act waits for.
"""

import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpcore
import msgspec
import numpy as np

from scanner.errors import ValgskannerError

_CSRF = re.compile(rb'name="csrf" value="(\w+)"')
_TURN = re.compile(rb'action="(/ballot/[^"]+)".*?name="turn" value="([\w-]+)"', re.DOTALL)
_FORM = (b"content-type", b"application/x-www-form-urlencoded")
_WAIT = {"timeout": {"connect": 30.0, "read": 60.0, "write": 30.0, "pool": 30.0}}


class DeskSpeed(msgspec.Struct, frozen=True):
    """One line of `valgskanner bench desk --json`."""

    database: str
    stations: int
    seconds: float
    acts: int  # answered with success
    acts_per_s: float
    act_p50_ms: float
    act_p95_ms: float
    next_p50_ms: float
    next_p95_ms: float
    refused: int  # answers that were not taken: a claim that lapsed
    kept: int  # opinions on record: as many as acts, or something was lost or doubled
    decided: int


@dataclass
class Told:
    """What the stations saw, in seconds. Added to under a lock."""

    acts: list[float] = field(default_factory=list)
    nexts: list[float] = field(default_factory=list)
    refused: int = 0
    broken: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Station:
    """One person's browser, without a window."""

    def __init__(self, address: str, name: str, password: str) -> None:
        """Log in; ValgskannerError if the server does not let the person in."""
        self._address, self._pool = address.rstrip("/"), httpcore.ConnectionPool(max_connections=1)
        status, headers, _ = self._ask("POST", "/login", {"name": name, "password": password})
        cookies = [value.split(b";")[0] for key, value in headers if key.lower() == b"set-cookie"]
        if status != 303 or not cookies:
            raise ValgskannerError(f"{name} cannot log in: the server answers {status}.")
        self._cookie = cookies[0]

    def next_ballot(self) -> tuple[str, dict[str, str]] | None:
        """The way of the next ballot and what its act must bring; None if nothing waits."""
        status, headers, _ = self._ask("GET", "/next")
        way = dict(headers).get(b"location", b"/").decode()
        if status != 303 or way == "/":
            return None
        _, _, page = self._ask("GET", way)
        csrf, turn = _CSRF.search(page), _TURN.search(page)
        if csrf is None or turn is None:
            return "", {}
        return turn[1].decode(), {"csrf": csrf[1].decode(), "turn": turn[2].decode()}

    def act(self, way: str, form: dict[str, str]) -> bool:
        """Accept the proposal; False if the server did not take it."""
        return self._ask("POST", way, form | {"act": "accept"})[0] == 303

    def close(self) -> None:
        """Let go of the connection."""
        self._pool.close()

    _cookie = b""

    def _ask(
        self, method: str, way: str, form: dict[str, str] | None = None
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        body = urlencode(form).encode() if form is not None else b""
        headers = [(b"host", self._address.partition("//")[2].encode()), (b"cookie", self._cookie), _FORM]
        headers.append((b"content-length", str(len(body)).encode()))
        answer = self._pool.request(
            method, f"{self._address}{way}", headers=headers, content=body, extensions=_WAIT
        )
        return answer.status, answer.headers, answer.content


def drive(address: str, people: Iterable[tuple[str, str]], every_s: float, seconds: float) -> Told:
    """All people at once, each with an act every `every_s` seconds. ValgskannerError if one broke off."""
    told, until = Told(), time.perf_counter() + seconds
    stations = [Station(address, name, password) for name, password in people]
    until = time.perf_counter() + seconds
    hands = [threading.Thread(target=_work, args=(one, every_s, until, told)) for one in stations]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    for station in stations:
        station.close()
    if told.broken:
        raise ValgskannerError(f"A station broke off: {told.broken[0]}.")
    return told


def _work(station: Station, every_s: float, until: float, told: Told) -> None:
    try:
        while (begun := time.perf_counter()) < until:
            found = station.next_ballot()
            if found is None:
                return
            seen = time.perf_counter()
            done = bool(found[0]) and station.act(*found)
            now = time.perf_counter()
            with told.lock:
                told.nexts.append(seen - begun)
                if done:
                    told.acts.append(now - seen)
                else:
                    told.refused += 1
            time.sleep(max(0.0, begun + every_s - now))
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        with told.lock:
            told.broken.append(f"{type(error).__name__} {error}".strip())


def milliseconds(seconds: list[float], share: float) -> float:
    """A quantile in ms; 0 of nothing."""
    return round(1000 * float(np.quantile(seconds, share)), 1) if seconds else 0.0
