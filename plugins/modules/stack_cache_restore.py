#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_cache_restore
short_description: Begin to make a cache anew of a snapshot
description:
  - Copies the snapshot to the name that M(uex.payments.elasticache_replication_group) makes a missing group of, and
    deletes the group with a last snapshot. The data layer's own task then makes it.
  - Each call does what can be done at once and says what is awaited. An action plugin calls it until the group goes.
    An interrupted restore goes on where it stopped.
version_added: "0.1.0"
options:
  name:
    description: Id of the replication group.
    type: str
    required: true
  point:
    description: A snapshot's name, or V(latest).
    type: str
    required: true
  tags:
    description: Tags of the copy.
    type: dict
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Says what it would do. Copies and deletes nothing.
    support: full
"""

EXAMPLES = r"""
- name: As it was last night
  uex.payments.stack_cache_restore:
    name: uex-payments-dev-redis
    point: latest
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}
"""

RETURN = r"""
snapshot:
  description: The snapshot that the group is made of.
  returned: success
  type: str
moment:
  description: The moment that it holds.
  returned: success
  type: str
states:
  description: The step that is awaited, as C(kind), C(name), C(status) and C(state); V(ready) when the group goes.
  returned: success, but in check mode
  type: list
  elements: dict
steps:
  description: What this call did, for a person.
  returned: success
  type: list
  elements: str
table:
  description: What would be done, or was.
  returned: success
  type: list
  elements: str
"""

import datetime
from collections.abc import Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import (
    _aws,
    _barrier,
    _cache_restore,
    _replacement,
    _restore,
    _snapshots,
    _tags,
)
from ansible_collections.uex.payments.plugins.module_utils._cache_restore import Seen, Step
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._restore import Refused

KIND = "cache_restore"


class CacheRestore:
    """The calls of the steps."""

    def __init__(self, connect: Any, options: Mapping[str, Any]) -> None:
        self.connect, self.options, self.group = connect, options, options["name"]
        self.client = connect("elasticache")
        found = _snapshots.listed(connect, _snapshots.CACHE, self.group)
        self.snapshot = _cache_restore.chosen(self.point(), self.group, found)
        self.moment = next(each.made for each in found if each.name == self.snapshot)

    def point(self) -> str:
        """What was asked for; the latest of an interrupted restore is the one that it has begun with."""
        tags = self._tags(self._carrier())
        return str(tags.get(_restore.RESTORED_FROM) or self.options["point"]) if self._asks_latest else self._asked

    @property
    def _asked(self) -> str:
        return str(self.options["point"])

    @property
    def _asks_latest(self) -> bool:
        return self._asked == _restore.LATEST

    def _carrier(self) -> _snapshots.Snapshot | None:
        return _snapshots.find(self.connect, _snapshots.CACHE, _replacement.snapshot_name(self.group))

    def _tags(self, carrier: _snapshots.Snapshot | None) -> Mapping[str, str]:
        if carrier is None or carrier.status != _snapshots.AVAILABLE:
            return {}
        return _tags.to_dict(self.client.list_tags_for_resource(ResourceName=carrier.arn)["TagList"])

    def seen(self) -> Seen:
        """What AWS shows now; a copy that is being made shows no tags, and can only be ours."""
        empty: list[Mapping[str, Any]] = []
        groups = _aws.absent_as(
            empty,
            lambda: self.client.describe_replication_groups(ReplicationGroupId=self.group)["ReplicationGroups"],
            "ReplicationGroupNotFoundFault",
        )
        carrier = self._carrier()
        tags = self._tags(carrier)
        being_made = carrier is not None and carrier.status != _snapshots.AVAILABLE
        origin = self.snapshot if being_made else tags.get(_restore.RESTORED_FROM, "")
        began = _restore.moment(tags.get(_restore.BEGAN, ""))
        status, created = (groups[0]["Status"], groups[0].get("ReplicationGroupCreateTime")) if groups else (None, None)
        return Seen(status, created, carrier, origin, began)

    def act(self, step: Step) -> None:
        """Do what a step says."""
        now = datetime.datetime.now(datetime.UTC)
        carrier = _replacement.snapshot_name(self.group)
        if step.what == _cache_restore.COPY:
            tags = {_restore.RESTORED_FROM: self.snapshot, _restore.BEGAN: now.isoformat()}
            names = {"SourceSnapshotName": self.snapshot, "TargetSnapshotName": carrier}
            self.client.copy_snapshot(**names, Tags=_tags.to_list({**self.options["tags"], **tags}))
        if step.what == _cache_restore.RETIRE:
            last = _cache_restore.before(self.group, now)
            self.client.delete_replication_group(ReplicationGroupId=self.group, FinalSnapshotIdentifier=last)
        if step.what == _cache_restore.DISCARD:
            _snapshots.remove(self.connect, _snapshots.CACHE, carrier)


def advanced(restore: CacheRestore) -> dict[str, Any]:
    """Do all steps that need no waiting in between: the module's result."""
    done: list[str] = []
    step = _cache_restore.step(restore.group, restore.snapshot, restore.seen())
    while step.what not in (_cache_restore.WAIT, _cache_restore.DONE):
        restore.act(step)
        done.append(step.words)
        if step.what == _cache_restore.DISCARD:
            break
        step = _cache_restore.step(restore.group, restore.snapshot, restore.seen())
    state = _barrier.PENDING if step.what == _cache_restore.WAIT else _barrier.READY
    entry = _barrier.Seen(restore.group, step.words, state)
    return {"changed": bool(done), "states": [{"kind": KIND, **entry._asdict()}], "steps": done, "table": done}


def foreseen(restore: CacheRestore) -> dict[str, Any]:
    """What would be done."""
    lines = [
        f"would go, with a last snapshot: {restore.group}",
        f"would be made anew under its name of {restore.snapshot}, which takes AWS 10 to 20 minutes",
    ]
    return {"changed": True, "steps": [], "table": lines}


def main() -> None:
    module = new_module(DOCUMENTATION)
    try:
        restore = CacheRestore(connector(module), module.params)
        result = foreseen(restore) if module.check_mode else advanced(restore)
    except Refused as refused:
        module.fail_json(msg=str(refused))
    except Exception as error:
        module.fail_json(msg=str(failure(module.params["name"], "restore", error)))
    held = restore.moment.isoformat() if restore.moment else ""
    module.exit_json(actions=[], snapshot=restore.snapshot, moment=held, **result)


if __name__ == "__main__":
    main()
