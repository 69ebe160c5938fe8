# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter.estate_dashboard import FilterModule, estate_dashboard
from ansible_collections.uex.payments.tests.support.estate import ESTATE


def test_graphs_show_what_the_estate_has_in_its_region() -> None:
    graphs = [each["properties"] for each in estate_dashboard(ESTATE)["widgets"] if each["type"] == "metric"]
    titles = {graph["title"] for graph in graphs}
    assert {"Requests", "NAT port errors"} <= titles
    assert "Database CPU in %" not in titles
    assert {graph["region"] for graph in graphs} == {"us-east-1"}


def test_what_cannot_be_worked_out_names_the_filter() -> None:
    with pytest.raises(AnsibleFilterError, match="estate_dashboard: 'load_balancer'"):
        estate_dashboard({key: value for key, value in ESTATE.items() if key != "load_balancer"})


def test_it_is_registered() -> None:
    assert FilterModule().filters() == {"estate_dashboard": estate_dashboard}
