# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The alarms of an environment, worked out from its services and its data layer; pure.

Counts of errors and of unhealthy hosts are absent without traffic, which is no breach; a missing count of running tasks
is one. Dimensions are the ARN suffixes for load balancers, identifiers for databases and nodes for caches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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


def _alarm(
    estate: Estate,
    what: str,
    severity: str,
    description: str,
    metric: tuple[str, str],
    dimensions: Mapping[str, str],
    threshold: float,
    **other: Any,
) -> Alarm:
    """One alarm on one metric: three periods of five minutes above the threshold, unless C(other) says otherwise."""
    topic = estate["topics"][severity]
    return {
        "name": f"{estate['name']}-{what}",
        "description": f"{severity}: {description}",
        "namespace": metric[0],
        "metric_name": metric[1],
        "dimensions": dict(dimensions),
        **({} if "extended_statistic" in other else {"statistic": "Average"}),
        "period": 300,
        "evaluation_periods": 3,
        "datapoints_to_alarm": 3,
        "threshold": float(threshold),
        "comparison_operator": "GreaterThanThreshold",
        "treat_missing_data": "missing",
        "alarm_actions": [topic],
        "ok_actions": [topic],
        **other,
    }


BELOW = {"comparison_operator": "LessThanThreshold"}
ERRORS = {"statistic": "Sum", "period": 60, "evaluation_periods": 5, "treat_missing_data": "notBreaching"}


def service_alarms(estate: Estate) -> Iterable[Alarm]:
    """CPU, memory and missing tasks of every service."""
    for service in estate["services"]:
        where = {"ClusterName": estate["name"], "ServiceName": service["full_name"]}
        for resource, metric in (("cpu", "CPUUtilization"), ("memory", "MemoryUtilization")):
            limit = service["alarms"][resource]
            text = f"{resource} of service {service['name']} above {limit} % for 15 minutes"
            yield _alarm(estate, f"{service['name']}-{resource}", "warning", text, ("AWS/ECS", metric), where, limit)
        yield _missing_tasks(estate, service["name"], where)


def _missing_tasks(estate: Estate, service: str, where: Mapping[str, str]) -> Alarm:
    """Fewer tasks run than autoscaling wants; a fixed number would fight with it."""
    source = {"namespace": "ECS/ContainerInsights", "dimensions": dict(where), "period": 60, "stat": "Average"}
    alarm = _alarm(
        estate, f"{service}-tasks", "critical", f"service {service} runs fewer tasks than desired", ("", ""), {}, 0
    )
    math = {
        "evaluation_periods": 10,
        "datapoints_to_alarm": 10,
        "treat_missing_data": "breaching",
        "metrics": [
            {"id": "missing", "expression": "desired - running", "label": "Missing tasks", "return_data": True},
            {"id": "desired", "metric_name": "DesiredTaskCount", "return_data": False, **source},
            {"id": "running", "metric_name": "RunningTaskCount", "return_data": False, **source},
        ],
    }
    plain = ("namespace", "metric_name", "dimensions", "statistic", "period")
    return {**{key: value for key, value in alarm.items() if key not in plain}, **math}


def edge_alarms(estate: Estate) -> Iterable[Alarm]:
    """Errors and slowness at the load balancer, and unhealthy hosts of every target group."""
    limits, balancer = estate["thresholds"], {"LoadBalancer": estate["load_balancer"]}
    rows = (
        ("alb-5xx", "critical", "HTTPCode_ELB_5XX_Count", limits["alb_5xx"], "errors of the load balancer itself"),
        ("alb-target-5xx", "critical", "HTTPCode_Target_5XX_Count", limits["alb_5xx"], "errors of services"),
        ("alb-4xx", "warning", "HTTPCode_Target_4XX_Count", limits["alb_4xx"], "refused requests"),
        ("alb-rejected", "critical", "RejectedConnectionCount", 0, "connections rejected, the balancer is full"),
    )
    for what, severity, metric, limit, text in rows:
        yield _alarm(
            estate, what, severity, f"{text}, more than {limit} a minute", _alb(metric), balancer, limit, **ERRORS
        )
    slow = {"extended_statistic": "p95", "period": 60, "evaluation_periods": 5, "treat_missing_data": "notBreaching"}
    text = f"p95 of the response time above {limits['response_seconds']} s for 5 minutes"
    limit = limits["response_seconds"]
    yield _alarm(estate, "alb-p95", "critical", text, _alb("TargetResponseTime"), balancer, limit, **slow)
    yield from _unhealthy_hosts(estate, balancer)


