# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A small estate for filters: a load balancer and a NAT gateway, nothing behind them."""

from __future__ import annotations

from typing import Any

ESTATE: dict[str, Any] = {
    "name": "uex-payments-dev",
    "region": "us-east-1",
    "services": [],
    "load_balancer": "app/uex-payments-dev-alb/0123456789abcdef",
    "target_groups": {},
    "certificate": "arn:aws:acm:us-east-1:123456789012:certificate/0123",
    "health_checks": {},
    "databases": [],
    "cache_nodes": [],
    "nat_gateways": {"uex-payments-dev-nat-a": "nat-0123456789abcdef0"},
    "topics": {name: f"arn:aws:sns:us-east-1:123456789012:{name}" for name in ("critical", "warning", "info")},
    "thresholds": {
        "certificate_days": 30,
        "alb_5xx": 10,
        "alb_4xx": 100,
        "response_seconds": 2,
        "redis_cpu": 80,
        "redis_memory": 80,
        "redis_lag_seconds": 10,
        "db_free_storage_percent": 10,
    },
}
