# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The alarms of an environment, worked out from its services and its data layer; pure.

Counts of errors and of unhealthy hosts are absent without traffic, which is no breach; a missing count of running tasks
is one. Dimensions are the ARN suffixes for load balancers, identifiers for databases and nodes for caches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from . import _alarms

Alarm = dict[str, Any]
Estate = Mapping[str, Any]

GIB = 1024**3
#: Memory of the database classes in GiB, from AWS's table of instance classes; other classes need their own threshold.
CLASS_MEMORY = {
    "db.t3.medium": 4,
    "db.t3.large": 8,
    "db.t4g.medium": 4,
    "db.t4g.large": 8,
    "db.m5.large": 8,
    "db.m6g.large": 8,
    "db.m7g.large": 8,
    "db.r5.large": 16,
    "db.r5.xlarge": 32,
    "db.r6g.large": 16,
    "db.r6g.xlarge": 32,
}
#: PostgreSQL on RDS allows one connection for each so many bytes of memory, and never more than 5,000.
BYTES_PER_CONNECTION = 9531392
MOST_CONNECTIONS = 5000


#: Three periods of five minutes above the threshold.
USUAL = {
    "period": 300,
    "evaluation_periods": 3,
    "datapoints_to_alarm": 3,
    "comparison_operator": "GreaterThanThreshold",
    "treat_missing_data": "missing",
}
BELOW = {"comparison_operator": "LessThanThreshold"}
OF_ONE_METRIC = ("namespace", "metric_name", "dimensions", "statistic", "period")
QUICK = {"period": 60, "evaluation_periods": 5, "treat_missing_data": "notBreaching"}
ERRORS = {"statistic": "Sum", **QUICK}
#: AWS says once a day how long a certificate is good.
DAILY = {"statistic": "Minimum", "period": 86400, "evaluation_periods": 1, "datapoints_to_alarm": 1, **BELOW}
_LOST = {"evaluation_periods": 3, "datapoints_to_alarm": 3, "treat_missing_data": "breaching"}
OUTSIDE = {"statistic": "Minimum", "period": 60, **BELOW, **_LOST}


class Rule(NamedTuple):
    """What one alarm watches: its name after its subject's, who is told, the metric, the threshold and the words.

    C(other) holds the settings that differ from the usual ones.
    """

    what: str
    severity: str
    metric: str
    threshold: float
    text: str
    other: Mapping[str, Any] = {}


def _alarm(estate: Estate, namespace: str, rule: Rule, dimensions: Mapping[str, str]) -> Alarm:
    """One alarm on one metric."""
    topic = estate["topics"][rule.severity]
    return {
        "name": f"{estate['name']}-{rule.what}",
        "description": f"{rule.severity}: {rule.text}",
        "namespace": namespace,
        "metric_name": rule.metric,
        "dimensions": dict(dimensions),
        **({} if "extended_statistic" in rule.other else {"statistic": "Average"}),
        **USUAL,
        "threshold": float(rule.threshold),
        "alarm_actions": [topic],
        "ok_actions": [topic],
        **rule.other,
    }


def _subject_alarms(
    estate: Estate, namespace: str, subject: str, dimensions: Mapping[str, str], rules: Iterable[Rule]
) -> Iterable[Alarm]:
    """The alarms of one named subject; its name precedes theirs and their words."""
    short = subject.removeprefix(f"{estate['name']}-")
    for rule in rules:
        named = rule._replace(what=f"{short}-{rule.what}", text=f"{subject}: {rule.text}")
        yield _alarm(estate, namespace, named, dimensions)


def service_alarms(estate: Estate) -> Iterable[Alarm]:
    """CPU, memory and missing tasks of every service."""
    for service in estate["services"]:
        where = {"ClusterName": estate["name"], "ServiceName": service["full_name"]}
        for resource, metric in (("cpu", "CPUUtilization"), ("memory", "MemoryUtilization")):
            limit = service["alarms"][resource]
            text = f"{resource} of service {service['name']} above {limit} % for 15 minutes"
            rule = Rule(f"{service['name']}-{resource}", "warning", metric, limit, text)
            yield _alarm(estate, "AWS/ECS", rule, where)
        yield _missing_tasks(estate, service["name"], where)


