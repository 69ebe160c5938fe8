# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter.bucket_items import FilterModule, bucket_items

LOGS, BACKUPS = (f"uex-payments-dev-{what}-123456789012-eu-west-1" for what in ("alb-logs", "backups"))


def items(definitions: dict[str, Any]) -> list[dict[str, Any]]:
    return bucket_items(definitions, "uex-payments-dev", "aws-cn", "123456789012", "eu-west-1")


def test_buckets_get_full_names_and_keep_their_properties() -> None:
    made = items({"backups": {"versioning": "Enabled"}, "alb-logs": {}})
    assert [each["name"] for each in made] == [LOGS, BACKUPS]
    assert [each.get("versioning") for each in made] == [None, "Enabled"]
    assert all({"statements", "logs_to"}.isdisjoint(each) for each in made)


def test_every_bucket_refuses_requests_without_tls() -> None:
    (bucket,) = items({"backups": {"statements": None}})
    (statement,) = bucket["policy"]["Statement"]
    arn = f"arn:aws-cn:s3:::{BACKUPS}"
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Resource"] == [arn, f"{arn}/*"]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_own_statements_are_for_keys_of_the_bucket() -> None:
    (bucket,) = items({"backups": {"statements": [{"Sid": "Own", "Resource": ["a/*", "b"]}]}})
    own = bucket["policy"]["Statement"][1]
    assert own == {"Sid": "Own", "Resource": [f"arn:aws-cn:s3:::{BACKUPS}/a/*", f"arn:aws-cn:s3:::{BACKUPS}/b"]}


@pytest.mark.parametrize(
    ("logs_to", "logging"),
    [(None, {}), ("alb-logs", {"target_bucket": LOGS, "target_prefix": "s3-access/backups/"})],
)
def test_access_logs(logs_to: str | None, logging: dict[str, str]) -> None:
    made = items({"alb-logs": {}, "backups": {"logs_to": logs_to}})
    assert [each["logging"] for each in made] == [{}, logging]


def test_logs_go_to_a_bucket_that_is_defined() -> None:
    with pytest.raises(AnsibleFilterError, match="no bucket other is defined"):
        items({"backups": {"logs_to": "other"}})


def test_the_filter_has_its_name() -> None:
    assert FilterModule().filters() == {"bucket_items": bucket_items}


def test_a_bucket_may_have_a_name_that_aws_dictates_and_a_statement_on_itself() -> None:
    (bucket,) = items({"logs": {"named": "aws-x-uex", "statements": [{"Sid": "Own", "Resource": [""]}]}})
    assert bucket["name"] == "aws-x-uex-123456789012-eu-west-1"
    assert bucket["policy"]["Statement"][1]["Resource"] == [f"arn:aws-cn:s3:::{bucket['name']}"]
    assert "named" not in bucket
