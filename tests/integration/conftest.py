# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The deployed estate, read through boto3 alone: `pytest tests/integration --environment dev`.

Without --endpoint-url it is the embedded AWS that is read; an empty one is AWS itself, with the caller's credentials.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.tests.integration.expected import ENVIRONMENTS, PROJECT, Environment

EMBEDDED = "http://127.0.0.1:5566"
EMBEDDED_CREDENTIALS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}

Connect = Callable[[str], Any]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("estate")
    group.addoption("--environment", choices=sorted(ENVIRONMENTS), default="dev", help="which environment to read")
    group.addoption("--endpoint-url", default=EMBEDDED, help="where it is deployed; empty for AWS itself")
    group.addoption("--region", default=os.environ.get("AWS_REGION") or "us-east-1", help="its AWS region")


@pytest.fixture(scope="session")
def environment(request: pytest.FixtureRequest) -> Environment:
    return ENVIRONMENTS[request.config.getoption("--environment")]


@pytest.fixture(scope="session")
def region(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--region"))


@pytest.fixture(scope="session")
def stack_name(environment: Environment) -> str:
    return f"{PROJECT}-{environment.name}"


@pytest.fixture(scope="session")
def connect(request: pytest.FixtureRequest, region: str) -> Connect:
    """Clients by service name."""
    endpoint = request.config.getoption("--endpoint-url")
    settings = {"endpoint_url": endpoint, **EMBEDDED_CREDENTIALS} if endpoint else {}
    session = boto3.Session(region_name=region)
    return functools.cache(lambda service: session.client(service, **settings))


@pytest.fixture(scope="session")
def account(connect: Connect) -> str:
    return str(connect("sts").get_caller_identity()["Account"])


class Reader:
    """EC2's resources of this environment, by their tag Name."""

    def __init__(self, client: Any, environment: str) -> None:
        self.client = client
        self.filters = [
            {"Name": "tag:Project", "Values": [PROJECT]},
            {"Name": "tag:Environment", "Values": [environment]},
        ]

    def all(self, operation: str, key: str, option: str = "Filters") -> list[dict[str, Any]]:
        """Every entry that bears the environment's tags."""
        pages = self.client.get_paginator(operation).paginate(**{option: self.filters})
        return [entry for page in pages for entry in page[key]]

    def named(self, operation: str, key: str, option: str = "Filters") -> dict[str, dict[str, Any]]:
        """Those entries by name; two of one name are an error."""
        return by_name(self.all(operation, key, option))


def by_name(entries: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        name = tags_of(entry)["Name"]
        assert name not in found, f"two resources are called {name}"
        found[name] = entry
    return found


def tags_of(entry: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in entry.get("Tags") or entry.get("TagSet") or []}


@pytest.fixture(scope="session")
def ec2(connect: Connect, environment: Environment) -> Reader:
    return Reader(connect("ec2"), environment.name)


@pytest.fixture(scope="session")
def owner_tags(environment: Environment) -> Callable[[str], dict[str, str]]:
    """The tags that every resource of a layer carries."""
    return lambda layer: {
        "Project": PROJECT,
        "Environment": environment.name,
        "Layer": layer,
        "ManagedBy": "uex.payments",
    }
