# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules on the variables of the registry; each problem begins with the variable's name; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _ecr, _place_rules, _pull_through

Values = Mapping[str, Any]

_PUSHER = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@*/-]+", re.ASCII)
_SHORT = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*")
#: Rules of a life cycle that AWS takes, but for the first and the last.
MOST_PREFIXES = 48
_WORDS = {
    "ecr_repository_prefix": "",
    "upstream_registry_url": ".upstream_registry_url",
    "credential_arn": ".credential_arn",
}


def mutability(values: Values) -> Iterable[str]:
    """Exclusions where the mutability of tags has some."""
    exclusions = list(map(str, values["registry_image_tag_mutability_exclusions"]))
    found = _ecr.exclusion_problems(values["registry_image_tag_mutability"], exclusions)
    yield from (f"registry_image_tag_mutability_exclusions: {problem}" for problem in found)


def life_cycle(values: Values) -> Iterable[str]:
    """How many images stay, and for how long."""
    for variable in ("registry_untagged_expire_days", "registry_keep_images"):
        if values[variable] < 1:
            yield f"{variable}: {values[variable]} must be 1 or more"
    variable = "registry_keep_images_by_prefix"
    by_prefix = values[variable]
    if len(by_prefix) > MOST_PREFIXES:
        yield f"{variable}: {len(by_prefix)} are more than {MOST_PREFIXES}"
    for prefix, number in by_prefix.items():
        if _ecr.prefix_problem(str(prefix)):
            yield f"{variable}: {prefix!r} {_ecr.prefix_problem(str(prefix))}"
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            yield f"{variable}.{prefix}: must be a number from 1, is {number!r}"


def pushers(values: Values) -> Iterable[str]:
    """Who pushes is named by the ARN of a role or user, not of its session."""
    for arn in values["registry_push_role_arns"]:
        if not _PUSHER.fullmatch(str(arn)):
            yield f"registry_push_role_arns: {arn!r} must be a role's or user's ARN, arn:aws:iam::<account>:role/<name>"


def repositories(values: Values) -> Iterable[str]:
    """Names of repositories, none of them a service's or a cache's."""
    services = {service["repository_name"] for service in values["stack_service_list"]}
    cached = tuple(f"{name}/" for name in values["registry_pull_through_cache"])
    for name in values["registry_further_repositories"]:
        place = f"registry_further_repositories: {name!r}"
        if not _SHORT.fullmatch(str(name)):
            yield f"{place} must be lower-case letters, digits and single . _ - / between them"
        elif f"{values['stack_name']}/{name}" in services:
            yield f"{place} is a service's repository already"
        elif str(name).startswith(cached):
            yield f"{place} is where registry_pull_through_cache keeps what it pulls"


def regions(values: Values) -> Iterable[str]:
    """Replicas are in other regions."""
    for region in values["registry_replication_regions"]:
        if not _place_rules.REGION.fullmatch(str(region)):
            yield f"registry_replication_regions: {region!r} is no region's name, such as eu-west-1"
        elif region == values["stack_region"]:
            yield f"registry_replication_regions: {region} is stack_region, which has the images"


def caches(values: Values) -> Iterable[str]:
    """Registries that ECR pulls from."""
    variable = "registry_pull_through_cache"
    for name, registry in values[variable].items():
        if not isinstance(registry, Mapping) or set(registry) - {"upstream_registry_url", "credential_arn"}:
            yield f"{variable}.{name}: must be a dictionary with upstream_registry_url and credential_arn"
            continue
        (rule,) = _pull_through.rules({name: registry}, values["stack_name"])
        for problem in _pull_through.problems(rule):
            option, _colon, text = problem.partition(": ")
            yield f"{variable}.{name}{_WORDS[option]}: {text}"


RULES: tuple[Callable[[Values], Iterable[str]], ...] = (mutability, life_cycle, pushers, repositories, regions, caches)
