# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets Manager of the embedded AWS: what AWS documents and moto lacks."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

NAME = "uex-payments-dev/db"
OPEN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
CLOSED = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}],
}


@pytest.fixture
def secrets(aws: None) -> Any:
    return boto3.client("secretsmanager")


@pytest.fixture
def secret(secrets: Any) -> str:
    arn: str = secrets.create_secret(Name=NAME, SecretString="one", KmsKeyId="alias/data")["ARN"]
    return arn


@pytest.fixture
def function(aws: None) -> str:
    role = boto3.client("iam").create_role(RoleName="rotation", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"][
        "Arn"
    ]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("f.py", "def handler(event, context): pass")
    arn: str = boto3.client("lambda").create_function(
        FunctionName="rotation", Runtime="python3.12", Role=role, Handler="f.handler", Code={"ZipFile": code.getvalue()}
    )["FunctionArn"]
    return arn


def permit(function: str) -> None:
    boto3.client("lambda").add_permission(
        FunctionName=function,
        StatementId="rotation",
        Action="lambda:InvokeFunction",
        Principal="secretsmanager.amazonaws.com",
    )


def value(secrets: Any, **options: Any) -> str:
    text: str = secrets.get_secret_value(SecretId=NAME, **options)["SecretString"]
    return text


def test_a_new_value_moves_the_labels(secrets: Any, secret: str) -> None:
    for text in ("two", "three"):
        secrets.put_secret_value(SecretId=NAME, SecretString=text)
    assert (value(secrets), value(secrets, VersionStage="AWSPREVIOUS")) == ("three", "two")
    stages = secrets.describe_secret(SecretId=NAME)["VersionIdsToStages"]
    assert sorted(stages.values()) == [["AWSCURRENT"], ["AWSPREVIOUS"]]
    assert len(secrets.list_secret_version_ids(SecretId=NAME)["Versions"]) == 2
    assert len(secrets.list_secret_version_ids(SecretId=NAME, IncludeDeprecated=True)["Versions"]) == 3


def test_moving_the_current_label_moves_what_is_read(secrets: Any, secret: str) -> None:
    old = secrets.get_secret_value(SecretId=NAME)["VersionId"]
    new = secrets.put_secret_value(SecretId=NAME, SecretString="two", VersionStages=["AWSPENDING"])["VersionId"]
    assert value(secrets) == "one"
    move = {"SecretId": NAME, "VersionStage": "AWSCURRENT", "MoveToVersionId": new}
    with pytest.raises(ClientError, match="RemoveFromVersionId"):
        secrets.update_secret_version_stage(**move)
    secrets.update_secret_version_stage(**move, RemoveFromVersionId=old)
    assert (value(secrets), value(secrets, VersionStage="AWSPREVIOUS")) == ("two", "one")


def test_a_label_elsewhere_needs_to_be_named(secrets: Any, secret: str) -> None:
    first = secrets.put_secret_value(SecretId=NAME, SecretString="two", VersionStages=["blue"])["VersionId"]
    second = secrets.put_secret_value(SecretId=NAME, SecretString="three", VersionStages=["green"])["VersionId"]
    with pytest.raises(ClientError, match="InvalidParameterException"):
        secrets.update_secret_version_stage(SecretId=NAME, VersionStage="blue", MoveToVersionId=second)
    secrets.update_secret_version_stage(
        SecretId=NAME, VersionStage="blue", MoveToVersionId=second, RemoveFromVersionId=first
    )
    assert value(secrets, VersionStage="blue") == "three"


@pytest.mark.parametrize(
    "rules, read",
    [
        ({"AutomaticallyAfterDays": 30}, {"AutomaticallyAfterDays": 30}),
        (
            {"ScheduleExpression": "rate(10 days)", "Duration": "2h"},
            {"ScheduleExpression": "rate(10 days)", "Duration": "2h", "AutomaticallyAfterDays": 10},
        ),
        ({"ScheduleExpression": "cron(0 4 1 * ? *)"}, {"ScheduleExpression": "cron(0 4 1 * ? *)"}),
    ],
)
def test_rotation_reads_back(secrets: Any, secret: str, function: str, rules: dict[str, Any], read: Any) -> None:
    permit(function)
    secrets.rotate_secret(SecretId=NAME, RotationLambdaARN=function, RotationRules=rules, RotateImmediately=False)
    found = secrets.describe_secret(SecretId=NAME)
    assert (found["RotationEnabled"], found["RotationLambdaARN"], found["RotationRules"]) == (True, function, read)
    assert value(secrets) == "one"
    secrets.cancel_rotate_secret(SecretId=NAME)
    assert secrets.describe_secret(SecretId=NAME)["RotationEnabled"] is False


