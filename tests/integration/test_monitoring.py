# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The monitoring layer against its specification: topics, alarms on what there is, dashboard, saved queries."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.uex.payments.tests.integration.expected import SERVICES, ZONES, Environment

SEVERITIES = ("critical", "warning", "info")
LEAST_ALARMS = {"dev": 40, "staging": 40, "prod": 100}
#: What is watched of each service, of the load balancer, of every database, of every replica, and of every cache node.
OF_SERVICES = {"CPUUtilization", "MemoryUtilization", "RunningTaskCount"}
OF_GROUPS = {"UnHealthyHostCount", "HTTPCode_Target_5XX_Count", "TargetResponseTime"}
OF_BALANCER = {"HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count", "HTTPCode_Target_4XX_Count", "TargetResponseTime"}
OF_DATABASES = {
    *("CPUUtilization", "FreeStorageSpace", "DatabaseConnections", "FreeableMemory", "ReadLatency", "WriteLatency"),
    "TransactionLogsDiskUsage",
}
OF_NODES = {"EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "Evictions", "CurrConnections"}
RUNBOOK = "docs/runbooks/alarms.md#"

Alarm = dict[str, Any]
ROLLBACK = "-rollback-"


@pytest.fixture(scope="module")
def alarms(connect: Callable[[str], Any], stack_name: str) -> list[Alarm]:
    """But for those that ECS watches while it deploys, which tell nobody else."""
    pages = connect("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{stack_name}-")
    return [alarm for page in pages for alarm in page["MetricAlarms"] if ROLLBACK not in alarm["AlarmName"]]


@pytest.fixture(scope="module")
def composites(connect: Callable[[str], Any], stack_name: str) -> list[Alarm]:
    client, types = connect("cloudwatch"), ["CompositeAlarm"]
    pages = client.get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{stack_name}-", AlarmTypes=types)
    return [alarm for page in pages for alarm in page["CompositeAlarms"]]


def watched(alarms: list[Alarm], dimension: str, value: str) -> set[str]:
    """The metrics on which alarms about one thing look; expressions count with the metrics that they need."""
    found = set()
    for alarm in alarms:
        sources = [alarm, *(each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each)]
        for source in sources:
            if {"Name": dimension, "Value": value} in source.get("Dimensions", []):
                found.add(str(source["MetricName"]))
    return found


def severity(alarm: Alarm) -> str:
    """As an alarm's description begins."""
    return str(alarm["AlarmDescription"]).partition(":")[0]


# Topics


@pytest.mark.parametrize("level", SEVERITIES)
def test_a_topic_is_encrypted_with_a_key_that_alarms_may_use(
    level: str,
    connect: Callable[[str], Any],
    stack_name: str,
    account: str,
    region: str,
    owner_tags: Callable[[str], dict[str, str]],
) -> None:
    sns, kms = connect("sns"), connect("kms")
    arn = f"arn:aws:sns:{region}:{account}:{stack_name}-{level}"
    key = sns.get_topic_attributes(TopicArn=arn)["Attributes"]["KmsMasterKeyId"]
    statements = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])["Statement"]
    actions = [str(each["Action"]) for each in statements if "cloudwatch.amazonaws.com" in str(each["Principal"])]
    assert any("kms:Decrypt" in each and "kms:GenerateDataKey" in each for each in actions)
    found = sns.list_tags_for_resource(ResourceArn=arn)["Tags"]
    assert owner_tags("monitoring").items() <= {tag["Key"]: tag["Value"] for tag in found}.items()


