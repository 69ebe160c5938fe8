# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an environment has can be listed by its tags, by layer, as docs/lifecycle.md shows."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.tests.integration.expected import LAYERS, PROJECT, Environment

#: Services whose resources AWS lists by tag, by layer. Roles are global and not among them.
LISTED = {
    "foundation": {"kms", "s3"},
    "network": {"ec2", "logs"},
    "data": {"rds", "elasticache", "secretsmanager", "logs"},
    "registry": {"ecr"},
    "edge": {"acm", "elasticloadbalancing"},
    "compute": {"ecs", "logs"},
    "monitoring": {"cloudwatch", "sns"},
}


@pytest.fixture(scope="module")
def listed(connect: Any, environment: Environment) -> list[dict[str, Any]]:
    tags = {"Project": PROJECT, "Environment": environment.name, "ManagedBy": "uex.payments"}
    filters = [{"Key": key, "Values": [value]} for key, value in tags.items()]
    pages = connect("resourcegroupstaggingapi").get_paginator("get_resources").paginate(TagFilters=filters)
    return [entry for page in pages for entry in page["ResourceTagMappingList"]]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_s_resources_are_listed_by_their_tags(listed: list[dict[str, Any]], layer: str) -> None:
    arns = [each["ResourceARN"] for each in listed if {"Key": "Layer", "Value": layer} in each["Tags"]]
    assert {arn.split(":")[2] for arn in arns} >= LISTED[layer]


def test_every_resource_that_is_listed_is_of_a_layer(listed: list[dict[str, Any]]) -> None:
    layers = {each["ResourceARN"]: {tag["Value"] for tag in each["Tags"] if tag["Key"] == "Layer"} for each in listed}
    assert {arn: found for arn, found in layers.items() if len(found & set(LAYERS)) != 1} == {}
