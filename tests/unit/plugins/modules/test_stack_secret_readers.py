# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest
from moto.secretsmanager.models import secretsmanager_backends

from ansible_collections.uex.payments.plugins.modules import stack_secret_readers
from ansible_collections.uex.payments.plugins.modules.stack_secret_readers import replaced
from ansible_collections.uex.payments.tests.support import ecs, plugins
from ansible_collections.uex.payments.tests.support.contract import Account

NAME = f"{ecs.CLUSTER}/session"
READER, OTHER = ecs.SERVICES
OPTIONS: dict[str, Any] = {"cluster": ecs.CLUSTER, "secrets": [NAME]}


@pytest.fixture
def account(aws: None) -> Account:
    """Two services with tasks, of which one reads the secret that was there before them."""
    account = Account()
    arn = account.connect("secretsmanager").create_secret(Name=NAME, SecretString="{}")["ARN"]
    ecs.services(account.connect)
    client = account.connect("ecs")
    definition = client.register_task_definition(
        family=READER,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        executionRoleArn=ecs.ROLE,
        containerDefinitions=[{"name": "c", "image": "i", "secrets": [{"name": "KEY", "valueFrom": f"{arn}:key::"}]}],
    )["taskDefinition"]["taskDefinitionArn"]
    client.update_service(cluster=ecs.CLUSTER, service=READER, taskDefinition=definition, desiredCount=1)
    account.written()
    return account


def run(account: Account, check_mode: bool = False, **settings: Any) -> dict[str, list[str]]:
    """The services that are deployed, by calls that the account notes."""
    services, failures = replaced(account.connect, {**OPTIONS, "changed": [], **settings}, check_mode)
    assert failures == []
    return services


def put(account: Account) -> None:
    """A new value, an hour later."""
    made = account.connect("secretsmanager").put_secret_value(SecretId=NAME, SecretString='{"key": "new"}')
    versions = secretsmanager_backends[ecs.REGISTRY[:12]]["us-east-1"].secrets[NAME].versions
    versions[made["VersionId"]]["createdate"] += 3600
    account.written()


def test_tasks_that_are_younger_than_the_value_are_left(account: Account) -> None:
    assert run(account) == {}
    assert account.written() == []


def test_who_reads_a_value_too_old_is_deployed_once_and_no_other(account: Account) -> None:
    put(account)
    assert run(account) == {READER: [NAME]}
    assert account.written() == [("ecs", "UpdateService")]


def test_a_check_says_who_would_be_and_deploys_nothing(account: Account) -> None:
    assert run(account, check_mode=True, changed=[NAME]) == {READER: [NAME]}
    assert account.written() == []


def test_the_result_says_what_it_brings_about(account: Account) -> None:
    put(account)
    result = plugins.run_module(stack_secret_readers, OPTIONS)
    assert [(action["name"], action["effects"]) for action in result["actions"]] == [(READER, ["starts a deployment"])]
    assert any(READER in line for line in result["table"])


def test_without_secrets_nobody_is_asked(account: Account) -> None:
    account.calls.clear()
    assert run(account, secrets=[]) == {}
    assert account.calls == []
