# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS clients of the controller's own process, with the region, endpoint, profile and environment of a play's tasks."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.template import Templar

#: Where plays say what all modules share.
DEFAULTS = "group/uex.payments.aws"
#: The keys in an environment, in the order in which boto3 wants them.
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@dataclass(frozen=True)
class Session:
    """C(options) as modules have them (region, endpoint_url, profile); C(environment) as tasks have it.

    The environment of this process stays as it is: it belongs to all tasks, and to other threads.
    """

    options: Mapping[str, Any]
    environment: Mapping[str, str] = field(repr=False)

    def client(self, service: str, **config: Any) -> Any:
        """A new client; C(config) are settings of botocore's Config."""
        endpoint = self.options.get("endpoint_url")
        settings = {"inject_host_prefix": not endpoint, "retries": {"mode": "standard", "max_attempts": 3}, **config}
        session = _library("boto3").Session(botocore_session=self._core())
        return session.client(
            service,
            region_name=self.options.get("region"),
            endpoint_url=endpoint,
            config=_library("botocore.config").Config(**settings),
        )

    def _core(self) -> Any:
        """botocore's session with everything that the environment would tell it; an empty text tells nothing."""
        core = _library("botocore.session").Session()
        for name, value in self.settings().items():
            core.set_config_variable(name, value)
        keys = [self.environment.get(name) or None for name in KEYS]
        if all(keys[:2]) and not self.options.get("profile"):
            core.set_credentials(*keys)
        return core

    def settings(self) -> dict[str, Any]:
        """botocore's variables by its own names."""
        found: dict[str, Any] = {}
        known = _library("botocore.configprovider").BOTOCORE_DEFAUT_SESSION_VARIABLES
        for name, (_file, variables, _default, convert) in known.items():
            each = [variables] if isinstance(variables, str) else variables or []
            values = [self.environment[key] for key in each if self.environment.get(key)]
            found |= {name: convert(values[0]) if convert else values[0]} if values else {}
        return {**found, "profile": self.options["profile"]} if self.options.get("profile") else found


def _library(name: str) -> Any:
    """A part of boto3, which a run that calls nothing, such as a validation, need not wait for."""
    return importlib.import_module(name)


def of_task(play: Any, host: Any, task: Any) -> tuple[Session, dict[str, Any]]:
    """The session that a task's modules have, and the task's own arguments; before the task itself has begun."""
    variables = play.get_variable_manager().get_vars(play=play, host=host, task=task)
    templar = Templar(loader=play.get_loader(), variables=variables)
    defaults = merged(templar.template(each.get(DEFAULTS, {})) for each in task.module_defaults)
    environment = merged(templar.template(each) for each in task.environment)
    texts = {name: str(value) for name, value in environment.items()}
    return Session(defaults, texts), dict(templar.template(task.args))


def merged(entries: Iterable[Mapping[str, Any] | None]) -> dict[str, Any]:
    """All entries as one; a later one wins."""
    return {key: value for entry in entries for key, value in (entry or {}).items()}
