#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: applicationautoscaling_scheduled_action
short_description: Manage the scheduled scaling of an ECS cluster's services as one set
description:
  - Creates, changes and prunes the actions that set a service's fewest and most tasks at certain times.
  - AWS cannot tag scheduled actions. One is ours when it is about one of O(services) and its name begins with that
    service's name and a hyphen.
version_added: "0.1.0"
options:
  cluster:
    description: Name of the cluster.
    type: str
    required: true
  services:
    description: Names of the services whose actions these are. The actions of others go with their scalable target.
    type: list
    elements: str
    required: true
  scheduled_actions:
    description: The actions.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The action's name.
        type: str
        required: true
      service:
        description: Name of the service. Cannot change.
        type: str
        required: true
      schedule:
        description: When, as C(cron(minutes hours day month weekday year)), C(rate(number unit)) or C(at(time)).
        type: str
        required: true
      timezone:
        description: Time zone of the schedule by its IANA name. UTC unless given.
        type: str
      min_capacity:
        description: Fewest tasks from then on. Left as they are when not given.
        type: int
      max_capacity:
        description: Most tasks from then on. Left as they are when not given.
        type: int
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: No tasks at night
  uex.payments.applicationautoscaling_scheduled_action:
    cluster: uex-payments-dev
    services: [uex-payments-dev-presentation]
    scheduled_actions:
      - name: uex-payments-dev-presentation-evening
        service: uex-payments-dev-presentation
        schedule: cron(0 20 * * ? *)
        timezone: Europe/Berlin
        min_capacity: 0
        max_capacity: 0
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
scheduled_actions:
  description: The actions by name, with C(scheduled_action_arn) and their properties.
  returned: success
  type: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _scaling
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


def described(entry: Mapping[str, Any]) -> Item:
    """An entry of DescribeScheduledActions in the words of the options."""
    capacity = entry.get("ScalableTargetAction") or {}
    return {
        "scheduled_action_arn": entry["ScheduledActionARN"],
        "service": _scaling.service_of(entry),
        "schedule": entry["Schedule"],
        "timezone": entry.get("Timezone") or "UTC",
        "min_capacity": capacity.get("MinCapacity"),
        "max_capacity": capacity.get("MaxCapacity"),
    }


class ScheduledAction(Resource):
    kind = "AWS::ApplicationAutoScaling::ScheduledAction"
    service = _scaling.SERVICE
    plural = "scheduled_actions"
    frozen = ("service",)
    computed = ("scheduled_action_arn",)
    taggable = False

    def validate(self, item: Item) -> Iterable[str]:
        problem = _scaling.schedule_problem(item["schedule"])
        if problem:
            yield f"schedule: {problem}"
        if item["min_capacity"] is None and item["max_capacity"] is None:
            yield "min_capacity: it or max_capacity is needed"
        if item["service"] not in self.options["services"]:
            yield f"service: {item['service']} is not among services"

    def desired(self, item: Item) -> Item:
        given = {key: value for key, value in item.items() if key != "name"}
        return _aws.declared({**given, "timezone": item["timezone"] or "UTC"})

    def observe(self) -> dict[str, Item]:
        region = {"ServiceNamespace": _scaling.NAMESPACE, "ScalableDimension": _scaling.DIMENSION}
        entries = _aws.pages(self.client, "describe_scheduled_actions", "ScheduledActions", **region)
        found = {e["ScheduledActionName"]: described(e) for e in _scaling.of_cluster(entries, self.options["cluster"])}
        return {name: item for name, item in found.items() if item["service"] in self.options["services"]}

    def owned(self, name: str, observed: Item) -> bool:
        return name.startswith(f"{observed['service']}-")

    def create(self, name: str, desired: Item) -> None:
        capacity = {"MinCapacity": desired.get("min_capacity"), "MaxCapacity": desired.get("max_capacity")}
        request: dict[str, Any] = {
            **self._identity(name, desired["service"]),
            "Schedule": desired["schedule"],
            "Timezone": desired["timezone"],
            "ScalableTargetAction": _aws.declared(capacity),
        }
        _scaling.change(lambda: self.client.put_scheduled_action(**request))

    def update(self, name: str, plan: Plan) -> None:
        self.create(name, dict(plan.after or {}))

    def delete(self, name: str, observed: Item) -> None:
        action = self._identity(name, observed["service"])
        remove = self.client.delete_scheduled_action
        _scaling.change(lambda: _aws.absent_as({}, lambda: remove(**action), "ObjectNotFoundException"))

    def _identity(self, name: str, service: str) -> dict[str, str]:
        return {**_scaling.resource(self.options["cluster"], service), "ScheduledActionName": name}


def main() -> None:
    run(ScheduledAction, DOCUMENTATION)


if __name__ == "__main__":
    main()
