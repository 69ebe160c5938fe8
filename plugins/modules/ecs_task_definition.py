#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_task_definition
short_description: Manage ECS task definitions for Fargate as one set
description:
  - Registers a new revision of a family only when something differs from its latest active one after the defaults that
    AWS fills in are taken into account. What is not given means AWS's default, as a revision is declared as a whole.
  - A change of nothing but tags is made on the latest revision.
  - Pruning a family deregisters all of its active revisions. Services that still use one keep running.
version_added: "0.1.0"
options:
  family_prefix:
    description:
      - What the names of all families of the set begin with. O(prune) looks at no others.
      - Empty means all families of the account and region, each of which costs a call.
    type: str
    default: ""
  kept:
    description: Families that O(prune) leaves, as an operation registers them when it runs.
    type: list
    elements: str
    default: []
  require_images:
    description: Whether a task definition is refused while ECR lacks an image of it that is to be C(pinned).
    type: bool
    default: false
  task_definitions:
    description: The task definitions.
    type: list
    elements: dict
    required: true
    suboptions:
      family:
        description: Name of the family.
        type: str
        required: true
      cpu:
        description: CPU units of a task, 1024 to a vCPU. Fargate offers certain sizes; others are refused.
        type: int
        required: true
      memory:
        description: Memory of a task in MiB, in the sizes that Fargate offers with the CPU.
        type: int
        required: true
      runtime_platform:
        description: What the tasks run on.
        type: dict
        suboptions:
          cpu_architecture:
            description: The processor.
            type: str
            choices: [X86_64, ARM64]
          operating_system_family:
            description: The operating system.
            type: str
            choices: [LINUX]
      task_role_arn:
        description: Role of the containers themselves.
        type: str
      execution_role_arn:
        description: Role that ECS pulls images, reads secrets and writes logs with.
        type: str
      ephemeral_storage:
        description: Storage of a task in GiB, 20 to 200. AWS's default is 20; what is more is charged.
        type: int
      volumes:
        description: Names of volumes on the task's own storage, which mount points refer to.
        type: list
        elements: str
      container_definitions:
        description: The containers.
        type: list
        elements: dict
        required: true
        suboptions:
          name:
            description: Name of the container.
            type: str
            required: true
          image:
            description: The image with its registry and tag or digest.
            type: str
            required: true
          pinned:
            description:
              - Whether the tag of O(task_definitions[].container_definitions[].image), which is in ECR of this account
                and region, is replaced by the digest that it stands for now. All tasks of a revision then run the same
                image, also when the tag moves; a tag that has moved makes a revision, one that has not none.
              - The tag C(ImageTag/<container>) of the revision says which one it was.
              - While ECR has no such tag, the image stays as it is given.
            type: bool
          essential:
            description: Whether the task stops when the container does. AWS's default is true.
            type: bool
          cpu:
            description: CPU units reserved for the container. Those of all must fit into the task's.
            type: int
          memory:
            description: MiB at which the container is killed. Without it the task's memory is the limit.
            type: int
          memory_reservation:
            description: MiB kept for the container. Those of all must fit into the task's.
            type: int
          command:
            description: In place of the image's command.
            type: list
            elements: str
          entry_point:
            description: In place of the image's entry point.
            type: list
            elements: str
          working_directory:
            description: Directory in which the command runs, in place of the image's.
            type: str
          environment:
            description: Variables by name. They are shown in plans, so nothing secret belongs here.
            type: dict
          secrets:
            description:
              - Variables that ECS fills from Secrets Manager when a task starts, by name. The value is a secret's ARN,
                optionally with a JSON key, as in C(arn:...:secret:name-AbCdEf:key::).
            type: dict
          port_mappings:
            description: The ports that the container listens on.
            type: list
            elements: dict
            suboptions:
              container_port:
                description: The port.
                type: int
                required: true
              protocol:
                description: The transport protocol.
                type: str
                choices: [tcp, udp]
              name:
                description: Name that Service Connect knows the port by.
                type: str
              app_protocol:
                description: What Service Connect understands of the traffic.
                type: str
                choices: [http, http2, grpc]
          mount_points:
            description: Where volumes are in the container.
            type: list
            elements: dict
            suboptions:
              source_volume:
                description: Name of the volume.
                type: str
                required: true
              container_path:
                description: Directory in the container.
                type: str
                required: true
              read_only:
                description: Whether the container may only read it.
                type: bool
          volumes_from:
            description: Containers whose mount points this one has too.
            type: list
            elements: dict
            suboptions:
              source_container:
                description: Name of the container.
                type: str
                required: true
              read_only:
                description: Whether the container may only read them.
                type: bool
          depends_on:
            description: Containers that it waits for.
            type: list
            elements: dict
            suboptions:
              container_name:
                description: Name of the container.
                type: str
                required: true
              condition:
                description:
                  - What is awaited. V(COMPLETE) and V(SUCCESS) are for containers that are not essential, V(HEALTHY)
                    for those with a health check.
                type: str
                required: true
                choices: [START, COMPLETE, SUCCESS, HEALTHY]
          health_check:
            description: How ECS finds out that the container is healthy. Empty or not given means not at all.
            type: dict
            suboptions:
              command:
                description: The command, beginning with V(CMD) or V(CMD-SHELL).
                type: list
                elements: str
                required: true
              interval:
                description: Seconds between two checks, 5 to 300. AWS's default is 30.
                type: int
              timeout:
                description: Seconds that a check may take, 2 to 60. AWS's default is 5.
                type: int
              retries:
                description: Failures in a row that make the container unhealthy, 1 to 10. AWS's default is 3.
                type: int
              start_period:
                description: Seconds in which failures don't count yet, 0 to 300.
                type: int
          log_configuration:
            description: Where the container's output goes.
            type: dict
            suboptions:
              log_driver:
                description: The log driver, one of those that Fargate has.
                type: str
                default: awslogs
                choices: [awslogs, splunk, awsfirelens]
              options:
                description: The driver's options, such as C(awslogs-group). They are shown in plans.
                type: dict
              secret_options:
                description:
                  - Options of the driver that ECS fills from Secrets Manager, by name, as in
                    O(task_definitions[].container_definitions[].secrets).
                type: dict
          firelens_configuration:
            description: Makes the container the log router of the task. A task has one at most.
            type: dict
            suboptions:
              type:
                description: What the image holds.
                type: str
                required: true
                choices: [fluentbit, fluentd]
              options:
                description: Options such as C(enable-ecs-log-metadata).
                type: dict
          repository_credentials:
            description: How a registry outside of AWS knows who pulls.
            type: dict
            suboptions:
              credentials_parameter:
                description: ARN of a secret with C(username) and C(password).
                type: str
                required: true
          restart_policy:
            description: Whether the container alone starts again when it ends.
            type: dict
            suboptions:
              enabled:
                description: Whether it does.
                type: bool
                required: true
              ignored_exit_codes:
                description: Exit codes with which it doesn't.
                type: list
                elements: int
              restart_attempt_period:
                description: Seconds that it must have run to be started again, 60 to 1800. AWS's default is 300.
                type: int
          docker_labels:
            description: Labels of the container.
            type: dict
          readonly_root_filesystem:
            description: Whether the container cannot write outside of volumes. Commands cannot be executed in it then.
            type: bool
          user:
            description: User to run as, in place of the image's; a name or number, optionally C(user:group).
            type: str
          linux_parameters:
            description: What Linux offers.
            type: dict
            suboptions:
              init_process_enabled:
                description: Whether a small init process reaps children and passes signals on.
                type: bool
          ulimits:
            description: Limits of the container. Fargate lets only C(nofile), the number of open files, be set.
            type: list
            elements: dict
            suboptions:
              name:
                description: The limit.
                type: str
                required: true
                choices: [nofile]
              soft_limit:
                description: What holds to begin with.
                type: int
                required: true
              hard_limit:
                description: What the container may raise it to.
                type: int
                required: true
          start_timeout:
            description: Seconds that other containers wait for this one to reach their condition, at most 120.
            type: int
          stop_timeout:
            description: Seconds between asking the container to stop and killing it, at most 120. AWS's default is 30.
            type: int
          version_consistency:
            description: Whether ECS itself holds all tasks of a deployment to one digest. AWS's default is V(enabled).
            type: str
            choices: [enabled, disabled]
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A task definition
  uex.payments.ecs_task_definition:
    family_prefix: uex-payments-dev-
    task_definitions:
      - family: uex-payments-dev-presentation
        cpu: 512
        memory: 1024
        execution_role_arn: arn:aws:iam::123456789012:role/uex-payments-dev-execution
        container_definitions:
          - name: presentation
            image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/uex-payments-dev/presentation:1.0
            port_mappings:
              - {container_port: 3900, name: presentation}
            environment: {LOG_LEVEL: info}
    tags: {Project: uex-payments, Environment: dev, Layer: compute, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
task_definitions:
  description:
    - The task definitions by family, with C(task_definition_arn), C(revision), C(family_arn) and their properties.
    - C(family_arn) is what the ARNs of all revisions begin with.
    - In check mode the ARN of a revision that has yet to be registered is not known.
  returned: success
  type: dict
"""

import functools
import itertools
from collections.abc import Iterable, Mapping
from typing import ClassVar

from ansible_collections.uex.payments.plugins.module_utils import _aws, _ecs_tasks, _images, _tags, _task_problems
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import UNKNOWN, Objection, Plan, differences
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class TaskDefinition(Resource):
    kind = "AWS::ECS::TaskDefinition"
    service = "ecs"
    plural = "task_definitions"
    key = "family"
    revised = ("task_definition_arn", "revision")  #: what each revision has of its own
    computed = (*revised, "family_arn")
    initial = revised  # of the next revision: told to those who plan with it, compared by nobody
    no_log: ClassVar[Mapping[str, bool]] = dict.fromkeys(("secrets", "secret_options", "credentials_parameter"), False)

    def validate(self, item: Item) -> Iterable[str]:
        yield from _task_problems.problems(item)
        if not item["family"].startswith(self.options["family_prefix"]):
            yield f"family: it does not begin with {self.options['family_prefix']}"

    @functools.cached_property
    def digests(self) -> _images.Digests:
        """What the tags of all images that are to be pinned stand for, asked once."""
        items = self.options["task_definitions"]
        images = [_images.to_pin(item["container_definitions"]).values() for item in items]
        return _images.digests(self.connect, itertools.chain(*images))

    def desired(self, item: Item) -> Item:
        containers = [_images.pinned(each, self.digests) for each in item["container_definitions"]]
        return _ecs_tasks.declared_task({**item, "container_definitions": containers})

    def wanted(self) -> dict[str, Item]:
        """Beside what is declared: the tags that digests were found under, and that a family which differs gets a
        revision whose ARN nobody knows yet.
        """
        wanted, observed = super().wanted(), self.observe()
        for item in [] if self.options.get("only_prune") else self.options["task_definitions"]:
            wanted[item["family"]]["tags"].update(_images.tags(item["container_definitions"], self.digests))
        revised = [name for name in wanted if name in observed and _is_revised(wanted[name], observed[name])]
        return {**wanted, **{name: {**wanted[name], **dict.fromkeys(self.revised, UNKNOWN)} for name in revised}}

    def observe(self) -> dict[str, Item]:
        prefix = _aws.declared({"familyPrefix": self.options["family_prefix"] or None})
        families = _aws.pages(self.client, "list_task_definition_families", "families", status="ACTIVE", **prefix)
        found = zip(families, _aws.concurrently(self._describe, families), strict=True)
        return {family: item for family, item in found if item}

    def _describe(self, family: str) -> Item | None:
        """The family's latest active revision."""
        describe = self.client.describe_task_definition
        found = _aws.absent_as(None, lambda: describe(taskDefinition=family, include=["TAGS"]), "ClientException")
        if not found:
            return None
        definition = found["taskDefinition"]
        return {
            "task_definition_arn": definition["taskDefinitionArn"],
            "revision": definition["revision"],
            "family_arn": definition["taskDefinitionArn"].rpartition(":")[0],
            **_ecs_tasks.described_task(definition),
            "tags": _tags.to_dict(found.get("tags"), "key", "value"),
        }

    def owned(self, name: str, observed: Item) -> bool:
        return name not in (self.options.get("kept") or []) and super().owned(name, observed)

    def objection(self, plan: Plan) -> Objection | None:
        """An image that is required and not in ECR."""
        items = self.options["task_definitions"] if self.options.get("require_images") else []
        (containers,) = [each["container_definitions"] for each in items if each["family"] == plan.name] or [()]
        absent = [image for image in _images.to_pin(containers).values() if not self.digests.get(image)]
        listed = ", ".join(f"{image.repository}:{image.tag}" for image in absent)
        return Objection(f"ECR has no {listed}", "push it, or name a tag that is there") if absent else None

    def effects(self, plan: Plan) -> Iterable[str]:
        opened = _ecs_tasks.opened(plan.before, plan.after)
        return [f"{', '.join(opened)} can write to all of its file system"] if opened else ()

    def create(self, name: str, desired: Item) -> None:
        tags = _tags.to_list(desired["tags"], "key", "value")
        self.client.register_task_definition(tags=tags, **_ecs_tasks.task_request(name, desired))

    def update(self, name: str, plan: Plan) -> None:
        """A new revision keeps the tags that somebody gave the one before, but for those on its images."""
        before, after = plan.before or {}, plan.after or {}
        if plan.options == {"tags"}:
            tags = _tags.to_list(after["tags"], "key", "value")
            self.client.tag_resource(resourceArn=before["task_definition_arn"], tags=tags)
        else:
            kept = {key: value for key, value in before["tags"].items() if not key.startswith(_images.TAG)}
            self.create(name, {**after, "tags": {**kept, **after["tags"]}})

    def delete(self, name: str, observed: Item) -> None:
        active = {"familyPrefix": name, "status": "ACTIVE"}
        for arn in _aws.pages(self.client, "list_task_definitions", "taskDefinitionArns", **active):
            self.client.deregister_task_definition(taskDefinition=arn)


def _is_revised(desired: Item, observed: Item) -> bool:
    """Whether more than tags differs."""
    return bool(differences({**desired, "tags": None}, observed))


def main() -> None:
    run(TaskDefinition, DOCUMENTATION)


if __name__ == "__main__":
    main()
