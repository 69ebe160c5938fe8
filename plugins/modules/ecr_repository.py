#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ecr_repository
short_description: Manage ECR repositories as one set
description:
  - Creates, changes and prunes image repositories with their life cycle, policy, scanning and tag mutability.
version_added: "0.1.0"
options:
  repositories:
    description: The repositories.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, such as V(uex-payments-dev/presentation). It identifies the repository.
        type: str
        required: true
      image_tag_mutability:
        description:
          - Whether a tag may move to another image. AWS's default is V(MUTABLE).
          - With an exclusion the contrary holds for tags that O(repositories[].image_tag_mutability_exclusions) names.
        type: str
        choices: [MUTABLE, IMMUTABLE, IMMUTABLE_WITH_EXCLUSION, MUTABLE_WITH_EXCLUSION]
      image_tag_mutability_exclusions:
        description: Tags that are excluded, with C(*) as wildcard, at most five.
        type: list
        elements: str
      scan_on_push:
        description: Whether an image is scanned when it is pushed.
        type: bool
      encryption:
        description: How images are encrypted. AWS's default is V(AES256). Cannot change.
        type: dict
        suboptions:
          encryption_type:
            description: With S3's own keys (V(AES256)) or with a key in KMS.
            type: str
            choices: [AES256, KMS, KMS_DSSE]
            required: true
          kms_key:
            description: ARN of the customer's key. Without it AWS uses its own.
            type: str
      lifecycle_policy:
        description: Which images expire, as a document with C(rules). Empty means none.
        type: dict
      policy:
        description: The repository policy as a document. Empty means none.
        type: dict
      tags:
        description: Further tags.
        type: dict
  force_delete:
    description:
      - Delete a repository together with its images.
      - Without it the deletion of a repository that holds any fails with C(RepositoryNotEmptyException).
    type: bool
    default: false
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: One repository that keeps ten releases
  uex.payments.ecr_repository:
    repositories:
      - name: uex-payments-dev/presentation
        image_tag_mutability: IMMUTABLE
        scan_on_push: true
        lifecycle_policy:
          rules:
            - rulePriority: 1
              selection: {tagStatus: any, countType: imageCountMoreThan, countNumber: 10}
              action: {type: expire}
    tags: {Project: uex-payments, Environment: dev, Layer: registry, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
repositories:
  description:
    - The repositories by name, with C(repository_arn), C(repository_uri) and their properties.
    - Policies are canonical JSON.
  returned: success
  type: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _ecr, _owned, _policy, _tags
from ansible_collections.uex.payments.plugins.module_utils._calls import patiently
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

ROLE_DEADLINE = 60.0  #: seconds until ECR sees a new role that a policy names


def role_not_seen_yet(error: Exception) -> bool:
    """Whether ECR doesn't know a principal of the policy, as happens in the first seconds of a role; pure."""
    return "Principal not found" in str(error)


class Repository(Resource):
    kind = "AWS::ECR::Repository"
    service = "ecr"
    plural = "repositories"
    frozen = ("encryption",)
    computed = ("repository_arn", "repository_uri")
    no_log = {"kms_key": False}

    def validate(self, item: Item) -> Iterable[str]:
        return _ecr.problems(item)

    def desired(self, item: Item) -> Item:
        return _ecr.desired(item)

    def observe(self) -> dict[str, Item]:
        ours = set(_owned.arns(self.connect, self.options["tags"], "ecr:repository"))
        names = {item["name"] for item in self.options[self.plural]}
        listed = _aws.pages(self.client, "describe_repositories", "repositories")
        found = [each for each in listed if each["repositoryName"] in names or each["repositoryArn"] in ours]
        items = _aws.concurrently(self._observed, found)
        return {each["repositoryName"]: item for each, item in zip(found, items, strict=True) if item}

    def _observed(self, entry: Mapping[str, Any]) -> Item:
        """One repository; an empty item if it went meanwhile."""
        return _aws.absent_as({}, lambda: self._read(entry), "RepositoryNotFoundException")

    def _read(self, entry: Mapping[str, Any]) -> Item:
        name = entry["repositoryName"]
        policy = self._text("get_repository_policy", "policyText", "RepositoryPolicyNotFoundException", name)
        lifecycle = self._text("get_lifecycle_policy", "lifecyclePolicyText", "LifecyclePolicyNotFoundException", name)
        tags = self.client.list_tags_for_resource(resourceArn=entry["repositoryArn"])["tags"]
        return {
            **_ecr.observed(entry),
            "policy": _policy.canonical(policy),
            "lifecycle_policy": _ecr.canonical_lifecycle(lifecycle),
            "tags": _tags.to_dict(tags),
        }

    def _text(self, operation: str, key: str, absent: str, name: str) -> str:
        return _aws.absent_as("", lambda: str(getattr(self.client, operation)(repositoryName=name)[key]), absent)

    def create(self, name: str, desired: Item) -> None:
        request = {**_ecr.creation(desired), "tags": _tags.to_list(desired["tags"])}
        self.client.create_repository(repositoryName=name, **request)
        self._write_lifecycle(name, desired["lifecycle_policy"] or None)
        self._write_policy(name, desired["policy"] or None)

    def _write_lifecycle(self, name: str, document: str | None) -> None:
        if document:
            self.client.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=document)
        elif document is not None:
            self._delete_part("delete_lifecycle_policy", "LifecyclePolicyNotFoundException", name)

    def _write_policy(self, name: str, document: str | None) -> None:
        if document:
            policy = {"repositoryName": name, "policyText": document}
            patiently(lambda: self.client.set_repository_policy(**policy), role_not_seen_yet, ROLE_DEADLINE)
        elif document is not None:
            self._delete_part("delete_repository_policy", "RepositoryPolicyNotFoundException", name)

    def _delete_part(self, operation: str, absent: str, name: str) -> None:
        _aws.absent_as(None, lambda: getattr(self.client, operation)(repositoryName=name), absent)

    def update(self, name: str, plan: Plan) -> None:
        before, after, changed = plan.before or {}, dict(plan.after or {}), plan.options
        if {"image_tag_mutability", "image_tag_mutability_exclusions"} & changed:
            self.client.put_image_tag_mutability(repositoryName=name, **_ecr.mutability_request(after))
        if "scan_on_push" in changed:
            scanning = {"scanOnPush": after["scan_on_push"]}
            self.client.put_image_scanning_configuration(repositoryName=name, imageScanningConfiguration=scanning)
        self._write_lifecycle(name, after["lifecycle_policy"] if "lifecycle_policy" in changed else None)
        self._write_policy(name, after["policy"] if "policy" in changed else None)
        if "tags" in changed:
            self.client.tag_resource(resourceArn=before["repository_arn"], tags=_tags.to_list(after["tags"]))

    def delete(self, name: str, observed: Item) -> None:
        request = {"repositoryName": name, "force": self.options["force_delete"]}
        _aws.absent_as(None, lambda: self.client.delete_repository(**request), "RepositoryNotFoundException")


def main() -> None:
    run(Repository, DOCUMENTATION)


if __name__ == "__main__":
    main()
