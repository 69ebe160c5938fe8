# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _ecr_registry as registry

OWN, PREFIX, SCOPE = "123456789012", "pay-dev/", "pay-dev/"


def filters(*names: str) -> list[dict[str, str]]:
    return [{"filter": name, "filterType": "WILDCARD"} for name in names]


def scanning(kind: str, **frequencies: tuple[str, ...]) -> dict[str, Any]:
    rules = [{"scanFrequency": each, "repositoryFilters": filters(*names)} for each, names in frequencies.items()]
    return {"scanType": kind, "rules": rules}


NONE = scanning("BASIC")
ENHANCED = {"scan_type": "ENHANCED", "scan_frequency": "CONTINUOUS_SCAN"}


@pytest.mark.parametrize(
    ("current", "rule", "expected"),
    [
        (NONE, ENHANCED, scanning("ENHANCED", CONTINUOUS_SCAN=("pay-dev/*",))),
        ({}, ENHANCED, scanning("ENHANCED", CONTINUOUS_SCAN=("pay-dev/*",))),
        (
            scanning("ENHANCED", CONTINUOUS_SCAN=("pay-prod/*",)),
            ENHANCED,
            scanning("ENHANCED", CONTINUOUS_SCAN=("pay-prod/*", "pay-dev/*")),
        ),
        (
            scanning("ENHANCED", CONTINUOUS_SCAN=("x",), SCAN_ON_PUSH=("pay-dev/*", "*")),
            ENHANCED,
            scanning("ENHANCED", CONTINUOUS_SCAN=("x", "pay-dev/*"), SCAN_ON_PUSH=("*",)),
        ),
        (
            scanning("BASIC", SCAN_ON_PUSH=("*",)),
            ENHANCED,
            scanning("ENHANCED", CONTINUOUS_SCAN=("pay-dev/*",), SCAN_ON_PUSH=("*",)),
        ),
        (scanning("ENHANCED", CONTINUOUS_SCAN=("pay-dev/*",)), None, NONE),
        (
            scanning("ENHANCED", CONTINUOUS_SCAN=("pay-dev/*", "pay-prod/*")),
            None,
            scanning("ENHANCED", CONTINUOUS_SCAN=("pay-prod/*",)),
        ),
        (NONE, None, NONE),
    ],
)
def test_others_rules_stay(current: dict[str, Any], rule: dict[str, str] | None, expected: dict[str, Any]) -> None:
    assert registry.with_scanning(current, PREFIX, rule) == expected


def test_our_rules_are_those_of_our_names() -> None:
    current = scanning(
        "ENHANCED", CONTINUOUS_SCAN=("pay-dev/*", "pay-prod/*", "*", "pay-dev"), SCAN_ON_PUSH=("pay-dev/a/*",)
    )
    assert registry.scanned(current, SCOPE, []) == {
        "pay-dev/": ENHANCED,
        "pay-dev/a/": {**ENHANCED, "scan_frequency": "SCAN_ON_PUSH"},
    }
    assert set(registry.scanned(current, "x/", ["pay-prod/"])) == {"pay-prod/"}


def replication(*rules: tuple[list[str], list[str]], account: str = OWN) -> dict[str, Any]:
    return {
        "rules": [
            {
                "destinations": [{"region": region, "registryId": account} for region in regions],
                "repositoryFilters": [{"filter": prefix, "filterType": "PREFIX_MATCH"} for prefix in prefixes],
            }
            for prefixes, regions in rules
        ]
    }


OTHERS = (["pay-prod/"], ["eu-west-1"]), ([], ["eu-west-2"]), (["a", "pay-dev/"], ["eu-west-3"])


def test_replication_is_added_changed_and_taken_away_beside_others() -> None:
    current = replication(*OTHERS)
    made = registry.with_replication(current, OWN, PREFIX, ["us-west-2", "eu-west-1"])
    assert made == replication(*OTHERS, (["pay-dev/"], ["eu-west-1", "us-west-2"]))
    changed = registry.with_replication(made, OWN, PREFIX, ["us-west-2"])
    assert changed == replication(*OTHERS, (["pay-dev/"], ["us-west-2"]))
    assert registry.with_replication(changed, OWN, PREFIX, []) == current


def test_replication_is_shown_by_the_names_it_is_about() -> None:
    current = replication(*OTHERS, (["pay-dev/"], ["us-west-2", "eu-west-1"]))
    assert registry.replicated(current, OWN, SCOPE, []) == {"pay-dev/": {"regions": ["eu-west-1", "us-west-2"]}}
    elsewhere = replication((["pay-dev/"], ["us-west-2"]), account="210987654321")
    assert registry.replicated(elsewhere, OWN, SCOPE, []) == {"pay-dev/": {"regions": ["210987654321/us-west-2"]}}


@pytest.mark.parametrize(
    ("prefix", "right"),
    [
        ("pay-dev/", True),
        ("pay-dev/a/", True),
        ("pay-dev", False),
        ("pay-dev/*", False),
        ("other/", False),
        ("/", False),
    ],
)
def test_a_prefix_is_ours_and_ends_with_a_slash(prefix: str, right: bool) -> None:
    assert (list(registry.prefix_problems(prefix, SCOPE)) == []) is right
