# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Diagnosis of services whose tasks don't start or stay: counts, stopped tasks, events, deployments, addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _ecs, _rollouts, _stop_causes
from ._diagnose import About, Check, Subject, Values, aws, play, site
from ._findings import BROKEN, WARNING, Finding, broken, note, ok, warning
from ._stop_causes import Cause

#: Fewer free addresses than this in a subnet may be too few for the next deployment.
FEW_ADDRESSES = 16
STEADY = "has reached a steady state"
#: Where playbooks/diagnose.yml itself goes on.
_SUBJECTS = {
    _stop_causes.IMAGES: "images",
    _stop_causes.ROLE: "role",
    _stop_causes.OUTSIDE: "outside",
    _stop_causes.BALANCER: "balancer",
}


def cluster(values: Values, about: About) -> Iterable[Finding]:
    if values["cluster"] is None:
        seen, remedy = f"there is no cluster {about['name']}", "the compute layer makes it, and the services"
        yield broken("cluster", seen, "DescribeClusters", remedy, site(about, "compute"))
    else:
        yield ok("cluster", f"cluster {about['name']} is {values['cluster']}")


def counts(values: Values, about: About) -> Iterable[Finding]:
    """Each service is there and runs as many tasks as it wants."""
    for service in about["services"]:
        live = values["services"].get(service["full_name"])
        if live is None:
            seen, remedy = f"there is no service {service['full_name']}", "the compute layer makes it"
            yield broken("service", seen, "DescribeServices", remedy, site(about, "compute"))
        else:
            yield _counted(service["full_name"], live, about)


def _counted(name: str, live: Mapping[str, Any], about: About) -> Finding:
    running, desired = live["runningCount"], live["desiredCount"]
    command = aws(about, f"ecs describe-services --cluster {about['name']} --services {name}")
    evidence = f"running {running}, pending {live.get('pendingCount', 0)}, desired {desired}"
    if desired == 0:
        remedy = "its image is missing (see images), or a schedule or somebody took its tasks; compute starts it"
        return warning(
            "desired-count", f"{name} wants no task: nobody is served", evidence, remedy, site(about, "compute")
        )
    if running >= desired:
        return ok("running-count", f"{name} runs {running} of {desired} tasks", evidence)
    if _deploying(live):
        return warning(
            "running-count", f"{name} runs {running} of {desired} tasks", evidence, "a deployment runs: wait", command
        )
    remedy = "see why its tasks end or don't start: the other findings of this service, else its events"
    return broken("running-count", f"{name} runs {running} of {desired} tasks", evidence, remedy, command)


def _deploying(live: Mapping[str, Any]) -> bool:
    failed = sum(int(each.get("failedTasks") or 0) for each in live["deployments"])
    return _ecs.rollout(live).state == _ecs.IN_PROGRESS and not failed


def short_of_tasks(live: Mapping[str, Any] | None) -> bool:
    return live is None or live["runningCount"] < live["desiredCount"]


def ends(values: Values, about: About) -> Iterable[Finding]:
    """Why tasks ended in the last hour, which is as long as ECS shows them."""
    for service in about["services"]:
        name = service["full_name"]
        live = values["services"].get(name)
        tasks = _relevant(values["stopped"].get(name) or [], live, _latest(values, live))
        by_cause: dict[Cause, list[Mapping[str, Any]]] = {}
        for task in tasks:
            cause = _stop_causes.of_task(task)
            if cause:
                by_cause.setdefault(cause, []).append(task)
        for cause, same in by_cause.items():
            yield _ended(service, live, cause, same, about)
        if not by_cause:
            yield ok("stopped-tasks", f"no task of {name} ended by a fault", f"{len(tasks)} stopped tasks looked at")


