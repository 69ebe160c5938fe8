#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ce_anomaly_monitor
short_description: Manage monitors of Cost Anomaly Detection and who is told by them
description:
  - Creates, changes and prunes monitors of unusual costs, and the subscriptions of topics to them.
  - An account has one monitor of a dimension. Where that is not ours, it is used as it is, and subscribed to. It is
    neither changed nor taken over nor deleted. The result says so in C(notes).
  - A monitor by a tag sees only what was spent since the tag is a cost allocation tag.
  - Where Cost Explorer is off, nothing is made, and C(notes) says what to do.
version_added: "0.1.0"
options:
  anomaly_monitors:
    description: The monitors.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the monitor.
        type: str
        required: true
      monitor_dimension:
        description: What each is watched for itself, such as every service. Cannot change.
        type: str
        choices: [SERVICE, LINKED_ACCOUNT, TAG, COST_CATEGORY]
      tag_key:
        description: Key of the tag whose values are watched together, for a monitor without a dimension. Cannot change.
        type: str
      tag_values:
        description: Those values. Cannot change.
        type: list
        elements: str
      tags:
        description: Further tags.
        type: dict
  anomaly_subscriptions:
    description: The subscriptions.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the subscription.
        type: str
        required: true
      monitors:
        description: Names of O(anomaly_monitors) that it is about.
        type: list
        elements: str
        required: true
      threshold:
        description: USD that an anomaly has cost before somebody is told.
        type: float
        required: true
      topic_arn:
        description: ARN of the topic, whose policy must let C(costalerts.amazonaws.com) publish.
        type: str
        required: true
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: What costs more than usual
  uex.payments.ce_anomaly_monitor:
    anomaly_monitors:
      - {name: uex-payments-prod-services, monitor_dimension: SERVICE}
    anomaly_subscriptions:
      - name: uex-payments-prod-services
        monitors: [uex-payments-prod-services]
        threshold: 100
        topic_arn: arn:aws:sns:us-east-1:123456789012:uex-payments-prod-warning
    tags: {Project: uex-payments, Environment: prod, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
notes:
  description: Whose monitor is used, or why there is none.
  returned: always
  type: list
  elements: str
anomaly_monitors:
  description: The monitors by name, with C(arn) and their properties.
  returned: success
  type: dict
anomaly_subscriptions:
  description: The subscriptions by name, likewise.
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from ansible_collections.uex.payments.plugins.module_utils import _aws, _cost_explorer, _guards, _tags, _wait
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class Anomalies(Resource):
    """What both kinds have in common: how they are listed, tagged, and left alone where Cost Explorer is off."""

    service = "ce"
    computed = ("arn",)

    def _listed(self, operation: str, key: str) -> list[dict[str, Any]] | str:
        """The entries, or what to do where they are refused to everybody."""
        try:
            return _aws.pages(self.client, operation, key)
        except Exception as error:
            why = _cost_explorer.elsewhere(error)
            if not why:
                raise
            return why

    def _off(self, why: str) -> dict[str, Item]:
        return {self.identify(item): {"why": why, "tags": {}} for item in self.options[self.plural]}

    def _meant(self, name: str) -> bool:
        declared = [self.identify(item) for item in self.options[self.plural]]
        return name in declared or _tags.names(self.options["tags"], name)

    def _tags_of(self, arn: str) -> dict[str, str]:
        return _tags.to_dict(self.client.list_tags_for_resource(ResourceArn=arn)["ResourceTags"])

    def let_be(self, name: str, observed: Item) -> str:
        return str(observed.get("why") or "")

    def _retag(self, plan: Plan) -> None:
        if "tags" in plan.options:
            tags = _tags.to_list(dict(plan.after or {})["tags"])
            self.client.tag_resource(ResourceArn=dict(plan.before or {})["arn"], ResourceTags=tags)


class Monitor(Anomalies):
    kind = "AWS::CE::AnomalyMonitor"
    plural = "anomaly_monitors"
    no_log: ClassVar[dict[str, bool]] = {"tag_key": False}
    frozen = ("monitor_dimension", "tag")

    def validate(self, item: Item) -> Iterable[str]:
        return _cost_explorer.monitor_problems(item)

    def desired(self, item: Item) -> Item:
        return _cost_explorer.monitor(item)

    def observe(self) -> dict[str, Item]:
        """Those that are ours or declared by name, and of others those of a declared dimension."""
        entries = self._listed("get_anomaly_monitors", "AnomalyMonitors")
        if isinstance(entries, str):
            return self._off(entries)
        wanted = {item["name"]: item["monitor_dimension"] for item in self.options[self.plural]}
        meant = [each for each in entries if self._meant(each["MonitorName"]) or self._dimension(each, wanted)]
        found = _aws.concurrently(self._observed, meant)
        named = {each["name"]: each for each in found}
        missing = {name: dimension for name, dimension in wanted.items() if dimension and name not in named}
        of_dimension = {each["monitor_dimension"]: each for each in found if each["monitor_dimension"]}
        served = {name: of_dimension[each] for name, each in missing.items() if each in of_dimension}
        return {**{name: each for name, each in named.items() if self._meant(name)}, **served}

    @staticmethod
    def _dimension(entry: dict[str, Any], wanted: dict[str, Any]) -> bool:
        return bool(entry.get("MonitorDimension")) and entry["MonitorDimension"] in wanted.values()

    def _observed(self, entry: dict[str, Any]) -> Item:
        return {
            **_cost_explorer.monitor_from_aws(entry),
            "name": entry["MonitorName"],
            "arn": entry["MonitorArn"],
            "tags": self._tags_of(entry["MonitorArn"]),
        }

    def let_be(self, name: str, observed: Item) -> str:
        """Of a dimension there is no second one; a monitor by a tag that bears our name is refused as anything is."""
        why = super().let_be(name, observed)
        if why or not observed["monitor_dimension"] or _tags.owns(self.options["tags"], observed["tags"]):
            return why
        return _guards.note("the monitor of unusual costs", str(observed["name"]), observed["tags"])

    def create(self, name: str, desired: Item) -> None:
        monitor, tags = _cost_explorer.monitor_to_aws(name, desired), _tags.to_list(desired["tags"])
        self.client.create_anomaly_monitor(AnomalyMonitor=monitor, ResourceTags=tags)

    def update(self, name: str, plan: Plan) -> None:
        self._retag(plan)

    def delete(self, name: str, observed: Item) -> None:
        delete = self.client.delete_anomaly_monitor
        _aws.absent_as(None, lambda: delete(MonitorArn=observed["arn"]), "UnknownMonitorException")


class Subscription(Anomalies):
    kind = "AWS::CE::AnomalySubscription"
    plural = "anomaly_subscriptions"

    def validate(self, item: Item) -> Iterable[str]:
        monitors = [each["name"] for each in self.options["anomaly_monitors"]]
        return _cost_explorer.subscription_problems(item, monitors)

    def desired(self, item: Item) -> Item:
        return {option: item[option] for option in ("threshold", "topic_arn")} | {"monitors": sorted(item["monitors"])}

    def observe(self) -> dict[str, Item]:
        entries = self._listed("get_anomaly_subscriptions", "AnomalySubscriptions")
        if isinstance(entries, str):
            return self._off(entries)
        meant = [each for each in entries if self._meant(each["SubscriptionName"])]
        names = {arn: name for name, arn in self._monitors().items()} if meant else {}
        found = _aws.concurrently(lambda entry: self._observed(entry, names), meant)
        return {str(each.pop("name")): each for each in found}

    def _monitors(self) -> dict[str, str]:
        """The monitors' ARNs by their names, as the other kind has them."""
        found = Monitor(self.connect, self.options).observe()
        return {name: each["arn"] for name, each in found.items() if "arn" in each}

    def _seen(self, wanted: Item) -> dict[str, str]:
        """The same once AWS lists all that are wanted, as one was perhaps just made."""
        return _wait.until(self._monitors, set(wanted["monitors"]).issubset, "its monitors", self.deadline, pause=2)

    def _observed(self, entry: dict[str, Any], names: dict[str, str]) -> Item:
        return {
            **_cost_explorer.subscription_from_aws(entry, names),
            "name": entry["SubscriptionName"],
            "arn": entry["SubscriptionArn"],
            "tags": self._tags_of(entry["SubscriptionArn"]),
        }

    def create(self, name: str, desired: Item) -> None:
        request = _cost_explorer.subscription_to_aws(name, desired, self._seen(desired))
        tags = _tags.to_list(desired["tags"])
        self.client.create_anomaly_subscription(AnomalySubscription=request, ResourceTags=tags)

    def update(self, name: str, plan: Plan) -> None:
        if plan.options - {"tags"}:
            after = dict(plan.after or {})
            request = _cost_explorer.subscription_to_aws(name, after, self._seen(after))
            arn = dict(plan.before or {})["arn"]
            self.client.update_anomaly_subscription(SubscriptionArn=arn, **request)
        self._retag(plan)

    def delete(self, name: str, observed: Item) -> None:
        delete = self.client.delete_anomaly_subscription
        _aws.absent_as(None, lambda: delete(SubscriptionArn=observed["arn"]), "UnknownSubscriptionException")


def main() -> None:
    run(Monitor, DOCUMENTATION, Subscription)


if __name__ == "__main__":
    main()
