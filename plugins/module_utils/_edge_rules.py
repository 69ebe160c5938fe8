# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules on where an environment is reached: certificate and domain, and how requests find a service; pure."""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _edge, _elbv2_rules, _waf

Values = Mapping[str, Any]

MOST_MESSAGE = 1024
LONGEST_COOKIE = 604800
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(\*\.)?({_LABEL}\.)+[a-z0-9-]*[a-z][a-z0-9-]*", re.IGNORECASE)
_CERTIFICATE = re.compile(r"arn:[\w-]+:acm:(?P<region>[\w-]+):\d{12}:certificate/\S+")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}")
_HOST = re.compile(r"[A-Za-z0-9.*?-]{1,128}")
_RANGES = ("edge_test_listener_cidrs", "edge_maintenance_allowed_cidrs")


def certificate(values: Values) -> Iterable[str]:
    """A load balancer takes only certificates of its own region."""
    arn, region = values["edge_certificate_arn"], values["stack_region"]
    found = _CERTIFICATE.fullmatch(arn)
    if arn and not found:
        yield f"edge_certificate_arn: {arn!r} is no certificate's ARN"
    if found and found["region"] != region:
        yield f"edge_certificate_arn: the certificate is in {found['region']}, the load balancer in {region}"


def domains(values: Values) -> Iterable[str]:
    """Names that DNS can hold; the first of them in the zone that is to hold it."""
    domain, zone = values["edge_domain_name"], values["edge_zone_name"]
    for name in (domain, *values["edge_subject_alternative_names"]):
        if name and not _DOMAIN.fullmatch(name):
            yield f"edge_domain_name: {name!r} is no DNS name, such as pay.example.com"
    if domain and zone and not f".{domain}".endswith(f".{zone}"):
        yield f"edge_zone_name: {domain} is not in the zone {zone}"


def ranges(values: Values) -> Iterable[str]:
    """Ranges in CIDR notation, of the network and without bits of a host."""
    for variable in _RANGES:
        yield from (f"{variable}: {each!r} {_NO_RANGE}" for each in values[variable] if not is_range(each))
    for service in values["stack_service_list"]:
        found = service["conditions"]["source_cidrs"]
        place = f"stack_services.{service['name']}.conditions.source_cidrs"
        yield from (f"{place}: {each!r} {_NO_RANGE}" for each in found if not is_range(each))


_NO_RANGE = "is no range such as 203.0.113.0/24"


def is_range(text: Any) -> bool:
    """Whether it is a network in CIDR notation."""
    try:
        ipaddress.ip_network(str(text))
    except ValueError:
        return False
    return "/" in str(text)


def conditions(values: Values) -> Iterable[str]:
    """What a load balancer can look at."""
    for service in values["stack_service_list"]:
        place, found = f"stack_services.{service['name']}.conditions", service["conditions"]
        if found["header"] and set(found["header"]) != {"name", "values"}:
            yield f"{place}.header: needs name and values, and nothing else"
        elif found["header"] and not _is_header(found["header"]["name"]):
            yield f"{place}.header.name: {found['header']['name']!r} {_NO_HEADER}"
        yield from (f"{place}.hosts: {each!r} is no host name" for each in found["hosts"] if not _HOST.fullmatch(each))
        if not 1 <= service["stickiness"]["duration"] <= LONGEST_COOKIE:
            yield f"stack_services.{service['name']}.stickiness.duration: from 1 to {LONGEST_COOKIE} seconds"
        if service["stickiness"]["enabled"] and service["alternate_target_group"]:
            where = f"stack_services.{service['name']}.stickiness.enabled"
            yield f"{where}: only with ROLLING, as AWS would hold clients at tasks that a deployment takes away"


_NO_HEADER = "is no header that a rule can ask for; the host is another condition"


def _is_header(name: str) -> bool:
    return bool(_HEADER.fullmatch(name)) and name.lower() != "host"


