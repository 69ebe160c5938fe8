# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import (
    _preflight,
    _preflight_account,
    _preflight_estate,
    _preflight_region,
    _quotas,
    _usage,
)
from ansible_collections.uex.payments.plugins.modules import stack_preflight
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

CAPACITY = {"fargate_base": 1, "fargate_weight": 1, "spot_weight": 1}
SERVICE = {
    "name": "one",
    "repository_name": "uex-payments-test/one",
    "image_tag": "1.0",
    "target_group": "uex-payments-test-one",
    "alternate_target_group": "",
    "cpu": 512,
    "desired_count": 2,
    "max_count": 4,
    "capacity": CAPACITY,
}
OPTIONS: dict[str, Any] = {
    "name": "uex-payments-test",
    "environment": "prod",
    "tags": TAGS,
    "account_id": "123456789012",
    "state_bucket": "uex-payments-state-{account_id}-us-east-1",
    "lock_table": "uex-payments-locks",
    "availability_zones": ["us-east-1a", "us-east-1b"],
    "database": {"engine_version": "16", "classes": ["db.t3.medium"], "storage_type": "gp3", "multi_az": True},
    "cache": {"engine": "redis", "engine_version": "7.1", "node_type": "cache.t3.micro"},
    "certificate": {"domains": ["pay.example.com"], "zone_name": "example.com"},
    "missing_credentials": ["data_uex_api_key"],
    "credentials_stored_as": "uex-payments-test/uex-api",
    "subscriptions": {"critical": 0, "warning": 1, "info": 0},
    "estate": {
        "services": [SERVICE],
        "nat_gateways": ["a", "b"],
        "security_groups": [{"ingress": [{"security_group": "x"}], "egress": []}],
        "interface_endpoints": ["logs"],
        "db_instances": ["uex-payments-test-db"],
        "db_allocated_storage": 50,
        "cache_nodes": ["uex-payments-test-redis-001"],
        "secrets": 5,
        "keys": 2,
        "log_groups": 9,
        "roles": 4,
        "buckets": 3,
    },
}


def test_an_empty_account_has_a_row_for_everything(aws: None) -> None:
    result = plugins.run_module(stack_preflight, OPTIONS)
    states = {each["name"]: each["state"] for each in result["checks"]}
    assert not result["changed"]
    assert len([name for name in states if name.startswith("Quota: ")]) == len(_quotas.QUOTAS)
    assert {name for name, state in states.items() if state == _preflight.FAILED} == {
        "Alerts: critical",
        "DNS zone",
        "Lock table",
        "MFA of the root user",
        "State bucket",
        "UEX credentials",
    }
    assert states["Account"] == states["PostgreSQL version"] == states["Quota: VPCs"] == _preflight.OK


def test_a_check_looks_as_a_run_does_and_rows_keep_their_order(aws: None) -> None:
    once, again = (plugins.run_module(stack_preflight, OPTIONS, check_mode=mode) for mode in (False, True))
    assert once == again


#: What the inventory alone decides, without a read.
INVENTORY_S = {"Certificate", "Alerts: critical", "Alerts: warning", "Alerts: info"}


def test_a_denied_read_is_never_well(aws: None) -> None:
    account = Account()
    account.deny_reads = True
    checks = [
        *_preflight_account.CHECKS,
        *_preflight_region.CHECKS,
        *_usage.checks(_quotas.needs(OPTIONS["estate"])),
        *_preflight_estate.CHECKS,
    ]
    options = {"emulated": False, "inventories": "", "region": "us-east-1", **OPTIONS}
    certificate = {"arn": "", "self_signed": False, "zone_managed": False, **OPTIONS["certificate"]}
    rows = _preflight.rows(
        checks, lambda service, region=None: account.connect(service), {**options, "certificate": certificate}
    )
    read = [row for row in rows if row.name not in INVENTORY_S]
    assert len(read) == len(checks) - 2
    assert {row.state for row in read if row.name != "Credentials"} == {_preflight.UNKNOWN}
    assert all(" is denied" in row.found and row.advice for row in read if row.name != "Credentials")
