# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _health, _health_published
from ansible_collections.uex.payments.plugins.module_utils._health import Row
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK

TOPIC = "uex-payments-dev-critical"


def document(state: str) -> dict[str, Any]:
    return _health.document("uex-payments-dev", "dev", [("paths", Row("Path", state, "500 in 3 ms"))], [FAILED], 1)


def test_nothing_is_told_unasked(aws: None) -> None:
    assert _health_published.publish(boto3.client, document(FAILED), False, "") == []


def test_the_metric_is_one_where_all_is_well(aws: None) -> None:
    for state, expected in ((OK, 1.0), (FAILED, 0.0)):
        points = {each["MetricName"]: each["Value"] for each in _health_published.data(document(state))}
        assert (points["Healthy"], points["Failed"]) == (expected, 1 - expected)
    _health_published.publish(boto3.client, document(OK), True, "")
    (listed,) = boto3.client("cloudwatch").list_metrics(Namespace="UEX/Health", MetricName="Healthy")["Metrics"]
    assert listed["Dimensions"] == [{"Name": "Environment", "Value": "dev"}]


def test_a_topic_is_told_what_is_not_well_and_nothing_else(aws: None) -> None:
    boto3.client("sns").create_topic(Name=TOPIC)
    assert _health_published.publish(boto3.client, document(OK), False, TOPIC) == []
    (told,) = _health_published.publish(boto3.client, document(FAILED), False, TOPIC)
    assert told.endswith(f" to {TOPIC}")
    sent = _health_published.message(document(FAILED))
    assert sent["Subject"] == "[uex-payments-dev] health: unhealthy"
    assert sent["Message"].endswith("failed: Path: 500 in 3 ms")


def test_a_topic_that_is_not_there_is_said(aws: None) -> None:
    with pytest.raises(ValueError, match="--tags monitoring"):
        _health_published.publish(boto3.client, document(FAILED), False, TOPIC)