def test_a_function_that_does_nothing_changes_nothing(
    secrets: Any, secret: str, function: str, monkeypatch: Any
) -> None:
    from moto.awslambda.models import LambdaBackend

    steps: list[str] = []
    monkeypatch.setattr(LambdaBackend, "invoke", lambda *args, **_: steps.append(json.loads(args[3])["Step"]))
    permit(function)
    for _time in range(2):
        secrets.rotate_secret(SecretId=NAME, RotationLambdaARN=function, RotationRules={"AutomaticallyAfterDays": 1})
    assert steps == ["createSecret", "setSecret", "testSecret", "finishSecret"] * 2
    assert value(secrets) == "one"


def test_a_function_that_rotates(secrets: Any, secret: str, function: str, monkeypatch: Any) -> None:
    from moto.awslambda.models import LambdaBackend

    def run(*args: Any, **_: Any) -> None:
        event, old = json.loads(args[3]), secrets.get_secret_value(SecretId=NAME)["VersionId"]
        token = event["ClientRequestToken"]
        if event["Step"] == "createSecret":
            secrets.put_secret_value(
                SecretId=NAME, SecretString="new", ClientRequestToken=token, VersionStages=["AWSPENDING"]
            )
        if event["Step"] == "finishSecret":
            secrets.update_secret_version_stage(
                SecretId=NAME, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=old
            )

    monkeypatch.setattr(LambdaBackend, "invoke", run)
    permit(function)
    secrets.rotate_secret(SecretId=NAME, RotationLambdaARN=function, RotationRules={"AutomaticallyAfterDays": 1})
    assert (value(secrets), value(secrets, VersionStage="AWSPREVIOUS")) == ("new", "one")
    assert "LastRotatedDate" in secrets.describe_secret(SecretId=NAME)


def test_a_stuck_rotation_blocks_the_next(secrets: Any, secret: str, function: str) -> None:
    permit(function)
    secrets.put_secret_value(SecretId=NAME, SecretString="stuck", VersionStages=["AWSPENDING"])
    with pytest.raises(ClientError, match="previous rotation"):
        secrets.rotate_secret(SecretId=NAME, RotationLambdaARN=function)


def test_a_failed_step_ends_a_rotation_which_is_then_tried_again(
    secrets: Any, secret: str, function: str, monkeypatch: Any
) -> None:
    from moto.awslambda.models import LambdaBackend

    events: list[dict[str, str]] = []

    def run(*args: Any, **_: Any) -> None:
        events.append(json.loads(args[3]))
        token = events[-1]["ClientRequestToken"]
        stages = ["AWSPENDING"]
        secrets.put_secret_value(SecretId=NAME, SecretString="new", ClientRequestToken=token, VersionStages=stages)
        if events[-1]["Step"] == "setSecret":
            raise RuntimeError

    monkeypatch.setattr(LambdaBackend, "invoke", run)
    permit(function)
    secrets.rotate_secret(SecretId=NAME, RotationLambdaARN=function)
    with pytest.raises(ClientError, match="previous rotation"):
        secrets.rotate_secret(SecretId=NAME)
    assert [event["Step"] for event in events] == ["createSecret", "setSecret"] * 2
    assert len({event["ClientRequestToken"] for event in events}) == 1
    assert value(secrets) == "one"


def test_rotations_that_aws_refuses(secrets: Any, secret: str, function: str) -> None:
    with pytest.raises(ClientError, match="AccessDeniedException"):
        secrets.rotate_secret(SecretId=NAME, RotationLambdaARN=function)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        secrets.rotate_secret(SecretId=NAME, RotationLambdaARN=function + "-missing")
    with pytest.raises(ClientError, match="InvalidRequestException"):
        secrets.rotate_secret(SecretId=NAME)
    permit(function)
    both = {"AutomaticallyAfterDays": 1, "ScheduleExpression": "rate(1 day)"}
    with pytest.raises(ClientError, match="InvalidParameterException"):
        secrets.rotate_secret(SecretId=NAME, RotationLambdaARN=function, RotationRules=both)


