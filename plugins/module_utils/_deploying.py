# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The calls of a deploy and a rollback: what is begun, how far it is, what is noted of its end.

Options are those of the module stack_deploy.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _aws, _deploy_news, _ecs, _images, _production, _release, _rollouts
from . import _deploy_plan as plans
from ._deploy_plan import Step
from ._deploy_survey import active, production_rules, revision
from ._discovery import Connect
from ._errors import failure
from ._state import Store
from ._tags import to_list
from ._wait import TimedOut, until

Options = Mapping[str, Any]

DESCRIBED_AT_ONCE = 100  #: tasks
PAUSED = ", paused: "  #: begins what is told of a pause, which has a line of its own here
LISTED_WITHIN = 60.0  #: seconds until ECS lists a deployment that has just been begun


# What is begun


def begin(connect: Connect, store: Store, options: Options) -> list[Step]:
    """Register revisions, note the releases, start the deployments; a step that AWS refuses has an C(error)."""
    steps = _aws.concurrently(functools.partial(_attempt, functools.partial(_registered, connect)), options["steps"])
    try:
        steps, document = _recorded(connect, store, options, steps)
    except Exception:
        _deregistered(connect("ecs"), steps)
        raise
    steps = _aws.concurrently(functools.partial(_attempt, functools.partial(_started, connect, options)), steps)
    steps = _listed(connect, options["cluster"], steps)
    for step in _sound(steps):
        document = _release.ended(document, step["name"], {"deployment": step["deployment"]})
    _release.keep(store, document)
    return steps


def _recorded(
    connect: Connect, store: Store, options: Options, steps: Sequence[Step]
) -> tuple[list[Step], _release.Document]:
    """The steps that were registered are noted as begun: they, and the document."""
    document = _release.load(connect, store)
    who = {"arn": connect("sts").get_caller_identity()["Arn"], **{k: options["run"][k] for k in ("user", "host")}}
    for step in _sound(steps):
        document = _release.begun(document, step["name"], _noted(step, options, who))
    _release.keep(store, document)
    return [{**step, "noted": not step.get("error")} for step in steps], document


def _sound(steps: Iterable[Step]) -> list[Step]:
    return [step for step in steps if not step.get("error")]


def _attempt(call: Any, step: Step) -> Step:
    """The step as it is after the call; what AWS says against it is its C(error), and hides no other's outcome."""
    if step.get("error"):
        return step
    try:
        return {**step, **call(step)}
    except Exception as error:
        return {**step, "error": str(failure(step["full_name"], "deploy", error))}


def _registered(connect: Connect, step: Step) -> Step:
    """The revision that the step deploys: its base, or a copy of it with another image."""
    if not step["copy"]:
        return {"task_definition": step["base"], "registered": False}
    definition, tags = revision(connect, step["base"])
    client = connect("ecs")
    members = client.meta.service_model.operation_model("RegisterTaskDefinition").input_shape.members
    request = {name: value for name, value in definition.items() if name in members}
    if step["image"]:
        tags[f"{_images.TAG}{step['name']}"] = step["to"]["image_tag"]
        request["containerDefinitions"] = _with_image(definition["containerDefinitions"], step)
    own = {key: value for key, value in tags.items() if not key.startswith("aws:")}
    made = client.register_task_definition(**request, tags=to_list(own, "key", "value"))
    return {"task_definition": made["taskDefinition"]["taskDefinitionArn"], "registered": True}


def _with_image(containers: Iterable[Mapping[str, Any]], step: Step) -> list[dict[str, Any]]:
    return [{**each, "image": step["image"]} if each["name"] == step["name"] else dict(each) for each in containers]


def _noted(step: Step, options: Options, who: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": options["run"]["id"],
        "kind": options["verb"],
        "began": _release.moment(time.time()),
        "who": dict(who),
        **{name: step["to"][name] for name in ("image_tag", "digest")},
        "task_definition": step["task_definition"],
        "deployment": None,
        "previous": step["from"],
        "restores": step.get("restores"),
    }


