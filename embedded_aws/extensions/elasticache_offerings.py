# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ElastiCache: reservations of nodes, which also say which node types a region has."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.elasticache.responses import ElastiCacheResponse

from ._operations import add
from .elasticache_groups import listing

SIZES = {
    "t3": ("micro", "small", "medium"),
    "t4g": ("micro", "small", "medium"),
    **dict.fromkeys(("m5", "m6g", "m7g", "r5", "r6g", "r7g"), ("large", "xlarge", "2xlarge", "4xlarge")),
}
NODE_TYPES = tuple(f"cache.{family}.{size}" for family, sizes in SIZES.items() for size in sizes)
YEAR = 31536000  #: seconds


def _offering(number: int, node_type: str) -> dict[str, Any]:
    """One year of Redis without a payment in advance; what it costs is not known here."""
    return {
        "ReservedCacheNodesOfferingId": f"00000000-0000-0000-0000-{number:012d}",
        "CacheNodeType": node_type,
        "Duration": YEAR,
        "FixedPrice": 0.0,
        "UsagePrice": 0.0,
        "ProductDescription": "redis",
        "OfferingType": "No Upfront",
        "RecurringCharges": [],
    }


def describe_reserved_cache_nodes_offerings(self: ElastiCacheResponse) -> ActionResult:
    """A page of the offerings, optionally of one node type."""
    wanted = self.params.get("CacheNodeType")
    found = [_offering(number, name) for number, name in enumerate(NODE_TYPES) if wanted in (None, name)]
    return listing(self, "ReservedCacheNodesOfferings", found)


def install() -> None:
    """Install into moto's ElastiCache."""
    add(ElastiCacheResponse, describe_reserved_cache_nodes_offerings)
