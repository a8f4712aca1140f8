"""A real PostgreSQL from Debian's package, in a folder of its own, for as long as the tests need it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

PROGRAMS = max(
    Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/bin"), key=lambda one: one.parent.name
)


def missing() -> bool:
    return not (PROGRAMS / "initdb").exists()


@contextmanager
def server() -> Iterator["Server"]:
    """A server on a Unix socket. PostgreSQL refuses to run as root, so another user must reach its folder."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o777)
        one = Server(Path(name))
        one.run("initdb", "-D", str(one.files), "-U", "valg", "-A", "trust", "--no-sync", "--locale=C.UTF-8")
        one.start()
        try:
            yield one
        finally:
            one.stop()


class Server:
    def __init__(self, folder: Path) -> None:
        self.folder, self.files = folder, folder / "files"

    def run(self, program: str, *words: str) -> None:
        as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*as_other, str(PROGRAMS / program), *words],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder}"
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", str(self.files), "-w", "-t", "120", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        self.run("pg_ctl", "-D", str(self.files), "-w", "-m", mode, "stop")

    def database(self, images: Path) -> str:
        """The address of a new, empty store."""
        name = f"count_{uuid4().hex[:12]}"
        with psycopg.connect(host=str(self.folder), user="valg", dbname="postgres", autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}")
        return f"postgresql://valg@/{name}?host={self.folder}&images={images}"


def available() -> str | None:
    """Why there can be no server here; None if there can."""
    if missing():
        return "needs Debian's package postgresql"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "needs runuser"
    return None
