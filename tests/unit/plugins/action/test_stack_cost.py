# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.tests.support import playbooks
from ansible_collections.uex.payments.tests.support.playbooks import Done

COST = Path("playbooks/cost.yml")
ENVIRONMENTS = ("dev", "staging", "prod")
PROFILES = ("plan", "lean")
#: No credentials anywhere, and whoever would call AWS all the same gets no answer.
NOBODY = {
    **dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"), ""),
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
}
#: Processor seconds that an estimate may take; an idle machine takes less than 3, and other tests run beside this.
LONGEST = 3.5
#: What the plan's shapes really cost, as worked out by hand from the public prices; ours counts what is really made.
TOTALS = {"dev": 444, "staging": 1115, "prod": 4720}
MOST = {"prod": 6880}
CLOSE = 0.05
#: The plan's own figures: stated, and what its table adds up to.
STATED = {"dev": (150, 190), "staging": (400, 444), "prod": (1200, 1247)}

#: Hours of a month; what a month of an interface, of an address and of a load balancer's capacity unit cost.
H = 730
ENDPOINT, IPV4, LCU = 0.01 * H, 0.005 * H, 0.008 * H
#: An hour of a vCPU and of a GB on x86 and on ARM.
VCPU, GB, ARM_VCPU, ARM_GB = 0.04048, 0.004445, 0.03238, 0.00356
#: The share of a week from Monday to Friday, 8 to 18 o'clock; what Spot takes off at least.
WORKING, SPOT = 50 / 168, 0.5
#: The hand's arithmetic by environment, profile and service; CloudWatch's alarms are counted elsewhere.
BY_HAND: Mapping[tuple[str, str], Mapping[str, float]] = {
    ("dev", "plan"): {
        "NAT gateways": 3 * 0.045 * H + 20 * 0.045,
        "Public IPv4 addresses": (3 + 3) * IPV4,
        "RDS": 0.072 * H + 50 * 0.115,
        "ElastiCache": 0.017 * H,
        "Fargate": 12 * (0.5 * VCPU + 1 * GB) * H,
        "Load balancing": 0.0225 * H + 0.1 * LCU,
        "Secrets Manager": 5 * 0.40,
        "KMS": 2 * 1.00,
        "S3": 100 * 0.023,
        "ECR": 10 * 0.10,
    },
    ("staging", "plan"): {
        "NAT gateways": 3 * 0.045 * H + 100 * 0.045,
        "Public IPv4 addresses": (3 + 3) * IPV4,
        "RDS": 2 * (0.145 * H + 100 * 0.115),
        "ElastiCache": 2 * 0.034 * H,
        "Fargate": 18 * (1 * VCPU + 2 * GB) * H,
        "Load balancing": 0.0225 * H + 0.5 * LCU,
        "Secrets Manager": 10 * 0.40,
        "KMS": 2 * 1.00,
        "S3": 500 * 0.023,
        "ECR": 20 * 0.10,
    },
    ("prod", "plan"): {
        "NAT gateways": 3 * 0.045 * H + 500 * 0.045,
        "Public IPv4 addresses": (3 + 3) * IPV4,
        "VPC endpoints": 6 * 3 * ENDPOINT,
        # the primary twice, as Multi-AZ is, and two replicas
        "RDS": 4 * (0.50 * H + 500 * 0.115),
        "ElastiCache": 3 * 0.216 * H,
        "Fargate": 30 * (2 * VCPU + 4 * GB) * H,
        "Load balancing": 0.0225 * H + 5 * LCU,
        "Secrets Manager": 10 * 0.40,
        "KMS": 2 * 1.00,
        "S3": 1024 * 0.023,
        "ECR": 40 * 0.10,
    },
    ("dev", "lean"): {
        "NAT gateways": 0.045 * H + 20 * 0.045,
        "Public IPv4 addresses": (1 + 3) * IPV4,
        "RDS": 0.065 * H + 50 * 0.115,
        "ElastiCache": 0.8 * 0.016 * H,
        "Fargate": 12 * (0.5 * ARM_VCPU + 1 * ARM_GB) * H * WORKING * (1 - SPOT),
    },
    ("staging", "lean"): {
        "NAT gateways": 0.045 * H + 100 * 0.045,
        "Public IPv4 addresses": (1 + 3) * IPV4,
        "RDS": 2 * (0.129 * H + 50 * 0.115),
        "ElastiCache": 2 * 0.8 * 0.032 * H,
        "Fargate": 18 * (1 * ARM_VCPU + 2 * ARM_GB) * H * WORKING * (1 - SPOT),
    },
    ("prod", "lean"): {
        "NAT gateways": 0.045 * H + 500 * 0.045,
        "Public IPv4 addresses": (1 + 3) * IPV4,
        "VPC endpoints": 0,
        "RDS": 3 * (0.225 * H + 200 * 0.115),
        "ElastiCache": 3 * 0.8 * 0.065 * H,
        "Fargate": 12 * (1 * ARM_VCPU + 2 * ARM_GB) * H,
    },
}


class Estimate(NamedTuple):
    """A run of the playbook and the files that it left."""

    done: Done
    cost: dict[str, Any]
    page: str


