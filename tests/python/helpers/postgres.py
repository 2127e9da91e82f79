"""A PostgreSQL server of the tests' own, on a socket in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Debian keeps the server's programs out of the PATH, one folder per version.
FOLDERS = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
PORT = 54329  # only a part of the socket's name: the server listens on no network


def program(name: str) -> str | None:
    path = os.pathsep.join([*map(str, FOLDERS), os.environ.get("PATH", "")])
    return shutil.which(name, path=path)


def is_installed() -> bool:
    return bool(program("initdb") and program("pg_ctl"))


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Start a server, yield the connection string of its administrator, stop it."""
    folder = Path(tempfile.mkdtemp(prefix="scorecards-postgres-"))
    data = folder / "data"
    # A server refuses to run as root.
    switch = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if switch:
        shutil.chown(folder, "postgres")

    def run(*command: str) -> None:
        subprocess.run(
            [*switch, *command], check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120
        )

    try:
        run(program("initdb"), "-D", str(data), "-U", "admin", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-p {PORT} -c listen_addresses='' -c unix_socket_directories={folder}"
        log = str(folder / "log")
        run(program("pg_ctl"), "-D", str(data), "-l", log, "-o", options, "-w", "start")
        try:
            yield f"host={folder} port={PORT} user=admin dbname=postgres"
        finally:
            run(program("pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
