# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Deployments of one production service that ECS moves through its stages: paused, repeated, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _wait
from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.playbook import SITE, Run, Site
from ansible_collections.uex.payments.tests.support import routes, routing
from embedded_aws import deployments

ENVIRONMENT = "prod"
SHORT = "presentation"
CLUSTER = f"uex-payments-{ENVIRONMENT}"
SERVICE = f"{CLUSTER}-{SHORT}"
ALARM = f"{SERVICE}-rollback-5xx"
REASON = "Errors of the tests"
PAUSE = {"target_type": "PAUSE", "lifecycle_stages": ["POST_TEST_TRAFFIC_SHIFT"]}
PATH = f"/{SHORT}/x"
HEADERS: dict[str, dict[str, str]] = {"customer": {}, "test": {"X-Uex-Test": "true"}}
DEADLINE = 120.0
LAYER = ("--tags", "compute")
BOTH = ("--tags", "edge,compute")


class State(NamedTuple):
    """What AWS shows of the service: its task definition, and the target group that each rule sends most to."""

    definition: str
    production: str
    test: str


class Watched(NamedTuple):
    """A run, and the service before it, in its midst and after it."""

    run: Run
    before: State
    between: State
    after: State
    answered: dict[str, str]  #: the target group that answered a real request in its midst, by kind of request


class Service:
    """The service as boto3 shows it."""

    def __init__(self, site: Site) -> None:
        self.connect = account.connect(site.endpoint)

    def state(self) -> State:
        found = self.connect("ecs").describe_services(cluster=CLUSTER, services=[SERVICE])
        service = found["services"][0]
        advanced = service["loadBalancers"][0]["advancedConfiguration"]
        rules = (advanced["productionListenerRule"], advanced["testListenerRule"])
        return State(service["taskDefinition"], *(self._favourite(rule) for rule in rules))

    def _favourite(self, rule: str) -> str:
        (found,) = self.connect("elbv2").describe_rules(RuleArns=[rule])["Rules"]
        groups = found["Actions"][-1]["ForwardConfig"]["TargetGroups"]
        return str(max(groups, key=lambda group: group["Weight"])["TargetGroupArn"])

    def deployment(self) -> dict[str, Any]:
        """The newest service deployment."""
        ecs = self.connect("ecs")
        listed = ecs.list_service_deployments(cluster=CLUSTER, service=SERVICE)
        arn = listed["serviceDeployments"][0]["serviceDeploymentArn"]
        found: dict[str, Any] = ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]
        return found

    def proceed(self, shown: dict[str, Any]) -> None:
        """Let a paused deployment go on."""
        hook = shown["lifecycleHookDetails"][0]["hookId"]
        self.connect("ecs").continue_service_deployment(
            serviceDeploymentArn=shown["serviceDeploymentArn"], hookId=hook, action="CONTINUE"
        )

    def answers(self) -> dict[str, str]:
        """Which target group answers a customer's request and a test's, by real requests to the rules as they are."""
        deployed = routing.read(self.connect, f"{CLUSTER}-alb")
        with routes.standing(deployed) as front:
            asked = {kind: routes.Request(PATH, headers=headers) for kind, headers in HEADERS.items()}
            return {kind: front.ask(request).group for kind, request in asked.items()}

    def alarm(self, value: str = "ALARM") -> None:
        self.connect("cloudwatch").set_alarm_state(AlarmName=ALARM, StateValue=value, StateReason=REASON)


def settings(release: str) -> dict[str, Any]:
    entry = {"environment": {"RELEASE": release}, "deployment": {"lifecycle_hooks": [PAUSE]}}
    return {"stack_services": {SHORT: entry}}