@pytest.fixture(scope="module")
def estimates(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Estimate]:
    """Every environment in every profile."""
    found = {}
    for profile in PROFILES:
        folder = tmp_path_factory.mktemp(profile)
        for environment in ENVIRONMENTS:
            variables = ("-e", f"profile={profile}", "-e", f"stack_build_directory={folder}")
            done = playbooks.run(COST, "-i", f"inventories/{environment}", *variables, **NOBODY)
            assert done.returncode == 0, done.stdout + done.stderr
            files = folder / environment
            cost = json.loads((files / "cost.json").read_text(encoding="utf-8"))
            found[environment, profile] = Estimate(done, cost, (files / "cost.md").read_text(encoding="utf-8"))
    return found


Estimates = dict[tuple[str, str], Estimate]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_plan_s_shapes_cost_what_public_prices_say(estimates: Estimates, environment: str) -> None:
    cost = estimates[environment, "plan"].cost
    assert cost["monthly_total"] == pytest.approx(TOTALS[environment], rel=CLOSE)
    assert (cost["budget"]["stated"], cost["budget"]["monthly"]) == STATED[environment]
    assert cost["budget"]["above"] > 0


@pytest.mark.parametrize("environment", MOST)
def test_every_service_at_its_most_tasks_is_the_upper_end(estimates: Estimates, environment: str) -> None:
    cost = estimates[environment, "plan"].cost
    assert cost["monthly_total_at_max_count"] == pytest.approx(MOST[environment], rel=CLOSE)


@pytest.mark.parametrize(("key", "expected"), BY_HAND.items())
def test_each_service_costs_what_the_hand_works_out(
    estimates: Estimates, key: tuple[str, str], expected: Mapping[str, float]
) -> None:
    found = estimates[key].cost["by_service"]
    assert {name: found.get(name, 0) for name in expected} == pytest.approx(dict(expected), abs=0.02)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_alarms_are_counted_as_they_are_made(estimates: Estimates, environment: str) -> None:
    cost = estimates[environment, "plan"].cost
    alarms = [each for each in cost["items"] if each["kind"] == "AWS::CloudWatch::Alarm"]
    assert len(alarms) > 40
    metrics = sum(each["parts"][0]["quantity"] for each in alarms)
    assert sum(each["monthly"] for each in alarms) == pytest.approx(0.10 * metrics)
    # what is desired and what runs, of each service
    assert metrics >= len(alarms) + 6


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_lean_profile_is_within_the_budget(estimates: Estimates, environment: str) -> None:
    cost = estimates[environment, "lean"].cost
    assert cost["profile"] == "lean"
    assert 0 < cost["monthly_total"] < STATED[environment][1]
    assert cost["budget"]["above"] < 0


def test_what_an_estimate_says_adds_up(estimates: Estimates) -> None:
    for each in estimates.values():
        cost = each.cost
        for sums in (cost["by_layer"], cost["by_service"]):
            assert sum(sums.values()) == pytest.approx(cost["monthly_total"], abs=0.2)
        used = sum(item["monthly"] or 0 for item in cost["items"] if item["by_use"])
        assert cost["monthly_total_of_resources"] + used == pytest.approx(cost["monthly_total"])
        assert cost["unknown_count"] == len(cost["unknowns"]) > 0


def test_it_needs_no_credentials_and_little_time(estimates: Estimates) -> None:
    assert min(each.done.seconds for each in estimates.values()) < LONGEST


def test_it_is_shown_and_kept_as_a_page_too(estimates: Estimates) -> None:
    each = estimates["prod", "plan"]
    total = f"{each.cost['monthly_total']:,.2f}"
    assert total in each.done.stdout
    assert total in each.page
    assert "stack_budget_monthly" in each.page


def a_copy(folder: Path, **local: str) -> Path:
    """The inventory of dev with an operator's own values."""
    copied = Path(shutil.copytree(playbooks.ROOT / "inventories/dev", folder / "dev-inventory"))
    (copied / "group_vars/all/local.yml").write_text(json.dumps(local), encoding="utf-8")
    return copied


def test_an_operator_s_own_file_chooses_the_profile(tmp_path: Path) -> None:
    chosen = a_copy(tmp_path, stack_profile="lean")
    done = playbooks.run(COST, "-i", str(chosen), "-e", f"stack_build_directory={tmp_path}", **NOBODY)
    assert done.returncode == 0, done.stdout
    assert json.loads((tmp_path / "dev" / "cost.json").read_text(encoding="utf-8"))["profile"] == "lean"


def test_an_operator_s_own_value_that_the_profile_overrules_is_refused(tmp_path: Path) -> None:
    chosen = a_copy(tmp_path, stack_profile="lean", data_db_instance_class="db.t3.large")
    done = playbooks.run(COST, "-i", str(chosen), "-e", f"stack_build_directory={tmp_path}", **NOBODY)
    assert done.returncode != 0
    assert "data_db_instance_class: local.yml sets it in vain, as the group profile_lean sets it too" in done.stdout


def test_a_region_that_the_table_lacks_is_not_known(tmp_path: Path) -> None:
    variables = ("-e", "stack_region=eu-west-1", "-e", f"stack_build_directory={tmp_path}")
    done = playbooks.run(COST, "-i", "inventories/dev", *variables, **NOBODY)
    assert done.returncode == 0, done.stdout
    cost = json.loads((tmp_path / "dev" / "cost.json").read_text(encoding="utf-8"))
    assert cost["monthly_total"] == 0
    assert cost["unknown_count"] > 100
