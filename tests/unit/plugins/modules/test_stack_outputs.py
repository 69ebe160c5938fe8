# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.modules import stack_outputs
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

OPTIONS: dict[str, Any] = {
    "name": "uex-payments-test",
    "tags": TAGS,
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
        }
    ],
}


def test_an_empty_account_offers_services_that_wait_for_their_images(aws: None) -> None:
    result = plugins.run_module(stack_outputs, OPTIONS)
    (service,) = result["outputs"]["services"]
    assert result["changed"] is False
    assert (service["url"], service["running"]) == ("https://pay.example.com/alpha/", 0)
    assert service["image"] == "waiting for uex-payments-test/alpha:1"
    assert result["outputs"]["resources"] == {}
    assert result["table"][-1].strip() == "Open the dashboard"


def test_what_is_there_is_counted(aws: None) -> None:
    tags = [{"Key": key, "Value": value} for key, value in TAGS.items()]
    Account().connect("sns").create_topic(Name="uex-payments-test-info", Tags=tags)
    found = plugins.run_module(stack_outputs, OPTIONS, check_mode=True)["outputs"]["resources"]
    assert found == {"AWS::SNS::Topic": 1}


def test_an_incomplete_service_is_refused(aws: None) -> None:
    result = plugins.run_module(stack_outputs, {**OPTIONS, "services": [{"name": "alpha"}]})
    assert result["failed"]
    assert "full_name" in result["msg"]
