# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What load balancers, listeners, target groups and rules have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict, snake_dict_to_camel_dict

from . import _aws, _plan, _tags
from ._resource import Resource

Tags = dict[str, str]

TAGS_A_CALL = 20  #: ARNs that DescribeTags takes
NAME_LENGTH = 32
_NAME = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


class Attribute(NamedTuple):
    """An attribute of a load balancer or target group: AWS's key, and what its text stands for."""

    key: str
    type: type


Attributes = Mapping[str, Attribute]  #: by the option's name

LOAD_BALANCER: Attributes = {
    "access_logs_bucket": Attribute("access_logs.s3.bucket", str),
    "access_logs_enabled": Attribute("access_logs.s3.enabled", bool),
    "access_logs_prefix": Attribute("access_logs.s3.prefix", str),
    "connection_logs_bucket": Attribute("connection_logs.s3.bucket", str),
    "connection_logs_enabled": Attribute("connection_logs.s3.enabled", bool),
    "connection_logs_prefix": Attribute("connection_logs.s3.prefix", str),
    "health_check_logs_bucket": Attribute("health_check_logs.s3.bucket", str),
    "health_check_logs_enabled": Attribute("health_check_logs.s3.enabled", bool),
    "health_check_logs_prefix": Attribute("health_check_logs.s3.prefix", str),
    "client_keep_alive": Attribute("client_keep_alive.seconds", int),
    "deletion_protection": Attribute("deletion_protection.enabled", bool),
    "desync_mitigation_mode": Attribute("routing.http.desync_mitigation_mode", str),
    "drop_invalid_header_fields": Attribute("routing.http.drop_invalid_header_fields.enabled", bool),
    "http2": Attribute("routing.http2.enabled", bool),
    "idle_timeout": Attribute("idle_timeout.timeout_seconds", int),
}
TARGET_GROUP: Attributes = {
    "deregistration_delay": Attribute("deregistration_delay.timeout_seconds", int),
    "load_balancing_algorithm": Attribute("load_balancing.algorithm.type", str),
    "slow_start": Attribute("slow_start.duration_seconds", int),
    "stickiness": Attribute("stickiness.enabled", bool),
    "stickiness_duration": Attribute("stickiness.lb_cookie.duration_seconds", int),
}


def read_attributes(table: Attributes, entries: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """The attributes of C(table) that AWS shows, by option and in the option's type; pure."""
    texts = {entry["Key"]: entry["Value"] for entry in entries}
    return {option: _value(each.type, texts[each.key]) for option, each in table.items() if each.key in texts}


def _value(kind: type, text: str) -> Any:
    return text == "true" if kind is bool else kind(text)


def write_attributes(table: Attributes, properties: Mapping[str, Any]) -> list[dict[str, str]]:
    """The declared attributes of C(table) as AWS lists them; pure."""
    values = {each.key: properties.get(option) for option, each in table.items()}
    return [{"Key": key, "Value": _text(value)} for key, value in _aws.declared(values).items()]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def full_name(arn: str) -> str:
    """The end of an ARN by which CloudWatch knows a load balancer or target group; pure."""
    return arn.rpartition(":")[2].removeprefix("loadbalancer/")


def name_problems(name: str) -> Iterable[str]:
    """What is wrong with the name of a load balancer or target group; pure."""
    if len(name) > NAME_LENGTH or not _NAME.fullmatch(name):
        yield f"name: at most {NAME_LENGTH} letters, digits and single hyphens between them, not {name!r}"


def request(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Declared options in AWS's spelling, undeclared ones left out at every depth; pure."""
    spelled: dict[str, Any] = snake_dict_to_camel_dict(_without_nulls(properties), capitalize_first=True)
    return spelled


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_nulls(entry) for key, entry in _aws.declared(value).items()}
    return value


def options(entry: Mapping[str, Any]) -> dict[str, Any]:
    """AWS's spelling as options; pure."""
    spelled: dict[str, Any] = camel_dict_to_snake_dict(dict(entry))
    return spelled


def listeners_by_port(client: Any, load_balancer_arn: str) -> dict[int, str]:
    """The ARNs of a load balancer's listeners."""
    found = _aws.pages(client, "describe_listeners", "Listeners", LoadBalancerArn=load_balancer_arn)
    return {each["Port"]: each["ListenerArn"] for each in found}


def rules(client: Any, listener_arn: str) -> list[Mapping[str, Any]]:
    """The rules of a listener, without its default."""
    entries = _aws.pages(client, "describe_rules", "Rules", ListenerArn=listener_arn)
    return [entry for entry in entries if not entry["IsDefault"]]


def tags_by_arn(client: Any, arns: Iterable[str]) -> dict[str, Tags]:
    """The tags of each of the resources."""
    calls = list(_aws.chunks(arns, TAGS_A_CALL))
    found = _aws.concurrently(lambda some: client.describe_tags(ResourceArns=some)["TagDescriptions"], calls)
    return {entry["ResourceArn"]: _tags.to_dict(entry["Tags"]) for some in found for entry in some}


def update_tags(client: Any, arn: str, plan: _plan.Plan) -> None:
    """Write the declared tags if any of them differs."""
    if "tags" in plan.options and plan.after:
        client.add_tags(ResourceArns=[arn], Tags=_tags.to_list(plan.after["tags"]))


def relevant(
    resource: Resource, entries: Iterable[Mapping[str, Any]], name: str, arn: str
) -> dict[str, tuple[Mapping[str, Any], Tags]]:
    """What is declared by name or ours by tag, with its tags; C(name) and C(arn) are AWS's keys for them."""
    listed = list(entries)
    tags = tags_by_arn(resource.client, [entry[arn] for entry in listed])
    declared = {item[resource.key] for item in resource.options[resource.plural]}
    return {
        entry[name]: (entry, tags[entry[arn]])
        for entry in listed
        if entry[name] in declared or _tags.owns(resource.options["tags"], tags[entry[arn]])
    }
