# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter secret_items."""

from __future__ import annotations

DOCUMENTATION = r"""
name: secret_items
short_description: Complete the definitions of secrets
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Gives each secret its full name, what all have alike, and a resource policy of its own.
  - C(readers) of a definition are ARNs of roles and users, with C(*) and C(?) as wildcards. Where they are given, the
    policy refuses the secret's value to everybody else but O(always), whatever an identity policy allows.
positional: prefix, alike, policy, always
options:
  _input:
    description: >-
      Definitions by short name, as M(uex.payments.secretsmanager_secret) has them, with C(readers). A null definition
      leaves the secret out.
    type: dict
    required: true
  prefix:
    description: Beginning of every full name, such as V(uex-payments-dev/).
    type: str
    required: true
  alike:
    description: Properties that every secret has unless its definition says otherwise.
    type: dict
    required: true
  policy:
    description: The policy document that all begin with.
    type: dict
    required: true
  always:
    description: ARNs of those that may read every secret which they are allowed to by their own policies.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: A secret that one role reads
  ansible.builtin.debug:
    msg: "{{ {'audit': {'readers': [auditor]}} | uex.payments.secret_items('uex-payments-dev/', {}, policy) }}"
  vars:
    auditor: arn:aws:iam::123456789012:role/auditor
    policy: {Version: "2012-10-17", Statement: []}
"""

RETURN = r"""
_value:
  description: The secrets as items of M(uex.payments.secretsmanager_secret), sorted by short name.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.filter.named import named


def secret_items(
    definitions: Mapping[str, Any],
    prefix: str,
    alike: Mapping[str, Any],
    policy: Mapping[str, Any],
    always: Iterable[str] = (),
) -> list[dict[str, Any]]:
    """The secrets as items; AnsibleFilterError, without values, where a definition is no dictionary."""
    items = named(definitions, prefix)
    return [_item(item, alike, policy, item.get("readers") or [], always) for item in items]


def _item(
    item: Mapping[str, Any],
    alike: Mapping[str, Any],
    policy: Mapping[str, Any],
    readers: Iterable[str],
    always: Iterable[str],
) -> dict[str, Any]:
    own = {key: value for key, value in item.items() if key != "readers"}
    statements = [*policy["Statement"], *([_only(sorted({*readers, *always}))] if readers else [])]
    return {**alike, "resource_policy": {**policy, "Statement": statements}, **own}


def _only(arns: list[str]) -> dict[str, Any]:
    """A condition, as AWS refuses a policy whose principals include one that does not exist."""
    return {
        "Sid": "OnlyReaders",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
        "Condition": {
            "ArnNotLike": {"aws:PrincipalArn": arns},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    }


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"secret_items": secret_items}