def tests(values: Values) -> Iterable[str]:
    """How a test request is told apart: a header, or a listener that somebody reaches."""
    port = int(values["edge_test_listener_port"])
    if port and not 1024 <= port <= 65535:
        yield f"edge_test_listener_port: {port} is not between 1024 and 65535, which the network lets in"
    if port and not values["edge_test_listener_cidrs"]:
        yield "edge_test_listener_cidrs: say from where the listener on edge_test_listener_port is reached"
    if not _is_header(values["edge_test_header_name"]):
        yield f"edge_test_header_name: {values['edge_test_header_name']!r} {_NO_HEADER}"
    if not re.fullmatch(r"[ -~]{1,128}", str(values["edge_test_header_value"])):
        yield "edge_test_header_value: from 1 to 128 printable characters"


def priorities(values: Values) -> Iterable[str]:
    """The first and the last rule are maintenance's, and the one before a service that is tested is its test's."""
    services = values["stack_service_list"]
    taken = {each["priority"] for each in services}
    ahead = 0 if int(values["edge_test_listener_port"]) else 1
    for service in services:
        place, priority = f"stack_services.{service['name']}.priority", int(service["priority"])
        tested = ahead and service["alternate_target_group"]
        least = 3 if tested else 2
        if 1 <= priority < least:
            yield f"{place}: {priority} must be at least {least}, as the first rule is that of edge_maintenance"
        elif priority == _elbv2_rules.PRIORITIES[1]:
            yield f"{place}: {priority} is the rule of edge_maintenance"
        elif tested and priority - 1 in taken:
            yield f"{place}: {priority - 1} must be free, for the rule of its tests"


def condition_values(values: Values) -> Iterable[str]:
    """A rule's conditions have five values together; the path takes two."""
    if any(True for rule in (ranges, conditions) for _problem in rule(values)):
        return
    allowed = values["edge_maintenance_allowed_cidrs"] or None
    routing = _edge.Routing(test_port=int(values["edge_test_listener_port"]), allowed=allowed)
    groups: Mapping[str, Any] = defaultdict(lambda: {"target_group_arn": ""})
    for service in values["stack_service_list"]:
        place = f"stack_services.{service['name']}.conditions"
        count = max(_elbv2_rules.values(rule) for rule in _edge.listener_rules([service], groups, routing))
        if count > _elbv2_rules.VALUES:
            yield f"{place}: {count} values with path, test header and edge_maintenance_allowed_cidrs, AWS takes 5"
        own = service["conditions"]["source_cidrs"]
        if own and not _edge.sources(own, allowed):
            yield f"{place}.source_cidrs: none of them is in edge_maintenance_allowed_cidrs"


def firewall(values: Values) -> Iterable[str]:
    """A web ACL that AWS WAF takes."""
    if not values["edge_waf_enabled"]:
        return
    for variable in ("edge_waf_allowed_cidrs", "edge_waf_denied_cidrs"):
        found = (_waf.range_problem(str(each), "IPV4") for each in values[variable])
        yield from (f"{variable}: {problem}" for problem in found if problem)
    limit, groups = int(values["edge_waf_rate_limit"]), values["edge_waf_managed_rule_groups"]
    rate = {"limit": limit, "evaluation_window": int(values["edge_waf_rate_limit_window"])}
    variables = {
        "rate_limit.limit": "edge_waf_rate_limit",
        "rate_limit.evaluation_window": "edge_waf_rate_limit_window",
    }
    item = {"rate_limit": rate if limit else None, "managed_rule_groups": groups, "logging": None}
    for problem in _waf.problems(item):
        option, _colon, rest = problem.partition(": ")
        yield f"{variables.get(option, f'edge_waf_{option}')}: {rest}"


def maintenance(values: Values) -> Iterable[str]:
    """An answer that a load balancer can give."""
    if len(values["edge_maintenance_message"].encode()) > MOST_MESSAGE:
        yield f"edge_maintenance_message: at most {MOST_MESSAGE} bytes"


RULES: tuple[Callable[[Values], Iterable[str]], ...] = (
    certificate,
    domains,
    ranges,
    conditions,
    tests,
    priorities,
    condition_values,
    maintenance,
    firewall,
)
