# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A real PostgreSQL and a real Redis on loopback, with TLS, as RDS and ElastiCache set them up."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pg8000.native
import redis
from botocore.exceptions import ClientError
from redis.backoff import NoBackoff
from redis.retry import Retry

from ansible_collections.uex.payments.plugins.module_utils import _wait
from ansible_collections.uex.payments.tests.functions.certificates import HOST, Files
from ansible_collections.uex.payments.tests.support.emulator import free_port

PROGRAMS = Path("/usr/lib/postgresql")
ADMINISTRATOR = "administrator"  #: of either server; nobody knows it on AWS
START_SECONDS = 30.0


def _program(name: str) -> str:
    found = sorted(PROGRAMS.glob(f"*/bin/{name}")) or [Path(path) for path in [shutil.which(name)] if path]
    if not found:
        raise RuntimeError(f"the tests need {name}: apt-get install postgresql redis-server")
    return str(found[-1])


class Database:
    """A PostgreSQL server whose log holds every DDL statement, as the parameter group of the collection has it."""

    settings = (
        "ssl = on",
        "log_statement = ddl",
        "log_connections = on",
        "log_min_duration_statement = 0",
        "fsync = off",
        "unix_socket_directories = ''",
    )

    def __init__(self, directory: Path, files: Files, host: str = HOST, port: int = 0) -> None:
        self.files = files
        self.host, self.port = host, port or free_port()
        self.data = directory / "data"
        self.log = directory / "postgresql.log"
        # The server refuses to run as root.
        self.user = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        if self.user:
            shutil.chown(directory, "postgres", "postgres")
        self._run(_program("initdb"), "-D", str(self.data), "-U", ADMINISTRATOR, "-A", "trust", "--no-sync")
        self._configure()

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **self.user)  # type: ignore[call-overload]
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}{self.text()}")

    def _configure(self) -> None:
        for name, source in (("server.crt", self.files.certificate), ("server.key", self.files.key)):
            shutil.copy(source, self.data / name)
            (self.data / name).chmod(0o600)
            if self.user:
                shutil.chown(self.data / name, "postgres", "postgres")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("\n".join(["", *self.settings, f"listen_addresses = '{self.host}'", f"port = {self.port}", ""]))
        access = [f"hostssl all {ADMINISTRATOR} all trust", "hostssl all all all scram-sha-256"]
        (self.data / "pg_hba.conf").write_text("\n".join([*access, ""]))

    def start(self) -> None:
        self._run(_program("pg_ctl"), "-D", str(self.data), "-l", str(self.log), "-w", "start")

    def stop(self) -> None:
        self._run(_program("pg_ctl"), "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def text(self) -> str:
        """What the server has logged."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def connect(self, user: str, password: str | None, database: str) -> Any:
        context = ssl.create_default_context(cafile=str(self.files.authority))
        connection = pg8000.native.Connection(
            user, password=password, host=self.host, port=self.port, database=database, ssl_context=context
        )
        return closing(connection)

    def administer(self, *statements: str) -> None:
        with self.connect(ADMINISTRATOR, None, "postgres") as connection:
            for statement in statements:
                connection.run(statement)

    def welcome(self, value: dict[str, Any]) -> None:
        """A database and its first user with the rights that RDS gives one: no superuser, may create roles."""
        name, database = value["username"], value["dbname"]
        self.administer(
            "DO $$ BEGIN CREATE ROLE rds_superuser NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            f"CREATE ROLE {name} LOGIN CREATEROLE CREATEDB IN ROLE rds_superuser PASSWORD '{value['password']}'",
            f"CREATE DATABASE {database} OWNER {name}",
        )

    def accepts(self, value: dict[str, Any]) -> bool:
        """Whether a login of C(value) succeeds."""
        try:
            with self.connect(value["username"], value["password"], value["dbname"]) as connection:
                return bool(connection.run("SELECT 1"))
        except pg8000.native.DatabaseError as error:
            if error.args[0]["C"] != "28P01":
                raise
            return False

    def describe_db_instances(self, **_which: str) -> dict[str, Any]:
        """RDS's own call, for the function."""
        return {"DBInstances": [{"Endpoint": {"Address": self.host, "Port": self.port}}]}


class Cache:
    """A Redis server, and what ElastiCache does to its tokens."""

    def __init__(self, directory: Path, files: Files) -> None:
        self.files = files
        self.port = free_port()
        self.log = directory / "redis.log"
        self.tokens: list[str] = []
        options = {
            "port": "0",
            "tls-port": str(self.port),
            "bind": "127.0.0.1",
            "tls-cert-file": str(files.certificate),
            "tls-key-file": str(files.key),
            "tls-auth-clients": "no",
            "save": "",
            "logfile": str(self.log),
            "loglevel": "debug",
            "user": f"{ADMINISTRATOR} on nopass ~* &* +@all",
        }
        (directory / "redis.conf").write_text(
            "\n".join(f"{name} {value or chr(34) * 2}" for name, value in options.items())
        )
        self.command = [_program("redis-server"), str(directory / "redis.conf")]

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        _wait.until(self._answers, bool, "an answer of redis-server", START_SECONDS, pause=0.1)

    def _answers(self) -> bool:
        try:
            return bool(self._administrator().ping())
        except redis.ConnectionError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(START_SECONDS)

    def client(self, password: str, username: str | None = None) -> redis.Redis:
        """A client that asks once."""
        return redis.Redis(
            host=HOST,
            port=self.port,
            username=username,
            password=password,
            ssl=True,
            ssl_ca_certs=str(self.files.authority),
            retry=Retry(NoBackoff(), 0),
        )

    def _administrator(self) -> redis.Redis:
        return self.client("any", ADMINISTRATOR)

    def reset(self, token: str) -> None:
        """As a new replication group: one token."""
        self._keep([token])

    def _keep(self, tokens: list[str]) -> None:
        self.tokens = tokens
        passwords = [f">{token}" for token in tokens]
        self._administrator().execute_command("ACL SETUSER", "default", "on", "resetpass", *passwords)

    def accepts(self, token: str) -> bool:
        try:
            with self.client(token) as client:
                return bool(client.ping())
        except redis.AuthenticationError:
            return False

    def describe_replication_groups(self, **_which: str) -> dict[str, Any]:
        endpoint = {"Address": HOST, "Port": self.port}
        return {"ReplicationGroups": [{"Status": "available", "NodeGroups": [{"PrimaryEndpoint": endpoint}]}]}

    def modify_replication_group(self, **given: Any) -> None:
        """ROTATE adds a token and keeps the youngest of the others; SET is allowed after it alone, and leaves one."""
        token, strategy = given["AuthToken"], given["AuthTokenUpdateStrategy"]
        others = [each for each in self.tokens if each != token]
        if strategy == "SET" and not others:
            error = {"Error": {"Code": "InvalidParameterCombination", "Message": f"SET follows ROTATE: {token}"}}
            raise ClientError(error, "ModifyReplicationGroup")
        self._keep([*others[-1:], token] if strategy == "ROTATE" else [token])
