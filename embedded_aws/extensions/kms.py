# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""KMS: rotation periods, checked key policies, and keys that cannot be used in the state they are in."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time, utcnow
from moto.kms.exceptions import NotFoundException, ValidationException
from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse

from . import _policy
from ._operations import add
from ._patch import before

DEFAULT_ROTATION_DAYS = 365
ROTATION_DAYS = range(90, 2561)
WINDOW_DAYS = range(7, 31)
CHANGE_POLICY = "kms:PutKeyPolicy"
PENDING = "PendingDeletion"


def _malformed(message: str) -> JsonRESTError:
    return JsonRESTError("MalformedPolicyDocumentException", message)


def check_policy(document: str, account: str, bypass: bool = False) -> None:
    """Refuse what KMS refuses as a key policy. Raises MalformedPolicyDocumentException."""
    try:
        found = _policy.statements(document)
    except ValueError as error:
        raise _malformed(str(error)) from error
    if next(_policy.unknown_principals(found, account), None):
        raise _malformed("Policy contains a statement with one or more invalid principals.")
    if not bypass and not any(_policy.allows(statement, CHANGE_POLICY) for statement in found):
        raise _malformed("The new key policy will not allow you to update the key policy in the future.")


def _check_requested_policy(response: KmsResponse) -> None:
    document = response._get_param("Policy")
    if document is not None:
        check_policy(document, response.current_account, bool(response._get_param("BypassPolicyLockoutSafetyCheck")))


def _key(response: KmsResponse) -> Key:
    """The key that a request names by id or ARN. Raises NotFoundException."""
    key_id = response._get_param("KeyId")
    response._validate_cmk_id(key_id)
    return response.kms_backend.keys[response.kms_backend.get_key_id(key_id)]


def _demand_not_pending(key: Key) -> None:
    if key.key_state == PENDING:
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending deletion.")


def _demand_changeable(response: KmsResponse) -> None:
    _demand_not_pending(_key(response))


def _demand_usable(backend: KmsBackend, key_id: str, *_args: Any, **_kwargs: Any) -> None:
    key = backend.keys.get(backend.any_id_to_key_id(key_id))
    if key is None:
        raise NotFoundException(f"Key '{key_id}' does not exist")
    _demand_not_pending(key)
    if not key.enabled:
        raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")


def _demand_alias_target(backend: KmsBackend, target_key_id: str, alias_name: str) -> None:
    _demand_not_pending(backend.keys[backend.get_key_id(target_key_id)])


def enable_key_rotation(self: KmsResponse) -> str:
    """Rotate a key every RotationPeriodInDays days, 365 unless asked otherwise. Raises ValidationException."""
    key = _key(self)
    _demand_not_pending(key)
    days = int(self._get_param("RotationPeriodInDays") or getattr(key, "rotation_days", DEFAULT_ROTATION_DAYS))
    if days not in ROTATION_DAYS:
        raise ValidationException(f"RotationPeriodInDays must be between 90 and 2560, not {days}")
    key.key_rotation_status, key.rotation_days = True, days  # type: ignore[attr-defined]
    return json.dumps({})


def get_key_rotation_status(self: KmsResponse) -> str:
    """Whether a key rotates, how often, and when next."""
    key = _key(self)
    status: dict[str, Any] = {"KeyId": key.arn, "KeyRotationEnabled": key.key_rotation_status}
    if key.key_rotation_status:
        days = getattr(key, "rotation_days", DEFAULT_ROTATION_DAYS)
        status.update(RotationPeriodInDays=days, NextRotationDate=unix_time(utcnow() + timedelta(days=days)))
    return json.dumps(status)


def schedule_key_deletion(self: KmsResponse) -> str:
    """Let a key end after 7 to 30 days, 30 unless asked otherwise. Raises what KMS answers for others."""
    key = _key(self)
    days = int(self._get_param("PendingWindowInDays") or WINDOW_DAYS[-1])
    _demand_not_pending(key)
    if days not in WINDOW_DAYS:
        raise ValidationException(f"PendingWindowInDays must be between 7 and 30, not {days}")
    ends = self.kms_backend.schedule_key_deletion(key.id, days)
    return json.dumps({"KeyId": key.arn, "DeletionDate": ends, "KeyState": PENDING, "PendingWindowInDays": days})


def cancel_key_deletion(self: KmsResponse) -> str:
    """Keep a key after all; it is disabled then. Raises KMSInvalidStateException unless its deletion is pending."""
    key = _key(self)
    if key.key_state != PENDING:
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is not pending deletion.")
    self.kms_backend.cancel_key_deletion(key.id)
    return json.dumps({"KeyId": key.arn})


def enable_key(self: KmsResponse) -> str:
    """Enable a key that is not about to end. Raises KMSInvalidStateException."""
    key = _key(self)
    _demand_not_pending(key)
    self.kms_backend.enable_key(key.id)
    return json.dumps({})


def disable_key(self: KmsResponse) -> str:
    """Disable a key that is not about to end. Raises KMSInvalidStateException."""
    key = _key(self)
    _demand_not_pending(key)
    self.kms_backend.disable_key(key.id)
    return json.dumps({})


def install() -> None:
    """Extend moto's KMS; once is enough, twice is harmless."""
    add(KmsResponse, enable_key_rotation, get_key_rotation_status, schedule_key_deletion, cancel_key_deletion)
    add(KmsResponse, enable_key, disable_key)
    for name in ("create_key", "put_key_policy"):
        before(KmsResponse, name, _check_requested_policy)
    for name in ("update_key_description", "disable_key_rotation", "tag_resource", "untag_resource", "put_key_policy"):
        before(KmsResponse, name, _demand_changeable)
    for name in ("create_alias", "update_alias"):
        before(KmsBackend, name, _demand_alias_target)
    for name in ("encrypt", "generate_data_key"):
        before(KmsBackend, name, _demand_usable)
