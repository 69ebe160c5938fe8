# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _registry_rules

CI = "arn:aws:iam::123456789012:role/ci"
SOUND: dict[str, Any] = {
    "stack_name": "pay-dev",
    "stack_region": "us-east-1",
    "stack_service_list": [{"repository_name": "pay-dev/api"}],
    "registry_image_tag_mutability": "IMMUTABLE",
    "registry_image_tag_mutability_exclusions": [],
    "registry_untagged_expire_days": 7,
    "registry_keep_images": 30,
    "registry_keep_images_by_prefix": {},
    "registry_push_role_arns": [],
    "registry_further_repositories": [],
    "registry_replication_regions": [],
    "registry_pull_through_cache": {},
}
PUBLIC = {"public": {"upstream_registry_url": "public.ecr.aws"}}


@pytest.mark.parametrize(
    ("name", "value", "places"),
    [
        ("stack_name", "pay-dev", []),
        ("image_tag_mutability", "IMMUTABLE_WITH_EXCLUSION", ["image_tag_mutability_exclusions"]),
        ("image_tag_mutability_exclusions", ["latest"], ["image_tag_mutability_exclusions"]),
        ("untagged_expire_days", 0, ["untagged_expire_days"]),
        ("keep_images", 0, ["keep_images"]),
        ("keep_images_by_prefix", {"release-": 50}, []),
        ("keep_images_by_prefix", {"release-*": 50}, ["keep_images_by_prefix"]),
        ("keep_images_by_prefix", {"": 50}, ["keep_images_by_prefix"]),
        ("keep_images_by_prefix", {"release-": 0}, ["keep_images_by_prefix.release-"]),
        ("keep_images_by_prefix", {"release-": "many"}, ["keep_images_by_prefix.release-"]),
        ("keep_images_by_prefix", {f"a{n}": 1 for n in range(49)}, ["keep_images_by_prefix"]),
        ("push_role_arns", [CI, "arn:aws:iam::123456789012:role/ci-*", "arn:aws:iam::123456789012:user/bot"], []),
        ("push_role_arns", ["ci"], ["push_role_arns"]),
        ("push_role_arns", ["arn:aws:sts::123456789012:assumed-role/ci/session"], ["push_role_arns"]),
        ("push_role_arns", ["arn:aws:iam::*:role/ci"], ["push_role_arns"]),
        ("further_repositories", ["log-router", "tools/x"], []),
        ("further_repositories", ["Log"], ["further_repositories"]),
        ("further_repositories", ["api"], ["further_repositories"]),
        ("replication_regions", ["eu-west-1"], []),
        ("replication_regions", ["europe"], ["replication_regions"]),
        ("replication_regions", ["us-east-1"], ["replication_regions"]),
        ("pull_through_cache", PUBLIC, []),
        ("pull_through_cache", {"p" * 30: PUBLIC["public"]}, [f"pull_through_cache.{'p' * 30}"]),
        ("pull_through_cache", {"public": "public.ecr.aws"}, ["pull_through_cache.public"]),
        ("pull_through_cache", {"public": {"url": "x"}}, ["pull_through_cache.public"]),
        ("pull_through_cache", {"public": {}}, ["pull_through_cache.public.upstream_registry_url"]),
        (
            "pull_through_cache",
            {"hub": {"upstream_registry_url": "registry-1.docker.io"}},
            ["pull_through_cache.hub.credential_arn"],
        ),
    ],
)
def test_a_broken_rule_is_said_with_the_variable_s_name(name: str, value: Any, places: list[str]) -> None:
    key = name if name.startswith("stack") else f"registry_{name}"
    values = {**SOUND, key: value}
    found = [problem for rule in _registry_rules.RULES for problem in rule(values)]
    assert [problem.partition(":")[0] for problem in found] == [f"registry_{place}" for place in places]


def test_a_repository_is_not_where_a_cache_keeps_its_own() -> None:
    values = {
        **SOUND,
        "registry_pull_through_cache": PUBLIC,
        "registry_further_repositories": ["public/x", "publicity"],
    }
    assert list(_registry_rules.repositories(values)) == [
        "registry_further_repositories: 'public/x' is where registry_pull_through_cache keeps what it pulls"
    ]
