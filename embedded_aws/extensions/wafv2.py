# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""WAF: associations of load balancers, capacity, what is in use, and AWS's own error codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from moto.elbv2.models import elbv2_backends
from moto.wafv2.exceptions import WAFNonexistentItemException, WAFv2ClientError
from moto.wafv2.models import FakeWebACL, WAFV2Backend
from moto.wafv2.responses import WAFV2Response as Response

from ._operations import add
from ._patch import after, around, before

BALANCERS = "APPLICATION_LOAD_BALANCER"
LEAST_RATE = 10
WINDOWS = (60, 120, 300, 600)
MOST_CAPACITY = 5000
#: What AWS documents that rules cost, in capacity units; other groups are taken for small ones.
GROUPS = {
    "AWSManagedRulesAdminProtectionRuleSet": 100,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
    "AWSManagedRulesSQLiRuleSet": 200,
}
OTHER_GROUP = 50


def refuse(code: str, message: str) -> None:
    """Raise one of WAF's errors."""
    raise WAFv2ClientError(code, message)


def cost(statement: dict[str, Any]) -> int:
    """The capacity units of a rule's statement."""
    group = statement.get("ManagedRuleGroupStatement")
    if group:
        return GROUPS.get(group["Name"], OTHER_GROUP)
    return 2 if "RateBasedStatement" in statement else 1


def checked(backend: WAFV2Backend, rules: list[dict[str, Any]]) -> None:
    """Raise WAF's error for rules that it does not take."""
    priorities = [rule["Priority"] for rule in rules]
    names = [rule["Name"] for rule in rules]
    if len(set(priorities)) < len(rules) or len(set(names)) < len(rules):
        refuse("WAFInvalidParameterException", "Error reason: rules must have names and priorities of their own")
    for rule in rules:
        _statement(backend, rule["Statement"])
    if sum(cost(rule["Statement"]) for rule in rules) > MOST_CAPACITY:
        refuse("WAFLimitsExceededException", f"a web ACL may have {MOST_CAPACITY} capacity units")


def _statement(backend: WAFV2Backend, statement: dict[str, Any]) -> None:
    rate = statement.get("RateBasedStatement")
    if rate and rate["Limit"] < LEAST_RATE:
        refuse("WAFInvalidParameterException", f"Error reason: a rate limit is at least {LEAST_RATE}")
    if rate and rate.get("EvaluationWindowSec", 300) not in WINDOWS:
        refuse("WAFInvalidParameterException", f"Error reason: a window is one of {WINDOWS}")
    ip_set = statement.get("IPSetReferenceStatement")
    if ip_set and ip_set["ARN"] not in backend.ip_sets:
        raise WAFNonexistentItemException


def _rules(response: Response) -> list[dict[str, Any]]:
    return list(json.loads(response.body).get("Rules") or [])


def check_rules(self: Response) -> None:
    """Before CreateWebACL and UpdateWebACL."""
    checked(self.wafv2_backend, _rules(self))


def check_update(self: Response) -> None:
    """Before UpdateWebACL: its rules are all there are, none if none is given."""
    check_rules(self)
    body = json.loads(self.body)
    found = [each for each in self.wafv2_backend.wacls.values() if (each.name, each.id) == (body["Name"], body["Id"])]
    for each in found:
        each.without_rules = not body.get("Rules")  # type: ignore[attr-defined]


def updated(self: FakeWebACL, result: None, *_: Any) -> None:
    """After FakeWebACL.update: moto leaves rules as they are where none is given."""
    if getattr(self, "without_rules", False):
        self.rules = []


def shown(self: FakeWebACL, result: dict[str, Any]) -> dict[str, Any]:
    """After to_dict: the capacity of its rules; a rate is counted over five minutes unless it is said otherwise."""
    rules = [{**rule, "Statement": _full(rule["Statement"])} for rule in result["Rules"]]
    found = {**result, "Rules": rules, "Capacity": sum(cost(rule["Statement"]) for rule in rules)}
    return {key: value for key, value in found.items() if value is not None}


def _full(statement: dict[str, Any]) -> dict[str, Any]:
    rate = statement.get("RateBasedStatement")
    return {"RateBasedStatement": {"EvaluationWindowSec": 300, **rate}} if rate else statement


def balancers(backend: WAFV2Backend) -> set[str]:
    """The ARNs of the load balancers that exist."""
    return set(elbv2_backends[backend.account_id][backend.region_name].load_balancers)


def associated(backend: WAFV2Backend, acl: FakeWebACL) -> list[str]:
    """The load balancers in front of which a web ACL is; one that went has none."""
    there = balancers(backend)
    return [each for each in acl.associated_resources if ":loadbalancer/" not in each or each in there]


