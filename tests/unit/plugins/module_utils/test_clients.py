# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A module's clients: one a service and region, of one session, with what amazon.aws's options say."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils._module import connector


def module(**params: Any) -> Any:
    return SimpleNamespace(params={"region": "eu-west-1", "access_key": "a", "secret_key": "b", **params})


def test_a_client_is_made_once_for_each_region() -> None:
    connect = connector(module())
    assert connect("sts") is connect("sts")
    assert connect("sts").meta.region_name == "eu-west-1"
    assert connect("sts", region="us-east-1").meta.region_name == "us-east-1"
    assert connect("sts").meta.config.retries["mode"] == "standard"


def test_another_address_takes_no_host_prefix() -> None:
    connect = connector(module(endpoint_url="http://127.0.0.1:1"))
    assert connect("sts").meta.endpoint_url == "http://127.0.0.1:1"
    assert connect("sts").meta.config.inject_host_prefix is False


def test_the_task_s_own_botocore_settings_come_last() -> None:
    connect = connector(module(aws_config={"connect_timeout": 7, "max_pool_connections": 3}))
    config = connect("sts").meta.config
    assert (config.connect_timeout, config.max_pool_connections) == (7, 3)


def test_a_profile_s_credentials_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    file.write_text("[other]\naws_access_key_id = from-profile\naws_secret_access_key = x\n", encoding="utf-8")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    connect = connector(module(profile="other", access_key=None, secret_key=None))
    assert connect("sts")._request_signer._credentials.access_key == "from-profile"
