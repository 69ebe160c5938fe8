#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_deletable
short_description: Refuse a teardown that would get stuck half-way
description:
  - Fails if another layer of the environment, or a machine in its VPC, still stands on a layer that is to go, and says
    which.
  - Fails while deletion protection is on for a database or load balancer that is to go, and says how to take it off. In
    check mode that is a warning, so that a plan shows what would go.
version_added: "0.1.0"
options:
  name:
    description: Beginning of all names of the environment, such as V(uex-payments-dev).
    type: str
    required: true
  tags:
    description: The ownership tags C(Project), C(Environment) and C(ManagedBy).
    type: dict
    required: true
  layers:
    description: The layers that are to go.
    type: list
    elements: str
    required: true
  site_command:
    description: How a run of the site is begun, for the advice.
    type: str
    default: ansible-playbook site.yml
  command:
    description: How a teardown is begun, for the advice.
    type: str
    default: ansible-playbook playbooks/teardown.yml
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
"""

EXAMPLES = r"""
- name: Nothing stands on the network
  uex.payments.stack_deletable:
    name: uex-payments-dev
    tags: {Project: uex-payments, Environment: dev, ManagedBy: uex.payments}
    layers: [network]
"""

RETURN = r"""
protected:
  description: What is under deletion protection, in check mode.
  returned: success
  type: list
  elements: str
run:
  description: How the display says that there is nothing to delete, as C(idle).
  returned: always
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _standing
from ansible_collections.uex.payments.plugins.module_utils._discovery import Connect, Scope
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module

IDLE = "Nothing to delete."
REFUSED = "Nothing was deleted."


def stuck(connect: Connect, options: Mapping[str, Any]) -> str:
    """Why the layers cannot go; empty if they can."""
    scope, layers = Scope(options["name"], options["tags"]), options["layers"]
    problems = _standing.user_problems(layers, _standing.standing(connect, scope))
    if problems:
        tags = _standing.users(problems, layers)
        return f"{'; '.join(problems)}. All of it goes with: {options['command']} --tags {tags}"
    machines = _standing.instances(connect, scope) if "network" in layers else []
    if machines:
        return f"machines run in the VPC of {scope.name}: {', '.join(machines)}: end them first"
    return ""


def guarded(connect: Connect, options: Mapping[str, Any]) -> dict[str, list[str]]:
    """What of the layers is under deletion protection, by layer."""
    found = _standing.protected(connect, Scope(options["name"], options["tags"]))
    return {layer: names for layer, names in found.items() if layer in options["layers"] and names}


def advice(found: Mapping[str, list[str]], command: str) -> str:
    """What is protected, and how that is taken off; pure."""
    names = ", ".join(name for each in found.values() for name in each)
    return (
        f"deletion protection is on for {names}. Take it off first: "
        f"{command} -e deletion_protection=false --tags {','.join(found)}"
    )


def main() -> None:
    module = new_module(DOCUMENTATION)
    connect = connector(module)
    try:
        reason, found = stuck(connect, module.params), guarded(connect, module.params)
    except Exception as error:
        module.fail_json(msg=str(failure(module.params["name"], "teardown", error)))
    protection = advice(found, module.params["site_command"]) if found else ""
    if reason or (protection and not module.check_mode):
        module.fail_json(msg=reason or protection, run={"idle": REFUSED})
    if protection:
        module.warn(f"The teardown itself would be refused: {protection}")
    protected = [name for each in found.values() for name in each]
    module.exit_json(changed=False, protected=protected, run={"idle": IDLE})


if __name__ == "__main__":
    main()
