# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A client of the controller has what the play's tasks have, and the process's own environment stays as it is."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import trust_as_template

from ansible_collections.uex.payments.plugins.plugin_utils.session import Session, merged, of_task

KEYS = {"AWS_ACCESS_KEY_ID": "AKIAPLAY", "AWS_SECRET_ACCESS_KEY": "play"}
ENDPOINT = "http://127.0.0.1:1"


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    file = tmp_path / "credentials"
    file.write_text("[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n", encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the operator's shell says, which the play's environment overrides."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASHELL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "shell")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)


def access_key(session: Session) -> str:
    return str(session.client("dynamodb")._request_signer._credentials.access_key)


@pytest.mark.parametrize(
    ("options", "environment", "key"),
    [
        ({}, {}, "AKIASHELL"),
        ({}, KEYS, "AKIAPLAY"),
        ({}, {"AWS_PROFILE": "other", "AWS_SHARED_CREDENTIALS_FILE": "{file}"}, "AKIAOTHER"),
        ({"profile": "other"}, {"AWS_SHARED_CREDENTIALS_FILE": "{file}"}, "AKIAOTHER"),
        ({"profile": "other"}, {"AWS_SHARED_CREDENTIALS_FILE": "{file}", **KEYS}, "AKIAOTHER"),
        ({"profile": "other"}, {"AWS_SHARED_CREDENTIALS_FILE": "{file}", "AWS_ACCESS_KEY_ID": ""}, "AKIAOTHER"),
        ({}, {"AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": ""}, "AKIASHELL"),
    ],
)
def test_credentials_are_the_tasks(
    profiles: Path, options: dict[str, Any], environment: dict[str, str], key: str
) -> None:
    before = dict(os.environ)
    given = {name: value.format(file=profiles) for name, value in environment.items()}
    assert access_key(Session({"region": "eu-west-1", **options}, given)) == key
    assert dict(os.environ) == before


def test_region_and_endpoint_are_the_tasks() -> None:
    client = Session({"region": "eu-west-1", "endpoint_url": ENDPOINT}, {}).client("sts", read_timeout=3)
    assert (client.meta.region_name, client.meta.endpoint_url) == ("eu-west-1", ENDPOINT)
    assert client.meta.config.read_timeout == 3


def test_what_the_environment_says_besides_is_heeded() -> None:
    session = Session({}, {"AWS_CA_BUNDLE": "/ca.pem", "AWS_METADATA_SERVICE_TIMEOUT": "7", "LANG": "C"})
    assert session.settings() == {"ca_bundle": "/ca.pem", "metadata_service_timeout": 7}


def test_credentials_are_not_in_what_is_printed() -> None:
    assert "play" not in repr(Session({"region": "eu-west-1"}, KEYS))


def test_a_later_entry_wins() -> None:
    assert merged([{"a": 1, "b": 1}, None, {"a": 2}]) == {"a": 2, "b": 1}


def test_a_task_s_session_is_the_play_s_templates_worked_out() -> None:
    variables = {"region": "eu-west-1", "endpoint": "", "env": {"AWS_PROFILE": "p", "N": 1}, "table": "locks"}
    play = SimpleNamespace(
        get_variable_manager=lambda: SimpleNamespace(get_vars=lambda **_: variables), get_loader=DataLoader
    )

    def template(text: str) -> Any:
        return trust_as_template(f"{{{{ {text} }}}}")

    task = SimpleNamespace(
        module_defaults=[
            {"group/uex.payments.aws": {"region": template("region"), "endpoint_url": template("endpoint or omit")}},
            {"amazon.aws.kms_key": {"region": "elsewhere"}},
        ],
        environment=[template("env")],
        args={"table": template("table"), "expiry": 5},
    )
    session, arguments = of_task(play, None, task)
    assert session == Session({"region": "eu-west-1"}, {"AWS_PROFILE": "p", "N": "1"})
    assert arguments == {"table": "locks", "expiry": 5}
