# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Amazon Data Firehose: a stream says how it is encrypted, and needs a role that it can assume."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.firehose.exceptions import InvalidArgumentException, ResourceNotFoundException
from moto.firehose.models import DeliveryStream, FirehoseBackend
from moto.firehose.responses import FirehoseResponse

from . import _policy
from ._operations import add
from ._patch import after, before

SERVICE = "firehose.amazonaws.com"
OWN = "AWS_OWNED_CMK"


def _check_role(response: FirehoseResponse) -> None:
    """The role of a destination in S3 can be assumed. Raises InvalidArgumentException."""
    for member in ("ExtendedS3DestinationConfiguration", "ExtendedS3DestinationUpdate"):
        role = (response._get_param(member) or {}).get("RoleARN")
        if role and not _policy.serves(role, SERVICE):
            raise InvalidArgumentException(f"Firehose is unable to assume role {role}. Please check the role provided.")


def _encryption(stream: DeliveryStream) -> dict[str, Any]:
    """What is said of a stream's encryption, which is off unless it was asked for."""
    given = stream.delivery_stream_encryption_configuration or {}
    return {**given, "Status": given.get("Status", "ENABLED")} if given else {"Status": "DISABLED"}


def _describe(backend: FirehoseBackend, result: dict[str, Any], delivery_stream_name: str) -> dict[str, Any]:
    stream = backend.delivery_streams[delivery_stream_name]
    shown = {**result["DeliveryStreamDescription"], "DeliveryStreamEncryptionConfiguration": _encryption(stream)}
    return {**result, "DeliveryStreamDescription": shown}


def _stream(response: FirehoseResponse) -> DeliveryStream:
    name = response._get_param("DeliveryStreamName")
    found = response.firehose_backend.delivery_streams.get(name)
    if found is None:
        raise ResourceNotFoundException(f"Firehose {name} under account {response.current_account} not found.")
    return found


def start_delivery_stream_encryption(self: FirehoseResponse) -> ActionResult:
    """Encrypt what waits in a stream, by AWS's own key unless one is given."""
    given = self._get_param("DeliveryStreamEncryptionConfigurationInput") or {"KeyType": OWN}
    _stream(self).delivery_stream_encryption_configuration = dict(given)
    return ActionResult({})


def stop_delivery_stream_encryption(self: FirehoseResponse) -> ActionResult:
    """Encrypt it no more."""
    _stream(self).delivery_stream_encryption_configuration = {}
    return ActionResult({})


def install() -> None:
    """Extend moto's Firehose; once is enough, twice is harmless."""
    before(FirehoseResponse, "create_delivery_stream", _check_role)
    before(FirehoseResponse, "update_destination", _check_role)
    after(FirehoseBackend, "describe_delivery_stream", _describe)
    add(FirehoseResponse, start_delivery_stream_encryption, stop_delivery_stream_encryption)
