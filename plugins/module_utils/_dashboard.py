# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The dashboard of an environment, from the same definitions as its alarms; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _alarm_set
from ._alarm_rules import Alarm

Estate = Mapping[str, Any]
Metric = list[Any]

WIDE, HEIGHT = 24, 6  #: a dashboard's columns, and a graph's height
#: AWS publishes charges in this region, for those of the whole world.
BILLING_REGION, BILLING_PARTITION = "us-east-1", "aws"
HOUR = 3600
COST = (
    "Estimated charges of the **whole account** so far this month; they are published a few times a day, once billing "
    "alerts are switched on in the account's billing preferences."
)
NO_COST = "In this partition AWS publishes no charges as a metric: see the billing console."


class Graph(NamedTuple):
    """What one graph shows: its metrics, the thresholds of its alarms, and where it is published if elsewhere."""

    title: str
    metrics: list[Metric]
    limits: tuple[float, ...] = ()
    wrong: str = "above"  #: which side of them
    region: str = ""
    period: int = 300


class Section(NamedTuple):
    """A heading, graphs, how many stand side by side, and a text or alarms under the heading."""

    title: str
    graphs: list[Graph]
    columns: int = 3
    text: str = ""
    alarms: tuple[str, ...] = ()


def dashboard(estate: Estate) -> dict[str, Any]:
    """The dashboard's body: a section of graphs for each part of the estate."""
    widgets: list[dict[str, Any]] = []
    top = 0
    for section in sections(estate):
        found = list(_widgets(section, top, estate["region"]))
        widgets += found
        top = max(each["y"] + each["height"] for each in found)
    return {"widgets": widgets}


def sections(estate: Estate) -> Iterable[Section]:
    """From what customers see to what it costs."""
    alarms = {str(alarm["name"]).removeprefix(f"{estate['name']}-"): alarm for alarm in _alarm_set.alarms(estate)}
    yield _states(estate)
    yield Section("Objectives", list(_objectives(estate, alarms)), columns=4)
    yield Section("Edge", list(_balancer(estate)))
    for service in estate["services"]:
        graphs = [of_alarm(title, alarms[f"{service['name']}-{what}"]) for what, title in SERVICES]
        yield Section(f"Service {service['name']}", graphs, columns=6)
    yield Section("Data", list(_data(estate, alarms)), columns=4)
    yield Section("Network", list(_network(estate)))
    yield _cost(estate)


def _states(estate: Estate) -> Section:
    """What would be told; the topic's ARN says partition and account."""
    _arn, partition, _sns, region, account, _topic = str(estate["topics"]["critical"]).split(":")
    names = [str(alarm["name"]) for alarm in _alarm_set.composite_alarms(estate)][:100]
    arns = tuple(f"arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}" for name in names)
    return Section("Alarms", [], text=f"What to do: [runbook]({estate['runbook']})", alarms=arns)


def of_alarm(title: str, alarm: Alarm) -> Graph:
    """What an alarm watches, with its threshold."""
    limits = (alarm["threshold"],) if "threshold" in alarm else ()
    period = alarm.get("period") or max(query.get("period", 0) for query in alarm["metrics"])
    return Graph(title, list(_metrics_of(alarm)), limits, _wrong(alarm), period=period)


def _wrong(alarm: Alarm) -> str:
    """The side of its threshold on which an alarm is on."""
    return "below" if str(alarm["comparison_operator"]).startswith("LessThan") else "above"


def _metrics_of(alarm: Alarm) -> Iterable[Metric]:
    if "metrics" not in alarm:
        stat = alarm.get("statistic") or alarm["extended_statistic"]
        *_others, label = (str(value) for value in alarm["dimensions"].values())
        yield _metric(alarm["namespace"], alarm["metric_name"], alarm["dimensions"], label, stat)
    for query in alarm.get("metrics", ()):
        shown = {"id": query["id"], "visible": query["return_data"]}
        if "expression" in query:
            yield [{"expression": query["expression"], **shown, "label": query.get("label", query["id"])}]
        else:
            found = _metric(query["namespace"], query["metric_name"], query["dimensions"], query["id"], query["stat"])
            yield [*found[:-1], {**found[-1], **shown, "period": query["period"]}]


def _metric(namespace: str, name: str, dimensions: Mapping[str, str], label: str, stat: str = "Average") -> Metric:
    pairs = [text for pair in dimensions.items() for text in pair]
    return [namespace, name, *pairs, {"label": label, "stat": stat}]


def _objectives(estate: Estate, alarms: Mapping[str, Alarm]) -> Iterable[Graph]:
    """How much fails in the short window of each burn rate, against what may."""
    for window in estate["slo"]["windows"]:
        minutes = int(window["short_seconds"]) // 60
        title = f"Failed requests in %, {minutes} minutes; {window['severity']}"
        yield of_alarm(title, alarms[f"slo-{window['name']}-short"])
    yield of_alarm("p95 of the response time in seconds", alarms["alb-p95"])


