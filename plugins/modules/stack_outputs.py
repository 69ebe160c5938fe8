#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_outputs
short_description: Show and keep what an environment offers
description:
  - Reads from AWS alone what the next step needs, such as where services, database and cache answer, and how the
    services are. No secrets, only their ARNs.
  - An action plugin writes the outputs on the controller, as C(outputs.json) and, for a shell, as C(outputs.env). The
    module keeps a copy of the first in the state bucket. docs/lifecycle.md describes both files.
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
  account_id:
    description: The account that the credentials are of, 12 digits.
    type: str
    required: true
  domain:
    description: Host name under which the services are reached. Empty means the load balancer's own.
    type: str
    default: ""
  dashboard_url:
    description: Address of the dashboard in AWS's console. Empty means none.
    type: str
    default: ""
  next_steps:
    description: Lines for a person that close the table.
    type: list
    elements: str
    default: []
  directory:
    description: Folder on the controller for the files. Empty means that none are written.
    type: path
    default: ""
  state_bucket:
    description: Bucket for the copy. Empty means no copy. A bucket that does not exist is an error.
    type: str
    default: ""
  state_prefix:
    description: Beginning of the copy's key, which is this, a slash and C(outputs.json).
    type: str
    default: ""
  services:
    description: The services of the inventory.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Short name.
        type: str
        required: true
      full_name:
        description: Name of the ECS service.
        type: str
        required: true
      port:
        description: Port of the container.
        type: int
        required: true
      path:
        description: Path prefix at the load balancer.
        type: str
        required: true
      repository_name:
        description: Name of the ECR repository.
        type: str
        required: true
      image_tag:
        description: Tag of the image.
        type: str
        required: true
      log_group:
        description: Name of the log group.
        type: str
        required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Reads and shows; keeps no copy, writes no file and never reports a change.
    support: full
"""

EXAMPLES = r"""
- name: Where it answers
  uex.payments.stack_outputs:
    name: uex-payments-dev
    account_id: "123456789012"
    tags: {Project: uex-payments, Environment: dev, ManagedBy: uex.payments}
    services:
      - name: uex-backend
        full_name: uex-payments-dev-uex-backend
        port: 3903
        path: /api/uex
        repository_name: uex-payments-dev/uex-backend
        image_tag: latest
        log_group: uex-payments-dev-uex-backend
    directory: build/dev
    state_bucket: uex-payments-state-123456789012-us-east-1
    state_prefix: uex-payments/dev
"""

RETURN = r"""
outputs:
  description: What C(outputs.json) holds; null for what is not there yet.
  returned: success
  type: dict
status:
  description: What moves without a run, C(services) with C(running), C(desired) and C(image), and C(resources) by kind.
  returned: success
  type: dict
table:
  description: Both for a person, line by line.
  returned: success
  type: list
  elements: str
files:
  description: What was written on the controller.
  returned: when O(directory) is given, but in check mode
  type: list
  elements: str
actions:
  description: Always empty, as the copy is no part of the environment.
  returned: success
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _outputs, _status
from ansible_collections.uex.payments.plugins.module_utils._discovery import Scope
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._state import Store


def keep(connect: Callable[[str], Any], options: Mapping[str, Any], text: str) -> bool:
    """Put the copy unless it is there: True if it was put."""
    if not options["state_bucket"]:
        return False
    store = Store(connect, options["state_bucket"], options["state_prefix"], options["account_id"])
    return store.keep("outputs.json", text)


def main() -> None:
    module = new_module(DOCUMENTATION)
    options, connect = module.params, connector(module)
    scope = Scope(options["name"], options["tags"])
    try:
        found = _outputs.outputs(connect, scope, options)
        now = _status.status(connect, scope, options["services"])
        kept = not module.check_mode and keep(connect, options, _outputs.text(found))
    except Exception as error:
        module.fail_json(msg=str(failure(options["name"], "outputs", error)))
    table = _status.table(found, now, options["next_steps"])
    module.exit_json(changed=kept, actions=[], outputs=found, status=now, table=table)


if __name__ == "__main__":
    main()
