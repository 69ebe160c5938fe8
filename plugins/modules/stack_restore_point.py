#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_restore_point
short_description: Find what a database can be restored from
description:
  - Finds the snapshot, or the instance and the moment, that a word means, and how the restored instance is called.
  - Refuses what AWS could not restore, with what it could.
version_added: "0.1.0"
options:
  name:
    description: Identifier of the database, such as V(uex-payments-dev-db).
    type: str
    required: true
  point:
    description:
      - V(latest), a moment in ISO 8601, or a snapshot's name. V(latest) is the database's latest restorable time, and
        its newest snapshot where it has no automated backups or is gone.
      - Empty takes up the instance that was restored and not cut over to yet.
    type: str
    default: ""
  source:
    description: The instance whose backups are used for a moment. O(name) when empty.
    type: str
    default: ""
  instance:
    description: A restored or replaced instance that is to be the database, where there are several.
    type: str
    default: ""
  engine_version:
    description: The version that the inventory declares.
    type: str
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
"""

EXAMPLES = r"""
- name: An hour ago
  uex.payments.stack_restore_point:
    name: uex-payments-dev-db
    point: "2026-11-27T09:15:00Z"
    engine_version: "16"
"""

RETURN = r"""
instance:
  description: Name of the instance that is, or will be, restored.
  returned: success
  type: str
state:
  description: V(new) where it is to be made, V(there) where it is there, V(live) where it is the database already.
  returned: success
  type: str
restore_from:
  description: The option of that name of M(uex.payments.rds_db_instance). Empty for one that is there.
  returned: success
  type: dict
moment:
  description: The moment that it holds.
  returned: success
  type: str
allocated_storage:
  description: How large it has to be at least, in GiB.
  returned: success
  type: int
tags:
  description: Tags that tell what it was restored from and when that began.
  returned: success
  type: dict
table:
  description: All of it for a person.
  returned: success
  type: list
  elements: str
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _restore, _snapshots, _tags
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._restore import Point, Refused

Entries = Mapping[str, Mapping[str, Any]]


def found(connect: Any, options: Mapping[str, Any], now: datetime.datetime) -> dict[str, Any]:
    """The module's result. Raises Refused."""
    entries = {
        entry["DBInstanceIdentifier"]: entry
        for entry in _aws.pages(connect("rds"), "describe_db_instances", "DBInstances")
    }
    if not options["point"]:
        return _there(entries, options)
    source = options["source"] or options["name"]
    names = [options["name"], *_restore.spare(options["name"], entries)]
    snapshots = [each for name in names for each in _snapshots.listed(connect, _snapshots.DATABASE, name)]
    point = _restore.point(options["point"], source, entries.get(source), sorted(snapshots, key=_made), now)
    return _new(connect, options, entries, point, now)


def _made(snapshot: _snapshots.Snapshot) -> datetime.datetime:
    return snapshot.made or datetime.datetime.max.replace(tzinfo=datetime.UTC)


def _there(entries: Entries, options: Mapping[str, Any]) -> dict[str, Any]:
    """One that was restored before."""
    live = _tags.to_dict((entries.get(options["name"]) or {}).get("TagList"))
    name = _restore.chosen(options["name"], options["instance"], list(entries), live)
    entry = entries.get(name) or entries[options["name"]]
    tags = _tags.to_dict(entry.get("TagList"))
    kept = {key: tags[key] for key in (_restore.RESTORED_FROM, _restore.MOMENT, _restore.BEGAN) if key in tags}
    return {
        "instance": name,
        "state": "there" if name in entries else "live",
        "restore_from": {},
        "moment": tags.get(_restore.MOMENT, ""),
        "allocated_storage": entry["AllocatedStorage"],
        "tags": kept,
        "table": [f"{name} is there: {tags.get(_restore.RESTORED_FROM, 'it was the database before')}"],
    }


def _new(
    connect: Any, options: Mapping[str, Any], entries: Entries, point: Point, now: datetime.datetime
) -> dict[str, Any]:
    size, version = _size(connect, entries, point)
    if wrong := _restore.version_problem(options["engine_version"], version):
        raise Refused(f"from: {wrong}")
    name = _restore.name(options["name"], point.moment)
    began = _tags.to_dict((entries.get(name) or {}).get("TagList")).get(_restore.BEGAN) or _restore.text(now)
    moments = {_restore.MOMENT: _restore.text(point.moment), _restore.BEGAN: began}
    return {
        "instance": name,
        "state": "there" if name in entries else "new",
        "restore_from": _source(point),
        "moment": _restore.text(point.moment),
        "allocated_storage": size,
        "tags": {_restore.RESTORED_FROM: point.words, **moments},
        "table": [f"{name} {'is made' if name in entries else 'would be made'} of {point.words}"],
    }


def _source(point: Point) -> dict[str, str]:
    if point.snapshot:
        return {"snapshot": point.snapshot}
    return {"db_instance": point.source, "time": _restore.LATEST if point.latest else point.moment.isoformat()}


def _size(connect: Any, entries: Entries, point: Point) -> tuple[int, str]:
    """How large the restored one is at least, and its version."""
    entry = entries.get(point.source)
    if entry is None:
        snapshots: Sequence[Mapping[str, Any]] = connect("rds").describe_db_snapshots(
            DBSnapshotIdentifier=point.snapshot
        )["DBSnapshots"]
        entry = snapshots[0]
    return entry["AllocatedStorage"], entry["EngineVersion"]


def main() -> None:
    module = new_module(DOCUMENTATION)
    try:
        result = found(connector(module), module.params, datetime.datetime.now(datetime.UTC))
    except Refused as refused:
        module.fail_json(msg=str(refused))
    except Exception as error:
        module.fail_json(msg=str(failure(module.params["name"], "restore", error)))
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
