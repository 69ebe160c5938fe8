# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Health of the ECS services: tasks that run, deployments, images that are missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from . import _ecs, _health_edge, _images, _rollouts, _status
from ._discovery import Scope
from ._health import Check, Row
from ._preflight import FAILED, OK, WARNING, Connect, Options

Entry = Mapping[str, Any]


class Seen(NamedTuple):
    """The services by full name, the newest deployment of each by ARN, and which images are there."""

    services: Mapping[str, Entry]
    newest: Mapping[str, Entry]
    digests: Mapping[_images.Image, str]


def look(connect: Connect, options: Options) -> Seen:
    names = [service["full_name"] for service in options["services"]]
    live = _status.live_services(connect, Scope(options["name"], {}), names)
    arns = [entry["serviceArn"] for entry in live.values()]
    newest = _rollouts.latest(connect("ecs"), options["name"], arns)
    return Seen(live, newest, _images.digests(connect, map(_images.of_service, options["services"])))


def judge(found: Seen, options: Options) -> Iterable[Row]:
    for service in options["services"]:
        live = found.services.get(service["full_name"])
        title = f"Service {service['name']}"
        if not live:
            command = _health_edge.apply_command(options, "compute")
            yield Row(title, FAILED, f"{service['full_name']} is not there", command)
        else:
            newest = found.newest.get(live["serviceArn"])
            yield _row(title, service, live, newest, bool(found.digests.get(_images.of_service(service))))


def _row(title: str, service: Entry, live: Entry, newest: Entry | None, image: bool) -> Row:
    running, desired = live["runningCount"], live["desiredCount"]
    counted = f"{running} of {desired} tasks run"
    if not desired and not image:
        wanted = f"{service['repository_name']}:{service['image_tag']}"
        return Row(title, WARNING, f"waits for its image {wanted}", "push the image, then run the site", 0, "tasks")
    state, words, advice = _deployment(live, newest)
    if running < desired and (state != WARNING or not running):
        state, advice = FAILED, _events(live)
    if not desired:
        state, words = max(state, WARNING, key=(OK, WARNING, FAILED).index), [*words, "is scaled to nothing"]
    return Row(title, state, "; ".join([counted, *words]), advice, running, "tasks")


def _deployment(live: Entry, newest: Entry | None) -> tuple[str, list[str], str]:
    """State, words and advice of the newest deployment; one that failed is a warning while the old tasks all run."""
    found = _rollouts.verdict(live, newest, _rollouts.Wish(begun=True))
    if found.state == _ecs.FAILED:
        enough = live["runningCount"] >= live["desiredCount"] > 0
        return WARNING if enough else FAILED, [found.words], _events(live)
    if found.state == _ecs.IN_PROGRESS:
        return WARNING, [f"a deployment is on its way: {found.words}"], found.hint
    return OK, [], ""


def _events(live: Entry) -> str:
    cluster, name = live["clusterArn"].rpartition("/")[2], live["serviceName"]
    return f"aws ecs describe-services --cluster {cluster} --services {name} --query services[0].events[:5].message"


CHECKS = (Check("services", "Services", "ecs", look, judge),)
