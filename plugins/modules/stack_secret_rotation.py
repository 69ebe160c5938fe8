#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_secret_rotation
short_description: Give an environment's secrets new values
description:
  - Rotates the secrets that are named, or all but those that are kept, and waits until each new value is the current
    one.
  - A secret with a rotation schedule is rotated by its function. Of others the generated parts are made anew, or what
    the inventory gives is put, where that differs from the value in use.
  - A rotation that is unfinished goes on where it was. No value is shown, logged or returned.
version_added: "0.1.0"
options:
  secrets:
    description: The environment's secrets.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The whole name, such as V(uex-payments-dev/session).
        type: str
        required: true
      generate:
        description: The parts that are made at random, as M(uex.payments.secretsmanager_secret) takes them.
        type: list
        elements: dict
        default: []
      value:
        description: What somebody else gave, a dictionary. Never shown.
        type: raw
  served:
    description: Short names of secrets that a server keeps a copy of, so that only the function may change them.
    type: list
    elements: str
    default: []
  kept:
    description: Why a secret keeps its value unless it is confirmed, by short name.
    type: dict
    default: {}
  named:
    description: Short names of the secrets to rotate. All that are not kept unless given.
    type: list
    elements: str
    default: []
  confirmed:
    description: Short names of kept secrets that are rotated all the same.
    type: list
    elements: str
    default: []
  log_group:
    description: Name of the function's log group, which tells why a rotation failed.
    type: str
    required: true
  deadline:
    description: Seconds for which a rotation may stay as it is before the wait ends with a failure.
    type: int
    default: 1800
  begun:
    description: What was begun by a call before; then this one only looks. The action of the same name sets it.
    type: dict
    default: {}
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
requirements:
  - python >= 3.11
  - boto3
  - botocore
  - PyYAML
attributes:
  check_mode:
    description: Only reads; returns what would be rotated. Nothing is waited for.
    support: full
  diff_mode:
    description: There is nothing to show but C(actions).
    support: none
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: A new session key
  uex.payments.stack_secret_rotation:
    secrets:
      - {name: uex-payments-dev/session, generate: [{key: key, length: 64}]}
    log_group: /aws/lambda/uex-payments-dev-rotation
"""

RETURN = r"""
actions:
  description: What was rotated, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
rotations:
  description: By name C(how) (V(function), V(generated) or V(given)), C(version_id), C(previous) and C(changed).
  returned: success
  type: dict
failures:
  description: What could not be rotated, as sentences. The task does not fail, so that what was done can be finished.
  returned: success
  type: list
  elements: str
left:
  description: Why a secret was left, by name; empty where secrets were named.
  returned: success
  type: dict
states:
  description: How far each rotation is, as C(kind), C(name), C(status) and C(state).
  returned: success
  type: list
  elements: dict
table:
  description: All of it for a person, line by line.
  returned: success
  type: list
  elements: str
"""

import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import (
    _aws,
    _plan,
    _report,
    _secret_rotation,
    _secret_ways,
    _status,
)
from ansible_collections.uex.payments.plugins.module_utils._discovery import Connect
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._plan import Change, Plan
from ansible_collections.uex.payments.plugins.module_utils._secret_rotation import Begun
from ansible_collections.uex.payments.plugins.module_utils._secret_ways import Wish

KIND = "AWS::SecretsManager::Secret"
SECRECY = {"secrets": False, "value": True}


class Refused(Exception):
    """What was asked for can't be done; nothing was begun."""


def rotated(connect: Connect, options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Begin the rotations: what was begun, what failed, what was left. Raises Refused before anything is."""
    items = options["secrets"]
    wish = Wish(options["named"], options["confirmed"], options["kept"])
    names = [item["name"] for item in items]
    looks = _aws.concurrently(lambda name: _secret_rotation.describe(connect, name), names)
    described = dict(zip(names, looks, strict=True))
    ways = {item["name"]: _secret_ways.way(item, described[item["name"]], options["served"]) for item in items}
    wrong = _secret_ways.problems(ways, wish)
    if wrong:
        raise Refused("; ".join(wrong))
    left = _secret_ways.left(ways, wish)
    chosen = _secret_ways.chosen(items, left, wish)
    begun = _aws.concurrently(
        lambda item: _begun(connect, item, described[item["name"]], ways[item["name"]].how, check_mode), chosen
    )
    rotations = {item["name"]: each._asdict() for item, each in zip(chosen, begun, strict=True) if each.version_id}
    return {"rotations": rotations, "left": left, "failures": [each.failure for each in begun if each.failure]}


def _begun(connect: Connect, item: Mapping[str, Any], described: Mapping[str, Any], how: str, check: bool) -> Begun:
    """What was begun, or would be; one that fails hides no other."""
    before = _secret_rotation.holder(described, _secret_rotation.CURRENT)
    try:
        if check:
            same = _secret_rotation.is_given_already(connect, item, how)
            return Begun(how, before if same else _plan.UNKNOWN, before)
        return _secret_rotation.begin(connect, item, described, how, time.time())
    except Exception as error:
        return Begun(how, "", before, failure=str(failure(item["name"], "rotation", error)))


def looked(connect: Connect, options: Mapping[str, Any], rotations: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How far each rotation is."""
    log_group = options["log_group"]
    return _aws.concurrently(
        lambda name: _secret_rotation.look(connect, name, Begun(**rotations[name]), log_group), rotations
    )


def actions(rotations: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was done, in the words of every module."""
    plans = [
        Plan(name, _plan.UPDATE, {}, {}, [Change("version_id", each["previous"] or None, each["version_id"])])
        for name, each in rotations.items()
        if each["version_id"] != each["previous"]
    ]
    return _report.actions(KIND, (), plans)


def table(rotations: Mapping[str, Any], left: Mapping[str, str]) -> list[str]:
    """All of it for a person."""
    rows = [(name, each["how"], each["previous"] or "-", _version(each)) for name, each in rotations.items()]
    header = ("secret", "how", "version before", "version")
    lines = ["Secrets", *_status.columns([header, *rows])] if rows else ["No secret to rotate"]
    return [*lines, "", "Left as they are", *_status.columns(list(left.items()))] if left else lines


def _version(rotation: Mapping[str, Any]) -> str:
    return "unchanged" if rotation["version_id"] == rotation["previous"] else str(rotation["version_id"])


def main() -> None:
    """Begin, or look at what was begun; the action plugin of the same name looks until all are through."""
    module = new_module(DOCUMENTATION, secrecy=SECRECY)
    options, connect = module.params, connector(module)
    try:
        found = {"rotations": options["begun"]} if options["begun"] else rotated(connect, options, module.check_mode)
        states = [] if module.check_mode else looked(connect, options, found["rotations"])
    except Refused as refused:
        module.fail_json(msg=f"Nothing was rotated: {refused}", actions=[])
    except Exception as error:
        module.fail_json(msg=str(failure("secrets", "rotation", error)), actions=[])
    done = actions(found["rotations"])
    shown = table(found["rotations"], found.get("left", {}))
    module.exit_json(changed=bool(done), actions=done, states=states, table=shown, **found)


if __name__ == "__main__":
    main()
