# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Two services with images in ECR on the embedded AWS in-process, and runs that deploy them or roll them back."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.action import stack_deploy as action
from ansible_collections.uex.payments.plugins.module_utils import _services, _wait
from ansible_collections.uex.payments.plugins.module_utils._state import Store
from ansible_collections.uex.payments.plugins.modules import stack_deploy
from ansible_collections.uex.payments.tests.support import ecs, edge, plugins
from embedded_aws import images

ACCOUNT = "123456789012"
CLUSTER = ecs.CLUSTER
BUCKET = f"uex-payments-state-{ACCOUNT}-us-east-1"
PREFIX = "uex-payments/test"
TAGS = ("1.0", "1.1", "1.2")
ORDERS = {"api": 10, "web": 20}
BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
BLUE_GREEN = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0}
PAUSE = {"targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]}
OPTIONS: dict[str, Any] = {
    "cluster": CLUSTER,
    "registry": ecs.REGISTRY,
    "state_bucket": BUCKET,
    "state_prefix": PREFIX,
    "account_id": ACCOUNT,
    "approve": "approve",
}

DEFAULTS: dict[str, Any] = {
    **{"verb": "deploy", "service": [], "image_tag": "", "image_tags": {}, "force": False, "release": ""},
    **{"pin_images": True, "confirmed": [], "step": "plan"},
}


def services(**more: Any) -> list[dict[str, Any]]:
    """The services as the inventory has them; C(more) are fields of api."""
    builtin = {
        name: {"port": 8080 + order, "path": f"/{name}", "priority": order, "deployment": {"order": order}}
        for name, order in ORDERS.items()
    }
    return _services.service_list(builtin, {"api": more}, {}, CLUSTER)


def push(repository: str, tag: str) -> str:
    """An image of that tag: its digest."""
    manifest, ecr = images.manifest(repository, tag), boto3.client("ecr")
    made = ecr.put_image(
        repositoryName=repository, imageManifest=manifest, imageTag=tag, imageManifestMediaType=images.MEDIA_TYPE
    )
    return str(made["image"]["imageId"]["imageDigest"])


class Estate:
    """Both services run 1.0, pinned; web rolls, api is deployed as C(api) says."""

    def __init__(self, api: dict[str, Any] | None = None, desired: int = 2) -> None:
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        ecs.cluster(boto3.client)
        self.ecs = boto3.client("ecs")
        self.vpc = edge.network(boto3.client, 1)
        self.network = {"subnets": self.vpc.subnets, "securityGroups": self.vpc.security_groups}
        self.digests = {name: self._repository(name) for name in ORDERS}
        for name in ORDERS:
            self._service(name, (api or BREAKER) if name == "api" else BREAKER, desired)

    def _repository(self, name: str) -> dict[str, str]:
        repository = f"{CLUSTER}/{name}"
        boto3.client("ecr").create_repository(repositoryName=repository)
        return {tag: push(repository, tag) for tag in TAGS}

    def image(self, name: str, tag: str) -> str:
        return f"{ecs.REGISTRY}/{CLUSTER}/{name}@{self.digests[name][tag]}"

    def _service(self, name: str, configuration: dict[str, Any], desired: int) -> None:
        container = {
            "name": name,
            "image": self.image(name, "1.0"),
            "portMappings": [{"containerPort": 8080, "name": "http"}],
        }
        self.ecs.register_task_definition(
            family=f"{CLUSTER}-{name}",
            containerDefinitions=[container],
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            executionRoleArn=ecs.ROLE,
            tags=[{"key": f"ImageTag/{name}", "value": "1.0"}],
        )
        shifting = {"loadBalancers": [self._balancer(name)]} if configuration.get("strategy") else {}
        self.ecs.create_service(
            cluster=CLUSTER,
            serviceName=f"{CLUSTER}-{name}",
            taskDefinition=f"{CLUSTER}-{name}",
            desiredCount=desired,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": self.network},
            deploymentConfiguration=configuration,
            **shifting,
        )
        self.service(name)

    def _balancer(self, name: str) -> dict[str, Any]:
        """With a role that ECS may use, as it shifts traffic with it."""
        statement = {"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        role = boto3.client("iam").create_role(RoleName="infrastructure", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        made = ecs.shifting(boto3.client, self.vpc)
        advanced = made["advanced_configuration"]
        return {
            "targetGroupArn": made["target_group_arn"],
            "containerName": name,
            "containerPort": 8080,
            "advancedConfiguration": {
                "alternateTargetGroupArn": advanced["alternate_target_group_arn"],
                "productionListenerRule": advanced["production_listener_rule"],
                "testListenerRule": advanced["test_listener_rule"],
                "roleArn": role,
            },
        }

    def service(self, name: str) -> dict[str, Any]:
        found = self.ecs.describe_services(cluster=CLUSTER, services=[f"{CLUSTER}-{name}"])["services"]
        return dict(found[0])

    def runs(self, name: str) -> str:
        """The tag that the service runs."""
        definition = self.ecs.describe_task_definition(taskDefinition=self.service(name)["taskDefinition"])
        image = definition["taskDefinition"]["containerDefinitions"][0]["image"]
        return next(tag for tag in TAGS if self.image(name, tag) == image)

    def latest(self, name: str) -> str:
        """The family's latest active revision."""
        found = self.ecs.describe_task_definition(taskDefinition=f"{CLUSTER}-{name}")
        return str(found["taskDefinition"]["taskDefinitionArn"])

    def deployment(self, name: str) -> dict[str, Any]:
        """The newest service deployment."""
        listed = self.ecs.list_service_deployments(cluster=CLUSTER, service=f"{CLUSTER}-{name}")["serviceDeployments"]
        arns = [listed[0]["serviceDeploymentArn"]]
        return dict(self.ecs.describe_service_deployments(serviceDeploymentArns=arns)["serviceDeployments"][0])

    def lose(self, name: str, tag: str) -> None:
        """Take an image out of ECR."""
        identifiers = [{"imageDigest": self.digests[name][tag]}]
        boto3.client("ecr").batch_delete_image(repositoryName=f"{CLUSTER}/{name}", imageIds=identifiers)

    def releases(self) -> dict[str, list[dict[str, Any]]]:
        """What is recorded."""
        body = boto3.client("s3").get_object(Bucket=BUCKET, Key=f"{PREFIX}/releases.json")["Body"].read()
        found: dict[str, list[dict[str, Any]]] = json.loads(body)["services"]
        return found

    def results(self, name: str) -> list[tuple[str, str, str]]:
        """The service's releases, the newest first: kind, tag, result."""
        return [(each["kind"], each["image_tag"], each["result"]) for each in self.releases()[name]]


class Clock:
    """Time that passes only while somebody sleeps; then C(meanwhile) happens."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.meanwhile: Callable[[], None] = lambda: None

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.meanwhile()


class Runs:
    """Runs of the action on the estate; each holds a lock of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock, self.number, self.shown = Clock(), 0, [""]
        self.locked, self.connect = True, functools.cache(boto3.client)
        until = functools.partial(_wait.until, clock=self.clock, sleep=self.clock.sleep)
        monkeypatch.setattr(action, "_wait", SimpleNamespace(until=until))
        monkeypatch.setattr(action, "time", SimpleNamespace(monotonic=self.clock))
        monkeypatch.setattr(action, "run_module", self._module)
        monkeypatch.setattr(action.lock, "keeper", self._keeper)

    def _module(self, made: Any, task_vars: Any, name: str, options: dict[str, Any]) -> dict[str, Any]:
        """The module's result, made without new clients for each call; what it gives and takes is JSON."""
        given = json.loads(json.dumps({**DEFAULTS, **options}))
        store, connect = Store(self.connect, BUCKET, PREFIX), self.connect
        try:
            step = "plan" if made._task.check_mode else given["step"]
            return dict(json.loads(json.dumps(stack_deploy.STEPS[step](connect, store, given))))
        except Exception as error:
            return {"failed": True, "msg": str(error)}

    def _keeper(self) -> Any:
        owner = SimpleNamespace(user="somebody@laptop")
        return SimpleNamespace(fence=self.number, run_id=f"run-{self.number}", owner=owner) if self.locked else None

    def __call__(self, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        self.number += 1
        given = {"services": services(), **OPTIONS, **options}
        made = plugins.action(action.ActionModule, given, check_mode)
        made._display.warning = made.shown.append
        try:
            result: dict[str, Any] = made.run(task_vars={})
        finally:
            self.shown = [line.strip() for line in made.shown]
        return result

    def said(self, text: str) -> bool:
        """Whether the last run showed it."""
        return any(text in line for line in self.shown)
