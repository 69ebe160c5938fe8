# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: the lifecycle hooks of a service deployment, and what their Lambda functions answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.moto_api._internal import mock_random

from embedded_aws.deployments import Pace

from . import _policy
from ._ecs_rollout import ASKED, AWAITING, FAILED, SUCCEEDED, Hook, Rollout, answered, open_hooks

Settings = dict[str, Any]

TIMEOUT_MINUTES = 1440


def met(rollout: Rollout, configured: list[Settings], pace: Pace) -> tuple[Hook, ...]:
    """The hooks that are configured for the present step, as they begin."""
    found = [settings for settings in configured if rollout.stage in settings["lifecycleStages"]]
    return tuple(_begun(rollout, settings, pace) for settings in found)


def _begun(rollout: Rollout, settings: Settings, pace: Pace) -> Hook:
    timeout, kind = settings.get("timeoutConfiguration", {}), settings.get("targetType", "AWS_LAMBDA")
    minutes = timeout.get("timeoutInMinutes", TIMEOUT_MINUTES)
    return Hook(
        hook_id=f"ecs-{kind.rsplit('_', 1)[-1].lower()}-{mock_random.get_random_hex(43)}",
        position=rollout.position,
        stage=rollout.stage,
        target_type=kind,
        target_arn=settings.get("hookTargetArn") if kind == "AWS_LAMBDA" else None,
        status=AWAITING if kind == "PAUSE" else ASKED,
        expires_at=rollout.entered + minutes * pace.hook_minute_seconds,
        timeout_action=timeout.get("action", "ROLLBACK"),
    )


def asked(rollout: Rollout, configured: list[Settings], pace: Pace) -> Rollout:
    """The same, with the Lambda functions that have not answered yet asked again."""
    roles = {settings.get("hookTargetArn"): settings.get("roleArn", "") for settings in configured}
    for hook in open_hooks(rollout):
        if hook.status == ASKED:
            rollout = answered(rollout, _answer(hook, roles[hook.target_arn], pace))
    return rollout


def _answer(hook: Hook, role: str, pace: Pace) -> Hook:
    """The hook after a call of its function; who could not call it, or what it says, is in its detail."""
    arn = str(hook.target_arn)
    if not _policy.serves(role, "ecs.amazonaws.com"):
        return replace(hook, status=FAILED, detail=f"failed. ECS was unable to assume role {role}")
    if not exists(arn):
        unknown = f"failed. ECS was unable to invoke hook target {arn} due to Function not found: {arn}"
        return replace(hook, status=FAILED, detail=unknown)
    status = pace.hooks.get(hook.stage) or pace.hooks.get(name_of(arn)) or SUCCEEDED
    said = f"failed. Lifecycle hook target {arn} returned FAILED status."
    return replace(hook, status=status, detail=said if status == FAILED else "")


def name_of(arn: str) -> str:
    """The name of the function of that ARN, which may end in a qualifier."""
    return arn.split(":function:")[-1].split(":")[0]


def exists(arn: str) -> bool:
    """Whether the Lambda function of that ARN exists."""
    _arn, _partition, _service, region, account, *_name = arn.split(":")
    functions = lambda_backends[account][region].list_functions()
    return name_of(arn) in {function.function_name for function in functions}


def shown(hook: Hook) -> Settings:
    """A hook as DescribeServiceDeployments shows it."""
    details = {
        "hookId": hook.hook_id,
        "targetType": hook.target_type,
        "targetArn": hook.target_arn,
        "status": hook.status,
        "expiresAt": datetime.fromtimestamp(hook.expires_at, tz=UTC).replace(tzinfo=None),
        "timeoutAction": hook.timeout_action,
    }
    return {name: value for name, value in details.items() if value is not None}
