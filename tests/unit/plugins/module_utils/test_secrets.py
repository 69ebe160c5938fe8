# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import base64
import json
import string
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _secrets


class Client:
    """Secrets Manager with one secret."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get_secret_value(self, SecretId: str) -> dict[str, Any]:
        return {"SecretString": self.text}


@pytest.mark.parametrize("punctuation", ["", "!#"])
def test_a_text_has_a_character_of_each_class(punctuation: str) -> None:
    for _time in range(20):
        text = _secrets.text(8, punctuation)
        assert len(text) == 8
        assert set(text) <= {*string.ascii_letters, *string.digits, *punctuation}
        classes = [string.ascii_lowercase, string.ascii_uppercase, string.digits, *filter(None, [punctuation])]
        assert all(set(text) & set(each) for each in classes)


def test_two_texts_differ() -> None:
    assert _secrets.text(40) != _secrets.text(40)


def test_bytes_are_encoded() -> None:
    rules = [{"key": kind, "length": 32, "encoding": kind} for kind in ("hex", "base64")]
    values = json.loads(_secrets.content({"generate": rules}) or "")
    assert len(bytes.fromhex(values["hex"])) == len(base64.b64decode(values["base64"])) == 32


@pytest.mark.parametrize(
    ("item", "content"),
    [
        ({}, None),
        ({"value": "text", "generate": None}, "text"),
        ({"value": {"a": 1}, "fixed": {"b": 2}}, '{"b": 2, "a": 1}'),
        ({"value": {}}, "{}"),
    ],
)
def test_content_is_what_is_declared(item: dict[str, Any], content: str | None) -> None:
    assert _secrets.content(item) == content


@pytest.mark.parametrize(
    "item",
    [
        {"value": ["hunter2"]},
        {"value": "hunter2", "fixed": {"a": 1}},
        {"value": {"a": "hunter2"}, "fixed": {"a": 1}},
        {"value": {"a": "hunter2"}, "generate": [{"key": "a", "length": 8}]},
        {"generate": [{"key": "a", "length": 7}]},
        {"generate": [{"key": "a", "length": 1025}]},
    ],
)
def test_problems_are_told_without_values(item: dict[str, Any]) -> None:
    (problem,) = _secrets.problems(item)
    assert problem.partition(":")[0] in ("value", "generate")
    assert "hunter2" not in problem


def test_a_sound_item_has_no_problems() -> None:
    item = {"value": {"a": "x"}, "fixed": {"b": 1}, "generate": [{"key": "c", "length": 8}]}
    assert list(_secrets.problems(item)) == []


def test_reading_takes_one_key() -> None:
    reference = {"secret_id": "database", "json_key": "password"}
    assert _secrets.read(Client('{"password": "x"}'), reference) == "x"


@pytest.mark.parametrize("text", ["hunter2", '{"other": "hunter2"}', '["hunter2"]'])
def test_an_unfit_secret_is_named_and_not_shown(text: str) -> None:
    with pytest.raises(LookupError, match="secret database is no JSON object with the key password") as refused:
        _secrets.read(Client(text), {"secret_id": "database", "json_key": "password"})
    assert "hunter2" not in str(refused.value)


def test_a_labelled_version_is_read_where_there_is_one(aws: None) -> None:
    client = boto3.client("secretsmanager")
    client.create_secret(Name="database", SecretString='{"password": "first"}')
    reference = {"secret_id": "database", "json_key": "password", "version_stage": "MASTER"}
    assert _secrets.read(client, reference) == "first"
    client.put_secret_value(SecretId="database", SecretString='{"password": "kept"}', VersionStages=["MASTER"])
    assert _secrets.read(client, reference) == "kept"
    assert _secrets.read(client, {**reference, "version_stage": None}) == "first"
