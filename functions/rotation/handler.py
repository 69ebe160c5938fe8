# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The Lambda function that rotates secrets: one call a step of Secrets Manager's four."""

from __future__ import annotations

import logging
import os
from typing import Any

import boto3

from . import steps
from .generated import Generated
from .postgresql import PostgreSQL
from .redis_token import RedisToken
from .secret import Secret, Stop
from .services import Services
from .settings import Settings

LOG = logging.getLogger("rotation")


class RotationFailed(Exception):
    """A step could not be done; the message names secret, step and code, and never a value."""


def handler(event: dict[str, str], context: Any) -> None:
    """Do C(event)'s C(Step) for its C(SecretId) and C(ClientRequestToken). Raises RotationFailed."""
    LOG.setLevel(logging.INFO)
    what = f"{event['Step']} of {event['SecretId']}"
    try:
        _step(event, context)
    except Exception as error:
        # Neither the text of somebody else's error nor its traceback goes out: it may quote what was sent.
        raise RotationFailed(f"{what} failed: {_reason(error)}") from None
    LOG.info("%s is done", what)


def _step(event: dict[str, str], context: Any) -> None:
    settings = Settings.read(os.environ)
    secret = Secret(boto3.client("secretsmanager"), event["SecretId"])
    services = Services(boto3.client("ecs"), settings.cluster)
    seconds = context.get_remaining_time_in_millis() / 1000
    rotation = steps.Rotation(secret, _kind(secret.name, settings), services, seconds)
    steps.STEPS[event["Step"]](rotation, event["ClientRequestToken"])


def _kind(name: str, settings: Settings) -> steps.Kind:
    """How the secret of this name is rotated. Raises Stop for one that nobody told us about."""
    if name == settings.database_secret:
        return PostgreSQL(boto3.client("rds"), settings)
    if name == settings.redis_secret:
        return RedisToken(boto3.client("elasticache"), settings)
    if name in settings.generated:
        return Generated(settings.generated[name])
    raise Stop(f"{name} is no secret that this function rotates: add it to data_rotation_secrets")


def _reason(error: Exception) -> str:
    """Our own words, or kind and code of an error of AWS, PostgreSQL or Redis."""
    if isinstance(error, Stop):
        return str(error)
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return f"{response.get('Error', {}).get('Code')} [{getattr(error, 'operation_name', '')}]"
    fields = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    return f"{type(error).__name__} {fields.get('C', '')}".rstrip()
