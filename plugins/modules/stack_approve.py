#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_approve
short_description: Show the deployments that wait at a pause, and end the pause
description:
  - Finds the services whose deployment waits at a hook of the type C(PAUSE), with since when, and when and how it ends
    by itself.
  - Lets one go on, or takes it back. Where more than one waits the service has to be named.
  - It takes no lock, as the run that deploys holds it while it waits.
version_added: "0.1.0"
options:
  cluster:
    description: Name of the cluster.
    type: str
    required: true
  services:
    description: The environment's services, with C(name) and C(full_name).
    type: list
    elements: dict
    required: true
  service:
    description: Short names of those that are meant, V(all) for all. None means the one that waits.
    type: list
    elements: str
    default: []
  decision:
    description: V(continue) lets a deployment go on, V(rollback) takes it back. Without it they are only shown.
    type: str
    choices: ["", continue, rollback]
    default: ""
  command:
    description: The command that decides, to be shown.
    type: str
    default: ""
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Shows who waits, and decides nothing.
    support: full
"""

EXAMPLES = r"""
- name: A paused deployment goes on
  uex.payments.stack_approve:
    cluster: uex-payments-prod
    services: [{name: presentation, full_name: uex-payments-prod-presentation}]
    service: [presentation]
    decision: continue
"""

RETURN = r"""
waiting:
  description: Who waits, with C(name), C(deployment), C(hook_id), C(stage), C(since), C(until) and C(action).
  returned: always
  type: list
  elements: dict
decided:
  description: Of whom the pause was ended, or would be in check mode.
  returned: success
  type: list
  elements: str
table:
  description: Both for a person, line by line.
  returned: always
  type: list
  elements: str
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import (
    _deploy_news,
    _deploy_plan,
    _deploy_survey,
    _rollouts,
    _status,
)
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module

Pause = dict[str, Any]
_HEADS = ("service", "waits at", "since", "by itself", "deployment")


def waiting(connect: Callable[[str], Any], cluster: str, services: Sequence[Mapping[str, Any]]) -> list[Pause]:
    """The pauses of the services' newest deployments."""
    found = _deploy_survey.active(connect, cluster, services)
    newest = _rollouts.latest(connect("ecs"), cluster, [each["serviceArn"] for each in found.values()])
    records = {name: newest.get(entry["serviceArn"]) for name, entry in found.items()}
    return [
        {"name": each["name"], "deployment": record["serviceDeploymentArn"], **hook}
        for each in services
        if (record := records.get(each["full_name"]))
        for hook in _deploy_news.hooks(record)
    ]


def refusals(pauses: Sequence[Pause], names: Sequence[str], decision: str) -> Iterable[str]:
    """Why nothing is decided; pure."""
    if decision and len({each["name"] for each in pauses}) > 1 and not names:
        known = ", ".join(sorted({each["name"] for each in pauses}))
        yield f"service: more than one waits: {known}; name one with -e service=, or all of them with -e service=all"


def lines(pauses: Sequence[Pause], command: str) -> list[str]:
    """Who waits, for a person; pure."""
    if not pauses:
        return ["No deployment waits at a pause."]
    rows = [(p["name"], p["stage"], p["since"] or "-", _end(p), p["deployment"].rpartition("/")[2]) for p in pauses]
    commands = [f"{command} -e service={each['name']} -e decision=continue   (or rollback)" for each in pauses]
    return [*_status.columns([_HEADS, *rows]), "", *commands]


def _end(pause: Pause) -> str:
    return f"{pause['action']} at {pause['until']}" if pause["until"] else "-"


def decide(client: Any, pause: Pause, decision: str) -> None:
    client.continue_service_deployment(
        serviceDeploymentArn=pause["deployment"], hookId=pause["hook_id"], action=decision.upper()
    )


def main() -> None:
    module = new_module(DOCUMENTATION)
    options, connect = module.params, connector(module)
    names = options["service"]
    services, wrong, _none = _deploy_plan.chosen(options["services"], names or [_deploy_plan.ALL])
    if wrong:
        module.fail_json(msg="; ".join(wrong))
    try:
        pauses = waiting(connect, options["cluster"], services)
        wrong = list(refusals(pauses, names, options["decision"]))
        chosen = [] if wrong or not options["decision"] else pauses
        for pause in [] if module.check_mode else chosen:
            decide(connect("ecs"), pause, options["decision"])
    except Exception as error:
        module.fail_json(msg=str(failure(options["cluster"], "approval", error)))
    told = [f"{each['name']}: {options['decision']}" for each in chosen]
    table = told or lines(pauses, options["command"])
    if wrong:
        module.fail_json(msg="; ".join(wrong), waiting=pauses, table=lines(pauses, options["command"]))
    module.exit_json(changed=bool(chosen), waiting=pauses, decided=[each["name"] for each in chosen], table=table)


if __name__ == "__main__":
    main()
