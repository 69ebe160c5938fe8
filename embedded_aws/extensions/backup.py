# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS Backup: plans that change, what they select, vaults' policies, jobs on demand and their recovery points.

A job ends at once, and its recovery point is there. Rules never run by themselves.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import moto.backup.urls
from moto.backup.exceptions import (
    InvalidParameterValueException,
    InvalidRequestException,
    ResourceNotFoundException,
)
from moto.backup.models import BackupBackend, Plan, Vault
from moto.backup.responses import BackupResponse
from moto.core.utils import unix_time
from moto.iam.models import iam_backends

from ._operations import add
from ._patch import before

_PATHS = (
    "{0}/backup/plans/(?P<plan>[^/]+)/selections/?$",
    "{0}/backup/plans/(?P<plan>[^/]+)/selections/(?P<selection>[^/]+)$",
    "{0}/backup-vaults/(?P<name>[^/]+)/access-policy$",
    "{0}/backup-vaults/(?P<name>[^/]+)/recovery-points/?$",
    "{0}/backup-vaults/(?P<name>[^/]+)/recovery-points/(?P<point>.+)$",
    "{0}/backup-jobs/?$",
    "{0}/backup-jobs/(?P<job>[^/]+)$",
)


def _part(response: BackupResponse, number: int) -> str:
    """A part of the path, the first one being 0."""
    return unquote(response.path.strip("/").split("/")[number])


def _given(response: BackupResponse) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response.body or "{}")
    return found


# Plans


def update_backup_plan(self: BackupResponse) -> str:
    """Give a plan another version. Raises ResourceNotFoundException."""
    backend = self.backup_backend
    old = _plan(backend, _part(self, 2))
    new = Plan(_given(self)["BackupPlan"], old.creator_request_id, backend)
    old.backup_plan, old.version_id = new.backup_plan, new.version_id
    old.advanced_backup_settings = new.advanced_backup_settings
    return json.dumps(old.to_dict())


def _plan(backend: BackupBackend, identifier: str) -> Plan:
    found = backend.get_backup_plan(identifier, None)
    if found.deletion_date is not None:
        raise ResourceNotFoundException(msg="Failed reading Backup plan with provided version")
    return found


def _check_plan(backend: BackupBackend, backup_plan: dict[str, Any], *_: Any, **__: Any) -> None:
    """Deleted plans' names are free. Raises InvalidParameterValueException for a vault that isn't there."""
    for identifier in [each.backup_plan_id for each in backend.plans.values() if each.deletion_date]:
        del backend.plans[identifier]
    for rule in backup_plan["Rules"]:
        if rule["TargetBackupVaultName"] not in backend.vaults:
            raise InvalidParameterValueException(msg=f"Backup vault {rule['TargetBackupVaultName']} does not exist")


def _check_deletion(backend: BackupBackend, backup_plan_id: str) -> None:
    if _selections(backend, backup_plan_id):
        message = "Related backup plan selections must be deleted prior to backup plan deletion"
        raise InvalidRequestException(msg=message)


def _selections(backend: BackupBackend, plan: str) -> dict[str, dict[str, Any]]:
    everything: dict[str, dict[str, dict[str, Any]]] = backend.__dict__.setdefault("selections", {})
    return everything.setdefault(plan, {})


def create_backup_selection(self: BackupResponse) -> str:
    """Say what a plan backs up. Raises InvalidParameterValueException for a role that isn't there."""
    backend, plan = self.backup_backend, _part(self, 2)
    _plan(backend, plan)
    selection = _given(self)["BackupSelection"]
    roles = iam_backends[backend.account_id][backend.partition].roles.values()
    if selection["IamRoleArn"] not in {role.arn for role in roles}:
        raise InvalidParameterValueException(msg=f"IAM Role {selection['IamRoleArn']} is not authorized to call tag")
    identifier, now = str(uuid.uuid4()), unix_time()
    _selections(backend, plan)[identifier] = {"BackupSelection": selection, "CreationDate": now}
    return json.dumps({"SelectionId": identifier, "BackupPlanId": plan, "CreationDate": now})


def list_backup_selections(self: BackupResponse) -> str:
    """What a plan backs up."""
    plan = _part(self, 2)
    _plan(self.backup_backend, plan)
    entries = [
        {
            "SelectionId": identifier,
            "SelectionName": entry["BackupSelection"]["SelectionName"],
            "BackupPlanId": plan,
            "CreationDate": entry["CreationDate"],
            "IamRoleArn": entry["BackupSelection"]["IamRoleArn"],
        }
        for identifier, entry in _selections(self.backup_backend, plan).items()
    ]
    return json.dumps({"BackupSelectionsList": entries})


def get_backup_selection(self: BackupResponse) -> str:
    """One selection. Raises ResourceNotFoundException."""
    plan, identifier = _part(self, 2), _part(self, 4)
    found = _selections(self.backup_backend, plan).get(identifier)
    if found is None:
        raise ResourceNotFoundException(msg="Cannot find backup selection with provided id")
    return json.dumps({**found, "SelectionId": identifier, "BackupPlanId": plan})


def delete_backup_selection(self: BackupResponse) -> str:
    """Back it up no more."""
    _selections(self.backup_backend, _part(self, 2)).pop(_part(self, 4), None)
    return "{}"


