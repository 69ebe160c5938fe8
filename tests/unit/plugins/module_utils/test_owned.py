# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _owned
from ansible_collections.uex.payments.tests.support.contract import TAGS


@pytest.fixture
def groups(aws: None) -> None:
    logs: Any = boto3.client("logs")
    logs.create_log_group(logGroupName="ours", tags=TAGS)
    logs.create_log_group(logGroupName="other-layer", tags={**TAGS, "Layer": "other"})
    logs.create_log_group(logGroupName="other-environment", tags={**TAGS, "Environment": "other"})
    logs.create_log_group(logGroupName="untagged")
    boto3.client("ecr").create_repository(repositoryName="ours", tags=[{"Key": k, "Value": v} for k, v in TAGS.items()])


@pytest.mark.usefixtures("groups")
def test_what_carries_the_ownership_tags_is_found_by_type() -> None:
    found = _owned.arns(boto3.client, TAGS, "logs:log-group")
    assert sorted(arn.rpartition(":")[2] for arn in found) == ["other-layer", "ours"]


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize("key", ["Project", "Environment", "ManagedBy"])
def test_without_an_ownership_tag_nothing_is_ours(key: str) -> None:
    owner = {name: value for name, value in TAGS.items() if name != key}
    assert _owned.arns(boto3.client, owner, "logs:log-group") == []