def _unhealthy_hosts(estate: Estate, balancer: Mapping[str, str]) -> Iterable[Alarm]:
    other = {"statistic": "Maximum", "period": 60, "evaluation_periods": 5, "treat_missing_data": "notBreaching"}
    for service in estate["services"]:
        where = {**balancer, "TargetGroup": estate["target_groups"][service["target_group"]]}
        text = f"service {service['name']} has unhealthy targets for 5 minutes"
        metric = _alb("UnHealthyHostCount")
        yield _alarm(estate, f"{service['name']}-unhealthy-hosts", "critical", text, metric, where, 0, **other)


def _alb(metric: str) -> tuple[str, str]:
    return "AWS/ApplicationELB", metric


def database_alarms(estate: Estate) -> Iterable[Alarm]:
    """Every instance; a replica's lag too."""
    for database in estate["databases"]:
        where = {"DBInstanceIdentifier": database["name"]}
        what = database["name"].removeprefix(f"{estate['name']}-")
        for suffix, severity, metric, limit, text, other in _database_rows(estate["thresholds"], database):
            yield _alarm(
                estate,
                f"{what}-{suffix}",
                severity,
                f"{database['name']}: {text}",
                ("AWS/RDS", metric),
                where,
                limit,
                **other,
            )


def _database_rows(limits: Mapping[str, Any], database: Mapping[str, Any]) -> Iterable[tuple[Any, ...]]:
    """Name, severity, metric, threshold, words and other settings of one instance's alarms."""
    storage = database["allocated_storage"] * GIB * limits["db_free_storage_percent"] / 100
    memory, connections = capacity(database["class"], limits)
    latency = limits["db_latency_seconds"]
    yield "cpu", "warning", "CPUUtilization", limits["db_cpu"], f"CPU above {limits['db_cpu']} % for 15 minutes", {}
    yield "storage", "critical", "FreeStorageSpace", storage, "little storage is left", BELOW
    yield "connections", "warning", "DatabaseConnections", connections, "many of the possible connections are taken", {}
    yield "memory", "warning", "FreeableMemory", memory, "little memory is left", BELOW
    yield "read-latency", "warning", "ReadLatency", latency, f"reads take longer than {latency} s", {}
    yield "write-latency", "warning", "WriteLatency", latency, f"writes take longer than {latency} s", {}
    if database["replica"]:
        lag = limits["db_replica_lag_seconds"]
        yield "lag", "critical", "ReplicaLag", lag, f"more than {lag} s behind", {"treat_missing_data": "breaching"}


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
    """Every node of the replication group."""
    limits = estate["thresholds"]
    for node in estate["cache_nodes"]:
        what, where = node.removeprefix(f"{estate['name']}-"), {"CacheClusterId": node}
        rows = [
            ("cpu", "warning", "EngineCPUUtilization", limits["redis_cpu"], f"CPU above {limits['redis_cpu']} %", {}),
            (
                "memory",
                "critical",
                "DatabaseMemoryUsagePercentage",
                limits["redis_memory"],
                "memory is nearly full",
                {},
            ),
            ("evictions", "warning", "Evictions", 0, "keys are being evicted", {"statistic": "Sum"}),
        ]
        if len(estate["cache_nodes"]) > 1:
            lag = {"treat_missing_data": "notBreaching"}
            rows.append(("lag", "warning", "ReplicationLag", limits["redis_lag_seconds"], "the replica is behind", lag))
        for suffix, severity, metric, limit, text, other in rows:
            yield _alarm(
                estate,
                f"{what}-{suffix}",
                severity,
                f"{node}: {text}",
                ("AWS/ElastiCache", metric),
                where,
                limit,
                **other,
            )


def nat_alarms(estate: Estate) -> Iterable[Alarm]:
    """Ports that a NAT gateway could not allocate, and packets that it dropped."""
    for name, gateway in sorted(estate["nat_gateways"].items()):
        what = name.removeprefix(f"{estate['name']}-")
        for suffix, metric in (("ports", "ErrorPortAllocation"), ("drops", "PacketsDropCount")):
            text = f"{name}: {'no free port for a connection' if suffix == 'ports' else 'packets dropped'}"
            where = {"NatGatewayId": gateway}
            yield _alarm(estate, f"{what}-{suffix}", "warning", text, ("AWS/NATGateway", metric), where, 0, **ERRORS)


def alarms(estate: Estate) -> list[Alarm]:
    """All alarms of the environment, by name."""
    sources = (service_alarms, edge_alarms, database_alarms, cache_alarms, nat_alarms)
    return sorted((alarm for source in sources for alarm in source(estate)), key=lambda alarm: str(alarm["name"]))
