# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Looks for a secret where none may be: in files, and in command lines and environments while something runs."""

from __future__ import annotations

import base64
import contextlib
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

PAUSE = 0.1


def forms(secret: str) -> list[bytes]:
    """How a secret may be written: as it is, or as logins are."""
    return [secret.encode(), base64.b64encode(f"AWS:{secret}".encode())]


def shows(content: bytes, secret: str) -> bool:
    return any(form in content for form in forms(secret))


def files(folders: Iterable[Path], secret: str, since: float) -> list[Path]:
    """The files that were written since then, seconds since 1970, and show the secret."""
    return [
        path for folder in folders for path in folder.rglob("*") if _is_new(path, since) and shows(_read(path), secret)
    ]


def _is_new(path: Path, since: float) -> bool:
    with contextlib.suppress(OSError):
        return path.is_file() and not path.is_symlink() and path.stat().st_mtime >= since
    return False


def _read(path: Path) -> bytes:
    with contextlib.suppress(OSError):
        return path.read_bytes()
    return b""


class Watch:
    """What processes show of themselves while it lasts: the command lines that were seen, and who shows the secret."""

    def __init__(self, secret: str) -> None:
        self._secret, self._over = secret, threading.Event()
        self.seen: set[str] = set()
        self.shown: set[str] = set()

    def look(self) -> None:
        for process in Path("/proc").glob("[0-9]*"):
            command = _read(process / "cmdline")
            self.seen.add(command.replace(b"\0", b" ").decode(errors="replace"))
            self.shown |= {str(each) for each in (command, _read(process / "environ")) if shows(each, self._secret)}

    def _go(self) -> None:
        while not self._over.wait(PAUSE):
            self.look()

    @contextlib.contextmanager
    def on(self) -> Iterator[Watch]:
        thread = threading.Thread(target=self._go)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()
