# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The dashboard of an environment, from the same definitions as its alarms; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Estate = Mapping[str, Any]
Metric = list[Any]

COLUMNS = 3
WIDTH, HEIGHT = 8, 6  #: of one graph; a dashboard is 24 units wide


def _metric(namespace: str, name: str, dimensions: Mapping[str, str], label: str, stat: str = "Average") -> Metric:
    pairs = [text for pair in dimensions.items() for text in pair]
    return [namespace, name, *pairs, {"label": label, "stat": stat}]


def _balancer(estate: Estate) -> Iterable[tuple[str, list[Metric]]]:
    where = {"LoadBalancer": estate["load_balancer"]}
    yield "Requests", [_metric("AWS/ApplicationELB", "RequestCount", where, "requests", "Sum")]
    errors = (
        ("HTTPCode_ELB_5XX_Count", "balancer 5xx"),
        ("HTTPCode_Target_5XX_Count", "5xx"),
        ("HTTPCode_Target_4XX_Count", "4xx"),
    )
    yield "Errors", [_metric("AWS/ApplicationELB", name, where, label, "Sum") for name, label in errors]
    percentiles = [
        _metric("AWS/ApplicationELB", "TargetResponseTime", where, stat, stat) for stat in ("p50", "p95", "p99")
    ]
    yield "Response time in seconds", percentiles


def _services(estate: Estate) -> Iterable[tuple[str, list[Metric]]]:
    rows = (
        ("CPU in %", "AWS/ECS", "CPUUtilization"),
        ("Memory in %", "AWS/ECS", "MemoryUtilization"),
        ("Running tasks", "ECS/ContainerInsights", "RunningTaskCount"),
    )
    for title, namespace, name in rows:
        yield title, [_metric(namespace, name, _where(estate, each), each["name"]) for each in estate["services"]]


def _where(estate: Estate, service: Mapping[str, Any]) -> dict[str, str]:
    return {"ClusterName": estate["name"], "ServiceName": service["full_name"]}


def _data(estate: Estate) -> Iterable[tuple[str, list[Metric]]]:
    for title, name in (
        ("Database CPU in %", "CPUUtilization"),
        ("Database connections", "DatabaseConnections"),
        ("Database free storage in bytes", "FreeStorageSpace"),
    ):
        yield (
            title,
            [_metric("AWS/RDS", name, {"DBInstanceIdentifier": db["name"]}, db["name"]) for db in estate["databases"]],
        )
    for title, name in (
        ("Redis CPU in %", "EngineCPUUtilization"),
        ("Redis memory in %", "DatabaseMemoryUsagePercentage"),
        ("Redis evictions", "Evictions"),
    ):
        yield (
            title,
            [_metric("AWS/ElastiCache", name, {"CacheClusterId": node}, node) for node in estate["cache_nodes"]],
        )


def _network(estate: Estate) -> Iterable[tuple[str, list[Metric]]]:
    gateways = sorted(estate["nat_gateways"].items())
    for title, name in (("NAT bytes out", "BytesOutToDestination"), ("NAT port errors", "ErrorPortAllocation")):
        yield title, [_metric("AWS/NATGateway", name, {"NatGatewayId": each}, label, "Sum") for label, each in gateways]


SECTIONS = (("Edge", _balancer), ("Services", _services), ("Data", _data), ("Network", _network))


def dashboard(estate: Estate) -> dict[str, Any]:
    """The dashboard's body: a section of graphs for each part of the estate."""
    widgets: list[dict[str, Any]] = []
    top = 0
    for title, section in SECTIONS:
        graphs = [graph for graph in section(estate) if graph[1]]
        widgets.append(_heading(f"## {title}", top))
        widgets += _graphs(graphs, top + 1, estate["region"])
        top += 1 + HEIGHT * -(-len(graphs) // COLUMNS)
    return {"widgets": widgets}


def _heading(text: str, top: int) -> dict[str, Any]:
    return {"type": "text", "x": 0, "y": top, "width": WIDTH * COLUMNS, "height": 1, "properties": {"markdown": text}}


def _graphs(graphs: Sequence[tuple[str, list[Metric]]], top: int, region: str) -> list[dict[str, Any]]:
    return [
        {
            "type": "metric",
            "x": WIDTH * (number % COLUMNS),
            "y": top + HEIGHT * (number // COLUMNS),
            "width": WIDTH,
            "height": HEIGHT,
            "properties": {"title": title, "region": region, "view": "timeSeries", "period": 300, "metrics": metrics},
        }
        for number, (title, metrics) in enumerate(graphs)
    ]
