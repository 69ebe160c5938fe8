# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ELBv2: load balancers as AWS checks, names, attributes and deletes them, with interfaces in their subnets."""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import ELBClientError, LoadBalancerNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer
from moto.elbv2.responses import ELBV2Response as Response
from moto.s3.models import s3_backends

from ._operations import add
from ._patch import after, before

MAX_NAME = 32
MAX_TAG_DESCRIPTIONS = 20
# The hosted zone an alias record to an application load balancer uses, by region.
HOSTED_ZONES = {
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-north-1": "Z23TAZ6LKFMNIO",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-west-2": "ZHURV8PSTC4K8",
    "eu-west-3": "Z3Q77PNBQS71R4",
    "ap-northeast-1": "Z14GRHDCWA56QT",
    "ap-southeast-1": "Z1LMS91P8CMLE5",
    "ap-southeast-2": "Z1GM3OXH4ZPM65",
}
ATTRIBUTES = {
    "access_logs.s3.bucket": "",
    "access_logs.s3.enabled": "false",
    "access_logs.s3.prefix": "",
    "client_keep_alive.seconds": "3600",
    "connection_logs.s3.bucket": "",
    "connection_logs.s3.enabled": "false",
    "connection_logs.s3.prefix": "",
    "deletion_protection.enabled": "false",
    "health_check_logs.s3.bucket": "",
    "health_check_logs.s3.enabled": "false",
    "health_check_logs.s3.prefix": "",
    "idle_timeout.timeout_seconds": "60",
    "ipv6.deny_all_igw_traffic": "false",
    "load_balancing.cross_zone.enabled": "true",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.drop_invalid_header_fields.enabled": "false",
    "routing.http.preserve_host_header.enabled": "false",
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
    "routing.http.xff_client_port.enabled": "false",
    "routing.http.xff_header_processing.mode": "append",
    "routing.http2.enabled": "true",
    "waf.fail_open.enabled": "false",
    "zonal_shift.config.enabled": "false",
}
CHOICES = {
    "routing.http.desync_mitigation_mode": ("monitor", "defensive", "strictest"),
    "routing.http.xff_header_processing.mode": ("append", "preserve", "remove"),
}
RANGES = {"idle_timeout.timeout_seconds": (1, 4000), "client_keep_alive.seconds": (60, 604800)}
LOG_DELIVERY = re.compile(r"logdelivery\.elasticloadbalancing\.amazonaws\.com|arn:[\w-]+:iam::\d{12}:root")


def name_error(name: str) -> str | None:
    """Why a load balancer can't have this name, in AWS's words, or None."""
    if len(name) > MAX_NAME:
        return f"The load balancer name '{name}' cannot be longer than '{MAX_NAME}' characters"
    if not re.fullmatch(r"[a-zA-Z0-9-]+", name):
        allowed = "can only contain characters that are alphanumeric characters or hyphens(-)"
        return f"The load balancer name '{name}' {allowed}"
    if name.startswith("-") or name.endswith("-"):
        return f"The load balancer name '{name}' cannot begin or end with '-'"
    if name.startswith("internal-"):
        return f"The load balancer name '{name}' cannot begin with 'internal-'"
    return None


def attribute_error(name: str, value: str, known: dict[str, str], noun: str = "Load balancer") -> str | None:
    """Why an attribute can't have this value: unknown, not one of its choices, out of range; or None."""
    if name not in known:
        return f"{noun} attribute key '{name}' is not recognized"
    boolean = ("true", "false") if known[name] in ("true", "false") else None
    allowed = CHOICES.get(name) or boolean
    if allowed and value not in allowed:
        return f"{noun} attribute key '{name}' has an invalid value '{value}': must be one of {', '.join(allowed)}"
    low, high = RANGES.get(name, (0, 0))
    if high and not (value.isdigit() and low <= int(value) <= high):
        return f"{noun} attribute key '{name}' must be between {low}-{high} inclusive"
    return None


def log_bucket_error(account: str, partition: str, region: str, name: str) -> str | None:
    """Why access logs can't go to this bucket, or None.

    It must exist in the balancer's region, let log delivery in by its policy, and not be encrypted with a KMS key.
    """
    bucket = s3_backends[account][partition].buckets.get(name)
    policy = (bucket.policy or b"") if bucket else b""
    text = policy.decode() if isinstance(policy, bytes) else str(policy)
    sealed = "aws:kms" in str(bucket.encryption if bucket else "")
    if bucket and bucket.region_name == region and LOG_DELIVERY.search(text) and not sealed:
        return None
    return f"Access Denied for bucket: {name}. Please check S3bucket permission"


