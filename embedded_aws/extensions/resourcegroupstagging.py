# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Resource Groups Tagging: every tagged resource that still exists, whichever service it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource, make_tag_matcher
from moto.resourcegroupstaggingapi.exceptions import ResourceGroupsTaggingAPIError
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse

from . import budgets, ce, config, guardduty, securityhub
from ._operations import add
from ._patch import before

Tagged = tuple[str, dict[str, str]]


def _stored(store: Any, arns: Iterable[str]) -> Iterator[Tagged]:
    """Each of `arns` with its tags in one of moto's tagging services."""
    return ((arn, store.get_tag_dict_for_resource(arn)) for arn in arns)


def _ecr(backend: Any) -> Iterator[Tagged]:
    return _stored(backend.tagger, (each.arn for each in backend.repositories.values()))


def _events(backend: Any) -> Iterator[Tagged]:
    rules = (rule for bus in backend.event_buses.values() for rule in bus.rules.values())
    return _stored(backend.tagger, (rule.arn for rule in rules))


def _wafv2(backend: Any) -> Iterator[Tagged]:
    kinds = (backend.wacls, backend.ip_sets, backend.rule_groups, backend.regex_pattern_sets)
    return _stored(backend.tagging_service, (each.arn for kind in kinds for each in kind.values()))


def _elbv2(backend: Any) -> Iterator[Tagged]:
    listeners = [each for balancer in backend.load_balancers.values() for each in balancer.listeners.values()]
    rules = (rule for listener in listeners for rule in listener.rules.values())
    return _stored(backend.tagging_service, (each.arn for each in chain(listeners, rules)))


def _cloudwatch(backend: Any) -> Iterator[Tagged]:
    return _stored(backend.tagger, (each.arn for each in backend.dashboards.values()))


def _servicediscovery(backend: Any) -> Iterator[Tagged]:
    kinds = (backend.namespaces, backend.services)
    return _stored(backend.tagger, (each.arn for kind in kinds for each in kind.values()))


def _cloudtrail(backend: Any) -> Iterator[Tagged]:
    return _stored(backend.tagging_service, (each.arn for each in backend.trails.values()))


def _rds(backend: Any) -> Iterator[Tagged]:
    kinds = (backend.subnet_groups, backend.db_parameter_groups, backend.option_groups)
    for resource in (each for kind in kinds for each in kind.values()):
        yield resource.arn, {tag["Key"]: tag["Value"] for tag in resource.get_tags()}


def _elasticache(backend: Any) -> Iterator[Tagged]:
    kinds = (getattr(backend, name, {}) for name in ("cache_parameter_groups", "user_groups"))
    nodes = (
        group.arn_of("cluster", name) for group in backend.replication_groups.values() for name in group.member_clusters
    )
    return _stored(backend.tagging_service, chain((each.arn for kind in kinds for each in kind.values()), nodes))


def _route53(backend: Any) -> Iterator[Tagged]:
    kinds = {"hostedzone": backend.zones, "healthcheck": backend.health_checks}
    for kind, ids in kinds.items():
        for name in ids:
            yield f"arn:{backend.partition}:route53:::{kind}/{name}", backend.resource_tags.get(name, {})


def _ec2(backend: Any) -> Iterator[Tagged]:
    kinds = {
        "elastic-ip": (each.allocation_id for each in backend.addresses),
        "network-acl": backend.network_acls,
        "vpc-endpoint": backend.vpc_end_points,
        "vpc-flow-log": backend.flow_logs,
    }
    start = f"arn:{backend.partition}:ec2:{backend.region_name}:{backend.account_id}"
    for kind, ids in kinds.items():
        for name in filter(None, ids):
            yield f"{start}:{kind}/{name}", dict(backend.tags.get(name, {}))


def _gone_ecs(backend: Any) -> set[str]:
    every = chain(backend.services.values(), backend.clusters.values())
    return {getattr(each, "arn", None) or each.physical_resource_id for each in every if each.status == "INACTIVE"}


def _gone_ec2(backend: Any) -> set[str]:
    start = f"arn:{backend.partition}:ec2:{backend.region_name}:{backend.account_id}"
    gateways = {f"{start}:natgateway/{each.id}" for each in backend.nat_gateways.values() if each.state == "deleted"}
    return gateways | {f"{start}:flow-logs/{name}" for name in backend.flow_logs}


