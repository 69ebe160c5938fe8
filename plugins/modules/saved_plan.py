#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: saved_plan
short_description: Refuse a run whose plan is not the saved one
description:
  - Plans afresh, by the same command with C(--check), and compares that with a plan that an earlier check saved. Fails
    with what moved where the two differ, before anything is changed.
  - An action plugin does it on the controller. A vault's password must come from a file or a script, not from a prompt.
version_added: "0.1.0"
options:
  path:
    description: The saved plan, a file in the form of C(plan.json).
    type: path
    required: true
attributes:
  check_mode:
    description: Does nothing, as a check is no apply.
    support: full
  diff_mode:
    description: There is nothing to show.
    support: none
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: The plan is still the saved one
  uex.payments.saved_plan:
    path: build/prod/reviewed.json
"""

RETURN = r"""
msg:
  description: How many actions the two plans have.
  returned: always
  type: str
moved:
  description: What the fresh plan says otherwise, a line each.
  returned: when they differ
  type: list
  elements: str
"""
