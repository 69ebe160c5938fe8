# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ELBv2: listeners and rules with AWS's checks, order, defaults and priorities."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import (
    DuplicatePriorityError,
    ListenerNotFoundError,
    PriorityInUseError,
)
from moto.elbv2.models import ELBv2Backend, FakeAction, FakeListener, FakeListenerRule, FakeRule
from moto.elbv2.responses import ELBV2Response as Response
from moto.elbv2.responses import transform_certificates
from moto.elbv2.ssl_policies import SSL_POLICIES

from ._operations import add
from ._patch import after, before
from .elbv2 import attribute_error, forget_tags, refuse

MAX_PRIORITY = 50000
REDIRECT_DEFAULTS = {
    "Protocol": "#{protocol}",
    "Port": "#{port}",
    "Host": "#{host}",
    "Path": "/#{path}",
    "Query": "#{query}",
}
RESPONSE_HEADERS = (
    *("strict_transport_security", "access_control_allow_origin", "access_control_allow_methods"),
    *("access_control_allow_headers", "access_control_allow_credentials", "access_control_expose_headers"),
    *("access_control_max_age", "content_security_policy", "x_content_type_options", "x_frame_options"),
)
REQUEST_HEADERS = (
    *("X-Amzn-Mtls-Clientcert-Serial-Number", "X-Amzn-Mtls-Clientcert-Issuer", "X-Amzn-Mtls-Clientcert-Subject"),
    *("X-Amzn-Mtls-Clientcert-Validity", "X-Amzn-Mtls-Clientcert-Leaf", "X-Amzn-Mtls-Clientcert"),
    *("X-Amzn-Tls-Version", "X-Amzn-Tls-Cipher-Suite"),
)
WEB_PROTOCOLS = ("HTTP", "HTTPS")


def listener_attributes(protocol: str) -> dict[str, str]:
    """The attributes of an application load balancer's listener: response headers; over TLS also request headers."""
    attributes = {f"routing.http.response.{name}.header_value": "" for name in RESPONSE_HEADERS}
    attributes["routing.http.response.server.enabled"] = "true"
    if protocol == "HTTPS":
        keys = {name: name.lower().replace("-", "_") for name in REQUEST_HEADERS}
        attributes |= {f"routing.http.request.{key}.header_name": name for name, key in keys.items()}
    return attributes


def full_condition(condition: dict[str, Any]) -> dict[str, Any]:
    """A condition as AWS answers it: path and host conditions hold their values in both places."""
    config = {"path-pattern": "PathPatternConfig", "host-header": "HostHeaderConfig"}.get(condition.get("Field", ""))
    if not config:
        return condition
    values = condition.get("Values") or condition.get(config, {}).get("Values", [])
    return {**condition, "Values": values, config: {"Values": values}}


def full_action(action: dict[str, Any]) -> dict[str, Any]:
    """An action as AWS answers it: a forward to one group in both its forms, a redirect with every part."""
    if action.get("Type") == "redirect":
        return {**action, "RedirectConfig": {**REDIRECT_DEFAULTS, **action["RedirectConfig"]}}
    if action.get("Type") != "forward":
        return action
    forward = {"TargetGroupStickinessConfig": {"Enabled": False}, **action.get("ForwardConfig", {})}
    groups = forward.get("TargetGroups") or [{"TargetGroupArn": action.get("TargetGroupArn"), "Weight": 1}]
    forward["TargetGroups"] = [{"Weight": 1, **group} for group in groups]
    single = {"TargetGroupArn": groups[0]["TargetGroupArn"]} if len(groups) == 1 else {}
    return {**action, **single, "ForwardConfig": forward}


def aws_action(self: FakeAction, result: None, data: dict[str, Any]) -> None:
    """After FakeAction.__init__: the action in full."""
    self.data = full_action(data)
    vars(self).update(self.data)


