# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _remains, _s3_locks

ENDS = datetime.datetime(2026, 12, 26, 9, tzinfo=datetime.UTC)
ARN = "arn:aws:kms:us-east-1:123456789012:key/1d1903b5"
KEYS = [_remains.Key(ARN, "alias/x", "Data", ENDS), _remains.Key(f"{ARN}-other", "alias/y", "Logs", None)]
COMMAND = f"aws kms cancel-key-deletion --key-id {ARN}"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (ARN, (f"final snapshot; readable until its key ends, unless {COMMAND}", "2026-12-26")),
        ("1d1903b5", (f"final snapshot; readable until its key ends, unless {COMMAND}", "2026-12-26")),
        (f"{ARN}-other", ("final snapshot", None)),
        ("arn:aws:kms:us-east-1:123456789012:key/aws-own", ("final snapshot", None)),
        (None, ("final snapshot", None)),
    ],
)
def test_until_when_something_encrypted_can_be_read(key: str | None, expected: tuple[str, str | None]) -> None:
    assert _remains.readable("final snapshot", key, KEYS) == expected


@pytest.mark.parametrize(
    ("locked", "reason", "until"),
    [
        ([], "kept", None),
        ([ENDS, ENDS - datetime.timedelta(days=1)], "Object Lock keeps 2 of its versions", "2026-12-26"),
        ([ENDS, _s3_locks.FOREVER], "Object Lock keeps 2 of its versions", None),
    ],
)
def test_why_a_bucket_is_left(locked: list[datetime.datetime], reason: str, until: str | None) -> None:
    found = _remains.bucket("b", _s3_locks.Contents([], locked, 3 * 1024**3))
    assert found == _remains.Remnant("AWS::S3::Bucket", "b", reason, until, 3.0)


def test_the_table_has_a_row_for_each_with_its_cost_or_that_it_is_not_known() -> None:
    free = _remains.Remnant("AWS::KMS::Key", "alias/x", "its deletion is pending", "2026-12-26", monthly_cost=0.0)
    bills = _remains.Remnant("AWS::RDS::DBSnapshot", "final", "final snapshot", None, 50.0)
    lines = [line.split() for line in _remains.table([free._asdict(), bills._asdict()])]
    assert ["AWS::KMS::Key", "alias/x", "2026-12-26", "-", "0", "its", "deletion", "is", "pending"] in lines
    assert ["AWS::RDS::DBSnapshot", "final", "-", "50", "not", "known", "final", "snapshot"] in lines


def test_the_table_of_nothing_says_so() -> None:
    assert _remains.table([])[-1] == "Nothing of the environment is left in the account."
