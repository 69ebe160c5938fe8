# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _elasticache, _resource
from ansible_collections.uex.payments.plugins.modules import elasticache_replication_group
from ansible_collections.uex.payments.plugins.modules.elasticache_replication_group import ReplicationGroup
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject
from ansible_collections.uex.payments.tests.support.fake import Refused
from ansible_collections.uex.payments.tests.unit.plugins.modules.test_elasticache_subnet_group import subnets

OTHERS = ("name", "auth_token_secret", "log_delivery_configurations", "tags")
EMPTY: dict[str, Any] = dict.fromkeys((*_elasticache.MEMBERS, *OTHERS))
NAME = "uex-payments-test-redis"
LOGS = [{"log_type": kind, "log_group": f"{NAME}-{kind}", "log_format": "json"} for kind in ("slow-log", "engine-log")]
TOKEN = "correct-horse-battery"


def sample(connect: Connect) -> dict[str, Any]:
    connect("secretsmanager").create_secret(Name="redis", SecretString=json.dumps({"auth_token": TOKEN}))
    group = {"CacheSubnetGroupName": "data", "CacheSubnetGroupDescription": "data"}
    connect("elasticache").create_cache_subnet_group(**group, SubnetIds=subnets(connect))
    for log in LOGS:
        connect("logs").create_log_group(logGroupName=log["log_group"])
    shared = {
        "description": "UEX Payments",
        "engine": "redis",
        "engine_version": "7.1",
        "cache_node_type": "cache.t3.small",
        "num_cache_clusters": 2,
        "automatic_failover_enabled": True,
        "multi_az_enabled": True,
        "cache_subnet_group_name": "data",
        "port": 6379,
        "transit_encryption_enabled": True,
        "at_rest_encryption_enabled": True,
        "auth_token_secret": {"secret_id": "redis", "json_key": "auth_token"},
        "snapshot_retention_limit": 1,
        "snapshot_window": "02:00-03:00",
        "preferred_maintenance_window": "Sun:04:30-Sun:05:30",
        "auto_minor_version_upgrade": True,
        "log_delivery_configurations": LOGS,
    }
    names = (NAME, "uex-payments-test-other")
    return {**BEHAVIOUR, "replication_groups": [{**EMPTY, **shared, "name": name} for name in names]}


BEHAVIOUR = {
    "replacement_confirmed": "",
    "apply_immediately": False,
    "skip_final_snapshot": True,
    "final_snapshot_suffix": "",
}
CONTRACT = Contract(
    ReplicationGroup,
    sample,
    change={"snapshot_retention_limit": 7},
    unset=(
        "engine",
        "engine_version",
        "port",
        "snapshot_retention_limit",
        "snapshot_window",
        "preferred_maintenance_window",
        "auto_minor_version_upgrade",
        "log_delivery_configurations",
    ),
)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def live(subject: Subject) -> dict[str, Any]:
    """AWS's own view of the first group."""
    client = subject.account.connect("elasticache")
    return client.describe_replication_groups(ReplicationGroupId=NAME)["ReplicationGroups"][0]


def only(subject: Subject, **changed: Any) -> dict[str, Any]:
    """The first group alone, with something changed."""
    return subject.with_items([{**subject.items[0], **changed}])


def test_the_result_says_where_clients_connect(made: Subject) -> None:
    group = made.run().resources[NAME]
    nodes = live(made)["NodeGroups"][0]
    assert group["primary_endpoint_address"] == nodes["PrimaryEndpoint"]["Address"]
    assert group["reader_endpoint_address"] == nodes["ReaderEndpoint"]["Address"]
    assert group["member_clusters"] == [f"{NAME}-001", f"{NAME}-002"]
    assert group["configuration_endpoint_address"] is None


def test_the_token_is_used_and_never_returned(made: Subject) -> None:
    assert live(made)["AuthTokenEnabled"] is True
    assert TOKEN not in str(made.run())


@pytest.mark.parametrize(
    ("nodes", "failover"), [(3, True), (1, False)], ids=["more nodes", "a single node without failover"]
)
def test_nodes_are_added_and_removed(made: Subject, nodes: int, failover: bool) -> None:
    switches = {"automatic_failover_enabled": failover, "multi_az_enabled": failover}
    changed = only(made, num_cache_clusters=nodes, **switches)
    assert made.run(**changed).failed == []
    assert len(live(made)["MemberClusters"]) == nodes
    assert made.run(**changed).done == []


def test_a_larger_node_waits_for_the_window_unless_asked(made: Subject) -> None:
    changed = only(made, cache_node_type="cache.r6g.large")
    assert made.run(apply_immediately=True, **changed).failed == []
    assert live(made)["CacheNodeType"] == "cache.r6g.large"


