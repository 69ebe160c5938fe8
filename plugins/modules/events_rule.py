#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: events_rule
short_description: Manage EventBridge rules with their targets as one set
description:
  - Creates, changes and prunes rules of the default event bus that match events, with all of their targets.
  - A topic or queue that is a target must let C(events.amazonaws.com) in by its own policy. SNS knows no conditions
    for it.
version_added: "0.1.0"
options:
  rules:
    description: The rules.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the rule, at most 64 letters, digits, dots, hyphens and underscores.
        type: str
        required: true
      description:
        description: What the rule is for.
        type: str
      event_pattern:
        description: What events it matches, at most 2048 characters as JSON.
        type: dict
        required: true
      enabled:
        description: Whether it matches at all.
        type: bool
        default: true
      targets:
        description: Where events go, at most 5. Others that the rule has are removed, unless this is not given.
        type: list
        elements: dict
        suboptions:
          id:
            description: Name of the target within the rule.
            type: str
            required: true
          arn:
            description: ARN of the target.
            type: str
            required: true
          input_paths:
            description: Words of the message and the path of each into the event, such as V($.detail.reason).
            type: dict
          input_template:
            description: The message, with its words as C(<word>). A text stands in double quotes. The event itself when
              not given.
            type: str
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Failed deployments
  uex.payments.events_rule:
    rules:
      - name: uex-payments-dev-deployment-failed
        event_pattern:
          source: [aws.ecs]
          detail-type: [ECS Deployment State Change]
          detail: {eventName: [SERVICE_DEPLOYMENT_FAILED]}
        targets:
          - id: critical
            arn: arn:aws:sns:us-east-1:123456789012:uex-payments-dev-critical
            input_paths: {service: "$.resources[0]"}
            input_template: '"Deployment of <service> failed"'
    tags: {Project: uex-payments, Environment: dev, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
rules:
  description: The rules by name, with C(arn) and their properties.
  returned: success
  type: dict
"""

import json
from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _event_rules, _owned, _tags
from ansible_collections.uex.payments.plugins.module_utils._calls import Refused
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

GONE = "ResourceNotFoundException"


def canonical(pattern: dict[str, Any]) -> str:
    """One text for one pattern, so that one which matches less is not taken for the same."""
    return json.dumps(pattern, sort_keys=True, separators=(",", ":"))


def normal(targets: Iterable[Item]) -> list[Item]:
    """Targets as they are compared, sorted by id."""
    found = [
        {**each, "input_paths": each.get("input_paths") or {}, "input_template": each.get("input_template") or ""}
        for each in targets
    ]
    return sorted(found, key=lambda each: str(each["id"]))


def to_aws(target: Item) -> dict[str, Any]:
    transformer = {"InputPathsMap": target["input_paths"], "InputTemplate": target["input_template"]}
    given = {"InputTransformer": transformer} if target["input_template"] else {}
    return {"Id": target["id"], "Arn": target["arn"], **given}


def from_aws(target: dict[str, Any]) -> Item:
    transformer = target.get("InputTransformer") or {}
    return {
        "id": target["Id"],
        "arn": target["Arn"],
        "input_paths": transformer.get("InputPathsMap"),
        "input_template": transformer.get("InputTemplate"),
    }


class Rule(Resource):
    kind = "AWS::Events::Rule"
    service = "events"
    plural = "rules"
    computed = ("arn",)

    def validate(self, item: Item) -> Iterable[str]:
        return _event_rules.problems(item)

    def desired(self, item: Item) -> Item:
        return {
            "description": item["description"],
            "event_pattern": canonical(item["event_pattern"]),
            "state": "ENABLED" if item["enabled"] else "DISABLED",
            "targets": None if item["targets"] is None else normal(item["targets"]),
        }

    def observe(self) -> dict[str, Item]:
        declared = {item["name"] for item in self.options["rules"]}
        ours = set(_owned.arns(self.connect, self.options["tags"], "events:rule"))
        every = _aws.pages(self.client, "list_rules", "Rules")
        meant = [rule for rule in every if rule["Arn"] in ours or rule["Name"] in declared]
        return dict(_aws.concurrently(self._observed, meant))

    def _observed(self, rule: dict[str, Any]) -> tuple[str, Item]:
        targets = _aws.pages(self.client, "list_targets_by_rule", "Targets", Rule=rule["Name"])
        return rule["Name"], {
            "arn": rule["Arn"],
            "description": rule.get("Description") or "",
            "event_pattern": canonical(json.loads(rule.get("EventPattern") or "{}")),
            "state": rule["State"],
            "targets": normal(map(from_aws, targets)),
            "tags": _tags.to_dict(self.client.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]),
        }

    def create(self, name: str, desired: Item) -> None:
        self._put(name, desired, Tags=_tags.to_list(desired["tags"]))
        self._put_targets(name, desired["targets"] or [])

    def update(self, name: str, plan: Plan) -> None:
        before, after = dict(plan.before or {}), dict(plan.after or {})
        if plan.options & {"description", "event_pattern", "state"}:
            self._put(name, {**after, "description": after["description"] or before["description"]})
        if "targets" in plan.options:
            kept = {each["id"] for each in after["targets"]}
            self._remove_targets(name, [each["id"] for each in before["targets"] if each["id"] not in kept])
            self._put_targets(name, [each for each in after["targets"] if each not in before["targets"]])
        if "tags" in plan.options:
            self.client.tag_resource(ResourceARN=before["arn"], Tags=_tags.to_list(after["tags"]))

    def _put(self, name: str, rule: Item, **more: Any) -> None:
        """What a request leaves out AWS resets; tags count only for a rule that is new."""
        self.client.put_rule(
            Name=name,
            Description=rule["description"] or "",
            EventPattern=rule["event_pattern"],
            State=rule["state"],
            **more,
        )

    def _put_targets(self, name: str, targets: list[Item]) -> None:
        if targets:
            demand_all(self.client.put_targets(Rule=name, Targets=[to_aws(each) for each in targets]))

    def _remove_targets(self, name: str, ids: list[str]) -> None:
        if ids:
            demand_all(self.client.remove_targets(Rule=name, Ids=ids))

    def delete(self, name: str, observed: Item) -> None:
        """A rule with targets cannot be deleted."""
        ids = [each["id"] for each in observed["targets"]]
        _aws.absent_as(None, lambda: self._remove_targets(name, ids), GONE)
        _aws.absent_as(None, lambda: self.client.delete_rule(Name=name), GONE)


def demand_all(answer: dict[str, Any]) -> None:
    """Raise Refused for the first target that AWS reports as failed inside a success."""
    for entry in answer.get("FailedEntries") or []:
        raise Refused({"Code": entry.get("ErrorCode", ""), "Message": entry.get("ErrorMessage", "")})


def main() -> None:
    run(Rule, DOCUMENTATION)


if __name__ == "__main__":
    main()
