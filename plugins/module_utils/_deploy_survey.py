# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a deploy or a rollback finds of its services, and what follows for each of them; reads only.

Options are those of the module stack_deploy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _aws, _ecs, _images, _production, _release, _rollouts, _scaling, _status
from . import _deploy_plan as plans
from ._deploy_plan import Found, Live, Step
from ._discovery import Connect, Scope
from ._release import Document, Snapshot
from ._tags import to_dict

Options = Mapping[str, Any]

NEWEST = 5  #: tags that a refusal names


# What is there


def active(connect: Connect, cluster: str, named: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """ECS's description of those services or steps that it has, by full name."""
    return _status.live_services(connect, Scope(cluster, {}), [each["full_name"] for each in named])


def survey(connect: Connect, cluster: str, services: Sequence[Mapping[str, Any]]) -> dict[str, Live]:
    """How AWS shows those of the services that it has, by short name."""
    found = active(connect, cluster, services)
    newest = _rollouts.latest(connect("ecs"), cluster, [each["serviceArn"] for each in found.values()])
    targets = _scaling.targets(connect(_scaling.SERVICE), cluster) if found else {}

    def live(service: Mapping[str, Any]) -> Live:
        name = service["serviceName"]
        held = [_scaling.is_suspended(targets[name])] if name in targets else []
        return _live(
            connect, service, newest.get(service["serviceArn"]), _ecs.unreleased(service["desiredCount"], held)
        )

    lives = dict(zip(found, _aws.concurrently(live, found.values()), strict=True))
    return {each["name"]: lives[each["full_name"]] for each in services if each["full_name"] in lives}


def _live(connect: Connect, service: Mapping[str, Any], newest: Mapping[str, Any] | None, unreleased: bool) -> Live:
    """One that never ran begins with the latest revision of its family."""
    runs = service["serviceName"] if unreleased else service["taskDefinition"]
    definition, tags = revision(connect, runs)
    rules = production_rules(service)
    serving = rules and not unreleased and service["desiredCount"]
    healthy = _production.healthy(connect("elbv2"), rules) if serving else None
    return Live(service, definition, tags, newest, unreleased, healthy)


def revision(connect: Connect, name: str) -> tuple[Mapping[str, Any], dict[str, str]]:
    """A revision of a task definition, inactive ones too, or a family's latest active one, with its tags."""
    found = connect("ecs").describe_task_definition(taskDefinition=name, include=["TAGS"])
    return found["taskDefinition"], to_dict(found.get("tags"), "key", "value")


def production_rules(service: Mapping[str, Any]) -> list[str]:
    return _ecs.production_rules(_ecs.described_service(service)["load_balancers"])


# What is to be done


def plan(connect: Connect, document: Document, options: Options) -> Found:
    """The steps for the services that are meant, and why some can't be done; reads only."""
    return (rollbacks if options["verb"] == _release.ROLLBACK else deploys)(connect, document, options)


def deploys(connect: Connect, document: Document, options: Options) -> Found:
    """Each service to the image of its tag."""
    names = options["service"] or list(options["image_tags"]) or [plans.ALL]
    services, problems, _none = plans.chosen(options["services"], [*names, *options["image_tags"]])
    if problems:
        return Found([], problems)
    tags = {each["name"]: _wanted_tag(each, document, options) for each in services}
    lives = survey(connect, options["cluster"], services)
    digests = _images.digests(connect, [_images.Image(s["repository_name"], tags[s["name"]]) for s in services])
    found = [_deployed(each, lives, tags[each["name"]], digests, document, options) for each in services]
    missing = [s for s in services if not digests[_images.Image(s["repository_name"], tags[s["name"]])]]
    problems = [p for each in services for p in plans.obstacles(each, lives.get(each["name"]), options["confirmed"])]
    problems += [p for each in services for p in plans.pin_problem(each, tags[each["name"]])]
    problems += [_tag_problem(connect, each, tags[each["name"]]) for each in missing]
    return Found([step for step in found if step], problems)


def _wanted_tag(service: Mapping[str, Any], document: Document, options: Options) -> str:
    """Its own of the dictionary, that of all, or the one in force; the document is newer than the services' list."""
    given = options["image_tags"].get(service["name"]) or options["image_tag"]
    return str(given or _release.tag_of(service, _entry(document, service)))


def _tag_problem(connect: Connect, service: Mapping[str, Any], tag: str) -> str:
    return plans.tag_problem(service, tag, _images.newest_tags(connect, service["repository_name"], NEWEST))


def _deployed(
    service: Mapping[str, Any],
    lives: Mapping[str, Live],
    tag: str,
    digests: _images.Digests,
    document: Document,
    options: Options,
) -> Step | None:
    live, digest = lives.get(service["name"]), digests[_images.Image(service["repository_name"], tag)]
    if live is None or not digest:
        return None
    name = f"{options['registry']}/{service['repository_name']}"
    image = f"{name}@{digest}" if options["pin_images"] else f"{name}:{tag}"
    wish = plans.Wish(tag, digest, image, options["force"])
    return plans.deployed(service, live, wish, _entry(document, service))


def _entry(document: Document, service: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return _release.present(document.get(service["name"], []))


def rollbacks(connect: Connect, document: Document, options: Options) -> Found:
    """Each service to what it ran before, or by a named release; a deployment in progress is taken back instead."""
    names = options["service"] or _releasing(document, options["release"])
    services, problems, _none = plans.chosen(options["services"], names)
    if not services and not problems:
        release = f" {options['release']}" if options["release"] else ""
        problems = [f"service: no release{release} is recorded; name a service, or see releases.yml"]
    if problems:
        return Found([], problems)
    lives = survey(connect, options["cluster"], services)
    found = [_rollback(connect, each, lives.get(each["name"]), document, options["release"]) for each in services]
    steps = [step for each in found for step in each.steps]
    warnings = [warning for each in found for warning in each.warnings]
    return Found(steps, [problem for each in found for problem in each.problems], warnings)


def _releasing(document: Document, release: str) -> list[str]:
    """The services of a named release, or of the newest run that deployed anything."""
    if not release:
        return _release.newest_run(document)
    return [name for name, entries in document.items() if _release.named(entries, release)]


def _rollback(
    connect: Connect, service: Mapping[str, Any], live: Live | None, document: Document, release: str
) -> Found:
    if live is None:
        return Found([], list(plans.obstacles(service, live, ())))
    if plans.in_progress(live):
        return _taken_back(connect, service, live)
    entries = document.get(service["name"], [])
    target = _release.named(entries, release) if release else _release.previous(entries)
    if target is None:
        wanted = f"release {release}" if release else "earlier release"
        return Found([], [f"{service['name']}: no {wanted} is recorded; there are {_release.known(entries)}"])
    problems = list(_unusable(connect, service, target))
    warnings = [
        f"{each}. The next run of the site brings it back" for each in plans.pin_problem(service, target["image_tag"])
    ]
    return Found([plans.restored(service, live, target, _entry(document, service))], problems, warnings)


def _taken_back(connect: Connect, service: Mapping[str, Any], live: Live) -> Found:
    """What ECS goes back to: the revision that the deployment in progress came from."""
    sources = (live.newest or {}).get("sourceServiceRevisions") or []
    if not sources:
        return Found([], [f"{service['name']}: {plans.in_progress(live)}, and there is nothing to go back to"])
    arns = [each["arn"] for each in sources]
    found = connect("ecs").describe_service_revisions(serviceRevisionArns=arns[:1])["serviceRevisions"]
    source = plans.ran(*revision(connect, found[0]["taskDefinition"]), service["name"])
    return Found([plans.stopped(service, live, source)], [])


def _unusable(connect: Connect, service: Mapping[str, Any], target: Snapshot) -> Iterable[str]:
    """Why a release cannot run again: its revision or an image of it is there no more."""

    def there() -> Mapping[str, Any]:
        return revision(connect, target["task_definition"])[0]

    nothing: Mapping[str, Any] = {}
    definition = _aws.absent_as(nothing, there, "ClientException")
    if not definition:
        yield f"{service['name']}: {target['task_definition']} is there no more; deploy {target['image_tag']} anew"
        return
    for repository, digest in _images.absent(connect, plans.pinned_images(definition)):
        yield (
            f"{service['name']}: {repository}@{digest} of {target['image_tag']} is in ECR no more: the repository's "
            "life cycle keeps only the newest images (registry_keep_images). Push it again, or name another release"
        )
