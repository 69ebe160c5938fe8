# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's PostgreSQL instances as real servers, where PostgreSQL is installed.

`POST /embedded-aws/databases` with `{"directory": "/tmp/x", "network": "127.60.16"}` begins it: from then on every
instance that is made is a server on a loopback address of its own, a snapshot is a copy of its cluster, a restore is
another server made of a copy, and a point in time is reached through the archive of what was written. An instance that
was there before, and a read replica, has none. GET shows the servers, DELETE ends and forgets them.

An address belongs to an identifier, as an endpoint's name does on AWS: an instance that is renamed moves to another.
"""

from __future__ import annotations

import shutil
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import certificates, stores
from .postgresql import Server
from .steering import Steering, ask

PATH = "/embedded-aws/databases"
#: What servers take to begin or to end, at most.
SECONDS = 120.0
#: So many instances can be there at a time.
MOST = 40
#: Seconds in which nobody serves while a standby takes over, unless `outage` says otherwise.
OUTAGE = 2.0


class Databases:
    """The servers by identifier, and the snapshots' copies by name."""

    def __init__(self, directory: Path, network: str, outage: float = OUTAGE) -> None:
        self.directory, self.outage = directory, outage
        self.servers: dict[str, Server] = {}
        self._made = 0
        self._lock = threading.RLock()
        self._free = [f"{network}.{number}" for number in range(1, MOST + 1)]
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o755)
        self.files = certificates.make(directory, self._free)

    def create(self, identifier: str, user: str, password: str, database: str | None) -> None:
        """A server for a new instance."""
        with self._lock:
            self._server(identifier).create(user, password, database)

    def restore(self, identifier: str, snapshot: str) -> None:
        """A server made of a snapshot's copy; a snapshot of an instance without a server makes none."""
        with self._lock:
            if self._copy(snapshot).exists():
                self._server(identifier).restore(self._copy(snapshot))

    def recover(self, identifier: str, source: str, moment: datetime | None) -> None:
        """A server as another one was at a moment, or is now."""
        with self._lock:
            original = self.servers.get(source)
            if original:
                original.hand_over()
                aware = moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None
                self._server(identifier).restore(original.base, original.archive, aware)

    def back_up(self, source: str, snapshot: str) -> None:
        """The copy of a snapshot."""
        with self._lock:
            if source in self.servers:
                self.servers[source].back_up(self._copy(snapshot))

    def copy(self, source: str, snapshot: str) -> None:
        """The copy of a snapshot's copy."""
        with self._lock:
            if self._copy(source).exists() and not self._copy(snapshot).exists():
                shutil.copytree(self._copy(source), self._copy(snapshot), symlinks=True)

    def forget(self, snapshot: str) -> None:
        """Delete a snapshot's copy."""
        with self._lock:
            shutil.rmtree(self._copy(snapshot), ignore_errors=True)

    def rename(self, old: str, new: str) -> None:
        """The instance serves at the other name's address, after a restart."""
        with self._lock:
            server = self.servers.pop(old, None)
            if server:
                server.stop()
                server.address = self._address(new)
                self.servers[new] = server
                server.start()

    def end(self, identifier: str) -> None:
        """The instance is deleted."""
        with self._lock:
            server = self.servers.pop(identifier, None)
            if server:
                server.remove()

    def set_password(self, identifier: str, user: str, password: str) -> None:
        """The first user's new password."""
        if identifier in self.servers:
            self.servers[identifier].set_password(user, password)

    def fail_over(self, identifier: str, over: Any) -> None:
        """Nobody serves for some seconds; `over` is called when the standby does."""
        server = self.servers.get(identifier)

        def outage() -> None:
            if server:
                server.stop()
            time.sleep(self.outage)
            if server:
                server.start()
            over()

        threading.Thread(target=outage, daemon=True).start()

    def close(self) -> None:
        """End all servers and delete their files."""
        for identifier in list(self.servers):
            self.end(identifier)
        shutil.rmtree(self.directory, ignore_errors=True)

    def shown(self) -> dict[str, Any]:
        """The servers' addresses, and the authority that their certificate is of."""
        places = {identifier: server.address for identifier, server in self.servers.items()}
        return {"authority": str(self.files.authority), "servers": places}

    def _server(self, identifier: str) -> Server:
        self._made += 1
        folder = self.directory / "clusters" / f"{self._made}-{identifier}"
        self.servers[identifier] = Server(folder, self.files, self._address(identifier))
        return self.servers[identifier]

    def _address(self, identifier: str) -> str:
        if identifier not in stores.PLACES:
            stores.PLACES[identifier] = self._free.pop(0)
        return stores.PLACES[identifier]

    def _copy(self, snapshot: str) -> Path:
        return self.directory / "snapshots" / snapshot


#: The databases of this process, once they were begun.
ACTIVE: list[Databases] = []


def active() -> Databases | None:
    """Where instances are real servers, those; None where they are only descriptions."""
    return ACTIVE[0] if ACTIVE else None


def begin(port: int, directory: Path, network: str, outage: float = OUTAGE) -> dict[str, Any]:
    """Ask the emulator on `port` for real servers in `directory`, at addresses of `network` such as 127.60.16."""
    return dict(ask(port, PATH, "POST", {"directory": str(directory), "network": network, "outage": outage}, SECONDS))


def shown(port: int) -> dict[str, Any]:
    """The servers of the emulator on `port`."""
    return dict(ask(port, PATH, "GET", timeout=SECONDS))


def end(port: int) -> None:
    """End the servers of the emulator on `port` and delete their data."""
    ask(port, PATH, "DELETE", timeout=SECONDS)


class RealDatabases(Steering):
    """The path at which real servers are asked for."""

    path = PATH

    def forget(self) -> None:
        while ACTIVE:
            ACTIVE.pop().close()

    def take(self, given: Any) -> None:
        self.forget()
        ACTIVE.append(Databases(Path(given["directory"]), given["network"], given.get("outage", OUTAGE)))

    def show(self) -> Any:
        return ACTIVE[0].shown() if ACTIVE else {}
