#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_service
short_description: Manage the services of an ECS cluster as one set
description:
  - Creates, changes and prunes the Fargate services of one cluster. A deployment is started and not waited for.
  - A service whose image is not in ECR is made without tasks, and reported with C(waiting_for_image). When the image is
    there, the next run starts it. A service that runs already keeps its task definition until the new image is there.
  - Deleting a service waits until its tasks are gone, at most 15 minutes.
version_added: "0.1.0"
options:
  cluster:
    description: Name of the cluster.
    type: str
    required: true
  unhealthy_deployment_confirmed:
    description:
      - Names of the services that may be deployed although the target groups that production's rule points at have no
        healthy target, as one that doesn't work has to be mended by a deployment.
      - Any other service is refused then, as ECS would shift traffic from where there is none.
    type: list
    elements: str
    default: []
  wait:
    description: >-
      Whether to wait until no task of a deleted service is left.
      Without it the deletion is only started; M(uex.payments.stack_teardown) waits for all that it started at once.
    type: bool
    default: true
  services:
    description: The services.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The service's name.
        type: str
        required: true
      task_definition:
        description: ARN of the task definition with its revision. Needed unless O(only_prune).
        type: str
      desired_count:
        description: How many tasks to run.
        type: int
        default: 1
      autoscaled:
        description: Whether Application Auto Scaling owns the count. Then the count given here only starts the service.
        type: bool
        default: false
      image:
        description: The image of the task definition, if it is in this account's ECR and the service shall wait for it.
        type: dict
        suboptions:
          repository_name:
            description: Name of the repository.
            type: str
            required: true
          tag:
            description: The image's tag.
            type: str
            required: true
      capacity_provider_strategy:
        description: How tasks spread over Fargate and Fargate Spot. The cluster's default when a service is made.
        type: list
        elements: dict
        suboptions:
          capacity_provider:
            description: Name of the provider.
            type: str
            required: true
          base:
            description: Number of tasks that run on it before weights count. Only one provider can have a base.
            type: int
            default: 0
          weight:
            description: Relative share of the tasks beyond the base.
            type: int
            default: 0
      platform_version:
        description: Fargate's platform version.
        type: str
      network_configuration:
        description: Where the tasks' interfaces are.
        type: dict
        suboptions:
          subnets:
            description: Ids of the subnets.
            type: list
            elements: str
            required: true
          security_groups:
            description: Ids of the security groups.
            type: list
            elements: str
          assign_public_ip:
            description: Whether tasks get a public address.
            type: bool
            default: false
      load_balancers:
        description: Target groups that tasks register with. Each must be used by a listener before the service is made.
        type: list
        elements: dict
        suboptions:
          target_group_arn:
            description: ARN of the target group.
            type: str
            required: true
          container_name:
            description: Name of the container.
            type: str
            required: true
          container_port:
            description: The container's port.
            type: int
            required: true
          advanced_configuration:
            description:
              - What ECS shifts traffic with. Needed with every strategy but V(ROLLING).
              - ECS uses the two target groups in turn and moves the weights of the rules itself, so which of the two is
                named first is no difference later on.
            type: dict
            suboptions:
              alternate_target_group_arn:
                description: ARN of the second target group.
                type: str
                required: true
              production_listener_rule:
                description: ARN of the listener rule that production's requests match.
                type: str
                required: true
              test_listener_rule:
                description: ARN of the listener rule that test requests match.
                type: str
              role_arn:
                description: ARN of the role that ECS changes rules and registers targets with.
                type: str
                required: true
      health_check_grace_period_seconds:
        description: Seconds after its start in which a task is not replaced for failing health checks.
        type: int
      service_connect_configuration:
        description: How the service finds others and is found.
        type: dict
        suboptions:
          enabled:
            description: Whether it takes part.
            type: bool
            default: true
          namespace:
            description: ARN of the namespace. Not given means the cluster's default.
            type: str
          services:
            description: The ports it offers.
            type: list
            elements: dict
            suboptions:
              port_name:
                description: Name of the port in the task definition.
                type: str
                required: true
              discovery_name:
                description: Name in the namespace. The port's name unless given.
                type: str
              client_aliases:
                description: The names that other services connect to.
                type: list
                elements: dict
                suboptions:
                  port:
                    description: The port that clients use.
                    type: int
                    required: true
                  dns_name:
                    description: The host name that clients use.
                    type: str
              tls:
                description: Encrypts what goes to this port, with certificates of a private authority.
                type: dict
                suboptions:
                  issuer_certificate_authority:
                    description: Who issues the certificates.
                    type: dict
                    required: true
                    suboptions:
                      aws_pca_authority_arn:
                        description: ARN of an authority of AWS Private CA.
                        type: str
                        required: true
                  role_arn:
                    description: ARN of the role that ECS issues certificates with.
                    type: str
      deployment_configuration:
        description: How a deployment goes.
        type: dict
        suboptions:
          strategy:
            description:
              - V(ROLLING) replaces tasks some at a time. V(BLUE_GREEN) starts all new tasks beside the old ones and
                then moves all requests, V(LINEAR) in equal steps, V(CANARY) a small share first.
            type: str
            choices: [ROLLING, BLUE_GREEN, LINEAR, CANARY]
          bake_time_in_minutes:
            description: Minutes for which the old tasks stay after all requests go to the new ones, 0 to 1440.
            type: int
          linear_configuration:
            description: The steps of V(LINEAR).
            type: dict
            suboptions:
              step_percent:
                description: Percent of the requests that each step moves, 3 to 100. AWS's default is 10.
                type: float
              step_bake_time_in_minutes:
                description: Minutes between two steps, 0 to 1440. AWS's default is 6.
                type: int
          canary_configuration:
            description: The first step of V(CANARY).
            type: dict
            suboptions:
              canary_percent:
                description: Percent of the requests that it moves, 0.1 to 100. AWS's default is 5.
                type: float
              canary_bake_time_in_minutes:
                description: Minutes until the rest follows, 0 to 1440. AWS's default is 10.
                type: int
          alarms:
            description: CloudWatch alarms that end a deployment when they go off.
            type: dict
            suboptions:
              alarm_names:
                description: Names of the alarms.
                type: list
                elements: str
                required: true
              enable:
                description: Whether they are watched.
                type: bool
                default: true
              rollback:
                description: Whether ECS goes back to the last deployment that worked.
                type: bool
                default: true
          lifecycle_hooks:
            description: Who is asked at stages of a deployment. Not with V(ROLLING).
            type: list
            elements: dict
            suboptions:
              target_type:
                description: V(AWS_LAMBDA) asks a function, V(PAUSE) waits for somebody to continue the deployment.
                type: str
                choices: [AWS_LAMBDA, PAUSE]
                default: AWS_LAMBDA
              hook_target_arn:
                description: ARN of the function.
                type: str
              role_arn:
                description: ARN of the role that ECS calls the function with.
                type: str
              lifecycle_stages:
                description: The stages. A pause cannot be where traffic shifts.
                type: list
                elements: str
                required: true
                choices:
                  - RECONCILE_SERVICE
                  - PRE_SCALE_UP
                  - POST_SCALE_UP
                  - TEST_TRAFFIC_SHIFT
                  - POST_TEST_TRAFFIC_SHIFT
                  - PRE_PRODUCTION_TRAFFIC_SHIFT
                  - PRODUCTION_TRAFFIC_SHIFT
                  - POST_PRODUCTION_TRAFFIC_SHIFT
              hook_details:
                description: What the function is told besides.
                type: dict
              timeout_configuration:
                description: What happens when nobody answers.
                type: dict
                suboptions:
                  timeout_in_minutes:
                    description: Minutes to wait, 1 to 20160. AWS's default is 1440.
                    type: int
                  action:
                    description: What ECS does then. AWS's default is V(ROLLBACK).
                    type: str
                    choices: [ROLLBACK, CONTINUE]
          maximum_percent:
            description: Most tasks during a deployment, in percent of the desired count.
            type: int
          minimum_healthy_percent:
            description: Fewest healthy tasks during a deployment, in percent of the desired count.
            type: int
          deployment_circuit_breaker:
            description: Whether ECS gives up on a deployment whose tasks don't start. Only with V(ROLLING).
            type: dict
            suboptions:
              enable:
                description: Whether it gives up.
                type: bool
                default: true
              rollback:
                description: Whether it goes back to the last deployment that worked.
                type: bool
                default: true
      enable_execute_command:
        description: Whether commands can be executed in the tasks.
        type: bool
      enable_ecs_managed_tags:
        description: Whether ECS tags the tasks with the names of cluster and service.
        type: bool
      propagate_tags:
        description: Where tasks have their tags from.
        type: str
        choices: [SERVICE, TASK_DEFINITION, NONE]
      availability_zone_rebalancing:
        description: Whether ECS moves tasks so that zones are used evenly.
        type: str
        choices: [ENABLED, DISABLED]
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A service
  uex.payments.ecs_service:
    cluster: uex-payments-dev
    services:
      - name: uex-payments-dev-presentation
        task_definition: arn:aws:ecs:us-east-1:123456789012:task-definition/uex-payments-dev-presentation:7
        desired_count: 2
        image: {repository_name: uex-payments-dev/presentation, tag: "1.0"}
        network_configuration:
          subnets: [subnet-0123456789abcdef0]
          security_groups: [sg-0123456789abcdef0]
    tags: {Project: uex-payments, Environment: dev, Layer: compute, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
services:
  description:
    - The services by name, with C(service_arn), C(desired_count), C(running_count), C(pending_count) and properties.
    - C(rollout) is V(done), V(in progress) or V(failed), C(rollout_reason) says why in AWS's words.
    - C(waiting_for_image) tells that its image is not in ECR, C(started) that it was ever given tasks.
  returned: success
  type: dict
"""

import functools
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import (
    _aws,
    _calls,
    _ecs,
    _errors,
    _images,
    _production,
    _scaling,
    _tags,
    _wait,
)
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Objection, Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

DESCRIBED_AT_ONCE = 10
DRAINED_WITHIN = 900  #: seconds; targets are deregistered for 300 and containers stop within 120
ROLE_SEEN_WITHIN = 120  #: seconds until ECS can use a role that has just been made


def _role_unseen(error: Exception) -> bool:
    return _ecs.cannot_assume(_errors.code_of(error), str(error))


class Service(Resource):
    kind = "AWS::ECS::Service"
    service = "ecs"
    plural = "services"
    initial = ("initial",)
    computed = ("service_arn",)

    def validate(self, item: Item) -> Iterable[str]:
        if not item["task_definition"]:
            yield "task_definition: it is needed"
        if item["desired_count"] < 0:
            yield "desired_count: it cannot be negative"
        yield from _ecs.strategy_problems("capacity_provider_strategy", item["capacity_provider_strategy"])
        yield from _ecs.deployment_problems(item)

    @functools.cached_property
    def imageless(self) -> set[str]:
        """The declared services whose image is not in ECR, asked once; DescribeImages doesn't count as a pull."""
        items = [item for item in self.options["services"] if item["image"] and not self.options.get("only_prune")]
        images = {item["name"]: _images.Image(item["image"]["repository_name"], item["image"]["tag"]) for item in items}
        digests = _images.digests(self.connect, images.values())
        return {name for name, image in images.items() if not digests[image]}

    def desired(self, item: Item) -> Item:
        return _ecs.declared_service(item, image_missing=item["name"] in self.imageless)

    def effects(self, plan: Plan) -> Iterable[str]:
        return ["starts a deployment"] if plan.verb == "update" and _ecs.starts_deployment(plan.options) else ()

    def objection(self, plan: Plan) -> Objection | None:
        """Asks, when a deployment would start, whether production's rule points at tasks that work."""
        before = plan.before or {}
        deploys = plan.verb == "update" and _ecs.starts_deployment(plan.options)
        rules = _ecs.production_rules(before.get("load_balancers"))
        confirmed = plan.name in (self.options.get("unhealthy_deployment_confirmed") or [])
        if not (deploys and rules and before["started"] and before["desired_count"]) or confirmed:
            return None
        return _production.misdirected(plan.name, _production.healthy(self.connect("elbv2"), rules))

    def observe(self) -> dict[str, Item]:
        entries = [entry for entry in self._entries() if entry["status"] == "ACTIVE"]
        targets = _scaling.targets(self.connect(_scaling.SERVICE), self.options["cluster"]) if entries else {}
        return {entry["serviceName"]: self._observed(entry, targets) for entry in entries}

    def _observed(self, entry: Mapping[str, Any], targets: Mapping[str, Any]) -> Item:
        name = entry["serviceName"]
        suspended = [_scaling.is_suspended(targets[name])] if name in targets else []
        declared: Mapping[str, Any] = next((item for item in self.options["services"] if item["name"] == name), {})
        service = _ecs.described_service(entry)
        balancers = _ecs.aligned(service["load_balancers"], declared.get("load_balancers"))
        return {
            **service,
            "load_balancers": balancers,
            "started": not _ecs.unreleased(entry["desiredCount"], suspended),
            "waiting_for_image": name in self.imageless,
        }

    def _entries(self) -> list[Mapping[str, Any]]:
        """All of the cluster that are listed, and the declared ones by name, as lists lag behind."""
        cluster = self.options["cluster"]
        listing = functools.partial(_aws.pages, self.client, "list_services", "serviceArns", cluster=cluster)
        arns: list[str] = _aws.absent_as([], listing, "ClusterNotFoundException")
        names = sorted({arn.rpartition("/")[2] for arn in arns} | {item["name"] for item in self.options["services"]})
        return [entry for some in _aws.chunks(names, DESCRIBED_AT_ONCE) for entry in self._describe(some)]

    def _describe(self, names: list[str]) -> list[Mapping[str, Any]]:
        query = {"cluster": self.options["cluster"], "services": names, "include": ["TAGS"]}
        describe = self.client.describe_services
        return _aws.absent_as([], lambda: list(describe(**query)["services"]), "ClusterNotFoundException")

    def create(self, name: str, desired: Item) -> None:
        """A service of the same name that still drains, and an account without ECS's role, are dealt with first."""
        self._drained(name)
        request = {
            **_ecs.service_request({**desired, **desired["initial"]}),
            "cluster": self.options["cluster"],
            "serviceName": name,
            "clientToken": uuid.uuid4().hex,
            "tags": _tags.to_list(desired["tags"], "key", "value"),
        }
        if not self._created(request):
            self._make_linked_role()
            _wait.until(lambda: self._created(request), bool, "the service-linked role of ECS", self.deadline)

    def _created(self, request: Item) -> bool:
        """Whether AWS took the request; it doesn't while the account lacks the service-linked role of ECS."""
        try:
            _calls.patiently(lambda: self.client.create_service(**request), _role_unseen, ROLE_SEEN_WITHIN)
        except Exception as error:
            if not _ecs.lacks_linked_role(_errors.code_of(error), str(error)):
                raise
            return False
        return True

    def _make_linked_role(self) -> None:
        """InvalidInput: somebody else has just made it."""
        make = self.connect("iam").create_service_linked_role
        _aws.absent_as(None, lambda: make(AWSServiceName="ecs.amazonaws.com"), "InvalidInput")

    def update(self, name: str, plan: Plan) -> None:
        """All changed properties in one call; a deployment in progress is superseded, as ECS does by itself."""
        before, after = plan.before or {}, plan.after or {}
        if "tags" in plan.options:
            tags = _tags.to_list(after["tags"], "key", "value")
            self.client.tag_resource(resourceArn=before["service_arn"], tags=tags)
        changed = {option: after[option] for option in plan.options}
        if "started" in changed:
            changed["desired_count"] = after["initial"]["desired_count"]
        request = _ecs.service_request(changed)
        if not _ecs.FORCES_DEPLOYMENT.isdisjoint(changed):
            request["forceNewDeployment"] = True
        if request:
            change = functools.partial(self.client.update_service, cluster=self.options["cluster"], service=name)
            _calls.patiently(lambda: change(**request), _role_unseen, ROLE_SEEN_WITHIN)

    def delete(self, name: str, observed: Item) -> None:
        gone = ("ServiceNotFoundException", "ServiceNotActiveException", "ClusterNotFoundException")
        query = {"cluster": self.options["cluster"], "service": name, "force": True}
        _aws.absent_as(None, lambda: self.client.delete_service(**query), *gone)
        if self.options.get("wait", True):
            self._drained(name)

    def _drained(self, name: str) -> None:
        """Wait until no task of a deleted service is left."""
        _wait.until(
            lambda: [entry["status"] for entry in self._describe([name])],
            lambda statuses: "DRAINING" not in statuses,
            f"the end of {name}'s tasks",
            DRAINED_WITHIN,
        )


def main() -> None:
    run(Service, DOCUMENTATION)


if __name__ == "__main__":
    main()
