#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: embedded_aws
short_description: Start the embedded AWS unless it runs
description:
  - Starts the AWS emulator that comes with this collection, detached, on the controller's loopback address, and
    waits until it answers.
  - Runs in check mode too and never reports a change. Its state lives in memory and is gone when it stops.
version_added: "0.1.0"
options:
  port:
    description: TCP port on 127.0.0.1.
    type: int
    required: true
  directory:
    description: Folder for its log, its process id and the record of calls, C(calls.jsonl). Made when missing.
    type: path
    required: true
  images:
    description: >-
      Sample images, with C(repository_name) and C(image_tag). A repository gets its own as soon as it is made, so that
      services have something to start. Left alone in check mode.
    type: list
    elements: dict
    default: []
attributes:
  check_mode:
    description: Starts the emulator also in check mode, since the plan is made against it.
    support: none
  diff_mode:
    description: There is nothing to show.
    support: none
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: An AWS on loopback
  uex.payments.embedded_aws:
    port: 5566
    directory: build/embedded_aws
"""

RETURN = r"""
started:
  description: Whether this task started it.
  returned: success
  type: bool
"""
