#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_info
short_description: Find what the layers of an environment have made
description:
  - Finds by name and tag, in a few bulk reads, what one layer makes and others use, so that any layer runs alone
    and nothing depends
    on a local file.
  - What O(expected) names and AWS doesn't have is returned with placeholders. In check mode they read C((known
    after apply)); otherwise
    they say which layer makes the resource, and a module that is given one refuses it with the command to run.
version_added: "0.1.0"
options:
  name:
    description: Beginning of all names of the environment, such as V(uex-payments-dev).
    type: str
    required: true
  tags:
    description: The ownership tags C(Project), C(Environment) and C(ManagedBy).
    type: dict
    required: true
  expected:
    description: >-
      Names that other layers will ask for, by kind of the return value (lists under C(subnets), C(secrets), ...).
    type: dict
    default: {}
  account_id:
    description: The account that must be meant, 12 digits. Another one is refused. Empty means any.
    type: str
    default: ""
  availability_zones:
    description: Zones that must be available in the region; others are refused.
    type: list
    elements: str
    default: []
  layers:
    description: >-
      The layers of the run. What they build on must exist or come with the run; what is missing is refused, with the
      command that makes it. Empty checks nothing.
    type: list
    elements: str
    choices: [foundation, network, data, registry, edge, compute, monitoring]
    default: []
  command:
    description: Beginning of that command.
    type: str
    default: ansible-playbook site.yml
  managed:
    description:
      - Exact names of what amazon.aws modules manage, lists by CloudFormation type, such as C(AWS::EC2::VPC).
      - What bears one of them without our tags is refused, all in one message, unless O(adopt).
    type: dict
    default: {}
  adopt:
    description: Take over what O(managed) names and does not carry our tags; it is then found as if it were ours.
    type: bool
    default: false
  report_refusals:
    description: >-
      Return what bears our names and is not ours as RV(strangers) instead of refusing it.
    type: bool
    default: false
  vpc_cidr_block:
    description: >-
      The VPC's range. AWS can't change it, so an existing VPC of the environment with another range is refused.
    type: str
  state_bucket:
    description:
      - Bucket in which releases are recorded; C({account_id}) in it stands for the caller's account. Empty means that
        none are looked for.
      - Where the inventory and a release say different image tags, that is a warning.
    type: str
    default: ""
  state_prefix:
    description: Beginning of the environment's keys in the bucket, such as V(uex-payments/dev).
    type: str
    default: ""
  services:
    description: What the inventory says of the services' image tags.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The service's short name.
        type: str
        required: true
      image_tag:
        description: The tag.
        type: str
        required: true
      image_tag_from:
        description: Whether the service's own entry says it, V(inventory), or all services' V(stack).
        type: str
        required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Only reads; placeholders differ.
    support: full
"""

EXAMPLES = r"""
- name: What is there
  uex.payments.stack_info:
    name: uex-payments-dev
    tags: {Project: uex-payments, Environment: dev, ManagedBy: uex.payments}
    expected:
      subnets: [uex-payments-dev-app-a, uex-payments-dev-app-b]
  register: stack
"""

RETURN = r"""
account_id:
  description: The account of the credentials.
  returned: success
  type: str
partition:
  description: The AWS partition, such as V(aws).
  returned: success
  type: str
vpcs:
  description: The VPC by name, with C(vpc_id).
  returned: success
  type: dict
subnets:
  description: Subnets by name, with C(subnet_id), C(vpc_id), C(cidr_block) and C(availability_zone).
  returned: success
  type: dict
security_groups:
  description: Security groups by name, with C(group_id).
  returned: success
  type: dict
nat_gateways:
  description: NAT gateways by name, with C(nat_gateway_id).
  returned: success
  type: dict
kms_keys:
  description: Customer keys by the last word of their alias, with C(key_arn).
  returned: success
  type: dict
secrets:
  description: Secrets by name, with C(arn); never a value.
  returned: success
  type: dict
db_instances:
  description: Databases by identifier, with C(db_instance_arn), C(endpoint_address) and C(endpoint_port).
  returned: success
  type: dict
replication_groups:
  description: Replication groups by id, with C(arn), endpoints and C(member_clusters).
  returned: success
  type: dict
load_balancers:
  description: >-
    Load balancers by name, with C(load_balancer_arn), C(dns_name), C(canonical_hosted_zone_id) and C(full_name).
  returned: success
  type: dict
target_groups:
  description: Target groups by name, with C(target_group_arn) and C(full_name).
  returned: success
  type: dict