def test_topics_take_messages_of_this_account_s_services_alone(
    connect: Callable[[str], Any], stack_name: str, account: str, region: str
) -> None:
    """But for EventBridge, for which SNS knows no conditions."""
    for level in SEVERITIES:
        arn = f"arn:aws:sns:{region}:{account}:{stack_name}-{level}"
        policy = json.loads(connect("sns").get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
        statements = {str(each["Principal"]): each for each in policy["Statement"]}
        (events,) = [name for name in statements if "events.amazonaws.com" in name]
        assert "Condition" not in statements.pop(events)
        further = [name for name in statements if "costalerts" in name]  # where anomalies of costs are looked for
        assert len(statements) == 2 + len(further)
        for principal, statement in statements.items():
            assert "Service" in principal
            assert account in str(statement["Condition"]["StringEquals"]["aws:SourceAccount"])
            if principal not in further:
                assert account in str(statement["Condition"]["ArnLike"]["aws:SourceArn"])


# Events and budgets


def test_failed_deployments_page_somebody(
    connect: Callable[[str], Any],
    stack_name: str,
    account: str,
    region: str,
    owner_tags: Callable[[str], dict[str, str]],
) -> None:
    client = connect("events")
    rule = client.describe_rule(Name=f"{stack_name}-deployment-failed")
    assert rule["State"] == "ENABLED"
    assert "SERVICE_DEPLOYMENT_FAILED" in rule["EventPattern"]
    (target,) = client.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert target["Arn"] == f"arn:aws:sns:{region}:{account}:{stack_name}-critical"
    found = client.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]
    assert owner_tags("monitoring").items() <= {tag["Key"]: tag["Value"] for tag in found}.items()


def test_every_rule_of_events_names_what_it_is_about_and_tells_a_topic(
    connect: Callable[[str], Any], stack_name: str
) -> None:
    client = connect("events")
    rules = client.list_rules(NamePrefix=f"{stack_name}-")["Rules"]
    assert len(rules) >= 9
    free = [rule["Name"] for rule in rules if stack_name not in rule["EventPattern"]]
    of_the_account = ("root-login", "key-endangered", "threat-found", "security-finding")
    assert set(free) <= {f"{stack_name}-{each}" for each in of_the_account}
    for rule in rules:
        (target,) = client.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        assert f":{stack_name}-" in target["Arn"]
        assert target["InputTransformer"]["InputTemplate"].startswith(f'"[{stack_name}] ')


def test_the_budget_is_the_environment_s_and_tells_a_topic(
    connect: Callable[[str], Any], stack_name: str, account: str
) -> None:
    place = {"AccountId": account, "BudgetName": f"{stack_name}-monthly"}
    client = connect("budgets")
    budget = client.describe_budget(**place)["Budget"]
    assert float(budget["BudgetLimit"]["Amount"]) > 0
    assert budget["CostFilters"] == {"TagKeyValue": [f"user:Environment${stack_name.rpartition('-')[2]}"]}
    told = client.describe_notifications_for_budget(**place)["Notifications"]
    assert {each["NotificationType"] for each in told} == {"ACTUAL", "FORECASTED"}
    for each in told:
        asked = {key: value for key, value in each.items() if key != "NotificationState"}
        (who,) = client.describe_subscribers_for_notification(**place, Notification=asked)["Subscribers"]
        assert f":{stack_name}-" in who["Address"]


# Alarms


def test_each_alarm_tells_somebody_by_its_severity_or_through_one_composite_alarm(
    alarms: list[Alarm], composites: list[Alarm], stack_name: str, account: str, region: str, environment: Environment
) -> None:
    assert len(alarms) >= LEAST_ALARMS[environment.name]
    for alarm in [*alarms, *composites]:
        topic = f"arn:aws:sns:{region}:{account}:{stack_name}-{severity(alarm)}"
        over = [each["AlarmName"] for each in composites if f'ALARM("{alarm["AlarmName"]}")' in each["AlarmRule"]]
        assert alarm["AlarmActions"] == [topic] or (over and alarm["AlarmActions"] == []), alarm["AlarmName"]
        assert alarm["ActionsEnabled"]
        assert RUNBOOK in alarm["AlarmDescription"]
        assert severity(alarm) != "critical" or "AlarmRule" in alarm or over, alarm["AlarmName"]


def test_a_quiet_alarm_names_the_composite_alarm_that_tells_of_it(
    alarms: list[Alarm], composites: list[Alarm], connect: Callable[[str], Any]
) -> None:
    rules = {each["AlarmName"]: each["AlarmRule"] for each in composites}
    quiet = [alarm for alarm in alarms if not alarm["AlarmActions"]]
    assert quiet
    for alarm in quiet:
        found = connect("cloudwatch").list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
        (through,) = (tag["Value"] for tag in found if tag["Key"] == "ToldThrough")
        assert f'ALARM("{alarm["AlarmName"]}")' in rules[through].partition(" AND NOT ")[0]


