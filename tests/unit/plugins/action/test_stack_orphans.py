# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.action.stack_orphans import deleted, known, results

SUBNETS = {
    "changed": True,
    "actions": [
        {"kind": "AWS::EC2::Subnet", "name": "b", "verb": "delete"},
        {"kind": "AWS::EC2::Subnet", "name": "a", "verb": "update"},
    ],
    "diff": {"before": {"b": {"tags": {"Layer": "network"}}}, "after": {}},
    "identities": {"a": ["subnet-1", "vpc-1"], "b": ["subnet-2", "vpc-1"]},
}
DISCOVERY = {"before": {"AWS::Route53::HostedZone": {"example.com": {"id": "/hostedzone/Z1"}}}}
VARIABLES: dict[str, Any] = {
    "a_text": "x",
    "a_dict": {"x": 1},
    "network_subnets": SUBNETS,
    "stack_discovery": DISCOVERY,
}


def test_only_what_modules_returned_counts() -> None:
    assert results(VARIABLES) == [SUBNETS, DISCOVERY]


def test_what_is_declared_is_known_and_what_goes_is_not() -> None:
    assert list(known(results(VARIABLES))) == ["subnet-1", "vpc-1", "Z1"]


def test_what_a_task_would_delete_is_told_with_its_ids() -> None:
    expected = {"kind": "AWS::EC2::Subnet", "name": "b", "ids": ["subnet-2", "vpc-1"], "layer": "network"}
    assert deleted(SUBNETS) == [expected]
    assert deleted({**SUBNETS, "diff": {}}) == [{**expected, "layer": None}]
