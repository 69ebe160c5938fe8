# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECR's pull-through cache rules, and what AWS would refuse of them; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

OPEN = ("public.ecr.aws", "registry.k8s.io", "quay.io")
#: Those that want to know who pulls; Azure's are one for each customer.
KNOWN = ("registry-1.docker.io", "ghcr.io", "registry.gitlab.com", "cgr.dev")
_AZURE = re.compile(r"[a-z0-9]+\.azurecr\.(io|us)")
_PREFIX = re.compile(r"(?=.{2,30}$)[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*")
_SECRET = re.compile(
    r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache/[\w/+=.@-]+", re.ASCII
)


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What AWS would refuse of a declared rule, each with the option's name."""
    prefix, url, credential = (
        item[name] for name in ("ecr_repository_prefix", "upstream_registry_url", "credential_arn")
    )
    if not _PREFIX.fullmatch(prefix):
        yield f"ecr_repository_prefix: 2 to 30 lower-case letters, digits and . _ - / between them, not {prefix!r}"
    closed = url in KNOWN or _AZURE.fullmatch(url)
    if url not in OPEN and not closed:
        known = ", ".join((*OPEN, *KNOWN, "<name>.azurecr.io"))
        yield f"upstream_registry_url: {url!r} is none that ECR pulls from; there are {known}"
    if closed and not credential:
        yield f"credential_arn: {url} needs one"
    if credential and not _SECRET.fullmatch(credential):
        yield "credential_arn: must be the ARN of a secret whose name begins with ecr-pullthroughcache/"


def rules(registries: Mapping[str, Mapping[str, Any]], stack_name: str) -> list[dict[str, Any]]:
    """The registries of an inventory as rules beneath the environment's name."""
    return [
        {
            "ecr_repository_prefix": f"{stack_name}/{name}",
            "upstream_registry_url": registry.get("upstream_registry_url") or "",
            "credential_arn": registry.get("credential_arn") or None,
        }
        for name, registry in registries.items()
    ]


def described(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of DescribePullThroughCacheRules in the words of the options."""
    return {"upstream_registry_url": entry["upstreamRegistryUrl"], "credential_arn": entry.get("credentialArn")}
