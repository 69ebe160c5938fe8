# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.uex.payments.plugins.filter import pull_through_rules

FILTER = pull_through_rules.FilterModule().filters()["pull_through_rules"]


def test_registries_become_rules_beneath_the_environment_s_name() -> None:
    registries = {
        "public": {"upstream_registry_url": "public.ecr.aws"},
        "hub": {"upstream_registry_url": "registry-1.docker.io", "credential_arn": "arn"},
    }
    assert FILTER(registries, "pay-dev") == [
        {
            "ecr_repository_prefix": "pay-dev/public",
            "upstream_registry_url": "public.ecr.aws",
            "credential_arn": None,
        },
        {
            "ecr_repository_prefix": "pay-dev/hub",
            "upstream_registry_url": "registry-1.docker.io",
            "credential_arn": "arn",
        },
    ]
