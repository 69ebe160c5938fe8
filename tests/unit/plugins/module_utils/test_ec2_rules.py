# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _ec2_rules

HTTPS = {"protocol": "tcp", "from_port": 443, "to_port": 443, "description": ""}
EVERYTHING = {"protocol": "all", "description": ""}

#: A declared rule, what it is compared as, and AWS's permission for it.
TABLE: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    (
        {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"], "description": None},
        {**HTTPS, "cidr_block": "10.0.0.0/8"},
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
    ),
    (
        {"protocol": "all", "from_port": None, "to_port": None, "cidr_blocks": ["::/0"], "description": "Why"},
        {**EVERYTHING, "ipv6_cidr_block": "::/0", "description": "Why"},
        {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0", "Description": "Why"}]},
    ),
    (
        {"protocol": "tcp", "from_port": 443, "to_port": 443, "security_group": "app"},
        {**HTTPS, "security_group": "app"},
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": "sg-1"}]},
    ),
    (
        {"protocol": "tcp", "from_port": 443, "to_port": 443, "prefix_list_id": "pl-1"},
        {**HTTPS, "prefix_list_id": "pl-1"},
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": "pl-1"}]},
    ),
]


@pytest.mark.parametrize(("option", "rule", "permission"), TABLE)
def test_a_rule_goes_to_aws_and_comes_back(option: Any, rule: Any, permission: Any) -> None:
    assert _ec2_rules.declared([option]) == [rule]
    assert _ec2_rules.permission(rule, {"app": "sg-1"}) == permission
    assert _ec2_rules.observed([permission], {"sg-1": "app"}) == [rule]


def test_one_declared_rule_with_two_ranges_is_two_and_order_does_not_count() -> None:
    option = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.1.0.0/16", "10.0.0.0/16"]}
    ranges = [{"CidrIp": "10.0.0.0/16"}, {"CidrIp": "10.1.0.0/16"}]
    seen = _ec2_rules.observed([{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ranges}], {})
    assert _ec2_rules.declared([option, option]) == seen
    assert len(seen) == 2


@pytest.mark.parametrize(("rules", "expected"), [(None, None), ([], [])])
def test_undeclared_is_not_empty(rules: Any, expected: Any) -> None:
    assert _ec2_rules.declared(rules) == expected


def test_steps() -> None:
    kept, old, new = ({**HTTPS, "cidr_block": f"10.{number}.0.0/16"} for number in range(3))
    described = {**EVERYTHING, "cidr_block": "10.9.0.0/16"}
    wanted = [kept, new, {**described, "description": "Now"}]
    steps = _ec2_rules.steps(wanted, [kept, old, described])
    assert steps == ([new], [{**described, "description": "Now"}], [old])


def test_only_what_names_the_group_is_revoked() -> None:
    both = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    pairs = [{"GroupId": "sg-1", "UserId": "1"}, {"GroupId": "sg-2", "UserId": "1"}]
    found = _ec2_rules.referring([{**both, "UserIdGroupPairs": pairs}], "sg-1")
    assert found == [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": "sg-1"}]}]
