# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter import compute_items
from ansible_collections.uex.payments.plugins.module_utils import _compute, _services

FILTER = compute_items.FilterModule().filters()["compute_items"]
SERVICES = _services.service_list({"api": {"port": 1, "path": "/api", "priority": 1}}, {}, {}, "pay-dev")


def test_it_gives_the_items_of_a_kind() -> None:
    assert FILTER(SERVICES, "names") == [{"name": "pay-dev-api"}]


def test_its_kinds_are_documented() -> None:
    documented = yaml.safe_load(compute_items.DOCUMENTATION)["options"]["kind"]["choices"]
    assert documented == list(_compute.KINDS)


@pytest.mark.parametrize(("kind", "message"), [("tasks", "no kind tasks"), ("task_definitions", "no secret database")])
def test_what_is_wrong_is_said_by_the_filter(kind: str, message: str) -> None:
    context = {"name": "pay-dev", "partition": "aws", "account": "1", "region": "r", "environment": {}, "secrets": {}}
    context |= {"registry": "r", "pin_images": True, "cached": []}
    given = [{**SERVICES[0], "secrets": {"PASSWORD": "database:password"}}]
    with pytest.raises(AnsibleFilterError, match=f"compute_items: .*{message}"):
        FILTER(given, kind, context)
