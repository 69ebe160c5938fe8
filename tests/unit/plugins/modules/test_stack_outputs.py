# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _outputs
from ansible_collections.uex.payments.plugins.modules import stack_outputs
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

BUCKET = "uex-payments-state-123456789012-us-east-1"
OPTIONS: dict[str, Any] = {
    "name": "uex-payments-test",
    "tags": TAGS,
    "account_id": "123456789012",
    "domain": "pay.example.com",
    "next_steps": ["Open the dashboard"],
    "services": [
        {
            "name": "alpha",
            "full_name": "uex-payments-test-alpha",
            "port": 8080,
            "path": "/alpha",
            "repository_name": "uex-payments-test/alpha",
            "image_tag": "1",
            "log_group": "uex-payments-test-alpha",
        }
    ],
}
KEPT = {"state_bucket": BUCKET, "state_prefix": "uex-payments/test"}


def test_an_empty_account_offers_services_that_wait_for_their_images(aws: None) -> None:
    result = plugins.run_module(stack_outputs, OPTIONS)
    assert (result["changed"], result["actions"]) == (False, [])
    assert result["outputs"]["services"]["alpha"]["url"] == "https://pay.example.com/alpha/"
    now = result["status"]["services"]["alpha"]
    assert now == {"running": 0, "desired": 0, "image": "waiting for uex-payments-test/alpha:1"}
    assert result["status"]["resources"] == {}
    assert result["table"][-1].strip() == "Open the dashboard"


def test_what_is_there_is_counted(aws: None) -> None:
    tags = [{"Key": key, "Value": value} for key, value in TAGS.items()]
    Account().connect("sns").create_topic(Name="uex-payments-test-info", Tags=tags)
    found = plugins.run_module(stack_outputs, OPTIONS, check_mode=True)["status"]["resources"]
    assert found == {"AWS::SNS::Topic": 1}


def test_an_incomplete_service_is_refused(aws: None) -> None:
    result = plugins.run_module(stack_outputs, {**OPTIONS, "services": [{"name": "alpha"}]})
    assert result["failed"]
    assert "full_name" in result["msg"]


@pytest.fixture
def bucket(aws: None) -> Any:
    client = Account().connect("s3")
    client.create_bucket(Bucket=BUCKET)
    return client


def keys(client: Any) -> list[str]:
    return [entry["Key"] for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_a_copy_is_kept_and_the_second_time_it_is_there(bucket: Any) -> None:
    first, second = (plugins.run_module(stack_outputs, {**OPTIONS, **KEPT}) for _time in range(2))
    assert (first["changed"], second["changed"]) == (True, False)
    body = bucket.get_object(Bucket=BUCKET, Key="uex-payments/test/outputs.json")["Body"].read().decode()
    assert body == _outputs.text(first["outputs"])


def test_a_check_keeps_no_copy(bucket: Any) -> None:
    result = plugins.run_module(stack_outputs, {**OPTIONS, **KEPT}, check_mode=True)
    assert (result["changed"], keys(bucket)) == (False, [])


def test_a_missing_bucket_is_an_error_that_says_what_makes_it(aws: None) -> None:
    result = plugins.run_module(stack_outputs, {**OPTIONS, **KEPT})
    assert result["failed"]
    assert BUCKET in result["msg"]
    assert "playbooks/bootstrap.yml" in result["msg"]
