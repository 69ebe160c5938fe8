# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _edge_rules

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/0123"
SOUND: dict[str, Any] = {
    "stack_region": "us-east-1",
    "edge_certificate_arn": "",
    "edge_domain_name": "pay.example.com",
    "edge_subject_alternative_names": [],
    "edge_zone_name": "",
}
IRELAND = {"stack_region": "eu-west-1"}


def problems(**changed: Any) -> list[str]:
    """The variables that the rules complain of."""
    values = {**SOUND, **changed}
    return [problem.partition(":")[0] for rule in _edge_rules.RULES for problem in rule(values)]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {**IRELAND, "edge_certificate_arn": CERTIFICATE},
        {"edge_zone_name": "example.com", "edge_subject_alternative_names": ["*.pay.example.com"]},
        {"edge_zone_name": "pay.example.com"},
        {"edge_domain_name": ""},
    ],
)
def test_sound_names_have_no_problems(changed: dict[str, Any]) -> None:
    assert problems(**changed) == []


@pytest.mark.parametrize(
    ("changed", "variable"),
    [
        ({"edge_certificate_arn": CERTIFICATE}, "edge_certificate_arn"),
        ({"edge_certificate_arn": "0123"}, "edge_certificate_arn"),
        ({"edge_domain_name": "pay_example"}, "edge_domain_name"),
        ({"edge_subject_alternative_names": ["https://pay.example.com"]}, "edge_domain_name"),
        ({"edge_zone_name": "example.org"}, "edge_zone_name"),
        ({"edge_domain_name": "pay.badexample.com", "edge_zone_name": "example.com"}, "edge_zone_name"),
    ],
)
def test_a_wrong_name_is_said_with_its_variable(changed: dict[str, Any], variable: str) -> None:
    assert problems(**changed) == [variable]
