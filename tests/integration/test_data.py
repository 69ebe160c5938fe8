# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The data layer against its specification: secrets, PostgreSQL, Redis. Secrets' values are judged, never shown."""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.uex.payments.tests.integration.expected import ZONES, Environment

Named = dict[str, dict[str, Any]]

#: Those that every environment has.
SECRETS = {"database", "redis", "uex-api", "jwt-signing", "data-encryption"}
DATABASE_LOGS = ["postgresql", "upgrade"]
#: What AWS takes in a database's password and in an auth token, besides letters and digits.
PASSWORD_CHARACTERS = set(string.printable[:94]) - set('/"@')
TOKEN_CHARACTERS = set(string.ascii_letters + string.digits + "!&#$^<>-")


@pytest.fixture(scope="module")
def data_key(connect: Callable[[str], Any], stack_name: str) -> str:
    return str(connect("kms").describe_key(KeyId=f"alias/{stack_name}-data")["KeyMetadata"]["Arn"])


@pytest.fixture(scope="module")
def data_subnets(ec2: Any, stack_name: str) -> set[str]:
    subnets: Named = ec2.named("describe_subnets", "Subnets")
    return {subnets[f"{stack_name}-data-{zone}"]["SubnetId"] for zone in ZONES}


@pytest.fixture(scope="module")
def groups(ec2: Any) -> dict[str, str]:
    """Ids of the security groups by name."""
    return {each["GroupName"]: each["GroupId"] for each in ec2.all("describe_security_groups", "SecurityGroups")}


# Secrets


@pytest.fixture(scope="module")
def secrets(connect: Callable[[str], Any], stack_name: str) -> Named:
    """The environment's secrets by short name."""
    pages = connect("secretsmanager").get_paginator("list_secrets").paginate()
    found = {str(each["Name"]): each for page in pages for each in page["SecretList"]}
    prefix = f"{stack_name}/"
    return {name.removeprefix(prefix): each for name, each in found.items() if name.startswith(prefix)}


def value(connect: Callable[[str], Any], secret: dict[str, Any]) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(
        connect("secretsmanager").get_secret_value(SecretId=secret["ARN"])["SecretString"]
    )
    return parsed


def test_there_are_as_many_secrets_as_specified(secrets: Named, environment: Environment) -> None:
    assert len(secrets) == environment.secrets
    assert secrets.keys() >= SECRETS


def test_secrets_are_encrypted_with_the_customer_key(secrets: Named, data_key: str) -> None:
    assert {name for name, secret in secrets.items() if secret["KmsKeyId"] != data_key} == set()


def test_secrets_are_closed_to_other_accounts(secrets: Named, connect: Callable[[str], Any], account: str) -> None:
    for secret in secrets.values():
        answer = connect("secretsmanager").get_resource_policy(SecretId=secret["ARN"])
        (statement,) = json.loads(answer["ResourcePolicy"])["Statement"]
        assert statement["Effect"] == "Deny"
        assert account in str(statement["Condition"]["StringNotEquals"])


def test_every_secret_has_a_value_of_its_own(secrets: Named, connect: Callable[[str], Any]) -> None:
    values = [text for secret in secrets.values() for text in value(connect, secret).values()]
    assert all(values)
    generated = [str(text) for text in values if len(str(text)) >= 32]
    assert len(generated) >= len(secrets) - 1, "all but the operator's own are generated"
    assert len(set(generated)) == len(generated)


def test_generated_logins_are_such_as_aws_takes(secrets: Named, connect: Callable[[str], Any]) -> None:
    password = set(value(connect, secrets["database"])["password"])
    token = set(value(connect, secrets["redis"])["auth_token"])
    assert (sorted(password - PASSWORD_CHARACTERS), sorted(token - TOKEN_CHARACTERS)) == ([], [])


def test_secrets_carry_the_layer_s_tags(secrets: Named, owner_tags: Callable[[str], dict[str, str]]) -> None:
    wanted = owner_tags("data").items()
    tags = {name: {tag["Key"]: tag["Value"] for tag in secret["Tags"]} for name, secret in secrets.items()}
    assert {name for name, found in tags.items() if not wanted <= found.items()} == set()


# Rotation


def test_rotated_are_those_that_are_specified(secrets: Named, environment: Environment) -> None:
    assert {name for name, secret in secrets.items() if secret.get("RotationEnabled")} == environment.rotated
    for name in environment.rotated:
        rules = secrets[name]["RotationRules"]
        assert rules["ScheduleExpression"].startswith("cron(")
        assert rules["Duration"]


