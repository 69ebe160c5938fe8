#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_account
short_description: Say whose account the credentials are of, and refuse any but the one that is meant
description:
  - Asks AWS for the caller's account, for a play that needs no more of M(uex.payments.stack_info).
version_added: "0.1.0"
options:
  account_id:
    description: The account that is meant. Other credentials are refused. Empty means any.
    type: str
    default: ""
  state_bucket:
    description:
      - Bucket in which releases are recorded; C({account_id}) in it stands for the caller's account. Empty means that
        none are looked for.
      - Where the inventory and a release say different image tags, that is a warning.
    type: str
    default: ""
  state_prefix:
    description: Beginning of the environment's keys in the bucket, such as V(uex-payments/dev).
    type: str
    default: ""
  services:
    description: What the inventory says of the services' image tags.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The service's short name.
        type: str
        required: true
      image_tag:
        description: The tag.
        type: str
        required: true
      image_tag_from:
        description: Whether the service's own entry says it, V(inventory), or all services' V(stack).
        type: str
        required: true
  run:
    description: Returned as it is. The callback P(uex.payments.lifecycle#callback) learns from it where the plan goes.
    type: dict
    suboptions:
      environment:
        description: The environment that the run is about.
        type: str
        required: true
      directory:
        description: Folder for what runs leave behind.
        type: str
        required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
"""

EXAMPLES = r"""
- name: The account is the one that is meant
  uex.payments.stack_account:
    account_id: "123456789012"
"""

RETURN = r"""
account_id:
  description: The caller's account.
  returned: success
  type: str
partition:
  description: The partition of AWS, such as V(aws).
  returned: success
  type: str
releases:
  description: The release in force of each service that has one, by short name, as docs/deployments.md describes it.
  returned: success
  type: dict
run:
  description: The option O(run).
  returned: when it is given
  type: dict
"""

from ansible.module_utils.common.warnings import warn

from ansible_collections.uex.payments.plugins.module_utils import _release
from ansible_collections.uex.payments.plugins.module_utils._account import account_problems, identity
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module


def main() -> None:
    module = new_module(DOCUMENTATION)
    connect = connector(module)
    try:
        found = identity(connect)
    except Exception as error:
        module.fail_json(msg=str(failure("account", "read", error)))
    problems = account_problems(module.params["account_id"], found["account_id"])
    if problems:
        module.fail_json(msg="; ".join(problems))
    try:
        releases, warnings = _release.found(connect, module.params, found["account_id"])
    except Exception as error:
        module.fail_json(msg=str(failure("releases", "read", error)))
    for each in warnings:
        warn(each)
    module.exit_json(
        changed=False, **found, releases=releases, **({"run": module.params["run"]} if module.params["run"] else {})
    )


if __name__ == "__main__":
    main()
