# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""No secret, given or generated, appears in what a run prints, records or leaves behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.playbook import SITE, Run, Site

ENVIRONMENT = "canary"
GIVEN = {
    "data_uex_api_key": "canary-key-5d1c0a7e93",
    "data_uex_api_secret": "canary-secret-e2b94f61d8",
    "data_uex_api_referral_code": "canary-referral-07c3ad85b6",
}
#: Shorter texts, such as a user's name or a port, are no secrets.
SHORTEST_SECRET = 16
#: Generated in dev: a database's password, Redis's token and two keys.
LEAST_GENERATED = 4


class Leavings(NamedTuple):
    """A run that says all it can, the secrets that there are then, and the texts in which none may be."""

    run: Run
    secrets: list[str]
    texts: dict[str, str]


@pytest.fixture(scope="module")
def leavings(other_site: Site) -> Leavings:
    clients = account.connect(other_site.endpoint)
    run = other_site.play(SITE, "dev", "-vvvv", "--diff", stack_environment=ENVIRONMENT, **GIVEN)
    found = account.secret_texts(clients, f"uex-payments-{ENVIRONMENT}/")
    secrets = [text for text in found if len(text) >= SHORTEST_SECRET]
    return Leavings(run, secrets, {"output": run.output, **written(other_site.folder), **account.state(clients)})


def written(folder: Path) -> dict[str, str]:
    """Every file below the build directory but the variables that the test itself gave."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("variables-")]
    return {file.name: file.read_text(encoding="utf-8", errors="replace") for file in files}


def test_the_run_stores_what_is_looked_for(leavings: Leavings) -> None:
    leavings.run.succeeded()
    assert set(GIVEN.values()) < set(leavings.secrets)
    assert len(leavings.secrets) >= len(GIVEN) + LEAST_GENERATED
    assert {"output", "calls.jsonl", "server.log", "outputs.json", "outputs.env"} <= leavings.texts.keys()
    assert f"uex-payments/{ENVIRONMENT}/outputs.json" in leavings.texts
    assert "CreateSecret" in leavings.texts["calls.jsonl"]
    assert "uex.payments.data : Secrets" in leavings.texts["output"]


def test_no_secret_appears_anywhere(leavings: Leavings) -> None:
    shown = [
        (name, secret[:4])
        for name, text in leavings.texts.items()
        for secret in leavings.secrets
        if secret in text or json.dumps(secret)[1:-1] in text
    ]
    assert shown == []
