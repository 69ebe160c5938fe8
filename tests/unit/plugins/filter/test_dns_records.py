# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.uex.payments.plugins.filter.dns_records import FilterModule


def test_names_come_first_and_the_zone_is_given() -> None:
    balancer = {"dns_name": "alb.elb.amazonaws.com", "canonical_hosted_zone_id": "Z"}
    (record,) = FilterModule().filters()["dns_records"](["pay.example.com"], "example.com", balancer, None, None)
    assert record["record_name"] == "pay.example.com"
