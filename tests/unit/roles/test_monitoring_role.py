# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What monitoring's variables come to: who may publish, whom the budget tells, what is made a metric of."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.budgets_budget import Budget
from ansible_collections.uex.payments.plugins.modules.firehose_delivery_stream import DeliveryStream
from ansible_collections.uex.payments.plugins.modules.logs_metric_filter import MetricFilter
from ansible_collections.uex.payments.plugins.modules.logs_subscription_filter import SubscriptionFilter
from ansible_collections.uex.payments.tests.support import role_vars

ACCOUNT, NAME = "123456789012", "uex-payments-test"


def case(**changed: Any) -> dict[str, Any]:
    return {
        "stack_name": NAME,
        "stack_environment": "test",
        "stack_account": ACCOUNT,
        "stack_region": "us-east-1",
        "stack_partition": "aws",
        "stack_tags": {},
        "stack_kms_keys": {"data": "arn:data", "logs": "arn:logs"},
        "stack_budget_monthly": 150,
        "stack_service_list": [{"name": "api", "log_group": f"{NAME}-api"}],
        "__data_log_group_names": [f"/aws/rds/instance/{NAME}-db/postgresql", f"{NAME}-redis-slow"],
        "stack_prune": False,
        "__stack_guards": {
            "trail": False,
            "trail_logs": False,
            "recorder": False,
            "findings": False,
            "anomalies": False,
        },
        "__data_databases": [{"name": f"{NAME}-db"}, {"name": f"{NAME}-db-replica-1"}],
        **changed,
    }


PAGER = {"protocol": "email", "endpoint": "pager@example.com"}
ONCALL = {"name": "oncall", "application": "slack", "team_id": "T01", "channel_id": "C01"}
CHANNELS = [
    ONCALL,
    {
        "name": "everything",
        "application": "teams",
        "team_id": "team",
        "tenant_id": "tenant",
        "channel_id": "19%3A",
        "severities": ["critical", "info"],
        "guardrail_policies": ["ReadOnlyAccess", f"arn:aws:iam::{ACCOUNT}:policy/own"],
        "logging_level": "ERROR",
        "user_authorization_required": True,
    },
]
#: Everything that an inventory can ask of the account's guards.
ON: dict[str, Any] = {
    "__stack_guards": {"trail": True, "trail_logs": False, "recorder": True, "findings": True, "anomalies": True},
    **{f"monitoring_{each}_enabled": True for each in ("guardduty", "security_hub", "cost_allocation_tags")},
}
CASES = {
    "default": case(),
    "no budget": case(stack_budget_monthly=0),
    "null": case(stack_budget_monthly=None),
    "chat": case(monitoring_chat_channels=CHANNELS, monitoring_subscriptions_critical=[PAGER, PAGER]),
    "archive": case(monitoring_log_archive_enabled=True),
    "guarded": case(**ON),
    "logged": case(**{**ON, "__stack_guards": {**ON["__stack_guards"], "trail_logs": True}}),
    "elsewhere": case(
        **{**ON, "stack_partition": "aws-cn", "__stack_guards": {**ON["__stack_guards"], "anomalies": False}}
    ),
    "environment": case(**ON, monitoring_cost_anomaly_scope="environment"),
    "pruned": case(stack_prune=True),
    "late": case(monitoring_budget_actual_thresholds=[120], monitoring_budget_forecast_thresholds=[]),
}
NAMES = [
    f"__monitoring_{each}"
    for each in (
        "topics",
        "budgets",
        "metric_filters",
        "chat",
        "told",
        "archive_streams",
        "archive_filters",
        "guard_sets",
    )
]
Variables = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def variables() -> Variables:
    return role_vars.evaluate("monitoring", NAMES, CASES)


