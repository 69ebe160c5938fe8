# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules on objectives, how they are watched and who is told; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from . import _chat, _features, _standards

Values = Mapping[str, Any]

DAY = 86400  #: seconds; of longer periods CloudWatch makes no data point
WINDOWS = "monitoring_slo_windows"
CHANNELS = "monitoring_chat_channels"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def objective(values: Values) -> Iterable[str]:
    """An objective of 100 % has no budget that could burn."""
    availability = values["monitoring_slo_availability"]
    if not 0 < availability < 100:
        yield f"monitoring_slo_availability: {availability} is not between 0 and 100"
    if values["monitoring_slo_least_requests"] < 0:
        yield f"monitoring_slo_least_requests: must not be negative, not {values['monitoring_slo_least_requests']}"


def windows(values: Values) -> Iterable[str]:
    """Windows that CloudWatch can look at, with a rate that requests can reach."""
    names = Counter(window["name"] for window in values[WINDOWS])
    for index, window in enumerate(values[WINDOWS]):
        place = f"{WINDOWS}[{index}]"
        if names[window["name"]] > 1 or not _NAME.fullmatch(window["name"]):
            yield f"{place}.name: lower-case letters, digits and single hyphens, once in the list; not {window['name']}"
        yield from _lengths(place, window)
        yield from _rate(place, float(window["burn_rate"]), float(values["monitoring_slo_availability"]))


def _lengths(place: str, window: Mapping[str, Any]) -> Iterable[str]:
    for end in ("long_seconds", "short_seconds"):
        if window[end] % 60 or not 60 <= window[end] <= DAY:
            yield f"{place}.{end}: {window[end]} is no multiple of 60 up to {DAY}"
    if window["short_seconds"] >= window["long_seconds"]:
        yield f"{place}.short_seconds: must be less than long_seconds, {window['long_seconds']}"


def _rate(place: str, rate: float, availability: float) -> Iterable[str]:
    percent = round(rate * (100 - availability), 6)
    if rate <= 0 or percent >= 100:
        yield f"{place}.burn_rate: {rate:g} means {percent:g} % of requests; give one above 0 that they can reach"


#: What a channel's name is put behind, and what else only AWS knows; any will do to look at the rest.
_ANYWHERE = {"partition": "aws", "role_arn": "", "topics": dict.fromkeys(("critical", "warning", "info"), "arn")}


def chat_channels(values: Values) -> Iterable[str]:
    """Channels that their application can have, each once, with a name of its own."""
    context = {"name": values["stack_name"], **_ANYWHERE}
    seen: dict[tuple[str, Any], str] = {}
    for index, declared in enumerate(values[CHANNELS]):
        client, place = _chat.CLIENTS[declared["application"]], f"{CHANNELS}[{index}]"
        (item,) = _chat.channels([declared], client, context)
        yield from (f"{place}.{_field(problem)}" for problem in _chat.problems(client, item))
        for field in ("name", "channel_id"):
            if (field, declared[field]) in seen:
                yield f"{place}.{field}: {declared[field]} is that of {seen[field, declared[field]]} already"
            seen[field, declared[field]] = place


def _field(problem: str) -> str:
    """A problem that begins with the variable's field, not with the module's option."""
    return problem.replace("topic_arns:", "severities:").replace("guardrail_policy_arns:", "guardrail_policies:")


def guards(values: Values) -> Iterable[str]:
    """What the guards of the account are told, in AWS's words."""
    standards = values["monitoring_security_hub_standards"]
    yield from (f"monitoring_security_hub_{each}" for each in _standards.problems(standards))
    yield from (f"monitoring_guardduty_{each}" for each in _features.problems(values["monitoring_guardduty_features"]))
    if not values["monitoring_cost_anomaly_threshold"] > 0:
        yield f"monitoring_cost_anomaly_threshold: above 0, not {values['monitoring_cost_anomaly_threshold']:g}"


RULES = (objective, windows, chat_channels, guards)
