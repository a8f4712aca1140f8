"""A real HTTP server that speaks S3, in this process, for as long as a test needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpcore
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

BUCKET = "count"
KEYS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "us-east-1"}


@dataclass
class Objects:
    """The server, and what is done to it behind the store's back."""

    port: int = 0
    _server: ThreadedMotoServer | None = field(default=None, repr=False)

    def start(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self._server.start()
        self.port = self._server.get_host_and_port()[1]

    def stop(self) -> None:
        """As when a cable is pulled: what it holds is there when it comes back."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def bucket(self) -> S3Store:
        """As another program reaches it."""
        return S3Store(BUCKET, endpoint=self.endpoint, client_options={"allow_http": True})

    def names(self) -> list[str]:
        """Of all objects, in order."""
        return sorted(one["path"] for page in self.bucket.list() for one in page)


@contextmanager
def objects() -> Iterator[Objects]:
    one = Objects()
    one.start()
    try:
        for method, name in (("POST", "moto-api/reset"), ("PUT", BUCKET)):
            done = httpcore.request(method, f"{one.endpoint}/{name}", headers={"Content-Length": "0"})
            assert done.status == 200
        yield one
    finally:
        one.stop()
