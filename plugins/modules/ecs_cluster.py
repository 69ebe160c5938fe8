#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_cluster
short_description: Manage ECS clusters as one set
description:
  - Creates, changes and prunes ECS clusters with their capacity providers, Container Insights, the logging of commands
    that people execute in tasks, and the default namespace of Service Connect.
  - AWS refuses to delete a cluster while it holds services or tasks.
version_added: "0.1.0"
options:
  clusters:
    description: The clusters.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The cluster's name.
        type: str
        required: true
      container_insights:
        description: How much CloudWatch measures. Left as it is when not given.
        type: str
        choices: [enabled, disabled, enhanced]
      capacity_providers:
        description: Names of the capacity providers that services may use. Left as they are when not given.
        type: list
        elements: str
      default_capacity_provider_strategy:
        description: How tasks spread over the providers unless their service says so.
        type: list
        elements: dict
        suboptions:
          capacity_provider:
            description: Name of the provider.
            type: str
            required: true
          base:
            description: Number of tasks that run on it before weights count. Only one provider can have a base.
            type: int
            default: 0
          weight:
            description: Relative share of the tasks beyond the base.
            type: int
            default: 0
      execute_command_configuration:
        description: How commands executed in tasks are audited. Left as it is when not given.
        type: dict
        suboptions:
          logging:
            description: Where the log goes.
            type: str
            choices: [DEFAULT, OVERRIDE, NONE]
            default: OVERRIDE
          kms_key_id:
            description: ARN of a key that encrypts the session beside TLS. The tasks' roles must be allowed to use it.
            type: str
          cloud_watch_log_group_name:
            description: The log group, for O(clusters[].execute_command_configuration.logging=OVERRIDE).
            type: str
          cloud_watch_encryption_enabled:
            description: Whether the log group must be encrypted with a customer key; ECS refuses to log to another.
            type: bool
            default: true
      service_connect_namespace:
        description: ARN of the namespace that services join unless they name one.
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
- name: A cluster on Fargate
  uex.payments.ecs_cluster:
    clusters:
      - name: uex-payments-dev
        container_insights: enabled
        capacity_providers: [FARGATE, FARGATE_SPOT]
        default_capacity_provider_strategy:
          - {capacity_provider: FARGATE, base: 1, weight: 1}
        execute_command_configuration:
          cloud_watch_log_group_name: uex-payments-dev-exec
    tags: {Project: uex-payments, Environment: dev, Layer: compute, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
clusters:
  description: The clusters by name, with C(cluster_arn) and their properties.
  returned: success
  type: dict
"""

import functools
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from ansible_collections.uex.payments.plugins.module_utils import _aws, _calls, _ecs, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

DESCRIBED_AT_ONCE = 100
STILL_USED = ("ClusterContainsServicesException", "ClusterContainsTasksException", "UpdateInProgressException")
USED_WITHIN = 120.0  #: seconds
MAKING = ("PROVISIONING", "ACTIVE")


class Cluster(Resource):
    kind = "AWS::ECS::Cluster"
    service = "ecs"
    plural = "clusters"
    computed = ("cluster_arn",)
    no_log: ClassVar[Mapping[str, bool]] = {"kms_key_id": False}

    def validate(self, item: Item) -> Iterable[str]:
        return _ecs.strategy_problems("default_capacity_provider_strategy", item["default_capacity_provider_strategy"])

    def desired(self, item: Item) -> Item:
        return _ecs.declared_cluster(item)

    def observe(self) -> dict[str, Item]:
        listed = [arn.rpartition("/")[2] for arn in _aws.pages(self.client, "list_clusters", "clusterArns")]
        names = sorted({*listed, *(item["name"] for item in self.options["clusters"])})
        found = [entry for some in _aws.chunks(names, DESCRIBED_AT_ONCE) for entry in self._describe(some)]
        return {entry["clusterName"]: _ecs.described_cluster(entry) for entry in found if entry["status"] in MAKING}

    def _describe(self, names: list[str]) -> list[Mapping[str, Any]]:
        include = ["SETTINGS", "CONFIGURATIONS", "TAGS"]
        return list(self.client.describe_clusters(clusters=names, include=include)["clusters"])

    def create(self, name: str, desired: Item) -> None:
        tags = _tags.to_list(desired["tags"], "key", "value")
        self.client.create_cluster(clusterName=name, tags=tags, **_ecs.cluster_request(desired))

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        request = _ecs.cluster_request({option: after[option] for option in plan.options})
        if "tags" in plan.options:
            self.client.tag_resource(
                resourceArn=before["cluster_arn"], tags=_tags.to_list(after["tags"], "key", "value")
            )
        if not plan.options.isdisjoint(_ecs.PROVIDERS):
            both = _ecs.cluster_request({option: after.get(option, before[option]) for option in _ecs.PROVIDERS})
            self.client.put_cluster_capacity_providers(cluster=name, **both)
        rest = {key: value for key, value in request.items() if key not in _ecs.PROVIDER_MEMBERS}
        if rest:
            self.client.update_cluster(cluster=name, **rest)

    def delete(self, name: str, observed: Item) -> None:
        """Its last services and tasks may still be counted a little after they ended."""
        delete = functools.partial(self.client.delete_cluster, cluster=name)
        once = functools.partial(_aws.absent_as, None, delete, "ClusterNotFoundException")
        _calls.patiently(once, _calls.has_code(*STILL_USED), USED_WITHIN)


def main() -> None:
    run(Cluster, DOCUMENTATION)


if __name__ == "__main__":
    main()