def refuse(error: str | None, code: str = "ValidationError") -> None:
    """Raise the error, if there is one."""
    if error:
        raise ELBClientError(code, error)


def checked_subnets(self: Response) -> list[Any]:
    """The subnets a request names. Raises ValidationError or InvalidConfigurationRequest for too few zones."""
    mappings = [mapping["SubnetId"] for mapping in self._get_param("SubnetMappings", [])]
    wanted = [*self._get_param("Subnets", []), *mappings]
    known = {key: subnet for zone in self.elbv2_backend.ec2_backend.subnets.values() for key, subnet in zone.items()}
    missing = [name for name in wanted if name not in known]
    refuse(f"The subnet ID '{missing[0]}' is not valid" if missing else None, "SubnetNotFound")
    subnets = [known[name] for name in wanted]
    zones = {subnet.availability_zone for subnet in subnets}
    if self._get_param("Type", "application") == "application" and len(zones) == 1 == len(subnets):
        refuse("At least two subnets in two different Availability Zones must be specified")
    if len(zones) < len(subnets):
        refuse(
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
            "InvalidConfigurationRequest",
        )
    return subnets


def checked_groups(self: Response, subnets: list[Any]) -> list[str]:
    """The security groups a request names, else the VPC's default one. Raises InvalidSecurityGroup."""
    ec2 = self.elbv2_backend.ec2_backend
    groups: list[str] = self._get_param("SecurityGroups", [])
    for group in groups:
        if ec2.get_security_group_from_id(group) is None:
            refuse(f"One or more security groups are invalid: {group}", "InvalidSecurityGroup")
    if groups or not subnets or self._get_param("Type", "application") != "application":
        return groups
    default: Any = ec2.get_default_security_group(subnets[0].vpc_id)
    return [default.id] if default else []


def differs(balancer: FakeLoadBalancer, request: dict[str, Any], subnets: list[Any]) -> bool:
    """Whether a balancer of the same name was made with other settings."""
    found = (balancer.scheme, balancer.type, balancer.ip_address_type)
    wanted = (request["Scheme"], request["Type"], request["IpAddressType"])
    same_groups = set(balancer.security_groups) == set(request["SecurityGroups"])
    same_subnets = {subnet.id for subnet in balancer.subnets} == {subnet.id for subnet in subnets}
    return not (found == wanted and same_groups and same_subnets)


_create_load_balancer = Response.create_load_balancer
_modify_attributes = Response.modify_load_balancer_attributes
_delete_load_balancer = Response.delete_load_balancer


def create_load_balancer(self: Response) -> ActionResult:
    """CreateLoadBalancer: checked; the same name with the same settings answers the existing one."""
    name = self._get_param("Name")
    refuse(name_error(name))
    subnets = checked_subnets(self)
    defaults = {"Scheme": "internet-facing", "Type": "application", "IpAddressType": "ipv4"}
    self.params.update({**defaults, **self.params, "SecurityGroups": checked_groups(self, subnets)})
    existing = next((lb for lb in self.elbv2_backend.load_balancers.values() if lb.name == name), None)
    if existing is None:
        return made(self, _create_load_balancer(self))
    if differs(existing, self.params, subnets):
        message = f"A load balancer with the same name '{name}' exists, but with different settings"
        refuse(message, "DuplicateLoadBalancerName")
    return ActionResult({"LoadBalancers": [existing]})


def made(self: Response, result: Any) -> ActionResult:
    """A new balancer with its region's hosted zone, its attributes and its interfaces."""
    balancer: FakeLoadBalancer = result.result["LoadBalancers"][0]
    balancer.canonical_hosted_zone_id = HOSTED_ZONES.get(self.region, balancer.canonical_hosted_zone_id)
    if balancer.type == "application":
        internal = str(balancer.scheme == "internal").lower()
        balancer.attrs = {**ATTRIBUTES, "ipv6.deny_all_igw_traffic": internal}
    place(self.elbv2_backend, balancer)
    return ActionResult(result.result)


