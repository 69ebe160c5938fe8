# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets Manager: staging labels that move, rotation that reads back, reserved names, checked resource policies."""

from __future__ import annotations

import contextlib
import json
import re
import time
from typing import Any

from moto.awslambda.utils import get_backend
from moto.moto_api._internal import mock_random
from moto.secretsmanager.exceptions import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceNotFoundException,
    SecretNotFoundException,
    SecretsManagerClientError,
    ValidationException,
)
from moto.secretsmanager.models import FakeSecret, ReplicaSecret, SecretsManagerBackend
from moto.secretsmanager.responses import SecretsManagerResponse

from ._operations import add, page
from ._patch import after, before
from .awslambda import ERROR_HEADER

CURRENT, PENDING = "AWSCURRENT", "AWSPENDING"
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
DAY = 86_400
MARKED = "You can't perform this operation on the secret because it was marked for deletion."
RESERVED = "You can't create this secret because a secret with this name is already scheduled for deletion."
UNFINISHED = "A previous rotation isn't complete. That rotation will be reattempted."
NO_FUNCTION = "No Lambda rotation function ARN is associated with this secret."
NO_PERMISSION = (
    "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the "
    "principal secretsmanager.amazonaws.com."
)


class StepFailed(Exception):
    """The function could not do a step."""


def _secret(backend: SecretsManagerBackend, secret_id: str) -> FakeSecret:
    """The secret of this name or ARN. Raises ResourceNotFoundException, or InvalidRequestException once deleted."""
    if secret_id not in backend.secrets:
        raise SecretNotFoundException()
    secret = backend.secrets[secret_id]
    if secret.is_deleted():
        raise InvalidRequestException(MARKED)
    return secret  # type: ignore[return-value]


def _usable(backend: SecretsManagerBackend, secret_id: str, *_: Any, **__: Any) -> None:
    _secret(backend, secret_id)


def _check_name(backend: SecretsManagerBackend, name: str, *_: Any, **__: Any) -> None:
    """Refuse a malformed name, and one that a deleted secret still reserves."""
    if not re.fullmatch(r"[A-Za-z0-9/_+=.@!-]{1,512}", name):
        allowed = "Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
        raise ValidationException(f"Invalid name. {allowed}")
    existing = backend.secrets.get(name)
    if existing is not None and existing.is_deleted():
        raise InvalidRequestException(RESERVED)


def _holder(secret: FakeSecret, stage: str) -> str | None:
    """The id of the version that carries a staging label."""
    return next((key for key, version in secret.versions.items() if stage in version["version_stages"]), None)


def _follow_current(secret: FakeSecret) -> None:
    """What GetSecretValue returns by default is the version labelled AWSCURRENT, however it got the label."""
    current = _holder(secret, CURRENT)
    if current is not None:
        secret.set_default_version_id(current)


def _check_move(backend: SecretsManagerBackend, **given: Any) -> None:
    """A label on another version moves only if that version is named. Raises InvalidParameterException otherwise."""
    secret, stage = _secret(backend, given["secret_id"]), given["version_stage"]
    holder = _holder(secret, stage)
    if given["move_to_version_id"] and holder not in (
        None,
        given["move_to_version_id"],
        given["remove_from_version_id"],
    ):
        problem = f"Staging label {stage} is currently attached to version {holder}"
        raise InvalidParameterException(f"The parameter RemoveFromVersionId can't be empty. {problem}.")


def _moved(backend: SecretsManagerBackend, result: Any, **given: Any) -> Any:
    secret = _secret(backend, given["secret_id"])
    for version in secret.versions.values():
        version["version_stages"] = list(dict.fromkeys(version["version_stages"]))
    _follow_current(secret)
    return result


def list_secret_version_ids(self: SecretsManagerResponse) -> str:
    """A page of the versions that carry a label, or of all of them with IncludeDeprecated."""
    secret = _secret(self.backend, self._get_param("SecretId"))
    every = self._get_bool_param("IncludeDeprecated", False)
    versions = [
        {"VersionId": key, "VersionStages": version["version_stages"], "CreatedDate": version["createdate"]}
        for key, version in secret.versions.items()
        if version["version_stages"] or every
    ]
    found, token = page(versions, self._get_int_param("MaxResults"), self._get_param("NextToken"))
    return json.dumps({"ARN": secret.arn, "Name": secret.name, "Versions": found, "NextToken": token})


