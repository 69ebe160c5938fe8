#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_session
short_description: Assume the role that a run works with
description:
  - Assumes an IAM role on the controller and returns the environment variables by which the tasks that follow find its
    credentials and no others.
  - The credentials are in a file in a temporary folder that only the user of the run may read. They are in no result,
    no output and on no command line.
  - The callback P(uex.payments.lifecycle#callback) renews them when half of their time is over, and removes the folder
    when the run ends. Without it the task is refused.
version_added: "0.1.0"
options:
  role_arn:
    description: ARN of the role.
    type: str
    required: true
  external_id:
    description: What the role's trust policy demands as C(sts:ExternalId); empty for nothing.
    type: str
    default: ""
  duration:
    description:
      - Seconds that each set of credentials is good for, 900 to 43200. Where the role allows less, or the caller is
        a session of a role, it is an hour.
    type: int
    default: 3600
  project:
    description: Beginning of the session's name in CloudTrail; the user's name on the controller follows.
    type: str
    default: uex-payments
  region:
    description: Region whose STS is asked.
    type: str
    required: true
  endpoint_url:
    description: Address of an AWS other than the real one; empty for the real one.
    type: str
    default: ""
  environment:
    description: Environment variables by which boto3 finds the caller's own credentials, beside the controller's.
    type: dict
    default: {}
attributes:
  check_mode:
    description: Assumes the role also in check mode, since a plan reads with it.
    support: none
  diff_mode:
    description: There is nothing to show.
    support: none
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: Assumed role
  uex.payments.stack_session:
    role_arn: arn:aws:iam::210987654321:role/uex-payments-deploy
    region: eu-west-1
    environment: {AWS_PROFILE: tools}
  register: stack_session
"""

RETURN = r"""
assumed_role:
  description: The session's C(arn), its credentials' C(file), when they C(expires) and in how many C(seconds).
  returned: success
  type: dict
environment:
  description: Environment variables for the tasks that follow. None is a secret.
  returned: success
  type: dict
"""
