"""A lock that the operating system takes back when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path


class Taken(Exception):
    """Somebody else holds the lock; the message says who."""


@contextlib.contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold the lock, or raise Taken at once. The file itself stays: who holds it is what counts."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 200).decode(errors="replace").strip()
            raise Taken(holder or "another process") from None
        # Only for the sentence above; a full disk is no reason to stop here.
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            since = datetime.now(UTC).isoformat(" ", "seconds")
            os.pwrite(descriptor, f"process {os.getpid()}, since {since}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