def rotate_secret(self: SecretsManagerBackend, secret_id: str, **given: Any) -> str:
    """Store how a secret rotates and, unless told otherwise, rotate it now by running the function's four steps.

    Raises InvalidRequestException without a function or while an earlier rotation is unfinished, which is tried again,
    InvalidParameterException for a bad schedule, AccessDeniedException if the function does not let us call it.
    """
    secret = _secret(self, secret_id)
    function = given.get("rotation_lambda_arn") or secret.rotation_lambda_arn
    _check_rotation(self, secret, function, given.get("rotation_rules") or {})
    _configure(secret, function, given.get("rotation_rules"))
    if given.get("rotate_immediately", True) and secret.versions:
        _rotate(self, secret, given.get("client_request_token") or str(mock_random.uuid4()))
    return secret.to_short_dict()


def _check_rotation(backend: SecretsManagerBackend, secret: FakeSecret, function: str, rules: dict[str, Any]) -> None:
    if not function:
        raise InvalidRequestException(NO_FUNCTION)
    if rules.get("AutomaticallyAfterDays") and rules.get("ScheduleExpression"):
        raise InvalidParameterException("You can't specify both AutomaticallyAfterDays and ScheduleExpression.")
    if not 1 <= int(rules.get("AutomaticallyAfterDays", 1)) <= 1000:
        raise InvalidParameterException("RotationRules.AutomaticallyAfterDays must be within 1-1000.")
    schedule = rules.get("ScheduleExpression")
    if schedule and not re.fullmatch(r"(rate|cron)\([^()]+\)", schedule):
        raise InvalidParameterException(f"Invalid schedule expression: {schedule}")
    _check_function(backend, function)
    pending = _holder(secret, PENDING)
    if pending not in (None, _holder(secret, CURRENT)):
        _run_steps(backend, secret, pending)
        raise InvalidRequestException(UNFINISHED)


def _check_function(backend: SecretsManagerBackend, arn: str) -> None:
    """The function must be there, and its policy must let Secrets Manager call it."""
    try:
        function = get_backend(backend.account_id, backend.region_name).get_function(arn)
    except Exception as error:
        raise ResourceNotFoundException(f"Resource not found for ARN '{arn}'.") from error
    if not any("secretsmanager.amazonaws.com" in json.dumps(each) for each in function.policy.statements):
        raise SecretsManagerClientError("AccessDeniedException", NO_PERMISSION)


def _configure(secret: FakeSecret, function: str, rules: dict[str, Any] | None) -> None:
    secret.rotation_requested = secret.rotation_enabled = True
    secret.rotation_lambda_arn = function
    if rules:
        secret.rotation_rules = rules  # type: ignore[attr-defined]
    days = _days(getattr(secret, "rotation_rules", {}))
    secret.auto_rotate_after_days = days or 0
    secret.next_rotation_date = int(time.time()) + days * DAY if days else None


def _days(rules: dict[str, Any]) -> int | None:
    """Days between rotations, None where a schedule in hours or by calendar does not say."""
    rate = re.fullmatch(r"rate\((\d+) days?\)", rules.get("ScheduleExpression", ""))
    days = rate[1] if rate else rules.get("AutomaticallyAfterDays")
    return int(days) if days else None


def _rotate(backend: SecretsManagerBackend, secret: FakeSecret, version_id: str) -> None:
    """Label a version AWSPENDING and let the function fill and promote it.

    A version that the function left without a value is dropped: AWS retries such a rotation, nobody does here.
    """
    secret.versions[version_id] = {
        "createdate": int(time.time()),
        "version_id": version_id,
        "version_stages": [PENDING],
    }
    _run_steps(backend, secret, version_id)
    if not {"secret_string", "secret_binary"} & set(secret.versions[version_id]):
        del secret.versions[version_id]


def _run_steps(backend: SecretsManagerBackend, secret: FakeSecret, version_id: str) -> None:
    """Run the steps until one fails; rotation is asynchronous at AWS, so that does not fail the call."""
    with contextlib.suppress(Exception):
        for step in STEPS:
            _invoke(backend, secret, {"Step": step, "SecretId": secret.arn, "ClientRequestToken": version_id})
    _follow_current(secret)
    if secret.default_version_id == version_id:
        secret.last_rotation_date = int(time.time())


