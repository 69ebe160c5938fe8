#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ecr_pull_through_cache_rule
short_description: Manage ECR's pull-through cache rules as one set
description:
  - Lets images of other registries be pulled through ECR, which keeps what was pulled in repositories that it makes
    itself, beneath the prefix of the rule.
  - AWS cannot tag rules. One is ours when its prefix begins with O(prefix).
version_added: "0.1.0"
options:
  prefix:
    description: What the prefixes of the set begin with. O(prune) looks at no others.
    type: str
    required: true
  pull_through_cache_rules:
    description: The rules.
    type: list
    elements: dict
    required: true
    suboptions:
      ecr_repository_prefix:
        description: What the cached repositories' names begin with, 2 to 30 characters. It identifies the rule.
        type: str
        required: true
      upstream_registry_url:
        description: The other registry, such as V(public.ecr.aws). Cannot change, as two registries' images would mix.
        type: str
        required: true
      credential_arn:
        description:
          - ARN of the secret that ECR logs in to the other registry with. Its name begins with
            C(ecr-pullthroughcache/).
          - Docker Hub, GitHub, GitLab, Azure and Chainguard need one.
        type: str
  delete_repositories:
    description: Whether the end of a rule is that of the repositories that it made too, images included.
    type: bool
    default: false
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Images of AWS's public registry
  uex.payments.ecr_pull_through_cache_rule:
    prefix: uex-payments-dev/
    pull_through_cache_rules:
      - {ecr_repository_prefix: uex-payments-dev/public, upstream_registry_url: public.ecr.aws}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
pull_through_cache_rules:
  description: The rules by their prefix.
  returned: success
  type: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _pull_through
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class PullThroughCacheRule(Resource):
    kind = "AWS::ECR::PullThroughCacheRule"
    service = "ecr"
    plural = "pull_through_cache_rules"
    key = "ecr_repository_prefix"
    frozen = ("upstream_registry_url",)
    taggable = False

    def validate(self, item: Item) -> Iterable[str]:
        yield from _pull_through.problems(item)
        if not item["ecr_repository_prefix"].startswith(self.options["prefix"]):
            yield f"ecr_repository_prefix: it does not begin with {self.options['prefix']}"

    def desired(self, item: Item) -> Item:
        return {key: item[key] for key in ("upstream_registry_url", "credential_arn")}

    def observe(self) -> dict[str, Item]:
        listed = _aws.pages(self.client, "describe_pull_through_cache_rules", "pullThroughCacheRules")
        names = {item["ecr_repository_prefix"] for item in self.options["pull_through_cache_rules"]}
        ours = self.options["prefix"]
        found = {each["ecrRepositoryPrefix"]: _pull_through.described(each) for each in listed}
        return {name: rule for name, rule in found.items() if name in names or name.startswith(ours)}

    def owned(self, name: str, observed: Item) -> bool:
        return name.startswith(self.options["prefix"])

    def create(self, name: str, desired: Item) -> None:
        request = {"upstreamRegistryUrl": desired["upstream_registry_url"], **_credential(desired)}
        self.client.create_pull_through_cache_rule(ecrRepositoryPrefix=name, **request)

    def update(self, name: str, plan: Plan) -> None:
        self.client.update_pull_through_cache_rule(ecrRepositoryPrefix=name, **_credential(plan.after or {}))

    def delete(self, name: str, observed: Item) -> None:
        """What was cached first: without its rule nothing would say whose it is."""
        if self.options["delete_repositories"]:
            _aws.concurrently(self._delete_repository, self._cached(name))
        remove = self.client.delete_pull_through_cache_rule
        _aws.absent_as(None, lambda: remove(ecrRepositoryPrefix=name), "PullThroughCacheRuleNotFoundException")

    def _cached(self, name: str) -> list[str]:
        listed = _aws.pages(self.client, "describe_repositories", "repositories")
        return [each["repositoryName"] for each in listed if each["repositoryName"].startswith(f"{name}/")]

    def _delete_repository(self, name: str) -> None:
        remove = self.client.delete_repository
        _aws.absent_as(None, lambda: remove(repositoryName=name, force=True), "RepositoryNotFoundException")


def _credential(desired: Mapping[str, Any]) -> dict[str, str]:
    return {"credentialArn": desired["credential_arn"]} if desired["credential_arn"] else {}


def main() -> None:
    run(PullThroughCacheRule, DOCUMENTATION)


if __name__ == "__main__":
    main()