def remove_interfaces(backend: ELBv2Backend, balancer: FakeLoadBalancer) -> None:
    """Take the balancer's interfaces out of its subnets."""
    ec2, description = backend.ec2_backend, interface_description(balancer)
    for interface in [eni for eni in ec2.enis.values() if eni.description == description]:
        ec2.enis.pop(interface.id)
        interface.subnet.del_subnet_ip(interface.private_ip_address)


def interface_description(balancer: FakeLoadBalancer) -> str:
    """What the description of the balancer's interfaces says: ELB app/name/id."""
    return f"ELB {balancer.arn.split(':loadbalancer/')[1]}"


def place(backend: ELBv2Backend, balancer: FakeLoadBalancer) -> None:
    """Give the balancer one interface in each of its subnets, with its security groups."""
    remove_interfaces(backend, balancer)
    for subnet in balancer.subnets:
        address = subnet.get_available_subnet_ip(balancer)  # type: ignore[arg-type]
        groups, description = balancer.security_groups, interface_description(balancer)
        interface = backend.ec2_backend.create_network_interface(
            subnet, address, group_ids=groups, description=description
        )
        interface.status, interface.requester_managed, interface.requester_id = "in-use", True, "amazon-elb"


def replaced(self: ELBv2Backend, result: Any, arn: str, *_: Any) -> Any:
    """After set_subnets and set_security_groups: the interfaces follow."""
    place(self, self.load_balancers[arn])
    return result


def modify_load_balancer_attributes(self: Response) -> ActionResult:
    """ModifyLoadBalancerAttributes: known keys and values only, log buckets that log delivery can write to."""
    balancer = self.elbv2_backend.load_balancers.get(self._get_param("LoadBalancerArn"))
    if balancer is None:
        raise LoadBalancerNotFoundError
    changes = {item["Key"]: item.get("Value", "") for item in self._get_param("Attributes", [])}
    for name, value in changes.items():
        refuse(attribute_error(name, value, {**ATTRIBUTES, **balancer.attrs}))
    after_ = {**balancer.attrs, **changes}
    for kind in ("access_logs", "connection_logs", "health_check_logs"):
        if after_.get(f"{kind}.s3.enabled") == "true" and any(name.startswith(kind) for name in changes):
            bucket = after_[f"{kind}.s3.bucket"]
            error = log_bucket_error(self.current_account, self.partition, self.region, bucket)
            refuse(error, "InvalidConfigurationRequest")
    return _modify_attributes(self)


def delete_load_balancer(self: Response) -> ActionResult:
    """DeleteLoadBalancer: refused under deletion protection; a balancer that isn't there is fine."""
    backend, arn = self.elbv2_backend, self._get_param("LoadBalancerArn")
    balancer = backend.load_balancers.get(arn)
    if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
        message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        refuse(message, "OperationNotPermitted")
    if balancer:
        remove_interfaces(backend, balancer)
        forget_tags(backend, [arn, *balancer.listeners, *(r for li in balancer.listeners.values() for r in li.rules)])
    return _delete_load_balancer(self)


def forget_tags(backend: ELBv2Backend, arns: list[Any]) -> None:
    """Drop the tags of what is gone."""
    for arn in arns:
        backend.tagging_service.delete_all_tags_for_resource(str(arn))


def all_found(self: ELBv2Backend, arns: list[str] | None, names: list[str] | None) -> None:
    """Before describe_load_balancers: every ARN and name exists. Raises LoadBalancerNotFound."""
    balancers = self.load_balancers.values()
    missing = {*(arns or [])} - {lb.arn for lb in balancers} or {*(names or [])} - {lb.name for lb in balancers}
    if missing:
        raise LoadBalancerNotFoundError


def tag_limit(self: Response) -> None:
    """Before DescribeTags: at most 20 resources at a time."""
    if len(self._get_param("ResourceArns", [])) > MAX_TAG_DESCRIPTIONS:
        refuse(f"Cannot have more than {MAX_TAG_DESCRIPTIONS} resources described")


OPERATIONS = (create_load_balancer, modify_load_balancer_attributes, delete_load_balancer)


def install() -> None:
    """Add checks, attributes and interfaces to moto's load balancers; a second call changes nothing."""
    add(Response, *OPERATIONS)
    FakeLoadBalancer.VALID_ATTRS |= set(ATTRIBUTES)
    before(ELBv2Backend, "describe_load_balancers", all_found)
    before(Response, "describe_tags", tag_limit)
    after(ELBv2Backend, "set_subnets", replaced)
    after(ELBv2Backend, "set_security_groups", replaced)