def _invoke(backend: SecretsManagerBackend, secret: FakeSecret, event: dict[str, str]) -> None:
    functions, told = get_backend(backend.account_id, backend.region_name), dict[str, str]()
    functions.invoke(secret.rotation_lambda_arn, None, json.dumps(event), {}, told)
    if ERROR_HEADER in told:
        raise StepFailed(event["Step"])


def _described(secret: FakeSecret, described: dict[str, Any]) -> dict[str, Any]:
    """As DescribeSecret shows it: the whole schedule, and only the versions that carry a label."""
    for name in ("VersionIdsToStages", "SecretVersionsToStages"):
        if name in described:
            described[name] = {version: stages for version, stages in described[name].items() if stages}
    if "RotationRules" in described:
        days = _days(getattr(secret, "rotation_rules", {}))
        described["RotationRules"] = {
            **getattr(secret, "rotation_rules", {}),
            **_present("AutomaticallyAfterDays", days),
        }
    return described


def _present(name: str, value: Any) -> dict[str, Any]:
    return {} if value is None else {name: value}


def validate_resource_policy(self: SecretsManagerResponse) -> str:
    """Whether a policy is fit for a secret, and why not. Raises MalformedPolicyDocumentException."""
    if self._get_param("SecretId"):
        _secret(self.backend, self._get_param("SecretId"))
    errors = _policy_errors(_policy(self._get_param("ResourcePolicy")))
    return json.dumps({"PolicyValidationPassed": not errors, "ValidationErrors": errors})


def _policy(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
        statements = document["Statement"]
    except (ValueError, TypeError, KeyError) as error:
        message = "This resource policy contains a syntax error."
        raise SecretsManagerClientError("MalformedPolicyDocumentException", message) from error
    return {**document, "Statement": statements if isinstance(statements, list) else [statements]}


def _policy_errors(document: dict[str, Any]) -> list[dict[str, str]]:
    public = [each for each in document["Statement"] if _is_public(each)]
    message = "This resource policy grants broad access to the secret."
    return [{"CheckName": "PUBLIC_POLICY", "ErrorMessage": message} for _statement in public]


def _is_public(statement: dict[str, Any]) -> bool:
    principals = statement.get("Principal")
    named = principals.get("AWS", []) if isinstance(principals, dict) else principals
    anyone = named == "*" or (isinstance(named, list) and "*" in named)
    return statement.get("Effect") == "Allow" and anyone and not statement.get("Condition")


def _check_policy(response: SecretsManagerResponse) -> None:
    document = _policy(response._get_param("ResourcePolicy"))
    if response._get_bool_param("BlockPublicPolicy", False) and _policy_errors(document):
        message = "You can't attach a public policy to this secret."
        raise SecretsManagerClientError("PublicPolicyException", message)


def _encrypted(
    secret: FakeSecret, replicas: list[ReplicaSecret], replica_regions: list[dict[str, str]], **_: Any
) -> list[ReplicaSecret]:
    """Replicas are encrypted with the keys that they were asked for with."""
    for replica, asked in zip(replicas, replica_regions, strict=True):
        replica.config["KmsKeyId"] = asked.get("KmsKeyId") or replica.config["KmsKeyId"]
    return replicas


def install() -> None:
    """Install into moto's Secrets Manager."""
    before(SecretsManagerBackend, "create_secret", _check_name)
    for name in ("put_secret_value", "put_resource_policy", "delete_resource_policy", "tag_resource", "untag_resource"):
        before(SecretsManagerBackend, name, _usable)
    before(SecretsManagerBackend, "update_secret_version_stage", _check_move)
    after(SecretsManagerBackend, "update_secret_version_stage", _moved)
    after(FakeSecret, "to_dict", _described)
    after(FakeSecret, "create_replicas", _encrypted)
    add(SecretsManagerBackend, rotate_secret)
    before(SecretsManagerResponse, "put_resource_policy", _check_policy)
    add(SecretsManagerResponse, validate_resource_policy, list_secret_version_ids)
