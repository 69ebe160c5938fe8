# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fixtures of all unit tests: an empty AWS account in-process, the embedded AWS's extensions installed."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from typing import Any

import pytest

MANAGED_POLICIES = "MOTO_IAM_LOAD_MANAGED_POLICIES"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    MANAGED_POLICIES: "false",
}
os.environ.update(ENVIRONMENT)  # moto reads some of it while it is imported


@functools.cache
def _session() -> Any:
    """One session for all tests, as reading a service's model anew takes far longer than a test."""
    import boto3

    return boto3.Session()


@pytest.fixture
def aws(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty AWS account for one test; boto3 clients made inside reach it without a network.

    AWS's own managed policies exist only in tests marked C(managed_policies): they take 0.7 s a test to load.
    """
    import boto3
    from moto import mock_aws

    from embedded_aws import extensions

    loaded = {MANAGED_POLICIES: "true"} if request.node.get_closest_marker("managed_policies") else {}
    for name, value in {**ENVIRONMENT, **loaded}.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    extensions.install()
    with mock_aws():
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", _session())
        yield