# Vaults


def put_backup_vault_access_policy(self: BackupResponse) -> str:
    """Set who may do what with a vault."""
    self.backup_backend.describe_backup_vault(_part(self, 1)).__dict__["policy"] = _given(self)["Policy"]
    return "{}"


def get_backup_vault_access_policy(self: BackupResponse) -> str:
    """The policy. Raises ResourceNotFoundException where there is none."""
    vault = self.backup_backend.describe_backup_vault(_part(self, 1))
    policy = vault.__dict__.get("policy")
    if not policy:
        raise ResourceNotFoundException(msg="No policy is attached to the vault")
    arn = {"BackupVaultName": vault.backup_vault_name, "BackupVaultArn": vault.backup_vault_arn}
    return json.dumps({**arn, "Policy": policy})


def delete_backup_vault_access_policy(self: BackupResponse) -> str:
    """Take the policy away."""
    self.backup_backend.describe_backup_vault(_part(self, 1)).__dict__.pop("policy", None)
    return "{}"


def _check_vault(backend: BackupBackend, name: str) -> None:
    """A vault with recovery points stays. Raises InvalidRequestException, ResourceNotFoundException."""
    vault = backend.describe_backup_vault(name)
    if vault.num_of_recovery_points:
        message = f"Backup vault cannot be deleted (contains {vault.num_of_recovery_points} recovery points)"
        raise InvalidRequestException(msg=message)


# Jobs


def _jobs(backend: BackupBackend) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = backend.__dict__.setdefault("jobs", {})
    return found


def start_backup_job(self: BackupResponse) -> str:
    """Back one resource up now: a job that has ended, and its recovery point."""
    backend, given = self.backup_backend, _given(self)
    vault = backend.describe_backup_vault(given["BackupVaultName"])
    job, now = str(uuid.uuid4()), unix_time()
    point = f"arn:{backend.partition}:rds:{backend.region_name}:{backend.account_id}:snapshot:awsbackup:job-{job}"
    common = {"CreationDate": now, "ResourceArn": given["ResourceArn"], "IamRoleArn": given["IamRoleArn"]}
    _jobs(backend)[job] = {
        **common,
        "BackupJobId": job,
        "BackupVaultName": vault.backup_vault_name,
        "BackupVaultArn": vault.backup_vault_arn,
        "RecoveryPointArn": point,
        "State": "COMPLETED",
        "PercentDone": "100.0",
        "CompletionDate": now,
        "BackupSizeInBytes": 0,
    }
    _points(vault)[point] = {**common, "RecoveryPointArn": point, "Status": "COMPLETED", "CompletionDate": now}
    vault.num_of_recovery_points = len(_points(vault))
    answer = {"BackupJobId": job, "RecoveryPointArn": point, "CreationDate": now}
    return json.dumps(answer)


def describe_backup_job(self: BackupResponse) -> str:
    """One job. Raises ResourceNotFoundException."""
    found = _jobs(self.backup_backend).get(_part(self, 1))
    if found is None:
        raise ResourceNotFoundException(msg="Could not find job")
    return json.dumps(found)


def list_backup_jobs(self: BackupResponse) -> str:
    """All jobs."""
    return json.dumps({"BackupJobs": list(_jobs(self.backup_backend).values())})


def _points(vault: Vault) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = vault.__dict__.setdefault("points", {})
    return found


def list_recovery_points_by_backup_vault(self: BackupResponse) -> str:
    """What a vault holds."""
    vault = self.backup_backend.describe_backup_vault(_part(self, 1))
    return json.dumps({"RecoveryPoints": list(_points(vault).values())})


def delete_recovery_point(self: BackupResponse) -> str:
    """Delete one, unless the vault's lock keeps it. Raises InvalidRequestException."""
    vault = self.backup_backend.describe_backup_vault(_part(self, 1))
    if vault.locked and vault.min_retention_days:
        raise InvalidRequestException(msg="The vault is locked, and the recovery point is younger than it demands")
    _points(vault).pop(_part(self, 3), None)
    vault.num_of_recovery_points = len(_points(vault))
    return "{}"


OPERATIONS: tuple[Callable[..., Any], ...] = (
    update_backup_plan,
    create_backup_selection,
    list_backup_selections,
    get_backup_selection,
    delete_backup_selection,
    put_backup_vault_access_policy,
    get_backup_vault_access_policy,
    delete_backup_vault_access_policy,
    start_backup_job,
    describe_backup_job,
    list_backup_jobs,
    list_recovery_points_by_backup_vault,
    delete_recovery_point,
)


def install() -> None:
    """Install into moto's AWS Backup; the longer paths go before those that would swallow them."""
    add(BackupResponse, *OPERATIONS)
    before(BackupBackend, "create_backup_plan", _check_plan)
    before(BackupBackend, "delete_backup_plan", _check_deletion)
    before(BackupBackend, "delete_backup_vault", _check_vault)
    paths = moto.backup.urls.url_paths
    old = {path: paths.pop(path) for path in list(paths) if path not in _PATHS}
    paths.update({path: BackupResponse.dispatch for path in _PATHS})
    paths.update(old)
