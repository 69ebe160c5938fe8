#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: servicediscovery_http_namespace
short_description: Manage HTTP namespaces of AWS Cloud Map as one set
description:
  - Creates, changes and prunes the HTTP namespaces that ECS Service Connect registers services in.
version_added: "0.1.0"
options:
  namespaces:
    description: The namespaces.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The namespace's name.
        type: str
        required: true
      description:
        description: What it is for. Left as it is when not given.
        type: str
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A namespace for Service Connect
  uex.payments.servicediscovery_http_namespace:
    namespaces:
      - {name: uex-payments-dev, description: Services of uex-payments-dev}
    tags: {Project: uex-payments, Environment: dev, Layer: compute, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
namespaces:
  description: The namespaces by name, with C(namespace_arn), C(namespace_id) and their properties.
  returned: success
  type: dict
"""

import uuid
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _tags, _wait
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class OperationFailed(Exception):
    """Cloud Map accepted a request and could not carry it out."""


class Namespace(Resource):
    kind = "AWS::ServiceDiscovery::HttpNamespace"
    service = "servicediscovery"
    plural = "namespaces"
    computed = ("namespace_arn", "namespace_id")

    def desired(self, item: Item) -> Item:
        return _aws.declared({"description": item["description"]})

    def observe(self) -> dict[str, Item]:
        kind = [{"Name": "TYPE", "Values": ["HTTP"], "Condition": "EQ"}]
        entries = _aws.pages(self.client, "list_namespaces", "Namespaces", Filters=kind)
        found = [entry for entry in entries if entry["Type"] == "HTTP"]
        return dict(_aws.concurrently(self._described, found))

    def _described(self, entry: dict[str, Any]) -> tuple[str, Item]:
        tags = self.client.list_tags_for_resource(ResourceARN=entry["Arn"])["Tags"]
        return entry["Name"], {
            "namespace_arn": entry["Arn"],
            "namespace_id": entry["Id"],
            "description": entry.get("Description"),
            "tags": _tags.to_dict(tags),
        }

    def create(self, name: str, desired: Item) -> None:
        given = _aws.declared({"Description": desired.get("description")})
        tags = _tags.to_list(desired["tags"])
        self._finish(
            self.client.create_http_namespace(Name=name, CreatorRequestId=uuid.uuid4().hex, Tags=tags, **given)
        )

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        if "tags" in plan.options:
            self.client.tag_resource(ResourceARN=before["namespace_arn"], Tags=_tags.to_list(after["tags"]))
        if "description" in plan.options:
            changed = {"Description": after["description"]}
            self._finish(self.client.update_http_namespace(Id=before["namespace_id"], Namespace=changed))

    def delete(self, name: str, observed: Item) -> None:
        """ECS takes its own entries out of the namespace a little after the last service that used it."""
        started = _wait.until(
            lambda: _aws.absent_as(None, lambda: self._delete(observed["namespace_id"]), "ResourceInUse"),
            lambda answer: answer is not None,
            f"an empty namespace {name}",
            self.deadline,
        )
        if started:
            self._finish(started)

    def _delete(self, namespace_id: str) -> dict[str, Any]:
        return _aws.absent_as({}, lambda: dict(self.client.delete_namespace(Id=namespace_id)), "NamespaceNotFound")

    def _finish(self, started: dict[str, Any]) -> None:
        """Wait for the operation that a request started; raises OperationFailed or TimedOut."""
        operation = _wait.until(
            lambda: self.client.get_operation(OperationId=started["OperationId"])["Operation"],
            lambda found: found["Status"] in ("SUCCESS", "FAIL"),
            "the end of the operation",
            self.deadline,
            pause=2,
        )
        if operation["Status"] == "FAIL":
            raise OperationFailed(operation.get("ErrorMessage") or "Cloud Map gives no reason")


def main() -> None:
    run(Namespace, DOCUMENTATION)


if __name__ == "__main__":
    main()