def watched(site: Site, release: str, *steps: Callable[[Service, dict[str, Any]], None]) -> Watched:
    """Deploy a release; when it is paused, and again when it is being watched, look at it and do the next step."""
    service = Service(site)
    before, seen, answered = service.state(), [], {}
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(site.play, SITE, ENVIRONMENT, *LAYER, **settings(release))
        for step, reached in zip(steps, (paused, baking), strict=False):
            shown = _wait.until(service.deployment, reached, "the stage", DEADLINE, 0.2)
            begun = looks(site)
            _wait.until(lambda begun=begun: looks(site) - begun, bool, "the run's look at it", DEADLINE, 0.2)
            seen.append(service.state())
            answered = service.answers()
            step(service, shown)
        run = running.result()
    return Watched(run, before, seen[-1], service.state(), answered)


def looks(site: Site) -> int:
    """How often runs have looked at the newest deployments; this module asks for one."""
    asked = (each for each in site.calls() if each["operation"] == "DescribeServiceDeployments")
    return sum(1 for each in asked if len(each["request"]["serviceDeploymentArns"]) > 1)


def paused(shown: dict[str, Any]) -> bool:
    return any(hook["status"] == "AWAITING_ACTION" for hook in shown["lifecycleHookDetails"])


def baking(shown: dict[str, Any]) -> bool:
    return bool(shown["status"] == "IN_PROGRESS" and shown["lifecycleStage"] == "BAKE_TIME")


@pytest.fixture(scope="module")
def deployed(site: Site, applies: dict[str, Run]) -> Watched:
    """A release that pauses until somebody lets it go on."""
    return watched(site, "2", Service.proceed)


@pytest.fixture(scope="module")
def repeated(site: Site, deployed: Watched) -> tuple[Run, list[str]]:
    """The same once more, and what it called that may have changed something."""
    deployed.run.succeeded()
    begun = len(site.calls())
    return site.play(SITE, ENVIRONMENT, *BOTH, **settings("2")), site.mutations(begun)


@pytest.fixture(scope="module")
def taken_back(site: Site, repeated: tuple[Run, list[str]]) -> Iterator[Watched]:
    """A release whose alarm goes off while it is watched."""
    deployments.steer(site.port, SERVICE, hold=["BAKE_TIME"])
    yield watched(site, "3", Service.proceed, lambda service, _shown: service.alarm())
    deployments.reset(site.port)
    Service(site).alarm("OK")
    site.play(SITE, ENVIRONMENT, *LAYER).succeeded()


def test_a_pause_is_awaited_shown_and_continued(deployed: Watched) -> None:
    deployed.run.succeeded()
    assert "POST_TEST_TRAFFIC_SHIFT" in deployed.run.output
    assert "aws ecs continue-service-deployment --service-deployment-arn" in deployed.run.output
    (action,) = (each for each in deployed.run.plan["actions"] if each["kind"] == "AWS::ECS::Service")
    assert (action["name"], action["verb"], action["effects"]) == (SERVICE, "update", ["starts a deployment"])


def test_test_requests_reach_the_new_tasks_first(deployed: Watched) -> None:
    before, between, after = deployed.before, deployed.between, deployed.after
    assert between.production == before.production
    assert between.test != between.production
    assert after.production == after.test == between.test
    assert after.definition != before.definition


def test_real_requests_reach_old_and_new_tasks_by_the_test_header(deployed: Watched) -> None:
    groups = {kind: f":targetgroup/{group}/" for kind, group in deployed.answered.items()}
    assert groups["customer"] in deployed.between.production
    assert groups["test"] in deployed.between.test


def test_what_ecs_has_done_to_the_rules_is_nothing_to_change(repeated: tuple[Run, list[str]]) -> None:
    run, mutations = repeated
    run.succeeded()
    assert (run.changed, run.planned, mutations) == ([], set(), [])


def test_a_deployment_that_is_taken_back_fails_the_run_with_its_reason(taken_back: Watched) -> None:
    assert taken_back.run.code != 0
    assert f"{SERVICE}: deployment ROLLBACK_SUCCESSFUL: " in taken_back.run.output
    assert ALARM in taken_back.run.output


def test_what_was_taken_back_is_as_it_was(taken_back: Watched) -> None:
    before, between, after = taken_back.before, taken_back.between, taken_back.after
    assert between.production != before.production
    assert (after.definition, after.production) == (before.definition, before.production)
