#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_wait
short_description: Wait at once for everything slow that was started
description:
  - NAT gateways, load balancers, databases, replication groups and services are started without waiting. This waits
    for all of an
    environment's at once, each kind with a deadline of its own, and shows what it is waiting for.
  - The deadline counts from when AWS last showed another status, so that a deployment in many steps has its time.
  - A deployment that ECS took back is a failure, with ECS's reason. One that pauses is awaited until somebody continues
    it, and the wait shows how.
  - A resource that failed ends the wait at once. In check mode nothing is waited for.
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
  kinds:
    description: What to wait for.
    type: list
    elements: str
    choices: [nat_gateways, load_balancers, certificates, db_instances, replication_groups, services]
    default: [nat_gateways, load_balancers, db_instances, replication_groups, services]
  task_definitions:
    description:
      - ARN of the task definition that each service is to run, by the service's name.
      - A service that runs another one when its deployment is over has failed.
    type: dict
    default: {}
  certificates:
    description: Names of the certificates to wait for. All of the environment's unless given.
    type: list
    elements: str
    default: []
  deployed:
    description:
      - Names of the services of which this run began a deployment. Each has failed if the deployment was taken back.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Looks once and doesn't wait.
    support: full
"""

EXAMPLES = r"""
- name: Database and cache answer
  uex.payments.stack_wait:
    name: uex-payments-dev
    tags: {Project: uex-payments, Environment: dev, ManagedBy: uex.payments}
    kinds: [db_instances, replication_groups]
"""

RETURN = r"""
states:
  description: Each resource with C(kind), C(name), AWS's C(status), C(state) (V(ready), V(pending) or
    V(failed)) and C(allowance), the seconds beyond the kind's deadline that it may stay so, and C(hint), what to
    do then.
  returned: success
  type: list
  elements: dict
db_instances:
  description: Databases by identifier, as M(uex.payments.stack_info) returns them; their addresses are known now.
  returned: success
  type: dict
replication_groups:
  description: Replication groups by id, as M(uex.payments.stack_info) returns them; their addresses are known now.
  returned: success
  type: dict
seconds:
  description: How long it waited.
  returned: success
  type: float
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils._barrier import CERTIFICATES, states
from ansible_collections.uex.payments.plugins.module_utils._discovery import Scope, db_instances, replication_groups
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._rollouts import Wish


def _wishes(options: Mapping[str, Any]) -> dict[str, Wish]:
    definitions, deployed = options["task_definitions"], options["deployed"]
    return {name: Wish(definitions.get(name, ""), name in deployed) for name in {*definitions, *deployed}}


def main() -> None:
    """Look once; the action plugin of the same name looks again and again, so that a run shows progress."""
    module = new_module(DOCUMENTATION)
    names = {CERTIFICATES: module.params["certificates"]}
    scope = Scope(module.params["name"], module.params["tags"], names, _wishes(module.params))
    connect = connector(module)
    try:
        result = {
            "states": states(connect, scope, module.params["kinds"]),
            "db_instances": db_instances(connect, scope),
            "replication_groups": replication_groups(connect, scope),
        }
    except Exception as error:
        module.fail_json(msg=str(failure(module.params["name"], "wait", error)))
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
