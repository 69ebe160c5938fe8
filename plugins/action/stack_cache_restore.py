# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Call the short module of the same name until the group goes."""

from __future__ import annotations

from ansible_collections.uex.payments.plugins.action import stack_wait
from ansible_collections.uex.payments.plugins.module_utils import _cache_restore


class ActionModule(stack_wait.ActionModule):
    """Waits as the barrier does."""

    table = _cache_restore.SLOW
    advice = "mend the cause and run the same command again: it goes on from here"