def _missing_tasks(estate: Estate, service: str, where: Mapping[str, str]) -> Alarm:
    """Fewer tasks run than autoscaling wants; a fixed number would fight with it."""
    source = {"namespace": "ECS/ContainerInsights", "dimensions": dict(where), "period": 60, "stat": "Average"}
    patience = {"evaluation_periods": 10, "datapoints_to_alarm": 10, "treat_missing_data": "breaching"}
    metrics = [
        {"id": "missing", "expression": "desired - running", "label": "Missing tasks", "return_data": True},
        {"id": "desired", "metric_name": "DesiredTaskCount", "return_data": False, **source},
        {"id": "running", "metric_name": "RunningTaskCount", "return_data": False, **source},
    ]
    text = f"service {service} runs fewer tasks than desired"
    alarm = _alarm(estate, "", Rule(f"{service}-tasks", "critical", "", 0, text, patience), {})
    return {**{key: value for key, value in alarm.items() if key not in OF_ONE_METRIC}, "metrics": metrics}


def edge_alarms(estate: Estate) -> Iterable[Alarm]:
    """Errors and slowness at the load balancer, and unhealthy hosts of every target group."""
    balancer = {"LoadBalancer": estate["load_balancer"]}
    for rule in _balancer_rules(estate["thresholds"]):
        yield _alarm(estate, "AWS/ApplicationELB", rule, balancer)
    for service in estate["services"]:
        yield _unhealthy(estate, service)


def _unhealthy(estate: Estate, service: Mapping[str, Any]) -> Alarm:
    """In both target groups, as ECS uses them in turn."""
    groups = [service[name] for name in ("target_group", "alternate_target_group") if service[name]]
    places = [
        {"LoadBalancer": estate["load_balancer"], "TargetGroup": estate["target_groups"][each]} for each in groups
    ]
    watched = _alarms.over_groups("UnHealthyHostCount", "Maximum", places, _alarms.BOTH, 60)
    text = f"service {service['name']} has unhealthy targets for 5 minutes"
    alarm = _alarm(estate, "", Rule(f"{service['name']}-unhealthy-hosts", "critical", "", 0, text, QUICK), {})
    return {**{key: value for key, value in alarm.items() if key not in OF_ONE_METRIC}, **watched}


def _balancer_rules(limits: Mapping[str, Any]) -> Iterable[Rule]:
    rows = (
        ("alb-5xx", "critical", "HTTPCode_ELB_5XX_Count", limits["alb_5xx"], "errors of the load balancer itself"),
        ("alb-target-5xx", "critical", "HTTPCode_Target_5XX_Count", limits["alb_5xx"], "errors of services"),
        ("alb-4xx", "warning", "HTTPCode_Target_4XX_Count", limits["alb_4xx"], "refused requests"),
        ("alb-rejected", "critical", "RejectedConnectionCount", 0, "connections rejected, the balancer is full"),
    )
    for what, severity, metric, limit, text in rows:
        yield Rule(what, severity, metric, limit, f"{text}, more than {limit} a minute", ERRORS)
    slow = limits["response_seconds"]
    text = f"p95 of the response time above {slow} s for 5 minutes"
    yield Rule("alb-p95", "critical", "TargetResponseTime", slow, text, {"extended_statistic": "p95", **QUICK})


def name_alarms(estate: Estate) -> Iterable[Alarm]:
    """The certificate's end, and what Route 53 sees from outside."""
    days = estate["thresholds"]["certificate_days"]
    text = f"the certificate ends in less than {days} days: AWS could not renew it, or nobody did"
    rule = Rule("certificate-expiry", "warning", "DaysToExpiry", days, text, DAILY)
    yield _alarm(estate, "AWS/CertificateManager", rule, {"CertificateArn": estate["certificate"]})
    for name, identifier in sorted(estate["health_checks"].items()):
        rule = Rule("health-check", "critical", "HealthCheckStatus", 1, "not reached from outside", OUTSIDE)
        yield from _subject_alarms(estate, "AWS/Route53", name, {"HealthCheckId": identifier}, [rule])


def database_alarms(estate: Estate) -> Iterable[Alarm]:
    """Every instance; a replica's lag too."""
    for database in estate["databases"]:
        rules = _database_rules(estate["thresholds"], database)
        where = {"DBInstanceIdentifier": database["name"]}
        yield from _subject_alarms(estate, "AWS/RDS", database["name"], where, rules)


