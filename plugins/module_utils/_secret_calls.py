# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The calls that bring an existing secret to what is declared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from . import _aws, _replicas, _rotation, _secrets, _tags, _wait

SETTINGS = {"description": "Description", "kms_key_id": "KmsKeyId"}
COPY_SECONDS = 300  #: until a copy in another region is made, or gone


class NotCopied(Exception):
    """Another region could not take the copy of a secret."""


class Calls(NamedTuple):
    """A client, the secret's name, and how to look at it."""

    client: Any
    name: str
    describe: Callable[[], Mapping[str, Any]]

    def write(self, desired: Mapping[str, Any], options: Collection[str]) -> None:
        """Bring these options to what is declared."""
        settings = _aws.declared({SETTINGS[option]: desired[option] for option in SETTINGS if option in options})
        if settings:
            self.client.update_secret(SecretId=self.name, **settings)
        if "tags" in options:
            self.client.tag_resource(SecretId=self.name, Tags=_tags.to_list(desired["tags"]))
        if "has_value" in options and desired["has_value"]:
            self.client.put_secret_value(SecretId=self.name, SecretString=_secrets.content(desired))
        for option, write in _WRITES.items():
            if option in options and desired[option] is not None:
                write(self, desired[option])

    def put_policy(self, policy: str) -> None:
        if policy:
            self.client.put_resource_policy(SecretId=self.name, ResourcePolicy=policy, BlockPublicPolicy=True)
        else:
            self.client.delete_resource_policy(SecretId=self.name)

    def schedule(self, rotation: Mapping[str, str]) -> None:
        """Rotate from the next time of the schedule on, or, with an empty one, no more."""
        if rotation:
            self.client.rotate_secret(SecretId=self.name, RotateImmediately=False, **_rotation.arguments(rotation))
        elif self.describe().get("RotationEnabled"):
            self.client.cancel_rotate_secret(SecretId=self.name)

    def copy_to(self, wanted: Collection[_replicas.Replica]) -> None:
        """End the copies in regions that are not wanted, then begin those that are missing."""
        going, coming = _replicas.difference(wanted, self.describe())
        if going:
            self.client.remove_regions_from_replication(SecretId=self.name, RemoveReplicaRegions=going)
            what = f"{self.name}: no copy in {', '.join(going)}"
            _wait.until(self.describe, lambda entry: not _replicas.regions(entry) & set(going), what, COPY_SECONDS)
        if coming:
            self.client.replicate_secret_to_regions(SecretId=self.name, AddReplicaRegions=coming)

    def await_copies(self) -> None:
        """Wait until all are made. NotCopied with AWS's reason where one failed."""
        what = f"{self.name}: its copies"
        entry = _wait.until(self.describe, lambda found: not _replicas.unfinished(found), what, COPY_SECONDS)
        if _replicas.failures(entry):
            raise NotCopied(f"{self.name}: not copied to {'; '.join(_replicas.failures(entry))}")


_WRITES: Mapping[str, Callable[[Calls, Any], None]] = {
    "resource_policy": Calls.put_policy,
    "rotation": Calls.schedule,
    "replica_regions": Calls.copy_to,
}
