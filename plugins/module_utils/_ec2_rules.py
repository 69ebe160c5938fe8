# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules of security groups, as declared, as AWS lists them and as they compare; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

Rule = dict[str, Any]
Permission = dict[str, Any]

EVERYTHING = "-1"  #: AWS's word for all protocols
#: Where AWS lists each sort of peer in a permission, and under which key.
_PEERS = {
    "cidr_block": ("IpRanges", "CidrIp"),
    "ipv6_cidr_block": ("Ipv6Ranges", "CidrIpv6"),
    "security_group": ("UserIdGroupPairs", "GroupId"),
    "prefix_list_id": ("PrefixListIds", "PrefixListId"),
}


#: What AWS takes as the description of a group or a rule.
DESCRIPTION = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")


class Steps(NamedTuple):
    """What brings a group's rules to what is declared; access is granted before it is taken."""

    authorize: list[Rule]
    describe: list[Rule]
    revoke: list[Rule]


def problems(place: str, rule: Mapping[str, Any], names: Collection[str]) -> Iterable[str]:
    """What is wrong with one declared rule; C(names) are the groups of the set."""
    if sum(bool(rule.get(peer)) for peer in ("cidr_blocks", "security_group", "prefix_list_id")) != 1:
        yield f"{place}: exactly one of cidr_blocks, security_group, prefix_list_id is needed"
    if rule["protocol"] != "all" and (rule["from_port"] is None or rule["to_port"] is None):
        yield f"{place}: from_port and to_port are needed with protocol {rule['protocol']}"
    if not DESCRIPTION.fullmatch(rule["description"] or ""):
        yield f"{place}: AWS does not take this description: {rule['description']}"
    group = rule["security_group"]
    if group and group not in names and not group.startswith(("sg-", "(")):
        yield f"{place}: security_group {group} is neither of the set nor an id"


def declared(rules: Iterable[Mapping[str, Any]] | None) -> list[Rule] | None:
    """One rule for each peer of each declared rule, sorted; None where nothing is declared."""
    if rules is None:
        return None
    return _sorted({**_base(rule), **peer} for rule in rules for peer in _declared_peers(rule))


def _base(rule: Mapping[str, Any]) -> Rule:
    ports = {} if rule["protocol"] == "all" else {"from_port": rule["from_port"], "to_port": rule["to_port"]}
    return {"protocol": rule["protocol"], **ports, "description": rule.get("description") or ""}


def _declared_peers(rule: Mapping[str, Any]) -> Iterable[Rule]:
    for block in rule.get("cidr_blocks") or []:
        yield {"ipv6_cidr_block" if ":" in block else "cidr_block": block}
    for key in ("security_group", "prefix_list_id"):
        if rule.get(key):
            yield {key: rule[key]}


def observed(permissions: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[Rule]:
    """AWS's permissions in the words of C(declared); C(names) are the groups that go by name, by id."""
    return _sorted(rule for permission in permissions for rule in _observed(permission, names))


def _observed(permission: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[Rule]:
    protocol = "all" if permission["IpProtocol"] == EVERYTHING else permission["IpProtocol"]
    ports = {"from_port": permission.get("FromPort"), "to_port": permission.get("ToPort")}
    for peer, (member, key) in _PEERS.items():
        for entry in permission.get(member) or []:
            base = _base({"protocol": protocol, **ports, "description": entry.get("Description")})
            yield {**base, peer: names.get(entry[key], entry[key])}


def _sorted(rules: Iterable[Rule]) -> list[Rule]:
    """Rules are a set: sorted, each once."""
    return [json.loads(text) for text in sorted({json.dumps(rule, sort_keys=True) for rule in rules})]


def permission(rule: Mapping[str, Any], ids: Mapping[str, str]) -> Permission:
    """One rule as AWS's permission; C(ids) are groups' ids by name."""
    peer = next(key for key in _PEERS if key in rule)
    member, key = _PEERS[peer]
    description = {"Description": rule["description"]} if rule["description"] else {}
    protocol = EVERYTHING if rule["protocol"] == "all" else rule["protocol"]
    ports = {"FromPort": rule["from_port"], "ToPort": rule["to_port"]} if "from_port" in rule else {}
    return {"IpProtocol": protocol, **ports, member: [{key: ids.get(rule[peer], rule[peer]), **description}]}


def steps(wanted: Iterable[Rule], found: Iterable[Rule]) -> Steps:
    """What has to be granted, described anew and revoked; AWS tells rules apart by all but their description."""
    after, before = ({_identity(rule): rule for rule in rules} for rules in (wanted, found))
    return Steps(
        authorize=[rule for key, rule in after.items() if key not in before],
        describe=[rule for key, rule in after.items() if key in before and rule != before[key]],
        revoke=[rule for key, rule in before.items() if key not in after],
    )


def _identity(rule: Rule) -> str:
    return json.dumps({key: value for key, value in rule.items() if key != "description"}, sort_keys=True)


def referring(permissions: Iterable[Mapping[str, Any]], group_id: str) -> list[Permission]:
    """The parts of a group's permissions that name another group, fit to be revoked."""
    rules = observed(permissions, {})
    return [permission(rule, {}) for rule in rules if rule.get("security_group") == group_id]
