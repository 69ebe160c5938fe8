# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What can fail over: how it is looked at, called and tried."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Mapping
from typing import Any

from . import _aws, _failover, _outage, _queries, _secrets
from ._queries import Place

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
