# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _standing
from ansible_collections.uex.payments.plugins.module_utils._discovery import BUILDS_ON, Scope
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

HELD = {layer: [f"thing of {layer}"] for layer in BUILDS_ON}
SCOPE = Scope("uex-payments-test", {key: value for key, value in TAGS.items() if key != "Layer"})


@pytest.mark.parametrize(
    ("layers", "held", "users"),
    [
        (["compute"], HELD, ["monitoring"]),
        (["monitoring"], HELD, []),
        (["edge"], HELD, ["monitoring", "compute"]),
        (["network"], HELD, ["monitoring", "compute", "edge", "data"]),
        (["network"], {"registry": ["repository r"]}, []),
        (["foundation"], {"registry": ["repository r"]}, ["registry"]),
        (["network", "data", "edge", "compute", "monitoring"], HELD, []),
        (list(BUILDS_ON), HELD, []),
    ],
)
def test_who_still_stands_on_layers_that_go(layers: list[str], held: dict[str, list[str]], users: list[str]) -> None:
    problems = _standing.user_problems(layers, held)
    assert [problem.partition(" ")[0] for problem in problems] == users
    goes = set(_standing.users(problems, layers).split(","))
    assert goes == {*users, *layers}


def test_the_tags_that_take_all_of_it_down_are_in_the_order_in_which_it_goes() -> None:
    problems = _standing.user_problems(["network"], HELD)
    assert _standing.users(problems, ["network"]) == "monitoring,compute,edge,data,network"


def test_of_many_users_some_are_named() -> None:
    (problem,) = _standing.user_problems(["foundation"], {"registry": [f"repository {n}" for n in range(7)]})
    assert problem.endswith("repository 0, repository 1, repository 2, repository 3, repository 4 and 2 more")


def zone(**tags: str) -> Any:
    client = Account().connect("route53")
    made = client.create_hosted_zone(Name="example.com", CallerReference="test")["HostedZone"]["Id"]
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    if pairs:
        client.change_tags_for_resource(ResourceType="hostedzone", ResourceId=made.rpartition("/")[2], AddTags=pairs)
    return client, made


def record(client: Any, zone_id: str, kind: str, value: str) -> None:
    entry = {"Name": "x.example.com", "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}
    change = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": entry}]}
    client.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch=change)


OPTIONS = {"zone": "example.com", "domains": ["pay.example.com"], "cnames": {"w.example.com": "pay.example.com"}}
MANAGED = Scope(SCOPE.name, SCOPE.tags, {"AWS::Route53::HostedZone": ["example.com"]})


def test_a_zone_of_ours_may_go_and_one_of_others_only_loses_our_records(aws: None) -> None:
    zone(**TAGS)
    facts = _standing.edge(Account().connect, MANAGED, OPTIONS)
    assert (facts["own_zone"], list(facts["AWS::Route53::HostedZone"])) == (True, ["example.com"])
    theirs = _standing.edge(Account().connect, Scope("uex-payments-x", {**SCOPE.tags, "Environment": "x"}), OPTIONS)
    assert (theirs["own_zone"], theirs["AWS::Route53::HostedZone"]) == (False, {})
    assert [each["record_name"] for each in theirs["records"]] == ["w.example.com"]


def test_a_zone_with_records_of_others_stays(aws: None) -> None:
    client, made = zone(**TAGS)
    record(client, made, "TXT", '"somebody"')
    facts = _standing.edge(Account().connect, MANAGED, OPTIONS)
    assert facts["own_zone"]
    assert "AWS::Route53::HostedZone" not in facts


def test_a_zone_with_records_of_ours_only_may_go(aws: None) -> None:
    client, made = zone(**TAGS)
    record(client, made, "A", "192.0.2.1")
    assert "AWS::Route53::HostedZone" in _standing.edge(Account().connect, MANAGED, OPTIONS)


def test_an_empty_account_has_nothing_to_take(aws: None) -> None:
    connect = Account().connect
    options = {"zone": "", "domains": [], "cnames": {}}
    for layer, look in _standing.LOOKS.items():
        facts = look(connect, SCOPE, options)
        assert {key for key, value in facts.items() if value} == ({"account_id"} if layer == "monitoring" else set())
