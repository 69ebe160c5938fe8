# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudWatch of the embedded AWS: what AWS documents and moto lacks."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

SIMPLE = {
    "Namespace": "AWS/RDS",
    "MetricName": "CPUUtilization",
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 3,
    "DatapointsToAlarm": 2,
    "Threshold": 80.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": "db"}],
}
TAGS = [{"Key": "Layer", "Value": "monitoring"}]
BODY = json.dumps({"widgets": []})


@pytest.fixture
def cloudwatch(aws: None) -> Any:
    return boto3.client("cloudwatch")


def put(client: Any, name: str, **options: Any) -> None:
    client.put_metric_alarm(AlarmName=name, **{**SIMPLE, **options})


def state(client: Any, name: str) -> str:
    found = client.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    value: str = (found["MetricAlarms"] + found["CompositeAlarms"])[0]["StateValue"]
    return value


def test_every_member_of_a_metric_alarm_reads_back(cloudwatch: Any) -> None:
    options = {
        **SIMPLE,
        "AlarmDescription": "d",
        "ActionsEnabled": False,
        "OKActions": ["arn:aws:sns:us-east-1:123456789012:ok"],
        "AlarmActions": ["arn:aws:sns:us-east-1:123456789012:alarm"],
        "InsufficientDataActions": ["arn:aws:sns:us-east-1:123456789012:none"],
        "Unit": "Percent",
        "TreatMissingData": "notBreaching",
    }
    cloudwatch.put_metric_alarm(AlarmName="a", **options)
    found = cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"][0]
    assert {name: found.get(name) for name in options} == options
    assert found["StateValue"] == "INSUFFICIENT_DATA"


def test_a_percentile_alarm_reads_back(cloudwatch: Any) -> None:
    options = {key: value for key, value in SIMPLE.items() if key != "Statistic"}
    more = {"ExtendedStatistic": "p95", "EvaluateLowSampleCountPercentile": "ignore"}
    cloudwatch.put_metric_alarm(AlarmName="a", **options, **more)
    found = cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"][0]
    assert {name: found[name] for name in more} == more


def test_metric_math_reads_back(cloudwatch: Any) -> None:
    metric = {"Namespace": "N", "MetricName": "M", "Dimensions": [{"Name": "n", "Value": "v"}]}
    metrics = [
        {"Id": "rate", "Expression": "100*errors", "Label": "rate", "ReturnData": True},
        {
            "Id": "errors",
            "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum", "Unit": "Count"},
            "ReturnData": False,
        },
    ]
    cloudwatch.put_metric_alarm(
        AlarmName="a", EvaluationPeriods=1, Threshold=1.0, ComparisonOperator="GreaterThanThreshold", Metrics=metrics
    )
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["Metrics"] == metrics


@pytest.mark.parametrize(
    "options, code",
    [
        ({"DatapointsToAlarm": 4}, "ValidationError"),
        ({"TreatMissingData": "maybe"}, "ValidationError"),
        ({"Period": 45}, "ValidationError"),
        ({"ExtendedStatistic": "p95"}, "InvalidParameterCombination"),
        ({"Metrics": [{"Id": "a", "Expression": "1"}]}, "InvalidParameterCombination"),
    ],
)
def test_alarms_that_aws_refuses(cloudwatch: Any, options: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError, match=code):
        put(cloudwatch, "a", **options)
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_a_changed_alarm_keeps_state_and_tags(cloudwatch: Any) -> None:
    put(cloudwatch, "a", Tags=TAGS)
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="r")
    put(cloudwatch, "a", Threshold=90.0, Tags=[{"Key": "Layer", "Value": "ignored"}])
    found = cloudwatch.describe_alarms()["MetricAlarms"][0]
    assert (found["StateValue"], found["Threshold"]) == ("ALARM", 90.0)
    assert cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"] == TAGS


