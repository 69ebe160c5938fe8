#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_backup
short_description: Take snapshots of a database and a cache on demand
description:
  - Begins what has not begun, and returns how far each snapshot is. An action plugin calls it until all are there and
    shows the progress.
  - A snapshot's name is C(<instance or group>-<label>-<at>), so that a call with the same moment goes on where an
    interrupted one stopped.
  - Copies a database's snapshot to other regions, and deletes older snapshots of the same label beyond O(keep).
version_added: "0.1.0"
options:
  name:
    description: Beginning of all names of the environment, such as V(uex-payments-dev).
    type: str
    required: true
  tags:
    description: Tags of the snapshots.
    type: dict
    required: true
  what:
    description: Of what.
    type: list
    elements: str
    choices: [database, cache]
    default: [database]
  label:
    description: What the snapshot is for, in its name. Lower-case letters, digits and hyphens, at most 30.
    type: str
    default: manual
  at:
    description: The moment in the snapshot's name, in UTC, such as V(20261127-101500).
    type: str
    required: true
  keep:
    description: How many snapshots of this label stay. V(0) keeps all.
    type: int
    default: 0
  copy_regions:
    description: Regions that a database's snapshot is copied to, each with the key there; empty means RDS's own.
    type: dict
    default: {}
  command:
    description: The command that restores, without what from.
    type: str
    default: ansible-playbook playbooks/restore.yml
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Says which snapshots it would take, copy and delete. Takes, copies and deletes none.
    support: full
"""

EXAMPLES = r"""
- name: Before a migration
  uex.payments.stack_backup:
    name: uex-payments-dev
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}
    label: before-migration
    at: "{{ now(utc=true, fmt='%Y%m%d-%H%M%S') }}"
    keep: 5
"""

RETURN = r"""
states:
  description: Each snapshot and copy with C(kind), C(name), AWS's C(status) and C(state) (V(ready), V(pending) or
    V(failed)).
  returned: success
  type: list
  elements: dict
snapshots:
  description: Those that are there, each with C(what), C(name), C(source), C(made) (the moment that it holds),
    C(gigabytes), C(region) and C(arn).
  returned: success
  type: list
  elements: dict
restorable:
  description: The database's C(latest) restorable time, how many seconds C(behind) now it is, and for how many C(days)
    one can go back. Nulls where there are no automated backups or no database was asked for.
  returned: success
  type: dict
removed:
  description: Snapshots of the label that were too many.
  returned: success
  type: list
  elements: str
table:
  description: All of it for a person, line by line.
  returned: success
  type: list
  elements: str
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _barrier, _snapshots
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._snapshots import DATABASE, Snapshot, Wanted

Options = Mapping[str, Any]


def problems(options: Options) -> Iterable[str]:
    """What is wrong with the input."""
    if wrong := _snapshots.label_problem(options["label"]):
        yield f"label: {wrong}"
    if options["keep"] < 0:
        yield f"keep: 0 for all, or how many, not {options['keep']}"
    try:
        datetime.datetime.strptime(options["at"], _snapshots.STAMP)
    except ValueError:
        yield f"at: a moment such as 20261127-101500, not {options['at']!r}"


def wanted(options: Options) -> list[Wanted]:
    """The snapshots, without their copies; pure."""
    sources = {what: _snapshots.source(options["name"], what) for what in options["what"]}
    return [
        Wanted(what, source, _snapshots.named(source, options["label"], options["at"]))
        for what, source in sources.items()
    ]


def copies(options: Options, originals: Iterable[Wanted]) -> list[Wanted]:
    """Those in other regions. ElastiCache copies none there; pure."""
    regions = sorted(options["copy_regions"])
    return [each._replace(region=region) for each in originals if each.what == DATABASE for region in regions]


def look(connect: Any, each: Wanted) -> Snapshot | None:
    return _snapshots.find(connect, each.what, each.name, each.region)


def begun(connect: Any, options: Options) -> list[tuple[Wanted, Snapshot | None]]:
    """Each snapshot and copy as it is, after beginning those that can begin."""
    originals = wanted(options)
    found = [(each, look(connect, each) or _begin(connect, each, options)) for each in originals]
    made = {each.name: snapshot for each, snapshot in found if snapshot and snapshot.status == _snapshots.AVAILABLE}
    for copy in copies(options, originals):
        there = look(connect, copy)
        if there is None and copy.name in made:
            key = options["copy_regions"][copy.region]
            _snapshots.start_copy(connect, made[copy.name], copy.region, key, options["tags"])
            there = look(connect, copy)
        found.append((copy, there))
    return found


def _begin(connect: Any, each: Wanted, options: Options) -> Snapshot | None:
    _snapshots.start(connect, each, options["tags"])
    return look(connect, each)


def too_many(connect: Any, options: Options) -> list[tuple[str, str]]:
    """What goes beyond those that are kept, as kind and name."""
    found: list[tuple[str, str]] = []
    for each in wanted(options) if options["keep"] else ():
        names = {snapshot.name for snapshot in _snapshots.listed(connect, each.what, each.source)} | {each.name}
        found += [
            (each.what, name) for name in _snapshots.surplus(names, each.source, options["label"], options["keep"])
        ]
    return found


def restorable(connect: Any, options: Options) -> dict[str, Any]:
    """How far back the database's own backups reach, and how fresh they are."""
    if DATABASE not in options["what"]:
        return {"latest": None, "behind": None, "days": None}
    source = _snapshots.source(options["name"], DATABASE)
    (entry,) = connect("rds").describe_db_instances(DBInstanceIdentifier=source)["DBInstances"]
    return _snapshots.restorable(entry, datetime.datetime.now(datetime.UTC))


def backed_up(connect: Any, options: Options, check_mode: bool) -> dict[str, Any]:
    """The module's result after one look, or in check mode what it would do."""
    return _foreseen(connect, options) if check_mode else _advanced(connect, options)


def _foreseen(connect: Any, options: Options) -> dict[str, Any]:
    names, going = [each.name for each in wanted(options)], [name for _what, name in too_many(connect, options)]
    return {
        "changed": bool(names),
        "states": [],
        "snapshots": [],
        "removed": going,
        "restorable": restorable(connect, options),
        "table": _snapshots.intentions(names, options["copy_regions"], going),
    }


def _advanced(connect: Any, options: Options) -> dict[str, Any]:
    found = begun(connect, options)
    states = [_snapshots.state(*each) for each in found]
    complete = all(each["state"] == _barrier.READY for each in states)
    going = too_many(connect, options) if complete else []
    _aws.concurrently(lambda each: _snapshots.remove(connect, *each), going)
    return {
        "changed": True,
        "states": states,
        "snapshots": [_snapshots.shown(snapshot) for _each, snapshot in found if snapshot],
        "removed": [name for _what, name in going],
        "restorable": restorable(connect, options),
        "table": [],
    }


def main() -> None:
    module = new_module(DOCUMENTATION)
    if wrong := list(problems(module.params)):
        module.fail_json(msg="; ".join(wrong))
    try:
        result = backed_up(connector(module), module.params, module.check_mode)
    except Exception as error:
        module.fail_json(msg=str(failure(module.params["name"], "backup", error)))
    module.exit_json(actions=[], **result)


if __name__ == "__main__":
    main()
