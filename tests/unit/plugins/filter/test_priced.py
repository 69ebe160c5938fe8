# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.filter.priced import FilterModule

priced = FilterModule().filters()["priced"]


@pytest.mark.parametrize(
    ("kind", "resource", "becomes"),
    [
        ("AWS::CloudWatch::Alarm", {"name": "a", "metrics": [], "threshold": 5}, {"name": "a", "metrics": []}),
        ("AWS::CloudWatch::Alarm", {"name": "a", "threshold": 5}, {"name": "a"}),
        ("AWS::SNS::Topic", {"name": "a", "policy": {}}, {"name": "a"}),
        ("AWS::KMS::Key", "alias/a", "alias/a"),
        ("AWS::ECS::Service", {"name": "a", "cpu": 256}, {"name": "a", "cpu": 256}),
    ],
)
def test_a_resource_keeps_its_name_and_what_its_price_depends_on(kind: str, resource: Any, becomes: Any) -> None:
    row = {"layer": "monitoring", "kind": kind}
    assert priced([{**row, "resources": [resource]}]) == [{**row, "resources": [becomes]}]