certificates:
  description: Certificates of ours by name, with C(certificate_arn).
  returned: success
  type: dict
health_checks:
  description: Health checks of ours by name, with C(health_check_id).
  returned: success
  type: dict
clusters:
  description: ECS clusters by name, with C(cluster_arn).
  returned: success
  type: dict
namespaces:
  description: Cloud Map namespaces by name, with C(namespace_arn).
  returned: success
  type: dict
log_groups:
  description: Log groups by name, with C(log_group_name).
  returned: success
  type: dict
topics:
  description: SNS topics by name, with C(topic_arn).
  returned: success
  type: dict
releases:
  description: The release in force of each service that has one, by short name, as docs/deployments.md describes it.
  returned: success
  type: dict
before:
  description: >-
    What exists of O(managed), by CloudFormation type and name, in the words of the options of amazon.aws modules, and
    with its C(id).
  returned: success
  type: dict
strangers:
  description: What bears a name of O(managed) and is not ours, lists of names by type. Empty with O(adopt).
  returned: success
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.module_utils.common.warnings import warn

from ansible_collections.uex.payments.plugins.module_utils import _release
from ansible_collections.uex.payments.plugins.module_utils._account import account_problems, identity
from ansible_collections.uex.payments.plugins.module_utils._before import before, claim, strangers
from ansible_collections.uex.payments.plugins.module_utils._discovery import (
    KINDS,
    Found,
    Scope,
    completed,
    find,
    unmet,
    zones,
)
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module


def zone_problems(wanted: Iterable[str], available: Iterable[str]) -> list[str]:
    """Zones that the region doesn't have for this account."""
    unknown = sorted(set(wanted) - set(available))
    if not unknown:
        return []
    return [f"availability_zones: {', '.join(unknown)} not available here; there are {', '.join(sorted(available))}"]


def range_problems(wanted: str | None, name: str, existing: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A VPC that is there with another range than the inventory's; amazon.aws would make a second one."""
    actual = existing.get(f"{name}-vpc", {}).get("cidr_block")
    if not wanted or not actual or wanted in actual:
        return []
    return [f"vpc_cidr_block: the VPC {name}-vpc has {', '.join(actual)}, which AWS cannot change to {wanted}"]


def stranger_problems(reported: bool, names: Mapping[str, list[str]], existing: Mapping[str, Found]) -> list[str]:
    """What bears our names and belongs to somebody else; a run would silently take it over."""
    found = [] if reported else [claim(kind, name, existing[kind][name]) for kind in names for name in names[kind]]
    if not found:
        return []
    advice = "-e adopt=true takes them over (--check shows what changes); or rename or delete them"
    return [f"adopt: {len(found)} bear our names and are not ours: {', '.join(found)}; {advice}"]


def gather(connect: Callable[[str], Any], options: dict[str, Any]) -> dict[str, Any]:
    """What there is."""
    scope = Scope(options["name"], options["tags"], options["managed"])
    existing = before(connect, scope)
    return {
        **identity(connect),
        **find(connect, scope),
        "before": existing,
        "strangers": {} if options["adopt"] else strangers(existing, options["tags"]),
    }


def refusals(options: Mapping[str, Any], result: Mapping[str, Any], available: Iterable[str]) -> list[str]:
    """Why the run can't go on."""
    problems = account_problems(options["account_id"], result["account_id"])
    problems += range_problems(options["vpc_cidr_block"], options["name"], result["before"]["AWS::EC2::VPC"])
    problems += stranger_problems(options["report_refusals"], result["strangers"], result["before"])
    problems += zone_problems(options["availability_zones"], available)
    layers = unmet(options["layers"], result, options["expected"])
    return problems + [each.replace("--tags", f"{options['command']} --tags") for each in layers]


def main() -> None:
    module = new_module(DOCUMENTATION)
    connect = connector(module)
    try:
        result = gather(connect, module.params)
        problems = refusals(module.params, result, zones(connect))
        releases, warnings = ({}, []) if problems else _release.found(connect, module.params, result["account_id"])
    except Exception as error:
        module.fail_json(msg=str(failure(module.params["name"], "discovery", error)))
    if problems:
        module.fail_json(msg="; ".join(problems))
    for each in warnings:
        warn(each)
    found = {plural: result[plural] for plural in KINDS}
    result["releases"] = releases
    module.exit_json(changed=False, **{**result, **completed(found, module.params["expected"], module.check_mode)})


if __name__ == "__main__":
    main()
