#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_db_instance
short_description: Manage DB instances and their read replicas as sets
description:
  - Creates, changes and prunes DB instances. Creations are started and not waited for.
  - Changes that interrupt nobody are made at once. Others wait for the maintenance window unless O(apply_immediately),
    and count as made when AWS has accepted them.
  - Instances and their replicas are two sets, as replicas can be made only when their source is available.
  - A replica that was promoted, or whose source is gone, may hold what no other instance does. It is refused by name,
    and neither changed nor pruned.
version_added: "0.1.0"
options:
  replicas:
    description: Whether this is the set of the read replicas. Pruning takes only what is of the same sort.
    type: bool
    default: false
  availability_zones:
    description:
      - Zones over which replicas that are still to be made are spread, the most wanted first. AWS chooses when empty.
      - A replica is made where the fewest of its source, its source's standby and other replicas are; of equals, rather
        not where its source is. None is moved.
    type: list
    elements: str
    default: []
  spare_promoted:
    description:
      - Whether pruning refuses to take replicas that were promoted, and leaves alone what a restore has set aside.
    type: bool
    default: true
  restore_from:
    description:
      - What instances that are not there are made of, instead of beginning empty.
      - Settings that AWS cannot be told while it restores are changes of the next run.
    type: dict
    default: {}
    suboptions:
      snapshot:
        description: A snapshot's name.
        type: str
      db_instance:
        description: The instance whose backups are used.
        type: str
      time:
        description: The moment in ISO 8601, or V(latest).
        type: str
  replacement_confirmed:
    description:
      - Name of an instance that may be replaced, for a change of O(db_instances[].storage_encrypted),
        O(db_instances[].kms_key_id) or O(db_instances[].db_subnet_group_name).
      - It is deleted with a last snapshot and made anew of that, copied first where the key is another. The module
        waits for it.
      - Its deletion protection must be off and its replicas gone.
      - After an interruption the next run finds the snapshot C(<name>-replacement) and goes on, confirmed or not.
      - The snapshots go when the new instance is available. The old one's automated backups stay for their days.
    type: str
    default: ""
  apply_immediately:
    description: Whether changes that interrupt are made at once, along with all that wait for the maintenance window.
    type: bool
    default: false
  allow_major_version_upgrade:
    description: Whether the engine may be upgraded to another major version.
    type: bool
    default: false
  skip_final_snapshot:
    description: Whether an instance is deleted without a last snapshot. Replicas never get one.
    type: bool
    default: false
  final_snapshot_suffix:
    description:
      - End of the last snapshot's name, C(<name>-final-<suffix>). The time of deletion in UTC when empty.
    type: str
    default: ""
  delete_automated_backups:
    description: Whether the automated backups go with a deleted instance.
    type: bool
    default: true
  db_instances:
    description: The instances.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Identifier of the instance, in lower case, at most 63 characters.
        type: str
        required: true
      source_db_instance_identifier:
        description:
          - Instance that this one replicates. Cannot change.
          - Engine, version, encryption, backups and windows are the source's.
        type: str
      engine:
        description: The engine, such as V(postgres). Cannot change.
        type: str
      engine_version:
        description:
          - A full version, or a major one that stands for its newest minor when the instance is made.
          - A newer minor than declared is no difference, as AWS upgrades minors and cannot go back.
          - AWS upgrades replicas to another major version along with their source. To another minor one they go first,
            which the module does; either needs O(apply_immediately).
        type: str
      engine_lifecycle_support:
        description: What happens after the end of standard support. AWS takes paid extended support when it isn't told.
        type: str
        choices: [open-source-rds-extended-support, open-source-rds-extended-support-disabled]
      db_instance_class:
        description: The instance class, such as V(db.t3.medium). A change interrupts.
        type: str
      allocated_storage:
        description: Storage in GiB. It can only grow.
        type: int
      max_allocated_storage:
        description:
          - GiB up to which AWS grows the storage by itself.
          - At least a tenth more than O(db_instances[].allocated_storage).
        type: int
      storage_type:
        description: The kind of storage.
        type: str
        choices: [gp2, gp3, io1, io2]
      iops:
        description: Operations a second. With V(gp3), from 400 GiB only.
        type: int
      storage_throughput:
        description: MiB a second. With V(gp3), from 400 GiB only.
        type: int
      storage_encrypted:
        description: Whether the storage is encrypted. Only O(replacement_confirmed) changes it, never to V(false).
        type: bool
      kms_key_id:
        description: ARN of the key that encrypts the storage. Cannot change but by O(replacement_confirmed).
        type: str
      master_username:
        description: Name of the database's first user. Cannot change.
        type: str
      master_user_secret:
        description: Where the first user's password is. Read inside the module, and only when the instance is made.
        type: dict
        suboptions:
          secret_id:
            description: The secret's name or ARN.
            type: str
            required: true
          json_key:
            description: The key in the secret's JSON object.
            type: str
            required: true
          version_stage:
            description:
              - Staging label of the version that holds it, where a version has the label. The current one otherwise.
              - For a secret whose current version became another user's by rotation.
            type: str
      db_name:
        description: Database to make at first. Cannot change.
        type: str
      port:
        description: Port of the database. A change interrupts.
        type: int
      db_subnet_group_name:
        description: The subnet group. Cannot change but by O(replacement_confirmed).
        type: str
      vpc_security_group_ids:
        description: Ids of the security groups.
        type: list
        elements: str
      db_parameter_group_name:
        description: The parameter group. Static parameters of a new one work after the next reboot.
        type: str
      option_group_name:
        description: The option group.
        type: str
      multi_az:
        description: Whether a standby runs in another zone.
        type: bool
      availability_zone:
        description:
          - Zone in which the instance is made, and never compared. Not with O(db_instances[].multi_az).
          - A replica's own goes before O(availability_zones).
        type: str
      publicly_accessible:
        description: Whether the instance gets a public address.
        type: bool
      backup_retention_period:
        description: Days for which automated backups are kept, 0 to 35. V(0) turns them off, and rules out replicas.
        type: int
      preferred_backup_window:
        description: Daily window in UTC, such as V(03:00-04:00).
        type: str
      preferred_maintenance_window:
        description: Weekly window in UTC, such as V(sun:04:30-sun:05:30).
        type: str
      auto_minor_version_upgrade:
        description: Whether AWS upgrades to newer minor versions in the maintenance window.
        type: bool
      deletion_protection:
        description: Whether AWS refuses to delete the instance.
        type: bool
      copy_tags_to_snapshot:
        description: Whether snapshots get the instance's tags.
        type: bool
      enable_iam_database_authentication:
        description: Whether IAM identities may log in with a token.
        type: bool
      enable_performance_insights:
        description: Whether Performance Insights is on.
        type: bool
      performance_insights_retention_period:
        description: Days for which it keeps data. V(7) is free; V(731) or a multiple of 31.
        type: int
      performance_insights_kms_key_id:
        description: ARN of the key that encrypts its data. AWS cannot change it once it is on.
        type: str
      database_insights_mode:
        description: Mode of Database Insights; V(advanced) needs 465 days of retention or more and costs extra.
        type: str
        choices: [standard, advanced]
      monitoring_interval:
        description: Seconds between points of enhanced monitoring. V(0) turns it off.
        type: int
        choices: [0, 1, 5, 10, 15, 30, 60]
      monitoring_role_arn:
        description: Role with which enhanced monitoring writes its log.
        type: str
      enable_cloudwatch_logs_exports:
        description: Logs that go to CloudWatch Logs, such as V(postgresql) and V(upgrade).
        type: list
        elements: str
      ca_certificate_identifier:
        description: Authority of the instance's certificate, such as V(rds-ca-rsa2048-g1).
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
- name: The database
  uex.payments.rds_db_instance:
    db_instances:
      - name: uex-payments-dev-db
        engine: postgres
        engine_version: "16"
        engine_lifecycle_support: open-source-rds-extended-support-disabled
        db_instance_class: db.t3.medium
        allocated_storage: 50
        storage_type: gp3
        storage_encrypted: true
        master_username: uex
        master_user_secret: {secret_id: uex-payments-dev/database, json_key: password}
        db_subnet_group_name: uex-payments-dev-db
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}

