# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a deploy or a rollback does to each service, in which order, and why it is refused; pure.

A service is an entry of merge_services. A step is what is done to one service, as data that a later call carries out.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _ecs, _images, _production, _release, _rollouts, _services
from ._release import Snapshot

Service = Mapping[str, Any]
Step = dict[str, Any]

#: What is done to a service: another image, the same again, its first tasks, an end of what is in progress, nothing.
DEPLOY, FORCE, START, STOP, NOTHING = "deploy", "force", "start", "stop", "nothing"
ALL = "all"  #: stands for the names of all services
_ECR_DIGEST = "@sha256:"


class Live(NamedTuple):
    """How AWS shows a service: an entry of DescribeServices, the revision that it runs with its tags, its newest
    service deployment, whether it has never been started, and how many healthy targets production's groups have.
    """

    service: Mapping[str, Any]
    definition: Mapping[str, Any]
    tags: Mapping[str, str]
    newest: Mapping[str, Any] | None = None
    unreleased: bool = False
    healthy: Mapping[str, int] | None = None


class Found(NamedTuple):
    """Steps, what stands in their way, and what else to know before they are begun."""

    steps: list[Step]
    problems: list[str]
    warnings: Sequence[str] = ()


# Which services, and in which order


def chosen(services: Sequence[Service], names: Iterable[str]) -> Found:
    """The services of these names, and what is wrong with the names; C(all) means all."""
    wanted, known = set(names), [each["name"] for each in services]
    unknown = sorted(wanted - {ALL, *known})
    problems = [f"service: there is no {name}; there are {', '.join(known)}" for name in unknown]
    return Found([dict(each) for each in services if wanted & {ALL, each["name"]}], problems)


def stages(steps: Iterable[Step], backwards: bool = False) -> list[list[Step]]:
    """The steps that change something, those of one order together; the lowest first, C(backwards) the highest."""
    changing = [step for step in steps if step["act"] != NOTHING]
    ordered = sorted(changing, key=_place)
    groups = [list(group) for _order, group in itertools.groupby(ordered, key=lambda step: step["order"])]
    return groups[::-1] if backwards else groups


def _place(step: Mapping[str, Any]) -> tuple[int, str]:
    return step["order"], step["name"]


# What a service runs


