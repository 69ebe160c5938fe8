#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_vault
short_description: Manage vaults of AWS Backup as one set
description:
  - Creates, changes and prunes vaults, in other regions too, with their access policies and locks.
  - A vault that holds recovery points cannot be deleted by anybody, so pruning leaves it until they have expired.
version_added: "0.1.0"
options:
  lock_confirmed:
    description:
      - Name of a vault that may be locked in compliance mode. After its days nobody can take that lock off.
    type: str
    default: ""
  regions:
    description: Further regions in which pruning looks for vaults.
    type: list
    elements: str
    default: []
  vaults:
    description: The vaults.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the vault, 2 to 50 letters, digits, hyphens and underscores.
        type: str
        required: true
      region:
        description: Where it is, if not in the region of the task. Its name is shown with the region then.
        type: str
        default: ""
      kms_key_id:
        description: ARN of the key that encrypts it, one of its region. AWS's own when null. Cannot change.
        type: str
      policy:
        description: The access policy. An empty one is none.
        type: dict
      lock:
        description: How long recovery points are kept at least and at most. Empty takes a lock off.
        type: dict
        suboptions:
          min_retention_days:
            description: A rule that keeps for a shorter time is refused by AWS, and nothing is deleted earlier.
            type: int
          max_retention_days:
            description: A rule that keeps for longer is refused by AWS.
            type: int
          changeable_for_days:
            description:
              - Locks in compliance mode. For so many days, 3 or more, it can be taken off, and then never.
              - Without, it is governance mode, which whoever has the right can take off.
            type: int
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A vault that keeps for a week at least
  uex.payments.backup_vault:
    vaults:
      - name: uex-payments-dev
        kms_key_id: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
        lock: {min_retention_days: 7}
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
vaults:
  description: The vaults by name, with C(arn), C(recovery_points) and the rest.
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _backup, _policy
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Objection, Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


# amazon.aws.backup_vault (10.1.2) fails in a plan before its key exists, and knows neither policies nor locks.
class Vault(Resource):
    kind = "AWS::Backup::BackupVault"
    service = "backup"
    plural = "vaults"
    frozen = ("kms_key_id",)
    computed = ("arn",)
    no_log = {"kms_key_id": False}

    @classmethod
    def identify(cls, item: Item) -> str:
        return f"{item['name']} in {item['region']}" if item["region"] else str(item["name"])

    def validate(self, item: Item) -> Iterable[str]:
        if problem := _backup.name_problem(item["name"]):
            yield f"name: {problem}"
        yield from (f"lock.{problem}" for problem in _backup.lock_problems(item["lock"] or {}))

    def desired(self, item: Item) -> Item:
        policy = None if item["policy"] is None else _policy.canonical(item["policy"]) if item["policy"] else ""
        lock = _backup.declared_lock(item["lock"])
        return {"kms_key_id": item["kms_key_id"], "policy": policy, "lock": lock}

    def objection(self, plan: Plan) -> Objection | None:
        return _backup.lock_objection(plan, self.options["lock_confirmed"])

    def regions(self) -> list[str]:
        """Where vaults are declared; the task's own region is the empty one."""
        declared = {item["region"] for item in self.options[self.plural]}
        return sorted({"", *declared, *self.options["regions"]})

    def at(self, region: str) -> Any:
        return self.connect("backup", region) if region else self.client

    def observe(self) -> dict[str, Item]:
        meant = {self.identify(item) for item in self.options[self.plural]}
        found = [
            (f"{entry['BackupVaultName']} in {region}" if region else entry["BackupVaultName"], region, entry)
            for region in self.regions()
            for entry in _aws.pages(self.at(region), "list_backup_vaults", "BackupVaultList")
        ]
        chosen = [each for each in found if each[0] in meant or self.options["prune"]]
        items = _aws.concurrently(lambda each: self._observed(*each), chosen)
        return {each[0]: item for each, item in zip(chosen, items, strict=True)}

    def _observed(self, _name: str, region: str, entry: Any) -> Item:
        client, named = self.at(region), {"BackupVaultName": entry["BackupVaultName"]}
        none: Item = {}
        policy = _aws.absent_as(
            none, lambda: client.get_backup_vault_access_policy(**named), "ResourceNotFoundException"
        )
        return {
            "arn": entry["BackupVaultArn"],
            "region": region,
            "recovery_points": entry.get("NumberOfRecoveryPoints", 0),
            "kms_key_id": entry.get("EncryptionKeyArn"),
            "policy": _policy.canonical(policy.get("Policy")) if policy.get("Policy") else "",
            "lock": _backup.observed_lock(entry),
            "tags": client.list_tags(ResourceArn=entry["BackupVaultArn"])["Tags"],
        }

    def owned(self, name: str, observed: Item) -> bool:
        return not observed["recovery_points"] and super().owned(name, observed)

    def create(self, name: str, desired: Item) -> None:
        item = self._item(name)
        key = {"EncryptionKeyArn": desired["kms_key_id"]} if desired["kms_key_id"] else {}
        self.at(item["region"]).create_backup_vault(
            BackupVaultName=item["name"], BackupVaultTags=desired["tags"], **key
        )
        self._write(item, desired, {"policy", "lock"})

    def update(self, name: str, plan: Plan) -> None:
        item, after = self._item(name), plan.after or {}
        self._write(item, dict(after), plan.options)
        if "tags" in plan.options:
            self.at(item["region"]).tag_resource(ResourceArn=(plan.before or {})["arn"], Tags=after["tags"])

    def _item(self, name: str) -> Item:
        return next(item for item in self.options[self.plural] if self.identify(item) == name)

    def _write(self, item: Item, desired: Item, options: Iterable[str]) -> None:
        """Policy and lock, each as declared; an empty one goes."""
        client, named = self.at(item["region"]), {"BackupVaultName": item["name"]}
        if "policy" in options and desired["policy"]:
            client.put_backup_vault_access_policy(**named, Policy=desired["policy"])
        if "policy" in options and desired["policy"] == "":
            client.delete_backup_vault_access_policy(**named)
        if "lock" in options and desired["lock"]:
            client.put_backup_vault_lock_configuration(**named, **_backup.lock_request(item["lock"]))
        if "lock" in options and desired["lock"] == {}:
            client.delete_backup_vault_lock_configuration(**named)

    def delete(self, name: str, observed: Item) -> None:
        client, vault = self.at(observed["region"]), observed["arn"].rpartition(":")[2]
        _aws.absent_as(None, lambda: client.delete_backup_vault(BackupVaultName=vault), "ResourceNotFoundException")


def main() -> None:
    run(Vault, DOCUMENTATION)


if __name__ == "__main__":
    main()
