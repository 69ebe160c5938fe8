# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets Manager's four steps. Each may be run again at any time: after a failure the same rotation is tried again.

The current value stays usable through all of them, and is another one only when the last step moves its label.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from .secret import CURRENT, PENDING, Secret, Stop, Value
from .services import Services

LOG = logging.getLogger("rotation")
SPARE_SECONDS = 120.0  #: of the function's time, for what follows a wait


class Kind(Protocol):
    """What a kind of secret is: how its next value is made, brought into force, tried, and its last one withdrawn."""

    def following(self, secret: Secret) -> Value:
        """The next value."""

    def apply(self, secret: Secret, value: Value) -> None:
        """Let the service accept the next value beside the current one; done before is no error."""

    def test(self, value: Value) -> None:
        """Log in with a value. Raises if that fails."""

    def withdraws(self) -> bool:
        """Whether the last value has to be withdrawn once nobody uses it."""

    def withdraw(self, value: Value) -> None:
        """Let the service accept C(value) alone."""


@dataclass
class Rotation:
    """A secret, its kind, who reads it, and the seconds that are left."""

    secret: Secret
    kind: Kind
    services: Services
    seconds: float


def create(rotation: Rotation, token: str) -> None:
    """Store the next value, once."""
    secret = rotation.secret
    if _is_under_way(secret, token) and secret.version(token) is None:
        secret.put(rotation.kind.following(secret), PENDING, token)


def apply(rotation: Rotation, token: str) -> None:
    """Bring the next value into force, beside the current one."""
    if _is_under_way(rotation.secret, token):
        rotation.kind.apply(rotation.secret, _value(rotation.secret, token))


def test(rotation: Rotation, token: str) -> None:
    """Log in with the next value.

    When a schedule is set AWS calls this step alone, with a version that has no value: then there is nothing to try.
    """
    if not _is_under_way(rotation.secret, token):
        return
    value = rotation.secret.version(token)
    if value is None:
        LOG.info("%s has no next value yet; nothing was tried", rotation.secret.name)
    else:
        rotation.kind.test(value)


def finish(rotation: Rotation, token: str) -> None:
    """Make the next value the current one, replace the tasks so that they read it, then withdraw the last one.

    Done again it replaces the tasks again, as they may have been started before the label moved.
    """
    secret, kind, services = rotation.secret, rotation.kind, rotation.services
    if _is_under_way(secret, token):
        kind.test(_value(secret, token))
        secret.move(CURRENT, token)
    names = services.replace_tasks()
    if not kind.withdraws():
        return
    if services.settled(names, rotation.seconds - SPARE_SECONDS):
        kind.withdraw(secret.current())
    else:
        LOG.warning("%s: tasks were not replaced in time; the last value stays until the next rotation", secret.name)


def _is_under_way(secret: Secret, token: str) -> bool:
    """Whether the version is still to become current. Raises Stop if this isn't a rotation of the secret."""
    labels = secret.labels(token)
    if CURRENT in labels:
        return False
    if PENDING not in labels:
        raise Stop(f"version {token} of {secret.name} is not {PENDING}: rotate the secret again")
    return True


def _value(secret: Secret, token: str) -> Value:
    value = secret.version(token)
    if value is None:
        raise Stop(f"version {token} of {secret.name} has no value: rotate the secret again")
    return value


STEPS: Mapping[str, Callable[[Rotation, str], None]] = {
    "createSecret": create,
    "setSecret": apply,
    "testSecret": test,
    "finishSecret": finish,
}
