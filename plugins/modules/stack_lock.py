#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_lock
short_description: Take the lock of an environment for this run, or release another run's
description:
  - Takes the lock with one conditional write to a DynamoDB table. Fails at once where another run holds it, with who,
    since when, what it runs, until when, and the command that releases it.
  - The callback P(uex.payments.lifecycle#callback) renews the lock while the run lasts and releases it when the run
    ends, in whatever way. Without it the task is refused. A run whose lock is lost or can't be renewed is stopped.
  - Times are DynamoDB's, not the controller's. Each lock has a C(fence), a number that only grows.
  - An action plugin does it on the controller, in the region and with the credentials of the play's modules
    (C(module_defaults) of the group C(uex.payments.aws), and C(environment)).
version_added: "0.1.0"
options:
  table:
    description: Name of the DynamoDB table. Its key is C(id), a text. playbooks/bootstrap.yml makes it.
    type: str
    required: true
  name:
    description: What is locked, C(project/environment).
    type: str
    required: true
  expiry:
    description: Seconds after which the lock of a run that gives no sign of life may be taken over, 4 at least.
    type: int
    default: 120
  account_id:
    description: The account that is meant. Other credentials are refused before anything is written. Empty means any.
    type: str
    default: ""
  state_bucket:
    description:
      - Where the callback records the run before it releases the lock. Empty for nowhere.
      - C({account_id}) in it stands for the caller's account.
    type: str
    default: ""
  bootstrap:
    description: Run playbooks/bootstrap.yml if the table does not exist. Otherwise that is an error with the command.
    type: bool
    default: false
  state:
    description: V(held) takes the lock for this run; V(released) releases the lock of O(owner).
    type: str
    choices: [held, released]
    default: held
  owner:
    description: Whose lock O(state=released) releases, by the id that the refused run named; nobody else's goes.
    type: str
    default: ""
attributes:
  check_mode:
    description: A check takes and releases no lock.
    support: full
  diff_mode:
    description: There is nothing to show.
    support: none
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: Lock
  uex.payments.stack_lock:
    table: uex-payments-locks
    name: uex-payments/dev

- name: Release the lock of a run that is gone
  uex.payments.stack_lock:
    table: uex-payments-locks
    name: uex-payments/dev
    state: released
    owner: 3f9c0a71be24
"""

RETURN = r"""
fence:
  description: The lock's number; a later lock has a higher one.
  returned: when a lock was taken
  type: int
id:
  description: The lock's owner, this run.
  returned: when a lock was taken
  type: str
begun:
  description: When the lock was asked for, in seconds of the controller's clock that never jumps.
  returned: when a lock was taken
  type: float
holder:
  description: Who holds the lock, with C(owner), C(user), C(pid), C(what), C(since), C(expires) and C(fence).
  returned: when another run holds it
  type: dict
now:
  description: DynamoDB's time when the lock was taken, in seconds since 1970.
  returned: when a lock was taken
  type: int
account_id:
  description: The caller's account.
  returned: when a lock was taken
  type: str
state_bucket:
  description: O(state_bucket) with the account's number.
  returned: when a lock was taken
  type: str
msg:
  description: Why the lock was not taken, or whose was released.
  returned: otherwise
  type: str
"""
