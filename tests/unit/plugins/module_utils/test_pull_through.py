# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _pull_through

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ecr-pullthroughcache/hub-AbCdEf"
ITEM = {
    "ecr_repository_prefix": "pay-dev/public",
    "upstream_registry_url": "public.ecr.aws",
    "credential_arn": None,
}
HUB = {"upstream_registry_url": "registry-1.docker.io", "credential_arn": SECRET}


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({}, None),
        (HUB, None),
        ({**HUB, "upstream_registry_url": "mine.azurecr.io"}, None),
        ({"upstream_registry_url": "quay.io"}, None),
        ({"ecr_repository_prefix": "a"}, "ecr_repository_prefix"),
        ({"ecr_repository_prefix": "p" * 31}, "ecr_repository_prefix"),
        ({"ecr_repository_prefix": "pay-dev/Public"}, "ecr_repository_prefix"),
        ({"ecr_repository_prefix": "pay-dev/public/"}, "ecr_repository_prefix"),
        ({"upstream_registry_url": "docker.io"}, "upstream_registry_url"),
        ({"upstream_registry_url": ""}, "upstream_registry_url"),
        ({**HUB, "credential_arn": None}, "credential_arn"),
        ({**HUB, "credential_arn": SECRET.replace("ecr-pullthroughcache/", "")}, "credential_arn"),
    ],
)
def test_what_aws_refuses_is_said_by_option(given: dict[str, Any], option: str | None) -> None:
    found = [problem.partition(":")[0] for problem in _pull_through.problems({**ITEM, **given})]
    assert found == ([option] if option else [])