def check_association(self: WAFV2Backend, web_acl_arn: str, resource_arn: str) -> None:
    """Before AssociateWebACL: the load balancer exists, and leaves the web ACL that it had."""
    if web_acl_arn not in self.wacls:
        raise WAFNonexistentItemException
    if ":loadbalancer/" in resource_arn and resource_arn not in balancers(self):
        refuse("WAFUnavailableEntityException", "AWS WAF couldn't retrieve a resource that you specified.")
    for acl in self.wacls.values():
        acl.associated_resources = [each for each in acl.associated_resources if each != resource_arn]


def list_resources_for_web_acl(self: Response) -> tuple[int, dict[str, str], str]:
    """ListResourcesForWebACL: load balancers, unless another type is asked for."""
    acl = self.wafv2_backend.wacls.get(self._get_param("WebACLArn"))
    if acl is None:
        raise WAFNonexistentItemException
    wanted = self._get_param("ResourceType") or BALANCERS
    found = [
        each
        for each in associated(self.wafv2_backend, acl)
        if (":loadbalancer/" in each) is (wanted == BALANCERS) and wanted in (BALANCERS, "API_GATEWAY")
    ]
    return 200, {"Content-Type": "application/json"}, json.dumps({"ResourceArns": found})


def unused_acl(self: WAFV2Backend, name: str, scope: str, _id: str, lock_token: str) -> None:
    """Before DeleteWebACL: nothing is behind it."""
    acl = next((each for each in self.wacls.values() if (each.name, each.id) == (name, _id)), None)
    if acl and associated(self, acl):
        refuse("WAFAssociatedItemException", "AWS WAF couldn't perform the operation because your resource is in use")


def forgotten(original: Any, self: WAFV2Backend, name: str, scope: str, _id: str, lock_token: str) -> None:
    """DeleteWebACL: its log and tags go too."""
    gone = [arn for arn, each in self.wacls.items() if (each.name, each.id) == (name, _id)]
    original(self, name, scope, _id, lock_token)
    for arn in gone:
        self.logging_configurations.pop(arn, None)
        self.tagging_service.delete_all_tags_for_resource(arn)


def named_ip_sets(backend: WAFV2Backend) -> Iterator[str]:
    """The IP sets that rules of web ACLs name."""
    for acl in backend.wacls.values():
        for rule in acl.rules:
            yield rule.statement.get("IPSetReferenceStatement", {}).get("ARN", "")


def unused_ip_set(self: WAFV2Backend, name: str, scope: str, _id: str, lock_token: str) -> None:
    """Before DeleteIPSet: no rule names it."""
    arns = {arn for arn, each in self.ip_sets.items() if (each.name, each.ip_set_id) == (name, _id)}
    if arns & set(named_ip_sets(self)):
        refuse("WAFAssociatedItemException", "AWS WAF couldn't perform the operation because your resource is in use")


def new_ip_set(self: WAFV2Backend, name: str, *_: Any) -> None:
    """Before CreateIPSet: names are unique."""
    if any(each.name == name for each in self.ip_sets.values()):
        refuse("WAFDuplicateItemException", f"an IP set {name} exists already")


def new_acl(self: WAFV2Backend, name: str, *_: Any) -> None:
    """Before CreateWebACL: names are unique."""
    if any(each.name == name for each in self.wacls.values()):
        refuse("WAFDuplicateItemException", f"a web ACL {name} exists already")


def check_logging(self: WAFV2Backend, arn: str, log_destination_configs: list[str], *_: Any) -> None:
    """Before PutLoggingConfiguration: of an existing web ACL, to one destination of the name that AWS wants."""
    if arn not in self.wacls:
        raise WAFNonexistentItemException
    if len(log_destination_configs) != 1 or not any(
        each.rpartition(":")[2].startswith("aws-waf-logs-") for each in log_destination_configs
    ):
        refuse("WAFInvalidParameterException", "Error reason: The ARN isn't valid.")


def install() -> None:
    """Complete moto's WAF; a second call changes nothing."""
    add(Response, list_resources_for_web_acl)
    before(Response, "create_web_acl", check_rules)
    before(Response, "update_web_acl", check_update)
    after(FakeWebACL, "update", updated)
    after(FakeWebACL, "to_dict", shown)
    before(WAFV2Backend, "associate_web_acl", check_association)
    before(WAFV2Backend, "create_web_acl", new_acl)
    before(WAFV2Backend, "create_ip_set", new_ip_set)
    before(WAFV2Backend, "delete_web_acl", unused_acl)
    around(WAFV2Backend, "delete_web_acl", forgotten)
    before(WAFV2Backend, "delete_ip_set", unused_ip_set)
    before(WAFV2Backend, "put_logging_configuration", check_logging)
