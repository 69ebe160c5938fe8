#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: applicationautoscaling_scalable_target
short_description: Manage the scalable targets of an ECS cluster's services as one set
description:
  - Says between which counts Application Auto Scaling may move each service of a cluster. AWS itself moves a service
    that is outside of them.
  - Deregistering a target takes its policies and scheduled actions along.
version_added: "0.1.0"
options:
  cluster:
    description: Name of the cluster.
    type: str
    required: true
  scalable_targets:
    description: The targets.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the service.
        type: str
        required: true
      min_capacity:
        description: Fewest tasks.
        type: int
        required: true
      max_capacity:
        description: Most tasks.
        type: int
        required: true
      scheduled:
        description:
          - Which of the two counts scheduled actions move. These are set when the target is registered or resumed, and
            not compared afterwards.
        type: list
        elements: str
        choices: [min_capacity, max_capacity]
        default: []
      suspended:
        description: Whether nothing scales the service, for one that waits for its image.
        type: bool
        default: false
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Two to four tasks
  uex.payments.applicationautoscaling_scalable_target:
    cluster: uex-payments-dev
    scalable_targets:
      - {name: uex-payments-dev-presentation, min_capacity: 2, max_capacity: 4}
    tags: {Project: uex-payments, Environment: dev, Layer: compute, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
scalable_targets:
  description: The targets by the service's name, with C(scalable_target_arn) and their properties.
  returned: success
  type: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _scaling
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class ScalableTarget(Resource):
    kind = "AWS::ApplicationAutoScaling::ScalableTarget"
    service = _scaling.SERVICE
    plural = "scalable_targets"
    initial = ("initial",)
    computed = ("scalable_target_arn",)

    def validate(self, item: Item) -> Iterable[str]:
        if not 0 <= item["min_capacity"] <= item["max_capacity"]:
            yield f"min_capacity: {item['min_capacity']} is not between 0 and max_capacity {item['max_capacity']}"

    def desired(self, item: Item) -> Item:
        capacity = {key: item[key] for key in ("min_capacity", "max_capacity")}
        theirs = [] if item["suspended"] else item["scheduled"]
        compared = {key: value for key, value in capacity.items() if key not in theirs}
        return {**compared, "suspended": item["suspended"], "initial": capacity}

    def observe(self) -> dict[str, Item]:
        found = _scaling.targets(self.client, self.options["cluster"])
        return dict(zip(found, _aws.concurrently(self._described, found.values()), strict=True))

    def _described(self, entry: Mapping[str, Any]) -> Item:
        arn = entry["ScalableTargetARN"]
        return {
            "scalable_target_arn": arn,
            "min_capacity": entry["MinCapacity"],
            "max_capacity": entry["MaxCapacity"],
            "suspended": _scaling.is_suspended(entry),
            "tags": self.client.list_tags_for_resource(ResourceARN=arn)["Tags"],
        }

    def create(self, name: str, desired: Item) -> None:
        self._register(name, desired, Tags=desired["tags"])

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        if "tags" in plan.options:
            self.client.tag_resource(ResourceARN=before["scalable_target_arn"], Tags=after["tags"])
        if plan.options - {"tags"}:
            self._register(name, self._written(plan))

    @staticmethod
    def _written(plan: Plan) -> Item:
        """A target that is resumed leaves the zero it waited with; one that is changed keeps what schedules moved."""
        after = dict(plan.after or {})
        if "suspended" in plan.options:
            return after
        counts = {key: after[key] for key in ("min_capacity", "max_capacity") if key in after}
        return {**after, "initial": counts}

    def _register(self, name: str, desired: Item, **more: Any) -> None:
        capacity = desired["initial"]
        request = {
            **_scaling.resource(self.options["cluster"], name),
            **_aws.declared({"MinCapacity": capacity.get("min_capacity"), "MaxCapacity": capacity.get("max_capacity")}),
            "SuspendedState": _scaling.suspended_state(desired["suspended"]),
            **more,
        }
        _scaling.change(lambda: self.client.register_scalable_target(**request))

    def delete(self, name: str, observed: Item) -> None:
        target = _scaling.resource(self.options["cluster"], name)
        deregister = self.client.deregister_scalable_target
        _scaling.change(lambda: _aws.absent_as({}, lambda: deregister(**target), "ObjectNotFoundException"))


def main() -> None:
    run(ScalableTarget, DOCUMENTATION)


if __name__ == "__main__":
    main()