def container_of(definition: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A revision's container of that name; none at all where it has no such one."""
    found: list[Mapping[str, Any]] = definition.get("containerDefinitions") or []
    return next((each for each in found if each["name"] == name), {})


def ran(definition: Mapping[str, Any], tags: Mapping[str, str], container: str) -> Snapshot:
    """What a revision runs, without the release that brought it."""
    image = str(container_of(definition, container).get("image") or "")
    _name, _at, digest = image.partition("@")
    tagged = _images.of(image)
    tag = tags.get(f"{_images.TAG}{container}") or (tagged.tag if tagged else "")
    arn = definition.get("taskDefinitionArn") or ""
    return {"release": None, "image_tag": tag, "digest": digest, "task_definition": arn}


def snapshot(service: Service, live: Live, entry: Mapping[str, Any] | None) -> Snapshot | None:
    """What a service runs, with the release in force if it is what that one deployed; None before its first task."""
    if live.unreleased:
        return None
    found = ran(live.definition, live.tags, service["name"])
    same = entry and (entry["digest"] or entry["image_tag"]) == (found["digest"] or found["image_tag"])
    return {**found, "release": entry["id"]} if entry and same else found


def pinned_images(definition: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The repository and digest of each image that a revision names by its digest in an ECR."""
    images = [str(each.get("image")) for each in definition.get("containerDefinitions") or []]
    pairs = [image.partition("@") for image in images if ".dkr.ecr." in image and _ECR_DIGEST in image]
    return [(name.partition("/")[2], digest) for name, _at, digest in pairs]


# What is in the way


def in_progress(live: Live) -> str:
    """The deployment that goes on, with its id and stage; empty where none does."""
    found = _rollouts.verdict(live.service, live.newest, _rollouts.Wish())
    if found.state != _ecs.IN_PROGRESS:
        return ""
    ecs = next((each["id"] for each in live.service["deployments"] if each["status"] == "PRIMARY"), "")
    return f"deployment {live.newest['serviceDeploymentArn'] if live.newest else ecs} is in progress: {found.words}"


def obstacles(service: Service, live: Live | None, confirmed: Collection[str]) -> Iterable[str]:
    """Why nothing is deployed to a service, whatever the image."""
    name = service["name"]
    if live is None:
        yield f"{name}: ECS has no service {service['full_name']}; site.yml makes it (--tags compute)"
        return
    going = in_progress(live)
    if going:
        yield f"{name}: {going}. -e wait=true waits for it, playbooks/rollback.yml -e service={name} takes it back"
    if live.healthy is not None and service["full_name"] not in confirmed:
        objection = _production.misdirected(service["full_name"], live.healthy)
        if objection:
            yield f"{name}: {objection.message} ({objection.advice})"


# Steps


class Wish(NamedTuple):
    """What a deploy wants of a service: the tag, its digest, the image's whole name, and whether the same once more."""

    tag: str
    digest: str
    image: str
    force: bool = False


def pin_problem(service: Service, tag: str) -> Iterable[str]:
    """An inventory that names another tag would take the release back with the next run of the site."""
    own = str(service["image_tag"])
    if service["image_tag_from"] == _services.INVENTORY and own != tag:
        place = f"stack_services.{service['name']}.image_tag"
        yield f"{place}: the inventory says {own}; change it to {tag} or take it out, then deploy {tag}"


def tag_problem(service: Service, tag: str, newest: Sequence[str]) -> str:
    there = f"; the newest there: {', '.join(newest)}" if newest else "; nothing is there yet"
    what = f"{service['name']}: {service['repository_name']} has no image {tag}"
    return f"{what}{there}. playbooks/push_images.yml pushes one"


def deployed(service: Service, live: Live, wish: Wish, entry: Mapping[str, Any] | None) -> Step:
    """The step that brings a service to an image."""
    before = snapshot(service, live, entry)
    image = str(container_of(live.definition, service["name"]).get("image") or "")
    act = START if live.unreleased else DEPLOY if image != wish.image else FORCE if wish.force else NOTHING
    return {
        **_step(service, live, act, before),
        "to": {"release": None, "image_tag": wish.tag, "digest": wish.digest, "task_definition": ""},
        "base": live.definition["taskDefinitionArn"],
        "image": wish.image if image != wish.image else "",
        "copy": image != wish.image,
        "desired_count": service["desired_count"] if act == START else None,
    }


def restored(service: Service, live: Live, target: Snapshot, entry: Mapping[str, Any] | None) -> Step:
    """The step that brings a service back to the revision of a release."""
    before = snapshot(service, live, entry)
    same = before is not None and target["task_definition"] == before["task_definition"]
    return {
        **_step(service, live, NOTHING if same else DEPLOY, before),
        "to": dict(target),
        "base": target["task_definition"],
        "copy": True,
        "restores": target["release"],
    }


def stopped(service: Service, live: Live, source: Snapshot) -> Step:
    """The step that ends a deployment in progress, so that the service is what it was before."""
    before = ran(live.definition, live.tags, service["name"])
    deployment = (live.newest or {}).get("serviceDeploymentArn")
    return {**_step(service, live, STOP, before), "to": source, "deployment": deployment}


def _step(service: Service, live: Live, act: str, before: Snapshot | None) -> Step:
    return {
        **{name: service[name] for name in ("name", "full_name")},
        "order": service["deployment"]["order"],
        "act": act,
        "from": before,
        "image": "",
        "copy": False,
        "desired_count": None,
        "superseded": (live.newest or {}).get("serviceDeploymentArn"),
    }


# What a step is in the words of a plan


def actions(step: Step) -> list[dict[str, Any]]:
    """The step's actions, as modules return them."""
    if step["act"] in (NOTHING, STOP):
        return []
    before, after = step["from"] or {}, step["to"]
    moved = bool(step["copy"])
    revision = _action("AWS::ECS::TaskDefinition", step, _changes(step["name"], before, after), [])
    arns = {"field": "task_definition", "before": before.get("task_definition"), "after": "(known after apply)"}
    service = _action("AWS::ECS::Service", step, [arns] if moved else [], ["starts a deployment"])
    return [revision, service] if moved else [service]


def _action(kind: str, step: Step, changes: list[dict[str, Any]], effects: list[str]) -> dict[str, Any]:
    return {
        "layer": "compute",
        "kind": kind,
        "name": step["full_name"],
        "verb": "update",
        "changes": changes,
        "effects": effects,
    }


def _changes(container: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    fields = {f"container_definitions.{container}.digest": "digest", f"tags.{_images.TAG}{container}": "image_tag"}
    pairs = [(field, before.get(name) or None, after.get(name) or None) for field, name in fields.items()]
    return [{"field": field, "before": old, "after": new} for field, old, new in pairs if old != new]


# Tables


def table(steps: Iterable[Step]) -> list[tuple[str, ...]]:
    """What would be done, a row for each service."""
    ordered = sorted(steps, key=_place)
    rows = [(each["name"], _release.what(each["from"]), _release.what(each["to"]), words(each)) for each in ordered]
    return [("service", "from", "to", "what"), *rows] if rows else []


def words(step: Step) -> str:
    """What a step does, for a person."""
    said = {
        DEPLOY: f"stage {step['order']}",
        START: f"stage {step['order']}, its first tasks",
        FORCE: f"stage {step['order']}, the same image once more",
        STOP: "the deployment in progress is taken back",
        NOTHING: "runs it already; -e force=true deploys it once more" if "restores" not in step else "runs it already",
    }
    return said[step["act"]]