def test_a_deleted_name_stays_reserved(secrets: Any, secret: str) -> None:
    secrets.delete_secret(SecretId=NAME, RecoveryWindowInDays=7)
    with pytest.raises(ClientError, match="scheduled for deletion") as caught:
        secrets.create_secret(Name=NAME, SecretString="two")
    assert caught.value.response["Error"]["Code"] == "InvalidRequestException"
    with pytest.raises(ClientError, match="InvalidRequestException"):
        secrets.put_secret_value(SecretId=NAME, SecretString="two")
    assert secrets.list_secrets()["SecretList"] == []
    assert "DeletedDate" in secrets.list_secrets(IncludePlannedDeletion=True)["SecretList"][0]
    secrets.restore_secret(SecretId=NAME)
    secrets.put_secret_value(SecretId=NAME, SecretString="two")
    assert value(secrets) == "two"


def test_forced_deletion_frees_the_name(secrets: Any, secret: str) -> None:
    secrets.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
    assert secrets.create_secret(Name=NAME, SecretString="two")["Name"] == NAME


def test_a_malformed_name_is_refused(secrets: Any) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        secrets.create_secret(Name="has space", SecretString="x")


def test_resource_policy_round_trip(secrets: Any, secret: str) -> None:
    secrets.put_resource_policy(SecretId=NAME, ResourcePolicy=json.dumps(CLOSED), BlockPublicPolicy=True)
    assert json.loads(secrets.get_resource_policy(SecretId=NAME)["ResourcePolicy"]) == CLOSED
    secrets.delete_resource_policy(SecretId=NAME)
    assert "ResourcePolicy" not in secrets.get_resource_policy(SecretId=NAME)


def test_resource_policies_that_aws_refuses(secrets: Any, secret: str) -> None:
    with pytest.raises(ClientError, match="MalformedPolicyDocumentException"):
        secrets.put_resource_policy(SecretId=NAME, ResourcePolicy="{nonsense")
    with pytest.raises(ClientError, match="PublicPolicyException"):
        secrets.put_resource_policy(SecretId=NAME, ResourcePolicy=json.dumps(OPEN), BlockPublicPolicy=True)


def test_validation_says_what_is_wrong(secrets: Any, secret: str) -> None:
    assert secrets.validate_resource_policy(ResourcePolicy=json.dumps(CLOSED))["PolicyValidationPassed"] is True
    answer = secrets.validate_resource_policy(SecretId=NAME, ResourcePolicy=json.dumps(OPEN))
    assert answer["PolicyValidationPassed"] is False
    assert len(answer["ValidationErrors"]) == 1


def test_listing_filters_and_pages(secrets: Any) -> None:
    for name, layer in (("dev/a", "data"), ("dev/b", "edge"), ("prod/a", "data")):
        secrets.create_secret(Name=name, SecretString=name, Tags=[{"Key": "Layer", "Value": layer}])

    def names(*filters: tuple[str, str]) -> list[str]:
        wanted = [{"Key": key, "Values": [text]} for key, text in filters]
        return [each["Name"] for each in secrets.list_secrets(Filters=wanted)["SecretList"]]

    assert names(("name", "dev/")) == ["dev/a", "dev/b"]
    assert names(("tag-key", "Layer"), ("tag-value", "data")) == ["dev/a", "prod/a"]
    pages = secrets.get_paginator("list_secrets").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["SecretList"]) for page in pages] == [2, 1]
    found = secrets.batch_get_secret_value(SecretIdList=["dev/a", "missing"])
    assert [each["SecretString"] for each in found["SecretValues"]] == ["dev/a"]
    assert [each["SecretId"] for each in found["Errors"]] == ["missing"]


def test_key_and_tags_read_back(secrets: Any, secret: str) -> None:
    secrets.tag_resource(SecretId=NAME, Tags=[{"Key": "Layer", "Value": "data"}])
    secrets.update_secret(SecretId=NAME, KmsKeyId="alias/other", Description="d")
    found = secrets.describe_secret(SecretId=secret)
    assert (found["KmsKeyId"], found["Description"], found["Tags"]) == (
        "alias/other",
        "d",
        [{"Key": "Layer", "Value": "data"}],
    )
