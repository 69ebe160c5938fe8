# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.uex.payments.plugins.filter import lifecycle_rules

FILTER = lifecycle_rules.FilterModule().filters()["lifecycle_rules"]


def test_the_rules_of_an_inventory() -> None:
    rules = FILTER({"release-": 50}, "7", "30")
    assert [rule["description"] for rule in rules] == [
        "Untagged images go after 7 days",
        "The last 50 images with release-* stay",
        "The last 30 images stay",
    ]
    assert [rule["selection"]["countNumber"] for rule in rules] == [7, 50, 30]
