# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a recorded call says: service, operation, whether it changes something, and no secret."""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest

from embedded_aws.recorder import FILE_NAME, MASK, Recorder, call, is_mutating, is_secret, masked, service_name

CANARY = "canary-4711"
ENDPOINT = "http://127.0.0.1:5566"
LENGTH_AND_TYPE = ("CONTENT_LENGTH", "CONTENT_TYPE")


def environment(request: AWSPreparedRequest) -> dict[str, Any]:
    """The WSGI environment of a request as botocore signed it."""
    path, _mark, query = request.url.removeprefix(ENDPOINT).partition("?")
    body = request.body or b""
    content = body.read() if hasattr(body, "read") else body.encode() if isinstance(body, str) else bytes(body)
    headers = {name.upper().replace("-", "_"): _text(value) for name, value in request.headers.items()}
    environ: dict[str, Any] = {f"HTTP_{name}": value for name, value in headers.items() if name not in LENGTH_AND_TYPE}
    environ |= {"CONTENT_TYPE": headers.get("CONTENT_TYPE", ""), "CONTENT_LENGTH": str(len(content))}
    environ |= {"REQUEST_METHOD": request.method, "PATH_INFO": path, "RAW_URI": path, "QUERY_STRING": query}
    server = {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "5566", "HTTP_HOST": "127.0.0.1:5566"}
    return {**environ, **server, "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(content)}


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


class Sent(Exception):
    """Carries a signed request out of botocore instead of sending it."""

    def __init__(self, request: AWSPreparedRequest) -> None:
        self.request = request


def _stop(request: AWSPreparedRequest, **_: Any) -> None:
    raise Sent(request)


@functools.cache
def _session() -> boto3.Session:
    return boto3.Session("testing", "testing", region_name="us-east-1")


@functools.cache
def _client(service: str) -> Any:
    client = _session().client(service, endpoint_url=ENDPOINT)
    client.meta.events.register_first("before-send.*", _stop)
    return client


def signed(service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
    """The WSGI environment of one call as boto3 sends it to a path-style endpoint."""
    with pytest.raises(Sent) as sent:
        getattr(_client(service), operation)(**parameters)
    return environment(sent.value.request)


CREATE_RECORD = {"Action": "CREATE", "ResourceRecordSet": {"Name": "a", "Type": "A"}}
CALLS: list[tuple[str, str, dict[str, Any], str, bool]] = [
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"}, "CreateVpc", True),
    ("ec2", "describe_subnets", {"SubnetIds": ["subnet-1"]}, "DescribeSubnets", False),
    ("rds", "modify_db_instance", {"DBInstanceIdentifier": "db"}, "ModifyDBInstance", True),
    ("elasticache", "test_failover", {"ReplicationGroupId": "r", "NodeGroupId": "0001"}, "TestFailover", True),
    ("elbv2", "set_rule_priorities", {"RulePriorities": [{"Priority": 1}]}, "SetRulePriorities", True),
    ("cloudwatch", "put_metric_alarm", {"AlarmName": "a"}, "PutMetricAlarm", True),
    ("cloudwatch", "get_metric_data", {"MetricDataQueries": [], "StartTime": 0, "EndTime": 1}, "GetMetricData", False),
    ("sns", "publish", {"TopicArn": "arn", "Message": "m"}, "Publish", True),
    ("sts", "assume_role",
     {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "ss"}, "AssumeRole", False),
    ("dynamodb", "get_item", {"TableName": "locks", "Key": {"id": {"S": "x"}}}, "GetItem", False),
    ("dynamodb", "query", {"TableName": "locks"}, "Query", False),
    ("dynamodb", "put_item", {"TableName": "locks", "Item": {"id": {"S": "x"}}}, "PutItem", True),
    ("ecr", "get_authorization_token", {}, "GetAuthorizationToken", False),
    ("ecr", "batch_get_image", {"repositoryName": "a/b", "imageIds": [{"imageTag": "1"}]}, "BatchGetImage", False),
    ("ecr", "batch_delete_image", {"repositoryName": "a/b", "imageIds": [{"imageTag": "1"}]}, "BatchDeleteImage", True),
    ("ecs", "describe_services", {"services": ["a"]}, "DescribeServices", False),
    ("ecs", "update_service", {"service": "a"}, "UpdateService", True),
    ("logs", "start_query", {"startTime": 0, "endTime": 1, "queryString": "q"}, "StartQuery", False),
    ("logs", "filter_log_events", {"logGroupName": "g"}, "FilterLogEvents", False),
    ("secretsmanager", "get_random_password", {}, "GetRandomPassword", False),
    ("secretsmanager", "get_secret_value", {"SecretId": "s"}, "GetSecretValue", False),
    ("secretsmanager", "rotate_secret", {"SecretId": "s"}, "RotateSecret", True),
    ("cloudtrail", "lookup_events", {}, "LookupEvents", False),
    ("servicediscovery", "discover_instances", {"NamespaceName": "n", "ServiceName": "s"}, "DiscoverInstances", False),
    ("resourcegroupstaggingapi", "get_resources", {}, "GetResources", False),
    ("lambda", "list_functions", {}, "ListFunctions", False),
    ("lambda", "invoke", {"FunctionName": "f"}, "Invoke", True),
    ("route53", "list_hosted_zones", {}, "ListHostedZones", False),
    ("route53", "change_resource_record_sets",
     {"HostedZoneId": "Z1", "ChangeBatch": {"Changes": [CREATE_RECORD]}},
     "ChangeResourceRecordSets", True),
    ("route53", "test_dns_answer",
     {"HostedZoneId": "Z1", "RecordName": "a", "RecordType": "A"}, "TestDNSAnswer", False),
    ("backup", "create_backup_vault", {"BackupVaultName": "vault"}, "CreateBackupVault", True),
    ("budgets", "describe_budgets", {"AccountId": "123456789012"}, "DescribeBudgets", False),
    ("application-autoscaling", "describe_scalable_targets",
     {"ServiceNamespace": "ecs"}, "DescribeScalableTargets", False),
    ("s3", "list_buckets", {}, "ListBuckets", False),
    ("s3", "head_bucket", {"Bucket": "bucket"}, "HeadBucket", False),
    ("s3", "create_bucket", {"Bucket": "bucket"}, "CreateBucket", True),
    ("s3", "get_bucket_lifecycle_configuration", {"Bucket": "bucket"}, "GetBucketLifecycleConfiguration", False),
    ("s3", "get_public_access_block", {"Bucket": "bucket"}, "GetPublicAccessBlock", False),
    ("s3", "put_bucket_versioning",
     {"Bucket": "bucket", "VersioningConfiguration": {"Status": "Enabled"}}, "PutBucketVersioning", True),
    ("s3", "list_objects_v2", {"Bucket": "bucket"}, "ListObjectsV2", False),
    ("s3", "get_object", {"Bucket": "bucket", "Key": "a/b"}, "GetObject", False),
    ("s3", "delete_object", {"Bucket": "bucket", "Key": "a/b"}, "DeleteObject", True),
    ("s3", "put_object_tagging",
     {"Bucket": "bucket", "Key": "a/b", "Tagging": {"TagSet": []}}, "PutObjectTagging", True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "name", "mutating"), CALLS, ids=[f"{each[0]}.{each[1]}" for each in CALLS]
)
def test_calls_are_named(service: str, operation: str, parameters: dict[str, Any], name: str, mutating: bool) -> None:
    made = call(signed(service, operation, **parameters))
    assert made is not None
    assert (made.service, made.operation) == (service, name)
    assert is_mutating(made.service, made.operation) is mutating


def test_parameters_are_recorded() -> None:
    made = call(signed("ec2", "create_subnet", VpcId="vpc-1", CidrBlock="10.0.1.0/24"))
    assert made is not None
    assert made.request == {"VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24"}


def test_path_and_nested_body_parameters_are_recorded() -> None:
    versioning = {"Status": "Enabled"}
    made = call(signed("s3", "put_bucket_versioning", Bucket="bucket", VersioningConfiguration=versioning))
    assert made is not None
    assert (made.request["Bucket"], made.request["VersioningConfiguration"]) == ("bucket", versioning)


CONTAINER = {"name": "c", "environment": [{"name": "DB_PASSWORD", "value": CANARY}, {"name": "PORT", "value": "3900"}]}
SECRETS: list[tuple[str, str, dict[str, Any]]] = [
    ("secretsmanager", "create_secret", {"Name": "s", "SecretString": CANARY}),
    ("secretsmanager", "put_secret_value", {"SecretId": "s", "SecretBinary": CANARY.encode()}),
    ("rds", "create_db_instance",
     {"DBInstanceIdentifier": "d", "DBInstanceClass": "c", "Engine": "postgres", "MasterUserPassword": CANARY}),
    ("elasticache", "modify_replication_group", {"ReplicationGroupId": "r", "AuthToken": CANARY}),
    ("elasticache", "create_user",
     {"UserId": "u", "UserName": "u", "Engine": "redis", "AccessString": "on", "Passwords": [CANARY]}),
    ("acm", "import_certificate", {"Certificate": b"c", "PrivateKey": CANARY.encode()}),
    ("iam", "create_login_profile", {"UserName": "u", "Password": CANARY}),
    ("kms", "encrypt", {"KeyId": "k", "Plaintext": CANARY.encode()}),
    ("ssm", "put_parameter", {"Name": "p", "Value": CANARY, "Type": "SecureString"}),
    ("ecs", "register_task_definition", {"family": "f", "containerDefinitions": [CONTAINER]}),
    ("lambda", "update_function_configuration",
     {"FunctionName": "f", "Environment": {"Variables": {"API_TOKEN": CANARY}}}),
    ("s3", "put_object", {"Bucket": "bucket", "Key": "k", "Body": CANARY.encode()}),
    ("s3", "upload_part", {"Bucket": "bucket", "Key": "k", "UploadId": "u", "PartNumber": 1, "Body": CANARY.encode()}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "operation", "parameters"), SECRETS, ids=[f"{each[0]}.{each[1]}" for each in SECRETS]
)
def test_no_secret_is_recorded(service: str, operation: str, parameters: dict[str, Any]) -> None:
    made = call(signed(service, operation, **parameters))
    assert made is not None
    assert made.request
    assert CANARY not in json.dumps(made)


def test_neighbours_of_a_secret_stay() -> None:
    made = call(signed("ecs", "register_task_definition", family="f", containerDefinitions=[CONTAINER]))
    assert made is not None
    assert made.request["containerDefinitions"][0]["environment"] == [
        {"name": "DB_PASSWORD", "value": MASK},
        {"name": "PORT", "value": "3900"},
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("SecretString", "SecretBinary", "MasterUserPassword", "AuthToken", "PrivateKey", "Authorization"),
        *("SessionToken", "db_password", "REDIS_AUTH_TOKEN", "Passwords", "SecretAccessKey", "api_key", "clientSecret"),
        "ExternalId",
    ],
)
def test_secret_names(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize(
    "name",
    ["ClientRequestToken", "NextToken", "nextToken", "clientToken", "IdempotencyToken", "SecretId", "KmsKeyId", "Key"],
)
def test_names_that_are_no_secret(name: str) -> None:
    assert not is_secret(name)


def test_numbers_and_flags_are_kept() -> None:
    given = {"ManageMasterUserPassword": True, "PasswordLength": 32, "Blob": b"1234", "When": None}
    assert masked(given) == {"ManageMasterUserPassword": True, "PasswordLength": 32, "Blob": "<4 bytes>", "When": None}


def test_presigned_requests_name_their_service() -> None:
    scope = "testing%2F20261122%2Fus-east-1%2Fs3%2Faws4_request"
    assert service_name({"QUERY_STRING": f"X-Amz-Credential={scope}"}) == "s3"


@pytest.mark.parametrize("path", ["/moto-api/reset", "/embedded-aws/health", "/favicon.ico"])
def test_what_is_no_aws_call(path: str) -> None:
    assert call({**signed("ec2", "describe_vpcs"), "PATH_INFO": path}) is None


def test_unknown_request_is_recorded_without_parameters() -> None:
    environ = {**signed("ecs", "list_clusters"), "HTTP_X_AMZ_TARGET": "Service.InventTomorrow"}
    made = call(environ)
    assert made is not None
    assert (made.service, made.operation, made.request) == ("ecs", "InventTomorrow", {})


FACTS = ("service", "operation", "mutating", "status")


class Echo:
    """An application that answers with the body that it is sent."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("418 I'm a teapot", [])
        return [environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))]


def test_recorder_passes_on_and_appends(tmp_path: Path) -> None:
    recorder, answers = Recorder(Echo(), tmp_path), []
    for secret in ("one", "two"):
        environ = signed("secretsmanager", "create_secret", Name=secret, SecretString=CANARY)
        sent = environ["wsgi.input"].getvalue()
        body = recorder(environ, lambda status, headers: answers.append(status))
        assert b"".join(body) == sent
    lines = [json.loads(line) for line in (tmp_path / FILE_NAME).read_text().splitlines()]
    assert [line["request"]["Name"] for line in lines] == ["one", "two"]
    assert [lines[0][name] for name in FACTS] == ["secretsmanager", "CreateSecret", True, 418]
    assert lines[0]["time"] <= lines[1]["time"]
    assert answers == ["418 I'm a teapot"] * 2


def test_object_body_reaches_the_application(tmp_path: Path) -> None:
    environ = signed("s3", "put_object", Bucket="bucket", Key="k", Body=CANARY.encode())
    body = b"".join(Recorder(Echo(), tmp_path)(environ, lambda status, headers: None))
    assert CANARY.encode() in body
    assert CANARY not in (tmp_path / FILE_NAME).read_text()
