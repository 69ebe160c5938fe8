#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_diagnosis
short_description: Find what is wrong with an environment
description:
  - Examines one subject after the other, from the credentials to the bill, and says of each fault what shows it, what
    to do and which command comes next. Reads only; no value of a secret is read.
  - What can't be read is a finding of its own, with the right that is missing, and hides nothing else. Where the
    credentials don't work or are of another account, nothing else is examined.
  - Shows the findings, worst first, writes everything that was examined to C(diagnosis.json), and fails if something is
    V(broken). Warnings fail nothing.
version_added: "0.1.0"
options:
  name:
    description: Beginning of all names of the environment, such as V(uex-payments-dev).
    type: str
    required: true
  environment:
    description: The environment.
    type: str
    required: true
  tags:
    description: The ownership tags C(Project), C(Environment) and C(ManagedBy).
    type: dict
    required: true
  subjects:
    description: The subjects that are examined, all where none is given; the credentials are always.
    type: list
    elements: str
    default: []
  directory:
    description: Folder in which the environment's own folder gets C(diagnosis.json).
    type: path
    default: build
  emulated:
    description: Whether this is the embedded AWS, which has no root user and no service-linked roles.
    type: bool
    default: false
  inventories:
    description: The inventories as options of a command line, for advice that is a command.
    type: str
    default: -i <inventory>
  account_id:
    description: The account that is meant, 12 digits. Empty means any.
    type: str
    default: ""
  assume_role_arn:
    description: The role that runs assume. Empty where none is.
    type: str
    default: ""
  session_problem:
    description: Why the role could not be assumed. Empty where it could.
    type: str
    default: ""
  state_bucket:
    description: Name of the bucket that runs share; C({account_id}) in it stands for the account's.
    type: str
    required: true
  state_prefix:
    description: The environment's place in the bucket and in the table, such as V(uex-payments/dev).
    type: str
    required: true
  lock_table:
    description: Name of the table of locks that runs share.
    type: str
    required: true
  availability_zones:
    description: The zones that an endpoint would be in.
    type: list
    elements: str
    default: []
  services:
    description: >-
      The services of the inventory, each with C(name), C(full_name), C(port), C(path), C(repository_name),
      C(image_tag), C(target_group), C(alternate_target_group), C(log_group) and C(health_check).
    type: list
    elements: dict
    required: true
  declared_keys:
    description: The JSON keys that the inventory declares, by the secret's name.
    type: dict
    default: {}
  flow_log_hours:
    description: So many hours of the flow log are asked for NAT's destinations. 0 asks nothing.
    type: int
    default: 1
  nat_gb:
    description: GB a month through NAT that the estimate assumes, for want of a count.
    type: float
    default: 0
  hours:
    description: Hours of a month.
    type: float
    default: 730
  prices:
    description: Prices in USD by key. Set by the action of this name.
    type: dict
    default: {}
  estimate:
    description: The estimate by service, USD a month. Set by the action of this name; empty where there is none.
    type: dict
    default: {}
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
"""

EXAMPLES = r"""
- name: What is wrong
  uex.payments.stack_diagnosis:
    name: uex-payments-dev
    environment: dev
    tags: {Project: uex-payments, Environment: dev, ManagedBy: uex.payments}
    subjects: [database, tasks]
    state_bucket: uex-payments-state-{account_id}-us-east-1
    state_prefix: uex-payments/dev
    lock_table: uex-payments-locks
    services: []
"""

RETURN = r"""
subjects:
  description: The subjects that were examined.
  returned: always
  type: list
  elements: str
summary:
  description: How many findings have each severity.
  returned: always
  type: dict
file:
  description: >-
    The file with everything that was examined, worst first, each with C(subject), C(check), C(severity) (V(broken),
    V(warning), V(unknown), V(note) or V(ok)), C(seen), C(evidence), C(remedy) and C(command).
  returned: always
  type: str
"""

from ansible_collections.uex.payments.plugins.module_utils import _diagnose_subjects, _findings
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module


def main() -> None:
    """The findings; the action plugin of the same name adds prices, shows, keeps and judges."""
    module = new_module(DOCUMENTATION, secrecy={"declared_keys": False})
    about = {**module.params, "region": module.region}
    try:
        found = _diagnose_subjects.diagnosed(connector(module), about, about["subjects"])
    except ValueError as error:
        module.fail_json(msg=str(error))
    examined = _diagnose_subjects.examined(found, about["subjects"])
    module.exit_json(changed=False, **_findings.document(about["environment"], examined, found))


if __name__ == "__main__":
    main()
