# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Releases of two of production's services: deployed in order, taken back by an alarm, paused, rolled back by name.

What each refusal says, and what happens to tasks and revisions, is in the tests of the action.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _wait
from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.holding import Holding
from ansible_collections.uex.payments.tests.site.playbook import (
    APPROVE,
    CHECK,
    DEPLOY,
    RELEASES,
    ROLLBACK,
    SITE,
    Run,
    Site,
)
from embedded_aws import deployments, images

ENVIRONMENT = "prod"
CLUSTER = f"uex-payments-{ENVIRONMENT}"
FIRST, SECOND = "processing-tier", "client-tier"
TAGS = ("1.4.1", "1.4.2", "1.4.3")
ALARM = f"{CLUSTER}-{FIRST}-rollback-5xx"
PAUSE = {"target_type": "PAUSE", "lifecycle_stages": ["POST_TEST_TRAFFIC_SHIFT"]}
DEADLINE = 120.0
BOTH = {"service": f"{FIRST},{SECOND}"}
IDLE = "No changes: the account is as the inventory says."

#: Half a dozen deployments of production, one after the other, take too long for a sample.
pytestmark = pytest.mark.everything


class Service:
    """A service as boto3 shows it."""

    def __init__(self, site: Site, name: str) -> None:
        self.name = f"{CLUSTER}-{name}"
        self.connect = account.connect(site.endpoint)
        self.ecs = self.connect("ecs")

    def runs(self) -> str:
        """The tag of the revision that it runs, which is the family's latest too."""
        service = self.ecs.describe_services(cluster=CLUSTER, services=[self.name])["services"][0]
        latest = self.ecs.describe_task_definition(taskDefinition=self.name, include=["TAGS"])
        assert latest["taskDefinition"]["taskDefinitionArn"] == service["taskDefinition"]
        tags = {each["key"]: each["value"] for each in latest["tags"]}
        return str(tags[f"ImageTag/{self.name.removeprefix(f'{CLUSTER}-')}"])

    def deployment(self) -> dict[str, Any]:
        """The newest service deployment."""
        listed = self.ecs.list_service_deployments(cluster=CLUSTER, service=self.name)["serviceDeployments"]
        arns = [listed[0]["serviceDeploymentArn"]]
        return dict(self.ecs.describe_service_deployments(serviceDeploymentArns=arns)["serviceDeployments"][0])


def baking(shown: dict[str, Any]) -> bool:
    return bool(shown["status"] == "IN_PROGRESS" and shown["lifecycleStage"] == "BAKE_TIME")


def paused(shown: dict[str, Any]) -> bool:
    return any(hook["status"] == "AWAITING_ACTION" for hook in shown["lifecycleHookDetails"])


def meanwhile(
    site: Site, reached: Callable[[dict[str, Any]], bool], step: Callable[[Service], Any], **variables: Any
) -> tuple[Run, Any]:
    """Deploy, and when the first service's deployment has reached something, do a step: the run and what that gave."""
    service = Service(site, FIRST)
    before = service.deployment()["serviceDeploymentArn"]

    def there() -> bool:
        shown = service.deployment()
        return shown["serviceDeploymentArn"] != before and reached(shown)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(site.play, DEPLOY, ENVIRONMENT, **variables)
        _wait.until(there, bool, "the stage", DEADLINE, 0.2)
        done = step(service)
        return running.result(), done


@pytest.fixture(scope="module")
def released(site: Site, applies: dict[str, Run]) -> Iterator[Run]:
    """A release of both, slow enough to be followed."""
    names = [f"{CLUSTER}/{name}" for name in (FIRST, SECOND)]
    images.request(site.port, [{"repository_name": name, "image_tag": tag} for name in names for tag in TAGS])
    deployments.steer(site.port, stage_seconds=1.5)
    run = site.play(DEPLOY, ENVIRONMENT, image_tag=TAGS[0], **BOTH)
    deployments.reset(site.port)
    yield run
    deployments.reset(site.port)


@pytest.fixture(scope="module")
def after_release(site: Site, released: Run) -> Run:
    return site.play(SITE, ENVIRONMENT, CHECK, "--tags", "compute")


@pytest.fixture(scope="module")
def alarmed(site: Site, released: Run) -> Run:
    """A release of both whose first stage sets off an alarm."""

    def alarm(service: Service) -> None:
        cloudwatch = service.connect("cloudwatch")
        cloudwatch.set_alarm_state(AlarmName=ALARM, StateValue="ALARM", StateReason="Errors of the tests")

    deployments.steer(site.port, f"{CLUSTER}-{FIRST}", hold=["BAKE_TIME"])
    run, _none = meanwhile(site, baking, alarm, image_tag=TAGS[1], **BOTH)
    deployments.reset(site.port)
    cloudwatch = account.connect(site.endpoint)("cloudwatch")
    cloudwatch.set_alarm_state(AlarmName=ALARM, StateValue="OK", StateReason="The test is over")
    return run


