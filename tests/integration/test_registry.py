# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The registry layer against its specification: a repository for each service."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.uex.payments.tests.integration.expected import SERVICES

PUSHING = {"ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"}


@pytest.fixture(scope="module", params=sorted(SERVICES))
def repository(request: pytest.FixtureRequest, connect: Callable[[str], Any], stack_name: str) -> dict[str, Any]:
    names = [f"{stack_name}/{request.param}"]
    (found,) = connect("ecr").describe_repositories(repositoryNames=names)["repositories"]
    return dict(found)


def test_there_is_a_repository_for_each_service_and_no_other(connect: Callable[[str], Any], stack_name: str) -> None:
    pages = connect("ecr").get_paginator("describe_repositories").paginate()
    names = {each["repositoryName"] for page in pages for each in page["repositories"]}
    assert {name for name in names if name.startswith(f"{stack_name}/")} == {
        f"{stack_name}/{name}" for name in SERVICES
    }


def test_images_are_scanned_and_their_tags_stay(repository: dict[str, Any]) -> None:
    assert repository["imageScanningConfiguration"]["scanOnPush"] is True
    assert repository["imageTagMutability"] == "IMMUTABLE"


def test_images_are_encrypted_with_the_customer_key(
    repository: dict[str, Any], connect: Callable[[str], Any], stack_name: str
) -> None:
    key = connect("kms").describe_key(KeyId=f"alias/{stack_name}-data")["KeyMetadata"]["Arn"]
    assert repository["encryptionConfiguration"] == {"encryptionType": "KMS", "kmsKey": key}


def test_old_images_go_and_the_rule_for_any_image_is_last(
    repository: dict[str, Any], connect: Callable[[str], Any]
) -> None:
    answer = connect("ecr").get_lifecycle_policy(repositoryName=repository["repositoryName"])
    rules = sorted(json.loads(answer["lifecyclePolicyText"])["rules"], key=lambda rule: int(rule["rulePriority"]))
    assert [rule["selection"]["tagStatus"] for rule in rules] == ["untagged", "any"]
    assert {rule["action"]["type"] for rule in rules} == {"expire"}


def test_tasks_pull_and_no_role_of_the_environment_pushes(
    repository: dict[str, Any], connect: Callable[[str], Any], stack_name: str, account: str
) -> None:
    answer = connect("ecr").get_repository_policy(repositoryName=repository["repositoryName"])
    statements = json.loads(answer["policyText"])["Statement"]
    (allowed,) = (each for each in statements if each["Effect"] == "Allow")
    assert str(allowed["Principal"]["AWS"]).strip("[]'") == f"arn:aws:iam::{account}:role/{stack_name}-execution"
    assert not PUSHING & set(allowed["Action"])
    (denied,) = (each for each in statements if each["Effect"] == "Deny")
    assert set(denied["Action"]) >= PUSHING


def test_a_repository_carries_the_layer_s_tags(
    repository: dict[str, Any], connect: Callable[[str], Any], owner_tags: Callable[[str], dict[str, str]]
) -> None:
    found = connect("ecr").list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]
    assert owner_tags("registry").items() <= {tag["Key"]: tag["Value"] for tag in found}.items()
