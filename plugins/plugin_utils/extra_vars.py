# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the command line gave with -e, and what of it nothing reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.validation import check_type_list
from ansible.plugins.action import ActionBase
from ansible.utils.vars import load_extra_vars

from ansible_collections.uex.payments.plugins.module_utils import _words
from ansible_collections.uex.payments.plugins.plugin_utils import documented

#: Names of words that playbooks of others read.
FURTHER = "stack_further_words"


def problems(action: ActionBase, task_vars: Mapping[str, Any], operation: str | None = None) -> list[str]:
    """What of the command line neither the action's operation nor, without one, a run of the site reads.

    Raises ValueError where there is no such operation.
    """
    given = load_extra_vars(action._loader)
    if not given:
        return []
    own = documented.words_of(operation) if operation else set()
    names = {name for options in documented.specs().values() for name in options}
    further = check_type_list(action._templar.template(task_vars.get(FURTHER) or []))
    return _words.problems(given, own, documented.words(), {*names, *_mentioned(task_vars, given), *further})


def _mentioned(task_vars: Mapping[str, Any], given: Mapping[str, Any]) -> set[str]:
    """What the templates of the inventory's own variables read."""
    variables = task_vars["hostvars"].raw_get(task_vars["inventory_hostname"])
    return _words.read_by({name: value for name, value in variables.items() if name not in given})
