# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The usual action under this module's own name: Ansible loads such a one before it forks the task's worker.

Discovery comes first in a run, so what all modules import is there for every worker that follows.
"""

from __future__ import annotations

from ansible_collections.uex.payments.plugins.action.reconcile import ActionModule as Reconcile


class ActionModule(Reconcile):
    pass
