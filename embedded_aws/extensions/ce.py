# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Cost Explorer: monitors of anomalies, who is told of them, and cost allocation tags.

Nothing is billed here, so no tag is ever seen on a bill by itself: C(see) says which were.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from moto.ce.models import CostExplorerBackend, ce_backends
from moto.ce.responses import CostExplorerResponse
from moto.core.exceptions import JsonRESTError

from ._operations import add, page

DAY = "2026-01-01"
Tagged = tuple[str, dict[str, str]]
Entries = dict[str, dict[str, Any]]


def _kept(backend: CostExplorerBackend, name: str) -> Entries:
    """What moto's backend has no place for, by ARN or key."""
    store: dict[str, Entries] = vars(backend).setdefault("embedded_aws", {})
    return store.setdefault(name, {})


def _monitors(response: CostExplorerResponse) -> Entries:
    return _kept(response.ce_backend, "monitors")


def _subscriptions(response: CostExplorerResponse) -> Entries:
    return _kept(response.ce_backend, "subscriptions")


def _invalid(message: str) -> JsonRESTError:
    return JsonRESTError("ValidationException", message)


def _arn(response: CostExplorerResponse, kind: str) -> str:
    return f"arn:{response.partition}:ce::{response.current_account}:{kind}/{uuid.uuid4()}"


def _paged(response: CostExplorerResponse, key: str, token: str, entries: list[Any]) -> str:
    found, more = page(entries, response._get_param("MaxResults"), response._get_param(token))
    return json.dumps({key: found, **({token: more} if more else {})})


def _tag(response: CostExplorerResponse, arn: str) -> None:
    response.ce_backend.tag_resource(arn, response._get_param("ResourceTags") or [])


# Monitors


def _monitor(response: CostExplorerResponse, arn: str) -> dict[str, Any]:
    if arn not in _monitors(response):
        raise JsonRESTError("UnknownMonitorException", f"Unknown monitor: {arn}")
    return _monitors(response)[arn]


def create_anomaly_monitor(self: CostExplorerResponse) -> str:
    """One of each dimension in an account."""
    given = self._get_param("AnomalyMonitor")
    dimensional = given["MonitorType"] == "DIMENSIONAL"
    if dimensional != bool(given.get("MonitorDimension")) or dimensional == bool(given.get("MonitorSpecification")):
        raise _invalid("A DIMENSIONAL monitor has a dimension, a CUSTOM one a specification")
    taken = [each.get("MonitorDimension") for each in _monitors(self).values()]
    if dimensional and given["MonitorDimension"] in taken:
        raise _invalid("Limit exceeded on dimensional spend monitor creation")
    arn = _arn(self, "anomalymonitor")
    _monitors(self)[arn] = {**given, "MonitorArn": arn, "CreationDate": DAY, "DimensionalValueCount": 1}
    _tag(self, arn)
    return json.dumps({"MonitorArn": arn})


def get_anomaly_monitors(self: CostExplorerResponse) -> str:
    asked = self._get_param("MonitorArnList")
    found = [_monitor(self, arn) for arn in asked] if asked else list(_monitors(self).values())
    return _paged(self, "AnomalyMonitors", "NextPageToken", found)


def update_anomaly_monitor(self: CostExplorerResponse) -> str:
    """Its name; nothing else of it can change."""
    monitor = _monitor(self, self._get_param("MonitorArn"))
    monitor["MonitorName"] = self._get_param("MonitorName") or monitor["MonitorName"]
    return json.dumps({"MonitorArn": monitor["MonitorArn"]})


def delete_anomaly_monitor(self: CostExplorerResponse) -> str:
    arn = _monitor(self, self._get_param("MonitorArn"))["MonitorArn"]
    del _monitors(self)[arn]
    return json.dumps({})


# Subscriptions


def _subscription(response: CostExplorerResponse, arn: str) -> dict[str, Any]:
    if arn not in _subscriptions(response):
        raise JsonRESTError("UnknownSubscriptionException", f"Unknown subscription: {arn}")
    return _subscriptions(response)[arn]


