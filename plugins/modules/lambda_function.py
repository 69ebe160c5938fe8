#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: lambda_function
short_description: Manage Lambda functions whose code is in this collection, as one set
description:
  - Packages, creates, changes and prunes Lambda functions, and says which services may call them.
  - The package is made of a folder and of Python distributions installed beside Ansible. The same files make the same
    package, so code is changed only where it differs.
version_added: "0.1.0"
options:
  functions:
    description: The functions.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, at most 64 letters, digits, hyphens and underscores.
        type: str
        required: true
      description:
        description: What the function is for. At most 256 characters.
        type: str
      source:
        description: Folder of the code, on the controller, with a C(package.json) that says what goes with it.
        type: path
        required: true
      ca_file:
        description: PEM file on the controller that is put into the package as C(authorities.pem).
        type: path
      handler:
        description: The Python function that is called, such as V(package.module.function).
        type: str
        required: true
      runtime:
        description: The runtime.
        type: str
        default: python3.12
      architecture:
        description: The processor.
        type: str
        choices: [arm64, x86_64]
        default: arm64
      role:
        description: ARN of the role that the function runs with.
        type: str
        required: true
      memory_size:
        description: Memory in MB, 128 to 10240.
        type: int
        default: 256
      timeout:
        description: Seconds until a call is ended, 1 to 900.
        type: int
        default: 60
      subnet_ids:
        description: Subnets whose addresses it calls from. An empty list keeps it out of a VPC.
        type: list
        elements: str
      security_group_ids:
        description: Security groups in the VPC.
        type: list
        elements: str
      environment:
        description: Environment variables. No place for secrets, whoever may read the function reads them.
        type: dict
      callers:
        description: Services that may call the function. Left as they are when not given.
        type: list
        elements: dict
        suboptions:
          principal:
            description: The service, such as V(secretsmanager.amazonaws.com).
            type: str
            required: true
          source_account:
            description: The account on whose behalf it may call.
            type: str
            required: true
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: The function that rotates secrets
  uex.payments.lambda_function:
    functions:
      - name: uex-payments-dev-rotation
        source: functions/rotation
        handler: ansible_collections.uex.payments.functions.rotation.handler.handler
        role: arn:aws:iam::123456789012:role/uex-payments-dev-rotation
        timeout: 900
        callers: [{principal: secretsmanager.amazonaws.com, source_account: "123456789012"}]
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
functions:
  description: The functions by name, with C(arn), C(code_sha256), C(state) and their properties.
  returned: success
  type: dict
"""

import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _lambda, _owned, _package, _wait
from ansible_collections.uex.payments.plugins.module_utils._calls import patiently
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

ABSENT = "ResourceNotFoundException"
ROLE_SECONDS = 120.0  #: until Lambda sees a new role and its policies
READY_SECONDS = 600.0  #: until a function has its network interfaces


# amazon.aws.lambda (10.1.2) wants the package as a file, made by something else, and leaves callers to another module.
class Function(Resource):
    kind = "AWS::Lambda::Function"
    service = "lambda"
    plural = "functions"
    computed = ("arn", "state")

    def validate(self, item: Item) -> Iterable[str]:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", item["name"]):
            yield "name: at most 64 letters, digits, hyphens and underscores"
        yield from _lambda.problems(item)

    def desired(self, item: Item) -> Item:
        return {**_lambda.desired(item), "code_sha256": _package.code_sha256(self._package(item["name"]))}

    def _package(self, name: str) -> bytes:
        return self._packages[name]

    @functools.cached_property
    def _packages(self) -> dict[str, bytes]:
        """The package of each function, made once."""
        return {item["name"]: _package.load(item["source"], item["ca_file"]) for item in self.options["functions"]}

    def observe(self) -> dict[str, Item]:
        ours = _owned.arns(self.connect, self.options["tags"], "lambda:function") if self.options["prune"] else []
        names = {arn.rpartition(":")[2] for arn in ours} | {item["name"] for item in self.options["functions"]}
        found = zip(sorted(names), _aws.concurrently(self._observed, sorted(names)), strict=True)
        return {name: item for name, item in found if item}

    def _observed(self, name: str) -> Item:
        found: Item = _aws.absent_as({}, lambda: self.client.get_function(FunctionName=name), ABSENT)
        if not found:
            return {}
        policy: Item = _aws.absent_as({}, lambda: self.client.get_policy(FunctionName=name), ABSENT)
        tags = {"tags": dict(found.get("Tags") or {})}
        return {**_lambda.observed(found["Configuration"]), **tags, "callers": _lambda.callers(policy.get("Policy"))}

    def create(self, name: str, desired: Item) -> None:
        arguments = {**_lambda.settings(desired), **_lambda.code(desired, self._package(name), nested=True)}
        create = functools.partial(self.client.create_function, FunctionName=name, **arguments, Tags=desired["tags"])
        patiently(create, _lambda.role_not_seen_yet, ROLE_SECONDS)
        self._admit(name, [], desired["callers"])

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        if plan.options & {"code_sha256", "architecture"}:
            self._await(name)
            code = _lambda.code(dict(after), self._package(name), nested=False)
            self.client.update_function_code(FunctionName=name, **code)
        if plan.options & _lambda.SETTINGS.keys():
            self._await(name)
            self.client.update_function_configuration(FunctionName=name, **_lambda.settings(after))
        if "tags" in plan.options:
            self.client.tag_resource(Resource=before["arn"], Tags=after["tags"])
        if "callers" in plan.options:
            self._admit(name, before["callers"], after["callers"])

    def _admit(self, name: str, before: list[Mapping[str, str]], after: list[Mapping[str, str]] | None) -> None:
        """Let these services call, and no other."""
        for caller in [each for each in before if each not in (after or [])]:
            self.client.remove_permission(FunctionName=name, StatementId=_lambda.statement_id(caller))
        for caller in [each for each in after or [] if each not in before]:
            self.client.add_permission(FunctionName=name, **_lambda.permission(caller))

    def settle(self, plans: list[Plan]) -> None:
        for plan in plans:
            if plan.after is not None:
                self._await(plan.name)

    def _await(self, name: str) -> None:
        def state() -> Any:
            return self.client.get_function_configuration(FunctionName=name)

        _wait.until(state, _lambda.is_ready, f"{name}: an active function", READY_SECONDS)

    def delete(self, name: str, observed: Item) -> None:
        _aws.absent_as(None, lambda: self.client.delete_function(FunctionName=name), ABSENT)


def main() -> None:
    run(Function, DOCUMENTATION)


if __name__ == "__main__":
    main()
