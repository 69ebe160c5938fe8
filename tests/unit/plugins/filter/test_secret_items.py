# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter.secret_items import secret_items

OWN = {"Sid": "OwnAccountOnly", "Effect": "Deny"}
POLICY = {"Version": "2012-10-17", "Statement": [OWN]}
AUDITOR, EXECUTION = "arn:aws:iam::1:role/auditor", "arn:aws:iam::1:role/execution"


def items(**definitions: Any) -> list[dict[str, Any]]:
    return secret_items(definitions, "uex-payments-dev/", {"kms_key_id": "k"}, POLICY, [EXECUTION])


def test_each_gets_its_name_and_what_all_have_alike() -> None:
    assert items(redis={"description": "token"}) == [
        {"name": "uex-payments-dev/redis", "description": "token", "kms_key_id": "k", "resource_policy": POLICY}
    ]


def test_a_definition_has_the_last_word_and_null_leaves_a_secret_out() -> None:
    (item,) = items(redis={"kms_key_id": "other", "resource_policy": {}}, session=None)
    assert (item["kms_key_id"], item["resource_policy"]) == ("other", {})


def test_readers_keep_everybody_else_out_but_those_that_always_read() -> None:
    (item,) = items(audit={"readers": [AUDITOR]})
    own, only = item["resource_policy"]["Statement"]
    assert own == OWN
    assert (only["Effect"], only["Action"]) == ("Deny", "secretsmanager:GetSecretValue")
    assert only["Condition"]["ArnNotLike"] == {"aws:PrincipalArn": [AUDITOR, EXECUTION]}
    assert "readers" not in item


def test_without_readers_the_account_decides() -> None:
    (item,) = items(audit={"readers": []})
    assert item["resource_policy"] == POLICY


def test_what_is_no_dictionary_is_refused_without_its_value() -> None:
    with pytest.raises(AnsibleFilterError, match="audit") as refused:
        items(audit="canary")
    assert "canary" not in str(refused.value)
