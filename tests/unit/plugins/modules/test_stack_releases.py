# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _release
from ansible_collections.uex.payments.plugins.module_utils._state import Store
from ansible_collections.uex.payments.plugins.modules import stack_releases
from ansible_collections.uex.payments.tests.support import plugins

BUCKET = "uex-payments-state-123456789012-us-east-1"
OPTIONS: dict[str, Any] = {"services": ["api", "web"], "state_bucket": BUCKET, "state_prefix": "uex-payments/dev"}
ENTRY = {
    **{"id": "run-1", "kind": "deploy", "result": "succeeded", "image_tag": "1.1", "digest": "", "seconds": 9},
    **{"task_definition": "arn", "previous": None, "restores": None, "began": "2026-11-27T10:15:00Z"},
    "who": {"user": "ann", "host": "laptop", "arn": "arn"},
}


@pytest.fixture
def store(aws: None) -> Store:
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    found = Store(boto3.client, BUCKET, "uex-payments/dev")
    _release.keep(found, {"api": [ENTRY] * 3})
    return found


@pytest.mark.parametrize(("more", "rows"), [({}, 3), ({"count": 2}, 2), ({"service": ["web"]}, 0)])
def test_releases_are_listed(store: Store, more: dict[str, Any], rows: int) -> None:
    result = plugins.run_module(stack_releases, {**OPTIONS, **more})
    assert result["changed"] is False
    assert [line.split()[0] for line in result["table"]].count("api") == rows


@pytest.mark.parametrize(
    ("more", "said"), [({"count": 0}, "count: from 1 to 50"), ({"service": ["x"]}, "there is no x; there are api, web")]
)
def test_wrong_input_is_refused(store: Store, more: dict[str, Any], said: str) -> None:
    assert said in plugins.run_module(stack_releases, {**OPTIONS, **more})["msg"]


def test_an_account_without_the_bucket_has_none(aws: None) -> None:
    result = plugins.run_module(stack_releases, OPTIONS)
    assert (result["releases"], result["table"][0][:23]) == ({}, "No release is recorded:")
    assert not plugins.run_module(stack_releases, {**OPTIONS, "state": "ended"})["changed"]


def test_the_end_of_the_services_is_noted_once(store: Store) -> None:
    checked = plugins.run_module(stack_releases, {**OPTIONS, "state": "ended"}, check_mode=True)
    assert checked["changed"]
    assert _release.current(boto3.client, store, "api")
    assert plugins.run_module(stack_releases, {**OPTIONS, "state": "ended"})["changed"]
    assert _release.current(boto3.client, store, "api") is None
    assert not plugins.run_module(stack_releases, {**OPTIONS, "state": "ended"})["changed"]
