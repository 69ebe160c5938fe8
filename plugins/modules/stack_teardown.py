#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_teardown
short_description: Take down one layer of an environment
description:
  - Deletes all that carries the tags of the environment and the layer, by the modules that make it and in an order that
    AWS takes. What AWS cannot tag goes by its name or with its parent.
  - What takes minutes is started in the part V(start) and awaited in the part V(finish), all kinds at once, each with a
    deadline of its own. Meanwhile it shows what is awaited and how long that usually takes.
  - After an interruption the same task does the rest. Where nothing is left it changes nothing.
  - It does not ask whether anything else still needs the layer; M(uex.payments.stack_deletable) does.
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
  layer:
    description: The layer.
    type: str
    required: true
    choices: [foundation, network, data, registry, edge, compute, monitoring]
  part:
    description: >-
      Whether to start what takes long, or to wait for it and delete the rest. Only V(network), V(data) and V(edge) have
      a part V(start).
    type: str
    choices: [start, finish]
    default: finish
  managed:
    description: Names of what amazon.aws modules manage, by CloudFormation type, as for M(uex.payments.stack_info).
    type: dict
    default: {}
  options:
    description: >-
      Further options of the modules that it calls, by module, such as C(skip_final_snapshot) of
      M(uex.payments.rds_db_instance).
    type: dict
    default: {}
  kept:
    description: Modules that it does not call, so that their kind stays, such as V(kms_key).
    type: list
    elements: str
    default: []
  zone:
    description: Name of the hosted zone with the environment's records; empty for none. For the layer V(edge).
    type: str
    default: ""
  domains:
    description: Names that the load balancer has in the zone.
    type: list
    elements: str
    default: []
  cnames:
    description: Further CNAME records in the zone, names and targets.
    type: dict
    default: {}
  kinds:
    description: What to look at while waiting; set by the action itself.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
requirements:
  - python >= 3.11
  - boto3
  - botocore
  - PyYAML
attributes:
  check_mode:
    description: Only reads; returns what would go. Nothing is waited for.
    support: full
  diff_mode:
    description: There is nothing to show but C(actions).
    support: none
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: Databases begin to go
  uex.payments.stack_teardown:
    name: uex-payments-dev
    tags: {Project: uex-payments, Environment: dev, ManagedBy: uex.payments}
    layer: data
    part: start
    options:
      rds_db_instance: {skip_final_snapshot: true}
"""

RETURN = r"""
actions:
  description: What was deleted, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.uex.payments.plugins.module_utils import _going, _standing
from ansible_collections.uex.payments.plugins.module_utils._discovery import Scope
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module


def main() -> None:
    """Look once; the action plugin of the same name deletes, and looks again while it waits."""
    module = new_module(DOCUMENTATION)
    options, connect = module.params, connector(module)
    scope = Scope(options["name"], options["tags"], options["managed"])
    try:
        if options["kinds"]:
            module.exit_json(changed=False, states=_going.states(connect, scope, options["kinds"]))
        facts = _standing.LOOKS[options["layer"]](connect, scope, options)
    except Exception as error:
        module.fail_json(msg=str(failure(options["name"], "teardown", error)))
    module.exit_json(
        changed=False, facts={"name": scope.name, "prefix": f"{scope.name}-", "below": f"{scope.name}/", **facts}
    )


if __name__ == "__main__":
    main()
