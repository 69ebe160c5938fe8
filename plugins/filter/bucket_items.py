# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter bucket_items."""

from __future__ import annotations

DOCUMENTATION = r"""
name: bucket_items
short_description: Complete the definitions of buckets
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Gives each bucket its full name, C(<stack_name>-<short name>-<account>-<region>), as names are unique in the world.
    C(named) replaces its beginning, the first two of these, where AWS dictates it.
  - Gives each a policy that refuses requests without TLS, and whatever else C(statements) allow. Their C(Resource) is a
    list of keys in the bucket, to which its ARN is added; an empty key is the bucket itself.
  - C(logs_to) names the bucket for the access log by its short name. The log is written under
    C(s3-access/<short name>/). Null means none.
positional: stack_name, partition, account, region
options:
  _input:
    description: >-
      The buckets by short name, as M(uex.payments.s3_bucket) has them, with C(statements), C(logs_to) and C(named).
    type: dict
    required: true
  stack_name:
    description: Beginning of all names, such as V(uex-payments-dev).
    type: str
    required: true
  partition:
    description: The AWS partition, such as V(aws).
    type: str
    required: true
  account:
    description: The account, 12 digits.
    type: str
    required: true
  region:
    description: The region.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: A bucket for backups
  ansible.builtin.debug:
    msg: "{{ buckets | uex.payments.bucket_items('uex-payments-dev', 'aws', '123456789012', 'us-east-1') }}"
  vars:
    buckets:
      backups: {versioning: Enabled}
"""

RETURN = r"""
_value:
  description: The buckets as items of M(uex.payments.s3_bucket), sorted by short name.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

ACCESS_LOGS = "s3-access/"


def bucket_items(
    definitions: Mapping[str, Mapping[str, Any]], stack_name: str, partition: str, account: str, region: str
) -> list[dict[str, Any]]:
    """The buckets as items; AnsibleFilterError where one logs to a bucket that isn't defined."""
    names = {
        short: f"{definitions[short].get('named') or f'{stack_name}-{short}'}-{account}-{region}"
        for short in sorted(definitions)
    }
    strange = sorted({str(each["logs_to"]) for each in definitions.values() if each.get("logs_to")} - set(names))
    if strange:
        raise AnsibleFilterError(f"bucket_items: logs_to: no bucket {', '.join(strange)} is defined")
    return [_item(short, definitions[short], names, f"arn:{partition}:s3:::{names[short]}") for short in names]


def _item(short: str, definition: Mapping[str, Any], names: Mapping[str, str], arn: str) -> dict[str, Any]:
    own = {key: value for key, value in definition.items() if key not in ("statements", "logs_to", "named")}
    target = definition.get("logs_to")
    logging = {"target_bucket": names[target], "target_prefix": f"{ACCESS_LOGS}{short}/"} if target else {}
    return {**own, "name": names[short], "logging": logging, "policy": _policy(definition.get("statements") or [], arn)}


def _policy(statements: list[Mapping[str, Any]], arn: str) -> dict[str, Any]:
    """TLS only, and the bucket's own statements."""
    tls = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    own = [{**each, "Resource": [f"{arn}/{key}".rstrip("/") for key in each["Resource"]]} for each in statements]
    return {"Version": "2012-10-17", "Statement": [tls, *own]}


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"bucket_items": bucket_items}
