# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One secret: its versions and the labels that they carry."""

from __future__ import annotations

import functools
import json
from typing import Any

CURRENT = "AWSCURRENT"
PENDING = "AWSPENDING"

Value = dict[str, Any]


class Stop(Exception):
    """The rotation can't go on; the message holds no secret value and says what to do."""


class Secret:
    """A secret of Secrets Manager whose value is a JSON object."""

    def __init__(self, client: Any, arn: str) -> None:
        self.client = client
        self.arn = arn

    @functools.cached_property
    def name(self) -> str:
        return str(self._describe()["Name"])

    def _describe(self) -> dict[str, Any]:
        described: dict[str, Any] = self.client.describe_secret(SecretId=self.arn)
        return described

    def labels(self, version: str) -> list[str]:
        """The labels of a version; none for one that isn't there."""
        return list(self._describe().get("VersionIdsToStages", {}).get(version, ()))

    def holder(self, label: str) -> str | None:
        """The id of the version that carries a label."""
        versions = self._describe().get("VersionIdsToStages", {})
        return next((version for version, labels in versions.items() if label in labels), None)

    def version(self, version: str) -> Value | None:
        """The value of a version; None while it has none."""
        return self._read(VersionId=version)

    def labelled(self, label: str) -> Value | None:
        """The value of the version with this label; None where none has it."""
        return self._read(VersionStage=label)

    def current(self) -> Value:
        """The value that everybody uses. Raises Stop if there is none."""
        value = self.labelled(CURRENT)
        if value is None:
            raise Stop(f"{self.name} has no current value: put one")
        return value

    def _read(self, **which: str) -> Value | None:
        try:
            text = self.client.get_secret_value(SecretId=self.arn, **which)["SecretString"]
        except self.client.exceptions.ResourceNotFoundException:
            return None
        return self._parsed(text)

    def _parsed(self, text: str) -> Value:
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise Stop(f"{self.name} is no JSON object")
        return value

    def put(self, value: Value, label: str, version: str | None = None) -> None:
        """Store a version under a label; AWS makes up its id where none is given."""
        token = {"ClientRequestToken": version} if version else {}
        self.client.put_secret_value(SecretId=self.arn, SecretString=json.dumps(value), VersionStages=[label], **token)

    def move(self, label: str, version: str | None) -> None:
        """Let a version carry a label, or nobody. AWS moves AWSPREVIOUS along with AWSCURRENT."""
        holder = self.holder(label)
        if holder == version:
            return
        ends = {"MoveToVersionId": version, "RemoveFromVersionId": holder}
        given = {name: end for name, end in ends.items() if end}
        self.client.update_secret_version_stage(SecretId=self.arn, VersionStage=label, **given)
