# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run refuses, and what it says: bad inventories before the first call, missing foundations, a taken port."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.tests.site.conftest import ENVIRONMENTS, SAMPLED
from ansible_collections.uex.payments.tests.site.playbook import SITE, VALIDATE, Run, Site, side_by_side
from ansible_collections.uex.payments.tests.support.emulator import free_port

#: Processor seconds; an idle machine takes less than 3, and other tests run beside this.
LONGEST_VALIDATION_SECONDS = 3.5
FAILED = 2


def service(**fields: Any) -> dict[str, Any]:
    """Variables with a seventh service that has these fields."""
    entry = {"port": 3904, "path": "/ledger", "priority": 70, **fields}
    return {"stack_services": {"ledger": entry}}


#: Variables that no environment can be made from, and what the refusal must name: the variable and the rule.
UNSOUND: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "ranges overlap": (
        {"network_subnet_cidr_blocks": {"app-a": "10.0.80.0/20"}},
        ("network_subnet_cidr_blocks", "app-a", "app-b", "overlap"),
    ),
    "no such Fargate size": (service(cpu=512, memory=8192), ("stack_services.ledger.cpu", "512", "8192")),
    "a port twice": (service(port=3903), ("stack_services.ledger.port", "3903", "uex-backend")),
    "a path twice": (service(path="/api/uex"), ("stack_services.ledger.path", "/api/uex", "uex-backend")),
    "a name too long": (
        {"stack_environment": "a-name-that-is-too-long"},
        ("stack_environment", "characters, AWS allows"),
    ),
    "failover of one node": (
        {"data_redis_node_count": 1, "data_redis_automatic_failover": True},
        ("data_redis_automatic_failover", "two nodes"),
    ),
    "no such variable": ({"network_nat_gatways": "single"}, ("network_nat_gatways", "network_nat_gateways")),
    "no such field of a service": (service(colour="red"), ("stack_services.ledger.colour", "no such field")),
    "no such subnet": (
        {"network_subnet_cidr_blocks": {"app-z": "10.0.200.0/24"}},
        ("network_subnet_cidr_blocks.app-z", "no such subnet"),
    ),
    "no such key of a dict": ({"monitoring_thresholds": {"db_cpus": 5}}, ("monitoring_thresholds", "db_cpus")),
}

#: Tried with a run of the site, too.
REFUSED_BY_THE_SITE = ("ranges overlap", "no such variable")


@pytest.fixture(scope="session")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site whose embedded AWS doesn't run: only a run that got past the inventory would start it."""
    return Site(tmp_path_factory.mktemp("nowhere"), free_port())


@pytest.fixture(scope="session")
def refusals(nowhere: Site) -> dict[tuple[str, str], Run]:
    """All unsound inventories; a run of the site refuses them by the same task, so a few of them do for it."""
    keys = [(VALIDATE, problem) for problem in UNSOUND] + [(SITE, problem) for problem in REFUSED_BY_THE_SITE]
    return side_by_side(lambda key: nowhere.play(key[0], SAMPLED, **UNSOUND[key[1]][0]), keys)


@pytest.mark.parametrize(
    ("playbook", "problem"),
    [(VALIDATE, problem) for problem in UNSOUND] + [(SITE, problem) for problem in REFUSED_BY_THE_SITE],
)
def test_an_unsound_inventory_is_refused_by_name_and_rule(
    refusals: dict[tuple[str, str], Run], playbook: str, problem: str
) -> None:
    run = refusals[playbook, problem]
    assert run.code == FAILED
    said = " ".join(run.output.split())
    assert "The inventory is not sound" in said
    assert [words for words in UNSOUND[problem][1] if words not in said] == []


def test_an_unsound_inventory_is_refused_before_anything_starts(
    refusals: dict[tuple[str, str], Run], nowhere: Site
) -> None:
    assert refusals
    assert not nowhere.directory.exists()
    assert {len(run.results) for run in refusals.values()} == {1}


def test_sound_inventories_are_checked_quickly_and_offline(nowhere: Site) -> None:
    runs = {environment: nowhere.play(VALIDATE, environment).succeeded() for environment in ENVIRONMENTS}
    assert min(run.seconds for run in runs.values()) < LONGEST_VALIDATION_SECONDS
    assert not nowhere.directory.exists()


def test_a_layer_without_its_foundations_is_refused_with_the_way_out(bootstrapped: Site) -> None:
    begun = len(bootstrapped.calls())
    run = bootstrapped.play(SITE, SAMPLED, "--tags", "compute")
    assert run.code == FAILED
    said = " ".join(run.output.split())
    for words in ("VPC uex-payments-dev-vpc", "KMS key data", "--tags foundation", "ansible-playbook site.yml"):
        assert words in said
    assert len(bootstrapped.calls()) > begun, "it asked AWS"
    assert bootstrapped.mutations(begun) == []


def test_a_port_of_another_program_is_named_with_the_variable_that_moves_it(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        run = Site(tmp_path, holder.getsockname()[1]).play(SITE, SAMPLED)
    assert run.code == FAILED
    assert "embedded_aws_port" in run.output
    assert "held by another program" in " ".join(run.output.split())
