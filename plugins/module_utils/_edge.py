# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the edge layer makes of the service list, in the words of its modules; pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _aws, _plan
from ._services import group_names

Item = dict[str, Any]
Service = Mapping[str, Any]

CHECKED = ("path", "interval", "timeout", "healthy_threshold", "unhealthy_threshold", "matcher")
HTTPS = 443


class Routing(NamedTuple):
    """What all rules share.

    C(test_port) 0 tells test requests apart by their header; C(allowed) are the only ones let in, None lets everybody.
    """

    stripped: Sequence[str] = ()
    test_header_name: str = "X-Uex-Test"
    test_header_value: str = "true"
    test_port: int = 0
    allowed: Sequence[str] | None = None


USUAL = Routing()


def target_groups(services: Iterable[Service], settings: Mapping[str, Any]) -> list[Item]:
    """One target group a service, two where ECS shifts traffic; C(settings) are options that all of them share."""
    return [_target_group(service, name, settings) for service in services for name in group_names(service)]


def _target_group(service: Service, name: str, settings: Mapping[str, Any]) -> Item:
    sticky = service["stickiness"]
    return {
        **settings,
        "name": name,
        "port": service["port"],
        "health_check": {option: service["health_check"][option] for option in CHECKED},
        "stickiness": sticky["enabled"],
        "stickiness_duration": sticky["duration"] if sticky["enabled"] else None,
        "tags": {"Service": service["name"]},
    }


def listener_rules(
    services: Sequence[Service], groups: Mapping[str, Mapping[str, Any]], routing: Routing = USUAL
) -> list[Item]:
    """The rules by which each service's path is forwarded to its target groups, and those of its tests.

    ECS owns the weights of a service that it moves between two target groups. The services C(stripped) see paths
    without their own prefix; ValueError names those that there are not.
    """
    strangers = sorted(set(routing.stripped) - {service["name"] for service in services})
    if strangers:
        raise ValueError(f"there is no service {', '.join(strangers)}")
    return [rule for service in services for rule in _rules(service, groups, routing)]


def _rules(service: Service, groups: Mapping[str, Mapping[str, Any]], routing: Routing) -> Iterable[Item]:
    names = group_names(service)
    conditions = service["conditions"]
    strip = service["name"] in routing.stripped
    rule = {
        "name": service["full_name"],
        "port": HTTPS,
        "priority": service["priority"],
        "path_patterns": path_patterns(service["path"]),
        "host_headers": list(conditions["hosts"]),
        "source_ips": sources(conditions["source_cidrs"], routing.allowed),
        "http_headers": headers(conditions["header"]),
        "target_groups": [
            {"target_group_arn": groups[name]["target_group_arn"], "weight": 0 if index else 1}
            for index, name in enumerate(names)
        ],
        "ignore_weights": len(names) > 1,
        "url_rewrite": without_prefix(service["path"]) if strip else {},
        "tags": {"Service": service["name"]},
    }
    yield rule
    if len(names) > 1:
        yield {**rule, "name": test_rule_name(service), **_test(rule, routing)}


def test_rule_name(service: Service) -> str:
    """The name of the rule by which requests reach what a deployment tries out."""
    return f"{service['full_name']}-test"


def _test(rule: Item, routing: Routing) -> Item:
    """What sets a test rule apart: a header, ahead of the service's own rule, or a listener of its own."""
    if routing.test_port:
        return {"port": routing.test_port}
    header = headers({"name": routing.test_header_name, "values": [routing.test_header_value]})
    return {"priority": rule["priority"] - 1, "http_headers": [*rule["http_headers"], *header]}


def headers(header: Mapping[str, Any]) -> list[Item]:
    """A header that a request must have, in the words of elbv2_listener_rule; none for an empty one."""
    return [{"http_header_name": header["name"], "values": list(header["values"])}] if header else []


def sources(own: Sequence[str], allowed: Sequence[str] | None) -> list[str]:
    """Which addresses reach a service: those of its own, and while only some are let in, what both have."""
    if allowed is None or not own:
        return list(own if allowed is None else allowed)
    pairs = [(ipaddress.ip_network(one), ipaddress.ip_network(other)) for one in own for other in allowed]
    return [str(max(pair, key=lambda each: each.prefixlen)) for pair in pairs if pair[0].overlaps(pair[1])]


def path_patterns(path: str) -> list[str]:
    """The path itself and all below it: C(/x/*) alone does not match C(/x)."""
    return [path, f"{path}/*"] if path.strip("/") else ["/*"]


def without_prefix(path: str) -> dict[str, str]:
    """The rewriting that takes C(path) from the beginning of a request's path and leaves at least a slash."""
    return {"regex": f"^{re.escape(path)}/?(.*)$", "replace": "/$1"}


def dns_records(
    zone: str,
    domains: Sequence[str],
    load_balancer: Mapping[str, Any],
    certificates: Iterable[Mapping[str, Any]] = (),
    cnames: Mapping[str, str] | None = None,
) -> list[Item]:
    """The records of the zone: the load balancer's names, what validates certificates, and further CNAMEs.

    The first of C(domains) must be in the zone, which the module checks; others outside and wildcards are left out.
    """
    further = [name for name in domains[1:] if is_in(name, zone) and not name.startswith("*.")]
    aliases = [_alias(name, load_balancer) for name in [*domains[:1], *further]]
    validations = [record for each in certificates for record in _validations(each, zone)]
    return [*aliases, *validations, *(_cname(*each) for each in sorted((cnames or {}).items()))]


def is_in(name: str, zone: str) -> bool:
    """Whether a DNS name belongs to a zone."""
    return name == zone or name.endswith(f".{zone}")


def _cname(name: str, target: str) -> Item:
    return _record(f"{name} CNAME", name, "CNAME", [target])


def _record(name: str, record_name: str, record_type: str, values: list[str]) -> Item:
    return {"name": name, "record_name": record_name, "type": record_type, "resource_records": values}


def _alias(name: str, load_balancer: Mapping[str, Any]) -> Item:
    target = {"dns_name": load_balancer["dns_name"], "hosted_zone_id": load_balancer["canonical_hosted_zone_id"]}
    return {"name": f"{name} A", "record_name": name, "type": "A", "alias_target": target}


def _validations(certificate: Mapping[str, Any], zone: str) -> list[Item]:
    """A wildcard and its parent share one record. Before AWS has said them, the records are unknown but counted."""
    if certificate["self_signed"]:
        return []
    domains = [certificate["domain_name"], *(certificate.get("subject_alternative_names") or ())]
    known = certificate["validation_records"]
    by_domain = {each["domain_name"]: each for each in known} if _aws.is_known(known) else {}
    return [
        _validation(domain, next((by_domain[name] for name in (domain, f"*.{domain}") if name in by_domain), None))
        for domain in dict.fromkeys(name.removeprefix("*.") for name in domains)
        if is_in(domain, zone)
    ]


def _validation(domain: str, record: Mapping[str, str] | None) -> Item:
    name, value = (record["name"].rstrip("."), record["value"]) if record else (_plan.UNKNOWN, _plan.UNKNOWN)
    return _record(f"validation of {domain}", name, "CNAME", [value])
