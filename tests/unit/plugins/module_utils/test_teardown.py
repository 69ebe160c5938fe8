# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The order of a teardown, and what its table comes to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.uex.payments.plugins.module_utils import _going, _standing
from ansible_collections.uex.payments.plugins.module_utils._discovery import BUILDS_ON
from ansible_collections.uex.payments.plugins.module_utils._teardown import (
    FINISH,
    START,
    TABLE,
    Call,
    Prune,
    Remove,
    Wait,
    calls,
)
from ansible_collections.uex.payments.tests.support.contract import TAGS

ROOT = Path(__file__).resolve().parents[4]
PLAY = yaml.safe_load((ROOT / "playbooks/teardown.yml").read_text(encoding="utf-8"))[0]["tasks"]


def played() -> list[tuple[str, str]]:
    """The layers' parts as the playbook runs them."""
    return [
        (task["tags"][0], task.get("vars", {}).get("stack_teardown_part", FINISH))
        for task in PLAY
        if task["tags"] != ["always"]
    ]


#: Every step of a whole teardown, in order, with its layer; a wait stands as its kinds.
STEPS = [
    (layer, name)
    for layer, part in played()
    for entry in TABLE[layer, part]
    for name in (entry.kinds if isinstance(entry, Wait) else (entry.module,))
]


def place(layer: str, name: str, last: bool = False) -> int:
    found = [index for index, step in enumerate(STEPS) if step == (layer, name)]
    return found[-1 if last else 0]


def test_the_playbook_runs_every_part_of_every_layer_once() -> None:
    assert sorted(played()) == sorted(TABLE)
    assert {layer for layer, _part in TABLE} == set(BUILDS_ON)


