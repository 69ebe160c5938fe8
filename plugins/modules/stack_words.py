#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_words
short_description: Refuse words of the command line that nothing reads
description:
  - Ansible ignores a mistyped name of C(-e), and a deployment of one service would be one of all of them. This refuses
    what is neither a documented variable of a role, nor a short word that sets one, nor mentioned by the inventory's
    own variables, nor in C(stack_further_words), and says what was probably meant. What Ansible itself, AWX and
    Semaphore add is taken.
  - Ansible ends a value of C(-e) at a space. What then stands alone is refused too.
  - Runs on the controller and needs no credentials. M(uex.payments.validate_inventory) does the same for runs of the
    site.
version_added: "0.1.0"
options:
  operation:
    description: The entry point of the role operations whose words are taken too; none for what is no operation.
    type: str
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
- name: Words of the command line are known
  uex.payments.stack_words:
    operation: deploy
"""

RETURN = r"""
words:
  description: The names that the command line gave, sorted.
  returned: success
  type: list
  elements: str
  sample: [image_tag, service]
"""
