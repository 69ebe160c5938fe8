# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The site's life in one account, stage by stage: each fixture is a stage and begins where the one before it ended.

C(pytest tests/site) takes a sample of the environments and layers; C(--everything) leaves none out.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ansible_collections.uex.payments.tests.site import account, damage
from ansible_collections.uex.payments.tests.site.playbook import BOOTSTRAP, CHECK, PRUNE, SITE, Run, Site, side_by_side
from ansible_collections.uex.payments.tests.site.witness import Deed, Witness, deed, witness
from ansible_collections.uex.payments.tests.support import everything
from ansible_collections.uex.payments.tests.support.playbooks import ROOT
from embedded_aws import launcher

BUILD = ROOT / "build" / "site"
#: The embedded AWS of the tests listens here and on the next two; two checkouts on one machine need ports of their own.
PORT = int(os.environ.get("SITE_PORT", "5578"))
OTHER_PORT = PORT + 1
DIAGNOSIS_PORT = PORT + 2
ENVIRONMENTS = ("dev", "staging", "prod")
LAYERS = ("foundation", "network", "data", "registry", "edge", "compute", "monitoring")
#: The sample: the environments that differ most and, of the smaller one, the most intricate layer; the scenarios of
#: molecule run each.
SAMPLE = ("dev", "prod")
SAMPLED = SAMPLE[0]
SAMPLED_LAYERS = ("compute",)
#: The seventh service, as an inventory describes it.
SEVENTH = "ledger"
SEVENTH_ENTRY = {"stack_services": {SEVENTH: {"port": 3904, "path": f"/{SEVENTH}", "priority": 70}}}

#: How many of the losses and drifts a sample has.
LOST, DRIFTED = 6, 8


pytest_addoption = everything.pytest_addoption
pytest_collection_modifyitems = everything.pytest_collection_modifyitems


def chosen(config: pytest.Config) -> tuple[str, ...]:
    return ENVIRONMENTS if config.getoption("--everything") else SAMPLE


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test with an argument C(environment) is for each of those that are deployed."""
    if "environment" in metafunc.fixturenames:
        metafunc.parametrize("environment", chosen(metafunc.config))


class Stage(NamedTuple):
    """Runs side by side by what they differ in, and what they called that may have changed something."""

    runs: dict[str, Run]
    mutations: list[str]


class Mended(NamedTuple):
    """What was done to an environment, and how it was brought back."""

    damages: list[str]
    witness: Witness


class Seventh(NamedTuple):
    """A service that came and went: the runs, and the account before, between and after."""

    adding: Deed
    pruning: Deed
    before: account.Names
    between: account.Names
    after: account.Names
    calls: int

    @property
    def added(self) -> Run:
        return self.adding.run

    @property
    def pruned(self) -> Run:
        return self.pruning.run


@pytest.fixture(scope="session")
def everything(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--everything"))


def emulated(folder: Path, port: int) -> Iterator[Site]:
    """An embedded AWS, empty and started by the first run; what an earlier or interrupted test left goes first."""
    site = Site(folder, port)
    site.end()
    shutil.rmtree(folder, ignore_errors=True)
    yield site
    assert site.end(), "the embedded AWS ended before the tests did: what they saw is not to be relied on"


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    yield from emulated(BUILD / "estate", PORT)


@pytest.fixture(scope="session")
def other_site() -> Iterator[Site]:
    yield from emulated(BUILD / "other", OTHER_PORT)


@pytest.fixture(scope="session")
def bootstrapped(other_site: Site) -> Site:
    """An account with what runs share and nothing else of this fixture's."""
    other_site.play(BOOTSTRAP, SAMPLED).succeeded()
    return other_site


def stage(site: Site, keys: tuple[str, ...], *arguments: str) -> Stage:
    """Run the site for each environment, and see what was called."""
    begun = len(site.calls())
    runs = side_by_side(lambda environment: site.play(SITE, environment, *arguments), keys)
    return Stage(runs, site.mutations(begun))


@pytest.fixture(scope="session")
def plans(site: Site, request: pytest.FixtureRequest) -> Stage:
    """The plans of the environments on an empty account."""
    launcher.start(site.port, site.directory)
    return stage(site, chosen(request.config), CHECK)


@pytest.fixture(scope="session")
def deeds(site: Site, plans: Stage) -> dict[str, Deed]:
    """The environments made, one after the other, in one account."""
    return {environment: deed(site, SITE, environment) for environment in plans.runs}


@pytest.fixture(scope="session")
def applies(deeds: dict[str, Deed]) -> dict[str, Run]:
    return {environment: each.run for environment, each in deeds.items()}


@pytest.fixture(scope="session")
def repeats(site: Site, applies: dict[str, Run]) -> Stage:
    return stage(site, tuple(applies))


@pytest.fixture(scope="session")
def layers(site: Site, repeats: Stage, everything: bool) -> Stage:
    """Each layer alone, of one environment."""
    begun = len(site.calls())
    chosen_layers = LAYERS if everything else SAMPLED_LAYERS
    runs = {layer: site.play(SITE, SAMPLED, "--tags", layer) for layer in chosen_layers}  # an environment has one lock
    return Stage(runs, site.mutations(begun))


@pytest.fixture(scope="session")
def mended(site: Site, layers: Stage) -> Mended:
    """An environment that somebody has been at, planned and brought back; what was done is drawn by C(SITE_SEED)."""
    chosen = damage.drawn(int(os.environ.get("SITE_SEED", "1")), LOST, DRIFTED)
    damage.do(chosen, account.connect(site.endpoint), f"uex-payments-{SAMPLED}")
    return Mended(chosen, witness(site, SAMPLED))


@pytest.fixture(scope="session")
def later_plans(site: Site, repeats: Stage, layers: Stage, request: pytest.FixtureRequest, everything: bool) -> Stage:
    """Plans of what stands; with everything after somebody has been at it, and it was brought back."""
    if everything:
        request.getfixturevalue("mended")
    return stage(site, tuple(repeats.runs) if everything else (SAMPLED,), CHECK)


@pytest.fixture(scope="session")
def seventh(site: Site, layers: Stage, later_plans: Stage) -> Seventh:
    """One entry more in an inventory, and its removal."""
    clients = account.connect(site.endpoint)
    before = account.names(clients)
    adding = deed(site, SITE, SAMPLED, **SEVENTH_ENTRY)
    between = account.names(clients)
    pruning = deed(site, PRUNE, SAMPLED)
    return Seventh(adding, pruning, before, between, account.names(clients), len(site.calls()))


@pytest.fixture(scope="session")
def after_seventh(site: Site, seventh: Seventh) -> Run:
    """An apply of the environment that the service has left."""
    return site.play(SITE, SAMPLED)
