#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_cost
short_description: Estimate what an environment costs a month
description:
  - Prices every resource that the inventory defines from the table of prices that comes with the collection, and what
    is used as the inventory assumes it. What the table doesn't know is not known, and is counted.
  - Shows the cost by layer and by service, what costs most, what would save how much, and the budget, and writes it to
    C(cost.json) and C(cost.md) in the environment's folder below C(stack_build_directory). docs/costs.md describes
    both.
  - Checks the inventory as M(uex.payments.validate_inventory) does with C(complete) false. Runs on the controller and
    needs no credentials.
version_added: "0.1.0"
attributes:
  check_mode:
    description: The files are written in check mode too, as they are all that the module makes.
    support: full
  diff_mode:
    description: There is nothing to show.
    support: none
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: What the environment costs
  uex.payments.stack_cost:
"""

RETURN = r"""
monthly_total:
  description: USD a month, without what is not known.
  returned: success
  type: float
files:
  description: The paths of both files.
  returned: success
  type: list
  elements: str
"""
