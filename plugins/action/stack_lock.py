# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Take the environment's lock for this run, or release somebody else's by force."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible import context
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.module_utils import _lock
from ansible_collections.uex.payments.plugins.module_utils._account import account_problems, identity
from ansible_collections.uex.payments.plugins.module_utils._errors import code_of, failure
from ansible_collections.uex.payments.plugins.module_utils._state import ACCOUNT
from ansible_collections.uex.payments.plugins.plugin_utils import lock, nested

BOOTSTRAP = Path(__file__).resolve().parents[2] / "playbooks" / "bootstrap.yml"
CALLBACK = "uex.payments.lifecycle"
NOT_LOADED = (
    f"This run takes no lock: the callback that keeps and releases it, {CALLBACK}, is not loaded or has failed. "
    f"Enable it in the configuration: callbacks_enabled = {CALLBACK}"
)
SPEC = {
    "table": {"type": "str", "required": True},
    "name": {"type": "str", "required": True},
    "expiry": {"type": "int", "default": _lock.EXPIRY},
    "account_id": {"type": "str", "default": ""},
    "state_bucket": {"type": "str", "default": ""},
    "bootstrap": {"type": "bool", "default": False},
    "state": {"type": "str", "choices": ["held", "released"], "default": "held"},
    "owner": {"type": "str", "default": ""},
}
LEAST_EXPIRY = 4


class ActionModule(ActionBase):
    """Runs on the controller alone; region, endpoint and credentials are those of the play's modules."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec(argument_spec=SPEC)
        if options["expiry"] < LEAST_EXPIRY:
            raise AnsibleActionFail(f"expiry: at least {LEAST_EXPIRY} seconds, not {options['expiry']}")
        self._options, self._vars = options, task_vars or {}
        if self._task.check_mode:
            return {**result, "changed": False, "msg": "a check takes and releases no lock"}
        keeper = lock.keeper()
        if keeper is None:
            raise AnsibleActionFail(NOT_LOADED)
        return {**result, **self._told(keeper)}

    def _told(self, keeper: lock.Keeper) -> dict[str, Any]:
        """What was done, or why not, in words."""
        act = self._unlock if self._options["state"] == "released" else self._take
        try:
            return act(keeper)
        except lock.Locked as error:
            unlock = self._command("force_unlock")
            msg = _lock.refusal(keeper.place, error.holder, error.now, unlock)
            return {"failed": True, "msg": msg, "holder": error.holder._asdict()}
        except AnsibleActionFail:
            raise
        except Exception as error:
            raise AnsibleActionFail(str(failure(keeper.place.name, "lock", error))) from error

    def _take(self, keeper: lock.Keeper) -> dict[str, Any]:
        if keeper.fence is not None:
            return {"changed": False, "msg": "this run holds the lock already"}
        account = self._account(keeper)
        try:
            result, before = self._acquire(keeper)
        except Exception as error:
            if code_of(error) != _lock.NO_TABLE:
                raise
            self._bootstrap()
            result, before = self._acquire(keeper)
        if before:
            self._display.display(f"       taken over from {_lock.who(before)}; expired {_lock.clock(before.expires)}")
        bucket = self._options["state_bucket"].replace(ACCOUNT, account)
        return {**result, "account_id": account, "state_bucket": bucket}

    def _acquire(self, keeper: lock.Keeper) -> tuple[dict[str, Any], _lock.Holder | None]:
        """The result of an acquisition, and whose expired lock it was; C(begun) is a time of this machine's."""
        client, begun = keeper.session.client("dynamodb"), lock.seconds()
        taken, before = lock.acquire(client, keeper.place, keeper.owner, self._options["expiry"])
        known = {"fence": taken.fence, "now": taken.since, "id": taken.owner}
        return {"changed": False, "begun": begun, **known}, before

    def _account(self, keeper: lock.Keeper) -> str:
        """Whose account it is; any but the one that is meant is refused."""
        actual = identity(keeper.session.client)["account_id"]
        problems = account_problems(self._options["account_id"], actual)
        if problems:
            raise AnsibleActionFail("; ".join(problems))
        return actual

    def _bootstrap(self) -> None:
        """Make the table on an AWS that only this machine has; elsewhere it is somebody's decision."""
        if not self._options["bootstrap"]:
            name = self._options["table"]
            msg = f"{name}: the lock table does not exist; once an account and region: {self._command('bootstrap')}"
            raise AnsibleActionFail(msg)
        self._display.display("       bootstrap: state bucket, lock table, deploy role")
        command = [sys.executable, "-m", "ansible", "playbook", *bootstrap_arguments(context.CLIARGS)]
        nested.run(command, "bootstrap failed, nothing was done", ANSIBLE_CALLBACKS_ENABLED=CALLBACK)

    def _unlock(self, keeper: lock.Keeper) -> dict[str, Any]:
        self._account(keeper)
        client, owner = keeper.session.client("dynamodb"), self._options["owner"]
        seen = client.get_item(**_lock.reading(keeper.place))
        found, now = _lock.holder(seen.get("Item")), _lock.service_time(seen)
        if found is None or found.owner != owner:
            raise AnsibleActionFail(_lock.not_released(keeper.place, owner, found, now))
        client.update_item(**_lock.release(keeper.place, owner, found.fence))
        said = f"released: {_lock.described(keeper.place, found, now)}"
        self._display.display(said)
        return {"changed": True, "msg": said}

    def _command(self, playbook: str) -> str:
        """How this run's inventory is given to another playbook."""
        sources = self._vars.get("ansible_inventory_sources") or ()
        return " ".join(
            [f"ansible-playbook playbooks/{playbook}.yml", *(f"-i {each}" for each in map(lock.near, sources))]
        )


def bootstrap_arguments(arguments: Mapping[str, Any]) -> list[str]:
    """The bootstrap on the inventory and with the variables of a run; its resources belong to no environment."""
    found = [str(BOOTSTRAP)]
    options = (("-i", "inventory"), ("-e", "extra_vars"), ("--vault-id", "vault_ids"))
    for option, key in (*options, ("--vault-password-file", "vault_password_files")):
        found += [word for value in arguments.get(key) or () for word in (option, str(value))]
    return [*found, "-e", "stack_environment=shared"]
