# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""S3: what AWS gives every new bucket, life cycles that read back whole, and checked bucket policies."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterator
from typing import Any

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.responses import ActionResult
from moto.core.utils import get_service_model
from moto.moto_api._internal import mock_random
from moto.s3.exceptions import InvalidArgumentError, NoSuchLifecycleConfiguration, S3ClientError
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend
from moto.s3.responses import S3Response
from moto.s3.utils import LOGGING_SERVICE_PRINCIPAL

from . import _policy
from ._operations import add
from ._patch import after, before

ENFORCED = "BucketOwnerEnforced"
INFREQUENT = ("STANDARD_IA", "ONEZONE_IA")
INFREQUENT_DAYS = 30
MINIMUM_SIZE = "all_storage_classes_128K"
NARROWING = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "s3:dataaccesspointaccount",
    }
)
"""Conditions that make a statement for everybody one for somebody, in AWS's meaning of public."""


def _encryption() -> dict[str, Any]:
    return {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}}


def _furnish(backend: S3Backend, bucket: FakeBucket, *_args: Any, **_kwargs: Any) -> FakeBucket:
    """A new bucket encrypts with SSE-S3, blocks public access, and has no ACLs."""
    bucket.encryption = _encryption()
    bucket.public_access_block = PublicAccessBlock(True, True, True, True)
    bucket.ownership_rule = ENFORCED  # type: ignore[assignment]
    return bucket


def _encrypt_again(backend: S3Backend, result: None, bucket_name: str) -> None:
    backend.get_bucket(bucket_name).encryption = _encryption()


def _demand_acls(backend: S3Backend, bucket_name: str, acl: Any) -> None:
    ownership: Any = backend.get_bucket(bucket_name).ownership_rule
    if ownership == ENFORCED:
        raise S3ClientError("AccessControlListNotSupported", "The bucket does not allow ACLs")


def is_public(statement: _policy.Statement) -> bool:
    """Whether a statement allows something to everybody, by AWS's definition for Block Public Access."""
    conditions = {key.lower() for keys in statement.get("Condition", {}).values() for key in keys}
    return statement["Effect"] == "Allow" and "*" in _policy.principals(statement) and not conditions & NARROWING


def _check_policy(backend: S3Backend, bucket_name: str, policy: bytes) -> None:
    bucket = backend.get_bucket(bucket_name)
    try:
        found = _policy.statements(policy)
    except ValueError as error:
        raise S3ClientError("MalformedPolicy", str(error)) from error
    for problem in _problems(bucket, found):
        raise S3ClientError("MalformedPolicy", problem)
    blocked = bucket.public_access_block and bucket.public_access_block.block_public_policy
    if blocked and any(is_public(statement) for statement in found):
        message = "because public policies are blocked by the BlockPublicPolicy block public access setting."
        raise S3ClientError("AccessDenied", f"Access Denied: {message}")


def _problems(bucket: FakeBucket, found: list[_policy.Statement]) -> Iterator[str]:
    if next(_policy.unknown_principals(found, bucket.account_id), None):
        yield "Invalid principal in policy"
    if any(not {"Principal", "NotPrincipal"} & statement.keys() for statement in found):
        yield "Missing required field Principal"
    resources = [item for statement in found for item in _policy.values(statement.get("Resource"))]
    if any(item != bucket.arn and not str(item).startswith(f"{bucket.arn}/") for item in resources):
        yield "Policy has invalid resource"


def _unconditional(policy: bytes) -> bytes:
    """The policy without the statements that carry a condition."""
    document = json.loads(policy)
    kept = [item for item in _policy.values(document.get("Statement")) if not item.get("Condition")]
    return json.dumps({**document, "Statement": kept}).encode()


class _Unconditional:
    """A bucket as moto's permission check may see it: moto takes a conditional Deny for one that always holds."""

    def __init__(self, bucket: FakeBucket) -> None:
        self.policy = bucket.policy and _unconditional(bucket.policy)


def get_permission(self: FakeBucket, action: str, resource: str) -> Any:
    """What the bucket policy says of an action, as far as it says so without conditions."""
    return _moto_permission(_Unconditional(self), action, resource)


_moto_permission: Any = FakeBucket.get_permission


def _may_log(target_bucket: FakeBucket, target_prefix: str | None) -> bool:
    """Whether a bucket's policy lets S3 write access logs under the prefix."""
    key = f"{target_bucket.arn}/{target_prefix or ''}x"
    found = _policy.statements(target_bucket.policy) if target_bucket.policy else []
    return any(
        LOGGING_SERVICE_PRINCIPAL in _policy.principals(statement, "Service")
        and _policy.allows(statement, "s3:PutObject")
        and any(fnmatch.fnmatchcase(key, pattern) for pattern in _policy.values(statement.get("Resource")))
        for statement in found
    )


