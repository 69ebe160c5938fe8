# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _limit_rules

SOUND: dict[str, Any] = {
    "stack_project": "uex-payments",
    "stack_name": "uex-payments-staging",
    "stack_region": "us-east-1",
    "edge_waf_enabled": False,
    "stack_service_list": [{"name": "management-backend"}],
    "network_flow_logs_retention_in_days": 90,
    "data_log_retention_in_days": 30,
    "compute_log_retention_in_days": 30,
    "compute_audit_retention_in_days": 365,
    "compute_insights_retention_in_days": 7,
    "monitoring_cloudtrail_log_retention_in_days": 0,
    "data_db_replica_count": 2,
    "data_db_backup_retention_period": 7,
    "data_db_performance_insights_retention_period": 7,
    "data_redis_snapshot_retention_limit": 1,
    "data_secret_recovery_window_in_days": 30,
    "data_secret_definitions": {"database": {}, "redis": {}},
    "data_secret_names": ["database", "redis"],
    "data_further_secrets": {},
    "data_secret_replica_regions": {},
    "foundation_backups_infrequent_access_days": 30,
    "foundation_backups_expire_days": 90,
    "foundation_app_logs_intelligent_tiering_days": 30,
    "foundation_app_logs_expire_days": 365,
    "monitoring_subscriptions_critical": [{"protocol": "sms", "endpoint": "+15550100123"}],
    "monitoring_subscriptions_warning": [{"protocol": "email", "endpoint": "oncall@example.com"}],
    "monitoring_subscriptions_info": [],
    "stack_budget_monthly": None,
    "monitoring_budget_actual_thresholds": [80.0, 100.0],
    "monitoring_budget_forecast_thresholds": [100.0],
}
REPLICAS = "data_secret_replica_regions"
PEOPLE = "monitoring_subscriptions_critical"
INSIGHTS = "data_db_performance_insights_retention_period"


def problems(**changed: Any) -> list[str]:
    """What the rules complain of: the variable, with the entry of a list."""
    values = {**SOUND, **changed}
    return [problem.partition(":")[0] for rule in _limit_rules.RULES for problem in rule(values)]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"stack_region": "ap-southeast-1", "stack_name": "uex-payments-prod"},
        {INSIGHTS: 731},
        {INSIGHTS: 62},
        {"data_db_backup_retention_period": 0, "data_redis_snapshot_retention_limit": 35},
        {"data_further_secrets": {"partner/key": {}, "session": None}},
        {"data_further_secrets": {"audit": {"readers": ["arn:aws:iam::123456789012:role/audit*"]}}},
        {REPLICAS: {"eu-west-1": "", "ap-south-1": "arn:aws:kms:ap-south-1:123456789012:key/k-1"}},
        {"data_secret_recovery_window_in_days": 0},
        {PEOPLE: [{"protocol": "https", "endpoint": "https://events.example.com/x"}]},
        {PEOPLE: [{"protocol": "sqs", "endpoint": "arn:aws:sqs:us-east-1:123456789012:q"}]},
    ],
)
def test_what_aws_takes_has_no_problems(changed: dict[str, Any]) -> None:
    assert problems(**changed) == []


@pytest.mark.parametrize(
    ("changed", "variable"),
    [
        (
            {"edge_waf_enabled": True, "stack_name": "uex-payments-abcdefghij", "stack_region": "ap-southeast-1"},
            "stack_environment",
        ),
        ({"stack_name": "uex-payments-" + "a" * 16}, "stack_environment"),
        ({"stack_region": "ap-southeast-1", "stack_name": "uex-payments-" + "a" * 15}, "stack_environment"),
        ({"stack_service_list": [{"name": "a" * 40}]}, "stack_environment"),
        ({"monitoring_cloudtrail_log_retention_in_days": 2}, "monitoring_cloudtrail_log_retention_in_days"),
        ({"compute_log_retention_in_days": 31}, "compute_log_retention_in_days"),
        ({"network_flow_logs_retention_in_days": 0}, "network_flow_logs_retention_in_days"),
        ({"data_db_backup_retention_period": 36}, "data_db_backup_retention_period"),
        ({"data_redis_snapshot_retention_limit": -1}, "data_redis_snapshot_retention_limit"),
        ({"data_secret_recovery_window_in_days": 6}, "data_secret_recovery_window_in_days"),
        ({INSIGHTS: 30}, INSIGHTS),
        ({INSIGHTS: 744}, INSIGHTS),
        ({"foundation_backups_infrequent_access_days": 7}, "foundation_backups_infrequent_access_days"),
        ({"foundation_backups_expire_days": 30}, "foundation_backups_expire_days"),
        ({"foundation_app_logs_expire_days": 14}, "foundation_app_logs_expire_days"),
        ({"data_secret_names": ["databas"]}, "data_secret_names"),
        ({"data_further_secrets": {"partner-abc123": {}}}, "data_further_secrets"),
        ({"data_further_secrets": {"partner key": {}}}, "data_further_secrets"),
        ({"data_further_secrets": {"audit": {"readers": ["auditor"]}}}, "data_further_secrets.audit.readers"),
        ({REPLICAS: {"europe": ""}}, REPLICAS),
        ({REPLICAS: {"us-east-1": ""}}, REPLICAS),
        ({REPLICAS: {"eu-west-1": "arn:aws:kms:us-east-1:123456789012:key/k-1"}}, REPLICAS),
        ({PEOPLE: [{"protocol": "email", "endpoint": "oncall"}]}, f"{PEOPLE}[0].endpoint"),
        ({PEOPLE: [{"protocol": "sms", "endpoint": "0155501"}]}, f"{PEOPLE}[0].endpoint"),
        ({PEOPLE: [{"protocol": "https", "endpoint": "http://a"}]}, f"{PEOPLE}[0].endpoint"),
    ],
)
def test_what_aws_refuses_is_said_with_the_variable(changed: dict[str, Any], variable: str) -> None:
    assert problems(**changed) == [variable]


ACTUAL, FORECAST = "monitoring_budget_actual_thresholds", "monitoring_budget_forecast_thresholds"


@pytest.mark.parametrize(
    ("changed", "complaints"),
    [
        ({"stack_budget_monthly": 150}, []),
        ({"stack_budget_monthly": -1}, ["stack_budget_monthly"]),
        ({ACTUAL: [], FORECAST: []}, []),
        ({ACTUAL: [0]}, [ACTUAL]),
        ({FORECAST: [100, 100.0]}, [FORECAST]),
        ({ACTUAL: list(range(10, 110, 10))}, [ACTUAL]),
    ],
)
def test_a_budget_that_aws_takes(changed: dict[str, Any], complaints: list[str]) -> None:
    assert problems(**changed) == complaints
