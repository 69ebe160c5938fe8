# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _monitoring_rules

WINDOW = {"name": "fast", "burn_rate": 14.4, "long_seconds": 3600, "short_seconds": 300, "severity": "critical"}
SOUND: dict[str, Any] = {
    "stack_name": "uex-payments-test",
    "monitoring_chat_channels": [],
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


CHANNEL = {"name": "oncall", "application": "slack", "team_id": "T01", "channel_id": "C01"}
TEAMS = {
    "application": "teams",
    "name": "team",
    "team_id": "00000000-0000-4000-8000-000000000002",
    "tenant_id": "00000000-0000-4000-8000-000000000001",
    "channel_id": "19%3Aabc%40thread.tacv2",
}


@pytest.mark.parametrize(
    ("channels", "fields"),
    [
        ([CHANNEL, TEAMS], []),
        ([{**CHANNEL, "team_id": "acme"}], ["[0].team_id"]),
        ([{**CHANNEL, "channel_id": "#alerts"}], ["[0].channel_id"]),
        ([{**CHANNEL, "name": "on call"}], ["[0].name"]),
        ([{**CHANNEL, "severities": []}], ["[0].severities"]),
        ([TEAMS, {**TEAMS, "name": "other", "tenant_id": ""}], ["[1].tenant_id", "[1].channel_id"]),
        ([CHANNEL, {**CHANNEL, "channel_id": "C02"}], ["[1].name"]),
        ([CHANNEL, {**CHANNEL, "name": "other"}], ["[1].channel_id"]),
    ],
)
def test_channels_are_such_as_their_application_has(channels: list[dict[str, Any]], fields: list[str]) -> None:
    assert problems(monitoring_chat_channels=channels) == [f"monitoring_chat_channels{each}" for each in fields]


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