def _check_subscription(response: CostExplorerResponse, given: dict[str, Any]) -> None:
    """A topic is told at once, addresses once a day or week; its monitors exist."""
    for arn in given["MonitorArnList"]:
        _monitor(response, arn)
    topics = [each for each in given["Subscribers"] if each["Type"] == "SNS"]
    if bool(topics) != (given["Frequency"] == "IMMEDIATE"):
        raise _invalid("IMMEDIATE is for topics, DAILY and WEEKLY for e-mail addresses")
    if given.get("Threshold") is None and not given.get("ThresholdExpression"):
        raise _invalid("A subscription has a threshold")


def create_anomaly_subscription(self: CostExplorerResponse) -> str:
    given = self._get_param("AnomalySubscription")
    _check_subscription(self, given)
    arn = _arn(self, "anomalysubscription")
    _subscriptions(self)[arn] = {**given, "SubscriptionArn": arn, "AccountId": self.current_account}
    _tag(self, arn)
    return json.dumps({"SubscriptionArn": arn})


def get_anomaly_subscriptions(self: CostExplorerResponse) -> str:
    asked, monitor = self._get_param("SubscriptionArnList"), self._get_param("MonitorArn")
    found = [_subscription(self, arn) for arn in asked] if asked else list(_subscriptions(self).values())
    listed = [each for each in found if not monitor or monitor in each["MonitorArnList"]]
    return _paged(self, "AnomalySubscriptions", "NextPageToken", listed)


def update_anomaly_subscription(self: CostExplorerResponse) -> str:
    known = _subscription(self, self._get_param("SubscriptionArn"))
    members = ("Threshold", "Frequency", "MonitorArnList", "Subscribers", "SubscriptionName", "ThresholdExpression")
    given = {name: self._get_param(name) for name in members if self._get_param(name) is not None}
    _check_subscription(self, {**known, **given})
    known.update(given)
    return json.dumps({"SubscriptionArn": known["SubscriptionArn"]})


def delete_anomaly_subscription(self: CostExplorerResponse) -> str:
    arn = _subscription(self, self._get_param("SubscriptionArn"))["SubscriptionArn"]
    del _subscriptions(self)[arn]
    return json.dumps({})


# Cost allocation tags


def see(account: str, *keys: str) -> None:
    """Let AWS have seen these tags on what costs something: they can be activated now."""
    tags = _kept(ce_backends[account]["aws"], "tags")
    for key in keys:
        tags.setdefault(key, {"TagKey": key, "Type": "UserDefined", "Status": "Inactive", "LastUsedDate": DAY})


def list_cost_allocation_tags(self: CostExplorerResponse) -> str:
    keys, status = self._get_param("TagKeys"), self._get_param("Status")
    listed = [
        each
        for each in _kept(self.ce_backend, "tags").values()
        if (not keys or each["TagKey"] in keys) and status in (None, each["Status"])
    ]
    return _paged(self, "CostAllocationTags", "NextToken", listed)


def update_cost_allocation_tags_status(self: CostExplorerResponse) -> str:
    """What AWS has not seen is an error inside the success."""
    tags, errors = _kept(self.ce_backend, "tags"), []
    for entry in self._get_param("CostAllocationTagsStatus"):
        if entry["TagKey"] in tags:
            tags[entry["TagKey"]].update(Status=entry["Status"], LastUpdatedDate=DAY)
        else:
            message = f"Tag keys not found: {entry['TagKey']}"
            errors.append({"TagKey": entry["TagKey"], "Code": "TagKeysNotFoundException", "Message": message})
    return json.dumps({"Errors": errors})


def tagged(backend: CostExplorerBackend) -> Iterator[Tagged]:
    """The ARNs and tags of monitors and subscriptions."""
    for arn in [*_kept(backend, "monitors"), *_kept(backend, "subscriptions")]:
        yield arn, {tag["Key"]: tag["Value"] for tag in backend.list_tags_for_resource(arn)}


def install() -> None:
    """Install into moto's Cost Explorer."""
    add(CostExplorerResponse, create_anomaly_monitor, get_anomaly_monitors, update_anomaly_monitor)
    add(CostExplorerResponse, delete_anomaly_monitor, create_anomaly_subscription, get_anomaly_subscriptions)
    add(CostExplorerResponse, update_anomaly_subscription, delete_anomaly_subscription)
    add(CostExplorerResponse, list_cost_allocation_tags, update_cost_allocation_tags_status)
