# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the edge layer makes of the service list, in the words of its modules; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _aws, _plan

Item = dict[str, Any]
Service = Mapping[str, Any]

CHECKED = ("path", "interval", "timeout", "healthy_threshold", "unhealthy_threshold", "matcher")


def target_groups(services: Iterable[Service], settings: Mapping[str, Any]) -> list[Item]:
    """One target group a service; C(settings) are options that all of them share."""
    return [
        {
            **settings,
            "name": service["target_group"],
            "port": service["port"],
            "health_check": {option: service["health_check"][option] for option in CHECKED},
            "tags": {"Service": service["name"]},
        }
        for service in services
    ]


def listener_rules(
    services: Sequence[Service], groups: Mapping[str, Mapping[str, Any]], stripped: Sequence[str] = ()
) -> list[Item]:
    """One rule a service, which forwards its path to its target group.

    The services C(stripped) see paths without their own prefix; ValueError names those that there are not.
    """
    strangers = sorted(set(stripped) - {service["name"] for service in services})
    if strangers:
        raise ValueError(f"there is no service {', '.join(strangers)}")
    return [_rule(service, groups[service["target_group"]], service["name"] in stripped) for service in services]


def _rule(service: Service, group: Mapping[str, Any], strip: bool) -> Item:
    return {
        "name": service["full_name"],
        "priority": service["priority"],
        "path_patterns": path_patterns(service["path"]),
        "target_groups": [{"target_group_arn": group["target_group_arn"]}],
        "url_rewrite": without_prefix(service["path"]) if strip else {},
        "tags": {"Service": service["name"]},
    }


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
