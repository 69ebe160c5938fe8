# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reading for a diagnosis: services with their tasks, images, log groups, and the load balancer."""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Mapping
from typing import Any

from . import _aws, _discovery, _elbv2, _images, _rollouts, _services, _status
from ._diagnose import Fact, Facts
from ._diagnose_images import Name, of_definitions, parse

Found = dict[str, Any]
DESCRIBED_AT_ONCE = 100
_NO_IMAGE = ("ImageNotFoundException", "RepositoryNotFoundException")


def cluster(facts: Facts) -> str | None:
    """The cluster's status; one that was deleted lingers as inactive."""
    found = facts.connect("ecs").describe_clusters(clusters=[facts.about["name"]])["clusters"]
    return next((str(each["status"]) for each in found if each["status"] != "INACTIVE"), None)


def services(facts: Facts) -> dict[str, Any]:
    scope = _discovery.Scope(facts.about["name"], facts.about["tags"])
    return dict(_status.live_services(facts.connect, scope, [each["full_name"] for each in facts.about["services"]]))


def definitions(facts: Facts) -> dict[str, Any]:
    """What each service's new tasks are made of."""
    client, live = facts.connect("ecs"), facts("services")
    found = _aws.concurrently(
        lambda name: client.describe_task_definition(taskDefinition=live[name]["taskDefinition"])["taskDefinition"],
        live,
    )
    return dict(zip(live, found, strict=True))


def stopped(facts: Facts) -> dict[str, list[Any]]:
    """The tasks that ended within about an hour, by service."""
    names = list(facts("services"))
    return dict(zip(names, _aws.concurrently(functools.partial(_stopped, facts), names), strict=True))


def _stopped(facts: Facts, service: str) -> list[Any]:
    client, cluster_name = facts.connect("ecs"), facts.about["name"]
    arns = _aws.pages(
        client, "list_tasks", "taskArns", cluster=cluster_name, serviceName=service, desiredStatus="STOPPED"
    )
    found = [
        task
        for some in _aws.chunks(arns, DESCRIBED_AT_ONCE)
        for task in client.describe_tasks(cluster=cluster_name, tasks=some)["tasks"]
    ]
    return sorted(found, key=lambda task: str(task.get("stoppedAt") or ""))


def rollouts(facts: Facts) -> dict[str, Any]:
    """The last deployment of each service, by its ARN."""
    names = list(facts("services"))
    return dict(_rollouts.latest(facts.connect("ecs"), facts.about["name"], names)) if names else {}


# Images and logs


def repositories(facts: Facts) -> dict[str, Any]:
    """The environment's repositories by name."""
    found = _aws.pages(facts.connect("ecr"), "describe_repositories", "repositories")
    return {
        each["repositoryName"]: each for each in found if each["repositoryName"].startswith(f"{facts.about['name']}/")
    }


def images(facts: Facts) -> dict[str, bool | None]:
    """Whether each image of the task definitions is there; None of one in another registry."""
    names, own = list(of_definitions(facts("definitions"))), facts("identity")["account"]
    return dict(zip(names, _aws.concurrently(lambda image: _is_there(facts, parse(image), own), names), strict=True))


def _is_there(facts: Facts, name: Name | None, account: str) -> bool | None:
    if name is None or (name.account, name.region) != (account, facts.about["region"]):
        return None
    describe = facts.connect("ecr").describe_images
    query = {"repositoryName": name.repository, "imageIds": [name.identity]}
    return _aws.absent_as(False, lambda: bool(describe(**query)["imageDetails"]), *_NO_IMAGE)


def tags(facts: Facts) -> dict[str, str]:
    """The digest of what the inventory names for each service, empty where ECR has none."""
    found = _images.digests(facts.connect, map(_images.of_service, facts.about["services"]))
    return {f"{image.repository}:{image.tag}": digest for image, digest in found.items()}


def repository_policies(facts: Facts) -> dict[str, Any]:
    """The policy of each repository, None of one without."""
    get, names = facts.connect("ecr").get_repository_policy, list(facts("repositories"))

    def policy(name: str) -> Any:
        none = "RepositoryPolicyNotFoundException"
        text = _aws.absent_as(None, lambda: get(repositoryName=name)["policyText"], none)
        return json.loads(text) if text else None

    return dict(zip(names, _aws.concurrently(policy, names), strict=True))


def log_groups(facts: Facts) -> dict[str, str]:
    """The environment's log groups: ARNs without their end, by name."""
    prefix = {"logGroupNamePrefix": f"{facts.about['name']}-"}
    found = _aws.pages(facts.connect("logs"), "describe_log_groups", "logGroups", **prefix)
    return {each["logGroupName"]: str(each["arn"]).removesuffix(":*") for each in found}


# The load balancer


def balancer(facts: Facts) -> Found:
    """The load balancer with its listeners and their rules, the services' groups and targets."""
    client, name = facts.connect("elbv2"), f"{facts.about['name']}-alb"
    listed = _aws.pages(client, "describe_load_balancers", "LoadBalancers")
    found = next((each for each in listed if each["LoadBalancerName"] == name), None)
    arn = found["LoadBalancerArn"] if found else None
    listeners = _aws.pages(client, "describe_listeners", "Listeners", LoadBalancerArn=arn) if arn else []
    groups = _groups(facts, client)
    targets = {each["TargetGroupArn"]: each for each in groups.values()}
    health = _aws.concurrently(lambda group: _health(client, group), targets)
    return {
        "balancer": found,
        "listeners": listeners,
        "rules": {each["ListenerArn"]: _elbv2.rules(client, each["ListenerArn"]) for each in listeners},
        "groups": groups,
        "health": dict(zip(targets, health, strict=True)),
    }


def _groups(facts: Facts, client: Any) -> dict[str, Any]:
    """The services' target groups by name."""
    wanted = {name for service in facts.about["services"] for name in _services.group_names(service)}
    found = _aws.pages(client, "describe_target_groups", "TargetGroups")
    return {each["TargetGroupName"]: each for each in found if each["TargetGroupName"] in wanted}


def _health(client: Any, arn: str) -> list[Any]:
    return list(client.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"])


def certificates(facts: Facts) -> Found:
    """The certificates of the listeners by ARN, and the time; those of IAM are not ACM's."""
    listeners, client = facts("balancer")["listeners"], facts.connect("acm")
    arns = {each["CertificateArn"] for listener in listeners for each in listener.get("Certificates") or []}
    ours = sorted(arn for arn in arns if ":acm:" in arn)
    found = {arn: client.describe_certificate(CertificateArn=arn)["Certificate"] for arn in ours}
    return {"found": found, "now": datetime.datetime.now(datetime.UTC)}


READERS: Mapping[str, Fact] = {
    "cluster": Fact("the cluster", "ecs", cluster),
    "services": Fact("the services", "ecs", services),
    "definitions": Fact("the task definitions", "ecs", definitions),
    "stopped": Fact("the stopped tasks", "ecs", stopped),
    "rollouts": Fact("the deployments", "ecs", rollouts),
    "repositories": Fact("the repositories", "ecr", repositories),
    "images": Fact("the images", "ecr", images),
    "tags": Fact("the images' tags", "ecr", tags),
    "repository_policies": Fact("the repositories' policies", "ecr", repository_policies),
    "log_groups": Fact("the log groups", "logs", log_groups),
    "balancer": Fact("the load balancer", "elbv2", balancer),
    "certificates": Fact("the certificates", "acm", certificates),
}