def _database_rules(limits: Mapping[str, Any], database: Mapping[str, Any]) -> Iterable[Rule]:
    storage = database["allocated_storage"] * GIB * limits["db_free_storage_percent"] / 100
    memory, connections = capacity(database["class"], limits)
    latency = limits["db_latency_seconds"]
    taken = "many of the possible connections are taken"
    yield Rule("cpu", "warning", "CPUUtilization", limits["db_cpu"], f"CPU above {limits['db_cpu']} % for 15 minutes")
    yield Rule("storage", "critical", "FreeStorageSpace", storage, "little storage is left", BELOW)
    yield Rule("connections", "warning", "DatabaseConnections", connections, taken)
    yield Rule("memory", "warning", "FreeableMemory", memory, "little memory is left", BELOW)
    yield Rule("read-latency", "warning", "ReadLatency", latency, f"reads take longer than {latency} s")
    yield Rule("write-latency", "warning", "WriteLatency", latency, f"writes take longer than {latency} s")
    if database["replica"]:
        lag = limits["db_replica_lag_seconds"]
        breaching = {"treat_missing_data": "breaching"}
        yield Rule("lag", "critical", "ReplicaLag", lag, f"more than {lag} s behind", breaching)


def capacity(instance_class: str, limits: Mapping[str, Any]) -> tuple[float, float]:
    """Bytes of memory that must be free, and connections that may be taken, for an instance class.

    ValueError for a class that the table doesn't know, unless both limits are given by hand.
    """
    given = limits.get("db_free_memory_bytes"), limits.get("db_connections")
    if all(given):
        return float(str(given[0])), float(str(given[1]))
    if instance_class not in CLASS_MEMORY:
        raise ValueError(
            f"data_db_instance_class: memory of {instance_class} is unknown; "
            "give monitoring_thresholds.db_free_memory_bytes and monitoring_thresholds.db_connections"
        )
    memory = CLASS_MEMORY[instance_class] * GIB
    most = min(memory // BYTES_PER_CONNECTION, MOST_CONNECTIONS)
    return memory * limits["db_free_memory_percent"] / 100, float(most * limits["db_connections_percent"] // 100)


def cache_alarms(estate: Estate) -> Iterable[Alarm]:
    """Every node of the replication group; the replicas' lag where there are any."""
    nodes = estate["cache_nodes"]
    rules = list(_cache_rules(estate["thresholds"], has_replicas=len(nodes) > 1))
    for node in nodes:
        yield from _subject_alarms(estate, "AWS/ElastiCache", node, {"CacheClusterId": node}, rules)


def _cache_rules(limits: Mapping[str, Any], has_replicas: bool) -> Iterable[Rule]:
    cpu, memory, lag = limits["redis_cpu"], limits["redis_memory"], limits["redis_lag_seconds"]
    yield Rule("cpu", "warning", "EngineCPUUtilization", cpu, f"CPU above {cpu} %")
    yield Rule("memory", "critical", "DatabaseMemoryUsagePercentage", memory, "memory is nearly full")
    yield Rule("evictions", "warning", "Evictions", 0, "keys are being evicted", {"statistic": "Sum"})
    if has_replicas:
        idle = {"treat_missing_data": "notBreaching"}
        yield Rule("lag", "warning", "ReplicationLag", lag, "the replica is behind", idle)


NAT_RULES = (
    Rule("ports", "warning", "ErrorPortAllocation", 0, "no free port for a connection", ERRORS),
    Rule("drops", "warning", "PacketsDropCount", 0, "packets dropped", ERRORS),
)


def nat_alarms(estate: Estate) -> Iterable[Alarm]:
    """Ports that a NAT gateway could not allocate, and packets that it dropped."""
    for name, gateway in sorted(estate["nat_gateways"].items()):
        yield from _subject_alarms(estate, "AWS/NATGateway", name, {"NatGatewayId": gateway}, NAT_RULES)


def alarms(estate: Estate) -> list[Alarm]:
    """All alarms of the environment, by name."""
    sources = (service_alarms, edge_alarms, name_alarms, database_alarms, cache_alarms, nat_alarms)
    return sorted((alarm for source in sources for alarm in source(estate)), key=lambda alarm: str(alarm["name"]))
