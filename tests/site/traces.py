# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where monitoring speaks of a service: names, dimensions, rules, widgets, queries; read through boto3 alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.uex.payments.tests.site.account import Connect, pages, subscription_filters

Found = Iterator[tuple[str, str, Any]]


def of(clients: Connect, word: str) -> list[tuple[str, str]]:
    """The kinds and names of what has the word anywhere in it, sorted."""
    pattern = re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])")
    everything = (each for reader in READERS for each in reader(clients))
    return sorted((kind, name) for kind, name, content in everything if pattern.search(f"{name} {_text(content)}"))


def _text(content: Any) -> str:
    return json.dumps(content, default=str)


def _alarms(clients: Connect) -> Found:
    """Without the reason of their state, which tells of the past."""
    for kind in ("MetricAlarm", "CompositeAlarm"):
        for each in pages(clients("cloudwatch"), "describe_alarms", f"{kind}s", AlarmTypes=[kind]):
            lasting = {key: value for key, value in each.items() if not key.startswith("State")}
            yield kind, each["AlarmName"], lasting


def _dashboards(clients: Connect) -> Found:
    client = clients("cloudwatch")
    for each in pages(client, "list_dashboards", "DashboardEntries"):
        name = each["DashboardName"]
        yield "dashboard", name, client.get_dashboard(DashboardName=name)["DashboardBody"]


def _logs(clients: Connect) -> Found:
    client = clients("logs")
    for each in pages(client, "describe_query_definitions", "queryDefinitions"):
        yield "query", each["name"], each
    for each in pages(client, "describe_metric_filters", "metricFilters"):
        yield "metric filter", each["filterName"], each
    for name in subscription_filters(client):
        yield "subscription filter", name, {}


def _streams(clients: Connect) -> Found:
    client = clients("firehose")
    for name in pages(client, "list_delivery_streams", "DeliveryStreamNames"):
        yield "delivery stream", name, client.describe_delivery_stream(DeliveryStreamName=name)


def _rules(clients: Connect) -> Found:
    client = clients("events")
    for each in pages(client, "list_rules", "Rules"):
        yield "event rule", each["Name"], [each, client.list_targets_by_rule(Rule=each["Name"])["Targets"]]


READERS: tuple[Callable[[Connect], Found], ...] = (_alarms, _dashboards, _logs, _streams, _rules)