def test_log_delivery_is_switched_off(made: Subject) -> None:
    assert made.run(**only(made, log_delivery_configurations=LOGS[:1])).failed == []
    assert [entry["LogType"] for entry in live(made)["LogDeliveryConfigurations"]] == ["slow-log"]


def test_cluster_mode_is_made_and_refused_for_what_has_it_not(made: Subject) -> None:
    shards = {"num_cache_clusters": None, "num_node_groups": 2, "replicas_per_node_group": 1}
    client = made.account.connect("elasticache")
    group = {"CacheParameterGroupName": "on", "CacheParameterGroupFamily": "redis7", "Description": "cluster mode"}
    client.create_cache_parameter_group(**group)
    on = [{"ParameterName": "cluster-enabled", "ParameterValue": "yes"}]
    client.modify_cache_parameter_group(CacheParameterGroupName="on", ParameterNameValues=on)
    new = only(made, name="uex-payments-test-shards", cache_parameter_group_name="on", **shards)
    outcome = made.run(**new)
    assert outcome.failed == []
    assert outcome.resources["uex-payments-test-shards"]["configuration_endpoint_address"]
    assert made.run(**new).done == []
    assert {failure.code for failure in made.run(**only(made, **shards)).failed} == {"Frozen"}


def confirmed(subject: Subject, **changed: Any) -> dict[str, Any]:
    """The first group alone, changed and confirmed."""
    return {"replacement_confirmed": NAME, **only(subject, **changed)}


def snapshots(subject: Subject) -> list[str]:
    client = subject.account.connect("elasticache")
    return [entry["SnapshotName"] for entry in client.describe_snapshots()["Snapshots"]]


def cache_calls(subject: Subject) -> list[str]:
    """What ElastiCache was told to do since the last time this was asked."""
    return [operation for service, operation in subject.account.written() if service == "elasticache"]


def told(subject: Subject) -> str:
    events = subject.account.connect("elasticache").describe_events(SourceIdentifier=NAME)["Events"]
    return " ".join(event["Message"] for event in events)


def test_a_confirmed_replacement_is_planned_as_one_and_done_through_a_snapshot(made: Subject) -> None:
    arn = made.account.connect("kms").create_key()["KeyMetadata"]["Arn"]
    changed = confirmed(made, kms_key_id=arn, port=6380, snapshot_retention_limit=3)
    refused = made.run(check_mode=True, **{**changed, "replacement_confirmed": ""}).failed[0]
    assert f"data_redis_replacement_confirmed={NAME}" in refused.hint
    made.account.written()
    (plan,) = made.run(check_mode=True, **changed).plans
    assert (plan.verb, plan.options) == ("replace", {"kms_key_id", "port", "snapshot_retention_limit"})
    assert cache_calls(made) == []
    assert made.run(**changed).failed == []
    assert cache_calls(made) == ["DeleteReplicationGroup", "CreateReplicationGroup", "DeleteSnapshot"]
    assert f"Restore from {NAME}-replacement succeeded" in told(made)
    assert (live(made)["KmsKeyId"], live(made)["NodeGroups"][0]["PrimaryEndpoint"]["Port"]) == (arn, 6380)
    assert snapshots(made) == []
    assert made.run(**changed).done == []


