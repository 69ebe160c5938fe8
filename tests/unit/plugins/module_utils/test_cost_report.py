# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _cost_report
from ansible_collections.uex.payments.plugins.module_utils._cost_report import About
from ansible_collections.uex.payments.plugins.plugin_utils import prices
from ansible_collections.uex.payments.tests.support import costs

ABOUT = About(
    environment="dev",
    name="uex-payments-dev",
    profile="plan",
    region="us-east-1",
    table=prices.table(),
    budget=70.0,
    stated=50.0,
    gate="warn",
)
RATES = costs.rates()
ESTATE = [
    {"layer": "network", "kind": "AWS::EC2::NatGateway", "resources": ["nat-a", "nat-b"]},
    {"layer": "compute", "kind": "AWS::ECS::Cluster", "resources": [{"name": "uex", "container_insights": "enabled"}]},
]
#: Two gateways with an address each; 20 GB through them, 10 GB of logs in and kept, 100 GB in buckets, 10 of images.
RESOURCES, USED = 73.00, 0.90 + 5.00 + 0.30 + 2.30 + 1.00
DOCUMENT = _cost_report.document(ABOUT, ESTATE, RATES)


def test_the_document_has_the_total_and_where_it_goes() -> None:
    assert DOCUMENT["monthly_total"] == pytest.approx(RESOURCES + USED)
    assert DOCUMENT["monthly_total_of_resources"] == RESOURCES
    assert DOCUMENT["by_layer"]["network"] == 73.90
    assert DOCUMENT["by_service"]["NAT gateways"] == 66.60
    assert DOCUMENT["prices"] == {"date": prices.table()["date"], "source": prices.table()["source"]}
    assert DOCUMENT["assumptions"] == dict(RATES.usage)
    assert {each["lever"] for each in DOCUMENT["levers"]} >= {"one_nat", "together"}
    assert DOCUMENT["free"]["AWS::EC2::VPC"] == "free"
    json.dumps(DOCUMENT, allow_nan=False)


def test_what_is_not_known_is_counted_and_not_nothing() -> None:
    assert DOCUMENT["unknown_count"] == len(DOCUMENT["unknowns"]) == 3
    (cluster,) = (each for each in DOCUMENT["items"] if each["kind"] == "AWS::ECS::Cluster")
    assert cluster["monthly"] is None
    assert "uex: Container Insights" in _cost_report.markdown(DOCUMENT)


def test_an_item_shows_its_arithmetic() -> None:
    item = DOCUMENT["items"][0]
    assert (item["name"], item["monthly"], item["by_use"]) == ("nat-a", 36.5, False)
    assert item["parts"][0] == {"what": "gateway", "quantity": 730, "unit": "h", "price": 0.045, "monthly": 32.85}


@pytest.mark.parametrize(
    ("budget", "above", "words"),
    [(70.0, 12.5, "12.50 above stack_budget_monthly of 70.00"), (82.5, 0.0, ""), (100.0, -17.5, ""), (0.0, None, "")],
)
def test_an_environment_above_its_budget_is_warned_of(budget: float, above: float | None, words: str) -> None:
    about = ABOUT._replace(budget=budget)
    assert _cost_report.budget(about, 82.50)["above"] == above
    warning = _cost_report.warning(about, 82.50)
    assert bool(warning) is bool(words)
    assert words in warning


def test_the_plan_s_figures_stand_beside_the_estimate() -> None:
    shown = {" ".join(line.split()) for line in _cost_report.lines(DOCUMENT)}
    assert {"stated in the plan 50.00", "stack_budget_monthly 70.00", "above the budget 12.50"} <= shown
    assert {"total, 3 not known 82.50", "resources, by being there 73.00", "use, as assumed 9.50"} <= shown


def test_without_a_budget_nothing_is_compared() -> None:
    found = _cost_report.document(ABOUT._replace(budget=0.0, stated=0.0), ESTATE, RATES)
    assert found["budget"] == {"monthly": None, "stated": None, "gate": "warn", "above": None}
    assert "budget" not in "\n".join(_cost_report.lines(found))


def test_screen_and_page_have_the_same_tables() -> None:
    page, screen = _cost_report.markdown(DOCUMENT), "\n".join(_cost_report.lines(DOCUMENT))
    for section in _cost_report.sections(DOCUMENT):
        assert f"## {section.title}" in page
        assert section.title in screen
        assert all(f"| {row[0]} | {row[1]} |" in page for row in section.rows)
