# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's STS: whom a role's trust policy lets in, and for how long."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")

ACCOUNT = "123456789012"


def role(principal: Any, name: str = "deploy", condition: dict[str, Any] | None = None, **more: Any) -> str:
    """A role with this trust: its ARN."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [{**statement, **({"Condition": condition} if condition else {})}]}
    made = boto3.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), **more)
    return str(made["Role"]["Arn"])


def assume(arn: str, client: Any = None, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = (client or boto3.client("sts")).assume_role(RoleArn=arn, RoleSessionName="me", **more)
    return found


def refused(code: str) -> Any:
    return pytest.raises(ClientError, match=rf"\({code}\)")


def session(credentials: dict[str, Any]) -> Any:
    """STS as the caller whose credentials these are."""
    return boto3.client(
        "sts",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


@pytest.mark.parametrize("principal", [{"AWS": ACCOUNT}, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "*"])
def test_a_role_that_trusts_the_caller_s_account_is_assumed(principal: Any) -> None:
    answer = assume(role(principal))
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/me"
    assert session(answer["Credentials"]).get_caller_identity()["Arn"] == answer["AssumedRoleUser"]["Arn"]


def test_a_role_that_trusts_others_is_refused_with_caller_and_role() -> None:
    arn = role({"AWS": "arn:aws:iam::999999999999:root"})
    with pytest.raises(ClientError, match=r"AccessDenied.*user/moto is not authorized.*sts:AssumeRole.*role/deploy"):
        assume(arn)


def test_a_role_that_is_not_there_is_refused_like_one_that_does_not_trust() -> None:
    with refused("AccessDenied"):
        assume(f"arn:aws:iam::{ACCOUNT}:role/nobody")


def test_a_service_s_role_is_not_for_people() -> None:
    with refused("AccessDenied"):
        assume(role({"Service": "ecs-tasks.amazonaws.com"}))


def test_an_external_id_is_demanded() -> None:
    arn = role({"AWS": ACCOUNT}, condition={"StringEquals": {"sts:ExternalId": "secret"}})
    assert assume(arn, ExternalId="secret")["Credentials"]
    for wrong in ({}, {"ExternalId": "guess"}):
        with refused("AccessDenied"):
            assume(arn, **wrong)


def test_a_session_of_a_role_counts_as_the_role() -> None:
    first = role({"AWS": ACCOUNT}, "first")
    second = role({"AWS": first}, "second", MaxSessionDuration=7200)
    client = session(assume(first)["Credentials"])
    assert assume(second, client)["Credentials"]
    with refused("ValidationError"):
        assume(second, client, DurationSeconds=7200)


def test_no_session_outlasts_what_its_role_allows() -> None:
    arn = role({"AWS": ACCOUNT})
    with refused("ValidationError"):
        assume(arn, DurationSeconds=3601)
    longer = role({"AWS": ACCOUNT}, "longer", MaxSessionDuration=7200)
    assert assume(longer, DurationSeconds=7200)["Credentials"]
