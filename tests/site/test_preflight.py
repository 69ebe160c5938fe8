# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a preflight says of production's own definition on an empty account, and that it changes nothing."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.tests.site.playbook import PREFLIGHT, Run, Site

SECRET = "PREFLIGHT-CANARY"
#: An address that nobody has, and one with a placeholder where a credential belongs.
GIVEN = {
    "data_uex_api_key": SECRET,
    "data_uex_api_secret": "<secret>",
    "monitoring_subscriptions_critical": [{"protocol": "email", "endpoint": "oncall@example.com"}],
}


class Look(NamedTuple):
    """A preflight, and what it called that may have changed something."""

    run: Run
    mutations: list[str]


@pytest.fixture(scope="module")
def look(other_site: Site) -> Look:
    begun = len(other_site.calls())
    run = other_site.play(PREFLIGHT, "prod", "-vvvv", **GIVEN).succeeded()
    return Look(run, other_site.mutations(begun))


@pytest.fixture(scope="module")
def rows(other_site: Site, look: Look) -> dict[str, dict[str, Any]]:
    document = json.loads((other_site.folder / "prod" / "preflight.json").read_text(encoding="utf-8"))
    assert document["environment"] == "prod"
    assert sum(document["summary"].values()) == len(document["checks"])
    return {each["name"]: each for each in document["checks"]}


def test_every_row_is_shown(look: Look, rows: dict[str, dict[str, Any]]) -> None:
    assert len(rows) > 40
    assert [name for name in rows if f" {name} " not in look.run.output] == []


def test_needs_come_from_the_inventory(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["Quota: Fargate vCPUs"]["found"] == "120 more needed, 0 in use, quota 6"
    assert "--quota-code L-3032A538 --desired-value 120" in rows["Quota: Fargate vCPUs"]["advice"]
    assert rows["Quota: Elastic IP addresses"]["found"] == "3 more needed, 0 in use, quota 5"
    assert rows["Quota: database storage, GB"]["found"].startswith("1,500 more needed")


def test_what_the_operator_brings_is_judged(rows: dict[str, dict[str, Any]]) -> None:
    states = {name: rows[name]["state"] for name in ("Alerts: critical", "Alerts: info", "UEX credentials", "Images")}
    assert states == {
        "Alerts: critical": "ok",
        "Alerts: info": "warning",
        "UEX credentials": "warning",
        "Images": "warning",
    }
    assert "data_uex_api_secret" in rows["UEX credentials"]["advice"]
    assert "data_uex_api_key" not in rows["UEX credentials"]["advice"]


def test_nothing_is_changed_and_there_is_no_plan(other_site: Site, look: Look) -> None:
    assert look.mutations == []
    assert look.run.changed == []
    assert not (other_site.folder / "prod" / "plan.json").exists()


def test_no_credential_is_shown_or_kept(other_site: Site, look: Look) -> None:
    kept = [file.read_text(encoding="utf-8") for file in (other_site.folder / "prod").iterdir()]
    assert [text for text in (look.run.output, *kept) if SECRET in text] == []
