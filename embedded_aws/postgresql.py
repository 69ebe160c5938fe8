# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A real PostgreSQL server behind an instance of the embedded AWS: its data, its backups, its log of every change."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pg8000.exceptions
import pg8000.native

from .certificates import Files

PORT = 5432
PROGRAMS = Path("/usr/lib/postgresql")
#: Of every server; nobody knows it on AWS.
ADMINISTRATOR = "rdsadmin"
START_SECONDS = 30.0
_SETTINGS = (
    "ssl = on",
    "fsync = off",
    "archive_mode = on",
    "max_connections = 40",
    "shared_buffers = 16MB",
    "log_connections = on",
)
_ACCESS = f"""local all {ADMINISTRATOR} trust
local replication {ADMINISTRATOR} trust
hostssl all all all scram-sha-256
"""
_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
#: Servers are children of this one thread, which ends only with the process: they end then, however it ends.
_PARENT = ThreadPoolExecutor(1, "postgresql")


class ServerError(RuntimeError):
    """A program of PostgreSQL failed, or is not installed."""


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs, of its newest version here. Raises ServerError."""
    found = sorted(PROGRAMS.glob(f"*/bin/{name}"))
    if not found:
        raise ServerError(f"{name} is not here: apt-get install postgresql")
    return str(found[-1])


def _end_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


class Server:
    """A cluster in C(directory), served at one loopback address; without a start it is only files."""

    def __init__(self, directory: Path, files: Files, address: str) -> None:
        self.directory, self.files, self.address = directory, files, address
        self.data, self.log, self.base = directory / "data", directory / "log", directory / "base"
        self.archive = directory / "archive"
        self._process: subprocess.Popen[bytes] | None = None
        self._sockets = tempfile.mkdtemp(prefix="uex-pg-")  # a socket's path has 107 characters at most
        # The server refuses to run as root.
        self._user: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}

    # Making

    def create(self, user: str, password: str, database: str | None) -> None:
        """An empty cluster with its first user, who may do what RDS lets it do, and a database of that user's."""
        self._prepare()
        options = ("-U", ADMINISTRATOR, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        self._run(program("initdb"), "-D", str(self.data), *options)
        self._configure()
        self.start()
        name = pg8000.native.identifier(user)
        self.administer(f"CREATE ROLE {name} LOGIN CREATEDB CREATEROLE")
        self.set_password(user, password)
        if database:
            self.administer(f"CREATE DATABASE {pg8000.native.identifier(database)} OWNER {name}")
        self.back_up(self.base)

    def restore(self, backup: Path, archive: Path | None = None, moment: datetime | None = None) -> None:
        """A cluster made of a backup, and where C(archive) is given of what was written after it, up to a moment."""
        self._prepare()
        self._run("cp", "-a", f"{backup}/.", str(self.data))
        self._configure()
        if archive:
            self._recover(archive, moment)
        self.start()
        self._await_recovery()
        self.back_up(self.base)

    def _recover(self, archive: Path, moment: datetime | None) -> None:
        until = [f"recovery_target_time = '{moment.isoformat()}'"] if moment else []
        lines = [f"restore_command = 'cp {archive}/%f %p'", "recovery_target_action = promote", *until]
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("\n".join(["", *lines, ""]))
        (self.data / "recovery.signal").touch()
        self._chown(self.data / "recovery.signal")

    def _prepare(self) -> None:
        for folder in (self.directory, self.archive, self.data, Path(self._sockets)):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            self._chown(folder)

    def _configure(self) -> None:
        for name, source in (("server.crt", self.files.certificate), ("server.key", self.files.key)):
            shutil.copy(source, self.data / name)
            (self.data / name).chmod(0o600)
            self._chown(self.data / name)
        archive = f"archive_command = 'cp %p {self.archive}/%f'"
        settings = "\n".join(["", *_SETTINGS, archive, f"unix_socket_directories = '{self._sockets}'", ""])
        conf = self.data / "postgresql.conf"
        kept = conf.read_text(encoding="utf-8").partition("\nssl = on")[0]
        conf.write_text(f"{kept}{settings}", encoding="utf-8")
        (self.data / "pg_hba.conf").write_text(_ACCESS, encoding="utf-8")

    # Running

    def start(self) -> None:
        """Serve at the address. Raises ServerError."""
        command = [program("postgres"), "-D", str(self.data), "-h", self.address, "-p", str(PORT)]

        def begin() -> subprocess.Popen[bytes]:
            with self.log.open("ab") as log:
                return subprocess.Popen(  # noqa: S603
                    command, stdout=log, stderr=log, cwd="/", preexec_fn=_end_with_parent, **self._user
                )

        self._process = _PARENT.submit(begin).result()
        self._await_start()

    def _await_start(self) -> None:
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            ended = self._process is None or self._process.poll() is not None
            if ended or time.monotonic() > end:
                raise ServerError(f"postgres does not serve at {self.address}: {self.log.read_text()[-800:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with self._connection("postgres") as connection:
                return bool(connection.run("SELECT 1"))
        except (pg8000.exceptions.InterfaceError, pg8000.exceptions.DatabaseError):
            return False

    def _await_recovery(self) -> None:
        end = time.monotonic() + START_SECONDS
        while self.administer("SELECT pg_is_in_recovery()")[0][0]:
            if time.monotonic() > end:
                raise ServerError(f"the recovery at {self.address} does not end: {self.log.read_text()[-800:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it at once, as a machine that is lost; what was committed stays."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(START_SECONDS)
        self._process = None

    def remove(self) -> None:
        """End it and delete its files."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
        shutil.rmtree(self._sockets, ignore_errors=True)

    # Backups

    def back_up(self, target: Path) -> None:
        """A copy of the whole cluster as it is now, with what its start needs."""
        shutil.rmtree(target, ignore_errors=True)
        where = ("-h", self._sockets, "-p", str(PORT), "-U", ADMINISTRATOR)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._chown(target.parent)
        self._run(program("pg_basebackup"), *where, "-D", str(target), "-X", "stream", "-c", "fast", "--no-sync")

    def hand_over(self) -> None:
        """Archive all that is committed by now: a point in time can only lie before a commit that is archived."""
        self.administer("SELECT txid_current()")
        (last,) = self.administer("SELECT pg_walfile_name(pg_switch_wal())")[0]
        end = time.monotonic() + START_SECONDS
        while not (self.archive / last).exists():
            if time.monotonic() > end:
                raise ServerError(f"{last} is not archived")
            time.sleep(0.05)

    # Statements

    def administer(self, statement: str, database: str = "postgres") -> Any:
        """The rows of a statement of the administrator's."""
        with self._connection(database) as connection:
            return connection.run(statement)

    def set_password(self, user: str, password: str) -> None:
        """A role's new password."""
        role, word = pg8000.native.identifier(user), pg8000.native.literal(password)
        self.administer(f"ALTER ROLE {role} PASSWORD {word}")

    @contextlib.contextmanager
    def _connection(self, database: str) -> Iterator[Any]:
        socket = f"{self._sockets}/.s.PGSQL.{PORT}"
        connection = pg8000.native.Connection(ADMINISTRATOR, unix_sock=socket, database=database)
        try:
            yield connection
        finally:
            connection.close()

    # Files

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **self._user)  # noqa: S603
        if done.returncode:
            raise ServerError(f"{command[0]}: {done.stdout}{done.stderr}")

    def _chown(self, path: Path) -> None:
        if self._user:
            shutil.chown(path, "postgres", "postgres")