def test_tags_die_with_the_alarm(cloudwatch: Any) -> None:
    put(cloudwatch, "a", Tags=TAGS)
    arn = cloudwatch.describe_alarms()["MetricAlarms"][0]["AlarmArn"]
    cloudwatch.delete_alarms(AlarmNames=["a"])
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        cloudwatch.list_tags_for_resource(ResourceARN=arn)
    put(cloudwatch, "a")
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == []


def test_alarms_come_in_pages(cloudwatch: Any) -> None:
    for number in range(5):
        put(cloudwatch, f"uex-{number}")
    put(cloudwatch, "other")
    first = cloudwatch.describe_alarms(AlarmNamePrefix="uex-", MaxRecords=2)
    assert [alarm["AlarmName"] for alarm in first["MetricAlarms"]] == ["uex-0", "uex-1"]
    pages = cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix="uex-", PaginationConfig={"PageSize": 2}
    )
    assert [len(page["MetricAlarms"]) for page in pages] == [2, 2, 1]
    with pytest.raises(ClientError, match="InvalidNextToken"):
        cloudwatch.describe_alarms(NextToken="nonsense")


def test_filters_combine(cloudwatch: Any) -> None:
    put(cloudwatch, "a", AlarmActions=["arn:aws:sns:us-east-1:123456789012:critical"])
    put(cloudwatch, "b")
    cloudwatch.set_alarm_state(AlarmName="b", StateValue="ALARM", StateReason="r")
    names = [alarm["AlarmName"] for alarm in cloudwatch.describe_alarms(StateValue="ALARM")["MetricAlarms"]]
    assert names == ["b"]
    assert cloudwatch.describe_alarms(AlarmNames=["a"], StateValue="ALARM")["MetricAlarms"] == []
    acting = cloudwatch.describe_alarms(ActionPrefix="arn:aws:sns")["MetricAlarms"]
    assert [alarm["AlarmName"] for alarm in acting] == ["a"]


def composite(client: Any, name: str = "c", rule: str = "ALARM(a) OR ALARM(b)", **options: Any) -> None:
    client.put_composite_alarm(AlarmName=name, AlarmRule=rule, **options)


def test_a_composite_alarm_reads_back(cloudwatch: Any) -> None:
    put(cloudwatch, "a")
    put(cloudwatch, "b")
    options = {
        "AlarmDescription": "d",
        "AlarmActions": ["arn:aws:sns:us-east-1:123456789012:critical"],
        "ActionsEnabled": True,
        "ActionsSuppressor": "a",
        "ActionsSuppressorWaitPeriod": 60,
        "ActionsSuppressorExtensionPeriod": 120,
    }
    composite(cloudwatch, Tags=TAGS, **options)
    assert cloudwatch.describe_alarms()["CompositeAlarms"] == []
    found = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"][0]
    assert {name: found[name] for name in options} == options
    assert (found["AlarmRule"], found["StateValue"]) == ("ALARM(a) OR ALARM(b)", "OK")
    assert cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"] == TAGS


def test_a_composite_alarm_follows_its_children(cloudwatch: Any) -> None:
    put(cloudwatch, "a")
    put(cloudwatch, "b")
    composite(cloudwatch)
    composite(cloudwatch, "top", 'ALARM("c") AND NOT OK(b)')
    for value, expected in (("ALARM", "ALARM"), ("OK", "OK")):
        cloudwatch.set_alarm_state(AlarmName="a", StateValue=value, StateReason="r")
        assert (state(cloudwatch, "c"), state(cloudwatch, "top")) == (expected, expected)


@pytest.mark.parametrize("rule", ["ALARM(missing)", "ALARM(a) AND", "(ALARM(a)", "nonsense", "ALARM()"])
def test_rules_that_aws_refuses(cloudwatch: Any, rule: str) -> None:
    put(cloudwatch, "a")
    with pytest.raises(ClientError, match="ValidationError"):
        composite(cloudwatch, rule=rule)