- name: Its replica, once it is available
  uex.payments.rds_db_instance:
    replicas: true
    db_instances:
      - name: uex-payments-dev-db-replica-1
        source_db_instance_identifier: uex-payments-dev-db
        db_instance_class: db.t3.medium
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
db_instances:
  description:
    - The instances by name, with C(db_instance_arn), C(dbi_resource_id), C(endpoint_address), C(endpoint_port),
      C(status), C(ready), C(pending_changes) (options whose change waits for the maintenance window) and the rest.
    - The endpoint is C((known after apply)) while AWS is making the instance.
  returned: success
  type: dict
"""

import functools
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from ansible_collections.uex.payments.plugins.module_utils import (
    _aws,
    _databases,
    _plan,
    _rds,
    _rds_changes,
    _replacement,
    _restore,
    _secrets,
    _tags,
    _wait,
)
from ansible_collections.uex.payments.plugins.module_utils._calls import patiently
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Objection, Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item

ROLE_SECONDS = 120.0  #: until RDS sees a new role and its policies
SOURCE_SECONDS = 1800  #: how long a replica waits for its source, which serves one new replica at a time


class HasReplicas(Exception):
    """An instance that others replicate was to be deleted."""


# amazon.aws.rds_instance (10.1.2 and 11.4.0) cannot set EngineLifecycleSupport, so it buys paid extended support, and
# sets a password that has to travel through the playbook.
class DBInstance(_replacement.RestorableResource):
    kind = "AWS::RDS::DBInstance"
    service = "rds"
    plural = "db_instances"
    frozen = (
        "engine",
        "storage_encrypted",
        "kms_key_id",
        "master_username",
        "db_name",
        "db_subnet_group_name",
        "source_db_instance_identifier",
    )
    confirmable = _rds_changes.CONFIRMABLE
    confirmed_by = "data_db_replacement_confirmed"
    initial = _rds.INITIAL
    computed = ("db_instance_arn", "dbi_resource_id", "endpoint_address", "endpoint_port")
    no_log: ClassVar[dict[str, bool]] = {
        "master_user_secret": False,
        "secret_id": False,
        "json_key": False,
        "kms_key_id": False,
        "performance_insights_kms_key_id": False,
    }
    listing = ("describe_db_instances", "DBInstances")
    name_field = "DBInstanceIdentifier"
    arn_field = "DBInstanceArn"
    status_field = "DBInstanceStatus"
    ready_states = _rds.READY
    stuck_states = _rds.STUCK
    absent_code = "DBInstanceNotFound"
    zones: Mapping[str, str] = MappingProxyType({})  #: where replicas go that were not there when we looked
    early = ("source_db_instance_identifier", "read_replicas")
    snapshot_listing = ("describe_db_snapshots", "DBSnapshots")
    snapshot_field = "DBSnapshotIdentifier"
    snapshot_status = "Status"
    snapshot_absent = "DBSnapshotNotFound"

    def validate(self, item: Item) -> Iterable[str]:
        if bool(item["source_db_instance_identifier"]) != self.options["replicas"]:
            yield "source_db_instance_identifier: belongs to replicas, and only to them (option replicas)"
        yield from _rds.problems(item)

    def desired(self, item: Item) -> Item:
        return _rds.desired(item)

    def effects(self, plan: Plan) -> Iterable[str]:
        return _rds_changes.effects(plan, self.carried(plan.name), self.options["restore_from"])

    def objection(self, plan: Plan) -> Objection | None:
        left = self.left.get(plan.name, ())
        return _rds_changes.objection(plan, self.options) or _replacement.objection(plan, left)

    def advice(self, plan: Plan) -> str:
        """A replica holds nothing of its own, so there is nothing to confirm."""
        return _rds_changes.REMAKE if self.options["replicas"] else super().advice(plan)

    def _tagged(self, item: Item) -> Item:
        source = item["source_db_instance_identifier"]
        own = {_rds_changes.REPLICATES: source} if source else {}
        return super()._tagged({**item, "tags": {**(item["tags"] or {}), **own}})

    def tags_of(self, entry: Mapping[str, Any]) -> dict[str, str]:
        return _tags.to_dict(entry.get("TagList"))

    def entry(self, entry: Mapping[str, Any]) -> Item:
        item = self.declared().get(entry["DBInstanceIdentifier"]) or {}
        endpoint = entry.get("Endpoint") or {}
        return {
            "db_instance_arn": entry["DBInstanceArn"],
            "dbi_resource_id": entry.get("DbiResourceId"),
            "endpoint_address": endpoint.get("Address") or _plan.UNKNOWN,
            "endpoint_port": endpoint.get("Port") or _plan.UNKNOWN,
            "read_replicas": sorted(entry.get("ReadReplicaDBInstanceIdentifiers") or ()),
            **_rds.as_declared(item, _rds.observed(entry)),
        }

    def owned(self, name: str, observed: Item) -> bool:
        """What was restored beside the database, or was it before, is nobody's to prune."""
        aside = self.options["spare_promoted"] and set(_restore.SET_ASIDE) & set(observed.get("tags") or {})
        if aside:
            return False
        same_sort = bool(observed["source_db_instance_identifier"]) == self.options["replicas"]
        return same_sort and super().owned(name, observed)

    def observe(self) -> dict[str, Item]:
        found = super().observe()
        self.zones = self._zones()
        return found

    def _zones(self) -> dict[str, str]:
        """Where the replicas go that are not there yet."""
        entries = {entry["DBInstanceIdentifier"]: entry for entry in self.entries}
        missing = {
            name: item["source_db_instance_identifier"]
            for name, item in self.declared().items()
            if self.options["replicas"] and name not in entries and not item.get("multi_az")
        }
        return _rds_changes.zones(missing, self.entries, self.options["availability_zones"])

    def make(self, name: str, desired: Item) -> None:
        source = {key: value for key, value in self.options["restore_from"].items() if value}
        if source:
            self._make_again(name, desired, source)
        else:
            self._make(name, desired)

    def _make_again(self, name: str, desired: Item, source: Mapping[str, str]) -> None:
        """Start a restore; one that is over at once gets its other settings too, all others in the next run."""
        if "snapshot" in source:
            self.make_of(name, desired, self.readable(name, desired, self.await_snapshot(source["snapshot"])))
        else:
            arguments = {**_rds.recovery(name, desired, source), "Tags": _tags.to_list(desired["tags"])}
            self._call("restore_db_instance_to_point_in_time", **arguments)
        if self.status(name) in self.ready_states:
            self.complete(name, desired)

    def _make(self, name: str, desired: Item) -> None:
        arguments = {**_rds.creation(name, desired), "Tags": _tags.to_list(desired["tags"])}
        if desired["source_db_instance_identifier"]:
            zone = {"AvailabilityZone": self.zones[name]} if name in self.zones else {}
            self._replicate(name, {**zone, **arguments})
        else:
            password = _secrets.read(self.connect("secretsmanager"), desired["master_user_secret"])
            version = self._resolved(desired["engine"], desired["engine_version"])
            self._call("create_db_instance", **{**arguments, "EngineVersion": version, "MasterUserPassword": password})

    def _call(self, operation: str, **arguments: Any) -> Any:
        """A call that may name the role of enhanced monitoring before RDS sees it."""
        return patiently(lambda: getattr(self.client, operation)(**arguments), _rds.role_not_seen_yet, ROLE_SECONDS)

    def _replicate(self, name: str, arguments: dict[str, Any]) -> None:
        """Start the replica; while its source serves another new one, that state comes and goes."""

        def attempt() -> Any:
            replicate = functools.partial(self._call, "create_db_instance_read_replica", **arguments)
            return _aws.absent_as(None, replicate, "InvalidDBInstanceState")

        _wait.until(attempt, bool, f"{name}: an available source", SOURCE_SECONDS, pause=15)

    def _resolved(self, engine: str, declared: str) -> str:
        versions = _aws.pages(self.client, "describe_db_engine_versions", "DBEngineVersions", Engine=engine)
        return _databases.newest_version(declared, (entry["EngineVersion"] for entry in versions))

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        if not before["ready"]:
            self.wait_until_ready(name)
        if before["source_db_instance_identifier"] and plan.options & {*_rds.GROUPS}:
            self._await_major(name, before["source_db_instance_identifier"])
        self.update_tags(before["db_instance_arn"], plan)
        changed = plan.options - {"tags"}
        if changed:
            now = _rds_changes.at_once(changed, before["pending_changes"], self.options["apply_immediately"])
            arguments = {**_rds.modification(changed, before, after), **self._upgrade(changed, before, after)}
            self._call("modify_db_instance", DBInstanceIdentifier=name, ApplyImmediately=now, **arguments)

    def _upgrade(self, changed: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
        if "engine_version" not in changed:
            return {}
        version = self._resolved(after["engine"], after["engine_version"])
        if not _rds_changes.is_major(before["engine_version"], version):
            self._upgrade_replicas(before["read_replicas"], version)
        return {"EngineVersion": version, "AllowMajorVersionUpgrade": self.options["allow_major_version_upgrade"]}

    def _await_major(self, name: str, source: str) -> None:
        """Groups are those of a major version, to which a replica comes a little after its source."""
        versions = {entry["DBInstanceIdentifier"]: entry["EngineVersion"] for entry in self.entries}
        major = versions.get(source, "0").partition(".")[0]
        upgraded = functools.partial(self._has_version, name, major)
        _wait.until(upgraded, bool, f"{name}: version {major}", self.ready_seconds, pause=15)

    def _upgrade_replicas(self, replicas: Iterable[str], version: str) -> None:
        """To another minor version AWS lets a source go only after its replicas."""
        behind = [name for name in replicas if not self._has_version(name, version)]
        for name in behind:
            self.wait_until_ready(name)
            self.client.modify_db_instance(DBInstanceIdentifier=name, ApplyImmediately=True, EngineVersion=version)
        for name in behind:
            upgraded = functools.partial(self._has_version, name, version)
            _wait.until(upgraded, bool, f"{name}: version {version}", self.ready_seconds, pause=15)

    def _has_version(self, name: str, version: str) -> bool:
        (entry,) = self.client.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
        ready = entry["DBInstanceStatus"] in self.ready_states
        return ready and _databases.numbers(entry["EngineVersion"]) >= _databases.numbers(version)

    def retire(self, name: str, snapshot: str) -> None:
        last = {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": snapshot}
        self.client.delete_db_instance(DBInstanceIdentifier=name, **last, DeleteAutomatedBackups=False)

    def readable(self, name: str, desired: Item, snapshot: _replacement.Entry) -> str:
        key = _rds.copied_key(desired, snapshot)
        return self._copied(name, snapshot, key) if key else super().readable(name, desired, snapshot)

    def _copied(self, name: str, snapshot: _replacement.Entry, key: str) -> str:
        source, copy = snapshot[self.snapshot_field], _replacement.copy_name(name)
        if self.snapshot(copy) is None:
            named = {"SourceDBSnapshotIdentifier": source, "TargetDBSnapshotIdentifier": copy}
            self.client.copy_db_snapshot(**named, KmsKeyId=key, CopyTags=True)
        if not _rds.is_copy(self.await_snapshot(copy), snapshot):
            raise _replacement.NotRestored(f"the snapshot {copy} is no copy of {source}: delete it, then run again")
        return copy

    def make_of(self, name: str, desired: Item, snapshot: str) -> None:
        arguments = {**_rds.restoration(name, desired), "Tags": _tags.to_list(desired["tags"])}
        self.client.restore_db_instance_from_db_snapshot(DBSnapshotIdentifier=snapshot, **arguments)

    def complete(self, name: str, desired: Item) -> None:
        """What a restore cannot be told."""
        (entry,) = self.client.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
        plan = _plan.plan(name, desired, self.observed(entry), initial=self.initial)
        self.update(name, plan)

    def discard(self, snapshot: str) -> None:
        self.client.delete_db_snapshot(DBSnapshotIdentifier=snapshot)

    def delete(self, name: str, observed: Item) -> None:
        if self.is_gone(name):
            return
        self._await_replicas(name, observed["read_replicas"])
        arguments = {"DBInstanceIdentifier": name, **self._final_snapshot(name, observed)}
        backups = self.options["delete_automated_backups"]
        delete = functools.partial(self.client.delete_db_instance, **arguments, DeleteAutomatedBackups=backups)
        _aws.absent_as(None, delete, self.absent_code)

    def _await_replicas(self, name: str, replicas: list[str]) -> None:
        """Replicas have to go first, as AWS makes those that are left instances of their own."""
        left = [replica for replica in replicas if not self.is_gone(replica)]
        if left:
            raise HasReplicas(f"delete its replicas first: {', '.join(left)}")
        _wait.until(
            lambda: any(map(self.status, replicas)), lambda some: not some, f"{name}: no replicas", 3600, pause=10
        )

    def _final_snapshot(self, name: str, observed: Item) -> dict[str, Any]:
        if self.options["skip_final_snapshot"] or observed["source_db_instance_identifier"]:
            return {"SkipFinalSnapshot": True}
        snapshot = _databases.final_snapshot(name, self.options["final_snapshot_suffix"])
        return {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": snapshot}


def main() -> None:
    run(DBInstance, DOCUMENTATION)


if __name__ == "__main__":
    main()