def test_there_is_one_composite_alarm_for_each_cause_and_objective(composites: list[Alarm], stack_name: str) -> None:
    names = {str(alarm["AlarmName"]).removeprefix(f"{stack_name}-") for alarm in composites}
    objectives = {f"slo-{rate}-burn" for rate in ("fast", "medium", "slow")}
    assert names == {*(f"{name}-down" for name in (*SERVICES, "database", "cache", "edge")), *objectives}


def test_maintenance_is_off_and_would_silence_all_that_wakes(
    alarms: list[Alarm], composites: list[Alarm], stack_name: str
) -> None:
    assert {alarm["ActionsSuppressor"] for alarm in composites} == {f"{stack_name}-maintenance"}
    (switch,) = (alarm for alarm in alarms if alarm["AlarmName"] == f"{stack_name}-maintenance")
    assert switch["TreatMissingData"] == "notBreaching"


def test_the_objective_has_two_windows_for_each_burn_rate(alarms: list[Alarm], stack_name: str) -> None:
    """14.4, 6 and 3 times too fast for 99.9 %, over windows of the SRE workbook."""
    found = {
        str(alarm["AlarmName"]).removeprefix(f"{stack_name}-slo-"): (
            round(alarm["Threshold"], 2),
            {each["MetricStat"]["Period"] for each in alarm["Metrics"] if "MetricStat" in each},
        )
        for alarm in alarms
        if "-slo-" in alarm["AlarmName"]
    }
    assert found == {
        "fast-long": (1.44, {3600}),
        "fast-short": (1.44, {300}),
        "medium-long": (0.6, {21600}),
        "medium-short": (0.6, {1800}),
        "slow-long": (0.3, {86400}),
        "slow-short": (0.3, {7200}),
    }


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_a_service_is_watched(alarms: list[Alarm], stack_name: str, service: str) -> None:
    assert watched(alarms, "ServiceName", f"{stack_name}-{service}") >= OF_SERVICES


def test_every_target_group_is_watched(
    alarms: list[Alarm], connect: Callable[[str], Any], stack_name: str, environment: Environment
) -> None:
    client = connect("elbv2")
    (balancer,) = client.describe_load_balancers(Names=[f"{stack_name}-alb"])["LoadBalancers"]
    groups = client.describe_target_groups(LoadBalancerArn=balancer["LoadBalancerArn"])["TargetGroups"]
    suffixes = [str(each["TargetGroupArn"]).rpartition(":")[2] for each in groups]
    assert len(suffixes) == len(SERVICES) * (2 if environment.shifting else 1)
    assert [each for each in suffixes if not watched(alarms, "TargetGroup", each) >= OF_GROUPS] == []
    name = str(balancer["LoadBalancerArn"]).partition(":loadbalancer/")[2]
    assert watched(alarms, "LoadBalancer", name) >= OF_BALANCER


def test_slow_answers_are_an_alarm_at_two_seconds(alarms: list[Alarm]) -> None:
    (alarm,) = (each for each in alarms if each["AlarmName"].endswith("-alb-p95"))
    assert (alarm["MetricName"], len(alarm["Dimensions"])) == ("TargetResponseTime", 1)
    assert (alarm["ExtendedStatistic"], alarm["Threshold"], severity(alarm)) == ("p95", 2.0, "critical")


def test_every_database_is_watched(alarms: list[Alarm], stack_name: str, environment: Environment) -> None:
    replicas = [f"{stack_name}-db-replica-{number + 1}" for number in range(environment.database.replicas)]
    for name in (f"{stack_name}-db", *replicas):
        assert watched(alarms, "DBInstanceIdentifier", name) >= OF_DATABASES
        assert ("ReplicaLag" in watched(alarms, "DBInstanceIdentifier", name)) is (name in replicas)


def test_every_cache_node_is_watched(
    alarms: list[Alarm], connect: Callable[[str], Any], stack_name: str, environment: Environment
) -> None:
    answer = connect("elasticache").describe_replication_groups(ReplicationGroupId=f"{stack_name}-redis")
    nodes = answer["ReplicationGroups"][0]["MemberClusters"]
    assert len(nodes) == environment.cache.nodes
    for node in nodes:
        assert watched(alarms, "CacheClusterId", node) >= OF_NODES
        assert ("ReplicationLag" in watched(alarms, "CacheClusterId", node)) is (len(nodes) > 1)


