# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a plan says, what an apply reports and what the calls did are the same, whatever the account holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.tests.site import account, damage, marks, traces
from ansible_collections.uex.payments.tests.site.conftest import (
    BUILD,
    ENVIRONMENTS,
    LAYERS,
    SEVENTH,
    Mended,
    Seventh,
    Stage,
    emulated,
)
from ansible_collections.uex.payments.tests.site.playbook import CHECK, COST, PRUNE, SITE, Action, Run, Site
from ansible_collections.uex.payments.tests.site.witness import Deed, Witness, disagreements, witness
from ansible_collections.uex.payments.tests.support import playbooks
from ansible_collections.uex.payments.tests.support.emulator import free_port
from embedded_aws import launcher
from embedded_aws.extensions.chatbot import WORKSPACE

#: Another inventory: sizes, counts, one NAT gateway, interface endpoints, logs that are kept, a service more.
OTHER: dict[str, Any] = {
    "monitoring_log_archive_enabled": True,
    "network_nat_gateways": "single",
    "network_interface_endpoints": ["logs", "kms"],
    "network_flow_logs_retention_in_days": 30,
    "data_db_instance_class": "db.r5.large",
    "data_db_replica_count": 1,
    "data_redis_node_count": 2,
    "stack_services": {
        SEVENTH: {"port": 3904, "path": f"/{SEVENTH}", "priority": 70},
        "uex-backend": {"cpu": 2048, "memory": 8192},
    },
}
#: The same with that service under another name.
RENAMED_TO = "journal"
RENAMED: dict[str, Any] = {
    **OTHER,
    "stack_services": {
        **{name: each for name, each in OTHER["stack_services"].items() if name != SEVENTH},
        RENAMED_TO: {"port": 3905, "path": f"/{RENAMED_TO}", "priority": 80},
    },
}


def channels(environment: str) -> list[dict[str, str]]:
    """One that the environment tells; another environment of the account has another."""
    ids = {"team_id": WORKSPACE["SlackTeamId"], "channel_id": f"C{environment.upper()}"}
    return [{"name": "oncall", "application": "slack", **ids}]


#: How many calls have changed something when a run is killed: first within keys and network, then in the layers above.
KILLED_EARLY, KILLED_LATE = (20, 60), (60, 40)
#: Each mark comes about in one of the states at least.
MARKED_IN = {"starts a deployment": "another inventory", "interrupts": "another inventory", "needs reboot": "drifts"}


def revisions_of_lost_images(planned: set[Action]) -> set[Action]:
    """New revisions for images that went with their repository: as a sample, one is back with the repository itself."""
    lost = [name for kind, name, verb in planned if (kind, verb) == ("AWS::ECR::Repository", "create")]
    return {("AWS::ECS::TaskDefinition", name.replace("/", "-"), "update") for name in lost} & planned


def assert_agreement(planned: Run, deed: Deed) -> None:
    """All three say the same, and nothing is there twice."""
    planned.succeeded(), deed.run.succeeded()
    spared = revisions_of_lost_images(planned.planned) - deed.run.planned
    found = disagreements(planned=planned.planned - spared, reported=deed.run.planned, called=deed.called)
    assert found == []
    assert marks.planned(planned.plan) == deed.marks
    assert deed.doubled == []


# In every run of the tests


def test_an_apply_on_an_empty_account_calls_what_it_was_to_do(
    plans: Stage, deeds: dict[str, Deed], environment: str
) -> None:
    assert_agreement(plans.runs[environment], deeds[environment])


def test_a_plan_on_an_empty_account_costs_what_the_estimate_says(
    plans: Stage, environment: str, tmp_path: Path
) -> None:
    variables = ("-e", f"stack_build_directory={tmp_path}")
    inventories = ("-i", f"inventories/{environment}", "-i", "inventories/embedded")
    assert playbooks.run(Path(COST), *inventories, *variables).returncode == 0
    estimate = json.loads((tmp_path / environment / "cost.json").read_text(encoding="utf-8"))
    planned = plans.runs[environment]
    costs = [action["monthly_cost_change"] for action in planned.plan["actions"]]
    assert sum(cost or 0 for cost in costs) == pytest.approx(estimate["monthly_total_of_resources"], abs=0.005)
    priced = {(each["kind"], each["name"]): each["monthly"] for each in estimate["items"] if not each["by_use"]}
    planned_costs = {(each["kind"], each["name"]): each["monthly_cost_change"] for each in planned.plan["actions"]}
    assert {key: cost for key, cost in planned_costs.items() if cost != 0} == {
        k: c for k, c in priced.items() if c != 0
    }
    unknown = costs.count(None)
    total = f"Monthly cost change: {estimate['monthly_total_of_resources']:+,.2f} USD, {unknown} not known."
    assert total in planned.output
    assert unknown == sum(1 for each in estimate["unknowns"] if each["name"] != each["what"])


