# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _place_rules

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/0123"
SOUND: dict[str, Any] = {
    "stack_account_id": "",
    "stack_assume_role_arn": "",
    "stack_region": "us-east-1",
    "network_availability_zones": ["us-east-1a", "us-east-1b"],
    "edge_certificate_arn": "",
    "edge_domain_name": "pay.example.com",
    "edge_subject_alternative_names": [],
    "edge_zone_name": "",
}
IRELAND = {"stack_region": "eu-west-1", "network_availability_zones": ["eu-west-1a", "eu-west-1c"]}


def problems(**changed: Any) -> list[str]:
    """The variables that the rules complain of."""
    values = {**SOUND, **changed}
    return [problem.partition(":")[0] for rule in _place_rules.RULES for problem in rule(values)]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"stack_account_id": "123456789012"},
        {"stack_assume_role_arn": "arn:aws:iam::123456789012:role/uex-payments-deploy"},
        {"stack_region": "us-gov-west-1", "network_availability_zones": ["us-gov-west-1a", "us-gov-west-1b"]},
        {**IRELAND, "edge_certificate_arn": CERTIFICATE},
        {"edge_zone_name": "example.com", "edge_subject_alternative_names": ["*.pay.example.com"]},
        {"edge_zone_name": "pay.example.com"},
        {"edge_domain_name": ""},
    ],
)
def test_sound_places_have_no_problems(changed: dict[str, Any]) -> None:
    assert problems(**changed) == []


@pytest.mark.parametrize(
    ("changed", "variable"),
    [
        ({"stack_account_id": "12345"}, "stack_account_id"),
        ({"stack_account_id": 123456789}, "stack_account_id"),
        ({"stack_assume_role_arn": "deploy"}, "stack_assume_role_arn"),
        ({"stack_region": "Ireland", "network_availability_zones": []}, "stack_region"),
        ({"stack_region": "eu-west-1", "network_availability_zones": ["us-east-1a"]}, "network_availability_zones"),
        ({"network_availability_zones": ["us-east-1"]}, "network_availability_zones"),
        ({"edge_certificate_arn": CERTIFICATE}, "edge_certificate_arn"),
        ({"edge_certificate_arn": "0123"}, "edge_certificate_arn"),
        ({"edge_domain_name": "pay_example"}, "edge_domain_name"),
        ({"edge_subject_alternative_names": ["https://pay.example.com"]}, "edge_domain_name"),
        ({"edge_zone_name": "example.org"}, "edge_zone_name"),
        ({"edge_domain_name": "pay.badexample.com", "edge_zone_name": "example.com"}, "edge_zone_name"),
    ],
)
def test_a_wrong_place_is_said_with_its_variable(changed: dict[str, Any], variable: str) -> None:
    assert problems(**changed) == [variable]
