# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _monitoring_rules

WINDOW = {"name": "fast", "burn_rate": 14.4, "long_seconds": 3600, "short_seconds": 300, "severity": "critical"}
SOUND: dict[str, Any] = {
    "monitoring_slo_availability": 99.9,
    "monitoring_slo_least_requests": 100,
    "monitoring_security_hub_standards": ["aws-foundational-security-best-practices/v/1.0.0"],
    "monitoring_guardduty_features": {"RDS_LOGIN_EVENTS": True},
    "monitoring_cost_anomaly_threshold": 100.0,
    "monitoring_slo_windows": [WINDOW, {**WINDOW, "name": "slow"}],
}


def problems(**changed: Any) -> list[str]:
    values = {**SOUND, **changed}
    return [problem.partition(": ")[0] for rule in _monitoring_rules.RULES for problem in rule(values)]


def test_a_sound_objective_has_no_problems() -> None:
    assert problems() == []


@pytest.mark.parametrize("availability", [0, 100, 101.0])
def test_an_objective_leaves_a_budget(availability: float) -> None:
    assert "monitoring_slo_availability" in problems(monitoring_slo_availability=availability)


def test_nobody_has_fewer_requests_than_none() -> None:
    assert problems(monitoring_slo_least_requests=-1) == ["monitoring_slo_least_requests"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "slow"}, "name"),
        ({"name": "Fast_1"}, "name"),
        ({"long_seconds": 3601}, "long_seconds"),
        ({"long_seconds": 86460}, "long_seconds"),
        ({"short_seconds": 30}, "short_seconds"),
        ({"short_seconds": 3600}, "short_seconds"),
        ({"burn_rate": 0}, "burn_rate"),
        ({"burn_rate": 1000}, "burn_rate"),
    ],
)
def test_windows_are_those_of_cloudwatch(changed: dict[str, Any], field: str) -> None:
    windows = [{**WINDOW, **changed}, {**WINDOW, "name": "slow"}]
    assert f"monitoring_slo_windows[0].{field}" in problems(monitoring_slo_windows=windows)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("monitoring_security_hub_standards", ["pci-dss"]),
        ("monitoring_guardduty_features", {"FLOW_LOGS": True}),
        ("monitoring_guardduty_features", {"RDS_LOGIN_EVENTS": "yes"}),
        ("monitoring_cost_anomaly_threshold", 0.0),
    ],
)
def test_guards_are_told_what_aws_knows(variable: str, value: Any) -> None:
    assert problems(**{variable: value}) == [variable]