def test_relatives_of_a_composite(cloudwatch: Any) -> None:
    put(cloudwatch, "a")
    put(cloudwatch, "b")
    put(cloudwatch, "z")
    composite(cloudwatch)
    children = cloudwatch.describe_alarms(ChildrenOfAlarmName="c")["MetricAlarms"]
    parents = cloudwatch.describe_alarms(ParentsOfAlarmName="a", AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert [each["AlarmName"] for each in children + parents] == ["a", "b", "c"]


def test_deletion_is_all_or_nothing(cloudwatch: Any) -> None:
    put(cloudwatch, "a")
    put(cloudwatch, "b")
    with pytest.raises(ClientError, match="ResourceNotFound"):
        cloudwatch.delete_alarms(AlarmNames=["a", "missing"])
    composite(cloudwatch, "c")
    composite(cloudwatch, "d")
    with pytest.raises(ClientError, match="ValidationError"):
        cloudwatch.delete_alarms(AlarmNames=["c", "d"])
    cloudwatch.delete_alarms(AlarmNames=["d"])
    cloudwatch.delete_alarms(AlarmNames=["c", "a"])
    assert [alarm["AlarmName"] for alarm in cloudwatch.describe_alarms()["MetricAlarms"]] == ["b"]


@pytest.mark.parametrize("name", ["a", "s"], ids=["in the rule", "the suppressor"])
def test_no_alarm_goes_that_a_composite_refers_to(cloudwatch: Any, name: str) -> None:
    for each in ("a", "b", "s"):
        put(cloudwatch, each)
    suppressed = {"ActionsSuppressorWaitPeriod": 60, "ActionsSuppressorExtensionPeriod": 60}
    composite(cloudwatch, ActionsSuppressor="s", **suppressed)
    with pytest.raises(ClientError, match=f"Cannot delete {name} as there are composite"):
        cloudwatch.delete_alarms(AlarmNames=[name])
    cloudwatch.delete_alarms(AlarmNames=["c"])
    cloudwatch.delete_alarms(AlarmNames=[name])


@pytest.mark.parametrize(
    "options",
    [
        {"ActionsSuppressor": "a"},
        {"ActionsSuppressor": "a", "ActionsSuppressorWaitPeriod": 60},
        {"ActionsSuppressorExtensionPeriod": 60},
        {"ActionsSuppressor": "missing", "ActionsSuppressorWaitPeriod": 60, "ActionsSuppressorExtensionPeriod": 60},
    ],
)
def test_a_suppressor_exists_and_has_both_periods(cloudwatch: Any, options: dict[str, Any]) -> None:
    put(cloudwatch, "a")
    with pytest.raises(ClientError, match="ActionsSuppressor"):
        composite(cloudwatch, rule="ALARM(a)", **options)


def test_a_rule_has_its_limits(cloudwatch: Any) -> None:
    names = [f"alarm-{number}" for number in range(101)]
    for name in names:
        put(cloudwatch, name)
    composite(cloudwatch, rule=" OR ".join(f"ALARM({name})" for name in names[1:]))
    for rule in (" OR ".join(f"ALARM({name})" for name in names), "ALARM(alarm-1)" + " " * 10240):
        with pytest.raises(ClientError, match="AlarmRule takes"):
            composite(cloudwatch, rule=rule)


def test_history_tells_state_changes(cloudwatch: Any) -> None:
    put(cloudwatch, "a")
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="drill")
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="OK", StateReason="over")
    items = cloudwatch.describe_alarm_history(AlarmName="a", HistoryItemType="StateUpdate")["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in items] == [
        "Alarm updated from ALARM to OK",
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
    ]
    assert json.loads(items[1]["HistoryData"])["newState"] == {"stateValue": "ALARM", "stateReason": "drill"}
    everything = cloudwatch.describe_alarm_history(AlarmName="a", ScanBy="TimestampAscending")["AlarmHistoryItems"]
    assert [item["HistoryItemType"] for item in everything] == ["ConfigurationUpdate", "StateUpdate", "StateUpdate"]


