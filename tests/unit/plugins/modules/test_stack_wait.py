# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _barrier
from ansible_collections.uex.payments.plugins.modules import stack_wait
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

OPTIONS = {"name": "uex-payments-test", "tags": TAGS}


@pytest.mark.parametrize("check_mode", [False, True])
def test_an_empty_account_has_nothing_to_wait_for(check_mode: bool, aws: None) -> None:
    result = plugins.run_module(stack_wait, OPTIONS, check_mode)
    assert (result["changed"], result["states"], result["db_instances"]) == (False, [], {})


def test_only_what_bears_the_environment_s_name_counts(aws: None) -> None:
    rds = Account().connect("rds")
    for name in ("uex-payments-test-db", "uex-payments-other-db"):
        rds.create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.t3.medium",
            Engine="postgres",
            AllocatedStorage=20,
            MasterUsername="payments",
            MasterUserPassword="only-for-the-test",
        )
    result = plugins.run_module(stack_wait, {**OPTIONS, "kinds": ["db_instances"]})
    (found,) = result["states"]
    assert (found["name"], found["kind"]) == ("uex-payments-test-db", "db_instances")
    assert found["state"] in (_barrier.READY, _barrier.PENDING)
    assert list(result["db_instances"]) == ["uex-payments-test-db"]


def test_an_unknown_kind_is_refused(aws: None) -> None:
    result = plugins.run_module(stack_wait, {**OPTIONS, "kinds": ["lambdas"]})
    assert result["failed"]
    assert "lambdas" in result["msg"]
