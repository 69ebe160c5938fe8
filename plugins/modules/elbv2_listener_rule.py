#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: elbv2_listener_rule
short_description: Manage the rules of a listener as one set
description:
  - Creates, changes, reorders and prunes the rules by which one listener forwards requests to target groups.
  - Rules whose priority moves are reordered in one call before anything is created, so that they may swap priorities.
version_added: "0.1.0"
options:
  listener_arn:
    description: ARN of the listener.
    type: str
    required: true
  rules:
    description: The rules.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Value of the tag C(Name), which identifies the rule.
        type: str
        required: true
      priority:
        description: The rule with the lowest number that matches wins, from 1 to 50000.
        type: int
        required: true
      path_patterns:
        description: Paths of which one must match, with C(*) and C(?). C(/x/*) does not match C(/x).
        type: list
        elements: str
      host_headers:
        description: Host names of which one must match, with C(*) and C(?).
        type: list
        elements: str
      http_header:
        description: A header that must be there with one of the values.
        type: dict
        suboptions:
          http_header_name:
            description: The header's name.
            type: str
            required: true
          values:
            description: Values, with C(*) and C(?).
            type: list
            elements: str
            required: true
      target_groups:
        description: Where matching requests go.
        type: list
        elements: dict
        required: true
        suboptions:
          target_group_arn:
            description: ARN of the target group.
            type: str
            required: true
          weight:
            description: Share of the requests, from 0 to 999.
            type: int
            default: 1
      ignore_weights:
        description:
          - Leave the weights to somebody else, such as an ECS service that shifts traffic between two target groups.
          - The declared weights count at creation only; later ones are neither compared nor written back.
        type: bool
        default: false
      url_rewrite:
        description: Changes the path before the request is forwarded. An empty mapping removes the change.
        type: dict
        suboptions:
          regex:
            description: What is replaced, a regular expression.
            type: str
          replace:
            description: By what; C($1) is the expression's first group.
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
- name: One service's requests
  uex.payments.elbv2_listener_rule:
    listener_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/uex-payments-dev-alb/0123/4567
    rules:
      - name: uex-payments-dev-presentation
        priority: 10
        path_patterns: [/presentation, /presentation/*]
        target_groups:
          - target_group_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/presentation/0123
    tags: {Project: uex-payments, Environment: dev, Layer: edge, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
rules:
  description:
    - The rules by name, with C(rule_arn) and their properties.
    - C(target_groups) is a list of ARNs and C(weights) a mapping of them to their share.
  returned: success
  type: dict
"""

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _elbv2, _elbv2_rules, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class Rule(Resource):
    kind = "AWS::ElasticLoadBalancingV2::ListenerRule"
    service = "elbv2"
    plural = "rules"
    computed = ("rule_arn",)
    name_tag = True

    def __init__(self, connect: Any, options: Mapping[str, Any]) -> None:
        super().__init__(connect, options)
        self._moving = threading.Lock()
        self._moved = False

    def validate(self, item: Item) -> Iterable[str]:
        return _elbv2_rules.problems(item)

    def desired(self, item: Item) -> Item:
        return _elbv2_rules.desired(item)

    def observe(self) -> dict[str, Item]:
        arn = self.options["listener_arn"]
        if not _aws.is_known(arn):
            return {}
        entries = _aws.pages(self.client, "describe_rules", "Rules", ListenerArn=arn)
        found = [entry for entry in entries if not entry["IsDefault"]]
        tags = _elbv2.tags_by_arn(self.client, [entry["RuleArn"] for entry in found])
        named = {tags[entry["RuleArn"]].get("Name", entry["RuleArn"]): entry for entry in found}
        return {name: {**_elbv2_rules.observed(entry), "tags": tags[entry["RuleArn"]]} for name, entry in named.items()}

    def _make_room(self) -> None:
        """Once, after the deletions and before all else: put existing rules where they belong, in one call."""
        with self._moving:
            if self._moved:
                return
            self._moved = True
            moves = _elbv2_rules.moves(self.wanted(), self.observe())
            if moves:
                self.client.set_rule_priorities(RulePriorities=moves)

    def create(self, name: str, desired: Item) -> None:
        self._make_room()
        declared = next(item for item in self.options["rules"] if item["name"] == name)
        arguments = {
            "ListenerArn": self.options["listener_arn"],
            "Priority": desired["priority"],
            "Conditions": _elbv2_rules.conditions(desired),
            "Actions": [_elbv2_rules.forward(_elbv2_rules.weights(declared))],
            "Transforms": _elbv2_rules.transforms(desired["url_rewrite"]) or None,
            "Tags": _tags.to_list(desired["tags"]),
        }
        self.client.create_rule(**_aws.declared(arguments))

    def update(self, name: str, plan: Plan) -> None:
        self._make_room()
        arn = (plan.before or {})["rule_arn"]
        declared = next(item for item in self.options["rules"] if item["name"] == name)
        arguments = _elbv2_rules.modification(plan, _elbv2_rules.weights(declared))
        if arguments:
            self.client.modify_rule(RuleArn=arn, **arguments)
        _elbv2.update_tags(self.client, arn, plan)

    def delete(self, name: str, observed: Item) -> None:
        arn = observed["rule_arn"]
        _aws.absent_as(None, lambda: self.client.delete_rule(RuleArn=arn), "RuleNotFound")


def main() -> None:
    run(Rule, DOCUMENTATION)


if __name__ == "__main__":
    main()
