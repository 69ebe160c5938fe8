# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS Config: recorders with ARN, tags and mode, and what a recorder and its delivery need before they are made."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from moto.config.models import ConfigBackend, ConfigRecorder
from moto.config.responses import ConfigResponse
from moto.core.exceptions import JsonRESTError
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends

from . import _policy
from ._patch import after, around, before

SERVICE = "config.amazonaws.com"
CONTINUOUS = {"recordingFrequency": "CONTINUOUS"}
Tagged = tuple[str, dict[str, str]]


def _check_role(backend: ConfigBackend, recorder: dict[str, Any]) -> None:
    """Raises InvalidRoleException."""
    roles = iam_backends[backend.account_id][backend.partition].roles.values()
    if recorder.get("roleARN") not in [role.arn for role in roles]:
        raise JsonRESTError(
            "InvalidRoleException", "You have provided a null or empty string, or a role that is not there."
        )


def _put(original: Any, response: ConfigResponse) -> str:
    """Tags count only for a recorder that is new; what a request leaves out has AWS's default."""
    backend, given = response.config_backend, response._get_param("ConfigurationRecorder")
    known: Any = backend.recorders.get(given.get("name"))
    answer: str = original(response)
    recorder: Any = backend.recorders[given["name"]]
    new = f"arn:{backend.partition}:config:{backend.region_name}:{backend.account_id}:configuration-recorder/"
    tags = {tag["Key"]: tag["Value"] for tag in response._get_param("Tags") or []}
    recorder._arn = known._arn if known else f"{new}{given['name']}/{uuid.uuid4().hex[:8]}"
    recorder._tags = known._tags if known else tags
    recorder._mode = given.get("recordingMode") or CONTINUOUS
    return answer


def _shown(recorder: ConfigRecorder, result: dict[str, Any]) -> dict[str, Any]:
    own: Any = recorder
    if not hasattr(own, "_arn"):
        return result
    return {**result, "arn": own._arn, "recordingMode": own._mode, "recordingScope": "PAID"}


def _check_delivery(backend: ConfigBackend, channel: dict[str, Any]) -> None:
    """The bucket exists and lets Config in."""
    buckets = s3_backends[backend.account_id][backend.partition].buckets
    bucket = buckets.get(channel.get("s3BucketName", ""))
    if bucket is None:
        raise JsonRESTError("NoSuchBucketException", "Cannot find a S3 bucket with an empty bucket name.")
    if not _policy.lets(bucket.policy, SERVICE, "s3:GetBucketAcl", "s3:ListBucket", "s3:PutObject"):
        message = f"Insufficient delivery policy to s3 bucket: {bucket.name}, unable to write to bucket."
        raise JsonRESTError("InsufficientDeliveryPolicyException", message)


class Tags:
    """What moto's operations on tags take of a resource."""

    def __init__(self, tags: dict[str, str]) -> None:
        self.tags = tags


def _matched(original: Any, backend: ConfigBackend, resource_arn: str) -> Any:
    recorders: Any = backend.recorders.values()
    own = next((each for each in recorders if getattr(each, "_arn", "") == resource_arn), None)
    return original(backend, resource_arn) if own is None else Tags(own._tags)


def tagged(backend: ConfigBackend) -> Iterator[Tagged]:
    """The region's recorder with its tags."""
    recorders: Any = backend.recorders.values()
    return ((each._arn, dict(each._tags)) for each in recorders if hasattr(each, "_arn"))


def install() -> None:
    """Install into moto's Config."""
    before(ConfigBackend, "put_configuration_recorder", _check_role)
    around(ConfigResponse, "put_configuration_recorder", _put)
    after(ConfigRecorder, "to_dict", _shown)
    before(ConfigBackend, "put_delivery_channel", _check_delivery)
    around(ConfigBackend, "_match_arn", _matched)
