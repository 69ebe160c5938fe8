# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The alarms of services and of their deployments; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import _alarms, _services
from ._alarm_rules import CRITICAL, ERRORS, INFO, QUICK, WARNING, Alarm, Estate, Rule, alarm, expression, over, query

Service = Mapping[str, Any]
#: Three bad minutes: the composite alarm of the service has to come before those of what suffers from it.
SOON = {"evaluation_periods": 3, "datapoints_to_alarm": 3, "treat_missing_data": "notBreaching"}
PATIENT = {"evaluation_periods": 10, "datapoints_to_alarm": 10, "treat_missing_data": "breaching"}


def down(service: Service) -> str:
    """The composite alarm of a service, after the environment's name."""
    return f"{service['name']}-down"


def service_alarms(estate: Estate) -> Iterable[Alarm]:
    """CPU, memory and tasks of every service, and what its target groups say."""
    for service in estate["services"]:
        where = {"ClusterName": estate["name"], "ServiceName": service["full_name"]}
        for resource, metric in (("cpu", "CPUUtilization"), ("memory", "MemoryUtilization")):
            limit = service["alarms"][resource]
            text = f"{resource} of service {service['name']} above {limit} % for 15 minutes"
            rule = Rule(f"{service['name']}-{resource}", WARNING, metric, limit, text, family="service-load")
            yield alarm(estate, "AWS/ECS", rule, where)
        yield _missing_tasks(estate, service, where)
        yield from _target_alarms(estate, service)


def _missing_tasks(estate: Estate, service: Service, where: Mapping[str, str]) -> Alarm:
    """Fewer tasks run than autoscaling wants; a fixed number would fight with it."""
    text = f"service {service['name']} has run fewer tasks than desired for 10 minutes"
    rule = Rule(f"{service['name']}-tasks", CRITICAL, "", 0, text, PATIENT, down(service), "service-down")
    counts = (("desired", "DesiredTaskCount"), ("running", "RunningTaskCount"))
    sources = [query(name, "ECS/ContainerInsights", metric, where, "Average", 60) for name, metric in counts]
    return over(estate, rule, {"metrics": [expression("missing", "desired - running", "Missing tasks"), *sources]})


def _target_alarms(estate: Estate, service: Service) -> Iterable[Alarm]:
    """Over both target groups, as ECS uses them in turn."""
    places = _places(estate, service)
    limits = estate["thresholds"]
    for rule, metric, stat, together in (
        (_unhealthy(service), "UnHealthyHostCount", "Maximum", _alarms.BOTH),
        (_errors(service, limits["service_5xx"]), "HTTPCode_Target_5XX_Count", "Sum", _alarms.BOTH),
        (_slow(service, limits["response_seconds"]), "TargetResponseTime", "p95", _alarms.GREATER),
    ):
        yield over(estate, rule, _alarms.over_groups(metric, stat, places, together, 60))


def _places(estate: Estate, service: Service) -> list[dict[str, str]]:
    names = (estate["target_groups"][name] for name in _services.group_names(service))
    return _alarms.places(estate["load_balancer"], names)


def _unhealthy(service: Service) -> Rule:
    text = f"service {service['name']} has unhealthy targets for 5 minutes"
    return Rule(f"{service['name']}-unhealthy-hosts", CRITICAL, "", 0, text, QUICK, down(service), "service-down")


def _errors(service: Service, limit: float) -> Rule:
    text = f"service {service['name']} answers more than {limit:g} requests a minute with an error, for 3 minutes"
    return Rule(f"{service['name']}-5xx", CRITICAL, "", limit, text, SOON, down(service), "service-down")


def _slow(service: Service, limit: float) -> Rule:
    text = f"p95 of service {service['name']} above {limit:g} s for 5 minutes"
    return Rule(f"{service['name']}-slow", WARNING, "", limit, text, QUICK, family="slow-answers")


def deployment_alarms(estate: Estate) -> Iterable[Alarm]:
    """ECS has no metric for failed deployments; the rule that tells people of them has, and one for what it lost."""
    where = {"RuleName": f"{estate['name']}-deployment-failed"}
    once = {**ERRORS, "period": 300, "evaluation_periods": 1, "datapoints_to_alarm": 1}
    failed = "a deployment failed; the event itself was told where it belongs"
    lost = "an event about a failed deployment did not reach its topic"
    for rule in (
        Rule("deployment-failed", INFO, "TriggeredRules", 0, failed, once, family="failed-deployment"),
        Rule("deployment-untold", WARNING, "FailedInvocations", 0, lost, once, family="failed-deployment"),
    ):
        yield alarm(estate, "AWS/Events", rule, where)
