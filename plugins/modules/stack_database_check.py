#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_database_check
short_description: Ask a restored database whether it is what it should be
description:
  - Logs in to a restored instance as its first user, counts rows, looks for the newest row and the schema's version,
    asks given queries, and compares all of it with the database that is in use where that answers.
  - The first user's password in a restored instance is that of then. Where it is refused, or cannot be tried, it gets
    the secret's.
  - Sessions are read-only and over TLS. Nothing of the secret is returned or shown.
version_added: "0.1.0"
options:
  name:
    description: Identifier of the database that is in use.
    type: str
    required: true
  instance:
    description: Identifier of the restored instance.
    type: str
    required: true
  login:
    description: Name of the secret with the first user's login, as C(username), C(password) and C(dbname).
    type: str
    required: true
  login_stage:
    description: The label of the secret's version, the current one where none has it.
    type: str
    default: MASTER
  ca_file:
    description: PEM file with authorities that the servers' certificates may be of besides the machine's.
    type: str
    default: ""
  checks:
    description: Queries of one's own, each with C(name), C(query) and, where the answer is known, C(equals).
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: What it is called in the table.
        type: str
        required: true
      query:
        description: A query; its first column of its first row counts.
        type: str
        required: true
      equals:
        description: What it must answer. Without, it should answer as the database in use does.
        type: str
  incident:
    description: When it happened, in ISO 8601. What is lost is counted up to then.
    type: str
    default: ""
  required:
    description: Whether a restored instance that cannot be asked from here is a failure.
    type: bool
    default: false
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Asks and compares, and sets no password.
    support: full
"""

EXAMPLES = r"""
- name: Is everything there
  uex.payments.stack_database_check:
    name: uex-payments-dev-db
    instance: uex-payments-dev-db-restored-20261127-101500
    login: uex-payments-dev/database
    checks:
      - {name: ledger adds up, query: SELECT coalesce(sum(amount), 0) FROM ledger, equals: "0"}
"""

RETURN = r"""
reached:
  description: Whether the restored instance answered.
  returned: success
  type: bool
checks:
  description:
    - Each comparison with C(name), C(state) (V(ok), V(warning) or V(failed)), C(restored), C(live) and C(remark).
  returned: success
  type: list
  elements: dict
verdict:
  description: The worst state of the checks.
  returned: success
  type: str
rto_seconds:
  description: Seconds from the beginning of the restore until it answered. Null where it did not.
  returned: success
  type: float
rpo_seconds:
  description: Seconds of what was committed that it lacks at most.
  returned: success
  type: float
table:
  description: All of it for a person, line by line.
  returned: always
  type: list
  elements: str
"""

import datetime
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.uex.payments.plugins.module_utils import _queries, _restore, _restore_checks, _tags
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._restored_database import Checked


def checked(state: Checked, now: datetime.datetime) -> dict[str, Any]:
    """The module's result."""
    options = state.options
    entry = state.entry(options["instance"]) or state.entry(options["name"]) or {}
    is_live = entry.get("DBInstanceIdentifier") == options["name"]
    restored = state.restored(entry)
    live = None if is_live else state.live()
    found = _restore_checks.checks(restored, live, options["checks"]) if restored else []
    moments = _tags.to_dict(entry.get("TagList"))
    began, held = (_restore.moment(moments.get(tag, "")) for tag in (_restore.BEGAN, _restore.MOMENT))
    answered = datetime.datetime.now(datetime.UTC)
    took = round((answered - began).total_seconds(), 1) if began and restored else None
    until = _restore.moment(options["incident"])
    lost, what = _restore_checks.lost(held, until, live, began or now) if held else (None, "")
    return {
        "changed": state.changed,
        "reached": restored is not None,
        "checks": [each._asdict() for each in found],
        "verdict": _restore_checks.verdict(found),
        "rto_seconds": took,
        "rpo_seconds": lost,
        "table": _table(found, state.problem if restored is None else "", took, lost, what),
    }


def _table(found: list[_restore_checks.Check], problem: str, took: float | None, lost: float | None, what: str) -> Any:
    lines = _restore_checks.table(found) if found else [f"The restored database was not asked: {problem}"]
    lines += ["", f"It answered {took:.0f} s after the restore began (RTO)"] if took is not None else []
    lines += [f"It lacks what was committed in {lost:.0f} s at most, up to {what} (RPO)"] if lost is not None else []
    return lines


def verdict(result: Mapping[str, Any], required: bool) -> str:
    """Why the restored one must not be used; empty if it may."""
    failed = [
        f"{each['name']}: {each['remark']}" for each in result["checks"] if each["state"] == _restore_checks.FAILED
    ]
    if failed:
        return f"the restored database is not what it should be: {'; '.join(failed)}"
    return result["table"][0] if required and not result["reached"] else ""


def main() -> None:
    module = new_module(DOCUMENTATION)
    if not _queries.has_library():
        module.fail_json(msg=missing_required_lib("pg8000"))
    try:
        result = checked(
            Checked(connector(module), module.params, module.check_mode), datetime.datetime.now(datetime.UTC)
        )
    except Exception as error:
        module.fail_json(msg=str(failure(module.params["instance"], "check", error)))
    if wrong := verdict(result, module.params["required"]):
        module.fail_json(msg=wrong, actions=[], **result)
    module.exit_json(actions=[], **result)


if __name__ == "__main__":
    main()
