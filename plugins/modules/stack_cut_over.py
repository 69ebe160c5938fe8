#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_cut_over
short_description: Let a restored database take the place of the present one
description:
  - Renames the database away and gives its name to the restored one, so that addresses, alarms and the inventory stay.
  - Ends the replicas of the one that was replaced, rotates a login that is younger than the data, and has services
    start new tasks, one after the other.
  - Each call does what can be done at once and says what is awaited. An action plugin calls it until all is done. An
    interrupted cut-over goes on where it stopped.
version_added: "0.1.0"
options:
  name:
    description: Identifier of the database, such as V(uex-payments-dev-db).
    type: str
    required: true
  instance:
    description: Name of the instance that is to be the database, one that was restored, or was replaced before.
    type: str
    required: true
  cluster:
    description: The cluster of the services.
    type: str
    required: true
  login:
    description: Name of the secret with the login of the services.
    type: str
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Says which steps it would take. Takes none.
    support: full
"""

EXAMPLES = r"""
- name: The restored one is the database
  uex.payments.stack_cut_over:
    name: uex-payments-dev-db
    instance: uex-payments-dev-db-restored-20261127-101500
    cluster: uex-payments-dev
    login: uex-payments-dev/database
"""

RETURN = r"""
states:
  description: The step that is awaited, as C(kind), C(name), C(status) and C(state); V(ready) when all is done.
  returned: success, but in check mode
  type: list
  elements: dict
steps:
  description: What this call did, as C(at), C(what) and C(words).
  returned: success
  type: list
  elements: dict
services:
  description: The services that have new tasks since.
  returned: success, but in check mode
  type: list
  elements: str
aside:
  description: The instance that was the database before. Empty where there is none.
  returned: success
  type: str
table:
  description: In check mode what would be done, for a person.
  returned: success
  type: list
  elements: str
"""

import datetime
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _barrier, _cut_over
from ansible_collections.uex.payments.plugins.module_utils._cut_over import Seen, Step
from ansible_collections.uex.payments.plugins.module_utils._cut_over_calls import CutOver
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._restore import Refused

KIND = "cut_over"


def advanced(cut: CutOver) -> dict[str, Any]:
    """Do all steps that need no waiting in between: the module's result."""
    done: list[dict[str, str]] = []
    seen = cut.seen()
    step = _cut_over.step(cut.names, seen)
    while step.what not in (_cut_over.WAIT, _cut_over.DONE):
        cut.act(step, seen)
        now = datetime.datetime.now(datetime.UTC)
        done.append({"at": now.isoformat(timespec="seconds"), "what": step.what, "words": step.words})
        if step.what == _cut_over.ROTATE:
            step = Step(_cut_over.WAIT, words=step.words)
            break
        seen = cut.seen()
        step = _cut_over.step(cut.names, seen)
    return {**_result(cut, seen, step), "steps": done, "changed": bool(done)}


def _result(cut: CutOver, seen: Seen, step: Step) -> dict[str, Any]:
    state = _barrier.READY if step.what == _cut_over.DONE else _barrier.PENDING
    entry = _barrier.Seen(cut.names.live, step.words, state)
    services = [each["serviceName"] for each in seen.services if each.get("desiredCount")]
    return {
        "states": [{"kind": KIND, **entry._asdict()}],
        "services": services,
        "aside": cut.names.aside if cut.names.aside in seen.instances else "",
        "table": [],
    }


def foreseen(cut: CutOver) -> dict[str, Any]:
    """What would be done."""
    lines = _cut_over.foreseen(cut.names, cut.seen())
    shown = ["Would be done:", *(f"  {each}" for each in lines)] if lines else []
    return {"changed": bool(lines), "steps": [], "services": [], "aside": "", "table": shown}


def main() -> None:
    module = new_module(DOCUMENTATION)
    try:
        cut = CutOver(connector(module), module.params)
        result = foreseen(cut) if module.check_mode else advanced(cut)
    except Refused as refused:
        module.fail_json(msg=str(refused))
    except Exception as error:
        module.fail_json(msg=str(failure(module.params["instance"], "cut over", error)))
    module.exit_json(actions=[], **result)


if __name__ == "__main__":
    main()
