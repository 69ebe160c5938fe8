#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_plan
short_description: Manage plans of AWS Backup with what they back up, as one set
description:
  - Creates, changes and prunes backup plans. Each has its rules and one selection, of its own name.
  - A selection that changes is made anew, as AWS cannot change one. Recovery points stay when a plan goes.
version_added: "0.1.0"
options:
  plans:
    description: The plans.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the plan, 2 to 50 letters, digits, hyphens and underscores.
        type: str
        required: true
      rules:
        description: When and how long.
        type: list
        elements: dict
        required: true
        suboptions:
          name:
            description: Name of the rule.
            type: str
            required: true
          vault:
            description: Name of the vault.
            type: str
            required: true
          schedule_expression:
            description: When, such as V(cron(0 4 * * ? *\)).
            type: str
            required: true
          schedule_expression_timezone:
            description: The time zone of it. V(Etc/UTC) when null.
            type: str
          start_window_minutes:
            description: A job that has not begun so long after its time is cancelled. 480 when null, 60 at least.
            type: int
          completion_window_minutes:
            description: A job that has not ended so long after its time is cancelled. 10080 when null.
            type: int
          enable_continuous_backup:
            description: Whether points in time can be restored.
            type: bool
          move_to_cold_storage_after_days:
            description: After so many days it is cheaper and slower. AWS Backup has none for RDS.
            type: int
          delete_after_days:
            description: After so many days it goes. Never when null.
            type: int
          copies:
            description: Further vaults that get a copy.
            type: list
            elements: dict
            default: []
            suboptions:
              vault_arn:
                description: ARN of the vault.
                type: str
                required: true
              move_to_cold_storage_after_days:
                description: After so many days the copy is cheaper and slower.
                type: int
              delete_after_days:
                description: After so many days the copy goes.
                type: int
      selection:
        description: What is backed up.
        type: dict
        required: true
        suboptions:
          role_arn:
            description: The role that AWS Backup acts as.
            type: str
            required: true
          resources:
            description: ARNs, with V(*) for any.
            type: list
            elements: str
            required: true
          tags:
            description: Of these those that have all of these tags.
            type: dict
            default: {}
          without_tags:
            description: And none of these, whatever their value.
            type: list
            elements: str
            default: []
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Every night, for a month
  uex.payments.backup_plan:
    plans:
      - name: uex-payments-dev
        rules:
          - name: daily
            vault: uex-payments-dev
            schedule_expression: cron(0 4 * * ? *)
            delete_after_days: 35
        selection:
          role_arn: arn:aws:iam::123456789012:role/uex-payments-dev-backup
          resources: ["arn:aws:rds:*:*:db:*"]
          tags: {Project: uex-payments, Environment: dev}
          without_tags: [Replicates]
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
plans:
  description: The plans by name, with C(arn), C(plan_id), C(rules) and C(selection).
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _backup
from ansible_collections.uex.payments.plugins.module_utils._calls import has_code, patiently
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

ROLE_SECONDS = 120.0  #: until AWS Backup may assume a new role


# amazon.aws's backup_plan and backup_selection (10.1.2) are two tasks, of which the second cannot be planned before the
# first has run.
class BackupPlan(Resource):
    kind = "AWS::Backup::BackupPlan"
    service = "backup"
    plural = "plans"
    computed = ("arn", "plan_id")

    def validate(self, item: Item) -> Iterable[str]:
        if problem := _backup.name_problem(item["name"]):
            yield f"name: {problem}"
        for rule in item["rules"]:
            yield from (f"rules ({rule['name']}).{problem}" for problem in _backup.rule_problems(rule))

    def desired(self, item: Item) -> Item:
        selection = _backup.declared_selection(item["selection"])
        return {"rules": _backup.declared_rules(item["rules"]), "selection": selection}

    def observe(self) -> dict[str, Item]:
        meant = {item["name"] for item in self.options[self.plural]}
        found = _aws.pages(self.client, "list_backup_plans", "BackupPlansList")
        chosen = [each for each in found if each["BackupPlanName"] in meant or self.options["prune"]]
        items = _aws.concurrently(self._observed, chosen)
        return {each["BackupPlanName"]: item for each, item in zip(chosen, items, strict=True)}

    def _observed(self, entry: Any) -> Item:
        plan = self.client.get_backup_plan(BackupPlanId=entry["BackupPlanId"])["BackupPlan"]
        selections = self._selections(entry["BackupPlanId"])
        mine = [each for each in selections if each["SelectionName"] == entry["BackupPlanName"]]
        shown = self._selection(entry["BackupPlanId"], mine[0]["SelectionId"]) if mine else {}
        return {
            "arn": entry["BackupPlanArn"],
            "plan_id": entry["BackupPlanId"],
            "rules": _backup.observed_rules(plan["Rules"]),
            "selection": _backup.observed_selection(shown) if shown else None,
            "tags": self.client.list_tags(ResourceArn=entry["BackupPlanArn"])["Tags"],
        }

    def _selections(self, plan_id: str) -> list[Any]:
        return _aws.pages(self.client, "list_backup_selections", "BackupSelectionsList", BackupPlanId=plan_id)

    def _selection(self, plan_id: str, selection_id: str) -> Any:
        which = {"BackupPlanId": plan_id, "SelectionId": selection_id}
        return self.client.get_backup_selection(**which)["BackupSelection"]

    def create(self, name: str, desired: Item) -> None:
        plan = {"BackupPlanName": name, "Rules": _backup.rule_requests(desired["rules"])}
        made = self.client.create_backup_plan(BackupPlan=plan, BackupPlanTags=desired["tags"])
        self._select(made["BackupPlanId"], name, desired["selection"])

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        if "rules" in plan.options:
            document = {"BackupPlanName": name, "Rules": _backup.rule_requests(after["rules"])}
            self.client.update_backup_plan(BackupPlanId=before["plan_id"], BackupPlan=document)
        if "selection" in plan.options:
            self._unselect(before["plan_id"])
            self._select(before["plan_id"], name, after["selection"])
        if "tags" in plan.options:
            self.client.tag_resource(ResourceArn=before["arn"], Tags=after["tags"])

    def _select(self, plan_id: str, name: str, selection: Item) -> None:
        request = _backup.selection_request(name, selection)

        def select() -> Any:
            return self.client.create_backup_selection(BackupPlanId=plan_id, BackupSelection=request)

        patiently(select, has_code("InvalidParameterValueException"), ROLE_SECONDS)

    def _unselect(self, plan_id: str) -> None:
        for each in self._selections(plan_id):
            self.client.delete_backup_selection(BackupPlanId=plan_id, SelectionId=each["SelectionId"])

    def delete(self, name: str, observed: Item) -> None:
        """A plan goes when nothing is selected any more."""

        def delete() -> None:
            self._unselect(observed["plan_id"])
            self.client.delete_backup_plan(BackupPlanId=observed["plan_id"])

        _aws.absent_as(None, delete, "ResourceNotFoundException")


def main() -> None:
    run(BackupPlan, DOCUMENTATION)


if __name__ == "__main__":
    main()
