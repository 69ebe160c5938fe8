#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: secretsmanager_secret
short_description: Manage secrets as one set, without ever showing or overwriting a value
description:
  - Creates, changes and prunes secrets of Secrets Manager.
  - A secret gets its value once, when it has none. It is never read, compared, overwritten or returned afterwards,
    so rotation and people may put new versions.
  - A declared secret that is scheduled for deletion is restored, and keeps the value it has.
version_added: "0.1.0"
options:
  recovery_window_in_days:
    description:
      - Days for which a deleted secret can be restored and its name stays reserved, 7 to 30.
      - V(0) deletes at once and for good.
    type: int
    default: 30
  secrets:
    description: The secrets.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name. Must not end in a hyphen and six characters, which AWS takes for the end of an ARN.
        type: str
        required: true
      description:
        description: What the secret is for.
        type: str
      kms_key_id:
        description: ARN of the key that encrypts it. AWS's own C(aws/secretsmanager) when never given.
        type: str
      resource_policy:
        description: Policy document of the secret. An empty one removes it; left as it is when not given.
        type: dict
      value:
        description:
          - What somebody else gave, a text or a dictionary that becomes a JSON object. Never shown.
          - Used only where the secret has no value yet.
        type: raw
      fixed:
        description: Keys of the JSON object that are no secrets, such as a user name. Used as O(secrets[].value) is.
        type: dict
      generate:
        description: Keys of the JSON object whose values are made at random, inside the module, and never shown.
        type: list
        elements: dict
        suboptions:
          key:
            description: The JSON key.
            type: str
            required: true
          length:
            description: Characters of a text, or random bytes behind V(hex) and V(base64); 8 to 1024.
            type: int
            default: 40
          punctuation:
            description: Characters a text may have beside letters and digits. RDS takes none of C(/ " @) and space.
            type: str
            default: ""
          encoding:
            description: A text, or so many random bytes as hexadecimal digits or base64.
            type: str
            choices: [text, hex, base64]
            default: text
      rotation:
        description:
          - How it is rotated by a Lambda function. An empty dictionary ends that; left as it is when not given.
          - Setting it rotates nothing at once. The function must exist and let Secrets Manager call it.
        type: dict
        suboptions:
          lambda_arn:
            description: ARN of the function.
            type: str
          schedule_expression:
            description: When, in UTC, such as V(cron(0 3 1 * ? *)) or V(rate(30 days)).
            type: str
          duration:
            description: How long after that a rotation may still begin, in hours, such as V(2h).
            type: str
      replica_regions:
        description:
          - Regions that hold a copy, with its value, tags and policy. An empty list ends all. Left as it is when not
            given.
          - One with another key than O(secrets[].replica_regions[].kms_key_id) is made anew.
        type: list
        elements: dict
        suboptions:
          region:
            description: The region.
            type: str
            required: true
          kms_key_id:
            description: ARN of a key of that region. AWS's own C(aws/secretsmanager) when not given.
            type: str
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A generated password and somebody's API key
  uex.payments.secretsmanager_secret:
    secrets:
      - name: uex-payments-dev/database
        fixed: {username: uex}
        generate: [{key: password}]
      - name: uex-payments-dev/uex-api
        value: {key: "{{ data_uex_api_key }}"}
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
secrets:
  description:
    - The secrets by name, with C(arn), C(version_ids) (a version's id by its staging label) and their properties.
    - Values are never among them.
  returned: success
  type: dict
"""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from ansible_collections.uex.payments.plugins.module_utils import (
    _aws,
    _policy,
    _replicas,
    _rotation,
    _secret_calls,
    _secrets,
    _tags,
    _wait,
)
from ansible_collections.uex.payments.plugins.module_utils._errors import code_of
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

CURRENT = "AWSCURRENT"
RELEASE_SECONDS = 120  #: even a forced deletion frees the name some time later


class NotOurs(Exception):
    """A secret that is scheduled for deletion has the name, without our tags."""


class Secret(Resource):
    kind = "AWS::SecretsManager::Secret"
    service = "secretsmanager"
    plural = "secrets"
    initial = _secrets.CONTENT
    sensitive = ("value",)
    computed = ("arn", "version_ids")
    no_log: ClassVar[dict[str, bool]] = {"secrets": False, "value": True, "key": False, "kms_key_id": False}

    def validate(self, item: Item) -> Iterable[str]:
        yield from (f"name: {problem}" for problem in _secrets.name_problems(item["name"]))
        if not (self.options["recovery_window_in_days"] == 0 or 7 <= self.options["recovery_window_in_days"] <= 30):
            yield "recovery_window_in_days: must be 0 or 7 to 30"
        yield from _secrets.problems(item)
        yield from _rotation.problems(item["rotation"])
        yield from _replicas.problems(item["replica_regions"])

    def desired(self, item: Item) -> Item:
        policy = item["resource_policy"]
        return {
            **{option: item[option] for option in ("description", "kms_key_id", *_secrets.CONTENT)},
            "resource_policy": None if policy is None else _policy.canonical(policy),
            "has_value": True if _secrets.is_declared(item) else None,
            "rotation": _rotation.declared(item["rotation"]),
            "replica_regions": _replicas.declared(item["replica_regions"]),
        }

    def observe(self) -> dict[str, Item]:
        """By DescribeSecret, as ListSecrets lags up to five minutes behind; a secret being deleted is absent."""
        names = sorted({item["name"] for item in self.options["secrets"]} | self._ours())
        found = zip(names, _aws.concurrently(self._describe, names), strict=True)
        self.described = {name: entry for name, entry in found if entry}
        living = [name for name, entry in self.described.items() if not entry.get("DeletedDate")]
        items = _aws.concurrently(lambda name: self._observed(self.described[name]), living)
        return dict(zip(living, items, strict=True))

    def _ours(self) -> set[str]:
        """The names of all that pruning may take."""
        if not self.options["prune"]:
            return set()
        project = [{"Key": "tag-value", "Values": [str(self.options["tags"].get("Project"))]}]
        entries = _aws.pages(self.client, "list_secrets", "SecretList", Filters=project)
        tags = {entry["Name"]: _tags.to_dict(entry.get("Tags")) for entry in entries}
        return {name for name, own in tags.items() if self.owned(name, {"tags": own})}

    def _describe(self, name: str) -> dict[str, Any]:
        return _aws.absent_as({}, lambda: self.client.describe_secret(SecretId=name), "ResourceNotFoundException")

    def _observed(self, entry: dict[str, Any]) -> Item:
        by_version = entry.get("VersionIdsToStages", {})
        versions = {stage: version for version, stages in by_version.items() for stage in stages}
        policy = self.client.get_resource_policy(SecretId=entry["ARN"]).get("ResourcePolicy")
        return {
            "arn": entry["ARN"],
            "version_ids": versions,
            "description": entry.get("Description"),
            "kms_key_id": entry.get("KmsKeyId"),
            "resource_policy": _policy.canonical(policy),
            "has_value": CURRENT in versions,
            "rotation": _rotation.observed(entry),
            "replica_regions": _replicas.observed(entry),
            "tags": _tags.to_dict(entry.get("Tags")),
        }

    def foreknown(self, plan: Plan) -> Item:
        """A secret that is restored has the ARN that it had."""
        entry = self.described.get(plan.name)
        return {"arn": entry["ARN"]} if entry else {}

    def create(self, name: str, desired: Item) -> None:
        written: Collection[str] = ("resource_policy", "rotation")
        if self.described.get(name):
            self._restore(name, desired)
            written = desired.keys()
        else:
            _wait.until(lambda: self._created(name, desired), bool, f"the free name {name}", RELEASE_SECONDS)
        self._calls(name).write(desired, written)

    def _restore(self, name: str, desired: Item) -> None:
        tags = _tags.to_dict(self.described[name].get("Tags"))
        if not self.options["adopt"] and not _tags.owns(self.options["tags"], tags):
            raise NotOurs("a deleted secret without our tags still has this name; adopt: true restores it")
        self.client.restore_secret(SecretId=name)
        desired["has_value"] = None if self._observed(self._describe(name))["has_value"] else desired["has_value"]

    def _created(self, name: str, desired: Item) -> bool:
        """Create it; false while AWS still keeps the name of one that was deleted at once."""
        settings = {member: desired[option] for option, member in _secret_calls.SETTINGS.items()}
        replicas = _replicas.requests(desired["replica_regions"] or ()) or None
        content = {"SecretString": _secrets.content(desired), "AddReplicaRegions": replicas}
        arguments = _aws.declared({**content, **settings})
        try:
            self.client.create_secret(Name=name, Tags=_tags.to_list(desired["tags"]), **arguments)
        except Exception as error:
            if code_of(error) == "InvalidRequestException" and "scheduled for deletion" in str(error):
                return False
            raise
        return True

    def update(self, name: str, plan: Plan) -> None:
        self._calls(name).write(dict(plan.after or {}), plan.options)

    def _calls(self, name: str) -> _secret_calls.Calls:
        return _secret_calls.Calls(self.client, name, lambda: self._describe(name))

    def settle(self, plans: list[Plan]) -> None:
        """Wait for the copies that were begun."""
        for plan in plans:
            if plan.after and plan.after["replica_regions"]:
                self._calls(plan.name).await_copies()

    def delete(self, name: str, observed: Item) -> None:
        entry = self._describe(name)
        if not entry or entry.get("DeletedDate"):
            return
        if entry.get("ReplicationStatus"):  # AWS deletes no secret that has copies
            self._calls(name).copy_to([])
        days = self.options["recovery_window_in_days"]
        how = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
        _aws.absent_as(None, lambda: self.client.delete_secret(SecretId=name, **how), "ResourceNotFoundException")


def main() -> None:
    run(Secret, DOCUMENTATION)


if __name__ == "__main__":
    main()
