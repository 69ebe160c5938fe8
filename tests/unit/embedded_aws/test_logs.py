# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudWatch Logs as AWS documents it: keys, retention, saved queries, tags, pages."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")

GROUP = "/uex-payments/dev/ecs"
GROUP_ARN = f"arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}"


@pytest.fixture
def logs(aws: None) -> Any:
    return boto3.client("logs")


def make_key(service: str = "logs.us-east-1.amazonaws.com", arn: str = "arn:aws:logs:us-east-1:123456789012:*") -> str:
    root = {"AWS": "arn:aws:iam::123456789012:root"}
    owner = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
    condition = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arn}}
    user = {"Effect": "Allow", "Principal": {"Service": service}, "Action": ["kms:Encrypt*"], "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [owner, {**user, "Condition": condition}]}
    return str(boto3.client("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"])


def code(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return str(refused.value.response["Error"]["Code"])


def described(logs: Any) -> dict[str, Any]:
    return dict(logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"][0])


def test_key_is_associated_and_disassociated(logs: Any) -> None:
    first, second = make_key(), make_key()
    logs.create_log_group(logGroupName=GROUP, kmsKeyId=first)
    assert described(logs)["kmsKeyId"] == first
    logs.associate_kms_key(logGroupName=GROUP, kmsKeyId=second)
    assert described(logs)["kmsKeyId"] == second
    logs.disassociate_kms_key(logGroupName=GROUP)
    assert "kmsKeyId" not in described(logs)
    logs.associate_kms_key(resourceIdentifier=GROUP_ARN, kmsKeyId=first)
    assert described(logs)["kmsKeyId"] == first
    assert code(logs.associate_kms_key, logGroupName="/other", kmsKeyId=first) == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("service", "arn"),
    [
        ("logs.eu-west-1.amazonaws.com", "*"),
        ("sns.amazonaws.com", "*"),
        ("logs.us-east-1.amazonaws.com", "arn:aws:logs:us-east-1:123456789012:log-group:/other*"),
    ],
)
def test_key_must_let_the_service_encrypt(logs: Any, service: str, arn: str) -> None:
    key = make_key(service, arn)
    assert code(logs.create_log_group, logGroupName=GROUP, kmsKeyId=key) == "InvalidParameterException"
    logs.create_log_group(logGroupName=GROUP)
    assert code(logs.associate_kms_key, logGroupName=GROUP, kmsKeyId=key) == "InvalidParameterException"


def test_key_must_exist_and_be_enabled(logs: Any) -> None:
    key = make_key()
    boto3.client("kms").disable_key(KeyId=key)
    for wrong in (key, "arn:aws:kms:us-east-1:123456789012:key/absent"):
        assert code(logs.create_log_group, logGroupName=GROUP, kmsKeyId=wrong) == "InvalidParameterException"


def test_retention_takes_only_awss_numbers_of_days(logs: Any) -> None:
    logs.create_log_group(logGroupName=GROUP)
    assert code(logs.put_retention_policy, logGroupName=GROUP, retentionInDays=17) == "InvalidParameterException"
    logs.put_retention_policy(logGroupName=GROUP, retentionInDays=30)
    assert described(logs)["retentionInDays"] == 30
    logs.delete_retention_policy(logGroupName=GROUP)
    assert "retentionInDays" not in described(logs)


def test_tags_live_as_long_as_the_group(logs: Any) -> None:
    logs.create_log_group(logGroupName=GROUP, tags={"Layer": "compute"})
    logs.tag_resource(resourceArn=GROUP_ARN, tags={"Environment": "dev"})
    assert logs.list_tags_for_resource(resourceArn=GROUP_ARN)["tags"] == {"Layer": "compute", "Environment": "dev"}
    logs.untag_resource(resourceArn=GROUP_ARN, tagKeys=["Layer"])
    assert logs.list_tags_for_resource(resourceArn=GROUP_ARN)["tags"] == {"Environment": "dev"}
    logs.delete_log_group(logGroupName=GROUP)
    logs.create_log_group(logGroupName=GROUP)
    assert logs.list_tags_for_resource(resourceArn=GROUP_ARN)["tags"] == {}


def test_groups_by_prefix_in_pages(logs: Any) -> None:
    names = [f"{GROUP}/{number}" for number in range(5)]
    for name in [*names, "/other"]:
        logs.create_log_group(logGroupName=name)
    first = logs.describe_log_groups(logGroupNamePrefix=GROUP, limit=3)
    rest = logs.describe_log_groups(logGroupNamePrefix=GROUP, limit=3, nextToken=first["nextToken"])
    assert [group["logGroupName"] for group in first["logGroups"] + rest["logGroups"]] == names
    assert "nextToken" not in rest


def save(logs: Any, name: str, **more: Any) -> str:
    return str(logs.put_query_definition(name=name, queryString="fields @message", **more)["queryDefinitionId"])


def test_saved_query_is_made_changed_and_deleted(logs: Any) -> None:
    key = save(logs, "dev/errors", logGroupNames=[GROUP])
    found = logs.describe_query_definitions()["queryDefinitions"]
    assert found[0].pop("lastModified") > 0
    wanted = {"name": "dev/errors", "queryString": "fields @message", "logGroupNames": [GROUP]}
    assert found == [{"queryDefinitionId": key, **wanted}]
    assert save(logs, "dev/slow", queryDefinitionId=key) == key
    assert [item["name"] for item in logs.describe_query_definitions()["queryDefinitions"]] == ["dev/slow"]
    assert logs.delete_query_definition(queryDefinitionId=key)["success"] is True
    assert code(logs.delete_query_definition, queryDefinitionId=key) == "ResourceNotFoundException"
    assert code(save, logs=logs, name="x", queryDefinitionId=key) == "ResourceNotFoundException"


def test_saved_queries_by_prefix_in_pages(logs: Any) -> None:
    for name in ("dev/c", "dev/a", "prod/a", "dev/b"):
        save(logs, name)
    first = logs.describe_query_definitions(queryDefinitionNamePrefix="dev/", maxResults=2)
    rest = logs.describe_query_definitions(queryDefinitionNamePrefix="dev/", nextToken=first["nextToken"])
    found = first["queryDefinitions"] + rest["queryDefinitions"]
    assert [item["name"] for item in found] == ["dev/a", "dev/b", "dev/c"]
    assert "nextToken" not in rest


def test_reset_clears_saved_queries(logs: Any) -> None:
    from moto.logs.models import logs_backends

    save(logs, "x")
    logs_backends["123456789012"]["us-east-1"].reset()
    assert logs.describe_query_definitions()["queryDefinitions"] == []


@pytest.mark.parametrize(
    ("given", "shown"), [({}, "STANDARD"), ({"logGroupClass": "INFREQUENT_ACCESS"}, "INFREQUENT_ACCESS")]
)
def test_the_class_reads_back(logs: Any, given: dict[str, Any], shown: str) -> None:
    logs.create_log_group(logGroupName=GROUP, **given)
    assert described(logs)["logGroupClass"] == shown


FILTER = {
    "logGroupName": "g",
    "filterName": "f",
    "filterPattern": "?ERROR",
    "metricTransformations": [{"metricName": "m", "metricNamespace": "UEX/x", "metricValue": "1", "defaultValue": 0}],
}


def test_a_metric_filter_is_of_a_group_replaces_its_namesake_and_ends_with_the_group(aws: None) -> None:
    client = boto3.client("logs")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.put_metric_filter(**FILTER)
    client.create_log_group(logGroupName="g")
    client.put_metric_filter(**FILTER)
    client.put_metric_filter(**{**FILTER, "filterPattern": "?FATAL"})
    found = client.describe_metric_filters(logGroupName="g")["metricFilters"]
    assert [each["filterPattern"] for each in found] == ["?FATAL"]
    client.delete_log_group(logGroupName="g")
    client.create_log_group(logGroupName="g")
    assert client.describe_metric_filters(logGroupName="g")["metricFilters"] == []
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.delete_metric_filter(logGroupName="g", filterName="f")


def test_metric_filters_that_aws_refuses(aws: None) -> None:
    client = boto3.client("logs")
    client.create_log_group(logGroupName="g")
    (transformation,) = FILTER["metricTransformations"]
    both = [{**transformation, "dimensions": {"d": "$.d"}}]
    with pytest.raises(ClientError, match="InvalidParameterException"):
        client.put_metric_filter(**{**FILTER, "metricTransformations": both})
    for number in range(100):
        client.put_metric_filter(**{**FILTER, "filterName": f"f{number}"})
    with pytest.raises(ClientError, match="LimitExceededException"):
        client.put_metric_filter(**FILTER)
    client.put_metric_filter(**{**FILTER, "filterName": "f0"})
