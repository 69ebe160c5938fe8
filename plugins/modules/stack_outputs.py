#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_outputs
short_description: Show what an environment offers
description:
  - Reads from AWS alone where the services answer, how many tasks they have, what their images are doing, where
    database and cache
    answer, and how many resources of each kind there are. No secrets.
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
  domain:
    description: Host name under which the services are reached. Empty means the load balancer's own.
    type: str
    default: ""
  next_steps:
    description: Lines for a person that close the table.
    type: list
    elements: str
    default: []
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
    description: Only reads.
    support: full
  diff_mode:
    description: There is nothing to show.
    support: none
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: Where it answers
  uex.payments.stack_outputs:
    name: uex-payments-dev
    tags: {Project: uex-payments, Environment: dev, ManagedBy: uex.payments}
    services:
      - name: uex-backend
        full_name: uex-payments-dev-uex-backend
        port: 3903
        path: /api/uex
        repository_name: uex-payments-dev/uex-backend
        image_tag: latest
"""

RETURN = r"""
outputs:
  description: C(base_url), C(services), C(databases), C(caches) and C(resources).
  returned: success
  type: dict
table:
  description: The same for a person, line by line.
  returned: success
  type: list
  elements: str
"""

from ansible_collections.uex.payments.plugins.module_utils._discovery import Scope
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._outputs import outputs, table


def main() -> None:
    module = new_module(DOCUMENTATION)
    options = module.params
    try:
        found = outputs(
            connector(module), Scope(options["name"], options["tags"]), options["services"], options["domain"]
        )
    except Exception as error:
        module.fail_json(msg=str(failure(options["name"], "outputs", error)))
    module.exit_json(changed=False, outputs=found, table=table(found, options["next_steps"]))


if __name__ == "__main__":
    main()
