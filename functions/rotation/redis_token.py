# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The auth token of a replication group: ROTATE adds a token, SET leaves one alone."""

from __future__ import annotations

from typing import Any

import redis
from botocore.exceptions import ClientError
from redis.backoff import NoBackoff
from redis.retry import Retry

from ansible_collections.uex.payments.plugins.module_utils import _secrets, _wait

from .secret import Secret, Value
from .settings import Settings

KEY = "auth_token"
LENGTH = 64  #: AWS takes 16 to 128 characters; letters and digits are always allowed
CHANGE_SECONDS = 720.0  #: AWS needs some minutes to bring a token to all nodes
CONNECT_SECONDS = 10.0
NOTHING_TO_SET = ("InvalidParameterCombination", "InvalidParameterValue")


class RedisToken:
    """The token of one replication group, whose endpoint is asked for each time."""

    def __init__(self, client: Any, settings: Settings) -> None:
        self.client = client
        self.settings = settings

    def following(self, secret: Secret) -> Value:
        return {**secret.current(), KEY: _secrets.text(LENGTH)}

    def apply(self, secret: Secret, value: Value) -> None:
        """Add the token. What an earlier rotation left goes first, as AWS would drop the oldest of three."""
        if self._accepts(value[KEY]):
            return
        self._leave_alone(secret.current()[KEY])
        self._change(value[KEY], "ROTATE")

    def test(self, value: Value) -> None:
        with self._client(value[KEY]) as client:
            client.ping()

    def withdraws(self) -> bool:
        return True

    def withdraw(self, value: Value) -> None:
        self._change(value[KEY], "SET")

    def _leave_alone(self, token: str) -> None:
        """Let this be the only token. AWS refuses that where it is so already."""
        try:
            self._change(token, "SET")
        except ClientError as error:
            if error.response["Error"]["Code"] not in NOTHING_TO_SET:
                raise

    def _change(self, token: str, strategy: str) -> None:
        """Change tokens and wait until all nodes know."""
        self._wait()
        self.client.modify_replication_group(
            ReplicationGroupId=self.settings.replication_group,
            AuthToken=token,
            AuthTokenUpdateStrategy=strategy,
            ApplyImmediately=True,
        )
        self._wait()

    def _wait(self) -> None:
        _wait.until(self._group, _is_steady, "the group's next state", CHANGE_SECONDS, pause=5)

    def _group(self) -> dict[str, Any]:
        name = self.settings.replication_group
        groups = self.client.describe_replication_groups(ReplicationGroupId=name)["ReplicationGroups"]
        found: dict[str, Any] = groups[0]
        return found

    def _accepts(self, token: str) -> bool:
        try:
            self.test({KEY: token})
        except redis.AuthenticationError:
            return False
        return True

    def _client(self, token: str) -> redis.Redis:
        group = self._group()
        endpoint = group.get("ConfigurationEndpoint") or group["NodeGroups"][0]["PrimaryEndpoint"]
        return redis.Redis(
            host=endpoint["Address"],
            port=endpoint["Port"],
            password=token,
            ssl=True,
            ssl_cert_reqs="required",
            ssl_check_hostname=True,
            ssl_ca_certs=self.settings.ca_file,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=CONNECT_SECONDS,
            protocol=2,
            retry=Retry(NoBackoff(), 0),  # else a token that is refused is tried again for a minute
        )


def _is_steady(group: dict[str, Any]) -> bool:
    """Available, and no change of its token on the way."""
    pending = group.get("PendingModifiedValues") or {}
    return group["Status"] == "available" and not pending.get("AuthTokenStatus")