def _started(connect: Connect, options: Options, step: Step) -> Step:
    request: dict[str, Any] = {"taskDefinition": step["task_definition"]}
    if step["act"] == plans.FORCE:
        request["forceNewDeployment"] = True
    if step["desired_count"] is not None:
        request["desiredCount"] = step["desired_count"]
    made = connect("ecs").update_service(cluster=options["cluster"], service=step["full_name"], **request)["service"]
    primary: Mapping[str, Any] = next((each for each in made["deployments"] if each["status"] == "PRIMARY"), {})
    return {"ecs_deployment": primary.get("id"), "deployment": None}


def _listed(connect: Connect, cluster: str, steps: Sequence[Step]) -> list[Step]:
    """The steps with their service deployments, which ECS lists some seconds after they were begun."""
    client, names = connect("ecs"), {step["full_name"]: step for step in _sound(steps)}
    seen: dict[str, str] = {}

    def look() -> dict[str, str]:
        found = _rollouts.latest(client, cluster, names)
        arns = {arn.rpartition("/")[2]: record["serviceDeploymentArn"] for arn, record in found.items()}
        seen.update({name: arn for name, arn in arns.items() if arn != names[name]["superseded"]})
        return seen

    with contextlib.suppress(TimedOut):
        until(look, lambda found: len(found) == len(names), "the list of deployments", LISTED_WITHIN, 1.0)
    return [{**step, "deployment": seen.get(step["full_name"])} if not step.get("error") else step for step in steps]


# How far it is


def looks(connect: Connect, options: Options) -> dict[str, dict[str, Any]]:
    """What every step has come to, by the service's short name."""
    steps, cluster = options["steps"], options["cluster"]
    found = active(connect, cluster, steps)
    newest = _rollouts.latest(connect("ecs"), cluster, [each["serviceArn"] for each in found.values()])

    def look(step: Step) -> dict[str, Any]:
        service = found.get(step["full_name"])
        return _look(connect, cluster, step, service, newest.get(service["serviceArn"])) if service else GONE

    return dict(zip([step["name"] for step in steps], _aws.concurrently(look, steps), strict=True))


#: What is said of a service that somebody has deleted meanwhile.
GONE: dict[str, Any] = {
    **{"state": _ecs.FAILED, "status": "STOPPED", "words": "the service is there no more", "stage": "", "tasks": ""},
    **{"steady": False, "breaker": False, "desired": 0, "failed": 0, "allowance": 0},
    **{"stopped": {}, "alarms": [], "hooks": []},
}


def _look(
    connect: Connect, cluster: str, step: Step, service: Mapping[str, Any], newest: Mapping[str, Any] | None
) -> dict[str, Any]:
    stopping = step["act"] == plans.STOP
    wish = _rollouts.Wish() if stopping else _rollouts.Wish(step["task_definition"], True)
    found = _rollouts.verdict(service, newest, wish)
    ours = next((each for each in service["deployments"] if each["id"] == step.get("ecs_deployment")), None)
    record, failed = newest or {}, int((ours or {}).get("failedTasks") or 0)
    steady, words = _steady(connect, service) if found.state == _ecs.DONE else (False, "")
    return {
        **{
            "state": found.state,
            "words": words or found.words.partition(PAUSED)[0] or found.state,
            "allowance": found.allowance,
        },
        **{"status": record.get("status") or "", "stage": record.get("lifecycleStage") or record.get("status") or ""},
        "tasks": _counted(ours, failed) if ours else "",
        **{"steady": steady, "desired": service["desiredCount"], "failed": failed},
        "breaker": _breaks(service),
        "stopped": {} if stopping else _stopped(connect, cluster, step),
        "alarms": list((record.get("alarms") or {}).get("triggeredAlarmNames") or []),
        "hooks": _deploy_news.hooks(newest),
    }