def test_an_apply_costs_what_its_plan_says(plans: Stage, deeds: dict[str, Deed], environment: str) -> None:
    said = [
        {(each["kind"], each["name"]): each["monthly_cost_change"] for each in run.plan["actions"]}
        for run in (plans.runs[environment], deeds[environment].run)
    ]
    assert said[0] == said[1]


def test_adding_and_pruning_call_what_they_report(seventh: Seventh) -> None:
    for deed in (seventh.adding, seventh.pruning):
        assert disagreements(reported=deed.run.succeeded().planned, called=deed.called) == []
        assert deed.doubled == []


# With --everything


@pytest.mark.everything
def test_what_somebody_did_is_planned_and_brought_back(mended: Mended, later_plans: Stage) -> None:
    assert mended.witness.mutations == []
    assert mended.witness.plan.planned, mended.damages
    assert_agreement(mended.witness.plan, mended.witness.deed)


class Life:
    """An environment in an account of its own, from state to state; each step is a plan and what followed it."""

    def __init__(self, site: Site, environment: str) -> None:
        self.site, self.environment = site, environment
        self.steps: dict[str, list[Witness]] = {}
        self.closing: dict[str, Run] = {}
        self.traces: dict[str, list[tuple[str, str]]] = {}

    def step(self, name: str, *arguments: str, **options: Any) -> Witness:
        done = witness(self.site, self.environment, *arguments, **options)
        self.steps.setdefault(name, []).append(done)
        return done

    def kill(self, after: Iterable[int]) -> None:
        """Runs that are killed after so many calls that changed something."""
        for mutations in after:
            self.site.interrupt(SITE, self.environment, lambda done, least=mutations: len(done) >= least)

    def close(self, name: str) -> None:
        """The plan that must have nothing left to say."""
        self.closing[name] = self.site.play(SITE, self.environment, CHECK)

    def look(self) -> None:
        """Where monitoring speaks of the old service, and of the new one."""
        clients = account.connect(self.site.endpoint)
        self.traces = {word: traces.of(clients, word) for word in (SEVENTH, RENAMED_TO)}

    def harm(self, names: list[str]) -> None:
        damage.do(names, account.connect(self.site.endpoint), f"uex-payments-{self.environment}")


def live(life: Life) -> Life:
    """All states, one after the other."""
    life.kill(KILLED_EARLY)
    life.step("a part", "--tags", "foundation,network")
    life.kill(KILLED_LATE)
    life.step("interrupted")
    life.close("interrupted")
    life.harm(list(damage.LOSSES))
    life.step("losses")
    life.close("losses")
    life.harm(list(damage.DRIFTS))
    for layer in LAYERS:
        life.step("drifts", "--tags", layer)
    life.close("drifts")
    told = {"monitoring_chat_channels": channels(life.environment)}
    life.step("another inventory", **OTHER, **told)
    life.step("renamed", **RENAMED, **told)
    life.step("pruned", playbook=PRUNE, **RENAMED, **told)
    life.look()
    life.step("pruned", playbook=PRUNE)
    life.step("the first inventory")
    life.close("the first inventory")
    return life


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def life(request: pytest.FixtureRequest) -> Iterator[Life]:
    for site in emulated(BUILD / f"life-{request.param}", free_port()):
        launcher.start(site.port, site.directory)
        yield live(Life(site, request.param))


STATES = ("a part", "interrupted", "losses", "drifts", "another inventory", "renamed", "pruned", "the first inventory")


@pytest.mark.everything
@pytest.mark.parametrize("state", STATES)
def test_plan_apply_and_calls_agree(life: Life, state: str) -> None:
    for step in life.steps[state]:
        assert step.mutations == []
        assert_agreement(step.plan, step.deed)
    assert [step for step in life.steps[state] if step.plan.planned], "nothing was to be done"


@pytest.mark.everything
@pytest.mark.parametrize("mark", MARKED_IN)
def test_every_mark_comes_about(life: Life, mark: str) -> None:
    assert mark in {each for step in life.steps[MARKED_IN[mark]] for _kind, _name, each in step.deed.marks}


@pytest.mark.everything
@pytest.mark.parametrize("state", ["interrupted", "losses", "drifts", "the first inventory"])
def test_nothing_is_left_to_do(life: Life, state: str) -> None:
    assert life.closing[state].succeeded().planned == set()


@pytest.mark.everything
def test_a_renamed_service_leaves_no_alarm_widget_or_query(life: Life) -> None:
    """Nor any filter, stream, rule or dimension; under its new name it has one of each."""
    assert life.traces[SEVENTH] == []
    assert {kind for kind, _name in life.traces[RENAMED_TO]} == {
        *("MetricAlarm", "CompositeAlarm", "dashboard", "query"),
        *("metric filter", "subscription filter", "delivery stream"),
    }
