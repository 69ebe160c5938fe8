#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_failover
short_description: Let a database or a cache fail over, and time the outage
description:
  - Reboots a database with failover, or has ElastiCache test the failover of a shard, waits until the standby serves,
    and measures how long nobody was served by AWS's events and by a try every half second from this machine.
  - Refused where there is nothing to fail over to, with what would make it.
  - A try of a database is a query where the login is given and PostgreSQL answers, else a connection; of a cache it is
    a connection.
version_added: "0.1.0"
options:
  what:
    description: What fails over.
    type: str
    required: true
    choices: [database, cache]
  name:
    description: Identifier of the instance or of the replication group.
    type: str
    required: true
  node_group:
    description: The shard of a cache.
    type: str
    default: "0001"
  login:
    description: Name of the secret with the database's login. Without, only connections are tried.
    type: str
    default: ""
  ca_file:
    description: PEM file with authorities that the server's certificate may be of besides the machine's.
    type: str
    default: ""
  deadline:
    description: Seconds until it must be over.
    type: int
    default: 900
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Says what would fail over, and whether it can. Reboots nothing.
    support: full
"""

EXAMPLES = r"""
- name: The standby takes over
  uex.payments.stack_failover:
    what: database
    name: uex-payments-prod-db
    login: uex-payments-prod/database
"""

RETURN = r"""
was:
  description: The database's zone, or the cache's primary node, before.
  returned: success
  type: str
became:
  description: The same afterwards.
  returned: success, but in check mode
  type: str
reachable:
  description: Whether this machine reached it before, so that it could measure.
  returned: success
  type: bool
outage_seconds:
  description: From the first try that failed to the first that was served again. V(0) where none failed.
  returned: success, but in check mode
  type: float
aws_seconds:
  description: Between AWS's events of the beginning and the end. Null where it told less.
  returned: success, but in check mode
  type: float
probes:
  description: How many tries there were.
  returned: success, but in check mode
  type: int
events:
  description: What AWS told, each as C(at) and C(message).
  returned: success, but in check mode
  type: list
  elements: dict
total_seconds:
  description: From the call until all was whole again.
  returned: success, but in check mode
  type: float
measured:
  description: What is kept of it.
  returned: success, but in check mode
  type: dict
table:
  description: All of it for a person, line by line.
  returned: success
  type: list
  elements: str
"""

import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _failover, _outage, _wait
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._failover import Refused
from ansible_collections.uex.payments.plugins.module_utils._failover_targets import TARGETS, Entry, Target
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module

PAUSE = 2.0


def drilled(target: Target, check_mode: bool) -> dict[str, Any]:
    """The module's result. Raises Refused, TimedOut."""
    entry = target.look()
    if entry is None or target.problem(entry):
        raise Refused(target.problem(entry))
    serves = target.tried(entry)
    before, reachable = target.where(entry), serves()
    if check_mode:
        from_here = (
            "is reached from here" if reachable else "cannot be reached from here: AWS's events alone would tell"
        )
        line = f"{target.name} would fail over from {before or '?'}; it {from_here}"
        return {"changed": True, "was": before, "reachable": reachable, "table": [line]}
    with _outage.Watch(serves if reachable else lambda: True) as watch:
        begun = time.monotonic()
        target.call()
        after = _whole(target, before, watch)
        total = round(time.monotonic() - begun, 1)
    return _result(target, watch, {"was": before, "became": after, "reachable": reachable, "total_seconds": total})


def _whole(target: Target, before: str, watch: _outage.Watch) -> str:
    """Where it is when all is whole again."""

    def look() -> Entry:
        entry = target.look()
        if entry is None:
            raise Refused(f"{target.name} is gone")
        return entry

    entry = _wait.until(
        look,
        lambda found: target.is_over(found, before) and watch.is_back(),
        f"{target.name}: the end of its failover",
        target.options["deadline"],
        PAUSE,
    )
    return target.where(entry)


def _result(target: Target, watch: _outage.Watch, seen: Mapping[str, Any]) -> dict[str, Any]:
    events = sorted(target.events(), key=lambda each: each["Date"])
    result = {
        "changed": True,
        **seen,
        "probes": len(watch.probes) if seen["reachable"] else 0,
        "outage_seconds": _failover.outage(watch.probes) if seen["reachable"] else None,
        "aws_seconds": _failover.told(events),
        "events": [{"at": each["Date"].isoformat(), "message": each["Message"]} for each in events],
    }
    what = target.options["what"]
    shown = _failover.table(what, target.name, result)
    return {**result, "measured": _failover.measured(what, target.name, result), "table": shown}


def main() -> None:
    module = new_module(DOCUMENTATION)
    options = module.params
    try:
        result = drilled(TARGETS[options["what"]](connector(module), options), module.check_mode)
    except Refused as refused:
        module.fail_json(msg=str(refused))
    except Exception as error:
        module.fail_json(msg=str(failure(options["name"], "failover", error)))
    module.exit_json(actions=[], **result)


if __name__ == "__main__":
    main()
