# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Security groups: the default group's rule, rules that equal each other by what they allow, and groups in use."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend, SecurityGroupRule
from moto.ec2.models.vpcs import VPC
from moto.ec2.responses.security_groups import SecurityGroups

from ._patch import after, before

ALL_PORTS = -1


def _peer(backend: Any, group_id: str, description: str | None = None) -> dict[str, str]:
    """A group of this account as a rule's source or destination."""
    owner = {"GroupId": group_id, "UserId": backend.account_id, "OwnerId": backend.account_id}
    return owner if description is None else {**owner, "Description": description}


def _allow_itself(backend: EC2Backend, vpc: VPC, *_args: Any, **_kwargs: Any) -> VPC:
    """A new VPC's default group lets its own members in."""
    group = backend.get_default_security_group(vpc.id)
    if group and not group.ingress_rules:
        source = _peer(backend, group.id)
        rule = SecurityGroupRule(backend, "-1", group.id, None, None, None, source_group=source, is_egress=False)
        group.add_ingress_rule(rule)
    return vpc


def _allowed(rule: SecurityGroupRule) -> tuple[Any, ...]:
    """What a rule allows, which is what AWS compares; its description is no part of it."""
    ports = () if rule.ip_protocol == "-1" else (rule.from_port, rule.to_port)
    peer = (rule.cidr_ipv4, rule.cidr_ipv6, rule.source_group.get("GroupId"), rule.prefix_list_id)
    return (rule.ip_protocol, peer, ports)


def _equal(rule: SecurityGroupRule, other: object) -> bool:
    return isinstance(other, SecurityGroupRule) and _allowed(rule) == _allowed(other)


def _description(rule: SecurityGroupRule) -> str | None:
    return rule.ip_range.get("Description") or rule.source_group.get("Description")


def _fill_ports(backend: SecurityGroupBackend, group_id: str, rules: dict[str, dict[str, Any]]) -> None:
    """A rule for every protocol needs no ports."""
    for rule in rules.values():
        if str(rule.get("IpProtocol")) == "-1":
            rule.update(FromPort=ALL_PORTS, ToPort=ALL_PORTS)


def _modify_rules(backend: SecurityGroupBackend, result: None, group_id: str, rules: dict[str, dict[str, Any]]) -> None:
    """Complete what moto changes of a rule: the group, prefix list or IPv6 range it names, and no ports for all."""
    group = backend.get_security_group_by_name_or_id(group_id)
    for rule_id, wanted in rules.items():
        rule = group.get_rule(rule_id) if group else None
        if rule:
            _point(backend, rule, wanted)


def _point(backend: Any, rule: SecurityGroupRule, wanted: dict[str, Any]) -> None:
    if rule.ip_protocol == "-1":
        rule.from_port = rule.to_port = None
    if wanted.get("CidrIpv6"):
        rule.ip_range["CidrIpv6"] = wanted["CidrIpv6"]
    if wanted.get("PrefixListId"):
        rule.prefix_list_id = wanted["PrefixListId"]
    if wanted.get("ReferencedGroupId"):
        rule.ip_range = {}
        rule.source_group = _peer(backend, wanted["ReferencedGroupId"], wanted.get("Description"))


def _groups(backend: Any) -> Iterator[SecurityGroup]:
    return itertools.chain.from_iterable(list(groups.values()) for groups in list(backend.groups.values()))


def is_referenced(backend: Any, group_id: str) -> bool:
    """Whether a rule of another group names the group."""
    return any(
        rule.source_group.get("GroupId") == group_id
        for group in _groups(backend)
        if group.id != group_id
        for rule in group.ingress_rules + group.egress_rules
    )


def is_attached(backend: Any, group_id: str) -> bool:
    """Whether a network interface carries the group."""
    return any(group.id == group_id for interface in list(backend.enis.values()) for group in interface.group_set)


def _keep_used(backend: EC2Backend, name: str | None = None, group_id: str | None = None) -> None:
    found = backend.get_security_group_by_name_or_id(group_id or name or "")
    if found and (is_referenced(backend, found.id) or is_attached(backend, found.id)):
        raise DependencyViolationError(f"resource {found.id} has a dependent object")


def _keep_default(response: SecurityGroups) -> None:
    wanted = response._get_param("GroupId") or response._get_param("GroupName")
    group = response.ec2_backend.get_security_group_by_name_or_id(wanted)
    if group and group.is_default:
        message = f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
        raise EC2ClientError("CannotDelete", message)


def install() -> None:
    """Extend moto's security groups; once is enough, twice is harmless."""
    after(EC2Backend, "create_vpc", _allow_itself)
    before(SecurityGroupBackend, "modify_security_group_rules", _fill_ports)
    after(SecurityGroupBackend, "modify_security_group_rules", _modify_rules)
    before(EC2Backend, "delete_security_group", _keep_used)
    before(SecurityGroups, "delete_security_group", _keep_default)
    SecurityGroupRule.__eq__ = _equal  # type: ignore[method-assign]
    SecurityGroupRule.description = property(_description)  # type: ignore[assignment]
