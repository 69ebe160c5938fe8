#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: elbv2_listener_rule
short_description: Manage the rules of a load balancer's listeners as one set
description:
  - Creates, changes, reorders and prunes the rules by which the listeners of one load balancer answer requests.
  - Rules whose priority moves are reordered in one call a listener before anything is created, so that they may swap
    priorities.
  - A rule that goes to another listener is made anew.
version_added: "0.1.0"
options:
  load_balancer_arn:
    description: ARN of the load balancer. Its listeners are found by their ports.
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
      port:
        description: Port of the listener that the rule belongs to.
        type: int
        default: 443
      priority:
        description: The rule with the lowest number that matches wins, from 1 to 50000.
        type: int
        required: true
      path_patterns:
        description: >-
          Paths of which one must match, with C(*) and C(?); upper and lower case differ. C(/x/*) does not match C(/x).
        type: list
        elements: str
      host_headers:
        description: Host names of which one must match, with C(*) and C(?).
        type: list
        elements: str
      source_ips:
        description: Ranges in CIDR notation, of which one must hold the address that connects.
        type: list
        elements: str
      http_request_methods:
        description: Methods of which one must be the request's, in upper case.
        type: list
        elements: str
      http_headers:
        description: Headers that must all be there, each with one of its values.
        type: list
        elements: dict
        suboptions:
          http_header_name:
            description: The header's name; upper and lower case are the same.
            type: str
            required: true
          values:
            description: Values, with C(*) and C(?); upper and lower case are the same.
            type: list
            elements: str
            required: true
      query_strings:
        description: Parameters of the query of which one must be there.
        type: list
        elements: dict
        suboptions:
          key:
            description: The parameter's name. Without one, any parameter.
            type: str
          value:
            description: Its value, with C(*) and C(?).
            type: str
            required: true
      target_groups:
        description: Where matching requests go. Exactly one of this and the two other actions.
        type: list
        elements: dict
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
          - The declared weights count at creation only; later ones are neither compared nor written back. A declared
            target group that is not in the rule is no difference, as long as another one of them is.
        type: bool
        default: false
      target_group_stickiness:
        description: Seconds that a client stays with one of several target groups, from 1 to 604800; 0 for not.
        type: int
      redirect_config:
        description: Where matching requests are sent instead. Undeclared parts stay as requested.
        type: dict
        suboptions:
          protocol:
            description: The new protocol.
            type: str
          port:
            description: The new port.
            type: str
          host:
            description: The new host name.
            type: str
          path:
            description: The new path.
            type: str
          query:
            description: The new query.
            type: str
          status_code:
            description: Permanent (301) or temporary (302).
            type: str
            choices: [HTTP_301, HTTP_302]
            required: true
      fixed_response_config:
        description: The answer that the load balancer gives itself.
        type: dict
        suboptions:
          status_code:
            description: A status code that begins with 2, 4 or 5.
            type: str
            required: true
          content_type:
            description: Type of the body.
            type: str
            choices: [text/plain, text/css, text/html, application/javascript, application/json]
          message_body:
            description: The body, at most 1024 characters.
            type: str
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
  retired:
    description: >-
      Names of rules of ours that go in any run in which they are not declared, pruning or not: what is switched off
      must be off at once.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: One service's requests
  uex.payments.elbv2_listener_rule:
    load_balancer_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/uex-payments-dev-alb/0123
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
from types import MappingProxyType
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _elbv2, _elbv2_rules, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Objection, Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class Rule(Resource):
    kind = "AWS::ElasticLoadBalancingV2::ListenerRule"
    service = "elbv2"
    plural = "rules"
    replaceable = ("port",)
    computed = ("rule_arn",)
    name_tag = True
    no_log = MappingProxyType({"key": False})  # of a query's parameter

    def __init__(self, connect: Any, options: Mapping[str, Any]) -> None:
        super().__init__(connect, options)
        self._moving = threading.Lock()
        self._moved = False
        self._listeners: dict[int, str] = {}
        self._staying: dict[str, Item] = {}

    def validate(self, item: Item) -> Iterable[str]:
        return _elbv2_rules.problems(item)

    def desired(self, item: Item) -> Item:
        return _elbv2_rules.desired(item)

    def objection(self, plan: Plan) -> Objection | None:
        return _elbv2_rules.objection(plan, self._staying)

    def observe(self) -> dict[str, Item]:
        arn = self.options["load_balancer_arn"]
        if not _aws.is_known(arn):
            return {}
        self._listeners = _elbv2.listeners_by_port(self.client, arn)
        rules = _aws.concurrently(lambda listener: _elbv2.rules(self.client, listener), self._listeners.values())
        found = [(port, entry) for port, some in zip(self._listeners, rules, strict=True) for entry in some]
        tags = _elbv2.tags_by_arn(self.client, [entry["RuleArn"] for _port, entry in found])
        declared = {item["name"]: item for item in self.options["rules"]}
        named = [(str(tags[entry["RuleArn"]].get("Name", entry["RuleArn"])), port, entry) for port, entry in found]
        # Of two with a name, the one on the declared port has it.
        named.sort(key=lambda each: each[0] in declared and declared[each[0]].get("port") == each[1])
        observed = {
            name: {**self._observed(entry, declared.get(name)), "port": port, "tags": tags[entry["RuleArn"]]}
            for name, port, entry in named
        }
        self._staying = {
            name: rule for name, rule in observed.items() if name not in declared and not self.prunes(name, rule)
        }
        return observed

    def _observed(self, entry: Mapping[str, Any], declared: Item | None) -> Item:
        found = _elbv2_rules.observed(entry)
        bare = declared is None or self.options.get("only_prune")
        return found if bare else _elbv2_rules.delegated(found, declared or {})

    def _make_room(self) -> None:
        """Once, after the deletions and before all else: put existing rules where they belong, in a call a listener."""
        with self._moving:
            if self._moved:
                return
            self._moved = True
            wanted, found = self.wanted(), self.observe()
            for port in self._listeners:
                here = {name: item for name, item in wanted.items() if item["port"] == port}
                moves = _elbv2_rules.moves(here, found)
                if moves:
                    self.client.set_rule_priorities(RulePriorities=moves)

    def create(self, name: str, desired: Item) -> None:
        self._make_room()
        arguments = {
            "ListenerArn": self._listeners[desired["port"]],
            "Priority": desired["priority"],
            "Conditions": _elbv2_rules.conditions(desired),
            "Actions": [_elbv2_rules.action(desired, self._shares(name))],
            "Transforms": _elbv2_rules.transforms(desired["url_rewrite"]) or None,
            "Tags": _tags.to_list(desired["tags"]),
        }
        self.client.create_rule(**_aws.declared(arguments))

    def _shares(self, name: str) -> dict[str, int]:
        return _elbv2_rules.weights(next(item for item in self.options["rules"] if item["name"] == name))

    def update(self, name: str, plan: Plan) -> None:
        self._make_room()
        arn = (plan.before or {})["rule_arn"]
        arguments = _elbv2_rules.modification(plan, self._shares(name))
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
