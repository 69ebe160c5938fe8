# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A client of a deployed environment's database that asks all the time, as a service's task does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

Login = dict[str, Any]


class Client(threading.Thread):
    """A service's task: it reads the secret when it starts, again with each deployment; it logs in for each query."""

    def __init__(
        self,
        connect: Callable[[str], Any],
        name: str,
        log_in: Callable[[Login], AbstractContextManager[Any]],
        query: str,
        service: str = "uex-backend",
    ) -> None:
        super().__init__()
        self.connect, self.name, self.log_in, self.query = connect, name, log_in, query
        self.service = f"{name}-{service}"
        self.over = threading.Event()
        self.users: list[str] = []
        self.queries = 0
        self.failures: list[str] = []

    def run(self) -> None:
        begun = ""
        while not self.over.is_set():
            deployment = self._deployment()
            if deployment != begun:
                begun, login = deployment, self.login()
                self.users.append(login["username"])
            self._ask(login)

    def end(self) -> None:
        """Ask no more."""
        self.over.set()
        self.join()

    def login(self) -> Login:
        """What the database's secret holds now."""
        found = self.connect("secretsmanager").get_secret_value(SecretId=f"{self.name}/database")
        login: Login = json.loads(found["SecretString"])
        return login

    def _deployment(self) -> str:
        found = self.connect("ecs").describe_services(cluster=self.name, services=[self.service])["services"][0]
        return str(next(each["id"] for each in found["deployments"] if each["status"] == "PRIMARY"))

    def _ask(self, login: Login) -> None:
        try:
            with self.log_in(login) as connection:
                connection.run(self.query)
            self.queries += 1
        except Exception as error:
            self.failures.append(f"{login['username']}: {error}")
