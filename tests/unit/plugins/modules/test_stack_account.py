# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import boto3
import pytest

from ansible_collections.uex.payments.plugins.module_utils._account import account_problems, identity


def test_the_caller_s_account_and_partition_are_found(aws: None) -> None:
    assert identity(boto3.client) == {"account_id": "123456789012", "partition": "aws"}


@pytest.mark.parametrize(("wanted", "problems"), [("", 0), ("123456789012", 0), ("210987654321", 1)])
def test_another_account_is_refused_by_name(wanted: str, problems: int) -> None:
    found = account_problems(wanted, "123456789012")
    assert len(found) == problems
    assert all("account_id" in each and wanted in each for each in found)
