#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: wafv2_web_acl
short_description: Manage the web ACLs of AWS WAF as one set
description:
  - Creates, changes and prunes web ACLs for load balancers, with their rules, the load balancers that they are in front
    of, and their log.
  - Rules are asked in this order; addresses that are kept out, addresses that are let in, addresses that ask too often,
    groups of rules that AWS or somebody else manages. Other rules that somebody added go with the next change.
  - Every rule has metrics and samples of requests.
  - What changed in between is read again before it is written. What AWS WAF does not see yet, as a load balancer that
    was made a moment ago, is tried for two minutes.
version_added: "0.1.0"
options:
  web_acls:
    description: The web ACLs.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, which identifies it.
        type: str
        required: true
      default_action:
        description: What happens to a request that no rule decides on.
        type: str
        choices: [allow, block]
        default: allow
      denied_ip_set_arn:
        description: ARN of an IP set whose addresses are kept out.
        type: str
      allowed_ip_set_arn:
        description: ARN of an IP set whose addresses are let in, whatever the later rules say.
        type: str
      rate_limit:
        description: How many requests an address may send before it is kept out, until it sends fewer.
        type: dict
        suboptions:
          limit:
            description: Requests in the window, from 10.
            type: int
            required: true
          evaluation_window:
            description: Seconds that are counted, 60, 120, 300 or 600.
            type: int
            default: 300
      managed_rule_groups:
        description: Groups of rules, in the order in which they are asked.
        type: list
        elements: dict
        default: []
        suboptions:
          name:
            description: The group's name, such as V(AWSManagedRulesCommonRuleSet).
            type: str
            required: true
          vendor_name:
            description: Whose group it is.
            type: str
            default: AWS
          version:
            description: One of its versions. Empty for the vendor's default, which changes with time.
            type: str
            default: ""
          count:
            description: Count what it would do, and let everything through.
            type: bool
            default: false
          overrides:
            description: >-
              What single rules of the group do instead, by their names; V(allow), V(block), V(count), V(captcha) or
              V(challenge).
            type: dict
            default: {}
      resource_arns:
        description: ARNs of the load balancers that it is in front of; others are let go. Undeclared stays as it is.
        type: list
        elements: str
      logging:
        description: Where requests are logged. Undeclared is not logged.
        type: dict
        suboptions:
          log_destination:
            description: ARN of a bucket, log group or delivery stream whose name begins with C(aws-waf-logs-).
            type: str
            required: true
          redacted_headers:
            description: Headers that are not in the log, in lower case.
            type: list
            elements: str
            default: [authorization, cookie]
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: AWS's own rules and a rate limit
  uex.payments.wafv2_web_acl:
    web_acls:
      - name: uex-payments-dev
        rate_limit: {limit: 2000}
        managed_rule_groups:
          - name: AWSManagedRulesCommonRuleSet
            overrides: {SizeRestrictions_BODY: count}
          - name: AWSManagedRulesSQLiRuleSet
            count: true
    tags: {Project: uex-payments, Environment: dev, Layer: edge, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
web_acls:
  description:
    - The web ACLs by name, with C(arn), C(capacity) in AWS's units and their properties.
    - C(order) has the names of all rules in their order.
  returned: success
  type: dict
"""

from collections.abc import Iterable

from ansible_collections.uex.payments.plugins.module_utils import _aws, _tags, _waf
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

BALANCERS = "APPLICATION_LOAD_BALANCER"
UNAVAILABLE = "WAFUnavailableEntityException"


class WebAcl(Resource):
    kind = "AWS::WAFv2::WebACL"
    service = "wafv2"
    plural = "web_acls"
    computed = ("arn", "capacity")
    deadline = 120

    def validate(self, item: Item) -> Iterable[str]:
        return _waf.problems(item)

    def desired(self, item: Item) -> Item:
        return _waf.desired(item)

    def observe(self) -> dict[str, Item]:
        listed = _waf.summaries(self.client, "list_web_acls", "WebACLs")
        names = [item["name"] for item in self.options["web_acls"]]
        ours = _waf.relevant(self.client, listed, names, self.options["tags"])
        found = _aws.concurrently(self._observed, ours)
        return {entry["Name"]: item for entry, item in zip(ours, found, strict=True) if item}

    def _observed(self, entry: Item) -> Item | None:
        place, arn = self._place(entry["Name"], entry["Id"]), entry["ARN"]
        answer: Item | None = _aws.absent_as(None, lambda: self.client.get_web_acl(**place), _waf.ABSENT)
        if answer is None:
            return None
        return {
            **_waf.observed(answer["WebACL"]),
            "resource_arns": self._resources(arn),
            "logging": self._logging(arn),
            "tags": entry["tags"],
        }

    def _place(self, name: str, identifier: str) -> Item:
        return {"Name": name, "Scope": _waf.SCOPE, "Id": identifier}

    def _resources(self, arn: str) -> list[str]:
        none: Item = {"ResourceArns": []}
        listing = {"WebACLArn": arn, "ResourceType": BALANCERS}
        answer = _aws.absent_as(none, lambda: self.client.list_resources_for_web_acl(**listing), _waf.ABSENT)
        return sorted(answer["ResourceArns"])

    def _logging(self, arn: str) -> Item:
        answer: Item | None = _aws.absent_as(
            None, lambda: self.client.get_logging_configuration(ResourceArn=arn), _waf.ABSENT
        )
        return _waf.logging_of(answer["LoggingConfiguration"]) if answer else {}

    def create(self, name: str, desired: Item) -> None:
        """IP sets made a moment ago may not be seen yet."""
        arguments = {"Name": name, "Scope": _waf.SCOPE, **_waf.request(desired, name)}
        tags = _tags.to_list(desired["tags"])
        made = _waf.changed(lambda: self.client.create_web_acl(**arguments, Tags=tags), UNAVAILABLE)
        self._put_in_front(made["Summary"]["ARN"], desired["resource_arns"] or [], [])
        self._log(made["Summary"]["ARN"], desired["logging"])

    def update(self, name: str, plan: Plan) -> None:
        before, after = dict(plan.before or {}), dict(plan.after or {})
        if plan.options & {*_waf.CONTENT, "metrics"}:
            _waf.changed(lambda: self._rewrite(name, before["id"], after), UNAVAILABLE)
        if "resource_arns" in plan.options:
            self._put_in_front(before["arn"], after["resource_arns"], before["resource_arns"])
        if "logging" in plan.options:
            self._log(before["arn"], after["logging"])
        if "tags" in plan.options:
            self.client.tag_resource(ResourceARN=before["arn"], Tags=_tags.to_list(after["tags"]))

    def _rewrite(self, name: str, identifier: str, after: Item) -> None:
        """All of it, as AWS takes away what is not said again; with the latest token."""
        place = self._place(name, identifier)
        answer = self.client.get_web_acl(**place)
        kept = {key: answer["WebACL"][key] for key in _waf.KEPT if answer["WebACL"].get(key)}
        self.client.update_web_acl(**place, **kept, **_waf.request(after, name), LockToken=answer["LockToken"])

    def _put_in_front(self, arn: str, wanted: Iterable[str], found: Iterable[str]) -> None:
        """A load balancer has one web ACL: it goes from another one to this."""
        for each in sorted(set(found) - set(wanted)):
            self.client.disassociate_web_acl(ResourceArn=each)
        for each in sorted(set(wanted) - set(found)):
            self._associate(arn, each)

    def _associate(self, arn: str, resource: str) -> None:
        _waf.changed(lambda: self.client.associate_web_acl(WebACLArn=arn, ResourceArn=resource), UNAVAILABLE)

    def _log(self, arn: str, logging: Item) -> None:
        if logging:
            configuration = _waf.logging_request(arn, logging)
            put = self.client.put_logging_configuration
            _waf.changed(lambda: put(LoggingConfiguration=configuration), UNAVAILABLE)
        else:
            _aws.absent_as(None, lambda: self.client.delete_logging_configuration(ResourceArn=arn), _waf.ABSENT)

    def delete(self, name: str, observed: Item) -> None:
        self._put_in_front(observed["arn"], [], observed["resource_arns"])
        _waf.delete(self.client, "web_acl", name, observed["id"])


def main() -> None:
    run(WebAcl, DOCUMENTATION)


if __name__ == "__main__":
    main()
