# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _firehose
from ansible_collections.uex.payments.plugins.modules.firehose_delivery_stream import DeliveryStream
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

ROLE = "arn:aws:iam::123456789012:role/uex-payments-test-log-archive"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def item(name: str, **changed: Any) -> dict[str, Any]:
    return {
        "name": f"uex-payments-test-logs-{name}",
        "role_arn": ROLE,
        "bucket_arn": "arn:aws:s3:::uex-payments-test-app-logs",
        "prefix": f"{name}/!{{timestamp:yyyy/MM/dd}}/",
        "error_output_prefix": f"failed/{name}/!{{firehose:error-output-type}}/",
        "buffering_size": 64,
        "buffering_interval": 900,
        "compression_format": "UNCOMPRESSED",
        "file_extension": ".json.gz",
        "encryption_key": KEY,
        "tags": None,
        **changed,
    }


def sample(connect: Connect) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": "firehose.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    connect("iam").create_role(RoleName=ROLE.rpartition("/")[2], AssumeRolePolicyDocument=document)
    return {"delivery_streams": [item("alpha"), item("beta")]}


UNSET = ("buffering_size", "buffering_interval", "prefix", "error_output_prefix", "file_extension", "encryption_key")
CONTRACT = Contract(DeliveryStream, sample, change={"buffering_size": 128}, unset=UNSET)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


def test_only_what_differs_is_written(made: Subject) -> None:
    first, *others = made.items
    assert made.run(**made.with_items([{**first, "encryption_key": None}, *others])).failed == []
    assert [call for _service, call in made.account.written()] == ["StartDeliveryStreamEncryption"]
    assert made.resource().observe()[first["name"]]["encryption"] == _firehose.OWN


def test_encryption_that_somebody_ended_is_begun_again(made: Subject) -> None:
    name = made.items[0]["name"]
    made.account.connect("firehose").stop_delivery_stream_encryption(DeliveryStreamName=name)
    assert [(plan.name, plan.verb) for plan in made.run().done] == [(name, "update")]


def test_a_role_that_is_not_there_is_an_error(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.uex.payments.plugins.modules.firehose_delivery_stream.CREATE_SECONDS", 0)
    subject = Subject(CONTRACT, Account())
    (failed,) = subject.run(**subject.with_items([item("alpha", role_arn=f"{ROLE}-x")])).failed
    assert "unable to assume role" in failed.message


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({}, []),
        ({"name": "a/b"}, ["name"]),
        ({"buffering_size": 0}, ["buffering_size"]),
        ({"buffering_interval": 901}, ["buffering_interval"]),
        ({"error_output_prefix": None}, ["error_output_prefix"]),
        ({"prefix": "a/", "error_output_prefix": None}, []),
    ],
)
def test_what_aws_refuses(changed: dict[str, Any], option: list[str]) -> None:
    given = {**item("alpha"), **changed}
    assert [each.partition(":")[0] for each in DeliveryStream(lambda service: None, {}).validate(given)] == option


@pytest.mark.parametrize(
    ("state", "key", "active"),
    [("ACTIVE", "ENABLED", True), ("ACTIVE", "ENABLING", False), ("CREATING", "ENABLED", False)],
)
def test_a_stream_is_active_once_it_takes_and_encrypts(state: str, key: str, active: bool) -> None:
    entry = {"DeliveryStreamStatus": state, "DeliveryStreamEncryptionConfiguration": {"Status": key}}
    assert _firehose.is_active(entry) is active


def test_a_stream_that_failed_says_why() -> None:
    failure = {"Type": "KMS_ACCESS_DENIED", "Details": "no grant"}
    entry = {"DeliveryStreamName": "a", "DeliveryStreamStatus": "CREATING_FAILED", "FailureDescription": failure}
    with pytest.raises(ValueError, match="a: KMS_ACCESS_DENIED: no grant"):
        _firehose.is_active(entry)


def test_a_request_has_both_hints_or_none() -> None:
    assert "BufferingHints" not in _firehose.destination(item("a", buffering_size=None, buffering_interval=None))
    hints = _firehose.destination(item("a", buffering_interval=None))["BufferingHints"]
    assert hints == {"SizeInMBs": 64, "IntervalInSeconds": 300}
