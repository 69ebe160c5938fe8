# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _discovery, _living, _orphans
from ansible_collections.uex.payments.plugins.modules import stack_orphans
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

OPTIONS: dict[str, Any] = {"tags": TAGS, "layers": list(_discovery.BUILDS_ON)}
PAIRS = [{"Key": key, "Value": value} for key, value in TAGS.items()]


@pytest.fixture
def made(aws: None) -> dict[str, str]:
    """Something of several kinds that carries our tags; ids by what it is."""
    account = Account()
    ec2, logs, kms, secrets = (account.connect(name) for name in ("ec2", "logs", "kms", "secretsmanager"))

    def tags(resource: str) -> list[dict[str, Any]]:
        return [{"ResourceType": resource, "Tags": PAIRS}]

    volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, TagSpecifications=tags("volume"))["VolumeId"]
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=tags("vpc"))["Vpc"]["VpcId"]
    logs.create_log_group(logGroupName="stray", tags=TAGS)
    key = kms.create_key(Tags=[{"TagKey": each["Key"], "TagValue": each["Value"]} for each in PAIRS])["KeyMetadata"]
    kms.schedule_key_deletion(KeyId=key["KeyId"])
    secrets.create_secret(Name="stray", SecretString="x", Tags=PAIRS)
    secrets.delete_secret(SecretId="stray")
    ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)
    return {"volume": volume, "vpc": vpc}


def listed(**options: Any) -> list[str]:
    result = plugins.run_module(stack_orphans, {**OPTIONS, **options})
    assert not result.get("failed"), result["msg"]
    assert result["changed"] is False
    return [f"{each['kind']} {each['name']}" for each in result["orphans"]]


def test_what_carries_our_tags_is_listed_but_for_what_is_being_deleted(made: dict[str, str]) -> None:
    kinds = {"volume": "AWS::EC2::Volume", "vpc": "AWS::EC2::VPC"}
    expected = [f"{kinds[each]} {name}" for each, name in made.items()] + ["AWS::Logs::LogGroup stray"]
    assert listed() == sorted(expected, key=str)


def test_what_is_declared_is_not(made: dict[str, str]) -> None:
    assert listed(known=[made["vpc"], made["volume"]]) == ["AWS::Logs::LogGroup stray"]


def test_nor_what_is_another_environment_s(made: dict[str, str]) -> None:
    assert listed(tags={**TAGS, "Environment": "other"}) == []


def test_without_ownership_tags_nothing_is_asked() -> None:
    result = plugins.run_module(stack_orphans, {**OPTIONS, "tags": {"Project": "x"}})
    assert result["msg"].startswith("tags: Environment, ManagedBy missing")


def test_a_denied_read_is_an_error(made: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(connect: Any, arn: Any) -> Any:
        error = RuntimeError("no")
        error.response = {"Error": {"Code": "AccessDenied"}}  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(_living, "PROBES", {"logs:log-group": refuse})
    assert "AccessDenied" in plugins.run_module(stack_orphans, OPTIONS)["msg"]


def test_outside_of_us_east_1_what_belongs_to_no_region_is_asked_there() -> None:
    def client(region: str, *arns: str) -> Any:
        entries = [{"ResourceARN": arn, "Tags": []} for arn in arns]
        answer = {"ResourceTagMappingList": entries}
        return SimpleNamespace(
            meta=SimpleNamespace(region_name=region),
            can_paginate=lambda operation: False,
            get_resources=lambda **arguments: answer,
        )

    here = client("eu-west-1", "arn:aws:sns:eu-west-1:1:topic")
    there = client(
        "us-east-1", "arn:aws:route53:::hostedzone/Z1", "arn:aws:s3:::another", "arn:aws:sns:us-east-1:1:another"
    )
    found = stack_orphans.found(lambda service, region="": there if region else here, TAGS)
    assert [each.arn.rest for each in found] == ["topic", "Z1"]


@pytest.mark.parametrize(
    ("kind", "answer", "there"),
    [
        ("ecs:cluster", {"clusters": [{"status": "INACTIVE"}]}, False),
        ("ecs:cluster", {"clusters": [{"status": "ACTIVE"}]}, True),
        ("ecs:service", {"services": []}, False),
        ("ecs:service", {"services": [{"status": "ACTIVE"}]}, True),
        ("ecs:task-definition", {"taskDefinition": {"status": "INACTIVE"}}, False),
        ("cloudwatch:alarm", {"CompositeAlarms": [{}]}, True),
        ("cloudwatch:alarm", {"MetricAlarms": [], "CompositeAlarms": []}, False),
        ("kms:key", {"KeyMetadata": {"KeyState": "Disabled"}}, True),
        ("secretsmanager:secret", {"Name": "x"}, True),
    ],
)
def test_whether_it_is_still_there(kind: str, answer: dict[str, Any], there: bool) -> None:
    class Client:
        def __getattr__(self, operation: str) -> Any:
            return lambda **arguments: answer

    service, _colon, word = kind.partition(":")
    found = _orphans.resources([{"ResourceARN": f"arn:aws:{service}:us-east-1:1:{word}/a/b", "Tags": []}])
    assert bool(_living.alive(lambda name: Client(), found)) is there
