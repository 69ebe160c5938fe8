#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: validate_inventory
short_description: Check the whole inventory before the first call
description:
  - Checks every variable of every role against its argument specs, refuses variables with a role's prefix that no
    role knows, and
    checks the rules across variables, such as ranges that overlap, Fargate sizes that don't exist, duplicate ports
    and paths.
  - Estimates what the environment costs, and says so where it is above its budget.
  - Runs on the controller, needs no credentials, and says all problems at once, each with its variable's name.
version_added: "0.1.0"
options:
  complete:
    description: >-
      Whether what only the operator can give must be there: where the certificate comes from, and the UEX API's
      credentials. M(uex.payments.stack_preflight) shows in its table what is missing.
    type: bool
    default: true
  applies:
    description: >-
      Whether the run makes what the inventory says. If it is estimated to cost more than C(stack_budget_monthly) and
      C(stack_cost_gate) is V(enforce), it is refused; otherwise that is a warning.
    type: bool
    default: false
attributes:
  check_mode:
    description: Only looks.
    support: full
  diff_mode:
    description: There is nothing to show.
    support: none
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: Inventory is sound
  uex.payments.validate_inventory:
"""

RETURN = r"""
msg:
  description: How many variables were checked.
  returned: success
  type: str
run:
  description: What the callbacks have to know of the run, its C(environment), the C(directory) for its files, and
    the C(document) that tells of it, C(plan) or C(drift), and what the C(costs) of its changes follow from.
  returned: success
  type: dict
"""
