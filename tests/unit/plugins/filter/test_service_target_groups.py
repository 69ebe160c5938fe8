# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.uex.payments.plugins.filter.merge_services import merge_services
from ansible_collections.uex.payments.plugins.filter.service_target_groups import FilterModule


def test_complete_services_are_taken_as_they_are() -> None:
    services = merge_services({"api": {"port": 8080, "path": "/api", "priority": 10}}, stack_name="uex-payments-dev")
    (group,) = FilterModule().filters()["service_target_groups"](services, {"slow_start": 0})
    assert (group["name"], group["port"], group["slow_start"]) == ("uex-payments-dev-api", 8080, 0)