def _counted(deployment: Mapping[str, Any], failed: int) -> str:
    told = f", {failed} failed to start" if failed else ""
    return f"{deployment['runningCount']} of {deployment['desiredCount']} new tasks run{told}"


def _breaks(service: Mapping[str, Any]) -> bool:
    """Whether ECS itself gives up on tasks that don't start."""
    configuration = service.get("deploymentConfiguration") or {}
    return bool((configuration.get("deploymentCircuitBreaker") or {}).get("enable"))


def _steady(connect: Connect, service: Mapping[str, Any]) -> tuple[bool, str]:
    """Whether all tasks run and those that get production's requests are healthy; else what is awaited, in words."""
    rules, client, desired = production_rules(service), connect("elbv2"), service["desiredCount"]
    groups = [each["targetGroupArn"] for each in service.get("loadBalancers") or [] if each.get("targetGroupArn")]
    healthy = _production.healthy(client, rules) if rules else _production.healthy_in(client, groups)
    number = sum(healthy.values())
    if service["runningCount"] < desired or (healthy and number < desired):
        return False, f"deployed; {service['runningCount']} of {desired} tasks run, {number} targets are healthy"
    return True, ""


def _stopped(connect: Connect, cluster: str, step: Step) -> dict[str, str]:
    """The tasks of the step's deployment that failed, with why; ECS shows stopped tasks for an hour."""
    client, query = connect("ecs"), {"cluster": cluster, "serviceName": step["full_name"], "desiredStatus": "STOPPED"}
    arns = _aws.pages(client, "list_tasks", "taskArns", **query)
    chunks = _aws.chunks(arns, DESCRIBED_AT_ONCE)
    tasks = [task for some in chunks for task in client.describe_tasks(cluster=cluster, tasks=some)["tasks"]]
    return _deploy_news.failed_tasks(tasks, str(step.get("ecs_deployment")))


def stop(connect: Connect, options: Options) -> None:
    """Ask ECS to take the steps' deployments back; one that is over already is left alone."""
    client = connect("ecs")
    for arn in [step["deployment"] for step in options["steps"] if step.get("deployment")]:
        ask = functools.partial(client.stop_service_deployment, serviceDeploymentArn=arn, stopType="ROLLBACK")
        _aws.absent_as(None, ask, "ConflictException")


# What is noted of its end


def end(connect: Connect, store: Store, options: Options) -> None:
    """Note what became of the steps, and see that nothing of a failed one stays the latest revision."""
    document, outcomes = _release.load(connect, store), options["outcomes"]
    for step in options["steps"]:
        if step.get("noted"):
            document = _release.ended(document, step["name"], _ended(outcomes[step["name"]]))
    _release.keep(store, document)
    failed = [s for s in options["steps"] if outcomes[s["name"]]["result"] != _release.SUCCEEDED]
    _forgotten(connect, options["cluster"], failed)


def _ended(outcome: Mapping[str, Any]) -> dict[str, Any]:
    return {**outcome, "seconds": round(outcome["seconds"], 1), "ended": _release.moment(time.time())}


def _forgotten(connect: Connect, cluster: str, failed: Sequence[Step]) -> None:
    """A failed revision that no service runs is taken out, so that the latest is the one that works; and a service that
    was to be started for the first time tries no more.
    """
    client = connect("ecs")
    for step in failed:
        if step["act"] == plans.START and not step.get("error"):
            client.update_service(cluster=cluster, service=step["full_name"], desiredCount=0)
    used = {each["taskDefinition"] for each in active(connect, cluster, failed).values()}
    _deregistered(client, [step for step in failed if step.get("task_definition") not in used])


def _deregistered(client: Any, steps: Iterable[Step]) -> None:
    for step in steps:
        if step.get("registered"):
            client.deregister_task_definition(taskDefinition=step["task_definition"])
