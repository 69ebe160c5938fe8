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

import datetime
import functools
import time
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import (
    _aws,
    _failover,
    _outage,
    _queries,
    _secrets,
    _wait,
)
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._failover import Refused
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._queries import Place

PAUSE = 2.0
Entry = Mapping[str, Any]


class Target:
    """What fails over: how it is looked at, called and tried."""

    def __init__(self, connect: Any, options: Mapping[str, Any]) -> None:
        self.connect, self.options, self.name = connect, options, options["name"]
        self.begun = datetime.datetime.now(datetime.UTC)

    def look(self) -> Entry | None:
        """AWS's description; None if it isn't there."""
        raise NotImplementedError

    def problem(self, entry: Entry | None) -> str:
        """Why it can't fail over."""
        raise NotImplementedError

    def where(self, entry: Entry) -> str:
        """What a failover changes."""
        raise NotImplementedError

    def call(self) -> None:
        """Ask AWS for it."""
        raise NotImplementedError

    def is_over(self, entry: Entry, before: str) -> bool:
        raise NotImplementedError

    def tried(self, entry: Entry) -> Callable[[], bool]:
        """What is tried every half second."""
        raise NotImplementedError

    def events(self) -> list[Entry]:
        """What AWS has told of it since."""
        raise NotImplementedError


class Database(Target):
    """A DB instance with a standby."""

    @property
    def client(self) -> Any:
        return self.connect("rds")

    def look(self) -> Entry | None:
        empty: list[Entry] = []
        describe = functools.partial(self.client.describe_db_instances, DBInstanceIdentifier=self.name)
        found = _aws.absent_as(empty, lambda: describe()["DBInstances"], "DBInstanceNotFound")
        return found[0] if found else None

    def problem(self, entry: Entry | None) -> str:
        return _failover.database_problem(entry, self.name)

    def where(self, entry: Entry) -> str:
        return _failover.place(entry)

    def call(self) -> None:
        self.client.reboot_db_instance(DBInstanceIdentifier=self.name, ForceFailover=True)

    def is_over(self, entry: Entry, before: str) -> bool:
        return _failover.database_over(entry, before, self.events())

    def events(self) -> list[Entry]:
        source = {"SourceIdentifier": self.name, "SourceType": "db-instance", "StartTime": self.begun}
        return _aws.pages(self.client, "describe_events", "Events", **source)

    def tried(self, entry: Entry) -> Callable[[], bool]:
        """A query where one is answered now, else a connection."""
        endpoint = entry["Endpoint"]
        place = Place(endpoint["Address"], endpoint["Port"], self.options["ca_file"])
        login = self._login() if self.options["login"] and _queries.has_library() else {}
        asks = functools.partial(_queries.answers, place, login)
        return asks if login and asks() else functools.partial(_queries.listens, place, _outage.PAUSE * 2)

    def _login(self) -> dict[str, Any]:
        return _secrets.whole(self.connect("secretsmanager"), self.options["login"], "MASTER")


class Cache(Target):
    """A shard of a replication group."""

    @property
    def client(self) -> Any:
        return self.connect("elasticache")

    def look(self) -> Entry | None:
        empty: list[Entry] = []
        describe = functools.partial(self.client.describe_replication_groups, ReplicationGroupId=self.name)
        found = _aws.absent_as(empty, lambda: describe()["ReplicationGroups"], "ReplicationGroupNotFoundFault")
        return found[0] if found else None

    def problem(self, entry: Entry | None) -> str:
        return _failover.cache_problem(entry, self.name, self.options["node_group"])

    def where(self, entry: Entry) -> str:
        return _failover.primary(entry, self.options["node_group"])

    def call(self) -> None:
        self.client.test_failover(ReplicationGroupId=self.name, NodeGroupId=self.options["node_group"])

    def is_over(self, entry: Entry, before: str) -> bool:
        return _failover.cache_over(entry, self.options["node_group"], before, self.events())

    def events(self) -> list[Entry]:
        source = {"SourceIdentifier": self.name, "SourceType": "replication-group", "StartTime": self.begun}
        found = _aws.pages(self.client, "describe_events", "Events", **source)
        return [each for each in found if each["Date"] >= self.begun]

    def tried(self, entry: Entry) -> Callable[[], bool]:
        shard = next(each for each in entry["NodeGroups"] if each["NodeGroupId"] == self.options["node_group"])
        endpoint = entry.get("ConfigurationEndpoint") or shard["PrimaryEndpoint"]
        return functools.partial(_queries.listens, Place(endpoint["Address"], endpoint["Port"]), _outage.PAUSE * 2)


TARGETS: Mapping[str, type[Target]] = {_failover.DATABASE: Database, _failover.CACHE: Cache}


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
