# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The alarms on which ECS takes a deployment back: what a service's target groups say, old and new together; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from . import _alarms, _services

Alarm = dict[str, Any]
PERIOD = 60  #: seconds

#: A deployment is watched for minutes, so two bad minutes of three are enough; no traffic is no error.
USUAL = {
    "evaluation_periods": 3,
    "datapoints_to_alarm": 2,
    "comparison_operator": "GreaterThanThreshold",
    "treat_missing_data": "notBreaching",
}


class Watch(NamedTuple):
    """What one alarm watches: the end of its name, the metric with its statistic, how two groups count, the words."""

    what: str
    metric: str
    stat: str
    both: str
    text: str


#: By the field of C(deployment.rollback_alarms) that holds the threshold; null there is no such alarm.
WATCHES = {
    "target_5xx": Watch("rollback-5xx", "HTTPCode_Target_5XX_Count", "Sum", _alarms.BOTH, "errors a minute"),
    "response_seconds": Watch("rollback-slow", "TargetResponseTime", "p95", _alarms.GREATER, "s for 95 % of requests"),
}


def _chosen(service: Mapping[str, Any]) -> list[tuple[Watch, float]]:
    limits = service["deployment"]["rollback_alarms"]
    return [(watch, float(limits[field])) for field, watch in WATCHES.items() if limits.get(field) is not None]


def names(service: Mapping[str, Any]) -> list[str]:
    """The names of the service's alarms."""
    return [f"{service['full_name']}-{watch.what}" for watch, _limit in _chosen(service)]


def alarms(
    service: Mapping[str, Any], load_balancer: str, target_groups: Mapping[str, Mapping[str, Any]]
) -> list[Alarm]:
    """The service's alarms. They tell ECS and nobody else: a deployment that was taken back is what people hear of."""
    where = places(service, load_balancer, target_groups)
    return [_alarm(service, watch, limit, where) for watch, limit in _chosen(service)]


def places(
    service: Mapping[str, Any], load_balancer: str, target_groups: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, str]]:
    """The dimensions of each of the service's target groups."""
    return _alarms.places(load_balancer, (target_groups[name]["full_name"] for name in _services.group_names(service)))


def _alarm(service: Mapping[str, Any], watch: Watch, limit: float, places: list[dict[str, str]]) -> Alarm:
    return {
        **USUAL,
        **_alarms.over_groups(watch.metric, watch.stat, places, watch.both, PERIOD),
        "name": f"{service['full_name']}-{watch.what}",
        "description": f"Takes a deployment of {service['name']} back: more than {limit:g} {watch.text}",
        "threshold": limit,
        "tags": {"Service": service["name"]},
    }
