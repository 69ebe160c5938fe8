# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _diagnose_rights as rights
from ansible_collections.uex.payments.tests.support.diagnosis import ABOUT

ALLOW = {"Statement": {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}}
OTHER = {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
GIVE = {"Statement": {"Effect": "Allow", "Action": "ecr:*", "Principal": "*"}}
DENY = {"Statement": {"Sid": "Nobody", "Effect": "Deny", "Action": "ecr:*", "Principal": "*"}}
VPC = {"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}
OPEN = {"Statement": {**ALLOW["Statement"], **VPC}}
DOUBT = {"Statement": [GIVE["Statement"], {**DENY["Statement"], **VPC}]}
TRUST = {
    "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
}


def role(policy: Any = None, boundary: Any = None) -> dict[str, Any]:
    return {
        "arn": "arn:aws:iam::123456789012:role/r",
        "policies": {"own": policy} if policy else {},
        "boundary": boundary,
    }


@pytest.mark.parametrize(
    ("own", "theirs", "boundary", "both", "allowed", "why"),
    [
        (ALLOW, None, None, False, True, "ecr:Get is allowed by own"),
        (None, GIVE, None, False, True, "allowed by the resource's policy"),
        (OTHER, None, None, False, False, "no policy allows ecr:Get on x"),
        (ALLOW, DENY, None, False, False, "denied by the resource's policy, statement Nobody"),
        (ALLOW, None, OTHER, False, False, "the boundary does not allow"),
        (ALLOW, None, ALLOW, False, True, "allowed by own"),
        (ALLOW, GIVE, None, True, True, "allowed by own"),
        (ALLOW, None, None, True, False, "the resource's policy does not allow"),
        (None, GIVE, None, True, False, "no policy of the role allows"),
        (None, None, None, True, False, "no policy allows"),
        (OPEN, None, None, False, True, "under conditions that can't be told from here"),
        (ALLOW, DOUBT, None, False, True, "under such conditions the resource's policy, statement Nobody denies it"),
    ],
)
def test_what_a_role_may(own: Any, theirs: Any, boundary: Any, both: bool, allowed: bool, why: str) -> None:
    found = role(own, boundary)
    answer = rights.may(found, rights.request(found, "ecr:Get", "x", ABOUT), theirs, both)
    assert answer.allowed is allowed
    assert why in answer.why


def test_whom_a_role_trusts() -> None:
    assert rights.trusts({"trust": TRUST}, "ecs-tasks.amazonaws.com").allowed
    assert (
        rights.trusts({"trust": TRUST}, "ec2.amazonaws.com").why == "the trust policy doesn't let in ec2.amazonaws.com"
    )
    denied = {"Statement": {**TRUST["Statement"], "Effect": "Deny"}}
    assert "denies ecs-tasks" in rights.trusts({"trust": denied}, "ecs-tasks.amazonaws.com").why
