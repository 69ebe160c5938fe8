#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_task
short_description: Run a task once on Fargate and wait for its end
description:
  - Starts one task, shows its log line by line while it runs, and fails with the container's exit code and last lines.
  - Refuses to start while a task of the same family has not ended, unless O(alone) is off.
  - Nothing is left running. At the deadline, at an error and when the run is interrupted, the task is stopped.
version_added: "0.1.0"
options:
  cluster:
    description: Name of the cluster.
    type: str
    required: true
  task_definition:
    description: ARN of the revision to run, or C(family:revision), or a family for its latest active revision.
    type: str
    required: true
  planned:
    description: The revision as M(uex.payments.ecs_task_definition) returns it in check mode, where ECS has none yet.
      Shown in place of the one that ECS has.
    type: dict
    default: {}
  container:
    description: Name of the container whose log is shown and whose exit code counts.
    type: str
    required: true
  subnets:
    description: Ids of the subnets, any of which the task may be in.
    type: list
    elements: str
    required: true
  security_groups:
    description: Ids of the task's security groups.
    type: list
    elements: str
    required: true
  command:
    description: In place of the container's command. Empty means the container's own.
    type: list
    elements: str
    default: []
  environment:
    description: Variables in addition to the container's, by name. AWS shows them to whoever may see tasks, so nothing
      secret belongs here.
    type: dict
    default: {}
  tags:
    description: Tags of the task, in addition to those of its task definition.
    type: dict
    default: {}
  log_group:
    description: Log group that the container's driver C(awslogs) writes to. Empty means that no log is shown.
    type: str
    default: ""
  log_prefix:
    description: The driver's C(awslogs-stream-prefix).
    type: str
    default: ecs
  started_by:
    description: What ECS notes as the task's starter, letters, digits, C(-), C(_) and C(/), at most 128 characters.
    type: str
    default: ""
  deadline:
    description: Seconds until the task must have ended. It is stopped then.
    type: int
    default: 3600
  alone:
    description: Whether a task of the same family that has not ended is a reason to refuse.
    type: bool
    default: true
  shown_lines:
    description: How many of the last lines a failure repeats.
    type: int
    default: 20
  advice:
    description: What to do if it fails, line by line. Shown with the failure.
    type: list
    elements: str
    default: []
  notes:
    description: What else there is to know of what runs, line by line; the end of RV(table).
    type: list
    elements: str
    default: []
  step:
    description:
      - Which part of it this call is. The action of the same name asks for one after the other, so that a run shows
        progress; a playbook leaves it as it is.
    type: str
    choices: [show, start, look, stop]
    default: start
  task_arn:
    description: The task that V(look) and V(stop) of O(step) are about.
    type: str
    default: ""
  position:
    description: Where V(look) of O(step) begins to read the log, as the look before returned it.
    type: str
    default: ""
  reason:
    description: What ECS notes for V(stop) of O(step).
    type: str
    default: ""
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Shows what would run. Starts nothing.
    support: full
"""

EXAMPLES = r"""
- name: A report is made
  uex.payments.stack_task:
    cluster: uex-payments-dev
    task_definition: uex-payments-dev-report
    container: report
    command: [report, --month, "2026-11"]
    subnets: [subnet-0a1b2c3d]
    security_groups: [sg-0a1b2c3d]
    log_group: uex-payments-dev-report
    deadline: 900
"""

RETURN = r"""
task_arn:
  description: The task.
  returned: when it was started
  type: str
exit_code:
  description: The container's exit code. Null if it never ran.
  returned: when the task has ended
  type: int
stopped_reason:
  description: Why it ended, in AWS's words.
  returned: when the task has ended
  type: str
lines:
  description: What the container logged.
  returned: when the task has ended
  type: list
  elements: str
status:
  description: AWS's last status of the task.
  returned: for V(look) of O(step)
  type: str
position:
  description: Where the next look at the log begins.
  returned: for V(look) of O(step)
  type: str
table:
  description: What runs, for a person, line by line. Variables and secrets by name alone.
  returned: success, but for V(look) and V(stop) of O(step)
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _ecs_tasks, _one_off, _one_off_shown
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module

Connect = Callable[[str], Any]
Result = dict[str, Any]


def request(options: Mapping[str, Any]) -> _one_off.OneOff:
    """What is to run, from the module's options."""
    return _one_off.OneOff(**{name: options[name] for name in _one_off.OneOff._fields})


def show(connect: Connect, options: Mapping[str, Any]) -> Result:
    """What would run. Raises Refused where it may not."""
    client, wanted = connect("ecs"), request(options)
    family, revision = options["planned"].get("family"), options["planned"]
    if not family:
        found = client.describe_task_definition(taskDefinition=wanted.task_definition)["taskDefinition"]
        family, revision = found["family"], {**_ecs_tasks.described_task(found), "revision": found["revision"]}
    if options["alone"]:
        others = _one_off.running(client, wanted.cluster, family)
        _one_off_shown.demand_alone(wanted, others)
    return {"changed": False, "table": [*_one_off_shown.table(wanted, family, revision), *options["notes"]]}


def start(connect: Connect, options: Mapping[str, Any]) -> Result:
    shown = show(connect, options)
    return {**shown, "changed": True, "task_arn": _one_off.start(connect("ecs"), request(options))}


def look(connect: Connect, options: Mapping[str, Any]) -> Result:
    seen = _one_off.look(connect, request(options), options["task_arn"], options["position"])
    return {"changed": False, **seen._asdict()}


def stop(connect: Connect, options: Mapping[str, Any]) -> Result:
    _one_off.stop(connect("ecs"), options["cluster"], options["task_arn"], options["reason"])
    return {"changed": True}


STEPS: Mapping[str, Callable[[Connect, Mapping[str, Any]], Result]] = {
    "show": show,
    "start": start,
    "look": look,
    "stop": stop,
}


def main() -> None:
    module = new_module(DOCUMENTATION)
    step = "show" if module.check_mode else module.params["step"]
    try:
        result = STEPS[step](connector(module), module.params)
    except (_one_off.NotStarted, _one_off_shown.Refused) as error:
        module.fail_json(msg=str(error))
    except Exception as error:
        module.fail_json(msg=str(failure(module.params["task_definition"], step, error)))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
