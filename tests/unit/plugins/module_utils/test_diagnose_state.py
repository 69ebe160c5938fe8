# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _diagnose_state as state
from ansible_collections.uex.payments.tests.support.diagnosis import judged, wrong

BUCKET = {"name": "state", "exists": True, "encryption": "AES256", "versioning": "Enabled"}
HELD = {
    "owner": {"S": "b7a9"},
    "user": {"S": "me@laptop"},
    "pid": {"N": "7"},
    "what": {"S": "ansible-playbook site.yml"},
    "since": {"N": "1000"},
    "expires": {"N": "2000"},
    "fence": {"N": "3"},
}


def facts(**changed: Any) -> dict[str, Any]:
    found = {"state_bucket": BUCKET, "state_objects": 4, "lock_table": "ACTIVE", "lock": {"item": None, "now": 1500}}
    return {**found, **changed}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, {}),
        ({"state_bucket": {"name": "state", "exists": False}, "state_objects": None}, {"bucket": "broken"}),
        ({"state_bucket": {**BUCKET, "encryption": ""}}, {"bucket-encryption": "warning"}),
        ({"state_bucket": {**BUCKET, "versioning": "Suspended"}}, {"bucket-versioning": "warning"}),
        ({"lock_table": None, "lock": None}, {"lock-table": "broken"}),
        ({"lock_table": "CREATING"}, {"lock-table": "warning"}),
        ({"lock": {"item": HELD, "now": 1500}}, {"lock": "warning"}),
        ({"lock": {"item": HELD, "now": 2001}}, {"lock-stale": "warning"}),
    ],
)
def test_what_runs_share(changed: dict[str, Any], expected: dict[str, str]) -> None:
    assert wrong(state.SUBJECT, facts(**changed)) == expected


def test_a_stale_lock_is_told_with_its_holder_and_the_command_that_releases_it() -> None:
    (finding,) = [e for e in judged(state.SUBJECT, facts(lock={"item": HELD, "now": 9000})) if e.check == "lock-stale"]
    assert "me@laptop (process 7)" in finding.seen
    assert "ansible-playbook site.yml" in finding.evidence
    assert finding.command.endswith("playbooks/force_unlock.yml -i inventories/dev -e force_unlock=b7a9")
