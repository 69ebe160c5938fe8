# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.filter.cache_nodes import cache_nodes


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        ("(known after apply)", ["redis-001", "redis-002"]),
        ([], ["redis-001", "redis-002"]),
        (["redis-001"], ["redis-001", "redis-002"]),
        (["redis-002", "redis-003"], ["redis-002", "redis-003"]),
    ],
)
def test_live_nodes_count_where_there_are_as_many_as_declared(live: Any, expected: list[str]) -> None:
    assert cache_nodes(live, "redis", 2) == expected


def test_cluster_mode_counts_shards() -> None:
    assert cache_nodes([], "redis", 3, 1, 1) == ["redis-0001-001", "redis-0001-002"]
