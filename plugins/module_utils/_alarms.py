# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudWatch alarms in our words and in PutMetricAlarm's; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Our words for PutMetricAlarm's plain members.
MEMBERS = {
    "description": "AlarmDescription",
    "actions_enabled": "ActionsEnabled",
    "namespace": "Namespace",
    "metric_name": "MetricName",
    "statistic": "Statistic",
    "extended_statistic": "ExtendedStatistic",
    "period": "Period",
    "unit": "Unit",
    "evaluation_periods": "EvaluationPeriods",
    "datapoints_to_alarm": "DatapointsToAlarm",
    "threshold": "Threshold",
    "comparison_operator": "ComparisonOperator",
    "treat_missing_data": "TreatMissingData",
}
ACTIONS = {
    "alarm_actions": "AlarmActions",
    "ok_actions": "OKActions",
    "insufficient_data_actions": "InsufficientDataActions",
}


def dimensions(entries: list[dict[str, str]] | None) -> dict[str, str]:
    """AWS's list of dimensions as a mapping."""
    return {entry["Name"]: entry["Value"] for entry in entries or []}


def dimension_list(mapping: Mapping[str, Any]) -> list[dict[str, str]]:
    """A mapping as AWS's list of dimensions."""
    return [{"Name": name, "Value": str(value)} for name, value in sorted(mapping.items())]


def metrics(queries: list[dict[str, Any]] | None, period: bool = True) -> list[dict[str, Any]]:
    """Metric-math queries in our words, by id; AWS's default of C(return_data) is filled in.

    Without C(period), those of a scaling policy, which have none.
    """
    left_out = () if period else ("period",)
    found = [{key: value for key, value in _metric(query).items() if key not in left_out} for query in queries or []]
    return sorted(found, key=lambda query: str(query["id"]))


def _metric(query: Mapping[str, Any]) -> dict[str, Any]:
    common = {"id": query["Id"], "label": query.get("Label"), "return_data": query.get("ReturnData", True)}
    if "Expression" in query:
        return {**common, "expression": query["Expression"]}
    stat = query["MetricStat"]
    return {
        **common,
        "namespace": stat["Metric"]["Namespace"],
        "metric_name": stat["Metric"]["MetricName"],
        "dimensions": dimensions(stat["Metric"].get("Dimensions")),
        "period": stat.get("Period"),
        "stat": stat["Stat"],
    }


def declared_metrics(queries: list[dict[str, Any]] | None, period: bool = True) -> list[dict[str, Any]] | None:
    """A task's queries in the same form: without what isn't given, by id."""
    if queries is None:
        return None
    common = ("id", "label", "return_data")
    other = ("namespace", "metric_name", "dimensions", *(("period",) if period else ()), "stat")
    return sorted(
        (
            {key: query[key] for key in (*common, *(("expression",) if query["expression"] else other))}
            for query in queries
        ),
        key=lambda query: str(query["id"]),
    )


#: What two target groups have together, of which one is without targets, and without data, most of the time.
BOTH = "SUM([FILL(blue, 0), FILL(green, 0)])"


def over_groups(metric: str, stat: str, places: list[dict[str, str]], together: str, period: int) -> dict[str, Any]:
    """What an alarm watches of a load balancer's metric, by the dimensions of one target group or of two.

    C(together) is the expression for two, over C(blue) and C(green); one has the metric itself. Period in seconds.
    """
    source = {"namespace": "AWS/ApplicationELB", "metric_name": metric, "period": period}
    if len(places) == 1:
        kind = "extended_statistic" if stat.startswith("p") else "statistic"
        return {**source, "dimensions": places[0], kind: stat}
    both, *groups = over_both(metric, stat, places, together)
    return {"metrics": [both, *({**group, "period": period} for group in groups)]}


def over_both(metric: str, stat: str, places: list[dict[str, str]], together: str) -> list[dict[str, Any]]:
    """The queries that put a metric of two target groups together, without a period."""
    source = {"namespace": "AWS/ApplicationELB", "metric_name": metric, "stat": stat, "return_data": False}
    groups = [
        {"id": colour, **source, "dimensions": place} for colour, place in zip(("blue", "green"), places, strict=True)
    ]
    return [{"id": "both", "expression": together, "label": metric, "return_data": True}, *groups]


def metric_request(query: Mapping[str, Any]) -> dict[str, Any]:
    """One query for PutMetricAlarm."""
    result = {"Id": query["id"], "ReturnData": query["return_data"]}
    if query.get("label"):
        result["Label"] = query["label"]
    if query.get("expression"):
        return {**result, "Expression": query["expression"]}
    metric = {
        "Namespace": query["namespace"],
        "MetricName": query["metric_name"],
        "Dimensions": dimension_list(query["dimensions"] or {}),
    }
    period = {"Period": query["period"]} if query.get("period") else {}
    return {**result, "MetricStat": {"Metric": metric, **period, "Stat": query["stat"]}}


def request(name: str, alarm: Mapping[str, Any]) -> dict[str, Any]:
    """PutMetricAlarm's arguments; it replaces the whole alarm."""
    plain = {member: alarm.get(word) for word, member in MEMBERS.items()}
    actions = {member: alarm.get(word) or [] for word, member in ACTIONS.items()}
    result = {"AlarmName": name, **{key: value for key, value in plain.items() if value is not None}, **actions}
    if alarm.get("metrics"):
        return {**result, "Metrics": [metric_request(query) for query in alarm["metrics"]]}
    return {**result, "Dimensions": dimension_list(alarm.get("dimensions") or {})}


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """An alarm with what is declared of it now; what it watched before is forgotten, as it watches one thing only."""
    statistics = {"statistic", "extended_statistic"}
    of_one_metric = {"namespace", "metric_name", "dimensions", "period", "unit", *statistics}
    forgotten = of_one_metric if after.get("metrics") else {"metrics", *statistics}
    return {**{word: value for word, value in before.items() if word not in forgotten}, **after}


def observed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """DescribeAlarms' entry in our words."""
    return {
        "alarm_arn": entry["AlarmArn"],
        **{word: entry.get(member) for word, member in MEMBERS.items()},
        **{word: sorted(entry.get(member) or []) for word, member in ACTIONS.items()},
        "dimensions": dimensions(entry.get("Dimensions")),
        "metrics": metrics(entry.get("Metrics")),
        "state": entry.get("StateValue"),
    }
