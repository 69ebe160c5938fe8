# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.uex.payments.plugins.module_utils import _aws
from ansible_collections.uex.payments.plugins.module_utils._options import missing
from ansible_collections.uex.payments.plugins.module_utils._plan import UNKNOWN, plan
from ansible_collections.uex.payments.tests.support.fake import Refused


@pytest.fixture
def ec2(aws: None) -> Any:
    return boto3.client("ec2", region_name="us-east-1")


def test_pages_are_all_read_and_the_arguments_go_with_each(ec2: Any) -> None:
    asked = {"Filters": [{"Name": "vpc-id", "Values": ["vpc-1"]}]}
    with Stubber(ec2) as stub:
        stub.add_response("describe_subnets", {"Subnets": [{"SubnetId": "a"}], "NextToken": "more"}, asked)
        stub.add_response("describe_subnets", {"Subnets": []}, {**asked, "NextToken": "more"})
        assert _aws.pages(ec2, "describe_subnets", "Subnets", **asked) == [{"SubnetId": "a"}]
        stub.assert_no_pending_responses()


def test_an_operation_without_pages_is_called_once() -> None:
    client = SimpleNamespace(can_paginate=lambda operation: False, describe_things=lambda **arguments: {"Things": [1]})
    assert _aws.pages(client, "describe_things", "Things") == [1]


def refusing(code: str) -> Any:
    def call() -> Any:
        raise Refused(code)

    return call


def test_absence_becomes_the_default() -> None:
    assert _aws.absent_as([], refusing("NoSuchBucket"), "NoSuchBucket") == []
    assert _aws.absent_as([], lambda: ["x"], "NoSuchBucket") == ["x"]


@pytest.mark.parametrize("code", ["AccessDenied", "Throttling", "NoSuchKey"])
def test_any_other_error_passes(code: str) -> None:
    with pytest.raises(Refused):
        _aws.absent_as([], refusing(code), "NoSuchBucket")


@pytest.mark.parametrize(
    ("count", "size", "lengths"), [(0, 3, []), (2, 3, [2]), (3, 3, [3]), (7, 3, [3, 3, 1]), (2, 1, [1, 1])]
)
def test_chunks_hold_all_in_order(count: int, size: int, lengths: list[int]) -> None:
    parts = list(_aws.chunks(range(count), size))
    assert [len(part) for part in parts] == lengths
    assert [entry for part in parts for entry in part] == list(range(count))


def test_concurrently_keeps_the_order_and_runs_at_the_same_time() -> None:
    together = threading.Barrier(2, timeout=5)

    def double(number: int) -> int:
        together.wait()  # breaks unless both are under way
        return number * 2

    assert _aws.concurrently(double, [1, 2]) == [2, 4]


def test_concurrently_raises_what_goes_wrong() -> None:
    with pytest.raises(ZeroDivisionError):
        _aws.concurrently(lambda number: 1 / number, [1, 0])


def test_declared_keeps_what_is_empty_or_false() -> None:
    assert _aws.declared({"a": None, "b": False, "c": 0, "d": [], "e": ""}) == {"b": False, "c": 0, "d": [], "e": ""}


@pytest.mark.parametrize(
    ("values", "known"),
    [
        (("vpc-1",), True),
        ((), True),
        (("vpc-1", None), False),
        ((UNKNOWN,), False),
        ((f"arn:aws:iam::{UNKNOWN}:role/x",), False),
        (("vpc-1", missing("VPC x", "network")), False),
        ((["subnet-1", UNKNOWN],), False),
        ((0, ""), True),
    ],
)
def test_is_known(values: tuple[Any, ...], known: bool) -> None:
    assert _aws.is_known(*values) is known


def test_ec2_entries_go_by_their_name_and_nameless_ones_are_left_out() -> None:
    named = {"Tags": [{"Key": "Name", "Value": "a"}, {"Key": "Team", "Value": "x"}]}
    found = _aws.ec2_named([named, {"Tags": [{"Key": "Team", "Value": "x"}]}, {}])
    assert found == {"a": (named, {"Name": "a", "Team": "x"})}


@pytest.mark.parametrize(
    ("desired", "written"),
    [({"tags": {"a": "2"}}, [{"Key": "a", "Value": "2"}]), ({"tags": {"a": "1"}}, []), ({"size": 5}, [])],
)
def test_ec2_tags_are_written_only_if_they_differ(desired: dict[str, Any], written: list[dict[str, str]]) -> None:
    calls: list[dict[str, Any]] = []
    client = SimpleNamespace(create_tags=lambda **arguments: calls.append(arguments))
    _aws.ec2_update_tags(client, "vpc-1", plan("a", desired, {"tags": {"a": "1"}, "size": 1}))
    assert calls == ([{"Resources": ["vpc-1"], "Tags": written}] if written else [])


def test_ec2_tags_of_a_creation() -> None:
    assert _aws.ec2_tag_specification("vpc", {"a": "1"}) == [
        {"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "1"}]}
    ]