def aws_listener(self: FakeListener, result: None, *_: Any, **__: Any) -> None:
    """After FakeListener.__init__: attributes of its protocol; without TLS no security policy."""
    if self.protocol in WEB_PROTOCOLS:
        self.attributes = listener_attributes(self.protocol)
    if self.protocol == "HTTP":
        self.ssl_policy = None  # type: ignore[assignment]


def aws_rule(self: FakeListenerRule, result: None, *_: Any, **__: Any) -> None:
    """After FakeListenerRule.__init__: its conditions in full."""
    self.conditions = [full_condition(condition) for condition in self.conditions]


def ordered_rules(self: FakeListener) -> dict[Any, Any]:
    """A listener's rules by priority, the default one last, each under its ARN."""
    rules: list[Any] = sorted(self._non_default_rules.values(), key=lambda rule: int(rule.priority))
    return OrderedDict((rule.arn, rule) for rule in [*rules, *self._default_rule.values()])


def port_taken(backend: ELBv2Backend, balancer: str, port: Any, besides: str | None = None) -> None:
    """Raise DuplicateListener when another listener of the balancer has the port."""
    found = backend.load_balancers.get(balancer)
    for listener in found.listeners.values() if found else []:
        if str(listener.port) == str(port) and listener.arn != besides:
            message = f"A listener already exists on this port for this load balancer '{balancer}'"
            refuse(message, "DuplicateListener")


_create_listener = Response.create_listener
_modify_listener = Response.modify_listener
_delete_listener = Response.delete_listener
_create_rule = Response.create_rule
_modify_rule = Response.modify_rule
_delete_rule = Response.delete_rule


def create_listener(self: Response) -> ActionResult:
    """CreateListener: one per port; HTTPS needs a certificate, and a security policy that exists."""
    port_taken(self.elbv2_backend, self._get_param("LoadBalancerArn"), self._get_param("Port"))
    if self._get_param("Protocol") == "HTTPS" and not self._get_param("Certificates"):
        refuse("A certificate must be specified for HTTPS listeners")
    policy = self._get_param("SslPolicy")
    if policy and policy not in SSL_POLICIES:
        refuse(f"SSL policy '{policy}' not found", "SSLPolicyNotFound")
    return _create_listener(self)


def found_listener(self: Response) -> FakeListener:
    """The listener a request names. Raises ListenerNotFound."""
    return self.elbv2_backend.describe_listeners(None, [self._get_param("ListenerArn")])[0]


def modify_listener(self: Response) -> ActionResult:
    """ModifyListener, whose port no other listener may have; additional certificates stay."""
    listener = found_listener(self)
    additional = listener.certificates[1:]
    port_taken(self.elbv2_backend, listener.load_balancer_arn, self._get_param("Port", listener.port), listener.arn)
    result = _modify_listener(self)
    listener.certificates += [arn for arn in additional if arn not in listener.certificates]
    return result


def delete_listener(self: Response) -> ActionResult:
    """DeleteListener, tags included."""
    listener = found_listener(self)
    forget_tags(self.elbv2_backend, [listener.arn, *listener.rules])
    return _delete_listener(self)


def modify_listener_attributes(self: Response) -> ActionResult:
    """ModifyListenerAttributes: only keys that the listener's protocol knows."""
    listener = found_listener(self)
    for item in self._get_param("Attributes", []):
        refuse(attribute_error(item["Key"], item["Value"], listener.attributes, "Listener"))
        listener.attributes[item["Key"]] = item["Value"]
    return ActionResult({"Attributes": listener.attributes})


def check_priority(priority: Any) -> None:
    """Raise ValidationError unless the priority is between 1 and 50000."""
    if not 1 <= int(priority) <= MAX_PRIORITY:
        refuse(f"Rule priority '{priority}' must be between 1 and {MAX_PRIORITY}")


def create_rule(self: Response) -> ActionResult:
    """CreateRule: priority in range, transforms kept."""
    check_priority(self._get_param("Priority"))
    result: Any = _create_rule(self).result
    result["Rules"][0].transforms = self._get_param("Transforms", [])
    return ActionResult(result)


