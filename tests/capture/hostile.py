"""A server that answers whatever a test writes, byte for byte, as long as the client listens."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Self

Script = Callable[[str], Iterable[bytes]]  # from "GET /path" to the bytes of the answer


def http(body: bytes, code: int = 200, extra: str = "") -> list[bytes]:
    return [f"HTTP/1.1 {code} So\r\nContent-Length: {len(body)}\r\n{extra}\r\n".encode() + body]


class HostileDevice:
    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self._script, self._tls = script, tls
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._door.getsockname()[1]}/eSCL"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self.done = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        with caller:
            try:
                caller = self._tls.wrap_socket(caller, server_side=True) if self._tls else caller
                while head := self._request(caller):
                    for part in self._script(head):
                        caller.sendall(part)
            except OSError:
                return
            finally:
                caller.close()

    @staticmethod
    def _request(caller: socket.socket) -> str:
        seen = b""
        while b"\r\n\r\n" not in seen:
            part = caller.recv(65536)
            if not part:
                return ""
            seen += part
        head, _, body = seen.partition(b"\r\n\r\n")
        lengths = [one for one in head.lower().split(b"\r\n") if one.startswith(b"content-length:")]
        missing = int(lengths[0].partition(b":")[2]) - len(body) if lengths else 0
        while missing > 0:
            missing -= len(caller.recv(missing))
        method, path, _ = head.decode("latin-1").split(" ", 2)
        return f"{method} {path}"