def test_each_topic_lets_the_environment_s_alarms_the_account_s_budgets_and_events_publish(
    variables: Variables,
) -> None:
    for topic in variables["default"]["__monitoring_topics"]:
        statements = {each["Principal"]["Service"]: each for each in topic["policy"]["Statement"]}
        assert statements.keys() == {f"{each}.amazonaws.com" for each in ("budgets", "cloudwatch", "events")}
        assert {each["Resource"] for each in statements.values()} == {
            f"arn:aws:sns:us-east-1:{ACCOUNT}:{topic['name']}"
        }
        assert "Condition" not in statements["events.amazonaws.com"]
        alarms = statements["cloudwatch.amazonaws.com"]["Condition"]
        assert alarms["ArnLike"]["aws:SourceArn"] == f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:{NAME}-*"
        for service in ("budgets", "cloudwatch"):
            condition = statements[f"{service}.amazonaws.com"]["Condition"]
            assert condition["StringEquals"] == {"aws:SourceAccount": ACCOUNT}


def test_the_budget_counts_the_environment_and_wakes_somebody_up_once_it_is_spent(variables: Variables) -> None:
    (budget,) = variables["default"]["__monitoring_budgets"]
    assert (budget["name"], budget["limit"]) == (f"{NAME}-monthly", 150)
    assert budget["cost_filters"] == {"TagKeyValue": ["user:Environment$test"]}
    told = {
        (each["notification_type"], each["threshold"]): each["topic_arns"][0].rpartition("-")[2]
        for each in budget["notifications"]
    }
    assert told == {("ACTUAL", 80): "warning", ("ACTUAL", 100): "critical", ("FORECASTED", 100): "warning"}
    assert list(Budget(lambda service: None, {}).validate(budget)) == []


def test_thresholds_are_variables_and_no_budget_is_none(variables: Variables) -> None:
    (late,) = variables["late"]["__monitoring_budgets"]
    assert [each["threshold"] for each in late["notifications"]] == [120]
    assert variables["no budget"]["__monitoring_budgets"] == variables["null"]["__monitoring_budgets"] == []


def test_metrics_are_made_of_errors_slow_statements_and_rejected_flows(variables: Variables) -> None:
    filters = variables["default"]["__monitoring_metric_filters"]
    assert {
        each["name"].removeprefix(f"{NAME}-"): (each["log_group_name"], each["metric_name"]) for each in filters
    } == {
        "errors-api": (f"{NAME}-api", "api-errors"),
        "slow-sql-db": (f"/aws/rds/instance/{NAME}-db/postgresql", "db-slow-sql"),
        "slow-sql-db-replica-1": (f"/aws/rds/instance/{NAME}-db-replica-1/postgresql", "db-replica-1-slow-sql"),
        "rejected-flows": (f"{NAME}-flow-logs", "rejected-flows"),
    }
    assert {(each["metric_namespace"], each["default_value"]) for each in filters} == {("UEX/test", 0)}
    assert [problem for each in filters for problem in MetricFilter(lambda service: None, {}).validate(each)] == []
    assert {each["filter_pattern"] for each in filters if "slow" in each["name"]} == {'"duration: "'}


def test_channels_are_told_what_the_inventory_says_and_may_only_look(variables: Variables) -> None:
    assert variables["default"]["__monitoring_chat"] == {"slack_channels": [], "teams_channels": []}
    chat = variables["chat"]["__monitoring_chat"]
    topic, role = f"arn:aws:sns:us-east-1:{ACCOUNT}:{NAME}-", f"arn:aws:iam::{ACCOUNT}:role/{NAME}-chat"
    assert chat["slack_channels"] == [
        {
            "name": f"{NAME}-oncall",
            "team_id": "T01",
            "channel_id": "C01",
            "topic_arns": [f"{topic}critical", f"{topic}warning"],
            "role_arn": role,
            "guardrail_policy_arns": ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"],
            "logging_level": "NONE",
            "user_authorization_required": False,
        }
    ]
    (teams,) = chat["teams_channels"]
    assert (teams["tenant_id"], teams["topic_arns"]) == ("tenant", [f"{topic}critical", f"{topic}info"])
    own = f"arn:aws:iam::{ACCOUNT}:policy/own"
    assert teams["guardrail_policy_arns"] == ["arn:aws:iam::aws:policy/ReadOnlyAccess", own]
    assert (teams["logging_level"], teams["user_authorization_required"]) == ("ERROR", True)


def test_a_channel_counts_as_somebody_who_is_told(variables: Variables) -> None:
    assert variables["default"]["__monitoring_told"] == {"critical": 0, "warning": 0, "info": 0}
    assert variables["chat"]["__monitoring_told"] == {"critical": 4, "warning": 1, "info": 1}