def modify_rule(self: Response) -> ActionResult:
    """ModifyRule: what is given replaces; transforms too, or all of them go."""
    rule: Any = found_rule(self.elbv2_backend, self._get_param("RuleArn"))
    if self._get_param("Conditions") or self._get_param("Actions"):
        _modify_rule(self)
        rule.conditions = [full_condition(condition) for condition in rule.conditions]
    if self._get_param("ResetTransforms") or self._get_param("Transforms") is not None:
        rule.transforms = self._get_param("Transforms", [])
    return ActionResult({"Rules": [rule]})


def found_rule(backend: ELBv2Backend, arn: str) -> FakeRule:
    """The rule of that ARN. Raises RuleNotFound."""
    return backend.describe_rules(listener_arn=None, rule_arns=[arn])[0]


def delete_rule(self: Response) -> ActionResult:
    """DeleteRule: it must exist, and not be a listener's default."""
    rule = found_rule(self.elbv2_backend, self._get_param("RuleArn"))
    if rule.is_default:
        refuse(f"Default rule '{rule.arn}' cannot be deleted", "OperationNotPermitted")
    forget_tags(self.elbv2_backend, [rule.arn])
    return _delete_rule(self)


def set_rule_priorities(self: Response) -> ActionResult:
    """SetRulePriorities, all in one step: only rules that stay where they are can be in the way."""
    wanted = {item["RuleArn"]: int(item["Priority"]) for item in self._get_param("RulePriorities", [])}
    rules = [found_rule(self.elbv2_backend, arn) for arn in wanted]
    priorities = list(wanted.values())
    for priority in priorities:
        check_priority(priority)
        if priorities.count(priority) > 1:
            raise DuplicatePriorityError(str(priority))
    for rule in rules:
        if any(p == wanted[rule.arn] for p in others(self.elbv2_backend, rule.listener_arn, set(wanted))):
            raise PriorityInUseError
    for rule in rules:
        rule.priority = wanted[rule.arn]
    return ActionResult({"Rules": rules})


def others(backend: ELBv2Backend, listener_arn: str, moving: set[str]) -> list[int]:
    """The priorities of a listener's rules that aren't being moved."""
    rules = backend.describe_listeners(None, [listener_arn])[0]._non_default_rules.values()
    return [int(rule.priority) for rule in rules if rule.arn not in moving]


def all_listeners(self: ELBv2Backend, load_balancer_arn: str | None, listener_arns: list[str]) -> None:
    """Before describe_listeners: every ARN exists. Raises ListenerNotFound."""
    known = {arn for balancer in self.load_balancers.values() for arn in balancer.listeners}
    if not load_balancer_arn and not known.issuperset(listener_arns):
        raise ListenerNotFoundError


def known_resource(self: ELBv2Backend, resource_arns: list[str]) -> None:
    """Before describe_tags: every resource exists. Raises its NotFound error."""
    for arn in resource_arns:
        self._get_resource_by_arn(arn)


def default_certificate(data: list[str]) -> list[dict[str, str]] | None:
    """A listener's certificates in an answer: only the default one."""
    return transform_certificates(data[:1])


OPERATIONS = (
    *(create_listener, modify_listener, delete_listener, modify_listener_attributes),
    *(create_rule, modify_rule, delete_rule, set_rule_priorities),
)


def install() -> None:
    """Complete moto's listeners and rules; a second call changes nothing."""
    add(Response, *OPERATIONS)
    FakeListener.rules = property(ordered_rules)  # type: ignore[assignment,method-assign]
    for name in ("CreateListenerOutput", "DescribeListenersOutput", "ModifyListenerOutput"):
        Response.RESPONSE_KEY_PATH_TO_TRANSFORMER[f"{name}.Listeners.Listener.Certificates"] = default_certificate
    after(FakeAction, "__init__", aws_action)
    after(FakeListener, "__init__", aws_listener)
    after(FakeListenerRule, "__init__", aws_rule)
    before(ELBv2Backend, "describe_listeners", all_listeners)
    before(ELBv2Backend, "describe_tags", known_resource)
