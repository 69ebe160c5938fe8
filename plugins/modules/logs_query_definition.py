#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: logs_query_definition
short_description: Manage saved CloudWatch Logs Insights queries as one set
description:
  - Creates, changes and prunes saved queries.
  - Saved queries can't be tagged. They are owned through their name, which begins with project and environment.
version_added: "0.1.0"
options:
  query_definitions:
    description: The queries.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the query, at most 255 characters.
        type: str
        required: true
      query_string:
        description: The query.
        type: str
        required: true
      log_group_names:
        description: Log groups that it is run on.
        type: list
        elements: str
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Errors at hand
  uex.payments.logs_query_definition:
    query_definitions:
      - name: uex-payments-dev-errors
        query_string: fields @timestamp, @message | filter @message like /ERROR/ | limit 50
        log_group_names: [uex-payments-dev-uex-backend]
    tags: {Project: uex-payments, Environment: dev, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
query_definitions:
  description: The queries by name, with C(query_definition_id).
  returned: success
  type: dict
"""

from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class QueryDefinition(Resource):
    kind = "AWS::Logs::QueryDefinition"
    service = "logs"
    plural = "query_definitions"
    computed = ("query_definition_id",)
    taggable = False

    def desired(self, item: Item) -> Item:
        groups = None if item["log_group_names"] is None else sorted(item["log_group_names"])
        return {"query_string": item["query_string"].strip(), "log_group_names": groups}

    def owned(self, name: str, observed: Item) -> bool:
        return _tags.names(self.options["tags"], name)

    def observe(self) -> dict[str, Item]:
        declared = {item["name"] for item in self.options[self.plural]}
        own = f"{_tags.beginning(self.options['tags'])}-"
        prefixes = {own, *(name for name in declared if not name.startswith(own))}
        found = [entry for prefix in prefixes for entry in self._entries(prefix)]
        return {
            entry["name"]: {
                "query_definition_id": entry["queryDefinitionId"],
                "query_string": entry["queryString"],
                "log_group_names": sorted(entry.get("logGroupNames") or []),
            }
            for entry in found
        }

    def _entries(self, prefix: str) -> list[dict[str, Any]]:
        """botocore knows no paginator for this operation."""
        entries: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        while True:
            page = self.client.describe_query_definitions(queryDefinitionNamePrefix=prefix, maxResults=1000, **token)
            entries += page["queryDefinitions"]
            if not page.get("nextToken"):
                return entries
            token = {"nextToken": page["nextToken"]}

    def create(self, name: str, desired: Item) -> None:
        self._put(name, desired)

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        self._put(name, dict(after), queryDefinitionId=before["query_definition_id"])

    def _put(self, name: str, desired: Item, **identity: str) -> None:
        self.client.put_query_definition(
            name=name,
            queryString=desired["query_string"],
            logGroupNames=desired["log_group_names"] or [],
            **identity,
        )

    def delete(self, name: str, observed: Item) -> None:
        query = observed["query_definition_id"]
        _aws.absent_as(
            None, lambda: self.client.delete_query_definition(queryDefinitionId=query), "ResourceNotFoundException"
        )


def main() -> None:
    run(QueryDefinition, DOCUMENTATION)


if __name__ == "__main__":
    main()