def _balancer(estate: Estate) -> Iterable[Graph]:
    where, namespace = {"LoadBalancer": estate["load_balancer"]}, "AWS/ApplicationELB"
    errors = (
        ("HTTPCode_ELB_5XX_Count", "balancer 5xx"),
        ("HTTPCode_Target_5XX_Count", "5xx"),
        ("HTTPCode_Target_4XX_Count", "4xx"),
        ("RejectedConnectionCount", "rejected"),
    )
    yield Graph("Requests", [_metric(namespace, "RequestCount", where, "requests", "Sum")])
    yield Graph("Errors", [_metric(namespace, name, where, label, "Sum") for name, label in errors])
    percentiles = [_metric(namespace, "TargetResponseTime", where, stat, stat) for stat in ("p50", "p95", "p99")]
    yield Graph("Response time in seconds", percentiles)


#: Graphs of each service: what its alarms are called, and the title.
SERVICES = (
    ("5xx", "Errors a minute"),
    ("slow", "p95 in seconds"),
    ("unhealthy-hosts", "Unhealthy hosts"),
    ("tasks", "Missing tasks"),
    ("cpu", "CPU in %"),
    ("memory", "Memory in %"),
)
#: Graphs over all databases and all nodes, likewise.
DATABASES = (
    ("cpu", "Database CPU in %"),
    ("connections", "Database connections"),
    ("storage", "Database free storage in bytes"),
    ("memory", "Database free memory in bytes"),
    ("read-latency", "Database read latency in seconds"),
    ("write-latency", "Database write latency in seconds"),
    ("lag", "Replica lag in seconds"),
    ("logs", "Transaction logs in bytes"),
)
NODES = (
    ("cpu", "Redis CPU in %"),
    ("memory", "Redis memory in %"),
    ("evictions", "Redis evictions"),
    ("connections", "Redis connections"),
)


def _data(estate: Estate, alarms: Mapping[str, Alarm]) -> Iterable[Graph]:
    databases = [database["name"] for database in estate["databases"]]
    for subjects, rows in ((databases, DATABASES), (estate["cache_nodes"], NODES)):
        for what, title in rows:
            names = [f"{subject.removeprefix(estate['name'] + '-')}-{what}" for subject in subjects]
            yield _together(title, [alarms[name] for name in names if name in alarms])


def _together(title: str, alarms: Sequence[Alarm]) -> Graph:
    """One graph of several alarms on one metric each."""
    limits = sorted({float(alarm["threshold"]) for alarm in alarms})
    metrics = [metric for alarm in alarms for metric in _metrics_of(alarm)]
    return Graph(title, metrics, tuple(limits), _wrong(alarms[0]) if alarms else "above")


def _network(estate: Estate) -> Iterable[Graph]:
    gateways = sorted(estate["nat_gateways"].items())
    for title, name in (
        ("NAT bytes out", "BytesOutToDestination"),
        ("NAT port errors", "ErrorPortAllocation"),
        ("NAT packets dropped", "PacketsDropCount"),
    ):
        metrics = [_metric("AWS/NATGateway", name, {"NatGatewayId": each}, label, "Sum") for label, each in gateways]
        yield Graph(title, metrics)


def _cost(estate: Estate) -> Section:
    """A dashboard may show another region's metrics."""
    if str(estate["topics"]["critical"]).split(":")[1] != BILLING_PARTITION:
        return Section("Cost", [], text=NO_COST)
    charges = _metric("AWS/Billing", "EstimatedCharges", {"Currency": "USD"}, "USD", "Maximum")
    graph = Graph("Charges of this month in USD", [charges], region=BILLING_REGION, period=6 * HOUR)
    return Section("Cost", [graph], text=COST)


def _widgets(section: Section, top: int, region: str) -> Iterable[dict[str, Any]]:
    """The heading, what stands under it, and the graphs that have anything to show."""
    text = f"## {section.title}" + (f"\n\n{section.text}" if section.text else "")
    height = 2 if section.text else 1
    yield _placed("text", 0, top, WIDE, height, {"markdown": text})
    top += height
    if section.alarms:
        yield _placed("alarm", 0, top, WIDE, 3, {"title": "Told to somebody", "alarms": list(section.alarms)})
    width = WIDE // section.columns
    for number, graph in enumerate(graph for graph in section.graphs if graph.metrics):
        x, y = width * (number % section.columns), top + HEIGHT * (number // section.columns)
        yield _placed("metric", x, y, width, HEIGHT, _properties(graph, region))


def _placed(kind: str, x: int, y: int, width: int, height: int, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "x": x, "y": y, "width": width, "height": height, "properties": properties}


def _properties(graph: Graph, region: str) -> dict[str, Any]:
    lines = [{"label": "alarm", "value": limit, "fill": graph.wrong} for limit in graph.limits]
    return {
        "title": graph.title,
        "region": graph.region or region,
        "view": "timeSeries",
        "period": graph.period,
        "metrics": graph.metrics,
        **({"annotations": {"horizontal": lines}} if lines else {}),
    }