def test_an_interrupted_replacement_goes_on_and_never_makes_an_empty_group(
    made: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = confirmed(made, port=6380)
    with monkeypatch.context() as broken:
        refused = Refused("InsufficientReplicationGroupCapacity")
        broken.setattr(made.account.connect("elasticache"), "create_replication_group", _raising(refused))
        assert [failure.code for failure in made.run(**changed).failed] == [refused.response["Error"]["Code"]]
    assert snapshots(made) == [f"{NAME}-replacement"]
    again = {**changed, "replacement_confirmed": ""}
    resource = made.resource(**again)
    (plan,) = _resource.decide(resource, resource.wanted(), resource.observe())
    assert (plan.verb, list(resource.effects(plan))) == ("create", [f"made of the snapshot {NAME}-replacement"])
    assert made.run(**again).failed == []
    assert f"Restore from {NAME}-replacement succeeded" in told(made)
    assert snapshots(made) == []


def _raising(error: Exception) -> Any:
    def call(**_arguments: Any) -> None:
        raise error

    return call


def test_what_an_earlier_replacement_left_is_in_the_way_of_the_next(made: Subject) -> None:
    client = made.account.connect("elasticache")
    client.create_snapshot(ReplicationGroupId=NAME, SnapshotName=f"{NAME}-replacement")
    made.account.written()
    (failure,) = made.run(**confirmed(made, port=6380)).failed
    assert f"{NAME}-replacement of an earlier replacement" in failure.message
    assert cache_calls(made) == []


@pytest.fixture
def clear(aws: None) -> Subject:
    """Groups without TLS and token."""
    subject = Subject(CONTRACT, Account())
    off = {"transit_encryption_enabled": False, "auth_token_secret": None}
    assert subject.run(**subject.with_items([{**item, **off} for item in subject.items])).failed == []
    subject.account.written()
    return subject


def test_a_group_without_tls_gets_it_and_the_token(clear: Subject) -> None:
    changed = only(clear, transit_encryption_mode="required")
    (plan,) = clear.run(check_mode=True, **changed).plans
    assert plan.verb == "update"
    assert "ends connections without TLS" in clear.resource().effects(plan)
    assert clear.run(**changed).failed == []
    assert cache_calls(clear) == ["ModifyReplicationGroup"] * 4
    group = live(clear)
    assert (group["TransitEncryptionMode"], group["AuthTokenEnabled"]) == ("required", True)
    assert clear.run(**changed).done == []


def test_tls_can_stop_at_preferred_and_go_on(clear: Subject) -> None:
    halfway = only(clear, transit_encryption_mode="preferred")
    assert clear.run(**halfway).failed == []
    group = live(clear)
    assert (group["TransitEncryptionMode"], group["AuthTokenEnabled"]) == ("preferred", False)
    assert clear.run(**halfway).done == []
    assert clear.run(**only(clear, transit_encryption_mode="required")).failed == []
    group = live(clear)
    assert (group["TransitEncryptionMode"], group["AuthTokenEnabled"]) == ("required", True)


def test_each_step_waits_until_aws_has_taken_the_one_before(clear: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([True, False] * 8)
    waits: list[str] = []
    resource = clear.resource(**only(clear, transit_encryption_mode="required"))
    monkeypatch.setattr(resource, "_taking", lambda _name: next(looks))

    def until(check: Any, done: Any, what: str, *_rest: Any, **_more: Any) -> None:
        while not done(check()):
            waits.append(what)

    monkeypatch.setattr(elasticache_replication_group._wait, "until", until)
    resource.update(NAME, _resource.decide(resource, resource.wanted(), resource.observe())[0])
    assert waits == [f"{NAME}: TLS and token"] * 4


def test_tls_is_not_taken_off(made: Subject) -> None:
    off = {"transit_encryption_enabled": False, "auth_token_secret": None}
    (failure,) = made.run(check_mode=True, **only(made, **off)).failed
    assert (failure.code, "by hand" in failure.hint) == ("Refused", True)


@pytest.mark.parametrize(("at_once", "engine"), [(True, "valkey"), (False, "redis")])
def test_redis_becomes_valkey_in_place_at_once_or_in_the_window(made: Subject, at_once: bool, engine: str) -> None:
    client = made.account.connect("elasticache")
    group = {"CacheParameterGroupName": "new", "CacheParameterGroupFamily": "valkey8", "Description": "new"}
    client.create_cache_parameter_group(**group)
    changed = only(made, engine="valkey", engine_version="8.0", cache_parameter_group_name="new")
    made.account.written()
    assert made.run(**changed, apply_immediately=at_once).failed == []
    assert cache_calls(made) == ["ModifyReplicationGroup"]
    assert live(made)["Engine"] == engine
    assert made.run(**changed).done == []


def test_deletion_leaves_a_last_snapshot(made: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    resource, asked = made.resource(skip_final_snapshot=False, final_snapshot_suffix="end"), {}
    monkeypatch.setattr(resource.client, "delete_replication_group", lambda **arguments: asked.update(arguments))
    resource.delete(NAME, {})
    assert asked == {
        "ReplicationGroupId": NAME,
        "RetainPrimaryCluster": False,
        "FinalSnapshotIdentifier": f"{NAME}-final-end",
    }


def test_a_group_being_made_counts_as_ours_only_if_it_is_declared(made: Subject) -> None:
    making = {**live(made), "Status": "creating", "NodeGroups": [], "MemberClusters": []}
    declared, other = made.resource(), made.resource(prune=True, replication_groups=[])
    declared.nodes = other.nodes = []
    observed = declared.observed(making)
    assert (observed["ready"], observed["primary_endpoint_address"]) == (False, "(known after apply)")
    assert declared.owned(NAME, observed)
    assert not other.owned(NAME, other.observed(making))
