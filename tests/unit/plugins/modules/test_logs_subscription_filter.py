# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _tags
from ansible_collections.uex.payments.plugins.modules.logs_subscription_filter import SubscriptionFilter
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject

GROUPS = ("uex-payments-test-alpha", "/aws/rds/instance/uex-payments-test-db/postgresql")
ACCOUNT = "123456789012"
ROLES = {"archive": "firehose.amazonaws.com", "subscription": "logs.us-east-1.amazonaws.com"}


def role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/uex-payments-test-log-{name}"


def item(name: str, group: str = GROUPS[0], **changed: Any) -> dict[str, Any]:
    return {
        "name": f"uex-payments-test-logs-{name}",
        "log_group_name": group,
        "filter_pattern": "",
        "destination_arn": f"arn:aws:firehose:us-east-1:{ACCOUNT}:deliverystream/alpha",
        "role_arn": role("subscription"),
        **changed,
    }


def sample(connect: Connect) -> dict[str, Any]:
    for group in GROUPS:
        connect("logs").create_log_group(logGroupName=group, tags={key: TAGS[key] for key in _tags.OWNER_TAGS})
    for name, service in ROLES.items():
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        connect("iam").create_role(RoleName=role(name).rpartition("/")[2], AssumeRolePolicyDocument=document)
    connect("firehose").create_delivery_stream(
        DeliveryStreamName="alpha",
        ExtendedS3DestinationConfiguration={"RoleARN": role("archive"), "BucketARN": "arn:aws:s3:::b"},
    )
    return {"subscription_filters": [item("alpha"), item("db", GROUPS[1])]}


CONTRACT = Contract(SubscriptionFilter, sample, change={"filter_pattern": "?ERROR"})


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


def put(subject: Subject, name: str) -> None:
    """A filter of somebody else's."""
    subject.account.connect("logs").put_subscription_filter(
        logGroupName=GROUPS[0],
        filterName=name,
        filterPattern="",
        destinationArn=item("x")["destination_arn"],
        roleArn=role("subscription"),
    )
    subject.account.written()


def names(subject: Subject) -> set[str]:
    found = subject.account.connect("logs").describe_subscription_filters(logGroupName=GROUPS[0])
    return {each["filterName"] for each in found["subscriptionFilters"]}


def test_somebody_else_s_filter_is_left(made: Subject) -> None:
    put(made, "theirs")
    assert made.run(prune=True, **made.with_items([])).failed == []
    assert names(made) == {"theirs"}


def test_a_group_that_is_full_is_refused_with_whose_filters_it_has(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    for name in ("first", "second"):
        put(subject, name)
    for check_mode in (True, False):
        (failed,) = subject.run(check_mode=check_mode).failed
        assert f"log group {GROUPS[0]} has 2 subscription filters already, first and second" in failed.message
        assert "aws logs delete-subscription-filter" in failed.hint
    assert subject.account.written() == []


def test_a_full_group_s_own_filter_can_be_changed(made: Subject) -> None:
    put(made, "theirs")
    first, *others = made.items
    assert made.run(**made.with_items([{**first, "filter_pattern": "?ERROR"}, *others])).failed == []
    assert names(made) == {"theirs", first["name"]}


def test_what_goes_leaves_its_place(made: Subject) -> None:
    put(made, "theirs")
    renamed = item("renamed")
    refused = made.run(**made.with_items([renamed, made.items[1]]))
    assert [each.name for each in refused.failed] == [renamed["name"]]
    assert made.run(prune=True, **made.with_items([renamed, made.items[1]])).failed == []
    assert names(made) == {"theirs", renamed["name"]}


def test_other_environments_filters_are_not_ours() -> None:
    resource = SubscriptionFilter(lambda service: None, {"tags": TAGS})
    assert resource.owned("uex-payments-test-logs-a", {})
    assert not resource.owned("uex-payments-testing-logs-a", {})


def test_a_role_that_cannot_be_assumed_is_an_error(made: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.uex.payments.plugins.modules.logs_subscription_filter.TRIAL_SECONDS", 0)
    first, *others = made.items
    (failed,) = made.run(**made.with_items([{**first, "role_arn": role("archive")}, *others])).failed
    assert "Could not deliver test message" in failed.message


@pytest.mark.parametrize(
    ("changed", "option"),
    [({}, []), ({"name": "a:b"}, ["name"]), ({"filter_pattern": "x" * 1025}, ["filter_pattern"])],
)
def test_what_aws_refuses(changed: dict[str, Any], option: list[str]) -> None:
    given = {**item("alpha"), **changed}
    assert [each.partition(":")[0] for each in SubscriptionFilter(lambda service: None, {}).validate(given)] == option