def test_a_layer_ends_before_all_that_it_builds_on() -> None:
    finishes = [layer for layer, part in played() if part == FINISH]
    wrong = [
        (layer, b) for layer, below in BUILDS_ON.items() for b in below if finishes.index(layer) > finishes.index(b)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("compute", "applicationautoscaling_scaling_policy"), ("compute", "applicationautoscaling_scalable_target")),
        (("compute", "applicationautoscaling_scalable_target"), ("compute", "ecs_service")),
        (("compute", "ecs_service"), ("compute", "services")),
        (("compute", "services"), ("compute", "ecs_cluster")),
        (("compute", "services"), ("compute", "logs_log_group")),
        (("compute", "services"), ("data", "rds_db_instance")),
        (("compute", "services"), ("network", "ec2_nat_gateway")),
        (("data", "busy_db_instances"), ("data", "rds_db_instance")),
        (("foundation", "iam_group"), ("foundation", "iam_policy")),
        (("foundation", "iam_role"), ("foundation", "iam_policy")),
        (("data", "rds_db_instance"), ("data", "replicas")),
        (("data", "db_instances"), ("data", "rds_subnet_group")),
        (("data", "db_instances"), ("data", "rds_option_group")),
        (("data", "db_instances"), ("data", "logs_log_group")),
        (("data", "replication_groups"), ("data", "elasticache_subnet_group")),
        (("edge", "route53_record_set"), ("edge", "elbv2_load_balancer")),
        (("edge", "elbv2_listener_rule"), ("edge", "elbv2_listener")),
        (("edge", "elbv2_listener"), ("edge", "elbv2_target_group")),
        (("edge", "certificates"), ("edge", "acm_certificate")),
        (("edge", "route53_record_set"), ("edge", "route53_zone")),
        (("network", "network_interfaces"), ("network", "ec2_security_group")),
        (("network", "ec2_route_table"), ("network", "ec2_subnet")),
        (("network", "ec2_vpc_igw"), ("network", "ec2_vpc_net")),
        (("network", "ec2_subnet"), ("network", "ec2_vpc_net")),
        (("network", "ec2_flow_log"), ("network", "logs_log_group")),
        (("foundation", "s3_bucket"), ("foundation", "kms_key")),
    ],
)
def test_what_must_be_gone_first_is(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert place(*first) < place(*second)


@pytest.mark.parametrize("slow", ["db_instances", "replication_groups", "nat_gateways", "vpc_endpoints"])
def test_nothing_slow_is_awaited_before_all_that_is_slow_was_started(slow: str) -> None:
    started = [place("data", "elasticache_replication_group"), place("edge", "elbv2_load_balancer")]
    started += [place("network", "ec2_nat_gateway"), place("network", "ec2_vpc_endpoint")]
    awaited = next(index for index, (_layer, name) in enumerate(STEPS) if name == slow)
    assert max(started) < awaited


def test_addresses_are_released_once_their_gateways_are_gone() -> None:
    assert place("network", "nat_gateways") < place("network", "ec2_nat_gateway", last=True)


def test_a_read_replica_goes_before_its_source() -> None:
    waits = TABLE["data", FINISH]
    assert waits[0] == Wait(("replicas",))
    first, *_others = [e for e in TABLE["data", START] if isinstance(e, Prune) and e.module == "rds_db_instance"]
    assert first.fixed == {"replicas": True}
    assert [e.unless for e in TABLE["data", START] if isinstance(e, Prune)][-1] == "replicas"


def test_a_promoted_replica_goes_with_its_environment() -> None:
    entries = [e for part in (START, FINISH) for e in TABLE["data", part] if isinstance(e, Prune)]
    databases = [e.fixed for e in entries if e.module == "rds_db_instance" and not e.fixed.get("replicas")]
    assert databases == [{"spare_promoted": False}] * 2


def test_every_awaited_kind_has_a_deadline_and_every_layer_a_look() -> None:
    kinds = {kind for entries in TABLE.values() for e in entries if isinstance(e, Wait) for kind in e.kinds}
    assert kinds == set(_going.GOING)
    assert all(slow.deadline > 0 and slow.usual for slow in _going.GOING.values())
    assert set(_standing.LOOKS) == set(BUILDS_ON)


def test_every_call_has_a_module_that_takes_its_options() -> None:
    for entry in (e for entries in TABLE.values() for e in entries if isinstance(e, Prune)):
        text = (ROOT / f"plugins/modules/{entry.module}.py").read_text(encoding="utf-8")
        options = yaml.safe_load(text.partition('DOCUMENTATION = r"""')[2].partition('"""')[0])["options"]
        assert {entry.plural, *entry.given, *entry.fixed} <= set(options), entry.module


SCALING = Prune("x_policy", "policies", {"cluster": "name", "services": "services"}, {"wait": False})
SCALED = {"policies": [], "cluster": "n", "services": ["s"], "wait": False, "tags": TAGS, "prune": True}
EACH = Prune("x_rule", "rules", {"load_balancer_arn": "each"}, each="load_balancers")
RULES = {"rules": [], "tags": TAGS, "prune": True}
KEY = Remove("kms_key", "AWS::KMS::Key", {"key_id": "id"})
ZONE = Remove("route53_zone", "AWS::Route53::HostedZone", {"hosted_zone_id": "id"}, name="zone")


@pytest.mark.parametrize(
    ("entry", "facts", "expected"),
    [
        (SCALING, {"name": "n", "services": ["s"]}, [Call("uex.payments.x_policy", SCALED)]),
        (SCALING, {"name": "n", "services": []}, []),
        (Prune("x", "things", {"vpc_id": "vpc_id"}), {"vpc_id": None}, []),
        (Prune("x", "things", unless="replicas"), {"replicas": ["r"]}, []),
        (
            Prune("x", "records", {"records": "records"}),
            {"records": [{"name": "a"}]},
            [Call("uex.payments.x", {"records": [{"name": "a"}], "tags": TAGS, "prune": True})],
        ),
        (
            EACH,
            {"load_balancers": ["one", "two"]},
            [Call("uex.payments.x_rule", {**RULES, "load_balancer_arn": arn}) for arn in ("one", "two")],
        ),
        (EACH, {}, []),
        (KEY, {}, []),
        (
            KEY,
            {"AWS::KMS::Key": {"alias/a": {"id": "k"}}},
            [Call("amazon.aws.kms_key", {"state": "absent", "key_id": "k"}, ("AWS::KMS::Key", "alias/a"))],
        ),
        (
            ZONE,
            {"AWS::Route53::HostedZone": {"example.com": {"id": "Z"}}},
            [
                Call(
                    "amazon.aws.route53_zone",
                    {"state": "absent", "zone": "example.com", "hosted_zone_id": "Z"},
                    ("AWS::Route53::HostedZone", "example.com"),
                )
            ],
        ),
    ],
)
def test_what_an_entry_comes_to(entry: Prune | Remove, facts: dict[str, Any], expected: list[Call]) -> None:
    assert list(calls(entry, facts, TAGS)) == expected
