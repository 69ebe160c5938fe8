# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A run of ansible-playbook within a run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from ansible.errors import AnsibleActionFail

LAST_LINES = 20


def run(command: Sequence[str], what: str, **settings: str) -> None:
    """Run it silently with the further environment C(settings); AnsibleActionFail with its last lines if it fails."""
    environment = {**os.environ, **settings}
    done = subprocess.run(  # noqa: S603
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = "\n".join(f"{done.stdout}{done.stderr}".splitlines()[-LAST_LINES:])
        raise AnsibleActionFail(f"{what}:\n{last}")
