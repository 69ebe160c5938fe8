#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: route53_health_check
short_description: Manage Route 53 health checks of endpoints as one set
description:
  - Creates, changes, replaces and prunes health checks that AWS runs from several regions against a public name.
version_added: "0.1.0"
options:
  health_checks:
    description: The health checks.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Value of the tag C(Name), which identifies the health check.
        type: str
        required: true
      type:
        description: What is checked. A change replaces the health check.
        type: str
        choices: [HTTP, HTTPS, HTTP_STR_MATCH, HTTPS_STR_MATCH, TCP]
        default: HTTPS
      fully_qualified_domain_name:
        description: The name that is checked.
        type: str
        required: true
      port:
        description: The port that is checked.
        type: int
        default: 443
      resource_path:
        description: The path that must answer with a status below 400, with its first slash. Not for TCP.
        type: str
      search_string:
        description: What the first 5120 bytes of the answer must contain, for the types that match a string.
        type: str
      request_interval:
        description: Seconds between two checks from one region. A change replaces the health check.
        type: int
        choices: [10, 30]
        default: 30
      failure_threshold:
        description: Checks in a row until the state changes, from 1 to 10.
        type: int
        default: 3
      measure_latency:
        description: Whether AWS draws the latency. A change replaces the health check.
        type: bool
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A public endpoint
  uex.payments.route53_health_check:
    health_checks:
      - name: uex-payments-dev-https
        fully_qualified_domain_name: pay.example.com
        resource_path: /client/health
    tags: {Project: uex-payments, Environment: dev, Layer: edge, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
health_checks:
  description: The health checks by name, with C(health_check_id) and their properties.
  returned: success
  type: dict
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _route53, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

FIXED = {"type": "Type", "request_interval": "RequestInterval", "measure_latency": "MeasureLatency"}
CHANGEABLE = {
    "fully_qualified_domain_name": "FullyQualifiedDomainName",
    "port": "Port",
    "resource_path": "ResourcePath",
    "search_string": "SearchString",
    "failure_threshold": "FailureThreshold",
}
PROPERTIES = {**FIXED, **CHANGEABLE}


def configuration(properties: Mapping[str, Any], table: Mapping[str, str]) -> dict[str, Any]:
    """The declared properties of C(table) as AWS takes them; pure."""
    return _aws.declared({key: properties[option] for option, key in table.items()})


class HealthCheck(Resource):
    kind = "AWS::Route53::HealthCheck"
    service = "route53"
    plural = "health_checks"
    replaceable = tuple(FIXED)
    computed = ("health_check_id",)
    name_tag = True

    def validate(self, item: Item) -> Iterable[str]:
        matches = item["type"].endswith("_STR_MATCH")
        if bool(item["search_string"]) != matches:
            yield f"search_string: {'needed' if matches else 'not'} with {item['type']}"
        if item["resource_path"] and item["type"] == "TCP":
            yield "resource_path: not with TCP"
        if not 1 <= item["failure_threshold"] <= 10:
            yield f"failure_threshold: from 1 to 10, not {item['failure_threshold']}"

    def desired(self, item: Item) -> Item:
        return {option: item[option] for option in PROPERTIES}

    def observe(self) -> dict[str, Item]:
        found = {entry["Id"]: entry for entry in _aws.pages(self.client, "list_health_checks", "HealthChecks")}
        tags = _route53.tags_by_id(self.client, "healthcheck", found)
        return {
            own["Name"]: {
                "health_check_id": identifier,
                **{option: found[identifier]["HealthCheckConfig"].get(key) for option, key in PROPERTIES.items()},
                "tags": own,
            }
            for identifier, own in tags.items()
            if "Name" in own
        }

    def create(self, name: str, desired: Item) -> None:
        """A reference once used is never free again, not after a deletion either: each creation has its own."""
        created = self.client.create_health_check(
            CallerReference=str(uuid.uuid4()), HealthCheckConfig=configuration(desired, PROPERTIES)
        )
        self._tag(created["HealthCheck"]["Id"], desired["tags"])

    def _tag(self, identifier: str, tags: Mapping[str, str]) -> None:
        self.client.change_tags_for_resource(
            ResourceType="healthcheck", ResourceId=identifier, AddTags=_tags.to_list(tags)
        )

    def update(self, name: str, plan: Plan) -> None:
        identifier, after = (plan.before or {})["health_check_id"], dict(plan.after or {})
        if plan.options & set(CHANGEABLE):
            self.client.update_health_check(HealthCheckId=identifier, **configuration(after, CHANGEABLE))
        if "tags" in plan.options:
            self._tag(identifier, after["tags"])

    def delete(self, name: str, observed: Item) -> None:
        identifier = observed["health_check_id"]
        _aws.absent_as(None, lambda: self.client.delete_health_check(HealthCheckId=identifier), "NoSuchHealthCheck")


def main() -> None:
    run(HealthCheck, DOCUMENTATION)


if __name__ == "__main__":
    main()
