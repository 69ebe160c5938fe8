# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ElastiCache of the embedded AWS: which node types a region has."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from embedded_aws.extensions import elasticache_offerings


def listed(elasticache: Any, **options: Any) -> list[str]:
    pages = elasticache.get_paginator("describe_reserved_cache_nodes_offerings").paginate(**options)
    return [each["CacheNodeType"] for page in pages for each in page["ReservedCacheNodesOfferings"]]


@pytest.fixture
def elasticache(aws: None) -> Any:
    return boto3.client("elasticache")


def test_every_node_type_is_offered_once(elasticache: Any) -> None:
    assert listed(elasticache, PaginationConfig={"PageSize": 20}) == list(elasticache_offerings.NODE_TYPES)


@pytest.mark.parametrize(("node_type", "number"), [("cache.r5.large", 1), ("cache.x9.huge", 0)])
def test_the_offerings_of_one_node_type(elasticache: Any, node_type: str, number: int) -> None:
    assert listed(elasticache, CacheNodeType=node_type) == [node_type] * number
