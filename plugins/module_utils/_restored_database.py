# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A restored database and the one in use, asked for what they hold; the restored one gets the secret's password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _aws, _queries, _rds, _restore, _secret_versions, _secrets, _tags, _wait
from ._queries import Content, Place

PASSWORD_SECONDS = 300  #: until a new password is in force
Entry = Mapping[str, Any]


class Checked:
    """The restored instance and the one in use."""

    def __init__(self, connect: Any, options: Mapping[str, Any], check_mode: bool) -> None:
        self.options, self.check_mode = options, check_mode
        self.rds, self.secrets = connect("rds"), connect("secretsmanager")
        self.changed = False
        self.problem = ""

    def entry(self, name: str) -> Entry | None:
        empty: list[Entry] = []
        found = _aws.absent_as(
            empty,
            lambda: self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"],
            "DBInstanceNotFound",
        )
        return found[0] if found else None

    def login(self) -> dict[str, Any]:
        return _secrets.whole(self.secrets, self.options["login"], self.options["login_stage"])

    def content(self, entry: Entry) -> Content:
        """What an instance holds. Raises Unreachable, LoginRefused."""
        endpoint = entry.get("Endpoint")
        if not endpoint:
            raise _queries.Unreachable(f"{entry['DBInstanceIdentifier']} has no address yet")
        place = Place(endpoint["Address"], endpoint["Port"], self.options["ca_file"])
        with _queries.connected(place, self.login()) as run:
            return _queries.content(run, self.options["checks"])

    def live(self) -> Content | None:
        """What the database in use holds; None where it is gone or does not answer."""
        entry = self.entry(self.options["name"])
        try:
            return self.content(entry) if entry else None
        except (_queries.Unreachable, _queries.LoginRefused):
            return None

    def restored(self, entry: Entry) -> Content | None:
        """What the restored one holds, after its password is the secret's; None where it cannot be asked from here."""
        try:
            return self.content(entry)
        except _queries.LoginRefused as refused:
            self.problem = str(refused)
        except _queries.Unreachable as unreachable:
            self.problem = str(unreachable)
            if not self._is_younger(entry):
                return None
        return None if self.check_mode else self._after_password(entry)

    def _is_younger(self, entry: Entry) -> bool:
        """Whether the secret's login was made after the moment that the instance holds."""
        held = _restore.moment(_tags.to_dict(entry.get("TagList")).get(_restore.MOMENT, ""))
        stages = (self.options["login_stage"], _secret_versions.CURRENT)
        moments = [_secret_versions.made(self.secrets, self.options["login"], stage) for stage in stages]
        made = next((each for each in moments if each), None)
        return bool(held and made and made > held)

    def _after_password(self, entry: Entry) -> Content | None:
        name = entry["DBInstanceIdentifier"]
        word = {"MasterUserPassword": self.login()["password"]}
        self.rds.modify_db_instance(DBInstanceIdentifier=name, ApplyImmediately=True, **word)
        self.changed = True
        self.wait_until_ready(name)
        attempts = _wait.until(lambda: self._attempt(entry), bool, f"{name}: the login", PASSWORD_SECONDS)
        return attempts[0]

    def _attempt(self, entry: Entry) -> list[Content | None]:
        """Empty while the login is refused, as a new password takes some seconds."""
        try:
            return [self.content(entry)]
        except _queries.Unreachable as unreachable:
            self.problem = str(unreachable)
            return [None]
        except _queries.LoginRefused:
            return []

    def wait_until_ready(self, name: str) -> None:
        _wait.until(
            lambda: (self.entry(name) or {}).get("DBInstanceStatus"),
            lambda status: status in _rds.READY,
            f"{name}: available",
            PASSWORD_SECONDS,
        )