def _latest(values: Values, live: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = values["rollouts"].get(live["serviceArn"]) if live else None
    return found


def _relevant(
    tasks: Sequence[Mapping[str, Any]], live: Mapping[str, Any] | None, latest: Mapping[str, Any] | None
) -> list[Mapping[str, Any]]:
    """Those of what the service runs now, and those that the last deployment failed for."""
    current = live["taskDefinition"] if live else None
    since = latest["createdAt"] if latest and latest["status"] in _rollouts.FAILED else None
    return [
        task
        for task in tasks
        if current in (None, task["taskDefinitionArn"])
        or (since and task.get("createdAt") and task["createdAt"] >= since)
    ]


def _ended(
    service: Mapping[str, Any],
    live: Mapping[str, Any] | None,
    cause: Cause,
    tasks: Sequence[Mapping[str, Any]],
    about: About,
) -> Finding:
    last, severity = tasks[-1], BROKEN if short_of_tasks(live) else WARNING
    codes = ", ".join(str(code) for code in _stop_causes.exit_codes(last)) or "none"
    which = f"{len(tasks)} tasks, the last {last['taskArn'].rpartition('/')[2]}"
    said = f"{which}: {_stop_causes.reasons(last)} (exit code {codes})"
    command = _command(cause, service, last["taskArn"], about)
    return Finding(cause.name, severity, f"{service['full_name']}: {cause.words}", said, cause.remedy, command)


def _command(cause: Cause, service: Mapping[str, Any], task: str, about: About) -> str:
    if cause.command in _SUBJECTS:
        return play(about, "diagnose", f"-e subject={_SUBJECTS[cause.command]}")
    if cause.command == _stop_causes.LOGS:
        return aws(about, f"logs tail {service['log_group']} --since 1h")
    if cause.command == _stop_causes.TASK and task:
        return aws(about, f"ecs describe-tasks --cluster {about['name']} --tasks {task}")
    return aws(about, f"ecs describe-services --cluster {about['name']} --services {service['full_name']}")


def events(values: Values, about: About) -> Iterable[Finding]:
    """What ECS has said of a service that is short of tasks since it was last steady."""
    for service in about["services"]:
        live = values["services"].get(service["full_name"])
        told = _since_steady(live) if live and short_of_tasks(live) else []
        seen: set[str] = set()
        for message in told:
            cause = _stop_causes.by_reason(message)
            if cause and cause.name not in seen:
                seen.add(cause.name)
                command = _command(cause, service, "", about)
                yield broken(
                    f"event-{cause.name}", f"{service['full_name']}: {cause.words}", message, cause.remedy, command
                )
        if not seen:
            yield ok("events", f"ECS reports no fault of {service['full_name']}")


def _since_steady(live: Mapping[str, Any]) -> list[str]:
    """The messages after the last steady state, newest first."""
    messages = [str(each["message"]) for each in live.get("events") or []]
    ends_at = next((index for index, text in enumerate(messages) if STEADY in text), len(messages))
    return messages[:ends_at]


def deployments(values: Values, about: About) -> Iterable[Finding]:
    """What has become of the last deployment of each service."""
    for name, live in values["services"].items():
        newest = _latest(values, live)
        verdict = _rollouts.verdict(live, newest, _rollouts.Wish(begun=True))
        if verdict.state == _ecs.FAILED:
            remedy = (
                "the tasks before it still run, unless it was the first; mend what the evidence says, and deploy again"
            )
            command = aws(about, f"ecs list-service-deployments --cluster {about['name']} --service {name}")
            yield warning("deployment", f"the last deployment of {name} failed", verdict.words, remedy, command)
        elif verdict.state == _ecs.IN_PROGRESS:
            yield note("deployment", f"a deployment of {name} is in progress", verdict.words, verdict.hint)
        else:
            yield ok("deployment", f"the last deployment of {name} succeeded")


def addresses(values: Values, about: About) -> Iterable[Finding]:
    """Every task needs an address of its own."""
    for subnet in values["task_network"]["subnets"]:
        entry = values["subnets"].get(subnet)
        if entry is None:
            seen = f"subnet {subnet}, in which services are to run, is gone"
            yield broken(
                "subnet", seen, "DescribeSubnets", "run the network and compute layers", site(about, "network,compute")
            )
            continue
        free, evidence = entry["AvailableIpAddressCount"], f"{entry['CidrBlock']}, {entry['AvailabilityZone']}"
        seen = f"subnet {subnet} has {free} free addresses"
        remedy = "free some, or widen the subnets (network_subnet_cidr_blocks)"
        command = aws(about, f"ec2 describe-network-interfaces --filters Name=subnet-id,Values={subnet}")
        if free >= FEW_ADDRESSES:
            yield ok("addresses", seen, evidence)
        elif free:
            yield warning("addresses", seen, evidence, f"{remedy}; a deployment needs as many again", command)
        else:
            yield broken("addresses", seen, evidence, remedy, command)


def linked_role(values: Values, about: About) -> Iterable[Finding]:
    """What ECS itself acts as; AWS makes it with the first service, an emulator never does."""
    if about["emulated"]:
        return
    name = "AWSServiceRoleForECS"
    if name in values["linked_roles"]:
        command = "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com"
        remedy = "make it; services can't get interfaces and targets without it"
        yield broken(
            "linked-role", f"the service-linked role {name} is missing", "NoSuchEntity [GetRole]", remedy, command
        )
    else:
        yield ok("linked-role", f"the service-linked role {name} is there")


SUBJECT = Subject(
    "tasks",
    "cluster, services, counts, stopped tasks, events, deployments, free addresses, service-linked role",
    (
        Check(("cluster",), cluster),
        Check(("services",), counts),
        Check(("services", "stopped", "rollouts"), ends),
        Check(("services",), events),
        Check(("services", "rollouts"), deployments),
        Check(("task_network", "subnets"), addresses),
        Check(("linked_roles",), linked_role),
    ),
)
