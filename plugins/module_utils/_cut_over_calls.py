# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The calls of a cut-over's steps."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from . import _aws, _cut_over, _ecs_services, _restore, _secret_versions, _tags
from ._cut_over import Names, Seen, Step


class CutOver:
    """The calls of the steps."""

    def __init__(self, connect: Any, options: Mapping[str, Any]) -> None:
        self.connect, self.options = connect, options
        self.names = Names(options["name"], options["instance"])
        self.rds, self.ecs = connect("rds"), connect("ecs")

    def seen(self) -> Seen:
        """What AWS shows now."""
        found = _aws.pages(self.rds, "describe_db_instances", "DBInstances")
        entries = {each["DBInstanceIdentifier"]: each for each in found}
        ours = {name: each for name, each in entries.items() if name.startswith(self.names.live)}
        tags = {name: _tags.to_dict(each.get("TagList")) for name, each in ours.items()}
        login = _secret_versions.login(self.connect("secretsmanager"), self.options["login"])
        return Seen(ours, tags, self._services(), login)

    def _services(self) -> list[Mapping[str, Any]]:
        entries = _ecs_services.described(self.ecs, self.options["cluster"])
        return [each for each in entries if each["status"] == "ACTIVE"]

    def act(self, step: Step, seen: Seen) -> None:
        """Do what a step says."""
        calls: dict[str, Callable[[], None]] = {
            _cut_over.RENAME_AWAY: lambda: self._rename_away(step, seen),
            _cut_over.RENAME: lambda: self._rename(*step.names),
            _cut_over.MARK: lambda: self._mark(seen),
            _cut_over.END_REPLICAS: lambda: self._end(step.names),
            _cut_over.ROTATE: self._rotate,
            _cut_over.REDEPLOY: lambda: self._redeploy(step.names),
        }
        calls[step.what]()

    def _rename_away(self, step: Step, seen: Seen) -> None:
        """Under another name its logs would go to groups that nobody has declared."""
        types = list(seen.instances[self.names.live].get("EnabledCloudwatchLogsExports") or ())
        off: dict[str, Any] = {"CloudwatchLogsExportConfiguration": {"DisableLogTypes": types}} if types else {}
        self._rename(*step.names, **off)

    def _rename(self, old: str, new: str, **further: Any) -> None:
        named = {"DBInstanceIdentifier": old, "NewDBInstanceIdentifier": new}
        self.rds.modify_db_instance(**named, ApplyImmediately=True, **further)

    def _mark(self, seen: Seen) -> None:
        now = _restore.text(datetime.datetime.now(datetime.UTC))
        live, aside, lost = _cut_over.tagged(self.names, seen, now)
        for name, tags in ((self.names.aside, aside), (self.names.live, live)):
            if name in seen.instances:
                arn = seen.instances[name]["DBInstanceArn"]
                self.rds.remove_tags_from_resource(ResourceName=arn, TagKeys=[lost[name]])
                self.rds.add_tags_to_resource(ResourceName=arn, Tags=_tags.to_list(tags))

    def _end(self, replicas: tuple[str, ...]) -> None:
        for name in replicas:
            self.rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)

    def _rotate(self) -> None:
        self.connect("secretsmanager").rotate_secret(SecretId=self.options["login"], RotateImmediately=True)

    def _redeploy(self, services: tuple[str, ...]) -> None:
        for service in services:
            self.ecs.update_service(cluster=self.options["cluster"], service=service, forceNewDeployment=True)
