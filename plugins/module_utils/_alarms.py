# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudWatch alarms in our words and in PutMetricAlarm's; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    "threshold_metric_id": "ThresholdMetricId",
    "comparison_operator": "ComparisonOperator",
    "treat_missing_data": "TreatMissingData",
}
ACTIONS = {
    "alarm_actions": "AlarmActions",
    "ok_actions": "OKActions",
    "insufficient_data_actions": "InsufficientDataActions",
}


#: What compares with a band of expected values and not with a number.
OF_A_BAND = ("LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold")
DAY, WEEK, HOUR = 86400, 604800, 3600  #: seconds


def name_problems(name: str) -> Iterable[str]:
    """What AWS would refuse of an alarm's name."""
    if not 1 <= len(name) <= 255:
        yield "name: must have 1 to 255 characters"


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What AWS would refuse of a metric alarm."""
    yield from name_problems(item["name"])
    if bool(item["metric_name"]) == bool(item["metrics"]):
        yield "metric_name: give either a metric or metrics"
    elif item["metric_name"] and bool(item["statistic"]) == bool(item["extended_statistic"]):
        yield "statistic: give either a statistic or an extended_statistic"
    yield from _watched_problems(item)
    yield from _range_problems(item)


def _watched_problems(item: Mapping[str, Any]) -> Iterable[str]:
    """One series is compared, with a number or with a band."""
    band = item["threshold_metric_id"]
    shown = [query["id"] for query in item["metrics"] or [] if query["return_data"]]
    if item["metrics"] and len(shown) != 1 + bool(band):
        yield "metrics: exactly one query must have return_data, and the band that it is compared with"
    if (item["threshold"] is None) is not bool(band):
        yield "threshold: give either a threshold or a threshold_metric_id"
    if (item["comparison_operator"] in OF_A_BAND) is not bool(band):
        yield "comparison_operator: a threshold_metric_id has those of a band, a threshold the others"


def _range_problems(item: Mapping[str, Any]) -> Iterable[str]:
    """AWS looks back a week at most, and a day where a data point has less than an hour."""
    periods = [item["period"], *(query["period"] for query in item["metrics"] or [])]
    longest = max((period for period in periods if period), default=0)
    seconds, most = longest * item["evaluation_periods"], WEEK if longest >= HOUR else DAY
    if seconds > most:
        yield f"evaluation_periods: {seconds} s in all; AWS looks back {most} s with this period"


def sorted_actions(item: Mapping[str, Any]) -> dict[str, list[str] | None]:
    """An item's actions in the order in which they are compared."""
    return {key: None if item[key] is None else sorted(item[key]) for key in ACTIONS}


def as_declared(tags: Mapping[str, str], declared: Mapping[str, str]) -> bool:
    """Whether tags that may be some minutes old are what is declared; then nobody has to be asked for younger ones."""
    return bool(declared) and dict(declared).items() <= dict(tags).items()


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
GREATER = "MAX([FILL(blue, 0), FILL(green, 0)])"


def places(load_balancer: str, full_names: Iterable[str]) -> list[dict[str, str]]:
    """The dimensions of each target group of a load balancer, all by the names that CloudWatch knows them by."""
    return [{"LoadBalancer": load_balancer, "TargetGroup": name} for name in full_names]


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
    forgotten |= {"threshold"} if after.get("threshold_metric_id") else {"threshold_metric_id"}
    return {**{word: value for word, value in before.items() if word not in forgotten}, **after}


def common(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What DescribeAlarms says of alarms of both kinds, in our words."""
    return {
        "alarm_arn": entry["AlarmArn"],
        **{word: sorted(entry.get(member) or []) for word, member in ACTIONS.items()},
        "state": entry.get("StateValue"),
    }


def observed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """DescribeAlarms' entry of a metric alarm in our words."""
    return {
        **common(entry),
        **{word: entry.get(member) for word, member in MEMBERS.items()},
        "dimensions": dimensions(entry.get("Dimensions")),
        "metrics": metrics(entry.get("Metrics")),
    }
