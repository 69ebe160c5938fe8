# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Our part of what a registry has only one of: scanning and replication of repositories whose names begin so; pure.

Each configuration is one for the account and region. Other environments and people have rules in it too, which stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Document = dict[str, Any]

BASIC, ENHANCED = "BASIC", "ENHANCED"
_PREFIX = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*/")


def prefix_problems(prefix: str, scope: str) -> Iterable[str]:
    """Why this cannot be ours, as sentences that begin with the option's name."""
    if not _PREFIX.fullmatch(prefix):
        yield f"repository_prefix: {prefix!r} must be the beginning of repositories' names and end with a slash"
    if not prefix.startswith(scope):
        yield f"repository_prefix: it does not begin with {scope}"


# Scanning


def scanned(configuration: Mapping[str, Any], scope: str, declared: Iterable[str]) -> dict[str, Document]:
    """How often repositories are scanned, by the beginning of their names: those of the scope, and declared ones."""
    found = {
        filter_["filter"].removesuffix("*"): rule["scanFrequency"]
        for rule in configuration.get("rules") or []
        for filter_ in rule["repositoryFilters"]
        if filter_["filter"].endswith("/*")
    }
    kind = configuration.get("scanType") or BASIC
    wanted = set(declared)
    return {
        prefix: {"scan_type": kind, "scan_frequency": frequency}
        for prefix, frequency in found.items()
        if prefix in wanted or prefix.startswith(scope)
    }


def with_scanning(configuration: Mapping[str, Any], prefix: str, rule: Mapping[str, Any] | None) -> Document:
    """PutRegistryScanningConfiguration's arguments with our rule, or without it.

    A rule of AWS's holds the filters of all with the same frequency. When none is left, the type is AWS's own again.
    """
    ours = {"filter": f"{prefix}*", "filterType": "WILDCARD"}
    filters: dict[str, list[Document]] = {
        each["scanFrequency"]: [one for one in each["repositoryFilters"] if one["filter"] != ours["filter"]]
        for each in configuration.get("rules") or []
    }
    if rule:
        filters.setdefault(rule["scan_frequency"], []).append(ours)
    rules = [{"scanFrequency": each, "repositoryFilters": some} for each, some in sorted(filters.items()) if some]
    kind = (configuration.get("scanType") or BASIC) if rules else BASIC
    return {"scanType": rule["scan_type"] if rule else kind, "rules": rules}


# Replication


def replicated(
    configuration: Mapping[str, Any], registry: str, scope: str, declared: Iterable[str]
) -> dict[str, Document]:
    """Where images go, by the beginning of their repositories' names: those of the scope, and declared ones."""
    wanted = set(declared)
    found = {}
    for rule in configuration.get("rules") or []:
        prefix = _only_prefix(rule)
        if prefix and (prefix in wanted or prefix.startswith(scope)):
            found[prefix] = {"regions": sorted(_place(each, registry) for each in rule["destinations"])}
    return found


def _only_prefix(rule: Mapping[str, Any]) -> str:
    """What a rule of ours is about; empty for one that has other filters, or none."""
    filters = rule.get("repositoryFilters") or []
    return str(filters[0]["filter"]) if len(filters) == 1 else ""


def _place(destination: Mapping[str, str], registry: str) -> str:
    """A region, and with it the account where it isn't ours."""
    region, account = destination["region"], destination["registryId"]
    return region if account == registry else f"{account}/{region}"


def with_replication(configuration: Mapping[str, Any], registry: str, prefix: str, regions: Iterable[str]) -> Document:
    """PutReplicationConfiguration's argument with our rule, or without it where it has no regions."""
    others = [rule for rule in configuration.get("rules") or [] if _only_prefix(rule) != prefix]
    destinations = [{"region": region, "registryId": registry} for region in sorted(regions)]
    ours = {
        "destinations": destinations,
        "repositoryFilters": [{"filter": prefix, "filterType": "PREFIX_MATCH"}],
    }
    return {"rules": [*others, ours] if destinations else others}
