#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_remains
short_description: What an account still holds for an environment
description:
  - Lists what is left after a teardown, with the reason, until when it stays, its size and what AWS charges for it.
    That are snapshots, kept buckets and keys, keys and secrets that can still be recovered, and what AWS itself keeps.
  - C(monthly_cost) is 0 where AWS charges nothing and null where it is not known.
  - Writes the list to O(path) in a run that is no check.
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
    description: The layers that were taken down.
    type: list
    elements: str
    required: true
  keep_data:
    description: Whether the teardown was to keep data.
    type: bool
    default: false
  path:
    description: The file on the controller.
    type: path
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
"""

EXAMPLES = r"""
- name: What is left
  uex.payments.stack_remains:
    name: uex-payments-dev
    tags: {Project: uex-payments, Environment: dev, ManagedBy: uex.payments}
    layers: [monitoring, compute]
    path: build/dev/remains.json
"""

RETURN = r"""
remains:
  description: >-
    Each resource with C(kind), C(name), C(reason), C(until) (a day), C(size_gb) and C(monthly_cost) in USD.
  returned: success
  type: list
  elements: dict
table:
  description: The same for a person, line by line.
  returned: success
  type: list
  elements: str
"""

from ansible_collections.uex.payments.plugins.module_utils._discovery import Scope
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._remains import remains, table


def main() -> None:
    module = new_module(DOCUMENTATION)
    options = module.params
    try:
        scope = Scope(options["name"], options["tags"])
        found = remains(connector(module), scope, options["layers"], options["keep_data"])
    except Exception as error:
        module.fail_json(msg=str(failure(options["name"], "remains", error)))
    module.exit_json(changed=False, remains=found, table=table(found))


if __name__ == "__main__":
    main()
