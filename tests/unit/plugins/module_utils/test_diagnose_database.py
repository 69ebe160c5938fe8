# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _diagnose_cache, _diagnose_database
from ansible_collections.uex.payments.tests.support.diagnosis import EPHEMERAL, estate, judged, rule, wrong

Break = Callable[[dict[str, Any]], None]


def acl_of(facts: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = next(e for e in facts["acls"] if e["NetworkAclId"] == f"acl-{name}")["Entries"]
    return found


def without(name: str, egress: bool, port: int) -> Break:
    def break_(facts: dict[str, Any]) -> None:
        key = "IpPermissionsEgress" if egress else "IpPermissions"
        facts["groups"][f"sg-{name}"][key] = [e for e in facts["groups"][f"sg-{name}"][key] if e["FromPort"] != port]

    return break_


def adding(name: str, *entry: Any) -> Break:
    return lambda facts: acl_of(facts, name).append(rule(*entry))


def dropping(name: str, number: int, egress: bool) -> Break:
    def break_(facts: dict[str, Any]) -> None:
        entries = acl_of(facts, name)
        entries[:] = [e for e in entries if (e["RuleNumber"], e["Egress"]) != (number, egress)]

    return break_


def setting(**values: Any) -> Break:
    return lambda facts: facts["databases"][0].update(values)


def other_vpc(facts: dict[str, Any]) -> None:
    facts["databases"][0]["DBSubnetGroup"]["VpcId"] = "vpc-2"


def gone_subnet(facts: dict[str, Any]) -> None:
    del facts["subnets"]["subnet-data-b"]


def peering(facts: dict[str, Any]) -> None:
    route = {"DestinationCidrBlock": "10.0.48.0/22", "VpcPeeringConnectionId": "pcx-1", "State": "active"}
    facts["route_tables"][0]["Routes"].append(route)


PENDING = [{"DBParameterGroupName": "p", "ParameterApplyStatus": "pending-reboot"}]


@pytest.mark.parametrize(
    ("break_", "expected"),
    [
        (lambda facts: None, {}),
        (without("ecs", True, 5432), {"group-egress": "broken"}),
        (without("rds", False, 5432), {"group-ingress": "broken"}),
        (adding("app", 1, True, "deny", "10.0.0.0/16", (5432, 5432)), {"acl-call-out": "broken"}),
        (adding("data", 1, False, "deny", "10.0.64.0/24", (5000, 6000)), {"acl-call-in": "broken"}),
        (dropping("data", 100, True), {"acl-answer-out": "broken"}),
        (dropping("app", 100, False), {"acl-answer-in": "broken"}),
        (adding("app", 1, False, "deny", "0.0.0.0/0", (1024, 2047)), {"acl-answer-in": "warning"}),
        (peering, {"route": "broken"}),
        (setting(DBInstanceStatus="stopped"), {"instance": "broken"}),
        (setting(DBInstanceStatus="modifying"), {"instance": "warning"}),
        (setting(DBInstanceStatus="storage-full"), {"instance": "broken"}),
        (setting(DBInstanceStatus="backing-up"), {}),
        (setting(PubliclyAccessible=True), {"public": "warning"}),
        (setting(DBParameterGroups=PENDING), {"parameters": "warning"}),
        (lambda facts: facts.update(force_ssl={"p": "0"}), {"tls": "warning"}),
        (lambda facts: facts["dns"].update(support=False), {"dns-support": "broken"}),
        (lambda facts: facts["dns"].update(hostnames=False), {"dns-hostnames": "broken"}),
        (lambda facts: facts.update(databases=[], force_ssl={}), {"instance": "broken"}),
        (lambda facts: facts.update(vpc=None), {"vpc": "broken"}),
        (other_vpc, {"subnet-group": "broken"}),
        (gone_subnet, {"subnet-group": "broken"}),
    ],
)
def test_what_keeps_tasks_from_the_database(break_: Break, expected: dict[str, str]) -> None:
    facts = estate()
    break_(facts)
    assert wrong(_diagnose_database.SUBJECT, facts) == expected


def no_tls(facts: dict[str, Any]) -> None:
    facts["cache"]["group"]["TransitEncryptionEnabled"] = False


def no_group(facts: dict[str, Any]) -> None:
    facts["cache"] = {"group": None, "nodes": [], "subnet_groups": {}}


def node(**values: Any) -> Break:
    return lambda facts: facts["cache"]["nodes"][0].update(values)


WAITING = {"CacheParameterGroupName": "redis7", "ParameterApplyStatus": "pending-reboot"}


@pytest.mark.parametrize(
    ("break_", "expected"),
    [
        (lambda facts: None, {}),
        (without("ecs", True, 6379), {"group-egress": "broken"}),
        (without("redis", False, 6379), {"group-ingress": "broken"}),
        (adding("data", 1, False, "deny", "0.0.0.0/0", (6379, 6379)), {"acl-call-in": "broken"}),
        (no_tls, {"tls": "warning"}),
        (no_group, {"group": "broken"}),
        (node(CacheClusterStatus="snapshotting"), {}),
        (node(CacheClusterStatus="modifying"), {"node": "warning"}),
        (node(CacheClusterStatus="incompatible-network"), {"node": "broken"}),
        (node(CacheParameterGroup=WAITING), {"parameters": "warning"}),
        (gone_subnet, {"subnet-group": "broken"}),
    ],
)
def test_what_keeps_tasks_from_the_cache(break_: Break, expected: dict[str, str]) -> None:
    facts = estate()
    break_(facts)
    assert wrong(_diagnose_cache.SUBJECT, facts) == expected


def test_the_very_rule_is_shown_that_lets_pass_or_blocks() -> None:
    facts = estate()
    adding("data", 1, False, "deny", "10.0.0.0/16", (5432, 5432))(facts)
    found = {each.check: each.evidence for each in judged(_diagnose_database.SUBJECT, facts)}
    assert found["group-egress"] == "sg-ecs (uex-payments-dev-ecs) egress tcp 5432 to sg-rds"
    assert found["acl-call-in"] == "acl-data ingress rule 1: deny tcp 5432 10.0.0.0/16 (for 10.0.64.0/20, ports 5432)"
    assert found["acl-call-out"] == "acl-app egress rule 110: allow tcp 5432 10.0.48.0/20"
    assert found["route"] == "rtb-app: 10.0.0.0/16 -> local"


def test_a_tier_without_rules_for_answers_is_one_finding_an_acl() -> None:
    facts = estate()
    acl_of(facts, "data")[:] = [e for e in acl_of(facts, "data") if not e["Egress"] or e["RuleNumber"] == 32767]
    (finding,) = [e for e in judged(_diagnose_database.SUBJECT, facts) if e.severity == "broken"]
    assert "egress rule *: deny all 0.0.0.0/0 (for 10.0.64.0/20, ports 1024-65535)" in finding.evidence
    assert finding.command == "ansible-playbook site.yml -i inventories/dev --tags network --check"
    assert EPHEMERAL == (1024, 65535)
