# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2 as a whole: pages, dry runs, and tags that know their resource's kind and end with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import get_pagination_model
from moto.ec2 import utils
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

from ._operations import page
from ._patch import after, before

RESOURCE_TYPES = {
    "eipalloc": "elastic-ip",
    "fl": "vpc-flow-log",
    "nat": "natgateway",
    "pl": "prefix-list",
    "sgr": "security-group-rule",
    "vpce": "vpc-endpoint",
}
"""AWS's resource types by the prefix of an id, where moto has none or another."""

DELETIONS = (
    "delete_flow_logs",
    "delete_internet_gateway",
    "delete_network_acl",
    "delete_network_interface",
    "delete_route_table",
    "delete_security_group",
    "delete_subnet",
    "delete_vpc",
    "delete_vpc_endpoints",
    "release_address",
)


def _cut(response: EC2Response, action_result: ActionResult) -> None:
    """Leave one page of a result whose operation AWS pages, if the request asks for a page size."""
    paging = get_pagination_model("ec2").get(str(response._get_action()), {})
    result, size, key = action_result.result, response._get_param("MaxResults"), str(paging.get("result_key"))
    if not (isinstance(result, dict) and size and isinstance(result.get(key), list)) or result.get("NextToken"):
        return
    try:
        result[key], result["NextToken"] = page(result[key], int(size), response._get_param("NextToken"))
    except ValueError as error:
        raise EC2ClientError("InvalidParameterValue", "Unable to parse pagination token") from error


def _refuse_dry_run(response: EC2Response) -> None:
    response.error_on_dryrun()


def _operations() -> Iterator[tuple[type, str]]:
    """Every method of moto's that answers an EC2 operation, with its class."""
    for cls in EC2Response.__bases__:
        yield from ((cls, name) for name, member in list(vars(cls).items()) if callable(member) and name[0] != "_")


def _strings(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from [value] if isinstance(value, str) else _strings(value) if isinstance(value, list) else []


def _forget_tags(backend: EC2Backend, result: Any, *args: Any, **kwargs: Any) -> Any:
    """A deleted resource takes its tags along."""
    for resource in _strings([*args, *kwargs.values()]):
        backend.tags.pop(resource, None)
    return result


def install() -> None:
    """Extend moto's EC2; once is enough, twice is harmless."""
    utils.EC2_PREFIX_TO_RESOURCE.update(RESOURCE_TYPES)
    before(EC2Response, "serialized", _cut)
    for cls, name in _operations():
        before(cls, name, _refuse_dry_run)
    for name in DELETIONS:
        after(EC2Backend, name, _forget_tags)