# What moto does not report, by service; and what it still reports although it is gone, or under a wrong name.
MORE: dict[str, Callable[[Any], Iterator[Tagged]]] = {
    "budgets": budgets.tagged,
    "ce": ce.tagged,
    "cloudtrail": _cloudtrail,
    "cloudwatch": _cloudwatch,
    "config": config.tagged,
    "ec2": _ec2,
    "ecr": _ecr,
    "elasticache": _elasticache,
    "elbv2": _elbv2,
    "events": _events,
    "guardduty": guardduty.tagged,
    "rds": _rds,
    "route53": _route53,
    "securityhub": securityhub.tagged,
    "servicediscovery": _servicediscovery,
    "wafv2": _wafv2,
}
GONE: dict[str, Callable[[Any], set[str]]] = {"ec2": _gone_ec2, "ecs": _gone_ecs}


def _backends(account: str, region: str) -> Iterator[tuple[str, Any]]:
    """The backends in use, with their service's name; of a global service only from us-east-1, except S3's buckets."""
    for backends in list(BackendDict._instances):  # type: ignore[misc]
        if account not in backends:
            continue
        found = backends[account]
        if region in set(found):
            yield backends.service_name, found[region]
        elif "aws" in set(found) and (region == "us-east-1" or backends.service_name == "s3"):
            yield backends.service_name, found["aws"]


def _resources(service: str, backend: Any) -> Iterator[TaggedResource]:
    """The tagged resources of one service in one region."""
    gone = GONE[service](backend) if service in GONE else set()
    if isinstance(backend, TaggableResourcesMixin):
        yield from (each for each in backend.iter_tagged_resources() if each.tags and each.arn not in gone)
    if service in MORE:
        yield from (TaggedResource(arn, tags, _type(arn)) for arn, tags in MORE[service](backend) if tags)


def _type(arn: str) -> str:
    """`service:kind`, as the ARN has them: `rds:pg`, `ec2:subnet`."""
    service, rest = arn.split(":", 5)[2::3]
    return f"{service}:{rest.replace('/', ':').split(':')[0]}"


def _has_type(resource: TaggedResource, filters: list[str] | None) -> bool:
    """Whether a resource is of one of these types, each a service (`rds`) or a kind in it (`rds:db`)."""
    service, rest = resource.arn.split(":", 5)[2::3]
    path = f"{service}:{rest}".replace("/", ":") + ":"
    wanted = [each.replace("/", ":") + ":" for each in filters or []]
    return not wanted or any(path.startswith(each) or f"{resource.resource_type}:" == each for each in wanted)


def _every(backend: ResourceGroupsTaggingAPIBackend) -> list[TaggedResource]:
    found = chain.from_iterable(_resources(*each) for each in _backends(backend.account_id, backend.region_name))
    return list({each.arn: each for each in found}.values())


def _get_resources_generator(self: ResourceGroupsTaggingAPIBackend, **wanted: Any) -> Iterator[TaggedResource]:
    """The resources that match; taken at once, so that later pages don't depend on what happens between them."""
    matches, arns = make_tag_matcher(wanted.get("tag_filters")), wanted.get("resource_arn_list")
    types = wanted.get("resource_type_filters")
    found = (each for each in _every(self) if matches(each.tags) and _has_type(each, types))
    return iter([each for each in found if not arns or each.arn in arns])


def _get_tag_keys_generator(self: ResourceGroupsTaggingAPIBackend) -> Iterator[str]:
    """Each tag key in use, once."""
    return iter(sorted({key for each in _every(self) for key in each.tags}))


def _get_tag_values_generator(self: ResourceGroupsTaggingAPIBackend, tag_key: str) -> Iterator[str]:
    """Each value in use for a tag key, once."""
    return iter(sorted({each.tags[tag_key] for each in _every(self) if tag_key in each.tags}))


def _check(response: ResourceGroupsTaggingAPIResponse) -> None:
    """A list of ARNs excludes every filter. Raises InvalidParameterException."""
    filters = ("TagFilters", "ResourceTypeFilters", "ResourcesPerPage", "TagsPerPage", "PaginationToken")
    if response._get_param("ResourceARNList") and any(response._get_param(name) for name in filters):
        message = "ResourceARNList cannot be combined with other parameters."
        raise ResourceGroupsTaggingAPIError("InvalidParameterException", message)


def install() -> None:
    """Install into moto's Resource Groups Tagging API."""
    before(ResourceGroupsTaggingAPIResponse, "get_resources", _check)
    add(
        ResourceGroupsTaggingAPIBackend,
        _get_resources_generator,
        _get_tag_keys_generator,
        _get_tag_values_generator,
    )
