# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whose tasks are older than a secret that they read."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils._secret_readers import stale

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:uex-payments-test/session-AbCdEf"
OTHER = f"{ARN[:-6]}second-AbCdEf"
NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def service(begun: datetime.datetime, *arns: str) -> dict[str, Any]:
    old = {"status": "ACTIVE", "createdAt": NOON - 9 * HOUR}
    return {"serviceName": "s", "arns": arns, "deployments": [old, {"status": "PRIMARY", "createdAt": begun}]}


@pytest.mark.parametrize(
    ("entry", "changed", "found"),
    [
        (service(NOON - HOUR, ARN), (), {"s": [ARN]}),
        (service(NOON - HOUR, f"{ARN}:key::"), (), {"s": [ARN]}),
        (service(NOON + HOUR, ARN), (), {}),
        (service(NOON + HOUR, ARN), (ARN,), {"s": [ARN]}),
        (service(NOON - HOUR, OTHER), (), {}),
        (service(NOON - HOUR), (), {}),
    ],
)
def test_tasks_that_were_started_before_the_value_are_stale(
    entry: dict[str, Any], changed: tuple[str, ...], found: dict[str, list[str]]
) -> None:
    assert stale([entry], {ARN: NOON}, changed) == found
