# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""IAM: policies checked before they are stored, AWS's names of service-linked roles, and deletions that are refused.

A permissions boundary counts as a use of its policy, of which moto knows nothing.
"""

from __future__ import annotations

import copy
import functools
import json
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.exceptions import DeleteConflictException, IAMException, MalformedPolicyDocument, NotFoundException
from moto.iam.models import AWSManagedPolicy, IAMBackend, ManagedPolicy, Role
from moto.iam.responses import IamResponse
from moto.settings import load_iam_aws_managed_policies

from . import _policy
from ._operations import add
from ._patch import after, before

LINKED_ROLES = {
    "autoscaling.amazonaws.com": "AutoScaling",
    "config.amazonaws.com": "Config",
    "dynamodb.application-autoscaling.amazonaws.com": "ApplicationAutoScaling_DynamoDBTable",
    "ecs.amazonaws.com": "ECS",
    "ecs.application-autoscaling.amazonaws.com": "ApplicationAutoScaling_ECSService",
    "elasticache.amazonaws.com": "ElastiCache",
    "elasticloadbalancing.amazonaws.com": "ElasticLoadBalancing",
    "guardduty.amazonaws.com": "AmazonGuardDuty",
    "ops.apigateway.amazonaws.com": "APIGateway",
    "rds.amazonaws.com": "RDS",
    "rds.application-autoscaling.amazonaws.com": "ApplicationAutoScaling_RDSCluster",
    "servicediscovery.amazonaws.com": "CloudMap",
    "spot.amazonaws.com": "EC2Spot",
    "wafv2.amazonaws.com": "WAFV2Logging",
}
"""The ending of a service-linked role's name, after AWSServiceRoleFor, where moto derives another."""


def _check_trust(backend: IAMBackend, document: str) -> None:
    """Refuse what AWS refuses in a trust policy. Raises MalformedPolicyDocument."""
    try:
        found = _policy.statements(document)
    except ValueError as error:
        raise MalformedPolicyDocument(str(error)) from error
    for statement in found:
        _check_trust_statement(statement)
    for unknown in _policy.unknown_principals(found, backend.account_id):
        raise MalformedPolicyDocument(f'Invalid principal in policy: "AWS":"{unknown}"')


def _check_trust_statement(statement: _policy.Statement) -> None:
    if not {"Principal", "NotPrincipal"} & statement.keys():
        raise MalformedPolicyDocument("Missing required field Principal")
    if {"Resource", "NotResource"} & statement.keys():
        raise MalformedPolicyDocument("Has prohibited field Resource")
    if not all(str(action).startswith("sts:") for action in _policy.values(statement.get("Action"))):
        raise MalformedPolicyDocument("AssumeRole policy may only specify STS AssumeRole actions.")


def _check_new_trust(
    backend: IAMBackend, role_name: str, assume_role_policy_document: str, *_args: Any, **_kwargs: Any
) -> None:
    _check_trust(backend, assume_role_policy_document)


def _check_changed_trust(backend: IAMBackend, role_name: str, policy_document: str) -> None:
    backend.get_role(role_name)
    _check_trust(backend, policy_document)


def _bounded(backend: IAMBackend, policy_arn: str) -> list[Role]:
    return [role for role in backend.roles.values() if role.permissions_boundary_arn == policy_arn]


def _demand_boundary(backend: IAMBackend, policy_arn: str | None) -> None:
    """A customer's policy that is to be a boundary exists. Raises NotFoundException."""
    if policy_arn and f":{backend.account_id}:policy/" in policy_arn and policy_arn not in backend.managed_policies:
        raise NotFoundException(f"Scope ARN: {policy_arn} does not exist or is not attachable.")


def _check_new_boundary(
    backend: IAMBackend,
    role_name: str,
    assume_role_policy_document: str,
    path: str,
    permissions_boundary: str | None,
    *_args: Any,
    **_kwargs: Any,
) -> None:
    _demand_boundary(backend, permissions_boundary)


def _check_changed_boundary(backend: IAMBackend, role_name: str, permissions_boundary: str) -> None:
    _demand_boundary(backend, permissions_boundary)


