# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.modules.elasticache_parameter_group import CacheParameterGroup
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

PARAMETERS = {"maxmemory-policy": "volatile-lru", "slowlog-log-slower-than": 10000}


def sample(connect: Connect) -> dict[str, Any]:
    shared = {"family": "redis7", "description": "UEX Payments", "parameters": PARAMETERS, "tags": None}
    return {"cache_parameter_groups": [{"name": f"uex-payments-test-{name}", **shared} for name in ("redis", "other")]}


CONTRACT = Contract(
    CacheParameterGroup,
    sample,
    change={"parameters": {**PARAMETERS, "maxmemory-policy": "allkeys-lru"}},
    unset=("parameters",),
)


def test_a_parameter_that_is_declared_no_more_is_reset(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    fewer = {"maxmemory-policy": "volatile-lru"}
    outcome = subject.run(**subject.with_items([{**subject.items[0], "parameters": fewer}]))
    assert outcome.failed == []
    assert outcome.resources["uex-payments-test-redis"]["parameters"] == fewer
