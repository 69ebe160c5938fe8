# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.sns_topic import Topic
from ansible_collections.uex.payments.tests.support.contract import Connect, Contract


def sample(connect: Connect) -> dict[str, Any]:
    key = connect("kms").create_key()["KeyMetadata"]["Arn"]
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish"}],
    }
    return {
        "topics": [
            {
                "name": f"uex-payments-test-{name}",
                "display_name": "Payments",
                "kms_master_key_id": key,
                "policy": policy,
                "tags": None,
            }
            for name in ("critical", "info")
        ]
    }


CONTRACT = Contract(
    Topic, sample, change={"display_name": "Pager"}, unset=("display_name", "kms_master_key_id", "policy")
)


@pytest.mark.parametrize("name", ["", "with blank", "x" * 257, "with.dot"])
def test_a_name_that_aws_does_not_take_is_refused(name: str) -> None:
    assert [problem.partition(":")[0] for problem in Topic(lambda service: None, {}).validate({"name": name})] == [
        "name"
    ]
