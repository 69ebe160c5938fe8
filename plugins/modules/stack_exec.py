#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_exec
short_description: Find a task in which a command can be executed, and say how
description:
  - Checks that the service lets commands be executed, that a task runs whose agent does, and that the AWS CLI and its
    Session Manager plugin are there. Returns the command of the AWS CLI.
  - With O(run) the action of the same name runs it on a terminal of its own, as AWS executes interactive commands only,
    gives it no input, and shows what it prints. It fails with the command.
version_added: "0.1.0"
options:
  cluster:
    description: Name of the cluster.
    type: str
    required: true
  services:
    description: The environment's services, with C(name), C(full_name) and C(exec).
    type: list
    elements: dict
    required: true
  service:
    description: Short name of the service.
    type: str
    required: true
  task:
    description: Id of the task or its beginning. Empty means the newest one whose agent runs.
    type: str
    default: ""
  container:
    description: Name of the container. Empty means the service's own.
    type: str
    default: ""
  command:
    description: What is executed.
    type: str
    default: /bin/sh
  run:
    description: Whether to run it. It needs a O(command) that ends by itself.
    type: bool
    default: false
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Shows the command, and runs nothing.
    support: full
"""

EXAMPLES = r"""
- name: How to get a shell
  uex.payments.stack_exec:
    cluster: uex-payments-dev
    services: [{name: uex-backend, full_name: uex-payments-dev-uex-backend, exec: true}]
    service: uex-backend
"""

RETURN = r"""
command:
  description: The command of the AWS CLI, word by word.
  returned: success
  type: list
  elements: str
task:
  description: The task's id.
  returned: success
  type: str
missing:
  description: What the command needs and this machine doesn't have.
  returned: success
  type: list
  elements: str
lines:
  description: What the command printed.
  returned: when O(run)
  type: list
  elements: str
table:
  description: The command as it is typed.
  returned: success
  type: list
  elements: str
"""

import shutil
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _cli, _deploy_survey
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module

SHELL = "/bin/sh"
TOOLS = {
    "aws": "the AWS CLI, aws",
    "session-manager-plugin": "its Session Manager plugin, session-manager-plugin",
}
DESCRIBED_AT_ONCE = 100


def problems(service: Mapping[str, Any], live: Mapping[str, Any] | None) -> Iterable[str]:
    """Why no command can be executed in the service's tasks; pure."""
    place = f"stack_services.{service['name']}.exec"
    if live is None:
        yield f"{service['name']}: ECS has no service {service['full_name']}; site.yml makes it (--tags compute)"
    elif not live.get("enableExecuteCommand"):
        declared = "is true, but was not applied" if service["exec"] else "is false; set it to true"
        yield f"{place}: {declared}. site.yml --tags foundation,compute replaces the tasks; their root becomes writable"


def running(client: Any, cluster: str, name: str) -> list[Mapping[str, Any]]:
    """The service's running tasks."""
    arns = _aws.pages(client, "list_tasks", "taskArns", cluster=cluster, serviceName=name, desiredStatus="RUNNING")
    chunks = _aws.chunks(arns, DESCRIBED_AT_ONCE)
    return [task for some in chunks for task in client.describe_tasks(cluster=cluster, tasks=some)["tasks"]]


def found(connect: Callable[[str], Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """The task and the command. NotFound says what is in the way."""
    service = _cli.service_of(options["services"], options["service"])
    live = _deploy_survey.active(connect, options["cluster"], [service]).get(service["full_name"])
    wrong = list(problems(service, live))
    if wrong:
        raise _cli.NotFound("; ".join(wrong))
    tasks = running(connect("ecs"), options["cluster"], service["full_name"])
    target = _cli.target(tasks, options["task"], options["container"] or service["name"])
    command = _cli.reported(options["command"]) if options["run"] else options["command"]
    words = _cli.execute(options["cluster"], target, command, options)
    return {"command": words, "task": target.task, "table": [_cli.text(words)]}


def main() -> None:
    module = new_module(DOCUMENTATION)
    options = module.params
    if options["run"] and options["command"] == SHELL:
        module.fail_json(
            msg="command: a shell needs a terminal: without run=true its command is shown, to be run there"
        )
    try:
        result = found(connector(module), options)
    except _cli.NotFound as error:
        module.fail_json(msg=str(error))
    except Exception as error:
        module.fail_json(msg=str(failure(options["service"], "exec", error)))
    missing = [what for tool, what in TOOLS.items() if shutil.which(tool) is None]
    module.exit_json(changed=False, missing=missing, **result)


if __name__ == "__main__":
    main()
