#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_secret_readers
short_description: Replace the tasks that use a secret's last value
description:
  - Tasks read their secrets when they start. This begins a deployment of every service whose tasks were started before
    a secret that they read got the value that it has now.
  - A service whose tasks are younger is left, so that a second run begins nothing. Nothing is waited for.
version_added: "0.1.0"
options:
  cluster:
    description: Name of the cluster.
    type: str
    required: true
  secrets:
    description: Names of the secrets.
    type: list
    elements: str
    required: true
  changed:
    description: In check mode, names of those among O(secrets) that would have changed by now.
    type: list
    elements: str
    default: []
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
    description: Only reads; returns which services would be deployed.
    support: full
  diff_mode:
    description: There is nothing to show but C(actions).
    support: none
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: Who reads the session key gets the new one
  uex.payments.stack_secret_readers:
    cluster: uex-payments-dev
    secrets: [uex-payments-dev/session]
"""

RETURN = r"""
actions:
  description: Which services were deployed, or would be in check mode, as C(kind), C(name), C(verb) and C(effects).
  returned: always
  type: list
  elements: dict
services:
  description: By the name of the service that was deployed, the names of the secrets that it had read too early.
  returned: success
  type: dict
table:
  description: All of it for a person, line by line.
  returned: success
  type: list
  elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _arns, _plan, _report, _secret_readers, _status
from ansible_collections.uex.payments.plugins.module_utils._discovery import Connect
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._plan import Change, Plan

KIND = "AWS::ECS::Service"
DEPLOYS = "starts a deployment"


def replaced(connect: Connect, options: Mapping[str, Any], check_mode: bool) -> tuple[dict[str, list[str]], list[str]]:
    """The services whose tasks are replaced, each with the secrets that it had read too early; what failed."""
    ages = _secret_readers.ages(connect, options["secrets"]) if options["secrets"] else {}
    changed = [arn for arn in ages if _named(arn) in options["changed"]] if check_mode else []
    entries = _secret_readers.services(connect, options["cluster"]) if ages else []
    found = _secret_readers.stale(entries, ages, changed)
    failures = [] if check_mode else _begun(connect, options["cluster"], found)
    return {name: [_named(arn) for arn in arns] for name, arns in found.items()}, failures


def _begun(connect: Connect, cluster: str, names: Mapping[str, Any]) -> list[str]:
    """Begin all deployments; one that fails hides no other."""
    failures = []
    for name in names:
        try:
            _secret_readers.replace(connect, cluster, name)
        except Exception as error:
            failures.append(str(failure(name, "deployment", error)))
    return failures


def _named(arn: str) -> str:
    """The name of the secret, without the six characters that AWS adds."""
    return _arns.parse(arn).rest.rpartition("-")[0]


def actions(services: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """What was done, in the words of every module."""
    plans = [Plan(name, _plan.UPDATE, {}, {}, [Change("secrets", None, names)]) for name, names in services.items()]
    return _report.actions(KIND, (), plans, lambda _plan: [DEPLOYS])


def main() -> None:
    module = new_module(DOCUMENTATION, secrecy={"secrets": False})
    try:
        services, failures = replaced(connector(module), module.params, module.check_mode)
    except Exception as error:
        module.fail_json(msg=str(failure(module.params["cluster"], "replacement of tasks", error)), actions=[])
    rows = [(name, ", ".join(names)) for name, names in services.items()]
    result = {"changed": bool(services), "actions": actions(services), "services": services}
    table = ["Tasks to replace", *_status.columns(rows)] if rows else ["No tasks to replace"]
    if failures:
        module.fail_json(msg="; ".join(failures), table=table, **result)
    module.exit_json(table=table, **result)


if __name__ == "__main__":
    main()