CONDITION = {
    "StringEquals": {"aws:SourceAccount": "123456789012"},
    "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a*"},
}
LET_IN = {"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Resource": "*"}
PUBLISH = {**LET_IN, "Action": "sns:Publish", "Condition": CONDITION}
USE = {**LET_IN, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"]}
OTHER = {"StringEquals": {"aws:SourceAccount": "210987654321"}}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.mark.parametrize(
    ("policy", "key_policy", "words"),
    [
        (document(PUBLISH), None, "Successfully"),
        (None, None, "Successfully"),
        (document({**PUBLISH, "Principal": {"Service": "events.amazonaws.com"}}), None, "not authorized"),
        (document({**PUBLISH, "Condition": OTHER}), None, "not authorized"),
        (document({**PUBLISH, "Condition": {"StringEquals": {"aws:Unknown": "x"}}}), None, "not authorized"),
        (document(PUBLISH), document(USE), "Successfully"),
        (document(PUBLISH), document({**USE, "Action": "kms:Decrypt"}), "encryption key"),
        (document(PUBLISH), "alias/aws/sns", "encryption key"),
    ],
)
def test_an_alarm_s_message_needs_topic_and_key(
    cloudwatch: Any, policy: str | None, key_policy: str | None, words: str
) -> None:
    attributes = {"Policy": policy} if policy else {}
    if key_policy:
        own = key_policy.startswith("{")
        key = (
            boto3.client("kms").create_key(Policy=key_policy, BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]["Arn"]
            if own
            else key_policy
        )
        attributes["KmsMasterKeyId"] = key
    topic = boto3.client("sns").create_topic(Name="t", Attributes=attributes)["TopicArn"]
    put(cloudwatch, "a", AlarmActions=[topic])
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="drill")
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="again")
    (item,) = cloudwatch.describe_alarm_history(AlarmName="a", HistoryItemType="Action")["AlarmHistoryItems"]
    assert words in item["HistorySummary"]
    assert topic in item["HistorySummary"]
    assert json.loads(item["HistoryData"])["actionState"] == ("Succeeded" if words == "Successfully" else "Failed")


def test_actions_that_are_switched_off_or_of_another_state_are_not_carried_out(cloudwatch: Any) -> None:
    missing = "arn:aws:sns:us-east-1:123456789012:missing"
    put(cloudwatch, "a", AlarmActions=[missing], ActionsEnabled=False)
    put(cloudwatch, "b", AlarmActions=[missing])
    for name, value in (("a", "ALARM"), ("b", "OK"), ("b", "ALARM")):
        cloudwatch.set_alarm_state(AlarmName=name, StateValue=value, StateReason="drill")
    found = cloudwatch.describe_alarm_history(HistoryItemType="Action")["AlarmHistoryItems"]
    assert [(item["AlarmName"], "does not exist" in item["HistorySummary"]) for item in found] == [("b", True)]


def test_setting_the_state_of_no_alarm(cloudwatch: Any) -> None:
    with pytest.raises(ClientError, match="ResourceNotFound"):
        cloudwatch.set_alarm_state(AlarmName="missing", StateValue="OK", StateReason="r")


def test_a_dashboard_reads_back_and_goes(cloudwatch: Any) -> None:
    cloudwatch.put_dashboard(DashboardName="uex", DashboardBody=BODY, Tags=TAGS)
    found = cloudwatch.get_dashboard(DashboardName="uex")
    assert found["DashboardBody"] == BODY
    assert cloudwatch.list_tags_for_resource(ResourceARN=found["DashboardArn"])["Tags"] == TAGS
    assert [
        each["DashboardName"] for each in cloudwatch.list_dashboards(DashboardNamePrefix="u")["DashboardEntries"]
    ] == ["uex"]
    cloudwatch.delete_dashboards(DashboardNames=["uex"])
    with pytest.raises(ClientError, match="ResourceNotFound"):
        cloudwatch.get_dashboard(DashboardName="uex")


@pytest.mark.parametrize("body", ["{", "[]", "{}", '{"widgets": 1}'])
def test_dashboard_bodies_that_aws_refuses(cloudwatch: Any, body: str) -> None:
    with pytest.raises(ClientError, match="InvalidParameterInput"):
        cloudwatch.put_dashboard(DashboardName="uex", DashboardBody=body)