def test_every_nat_gateway_is_watched_for_ports(alarms: list[Alarm], ec2: Any, environment: Environment) -> None:
    gateways = ec2.all("describe_nat_gateways", "NatGateways", "Filter")
    alive = [each["NatGatewayId"] for each in gateways if each["State"] == "available"]
    assert len(alive) == len(ZONES[: environment.nat_gateways])
    assert [each for each in alive if "ErrorPortAllocation" not in watched(alarms, "NatGatewayId", each)] == []


def test_silence_is_judged_by_what_is_silent(alarms: list[Alarm]) -> None:
    """No errors without traffic; a count of tasks that nobody reports is one."""
    errors = [each for each in alarms if str(each.get("MetricName", "")).startswith("HTTPCode_")]
    assert {each["TreatMissingData"] for each in errors} == {"notBreaching"}
    running = [each for each in alarms if "RunningTaskCount" in json.dumps(each.get("Metrics", []))]
    assert len(running) == len(SERVICES)
    assert {(each["TreatMissingData"], severity(each)) for each in running} == {("breaching", "critical")}


def test_alarms_carry_the_layer_s_tags(
    alarms: list[Alarm],
    composites: list[Alarm],
    connect: Callable[[str], Any],
    owner_tags: Callable[[str], dict[str, str]],
) -> None:
    wanted = owner_tags("monitoring").items()
    for alarm in [*alarms, *composites]:
        found = connect("cloudwatch").list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
        assert wanted <= {tag["Key"]: tag["Value"] for tag in found}.items(), alarm["AlarmName"]


# Dashboard and saved queries


def test_the_dashboard_shows_every_service_and_store(connect: Callable[[str], Any], stack_name: str) -> None:
    body = connect("cloudwatch").get_dashboard(DashboardName=stack_name)["DashboardBody"]
    shown = json.dumps([each["properties"] for each in json.loads(body)["widgets"]])
    things = [*(f"{stack_name}-{name}" for name in SERVICES), f"{stack_name}-db", f"{stack_name}-redis-001"]
    assert [thing for thing in things if thing not in shown] == []


def test_the_dashboard_begins_with_alarms_that_exist(
    connect: Callable[[str], Any], composites: list[Alarm], stack_name: str
) -> None:
    widgets = json.loads(connect("cloudwatch").get_dashboard(DashboardName=stack_name)["DashboardBody"])["widgets"]
    (shown,) = (each["properties"]["alarms"] for each in widgets if each["type"] == "alarm")
    assert sorted(shown) == sorted(alarm["AlarmArn"] for alarm in composites)
    texts = [each["properties"]["markdown"] for each in widgets if each["type"] == "text"]
    sections = [text.partition("\n")[0].removeprefix("## ") for text in texts]
    assert (sections[:3], sections[-3:]) == (["Alarms", "Objectives", "Edge"], ["Data", "Network", "Cost"])
    assert set(sections[3:-3]) == {f"Service {name}" for name in SERVICES}


def test_saved_queries_look_into_groups_that_exist(connect: Callable[[str], Any], stack_name: str) -> None:
    client = connect("logs")
    answer = client.describe_query_definitions(queryDefinitionNamePrefix=f"{stack_name}-")
    queries = answer["queryDefinitions"]
    assert len(queries) >= 5
    pages = client.get_paginator("describe_log_groups").paginate()
    existing = {each["logGroupName"] for page in pages for each in page["logGroups"]}
    searched = {name for query in queries for name in query["logGroupNames"]}
    assert searched >= {f"{stack_name}-{name}" for name in SERVICES}
    assert searched - existing == set()


def test_metrics_are_made_of_logs_that_exist(connect: Callable[[str], Any], stack_name: str) -> None:
    client = connect("logs")
    filters = client.describe_metric_filters(filterNamePrefix=f"{stack_name}-")["metricFilters"]
    assert len(filters) >= len(SERVICES) + 2
    pages = client.get_paginator("describe_log_groups").paginate(logGroupNamePattern=stack_name)
    groups = {group["logGroupName"] for page in pages for group in page["logGroups"]}
    assert {each["logGroupName"] for each in filters} <= groups
    transformations = [one for each in filters for one in each["metricTransformations"]]
    assert {one["defaultValue"] for one in transformations} == {0}
    assert {one["metricNamespace"] for one in transformations} == {f"UEX/{stack_name.rpartition('-')[2]}"}
