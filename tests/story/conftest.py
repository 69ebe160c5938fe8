# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An environment of which all is real that can be on one machine: images, their registry, the database, its client."""

from __future__ import annotations

import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.tests.images import servers as images
from ansible_collections.uex.payments.tests.images.conftest import MIGRATIONS, Workplace
from ansible_collections.uex.payments.tests.recovery import conftest as recovery
from ansible_collections.uex.payments.tests.recovery.conftest import Servers
from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.playbook import Run, Site
from ansible_collections.uex.payments.tests.support.playbooks import ROOT
from ansible_collections.uex.payments.tests.support.querying import Client, Login
from embedded_aws import databases, functions, registries, tasks

ENVIRONMENT = "dev"
NAME = f"uex-payments-{ENVIRONMENT}"
DB = f"{NAME}-db"
SERVICES = (
    *("presentation", "client-tier", "management-tier", "processing-tier"),
    *("management-backend", "uex-backend"),
)
RUNNER = ROOT / "images" / "migrations"
PORT = recovery.PORT + 1
#: What a client asks all the time.
QUERY = "INSERT INTO payments (merchant_reference, amount, currency) VALUES ('client', 1, 'USD')"


class Estate:
    """The environment, whoever works on it, and what they have."""

    def __init__(self, site: Site, workplace: Workplace, authority: str) -> None:
        self.site, self.workplace, self.authority = site, workplace, authority
        self.connect = account.connect(site.endpoint)
        self.secrets: list[str] = [workplace.registry.password]
        self.variables = {
            **workplace.settings(),
            "registry_further_repositories": [MIGRATIONS],
            "data_rotation_enabled": True,
            "data_rotation_ca_file": authority,
        }

    def play(self, playbook: str, *arguments: str, **variables: Any) -> Run:
        """Run a playbook; no secret may be in what it prints."""
        run = self.site.play(playbook, ENVIRONMENT, *arguments, **self.variables, **variables)
        assert not [secret for secret in self.secrets if secret in run.output]
        return run

    @property
    def servers(self) -> Servers:
        """Sessions as the first user, whose password the secret has until it is rotated."""
        return Servers(self.connect("rds"), self.authority, self.client().login()["password"])

    def client(self) -> Client:
        return Client(self.connect, NAME, self.log_in, QUERY)

    def log_in(self, login: Login) -> Any:
        return closing(Servers(self.connect("rds"), self.authority).connect(DB, login["username"], login["password"]))

    def runs(self, service: str) -> str:
        """The digest of the image that a service's tasks have."""
        ecs = self.connect("ecs")
        found = ecs.describe_services(cluster=NAME, services=[f"{NAME}-{service}"])["services"][0]
        definition = ecs.describe_task_definition(taskDefinition=found["taskDefinition"])["taskDefinition"]
        return str(definition["containerDefinitions"][0]["image"].rpartition("@")[2])

    def pushed(self, service: str, tag: str) -> str:
        """The digest that the registry itself has for a tag."""
        return str(self.workplace.registry.inspect(f"{NAME}/{service}", tag)["Digest"])


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Estate]:
    directory = Path(tempfile.mkdtemp(prefix="uex-story-"))
    directory.chmod(0o755)  # the servers' own user enters it
    for name in ("store", "registry", "base"):
        (tmp_path / name).mkdir()
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        site = stack.enter_context(recovery.standing(ROOT / "build" / "story", PORT, directory))
        store = images.Store(tmp_path / "store")
        for name, value in store.settings.items():
            monkeypatch.setenv(name, value)
        registry = images.Registry(tmp_path / "registry", f"canary-{secrets.token_hex(12)}")
        registry.start()
        stack.callback(registry.stop)
        images.make_base(store, tmp_path / "base")
        registries.link(PORT, registry.endpoint, registry.password)
        authority = databases.shown(PORT)["authority"]
        command = [sys.executable, "-m", MIGRATIONS]
        environment = {"DATABASE_CA_FILE": authority, "MIGRATIONS_FOLDER": str(RUNNER / "sql")}
        tasks.steer(PORT, f"{NAME}-migrate", entry_point=command, directory=str(RUNNER), environment=environment)
        functions.run(PORT, f"{NAME}-rotation", {"CA_FILE": authority})
        yield Estate(site, Workplace(tmp_path, store, registry, PORT, SERVICES), authority)
