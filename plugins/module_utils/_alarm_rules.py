# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How an alarm is written down and who is told of it; pure.

What is critical wakes somebody, so one cause must do so once: a critical alarm tells nobody itself, but is part of the
composite alarm that it names (C(through)), which does. Its tag says so too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

Alarm = dict[str, Any]
Estate = Mapping[str, Any]

CRITICAL, WARNING, INFO = "critical", "warning", "info"
SEVERITIES = (CRITICAL, WARNING, INFO)
#: The tag that names the composite alarm through which an alarm is told.
THROUGH = "ToldThrough"

#: Three periods of five minutes above the threshold.
USUAL = {
    "period": 300,
    "evaluation_periods": 3,
    "datapoints_to_alarm": 3,
    "comparison_operator": "GreaterThanThreshold",
    "treat_missing_data": "missing",
}
BELOW = {"comparison_operator": "LessThanThreshold"}
QUICK = {"period": 60, "evaluation_periods": 5, "datapoints_to_alarm": 5, "treat_missing_data": "notBreaching"}
ERRORS = {"statistic": "Sum", **QUICK}
#: No data at all: what publishes every minute as long as it is there has gone.
SILENT = {
    **BELOW,
    "statistic": "SampleCount",
    "period": 60,
    "evaluation_periods": 5,
    "datapoints_to_alarm": 5,
    "treat_missing_data": "breaching",
}
_OF_ONE_METRIC = ("namespace", "metric_name", "dimensions", "statistic", "period")


class Rule(NamedTuple):
    """What one alarm watches: its name after its subject's, who is told, the metric, the threshold and the words.

    C(other) holds the settings that differ from the usual ones, C(through) the composite alarm that tells of it, and
    C(family) the section of the runbook.
    """

    what: str
    severity: str
    metric: str
    threshold: float
    text: str
    other: Mapping[str, Any] = {}
    through: str = ""
    family: str = ""


def told(estate: Estate, rule: Rule) -> dict[str, Any]:
    """Name, words and whom an alarm tells: the topic of its severity, or nobody where a composite alarm does."""
    through = f"{estate['name']}-{rule.through}"
    topics = [] if rule.through else [estate["topics"][rule.severity]]
    where = f" (told by {through})" if rule.through else ""
    return {
        "name": f"{estate['name']}-{rule.what}",
        "description": f"{rule.severity}: {rule.text}{where}. {runbook(estate, rule.family)}",
        "alarm_actions": topics,
        "ok_actions": topics,
        **({"tags": {THROUGH: through}} if rule.through else {}),
    }


def runbook(estate: Estate, family: str) -> str:
    """Where the runbook says what to do."""
    return f"Runbook: {estate['runbook']}#{family}"


def alarm(estate: Estate, namespace: str, rule: Rule, dimensions: Mapping[str, str]) -> Alarm:
    """One alarm on one metric."""
    return {
        **told(estate, rule),
        "namespace": namespace,
        "metric_name": rule.metric,
        "dimensions": dict(dimensions),
        **({} if "extended_statistic" in rule.other else {"statistic": "Average"}),
        **USUAL,
        "threshold": float(rule.threshold),
        **rule.other,
    }


def over(estate: Estate, rule: Rule, watched: Mapping[str, Any]) -> Alarm:
    """One alarm on what C(watched) says: queries of metric math, or one metric with its period."""
    plain = alarm(estate, "", rule, {})
    return {**{key: value for key, value in plain.items() if key not in _OF_ONE_METRIC}, **watched}


def subject_alarms(
    estate: Estate, namespace: str, subject: str, dimensions: Mapping[str, str], rules: Iterable[Rule]
) -> Iterable[Alarm]:
    """The alarms of one named subject; its name precedes theirs and their words."""
    for rule in rules:
        yield alarm(estate, namespace, named(estate, subject, rule), dimensions)


def named(estate: Estate, subject: str, rule: Rule) -> Rule:
    """The rule with its subject's name ahead of its own and of its words."""
    short = subject.removeprefix(f"{estate['name']}-")
    return rule._replace(what=f"{short}-{rule.what}", text=f"{subject}: {rule.text}")


def query(name: str, namespace: str, metric: str, dimensions: Mapping[str, str], stat: str, period: int) -> Alarm:
    """One metric that an expression uses under C(name)."""
    return {
        "id": name,
        "namespace": namespace,
        "metric_name": metric,
        "dimensions": dict(dimensions),
        "stat": stat,
        "period": period,
        "return_data": False,
    }


def expression(name: str, text: str, label: str = "") -> Alarm:
    """An expression over other queries; the one with a label is watched."""
    labelled = {"label": label} if label else {}
    return {"id": name, "expression": text, "return_data": bool(label), **labelled}
