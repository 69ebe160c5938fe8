# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _ec2_acl

BASE = {"rule_number": 100, "rule_action": "allow", "cidr_block": "10.0.0.0/16"}

#: A compared entry, and AWS's arguments for it.
TABLE = [
    (
        {**BASE, "protocol": "tcp", "from_port": 80, "to_port": 90},
        {"Protocol": "6", "PortRange": {"From": 80, "To": 90}},
    ),
    (
        {**BASE, "protocol": "udp", "from_port": 53, "to_port": 53},
        {"Protocol": "17", "PortRange": {"From": 53, "To": 53}},
    ),
    ({**BASE, "protocol": "all"}, {"Protocol": "-1"}),
]


@pytest.mark.parametrize(("entry", "words"), TABLE)
def test_an_entry_goes_to_aws_and_comes_back(entry: dict[str, Any], words: dict[str, Any]) -> None:
    arguments = {"RuleNumber": 100, "RuleAction": "allow", "CidrBlock": "10.0.0.0/16", **words}
    assert _ec2_acl.arguments(entry) == arguments
    assert _ec2_acl.observed([{**arguments, "Egress": True}], egress=True) == [entry]
    assert _ec2_acl.observed([{**arguments, "Egress": True}], egress=False) == []


def test_the_closing_rule_is_nobodys() -> None:
    closing = {"RuleNumber": 32767, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0", "Egress": False}
    assert _ec2_acl.observed([closing], egress=False) == []


def test_what_cannot_be_declared_is_seen_all_the_same() -> None:
    icmp = {"RuleNumber": 1, "Protocol": "1", "RuleAction": "allow", "Ipv6CidrBlock": "::/0", "Egress": False}
    (seen,) = _ec2_acl.observed([icmp], egress=False)
    assert (seen["protocol"], seen["cidr_block"]) == ("1", "::/0")


@pytest.mark.parametrize(("entries", "expected"), [(None, None), ([], [])])
def test_undeclared_is_not_empty(entries: Any, expected: Any) -> None:
    assert _ec2_acl.declared(entries) == expected


def test_steps() -> None:
    one, two, three, four = ({**BASE, "protocol": "all", "rule_number": number} for number in range(1, 5))
    changed = {**two, "rule_action": "deny"}
    assert _ec2_acl.steps([one, changed, four], [one, two, three]) == ([four], [changed], [three])