def test_the_function_that_rotates_is_in_the_app_tier_and_only_called_by_secrets_manager(
    connect: Callable[[str], Any],
    ec2: Any,
    groups: dict[str, str],
    secrets: Named,
    environment: Environment,
    stack_name: str,
    account: str,
) -> None:
    client, name = connect("lambda"), f"{stack_name}-rotation"
    functions = {each["FunctionName"]: each for each in client.list_functions()["Functions"]}
    assert (name in functions) == bool(environment.rotated)
    if not environment.rotated:
        return
    function, subnets = functions[name], ec2.named("describe_subnets", "Subnets")
    assert set(function["VpcConfig"]["SubnetIds"]) == {subnets[f"{stack_name}-app-{z}"]["SubnetId"] for z in ZONES}
    assert function["VpcConfig"]["SecurityGroupIds"] == [groups[name]]
    (statement,) = json.loads(client.get_policy(FunctionName=name)["Policy"])["Statement"]
    assert statement["Principal"] == {"Service": "secretsmanager.amazonaws.com"}
    assert account in str(statement["Condition"])
    arns = {secrets[secret]["RotationLambdaARN"] for secret in environment.rotated}
    assert arns == {function["FunctionArn"]}


# PostgreSQL


@pytest.fixture(scope="module")
def instances(connect: Callable[[str], Any], stack_name: str) -> Named:
    pages = connect("rds").get_paginator("describe_db_instances").paginate()
    found = {str(each["DBInstanceIdentifier"]): each for page in pages for each in page["DBInstances"]}
    return {name: each for name, each in found.items() if name.startswith(f"{stack_name}-")}


@pytest.fixture(scope="module")
def primary(instances: Named, stack_name: str) -> dict[str, Any]:
    return instances[f"{stack_name}-db"]


@pytest.fixture(scope="module")
def replicas(instances: Named, stack_name: str) -> list[dict[str, Any]]:
    return [each for name, each in instances.items() if name != f"{stack_name}-db"]


def test_there_are_a_primary_and_its_replicas(instances: Named, stack_name: str, environment: Environment) -> None:
    replicas = [f"{stack_name}-db-replica-{number + 1}" for number in range(environment.database.replicas)]
    assert sorted(instances) == sorted([f"{stack_name}-db", *replicas])
    assert {each["DBInstanceStatus"] for each in instances.values()} == {"available"}


def test_the_primary_has_the_specified_size(primary: dict[str, Any], environment: Environment) -> None:
    wanted = environment.database
    assert (primary["DBInstanceClass"], primary["MultiAZ"]) == (wanted.instance_class, wanted.multi_az)
    assert (primary["Engine"], primary["EngineVersion"].partition(".")[0]) == ("postgres", "16")


def test_replicas_follow_the_primary_from_other_zones(primary: dict[str, Any], replicas: list[dict[str, Any]]) -> None:
    sources = {each["ReadReplicaSourceDBInstanceIdentifier"] for each in replicas}
    assert sources <= {primary["DBInstanceIdentifier"]}
    zones = [each["AvailabilityZone"] for each in (primary, *replicas)]
    assert len(set(zones)) == len(zones)


def test_the_database_can_be_restored_to_a_point_in_time(primary: dict[str, Any]) -> None:
    assert primary["BackupRetentionPeriod"] >= 7
    assert primary["LatestRestorableTime"]


def test_instances_are_isolated(
    instances: Named, groups: dict[str, str], data_subnets: set[str], stack_name: str
) -> None:
    for instance in instances.values():
        assert instance["PubliclyAccessible"] is False
        assert [each["VpcSecurityGroupId"] for each in instance["VpcSecurityGroups"]] == [groups[f"{stack_name}-rds"]]
        assert {each["SubnetIdentifier"] for each in instance["DBSubnetGroup"]["Subnets"]} == data_subnets


def test_instances_are_encrypted_with_the_customer_key(instances: Named, data_key: str) -> None:
    assert {(each["StorageEncrypted"], each["KmsKeyId"]) for each in instances.values()} == {(True, data_key)}
    assert {each["PerformanceInsightsKMSKeyId"] for each in instances.values()} == {data_key}


def test_instances_are_watched(instances: Named, account: str, stack_name: str, connect: Callable[[str], Any]) -> None:
    role = f"arn:aws:iam::{account}:role/{stack_name}-rds-monitoring"
    for name, instance in instances.items():
        assert instance["PerformanceInsightsEnabled"] is True
        assert (instance["MonitoringInterval"] > 0, instance["MonitoringRoleArn"]) == (True, role)
        assert sorted(instance["EnabledCloudwatchLogsExports"]) == DATABASE_LOGS
        for log in DATABASE_LOGS:
            assert_forgets(connect, f"/aws/rds/instance/{name}/{log}")