def list_entities_for_policy(self: IamResponse) -> ActionResult:
    """Who has a policy attached, who has it as a boundary, or both; in one page."""
    arn, usage = self._get_param("PolicyArn"), self._get_param("PolicyUsageFilter")
    backend, kind = self.backend, self._get_param("EntityFilter")
    backend.get_policy(arn)
    holders: dict[str, Any] = {"User": backend.users, "Group": backend.groups, "Role": backend.roles}
    found = {
        noun: [each for each in listed.values() if usage != "PermissionsBoundary" and arn in each.managed_policies]
        for noun, listed in holders.items()
    }
    if usage != "PermissionsPolicy":
        found["Role"] += [each for each in _bounded(backend, arn) if each not in found["Role"]]
    return ActionResult({f"Policy{noun}s": listed if kind in (None, noun) else [] for noun, listed in found.items()})


def _keep_used_policy(backend: IAMBackend, policy_arn: str) -> None:
    policy = backend.get_policy(policy_arn)
    if policy.attachment_count or _bounded(backend, policy_arn):
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        versions = "Before you delete a policy, you must delete the policy's versions."
        raise DeleteConflictException(f"This policy has more than one version. {versions} The default version stays.")


def _keep_used_group(backend: IAMBackend, group_name: str) -> None:
    group = backend.get_group(group_name)
    if group.users:
        raise DeleteConflictException("Cannot delete entity, must remove users from group first.")
    if group.managed_policies:
        raise DeleteConflictException("Cannot delete entity, must detach all policies first.")
    if group.policies:
        raise DeleteConflictException("Cannot delete entity, must delete policies first.")


def _move_group(backend: IAMBackend, _result: None, group_name: str, name: str | None, path: str | None) -> None:
    """moto moves a group only when it gets another name too."""
    group = backend.get_group(name or group_name)
    group.path = path or group.path


def linked_role_name(service: str, suffix: str | None) -> str | None:
    """AWS's name for a service's role, None where moto's own is right."""
    ending = LINKED_ROLES.get(service)
    return ending and "_".join(filter(None, [f"AWSServiceRoleFor{ending}", suffix]))


def _demand_new_linked_role(backend: IAMBackend, service_name: str, description: str, suffix: str) -> None:
    name = linked_role_name(service_name, suffix)
    if any(role.name == name for role in backend.roles.values()):
        message = f"Service role name {name} has been taken in this account, please try a different suffix."
        raise IAMException("InvalidInput", message)


def _rename_linked_role(backend: IAMBackend, role: Role, service_name: str, description: str, suffix: str) -> Role:
    role.name = linked_role_name(service_name, suffix) or role.name
    return role


def _keep_linked_role(backend: IAMBackend, role_name: str, *_args: Any, **_kwargs: Any) -> None:
    """Nobody but AWS changes a service-linked role."""
    if backend.get_role(role_name).path.startswith("/aws-service-role/"):
        subject = f"Cannot perform the operation on the protected role '{role_name}'"
        raise IAMException("UnmodifiableEntity", f"{subject} - this role is only modifiable by AWS")


@functools.cache
def _managed_policies(account: str, region: str) -> tuple[AWSManagedPolicy, ...]:
    data = json.loads(aws_managed_policies_data)
    return tuple(AWSManagedPolicy.from_data(name, account, region, item) for name, item in data.items())


def _init_aws_policies(self: IAMBackend) -> list[ManagedPolicy]:
    """AWS's own policies, read once: reading them for every reset of every account takes most of a reset's time."""
    if not load_iam_aws_managed_policies():
        return []
    fresh = [copy.copy(policy) for policy in _managed_policies(self.account_id, self.region_name)]
    for policy in fresh:
        policy.versions = list(policy.versions)
    return list(fresh)


def install() -> None:
    """Extend moto's IAM; once is enough, twice is harmless."""
    add(IAMBackend, _init_aws_policies)
    add(IamResponse, list_entities_for_policy)
    before(IAMBackend, "create_role", _check_new_trust)
    before(IAMBackend, "create_role", _check_new_boundary)
    before(IAMBackend, "put_role_permissions_boundary", _check_changed_boundary)
    before(IAMBackend, "update_assume_role_policy", _check_changed_trust)
    for name in ("update_assume_role_policy", "put_role_policy"):
        before(IAMBackend, name, _keep_linked_role)
    before(IAMBackend, "delete_policy", _keep_used_policy)
    before(IAMBackend, "delete_group", _keep_used_group)
    after(IAMBackend, "update_group", _move_group)
    before(IAMBackend, "create_service_linked_role", _demand_new_linked_role)
    after(IAMBackend, "create_service_linked_role", _rename_linked_role)
