# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudTrail: what a trail needs before it can be made, its selectors as AWS shows them, and what is not there."""

from __future__ import annotations

from typing import Any

from moto.cloudtrail.exceptions import TrailNotFoundException
from moto.cloudtrail.models import CloudTrailBackend, Trail
from moto.core.exceptions import JsonRESTError
from moto.kms.models import kms_backends
from moto.logs.models import logs_backends
from moto.s3.models import s3_backends

from . import _policy
from ._patch import after, around, before

SERVICE = "cloudtrail.amazonaws.com"
MOST_TRAILS = 5
DEFAULT_SELECTORS = [
    {
        "ReadWriteType": "All",
        "IncludeManagementEvents": True,
        "DataResources": [],
        "ExcludeManagementEventSources": [],
    }
]


def _check_new(backend: CloudTrailBackend, name: str, *_args: Any, **_kwargs: Any) -> None:
    if name in backend.trails:
        raise JsonRESTError("TrailAlreadyExistsException", f"Trail {name} already exists for customer")
    if len(backend.trails) >= MOST_TRAILS:
        message = f"User: {backend.account_id} already has {MOST_TRAILS} trails in {backend.region_name}."
        raise JsonRESTError("MaximumNumberOfTrailsExceededException", message)


def _check_bucket(trail: Trail) -> None:
    """CloudTrail has to be let in by the bucket. Raises InsufficientS3BucketPolicyException."""
    bucket = s3_backends[trail.account_id][trail.partition].get_bucket(trail.bucket_name)
    if not _policy.lets(bucket.policy, SERVICE, "s3:GetBucketAcl", "s3:PutObject"):
        message = f"Incorrect S3 bucket policy is detected for bucket: {trail.bucket_name}"
        raise JsonRESTError("InsufficientS3BucketPolicyException", message)


def _check_key(trail: Trail) -> None:
    """So has it by the key, which is named by its ARN here. Raises InsufficientEncryptionPolicyException."""
    keys = kms_backends[trail.account_id][trail.region_name].keys
    key = keys.get(str(trail.kms_key_id).rpartition("/")[2])
    if trail.kms_key_id and not (key and _policy.lets(key.policy, SERVICE, "kms:GenerateDataKey")):
        message = "Insufficient permissions to access S3 bucket or KMS key"
        raise JsonRESTError("InsufficientEncryptionPolicyException", message)


def _check_logs(trail: Trail) -> None:
    """A log group that exists, and a role that CloudTrail may assume."""
    if not trail.cw_log_group_arn:
        return
    groups = logs_backends[trail.account_id][trail.region_name].groups
    if str(trail.cw_log_group_arn).split(":")[6] not in groups:
        raise JsonRESTError(
            "InvalidCloudWatchLogsLogGroupArnException", "CloudTrail cannot validate the log group ARN."
        )
    if not _policy.serves(str(trail.cw_role_arn), SERVICE):
        raise JsonRESTError("InvalidCloudWatchLogsRoleArnException", "Access denied. Check the trust relationships.")


def _check(trail: Trail) -> None:
    for check in (_check_bucket, _check_key, _check_logs):
        check(trail)


def _check_made(backend: CloudTrailBackend, trail: Trail, *_args: Any, **_kwargs: Any) -> Trail:
    """Take back what does not pass; moto knows what is asked for only once it is made."""
    try:
        _check(trail)
    except JsonRESTError:
        backend.trails.pop(trail.trail_name, None)
        raise
    return trail


def _check_changed(original: Any, backend: CloudTrailBackend, name: str, *args: Any, **kwargs: Any) -> Trail:
    trail: Trail = backend.get_trail(name)
    before_it = dict(vars(trail))
    try:
        changed: Trail = original(backend, trail.trail_name, *args, **kwargs)
        _check(changed)
    except JsonRESTError:
        vars(trail).update(before_it)
        raise
    return changed


def _delete(original: Any, backend: CloudTrailBackend, name: str) -> None:
    """By name or ARN. Raises TrailNotFoundException."""
    original(backend, backend.get_trail(name).trail_name)


def _selectors(trail: Trail, result: tuple[list[Any], list[Any]]) -> tuple[list[Any], list[Any]]:
    """A trail that nobody has told otherwise records all management events."""
    return result if any(result) else (DEFAULT_SELECTORS, [])


def _description(trail: Trail, result: dict[str, Any], *_args: Any, **_kwargs: Any) -> dict[str, Any]:
    custom = trail.advanced_event_selectors or trail.event_selectors not in ([], DEFAULT_SELECTORS)
    return {**result, "HasCustomEventSelectors": bool(custom)}


def _demand_own(backend: CloudTrailBackend, resource_id_list: list[str]) -> None:
    """Tags of an organisation's trail are its own account's. Raises CloudTrailARNInvalidException."""
    for arn in resource_id_list:
        if arn.split(":")[4] != backend.account_id:
            message = f"AccountID in ARN is wrong, you can only access resources with AccountID {backend.account_id}."
            raise JsonRESTError("CloudTrailARNInvalidException", message)
        if arn not in [trail.arn for trail in backend.trails.values()]:
            raise TrailNotFoundException(account_id=backend.account_id, name=arn)


def install() -> None:
    """Install into moto's CloudTrail."""
    before(CloudTrailBackend, "create_trail", _check_new)
    after(CloudTrailBackend, "create_trail", _check_made)
    around(CloudTrailBackend, "update_trail", _check_changed)
    around(CloudTrailBackend, "delete_trail", _delete)
    before(CloudTrailBackend, "list_tags", _demand_own)
    after(Trail, "get_event_selectors", _selectors)
    after(Trail, "description", _description)