def assert_forgets(connect: Callable[[str], Any], name: str) -> None:
    """The log group is ours: encrypted, and kept for a time."""
    found = connect("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    (group,) = (each for each in found if each["logGroupName"] == name)
    assert group["retentionInDays"] > 0
    assert group["kmsKeyId"]


def test_only_dev_is_unprotected(primary: dict[str, Any], environment: Environment) -> None:
    assert primary["DeletionProtection"] is (environment.name != "dev")


@pytest.fixture(scope="module")
def parameters(primary: dict[str, Any], connect: Callable[[str], Any]) -> dict[str, str]:
    """What we set, by name."""
    (group,) = primary["DBParameterGroups"]
    pages = connect("rds").get_paginator("describe_db_parameters")
    found = pages.paginate(DBParameterGroupName=group["DBParameterGroupName"], Source="user")
    return {each["ParameterName"]: each["ParameterValue"] for page in found for each in page["Parameters"]}


def test_connections_need_tls_and_slow_statements_are_logged(parameters: dict[str, str]) -> None:
    assert parameters["rds.force_ssl"] == "1"
    assert parameters["shared_preload_libraries"] == "pg_stat_statements"
    assert 0 < int(parameters["log_min_duration_statement"]) <= 1000


def test_the_database_has_a_group_of_options_of_its_own(primary: dict[str, Any], stack_name: str) -> None:
    assert [each["OptionGroupName"] for each in primary["OptionGroupMemberships"]] == [f"{stack_name}-db-postgres16"]


def test_instances_carry_the_layer_s_tags(instances: Named, owner_tags: Callable[[str], dict[str, str]]) -> None:
    wanted = owner_tags("data").items()
    tags = {name: {tag["Key"]: tag["Value"] for tag in each["TagList"]} for name, each in instances.items()}
    assert {name for name, found in tags.items() if not wanted <= found.items()} == set()


# Redis


@pytest.fixture(scope="module")
def cache(connect: Callable[[str], Any], stack_name: str) -> dict[str, Any]:
    answer = connect("elasticache").describe_replication_groups(ReplicationGroupId=f"{stack_name}-redis")
    (group,) = answer["ReplicationGroups"]
    return dict(group)


@pytest.fixture(scope="module")
def nodes(cache: dict[str, Any], connect: Callable[[str], Any]) -> list[dict[str, Any]]:
    client = connect("elasticache")
    return [client.describe_cache_clusters(CacheClusterId=name)["CacheClusters"][0] for name in cache["MemberClusters"]]


def test_redis_has_the_specified_size(cache: dict[str, Any], environment: Environment) -> None:
    assert cache["Status"] == "available"
    assert (cache["CacheNodeType"], len(cache["MemberClusters"])) == environment.cache


def test_redis_fails_over_where_there_are_two_nodes(cache: dict[str, Any], environment: Environment) -> None:
    wanted = "enabled" if environment.cache.nodes > 1 else "disabled"
    assert (cache["AutomaticFailover"], cache["MultiAZ"]) == (wanted, wanted)
    zones = [each["PreferredAvailabilityZone"] for each in cache["NodeGroups"][0]["NodeGroupMembers"]]
    assert len(set(zones)) == len(zones)


def test_redis_is_encrypted_and_asks_for_its_token(cache: dict[str, Any], data_key: str) -> None:
    assert cache["TransitEncryptionEnabled"] is True
    assert (cache["AtRestEncryptionEnabled"], cache["KmsKeyId"]) == (True, data_key)
    assert cache["AuthTokenEnabled"] is True


def test_redis_is_isolated(
    nodes: list[dict[str, Any]],
    groups: dict[str, str],
    data_subnets: set[str],
    stack_name: str,
    connect: Callable[[str], Any],
) -> None:
    for node in nodes:
        assert [each["SecurityGroupId"] for each in node["SecurityGroups"]] == [groups[f"{stack_name}-redis"]]
    (name,) = {node["CacheSubnetGroupName"] for node in nodes}
    answer = connect("elasticache").describe_cache_subnet_groups(CacheSubnetGroupName=name)
    assert {each["SubnetIdentifier"] for each in answer["CacheSubnetGroups"][0]["Subnets"]} == data_subnets


def test_redis_runs_version_7_with_parameters_of_its_own(nodes: list[dict[str, Any]], stack_name: str) -> None:
    assert {node["EngineVersion"].partition(".")[0] for node in nodes} == {"7"}
    names = {node["CacheParameterGroup"]["CacheParameterGroupName"] for node in nodes}
    assert names == {f"{stack_name}-redis-redis7"}


def test_redis_is_kept_and_logged(cache: dict[str, Any], stack_name: str, connect: Callable[[str], Any]) -> None:
    assert cache["SnapshotRetentionLimit"] > 0
    logs = {
        each["LogType"]: each["DestinationDetails"]["CloudWatchLogsDetails"]["LogGroup"]
        for each in cache["LogDeliveryConfigurations"]
    }
    assert logs == {"slow-log": f"{stack_name}-redis-slow", "engine-log": f"{stack_name}-redis-engine"}
    for name in logs.values():
        assert_forgets(connect, name)


def test_redis_carries_the_layer_s_tags(
    cache: dict[str, Any], connect: Callable[[str], Any], owner_tags: Callable[[str], dict[str, str]]
) -> None:
    found = connect("elasticache").list_tags_for_resource(ResourceName=cache["ARN"])["TagList"]
    assert owner_tags("data").items() <= {tag["Key"]: tag["Value"] for tag in found}.items()