def parse(operation: str, member: str, body: bytes) -> dict[str, Any]:
    """The member that is the body of a request, as AWS's model names and types what is in it."""
    model = get_service_model("s3").operation_model(operation)
    request: Any = {"method": "PUT", "values": {}, "headers": {}, "body": body, "url_path": "/", "url_params": {}}
    return dict(PROTOCOL_PARSERS["rest-xml"](model, map_type=dict).parse(request).get(member) or {})


def parse_lifecycle(body: bytes) -> list[dict[str, Any]]:
    """The rules of a life cycle."""
    return list(parse("PutBucketLifecycleConfiguration", "LifecycleConfiguration", body).get("Rules") or [])


def _check_days(rule: dict[str, Any]) -> None:
    """Refuse transitions that come too early, or not before the end. Raises InvalidArgument."""
    transitions = [item for item in rule.get("Transitions", []) if "Days" in item]
    for item in transitions:
        if item["StorageClass"] in INFREQUENT and item["Days"] < INFREQUENT_DAYS:
            message = "'Days' in Transition action must be greater than or equal to 30 for storageClass"
            raise InvalidArgumentError(f"{message} '{item['StorageClass']}'", "Days", str(item["Days"]))
    ends = rule.get("Expiration", {}).get("Days")
    if ends is not None and any(item["Days"] >= ends for item in transitions):
        message = "'Days' in the Expiration action for prefix must be greater than 'Days' in the Transition action"
        raise InvalidArgumentError(message, "Days", str(ends))


def _check_lifecycle(response: S3Response, request: Any, bucket_name: str, querystring: dict[str, Any]) -> None:
    for rule in parse_lifecycle(response.body) if "lifecycle" in querystring else []:
        _check_days(rule)


def _keep_lifecycle(
    response: S3Response, result: Any, request: Any, bucket_name: str, querystring: dict[str, Any]
) -> Any:
    if "lifecycle" in querystring:
        bucket: Any = response.backend.get_bucket(bucket_name)
        named = zip(parse_lifecycle(response.body), bucket.rules, strict=True)
        bucket.lifecycle_rules = [{**rule, "ID": kept.id or str(mock_random.uuid4())} for rule, kept in named]
    return result


def _tag_new(response: S3Response, result: Any, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
    """A bucket may get its tags when it is created."""
    if not querystring and b"<Tag>" in response.body:
        asked = parse("CreateBucket", "CreateBucketConfiguration", response.body)
        tags = {tag["Key"]: tag["Value"] for tag in asked["Tags"]}
        response.backend.put_bucket_tagging(bucket_name, tags)
    return result


def get_bucket_lifecycle(self: S3Response) -> Any:
    """The rules as they were put. Raises NoSuchLifecycleConfiguration."""
    self.data["Action"] = "GetBucketLifecycleConfiguration"
    if not self.backend.get_bucket_lifecycle(self.bucket_name):
        raise NoSuchLifecycleConfiguration(bucket_name=self.bucket_name)
    bucket: Any = self.backend.get_bucket(self.bucket_name)
    return self.serialized(
        ActionResult({"Rules": bucket.lifecycle_rules, "TransitionDefaultMinimumObjectSize": MINIMUM_SIZE})
    )


def _lock_without_zeros(
    backend: S3Backend, lock: tuple[bool, str | None, int | None, int | None], bucket_name: str
) -> tuple[bool, str | None, int | None, int | None]:
    enabled, mode, days, years = lock
    return enabled, mode, days or None, years or None


def install() -> None:
    """Extend moto's S3; once is enough, twice is harmless."""
    after(S3Backend, "create_bucket", _furnish)
    after(S3Backend, "delete_bucket_encryption", _encrypt_again)
    after(S3Backend, "get_object_lock_configuration", _lock_without_zeros)
    before(S3Backend, "put_bucket_acl", _demand_acls)
    before(S3Backend, "put_bucket_policy", _check_policy)
    before(S3Response, "_bucket_response_put", _check_lifecycle)
    after(S3Response, "_bucket_response_put", _keep_lifecycle)
    after(S3Response, "_bucket_response_put", _tag_new)
    add(S3Response, get_bucket_lifecycle)
    add(FakeBucket, get_permission)
    FakeBucket._log_permissions_enabled_policy = staticmethod(_may_log)  # type: ignore[method-assign]
