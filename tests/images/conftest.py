# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Images' life with buildah, a registry on loopback and an embedded AWS: each stage begins where the last ended."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest

from ansible_collections.uex.payments.tests.images import servers
from ansible_collections.uex.payments.tests.images.canary import Watch
from ansible_collections.uex.payments.tests.images.servers import Registry, Store
from ansible_collections.uex.payments.tests.support import emulator, everything
from ansible_collections.uex.payments.tests.support.playbooks import ROOT, Done, run
from embedded_aws import registries, scans

SERVICES = ("presentation", "client-tier")
MIGRATIONS = "migrations"
#: An image without a step that runs anything, for what is about tags.
PLAIN = "job"
IMAGES = (*SERVICES, MIGRATIONS, PLAIN)
NAME = "uex-payments-dev"
#: A finding that stops nothing.
LOW = {"name": "CVE-2026-1", "severity": "LOW", "package": "zlib", "version": "1.2"}
HIGH = {"name": "CVE-2026-2", "severity": "HIGH", "package": "openssl", "version": "3.0"}


pytest_addoption = everything.pytest_addoption
pytest_collection_modifyitems = everything.pytest_collection_modifyitems


class Workplace:
    """What an operator has: folders with code in git, an engine, an inventory, an account."""

    def __init__(
        self, directory: Path, store: Store, registry: Registry, port: int, services: Sequence[str] = SERVICES
    ) -> None:
        self.code, self.store, self.registry, self.port = directory / "code", store, registry, port
        self.variables = directory / "variables.json"
        self.variables.write_text(json.dumps({**self.settings(), **self._place()}))
        for name in services:
            shutil.copytree(ROOT / "images/service", self.code / name)
        shutil.copytree(ROOT / "images/migrations", self.code / MIGRATIONS)
        self.write(PLAIN, "Containerfile", "FROM scratch\nCOPY runner /runner\n")
        self.write(PLAIN, "runner", "one")
        self.git("init", "-q")
        self.git("remote", "add", "origin", "https://user:word@git.example.com/uex.git")
        self.commit()

    def _place(self) -> dict[str, Any]:
        return {"embedded_aws_port": self.port, "stack_build_directory": str(self.code.parent / "build")}

    def settings(self) -> dict[str, Any]:
        """What an inventory says of the images."""
        return {
            "operations_build_images_engine": "buildah",
            "operations_build_images_options": [servers.ISOLATION],
            "operations_push_images_options": ["--compression-level=1"],
            "operations_build_images_contexts_directory": str(self.code),
            "operations_build_images_further": {MIGRATIONS: {"arguments": servers.MIGRATIONS_ARGUMENTS}, PLAIN: {}},
            "stack_service_defaults": {"build": {"arguments": {"BASE_IMAGE": servers.BASE}}},
        }

    def write(self, context: str, name: str, text: str) -> None:
        (self.code / context).mkdir(parents=True, exist_ok=True)
        (self.code / context / name).write_text(text)

    def git(self, *arguments: str) -> str:
        person = ("-c", "user.name=test", "-c", "user.email=test@example.com")
        return servers.output(["git", "-C", str(self.code), *person, *arguments], self.store.environment)

    def commit(self) -> str:
        """Commit all, and return the tag that it gives."""
        self.git("add", "--all")
        self.git("commit", "-q", "--message", "A commit")
        return self.tag

    @property
    def tag(self) -> str:
        return self.git("rev-parse", "--short=12", "HEAD")

    def play(self, playbook: str, *arguments: str, images: tuple[str, ...] = IMAGES) -> Done:
        inventories = ("-i", "inventories/dev", "-i", "inventories/embedded")
        words = (f"@{self.variables}", f"service={','.join(images)}")
        options = [part for word in words for part in ("-e", word)]
        return run(ROOT / f"playbooks/{playbook}.yml", *inventories, *options, *arguments, **self.store.settings)

    def ecr(self) -> Any:
        access = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}
        return boto3.client("ecr", endpoint_url=f"http://127.0.0.1:{self.port}", **access)

    def local(self, name: str, tag: str) -> Any:
        """What buildah says of an image."""
        reference = f"localhost/uex-payments/{name}:{tag}"
        return json.loads(self.store.buildah("inspect", "--type", "image", reference))


class Push(NamedTuple):
    """A run that pushed, what processes showed meanwhile, and the tag."""

    done: Done
    watch: Watch
    tag: str


@pytest.fixture(scope="session")
def secret() -> str:
    """The password that ECR gives; nobody may ever see it."""
    return f"canary-{secrets.token_hex(12)}"


@pytest.fixture(scope="session")
def begun() -> float:
    return time.time()


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory, begun: float) -> Path:
    return tmp_path_factory.mktemp("images")


@pytest.fixture(scope="session")
def store(directory: Path) -> Iterator[Store]:
    (directory / "store").mkdir()
    store = Store(directory / "store")
    yield store
    subprocess.run(["buildah", "rm", "--all"], env=store.environment, capture_output=True, check=True)
    subprocess.run(["buildah", "rmi", "--all", "--force"], env=store.environment, capture_output=True, check=True)


@pytest.fixture(scope="session")
def registry(directory: Path, secret: str) -> Iterator[Registry]:
    (directory / "registry").mkdir()
    registry = Registry(directory / "registry", secret)
    registry.start()
    yield registry
    registry.stop()


@pytest.fixture(scope="session")
def workplace(directory: Path, store: Store, registry: Registry) -> Iterator[Workplace]:
    """With repositories as the registry's layer makes them."""
    (directory / "base").mkdir()
    servers.make_base(store, directory / "base")
    with emulator.running(directory / "build/embedded_aws") as port:
        place = Workplace(directory, store, registry, port)
        registries.link(port, registry.endpoint, registry.password)
        for name in IMAGES:
            settings: Any = {"imageTagMutability": "IMMUTABLE", "imageScanningConfiguration": {"scanOnPush": True}}
            place.ecr().create_repository(repositoryName=f"{NAME}/{name}", **settings)
        yield place


# Stages


@pytest.fixture(scope="session")
def build_checked(workplace: Workplace) -> Done:
    return workplace.play("build_images", "--check")


@pytest.fixture(scope="session")
def built(workplace: Workplace, build_checked: Done) -> Done:
    return workplace.play("build_images")


@pytest.fixture(scope="session")
def built_again(workplace: Workplace, built: Done) -> Done:
    return workplace.play("build_images")


@pytest.fixture(scope="session")
def push_checked(workplace: Workplace, built_again: Done) -> Done:
    return workplace.play("push_images", "--check")


@pytest.fixture(scope="session")
def pushed(workplace: Workplace, push_checked: Done, secret: str) -> Push:
    """As loud as Ansible gets, with a scan that takes a while and finds something harmless."""
    scans.steer(workplace.port, {f"{NAME}/presentation": {"looks": 1, "findings": [LOW]}})
    with Watch(secret).on() as watch:
        return Push(workplace.play("push_images", "-vvvv"), watch, workplace.tag)


@pytest.fixture(scope="session")
def pushed_again(workplace: Workplace, pushed: Push) -> Done:
    return workplace.play("push_images")