@pytest.fixture(scope="module")
def continued(site: Site, alarmed: Run) -> tuple[Run, Run]:
    """A release that pauses and goes on, by a playbook that runs while the other one waits."""
    hooks = {"stack_services": {FIRST: {"deployment": {"lifecycle_hooks": [PAUSE]}}}}
    site.play(SITE, ENVIRONMENT, "--tags", "compute", **hooks).succeeded()
    return meanwhile(site, paused, lambda _s: site.play(APPROVE, ENVIRONMENT, decision="continue"), **third())


@pytest.fixture(scope="module")
def refused(site: Site, continued: tuple[Run, Run]) -> tuple[Run, Run]:
    """Another one that is taken back at its pause."""
    options = {"service": FIRST, "image_tag": TAGS[1]}
    return meanwhile(site, paused, lambda _s: site.play(APPROVE, ENVIRONMENT, decision="rollback"), **options)


def third() -> dict[str, str]:
    return {"service": FIRST, "image_tag": TAGS[2]}


@pytest.fixture(scope="module")
def named(site: Site, refused: tuple[Run, Run]) -> Run:
    """A rollback to a release by its tag; the pauses are gone."""
    site.play(SITE, ENVIRONMENT, "--tags", "compute").succeeded()
    return site.play(ROLLBACK, ENVIRONMENT, service=FIRST, release=TAGS[0])


def test_a_release_is_followed_by_stage_and_in_order(site: Site, released: Run) -> None:
    output = released.succeeded().output
    said = [f"stage 1 of 2: {FIRST}", f"{FIRST}: succeeded", f"stage 2 of 2: {SECOND}", f"{SECOND}: succeeded"]
    places = [output.index(each) for each in said]
    assert places == sorted(places)
    assert len(set(re.findall(rf"{FIRST}: ([A-Z_]+), \d+ % of requests on the new tasks", output))) > 1
    assert {Service(site, name).runs() for name in (FIRST, SECOND)} == {TAGS[0]}


def test_the_site_has_nothing_to_change_after_a_release(after_release: Run) -> None:
    assert IDLE in after_release.succeeded().output


def test_an_alarm_takes_a_release_back_and_ends_the_train(site: Site, alarmed: Run) -> None:
    assert alarmed.code != 0
    assert f"{FIRST}: in alarm: {ALARM}" in alarmed.output
    assert f"{FIRST}: rolled back: deployment ROLLBACK_SUCCESSFUL" in alarmed.output
    assert f"not begun: {SECOND}" in alarmed.output
    assert {Service(site, name).runs() for name in (FIRST, SECOND)} == {TAGS[0]}


def test_a_pause_is_continued_while_the_run_that_deploys_waits(continued: tuple[Run, Run]) -> None:
    run, approval = continued
    assert f"{FIRST}: continue" in approval.succeeded().output
    assert f"approve.yml -i inventories/prod -i inventories/embedded -e service={FIRST}" in run.succeeded().output


def test_a_pause_is_ended_by_a_rollback(site: Site, refused: tuple[Run, Run]) -> None:
    run, approval = refused
    assert f"{FIRST}: rollback" in approval.succeeded().output
    assert run.code != 0
    assert f"{FIRST}: rolled back" in run.output
    assert Service(site, FIRST).runs() == TAGS[2]


def test_a_release_is_rolled_back_to_by_name_and_the_site_leaves_it(site: Site, named: Run) -> None:
    named.succeeded()
    assert Service(site, FIRST).runs() == TAGS[0]
    assert IDLE in site.play(SITE, ENVIRONMENT, CHECK, "--tags", "compute").succeeded().output


def test_all_of_it_is_recorded(site: Site, named: Run) -> None:
    output = site.play(RELEASES, ENVIRONMENT, service=FIRST).succeeded().output
    rows = [line.split() for line in output.splitlines() if line.startswith(f"  {FIRST}")]
    assert [(row[-1], "rollback" in row) for row in rows] == [
        ("succeeded", True),
        ("back", False),
        ("succeeded", False),
        ("back", False),
        ("succeeded", False),
    ]


def test_a_deploy_waits_for_nobody_who_holds_the_lock(site: Site, named: Run) -> None:
    holding = Holding(site, ENVIRONMENT)
    holder = holding.locked()
    run = site.play(DEPLOY, ENVIRONMENT, **third())
    holding.done().status()
    assert run.code != 0
    assert f"is locked by {holder.user}" in run.output
    assert Service(site, FIRST).runs() == TAGS[0]
