#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: elbv2_load_balancer
short_description: Manage application load balancers as one set
description:
  - Creates, changes and prunes application load balancers with their attributes.
  - A new load balancer is started and not waited for; the result says C(ready) false until AWS has provisioned it.
  - After a deletion the module waits until the load balancer's network interfaces are gone, as subnets and security
    groups cannot go before.
version_added: "0.1.0"
options:
  wait:
    description: >-
      Whether to wait until the network interfaces of a deleted load balancer are gone.
      Without it the deletion is only started; M(uex.payments.stack_teardown) waits for all that it started at once.
    type: bool
    default: true
  load_balancers:
    description: The load balancers.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, at most 32 letters, digits and hyphens. It identifies the load balancer.
        type: str
        required: true
      scheme:
        description: Whether it is reached from the Internet or from the VPC. Cannot change.
        type: str
        choices: [internet-facing, internal]
        default: internet-facing
      ip_address_type:
        description: C(ipv4), or C(dualstack) for IPv6 as well. Left as it is when not given.
        type: str
        choices: [ipv4, dualstack]
      subnets:
        description: Ids of the subnets, in two availability zones or more, one in each.
        type: list
        elements: str
        required: true
      security_groups:
        description: Ids of the security groups.
        type: list
        elements: str
        required: true
      access_logs_enabled:
        description: Whether each request is logged to O(load_balancers[].access_logs_bucket).
        type: bool
      access_logs_bucket:
        description:
          - Name of a bucket in the same region, encrypted with SSE-S3, whose policy lets the load balancer deliver.
          - Needed when O(load_balancers[].access_logs_enabled=true).
        type: str
      access_logs_prefix:
        description: Where in the bucket the logs go. Must not contain C(AWSLogs).
        type: str
      connection_logs_enabled:
        description: >-
          Whether each attempt to connect, with its TLS handshake, is logged to
          O(load_balancers[].connection_logs_bucket).
        type: bool
      connection_logs_bucket:
        description: Name of a bucket, as for O(load_balancers[].access_logs_bucket).
        type: str
      connection_logs_prefix:
        description: Where in the bucket the logs go. Must not contain C(AWSLogs).
        type: str
      health_check_logs_enabled:
        description: Whether each health check of a target is logged to O(load_balancers[].health_check_logs_bucket).
        type: bool
      health_check_logs_bucket:
        description: Name of a bucket, as for O(load_balancers[].access_logs_bucket).
        type: str
      health_check_logs_prefix:
        description: Where in the bucket the logs go. Must not contain C(AWSLogs).
        type: str
      client_keep_alive:
        description: How long a client's connection may live, in seconds, from 60 to 604800.
        type: int
      deletion_protection:
        description: Whether AWS refuses to delete the load balancer.
        type: bool
      desync_mitigation_mode:
        description: What happens to requests that servers may read differently.
        type: str
        choices: [monitor, defensive, strictest]
      drop_invalid_header_fields:
        description: Whether header fields with invalid names are removed rather than passed on.
        type: bool
      http2:
        description: Whether clients may speak HTTP/2.
        type: bool
      idle_timeout:
        description: How long a connection may be idle, in seconds, from 1 to 4000.
        type: int
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: One load balancer
  uex.payments.elbv2_load_balancer:
    load_balancers:
      - name: uex-payments-dev-alb
        subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
        security_groups: [sg-0123456789abcdef0]
        drop_invalid_header_fields: true
    tags: {Project: uex-payments, Environment: dev, Layer: edge, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
load_balancers:
  description:
    - The load balancers by name, with C(load_balancer_arn), C(dns_name), C(canonical_hosted_zone_id) and their
      properties.
    - C(full_name) is the end of the ARN by which CloudWatch knows it; C(ready) is false while AWS is provisioning it.
  returned: success
  type: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _elbv2, _tags, _wait
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import DELETE, Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

SLOW = 600  #: seconds that AWS may take to provision a load balancer, or to give up its interfaces
RANGES = {"client_keep_alive": (60, 604800), "idle_timeout": (1, 4000)}


def properties(entry: Mapping[str, Any]) -> Item:
    """A load balancer that AWS shows, without its attributes; pure."""
    return {
        "load_balancer_arn": entry["LoadBalancerArn"],
        "full_name": _elbv2.full_name(entry["LoadBalancerArn"]),
        "dns_name": entry["DNSName"],
        "canonical_hosted_zone_id": entry["CanonicalHostedZoneId"],
        "scheme": entry["Scheme"],
        "ip_address_type": entry["IpAddressType"],
        "subnets": sorted(zone["SubnetId"] for zone in entry["AvailabilityZones"]),
        "security_groups": sorted(entry.get("SecurityGroups") or []),
        "ready": entry["State"]["Code"] != "provisioning",
    }


class LoadBalancer(Resource):
    kind = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    service = "elbv2"
    plural = "load_balancers"
    frozen = ("scheme",)
    computed = ("load_balancer_arn", "dns_name", "canonical_hosted_zone_id", "full_name")

    def validate(self, item: Item) -> Iterable[str]:
        yield from _elbv2.name_problems(item["name"])
        for log in ("access_logs", "connection_logs", "health_check_logs"):
            if item[f"{log}_enabled"] and not item[f"{log}_bucket"]:
                yield f"{log}_bucket: {log}_enabled needs it"
        for option, (low, high) in RANGES.items():
            if item[option] is not None and not low <= item[option] <= high:
                yield f"{option}: from {low} to {high} seconds, not {item[option]}"

    def desired(self, item: Item) -> Item:
        return {
            "scheme": item["scheme"],
            "ip_address_type": item["ip_address_type"],
            "subnets": sorted(item["subnets"]),
            "security_groups": sorted(item["security_groups"]),
            **{option: item[option] for option in _elbv2.LOAD_BALANCER},
        }

    def observe(self) -> dict[str, Item]:
        found = _aws.pages(self.client, "describe_load_balancers", "LoadBalancers")
        entries = [entry for entry in found if entry["Type"] == "application"]
        ours = _elbv2.relevant(self, entries, "LoadBalancerName", "LoadBalancerArn")
        items = _aws.concurrently(lambda pair: self._observed(*pair), ours.values())
        return dict(zip(ours, items, strict=True))

    def _observed(self, entry: Mapping[str, Any], tags: dict[str, str]) -> Item:
        shown = self.client.describe_load_balancer_attributes(LoadBalancerArn=entry["LoadBalancerArn"])
        attributes = _elbv2.read_attributes(_elbv2.LOAD_BALANCER, shown["Attributes"])
        return {**properties(entry), **attributes, "tags": tags}

    def create(self, name: str, desired: Item) -> None:
        arguments = {
            "Name": name,
            "Type": "application",
            "Scheme": desired["scheme"],
            "IpAddressType": desired["ip_address_type"],
            "Subnets": desired["subnets"],
            "SecurityGroups": desired["security_groups"],
            "Tags": _tags.to_list(desired["tags"]),
        }
        created = self.client.create_load_balancer(**_aws.declared(arguments))["LoadBalancers"][0]
        self._write_attributes(created["LoadBalancerArn"], desired)

    def _write_attributes(self, arn: str, desired: Any) -> None:
        """All declared ones in one call: some are only valid together."""
        attributes = _elbv2.write_attributes(_elbv2.LOAD_BALANCER, desired)
        if attributes:
            self.client.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=attributes)

    def update(self, name: str, plan: Plan) -> None:
        before, after = dict(plan.before or {}), dict(plan.after or {})
        arn = before["load_balancer_arn"]
        if not before["ready"]:
            self._wait_until_ready(arn)
        if plan.options & {"subnets", "ip_address_type"}:
            arguments = {"Subnets": after["subnets"], "IpAddressType": after["ip_address_type"]}
            self.client.set_subnets(LoadBalancerArn=arn, **_aws.declared(arguments))
        if "security_groups" in plan.options:
            self.client.set_security_groups(LoadBalancerArn=arn, SecurityGroups=after["security_groups"])
        if plan.options & set(_elbv2.LOAD_BALANCER):
            self._write_attributes(arn, after)
        _elbv2.update_tags(self.client, arn, plan)

    def _wait_until_ready(self, arn: str) -> None:
        waiter = self.client.get_waiter("load_balancer_available")
        waiter.wait(LoadBalancerArns=[arn], WaiterConfig={"Delay": 10, "MaxAttempts": SLOW // 10})

    def delete(self, name: str, observed: Item) -> None:
        arn = observed["load_balancer_arn"]
        _aws.absent_as(None, lambda: self.client.delete_load_balancer(LoadBalancerArn=arn), "LoadBalancerNotFound")

    def settle(self, plans: list[Plan]) -> None:
        """Interfaces outlive their load balancer by minutes and hold subnets and security groups."""
        gone = [(plan.before or {})["full_name"] for plan in plans if plan.verb == DELETE]
        if gone and self.options.get("wait", True):
            what = f"the end of the network interfaces of {', '.join(gone)}"
            _wait.until(lambda: self._interfaces(gone), lambda left: not left, what, SLOW, pause=10)

    def _interfaces(self, full_names: list[str]) -> list[Any]:
        by = [{"Name": "description", "Values": [f"ELB {name}" for name in full_names]}]
        return _aws.pages(self.connect("ec2"), "describe_network_interfaces", "NetworkInterfaces", Filters=by)


def main() -> None:
    run(LoadBalancer, DOCUMENTATION)


if __name__ == "__main__":
    main()
