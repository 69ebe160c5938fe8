# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""KMS as AWS documents it: rotation, key policies, aliases and the states of a key."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")

ROOT = "arn:aws:iam::123456789012:root"
ALIAS = "alias/uex-payments-dev-data"


@pytest.fixture
def kms(aws: None) -> Any:
    return boto3.client("kms")


@pytest.fixture
def key(kms: Any) -> str:
    return str(kms.create_key(Description="data")["KeyMetadata"]["KeyId"])


def policy(principal: Any = ROOT, action: str = "kms:*") -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def code(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return str(refused.value.response["Error"]["Code"])


def rotation(kms: Any, key: str) -> tuple[bool, int | None]:
    status = kms.get_key_rotation_status(KeyId=key)
    return status["KeyRotationEnabled"], status.get("RotationPeriodInDays")


def test_rotation_and_its_period(kms: Any, key: str) -> None:
    assert rotation(kms, key) == (False, None)
    kms.enable_key_rotation(KeyId=key)
    assert rotation(kms, key) == (True, 365)
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    assert rotation(kms, key) == (True, 180)
    assert kms.get_key_rotation_status(KeyId=key)["NextRotationDate"]
    kms.disable_key_rotation(KeyId=key)
    assert rotation(kms, key) == (False, None)


def test_rotation_period_out_of_range(kms: Any, key: str) -> None:
    assert code(kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=2561) == "ValidationException"
    assert rotation(kms, key) == (False, None)


MALFORMED = {
    "no JSON": "{",
    "no statement": "{}",
    "an absent role": policy([ROOT, "arn:aws:iam::123456789012:role/absent"]),
    "nobody may change it": policy(action="kms:Decrypt"),
}


@pytest.mark.parametrize("document", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_key_policy(kms: Any, key: str, document: str) -> None:
    error = "MalformedPolicyDocumentException"
    assert code(kms.put_key_policy, KeyId=key, PolicyName="default", Policy=document) == error
    assert code(kms.create_key, Policy=document) == error
    assert len(kms.list_keys()["Keys"]) == 1


def test_key_policy_round_trip(kms: Any, key: str) -> None:
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy(action="kms:Put*"))
    assert kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"] == policy(action="kms:Put*")
    bypassed = {"Policy": policy(action="kms:Decrypt"), "BypassPolicyLockoutSafetyCheck": True}
    kms.put_key_policy(KeyId=key, PolicyName="default", **bypassed)
    assert kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"] == bypassed["Policy"]


def test_alias_names_one_key_and_moves(kms: Any, key: str) -> None:
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=ALIAS, TargetKeyId=key)
    assert code(kms.create_alias, AliasName=ALIAS, TargetKeyId=other) == "AlreadyExistsException"
    assert kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"] == key
    kms.update_alias(AliasName=ALIAS, TargetKeyId=other)
    assert kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"] == other
    assert [alias["AliasName"] for alias in kms.list_aliases(KeyId=other)["Aliases"]] == [ALIAS]
    kms.delete_alias(AliasName=ALIAS)
    assert code(kms.describe_key, KeyId=ALIAS) == "NotFoundException"


def test_disabled_key_cannot_encrypt(kms: Any, key: str) -> None:
    kms.disable_key(KeyId=key)
    assert code(kms.encrypt, KeyId=key, Plaintext=b"x") == "DisabledException"
    assert code(kms.generate_data_key, KeyId=key, KeySpec="AES_256") == "DisabledException"
    kms.enable_key(KeyId=key)
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"


@pytest.mark.parametrize("name", ["KeyId", "Arn"])
def test_deletion_waits_and_can_be_cancelled(kms: Any, key: str, name: str) -> None:
    named = kms.describe_key(KeyId=key)["KeyMetadata"][name]
    kms.create_alias(AliasName=ALIAS, TargetKeyId=key)
    assert code(kms.cancel_key_deletion, KeyId=named) == "KMSInvalidStateException"
    assert code(kms.schedule_key_deletion, KeyId=named, PendingWindowInDays=31) == "ValidationException"
    planned = kms.schedule_key_deletion(KeyId=named, PendingWindowInDays=7)
    assert (planned["KeyState"], planned["PendingWindowInDays"]) == ("PendingDeletion", 7)
    assert kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["DeletionDate"] == planned["DeletionDate"]
    for refused in (kms.schedule_key_deletion, kms.enable_key, kms.disable_key, kms.enable_key_rotation):
        assert code(refused, KeyId=named) == "KMSInvalidStateException"
    assert code(kms.encrypt, KeyId=named, Plaintext=b"x") == "KMSInvalidStateException"
    assert code(kms.create_alias, AliasName="alias/b", TargetKeyId=named) == "KMSInvalidStateException"
    kms.cancel_key_deletion(KeyId=named)
    assert kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyState"] == "Disabled"


def test_tags_and_description(kms: Any, key: str) -> None:
    kms.tag_resource(KeyId=key, Tags=[{"TagKey": "Layer", "TagValue": "foundation"}])
    kms.update_key_description(KeyId=key, Description="more")
    assert kms.list_resource_tags(KeyId=key)["Tags"] == [{"TagKey": "Layer", "TagValue": "foundation"}]
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Description"] == "more"