def test_what_is_logged_is_kept_by_group_and_day_where_asked_for(variables: Variables) -> None:
    assert variables["default"]["__monitoring_archive_streams"] == []
    assert variables["default"]["__monitoring_archive_filters"] == []
    streams = {each["name"]: each for each in variables["archive"]["__monitoring_archive_streams"]}
    filters = {each["name"]: each for each in variables["archive"]["__monitoring_archive_filters"]}
    assert list(streams) == list(filters) == [f"{NAME}-logs-{each}" for each in ("api", "db-postgresql", "redis-slow")]
    assert streams[f"{NAME}-logs-db-postgresql"]["prefix"].startswith(f"aws/rds/instance/{NAME}-db/postgresql/!{{")
    assert {each["bucket_arn"] for each in streams.values()} == {f"arn:aws:s3:::{NAME}-app-logs-{ACCOUNT}-us-east-1"}
    assert filters[f"{NAME}-logs-api"]["destination_arn"].endswith(f":deliverystream/{NAME}-logs-api")
    options = {"compression_format": "UNCOMPRESSED", "filter_pattern": ""}
    for kind, items in ((DeliveryStream, streams), (SubscriptionFilter, filters)):
        found = [
            each for item in items.values() for each in kind(lambda service: None, {}).validate({**options, **item})
        ]
        assert found == []


# The account's guards


def guards(variables: Variables, label: str) -> dict[str, Any]:
    found: dict[str, Any] = variables[label]["__monitoring_guard_sets"]
    return found


def test_there_are_no_guards_unless_asked_for_and_pruning_looks_at_all_but_the_payer_s_tags(
    variables: Variables,
) -> None:
    assert guards(variables, "default") == {}
    every = {*guards(variables, "logged"), "logs_log_group"}
    assert set(guards(variables, "pruned")) == every - {"ce_cost_allocation_tag"}
    for options in guards(variables, "pruned").values():
        assert [value for name, value in options.items() if name != "account_id"] == [[]] * len(
            options.keys() - {"account_id"}
        )


def test_what_needs_something_else_comes_after_it(variables: Variables) -> None:
    order = list(guards(variables, "logged"))
    assert order[:2] == ["logs_log_group", "cloudtrail_trail"]
    assert order.index("config_recorder") < order.index("securityhub_hub")
    assert order[-2:] == ["ce_cost_allocation_tag", "ce_anomaly_monitor"]


def test_a_log_group_of_the_trail_is_an_option(variables: Variables) -> None:
    (without,) = guards(variables, "guarded")["cloudtrail_trail"]["trails"]
    (with_it,) = guards(variables, "logged")["cloudtrail_trail"]["trails"]
    assert "logs_log_group" not in guards(variables, "guarded")
    assert without["cloud_watch_logs_log_group_arn"] == without["cloud_watch_logs_role_arn"] == ""
    assert with_it["cloud_watch_logs_log_group_arn"].endswith(f":log-group:{NAME}-cloudtrail:*")


def test_cost_explorer_is_asked_in_aws_s_first_partition_only(variables: Variables) -> None:
    assert [name for name in guards(variables, "elsewhere") if name.startswith("ce_")] == []


def test_anomalies_are_the_account_s_or_the_environment_s(variables: Variables) -> None:
    for label, monitored in (("guarded", "services"), ("environment", "costs")):
        options = guards(variables, label)["ce_anomaly_monitor"]
        (monitor,), (subscription,) = options["anomaly_monitors"], options["anomaly_subscriptions"]
        assert monitor["name"] == f"{NAME}-{monitored}"
        assert subscription["monitors"] == [monitor["name"]]
        assert subscription["topic_arn"].endswith("-warning")


def test_anomalies_reach_the_topics_where_they_are_told(variables: Variables) -> None:
    for label, told in (("default", False), ("guarded", True)):
        for topic in variables[label]["__monitoring_topics"]:
            named = [each["Principal"]["Service"] for each in topic["policy"]["Statement"]]
            assert ("costalerts.amazonaws.com" in named) is told
